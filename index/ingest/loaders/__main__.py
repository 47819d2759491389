"""The child process that parses: one request a line on standard input, see ``sandbox.py``.

It imports a loader's libraries once, and then forks for each file: the fork has the
limits, and dies of them alone.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.item import Item
from index.ingest.memory import limit_memory

PROCESSOR = 3
"""Seconds of processor time for a file, or for a row of a table."""

CLOCK = 8
"""Seconds by the clock, for the same: a disk or a server that hangs takes no processor time."""

MAX_LOADER_BYTES = 1 << 30


def main() -> None:
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries print what they like
    for line in sys.stdin:
        request = json.loads(line)
        try:
            module = importlib.import_module(f"index.ingest.loaders.{request['module']}")
        except ImportError as error:
            what = f"the library for this format cannot be loaded ({error})"
            _send(out, {"error": what, "line": 0})
            _send(out, {"end": 0})
            continue
        pid = os.fork()
        if pid == 0:
            _parse(out, getattr(module, request["function"]), request["file"])
            os._exit(0)
        _, ended = os.waitpid(pid, 0)
        os.write(out, b"\n")  # after half a line of a parser that was killed
        _send(out, {"end": os.waitstatus_to_exitcode(ended)})


def _parse(out: int, loader: Callable[[File], Iterator[Item]], given: dict[str, Any]) -> None:
    file = File(**{**given, "path": Path(given["path"])})
    _limit()
    try:
        _budget()
        for item in loader(file):
            signal.setitimer(signal.ITIMER_REAL, 0)  # to wait for the reader is no fault
            if isinstance(item.found, str):
                _send(out, {"error": item.found, "line": item.line})
            else:
                told = {"doubt": item.doubt} if item.doubt else {}
                _send(out, {"article": asdict(item.found), "line": item.line, **told})
            _budget()
    except InputError as error:
        _send(out, {"error": str(error), "line": 0})
    except OSError as error:
        _send(out, {"error": f"cannot be read: {error.strerror or error}", "line": 0})
    except MemoryError:
        _send(
            out,
            {
                "error": f"it takes more than {MAX_LOADER_BYTES >> 20} MB of memory to read",
                "line": 0,
            },
        )
    except RecursionError:
        _send(out, {"error": "it is nested too deeply to be read", "line": 0})
    except Exception as error:  # whatever a parser raises, it is about this file
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        _send(out, {"error": f"the parser could not read it ({what})", "line": 0})


def _limit() -> None:
    """No more memory than agreed, no core dump, and no byte written to any file."""
    limit_memory(MAX_LOADER_BYTES)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


def _budget() -> None:
    """From here on, so much time until the next article; then a signal ends the process."""
    spent = math.ceil(sum(os.times()[:2]))
    resource.setrlimit(resource.RLIMIT_CPU, (spent + PROCESSOR, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, CLOCK)


def _send(out: int, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(out, data) :]


if __name__ == "__main__":
    main()
