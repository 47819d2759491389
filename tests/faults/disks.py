"""Disks that fill up, and one that may not be written to."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.__main__ import FAILED, main
from index.storage import publish
from tests.faults.children import Ended, Measure, forked, judged
from tests.faults.editions import EDITIONS, adding, articles, copied, examined, indexed
from tests.faults.grown import content_of, grown, merging, whole


def full_disks(levels: int) -> Measure:
    """An update with less and less room; then the room comes back."""
    name = f"disk full at {levels} levels"
    wrong: list[str] = []
    told = 0
    with indexed() as (source, index), small_disk(24) as disk:
        if disk is None:
            return Measure(name, "not measured: no small disk may be mounted here", True)
        trial = disk / "index"
        articles(source, EDITIONS[1])
        for level in fuller(disk, index, trial, levels):
            work = adding(source, trial)
            with level.filled():
                child = forked(work if level.number % 2 else unwarned(work))
            told += level.judge(child, wrong)
            wrong += examined(trial, source, child, EDITIONS[1], "some")
    return judged(f"{name} ({told} refused in one line)", wrong)


@dataclass(frozen=True, slots=True)
class Level:
    """One of the trials with less and less room: its number, the disk, and the bytes to fill."""

    number: int
    disk: Path
    fill: int

    @contextlib.contextmanager
    def filled(self) -> Iterator[None]:
        """While this lasts, the disk has only the room of this level."""
        filler = self.disk / "filler"
        try:
            with filler.open("wb") as stream:
                os.posix_fallocate(stream.fileno(), 0, self.fill)
            yield
        finally:
            filler.unlink(missing_ok=True)

    def judge(self, child: Ended, wrong: list[str]) -> bool:
        """Whether the work was refused in one clear line; any other failure is added to wrong."""
        clear = child.code == FAILED and "disk full: expected about" in child.out
        if child.code != 0 and (not clear or "Traceback" in child.out):
            wrong.append(f"level {self.number}: code {child.code}: {child.out[-300:]}")
        return clear


def fuller(disk: Path, index: Path, trial: Path, levels: int) -> Iterator[Level]:
    """The levels, from a disk that is full to one with ample room; the index is copied anew for
    each."""
    need = 4 * sum(f.stat().st_size for f in index.rglob("*") if f.is_file())
    for number in range(levels):
        copied(index, trial)
        yield Level(number, disk, shutil.disk_usage(disk).free - need * number // levels)


def unwarned(work: Callable[[], int]) -> Callable[[], int]:
    """The work without its look at the free room first, so that the writes themselves fail."""

    def unchecked() -> int:
        publish.require = lambda folder, needed: None
        return work()

    return unchecked


def full_disk_in_merges(levels: int) -> Measure:
    """A merge with less and less room, told of it before every second time: all articles are
    read meanwhile, and it is done when the room comes back."""
    name = f"disk full at {levels} levels of a merge"
    wrong: list[str] = []
    told = 0
    with grown() as index, small_disk(24) as disk:
        if disk is None:
            return Measure(name, "not measured: no small disk may be mounted here", True)
        content = content_of(index)
        trial = disk / "index"
        for level in fuller(disk, index, trial, levels):
            work = merging(trial)
            with level.filled():
                child = forked(unwarned(work) if level.number % 2 else work)
            told += level.judge(child, wrong)
            ended = forked(lambda: whole(trial, content))
            if ended.code:
                wrong.append(f"level {level.number}: {ended.out[-300:]}")
    return judged(f"{name} ({told} refused in one line)", wrong)


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A file system of its own in memory, or None where it may not be mounted."""
    with tempfile.TemporaryDirectory(prefix="faults-disk-") as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", name]
        if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
            yield None
            return
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def read_only_disk() -> Measure:
    """A server answers from a disk that it may not write to; the writer says why not."""
    name = "read-only disk"
    wrong: list[str] = []
    with indexed() as (source, index), small_disk(24) as disk:
        if disk is None:
            return Measure(name, "not measured: no small disk may be mounted here", True)
        trial = copied(index, disk / "index")
        articles(source, EDITIONS[1])
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for command in ("status", "list", "verify"):
            ended = forked(lambda c=command: main([c, "--index", str(trial)]))  # type: ignore[misc]
            if ended.code:
                wrong.append(f"{command}: {ended.out[-300:]}")
        ended = forked(adding(source, trial))
        if ended.code != FAILED or "Traceback" in ended.out or "expected to write" not in ended.out:
            wrong.append(ended.out[-300:])
    return judged(name, wrong)
