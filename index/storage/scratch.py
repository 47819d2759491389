"""Private folders that do not outlive their process, even one that is killed.

A process holds a lock on a file in its folder for as long as it lives; whoever makes
the next folder removes those that nobody holds.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
import weakref
from pathlib import Path

from index.storage.disk import temporary

_PREFIX = "onrecord-"
_LOCK_FILE = "in-use"
_GRACE = 3600
"""Seconds that a folder without its lock file is left alone: it is just being made."""


class Scratch:
    """A new folder for its owner alone, gone at ``close``, at exit, or when next swept."""

    def __init__(self, parent: Path | None = None) -> None:
        """``parent``: where it is made, the folder for temporary files unless given."""
        sweep(parent)
        with temporary(parent):
            self._folder = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent)
            self.path = Path(self._folder.name)
            new = self.path / f"{_LOCK_FILE}.new"
            handle = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)
        self._release = weakref.finalize(self, os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_EX)
        new.rename(self.path / _LOCK_FILE)  # under this name it is locked from the first moment

    def close(self) -> None:
        self._folder.cleanup()
        self._release()


def sweep(parent: Path | None = None) -> None:
    """Remove the folders of processes that are gone."""
    for folder in (parent or Path(tempfile.gettempdir())).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another process's, or just removed by another
            if folder.lstat().st_uid == os.getuid() and _abandoned(folder):
                shutil.rmtree(folder)


def _abandoned(folder: Path) -> bool:
    try:
        handle = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return folder.stat().st_mtime < time.time() - _GRACE
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
