"""Killed, crowded out, damaged: a few trials of each fault.  `make faults` runs them all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TRIALS = Path(__file__).with_name("trials.py")

pytestmark = pytest.mark.linux


def trials(*options: str) -> str:
    run = subprocess.run(
        [sys.executable, str(TRIALS), *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
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
