"""An index that is added to, asked and taken from for minutes: nothing of it piles up.

Run by `make soak`.  The figures are printed.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from pathlib import Path

import pytest

from index.indexing.build import add, remove
from index.settings import Settings
from index.storage.disk import size
from rag import OnRecord

pytestmark = [pytest.mark.linux, pytest.mark.soak, pytest.mark.timeout(1800)]

MINUTES = 5.0
BATCH = 4


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_what_is_added_asked_and_removed_leaves_nothing_behind(tmp_path, monkeypatch, capsys):
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    settings, folder = Settings(tmp_path / "index"), tmp_path / "in"
    folder.mkdir()
    (folder / "kept.txt").write_text("Mayor Ana Ruiz told Deniz Kaya that the bridge was shut.")
    add([folder], settings)
    begun, turn = time.monotonic(), 0
    rows: list[tuple[float, dict[str, float]]] = []
    with OnRecord(settings) as bot:
        while (at := (time.monotonic() - begun) / 60) < MINUTES:
            turn += 1
            for n in range(BATCH):
                (folder / f"{turn}-{n}.txt").write_text(
                    f"Minister Pavel Orlov told Deniz Kaya that the tunnel would "
                    f"be dug.\n\n“It is number {turn * BATCH + n},” Orlov said. {'The hill is high. ' * 40}"
                )
            assert add([folder], settings).added == BATCH
            assert bot.answer("what did Pavel Orlov tell Deniz Kaya?").status == "answered"
            assert bot.answer("what did Ana Ruiz say?").status == "answered"
            names = [f"{turn}-{n}" for n in range(BATCH)]
            assert len(remove(names, settings).removed) == BATCH
            assert bot.answer("what did Pavel Orlov tell Deniz Kaya?").status == "no_answer"
            for name in names:
                (folder / f"{name}.txt").unlink()
            rows.append(
                (
                    at,
                    {
                        "files open": len(list(Path("/proc/self/fd").iterdir())),
                        "threads": threading.active_count(),
                        "private copies": len(list((tmp_path / "scratch").iterdir())),
                        "index bytes": size(settings.index),
                        "memory": resident(),
                    },
                )
            )
    assert list((tmp_path / "scratch").iterdir()) == []

    def median(what: str, low: float, high: float) -> float:
        return statistics.median(r[what] for at, r in rows if low <= at / MINUTES < high)

    grown = {what: (median(what, 0.2, 0.4), median(what, 0.8, 1.01)) for what in rows[0][1]}
    with capsys.disabled():
        print(f"\n{turn} turns of adding, asking and removing in {MINUTES:.0f} minutes")
        for what, (early, late) in grown.items():
            print(f"    {what:<15} {early:,.0f} in the second fifth, {late:,.0f} in the last")
    for what in ("files open", "threads", "private copies"):
        assert grown[what][1] <= grown[what][0], what
    assert grown["index bytes"][1] <= 1.02 * grown["index bytes"][0]
    assert grown["memory"][1] <= 1.05 * grown["memory"][0]
