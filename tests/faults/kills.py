"""kill -9 at random moments and at system calls, and system calls that the disk refuses."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.__main__ import FAILED
from tests.faults.children import SEED, Ended, Measure, forked, judged
from tests.faults.editions import (
    EDITIONS,
    adding,
    articles,
    copied,
    examined,
    indexed,
    mixed_editions,
)

TRACED = "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate,mkdir"
NO_STRACE = "not measured: strace is not installed"


def random_kills(count: int) -> Measure:
    """kill -9 at random moments of an update of every article."""
    random.seed(SEED)
    wrong: list[str] = []
    with indexed() as (source, index):
        articles(source, EDITIONS[1])
        trial = index.parent / "trial"
        whole = forked(adding(source, copied(index, trial)))
        assert whole.code == 0, whole.out
        for _ in range(count):
            copied(index, trial)
            child = forked(adding(source, trial), killed_after(random.uniform(0, whole.seconds)))
            wrong += examined(trial, source, child, EDITIONS[1], "some")
    return judged(f"kill -9 at {count} random moments", wrong)


def killed_after(seconds: float) -> Callable[[int], None]:
    def until(pid: int) -> None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)

    return until


def system_call_kills(of_ours: int | None, of_chroma: int) -> Measure:
    """kill -9 before each write, rename, sync or removal; ``None`` is every one of ours."""
    if not shutil.which("strace"):
        return Measure("kill -9 at writes, renames, syncs", NO_STRACE, True)
    wrong: list[str] = []
    with traced_update() as update:
        ours = [c for c in update.calls if "/chroma" not in c[2]]
        theirs = [c for c in update.calls if "/chroma" in c[2]]
        chosen = ours if of_ours is None else random.sample(ours, min(of_ours, len(ours)))
        chosen += random.sample(theirs, min(of_chroma, len(theirs)))
        killed = 0
        for call, number, _ in chosen:
            child = update.again(call, number, "signal=KILL")
            killed += child.code == -signal.SIGKILL
            wrong += update.wrong_after(call, number, child)
    of = f"{len(ours)} of our files, {len(theirs)} of Chroma's"
    return judged(f"kill -9 at {killed} writes, renames, syncs (of {of})", wrong)


def failing_disk(count: int) -> Measure:
    """A write or a sync that the disk refuses: told in one line, and nothing is lost."""
    name = "writes and syncs that fail (EIO)"
    if not shutil.which("strace"):
        return Measure(name, NO_STRACE, True)
    wrong: list[str] = []
    with traced_update() as update:
        calls = [c for c in update.calls if c[0] in ("pwrite64", "fsync", "fdatasync")]
        refused = 0
        for call, number, _ in random.sample(calls, min(count, len(calls))):
            child = update.again(call, number, "error=EIO")
            refused += child.code == FAILED
            if child.code not in (0, FAILED) or "Traceback" in child.out:
                wrong.append(f"{call} {number}: code {child.code}: {child.out[-300:]}")
            wrong += update.wrong_after(call, number, child)
    return judged(f"{count} {name} ({refused} refused in one line)", wrong)


@dataclass(frozen=True)
class Update:
    """An update of three articles of eight, and the system calls that it makes."""

    source: Path
    index: Path
    calls: list[tuple[str, int, str]]

    @property
    def trial(self) -> Path:
        return self.index.parent / "trial"

    def again(self, call: str, number: int, fault: str) -> Ended:
        """The same update of a fresh copy, with a fault at one of its calls."""
        copied(self.index, self.trial)
        inject = f"-o /dev/null -e trace={call} -e inject={call}:{fault}:when={number}"
        return traced(adding(self.source, self.trial), inject)

    def wrong_after(self, call: str, number: int, child: Ended) -> list[str]:
        found = mixed_editions(self.trial, self.source, child)
        return [f"{call} {number}: {line}" for line in found]


@contextlib.contextmanager
def traced_update() -> Iterator[Update]:
    """The update, made once to see which calls there are."""
    random.seed(SEED)
    with indexed() as (source, index):
        articles(source, EDITIONS[1], 3)
        trial, log = copied(index, index.parent / "trial"), index.parent / "log"
        traced(adding(source, trial), f"-y -o {log} -e trace={TRACED}")
        yield Update(source, index, seen_calls(log, trial))


def traced(work: Callable[[], int], options: str) -> Ended:
    """Run work in a child under strace, which attaches before it begins."""

    def stopped() -> int:
        os.kill(os.getpid(), signal.SIGSTOP)
        return work()

    tracers: list[subprocess.Popen[str]] = []

    def attach(pid: int) -> None:
        os.waitpid(pid, os.WUNTRACED)
        command = ["strace", "-f", "-p", str(pid), *options.split()]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        tracers.append(tracer)
        os.kill(pid, signal.SIGCONT)

    ended = forked(stopped, attach)
    for tracer in tracers:
        tracer.communicate(timeout=60)
    return ended


def seen_calls(log: Path, index: Path) -> list[tuple[str, int, str]]:
    """The calls that changed the index: name, its number in its thread, and its line."""
    counts: dict[tuple[str, str], int] = {}
    found = []
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(\d+)\s+(\w+)\(", line)
        if not match:
            continue
        key = (match[1], match[2])
        counts[key] = counts.get(key, 0) + 1
        if str(index) in line:
            found.append((match[2], counts[key], line))
    return found
