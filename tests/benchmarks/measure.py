"""Running a process and reading its time and memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

if sys.platform != "linux":
    sys.exit("what is measured here is read from /proc, which only Linux has: it needs Linux")

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent

OFFLINE = {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}

Figures = dict[str, float]

SELDOM = 20
"""To look at the memory of a dozen processes takes a part of a processor: of one in so many."""


def timed(
    *arguments: str, allowed: tuple[int, ...] = (0,), processors: int = 0, **extra: str
) -> tuple[float, float]:
    """Wall seconds and the peak of memory in MB of one run of this Python and its children.

    ``processors`` are how many it may use, all by default; ``extra`` are variables of its
    environment.
    """
    start = time.perf_counter()
    some = ",".join(map(str, sorted(os.sched_getaffinity(0))[: processors or None]))
    process = subprocess.Popen(
        ["taskset", "--cpu-list", some, sys.executable, *arguments],
        cwd=ROOT,
        env=_environment(extra),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak, ended, look = 0.0, 0, start
    while not ended:
        if (now := time.perf_counter()) >= look:
            peak = max(peak, resident(process.pid))
            look = now + max(0.05, SELDOM * (time.perf_counter() - now))
        time.sleep(0.01)
        ended, status = os.waitpid(process.pid, os.WNOHANG)
    took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        sys.exit(f"failed with exit code {process.returncode}: python {' '.join(arguments)}")
    return took, peak


def told(*arguments: str, **extra: str) -> Figures:
    """The JSON of the last line that a run of this Python prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=_environment(extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        sys.exit(f"failed with exit code {done.returncode}: python {' '.join(arguments)}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, **OFFLINE, "PYTHONPATH": path, **extra}


def resident(pid: int) -> float:
    """MB in the memory of a process and of all below it; pages that they share count once."""
    try:
        parts = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").split("Pss:")
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it has just ended
        return 0.0
    own = int(parts[1].split()[0]) / 1024 if len(parts) > 1 else 0.0
    return own + sum(resident(int(child)) for child in below)


def highest() -> float:
    """The most memory in MB that this process has had so far."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def medians(runs: Sequence[Mapping[str, float]]) -> Figures:
    return {name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]}


def json_lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
