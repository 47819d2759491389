"""The files that visitors upload: each for its visitor alone, for some minutes.

A visitor gets a name for a file that nobody guesses, and no path; only with that name, and
the cookie it was given to, does an event get the file.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from fastapi import Request

from index.storage.disk import FULL
from index.storage.scratch import Scratch
from page.server.requests import Gone, Receive, Refused, Scope, TooLarge, TooSlow

LIFE = 300.0
"""Seconds that a file waits to be added."""

QUEUED_FILE_SECONDS = 3600.0
"""Seconds that a file is kept whose adding was asked for: others may be before it."""

TOTAL = 200_000_000
"""Bytes of all files that wait."""

SHARE = 100_000_000
"""Bytes of the files of one visitor that wait."""

MAX_FILES_PER_REQUEST = 200
"""Files of one request; the page sends more of them in several."""

MAX_WAITING_FILES = 2000
"""Files that wait, of all visitors together."""

LOOK = 15.0
"""Seconds between two looks for what nobody added."""

_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\ud800-\udfff]")


@dataclass(slots=True)
class _Upload:
    """A file that waits; ``until`` is when it goes."""

    visitor: str
    file: Path
    size: int
    until: float


class Uploads:
    """The files that wait, in a folder that is gone with the process."""

    def __init__(self, parent: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """``parent``: the folder below which a component of the page may read."""
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._scratch = Scratch(parent)
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, _Upload] = {}
        self._coming: dict[str, int] = {}

    def start(self) -> None:
        """Look every some seconds for what was never added, for as long as the process is."""

        def look() -> None:
            while True:
                time.sleep(LOOK)
                self.sweep()

        threading.Thread(target=look, daemon=True).start()

    async def received(
        self, scope: Scope, receive: Receive, visitor: str, length: int
    ) -> list[str]:
        """Keep the files of a request that says ``length``; gives what each is called.

        Raises Refused, and Gone, TooLarge, TooSlow as the body does.
        """
        self._reserve(visitor, length)
        try:
            files = await _uploaded_files(scope, receive)
            return await asyncio.to_thread(self._kept, files, visitor)
        finally:
            with self._lock:
                self._coming[visitor] -= length
                if not self._coming[visitor]:
                    del self._coming[visitor]

    def file(self, name: object, visitor: str) -> Path:
        """A file by the name that this visitor was given for it; it stays until its turn.

        Raises Refused for every other name.
        """
        with self._lock:
            found = self._held.get(name) if isinstance(name, str) else None
            if not found or not visitor or found.visitor != visitor or not found.file.is_file():
                raise Refused(
                    400, "expected a file that you uploaded in the last minutes; choose it again"
                )
            found.until = self._clock() + QUEUED_FILE_SECONDS
            return found.file

    def sweep(self) -> None:
        """Delete what was added or has waited for too long."""
        now = self._clock()
        with self._lock:
            over = [n for n, u in self._held.items() if u.until <= now or not u.file.exists()]
            gone = [self._held.pop(name) for name in over]
        for upload in gone:
            shutil.rmtree(upload.file.parent, ignore_errors=True)

    def _reserve(self, visitor: str, length: int) -> None:
        self.sweep()
        with self._lock:
            own = sum(u.size for u in self._held.values() if u.visitor == visitor)
            every = sum(u.size for u in self._held.values()) + sum(self._coming.values())
            if (
                own + self._coming.get(visitor, 0) + length > SHARE
                or every + length > TOTAL
                or len(self._held) >= MAX_WAITING_FILES
            ):
                raise Refused(
                    413,
                    f"expected at most {SHARE // 1_000_000} MB of files that wait to be added; "
                    "add those first, or wait some minutes",
                )
            self._coming[visitor] = self._coming.get(visitor, 0) + length

    def _kept(self, files: list[tuple[str, IO[bytes]]], visitor: str) -> list[str]:
        names: list[str] = []
        try:
            for given, stream in files:
                folder = self._scratch.path / secrets.token_hex(16)
                folder.mkdir(mode=0o700)
                name = f"upload/{folder.name}/{_safe_file_name(given)}"
                upload = _Upload(visitor, folder / _safe_file_name(given), 0, self._clock() + LIFE)
                with self._lock:
                    self._held[name] = upload
                names.append(name)
                with upload.file.open("xb") as kept:
                    shutil.copyfileobj(stream, kept)
                    upload.size = kept.tell()
        except OSError as error:
            self._drop(names)
            raise _why_not_kept(error, "expected files with names that can be kept") from error
        return names

    def _drop(self, names: list[str]) -> None:
        with self._lock:
            dropped = [self._held.pop(name) for name in names]
        for upload in dropped:
            shutil.rmtree(upload.file.parent, ignore_errors=True)


async def _uploaded_files(scope: Scope, receive: Receive) -> list[tuple[str, IO[bytes]]]:
    """The files of a form, in files that have no name."""
    request: Any = Request(dict(scope), receive)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refused(415, "expected files as a form sends them")
    try:
        form = await request.form(max_files=MAX_FILES_PER_REQUEST, max_fields=0)
    except (Gone, TooLarge, TooSlow):
        raise
    except OSError as error:
        raise _why_not_kept(error, "expected files as a form sends them") from error
    except Exception as error:  # the parser has several kinds of them, all about the body
        raise Refused(400, "expected files as a form sends them") from error
    if not form:
        raise Refused(400, "expected files, found none")
    return [(value.filename or "", value.file) for _, value in form.multi_items()]


def _why_not_kept(error: OSError, expected: str) -> Refused:
    """Why files are not kept: a full disk, else what was expected of them."""
    if error.errno in FULL:
        return Refused(413, "the disk for uploads is full; free some and upload again")
    return Refused(400, expected)


def _safe_file_name(given: str) -> str:
    """A name that a file can have, its ending kept."""
    last = given.replace("\\", "/").rpartition("/")[2]
    name = _UNFIT.sub("", last).strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return _first_bytes(name, 120)
    return f"{_first_bytes(stem, 120) or 'file'}.{_first_bytes(ending, 20)}"


def _first_bytes(text: str, most: int) -> str:
    """As much of a text as fits into so many bytes."""
    return text.encode("utf-8")[:most].decode("utf-8", "ignore")
