"""The page, really served in a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Served:
    """Where the page is, which process serves it, and where it would keep uploads."""

    address: str
    pid: int
    uploads: Path

    def memory(self) -> int:
        """Resident bytes of the process; needs Linux."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def serving(index: Path, uploads: Path, *options: str) -> Iterator[Served]:
    """Serves an index until the end of the block."""
    server = subprocess.Popen(
        [sys.executable, "ui.py", "--index", str(index), "--port", "0", *options],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "GRADIO_TEMP_DIR": str(uploads)},
    )  # fmt: skip
    try:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert found
        yield Served(found[0], server.pid, uploads)
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:  # it hangs, which a test has to tell by itself
            server.kill()
            server.wait()
            raise
