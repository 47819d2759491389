"""Killed, crowded out, damaged: a few trials of each fault.  `make faults` runs them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import run_python

ROOT = Path(__file__).parent.parent.parent
TRIALS = Path(__file__).with_name("trials.py")

pytestmark = pytest.mark.linux


def trials(*options: str) -> str:
    run = run_python(TRIALS, *options, PYTHONPATH=str(ROOT))
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
    return run.stdout


def test_nothing_is_lost_and_nothing_half_made_is_read():
    """Kills, a full disk, a read-only one, two writers, readers meanwhile, flipped bits, a crowd,
    batches, forged files, odd texts, altered slices, every statement asked for in every way."""
    lines = [line for line in trials("--quick").splitlines() if line.startswith("kept")]
    assert len(lines) == 20


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_is_lost_in_all_the_trials():
    assert "MISSED" not in trials()
