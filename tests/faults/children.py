"""What every trial is made of: a child that may die, and a verdict."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

SEED = 20261124


@dataclass(frozen=True)
class Measure:
    """What was tried, what was found, and whether that is what was promised."""

    name: str
    found: str
    kept: bool


def judged(name: str, wrong: list[str]) -> Measure:
    return Measure(
        name, f"{len(wrong)} wrong" + "".join(f"\n    {w}" for w in wrong[:8]), not wrong
    )


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code (minus the signal), and what it printed."""

    code: int
    out: str
    seconds: float


def forked(work: Callable[[], object], until: Callable[[int], None] = lambda _: None) -> Ended:
    """Run ``work`` in a child; ``until`` gets its process id meanwhile, and may kill it."""
    with tempfile.TemporaryFile("w+b") as out:
        begun = time.monotonic()
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
                sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
                sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
                code = int(work() or 0)  # type: ignore[call-overload]
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        until(pid)
        _, wait = os.waitpid(pid, 0)
        out.seek(0)
        text = out.read().decode(errors="replace")
        return Ended(os.waitstatus_to_exitcode(wait), text, time.monotonic() - begun)
