"""Loaders at work in a child process, whose limits a bad file meets instead of ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.ingest.loaders import File, Loader
from index.types import Article

_ENDED = {
    -signal.SIGXCPU: "it takes too long to read: more than three seconds of processor time",
    -signal.SIGALRM: "it takes too long to read: more than eight seconds",
    -signal.SIGKILL: "it takes too long or too much memory to read",
    -signal.SIGSEGV: "its parser crashed",
}


class Sandbox:
    """The parsing child, started when it is first needed."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def items(self, loader: Loader, file: File) -> Iterator[tuple[int, Article | str, str]]:
        """Articles or refusals with their lines, 0 for a file that is one article, and with
        what is doubtful about an article, "" if nothing is.

        Take all of them: the next file's follow on the same pipe.
        """
        child = self._started()
        assert child.stdin is not None and child.stdout is not None
        given = {**asdict(file), "path": str(file.path)}
        request = {"module": loader.module, "function": loader.function, "file": given}
        last = 0
        try:
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
            for message in _messages(child.stdout):
                if "end" in message:
                    if message["end"]:
                        ended = _ENDED.get(message["end"], "its parser crashed")
                        yield (last + 1 if loader.rows else 0), ended + _rest(loader, last), ""
                    return
                last = message["line"]
                article = message.get("article")
                found = Article(**article) if article else message["error"]
                yield last, found, message.get("doubt", "")
        except BrokenPipeError:
            pass
        except GeneratorExit:
            self.close()
            raise
        self.close()
        yield last, "its parser crashed; add it again", ""

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            here = str(Path(__file__).parents[2])
            path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
            self._child = subprocess.Popen(
                [sys.executable, "-m", "index.ingest.loaders"],
                env={**os.environ, "PYTHONPATH": path},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child

    def close(self) -> None:
        if self._child is not None:
            assert self._child.stdin is not None and self._child.stdout is not None
            self._child.kill()
            self._child.wait()
            self._child.stdout.close()
            self._child.stdin.close()
            self._child = None


def _messages(stream: Any) -> Iterator[dict[str, Any]]:
    for line in stream:
        try:
            if line.strip():
                yield json.loads(line)
        except ValueError:  # half a line, of a parser that was killed while it wrote
            continue


def _rest(loader: Loader, last: int) -> str:
    return f"; nothing after line {last} was read" if loader.rows else ""
