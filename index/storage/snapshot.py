"""Generations: states of the index, one of them current.

    INDEX/articles.sqlite3            the truth (store.py)
    INDEX/CURRENT                     the name of the generation that readers open
    INDEX/generations/NAME/           manifest.json, registry.sqlite3
    INDEX/segments/NAME/              the segments that manifests name (segments.py)
    INDEX/writer.lock, writer.json    one writer, and who it is
    INDEX/writer.door                 held by the writer that is next

A generation is a manifest that names segments, says which of their articles are gone, and
has a registry of what no segment knows by itself (registry.py).  It is made in a folder with a
temporary name, synced and renamed; then the pointer is replaced in one step (publish.py).  A
reader maps the files where they are, once they were compared with the manifest; what the next
generation names as well stays open.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding.tokens_across import TokensAcross
from index.errors import LOG, IndexBusy, IndexUnusable, InputError
from index.search.across import OutlineAcross, VectorsAcross, WordsAcross
from index.search.catalog import Catalog
from index.search.chroma_server import Remote, Server
from index.search.vectors import Matrix
from index.settings import CLOUD, LOCAL, NONE, SCHEMA, Fingerprint, is_server, server_address
from index.storage.clock import now
from index.storage.disk import disk_errors, write_private
from index.storage.registry import REGISTRY_FILE as REGISTRY
from index.storage.segments import (
    REBUILD,
    SEGMENTS,
    Checked,
    Opened,
    Segment,
    SegmentEntry,
    require_listed_files,
    require_segment_as_made,
)

if TYPE_CHECKING:
    from filelock import BaseFileLock

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
GENERATIONS = "generations"


_GENERATION_NAME = re.compile(r"\d{8,}-[0-9a-f]{8}")
_TRIES = 10
"""Of a reader, whose generation may be replaced and removed while it is copied."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds.

    ``files`` maps each file beside the manifest to its sha256.  ``content`` is a digest of the
    articles and all that was found in them, vectors apart: equal for equal articles.
    ``made`` is when it was, ``taken`` when an article was last added, changed or removed.
    ``chroma`` is the server that has the vectors, "" if the folder has them, "none" if Chroma has
    not got them, and ``collections`` what their names on a server begin with.
    """

    revision: int
    fingerprint: Fingerprint
    counts: dict[str, int]
    content: str
    segments: tuple[SegmentEntry, ...]
    files: dict[str, str]
    made: str
    taken: str
    chroma: str = ""
    collections: str = ""


_LOCK_POLL_SECONDS = 0.2
"""Seconds until it looks again."""


@contextlib.contextmanager
def writing(folder: Path, wait: float = 0) -> Iterator[None]:
    """Hold the index for writing; the lock dies with its process.

    What a killed writer left behind is removed.  Another writer is waited for, which is logged.
    Raises IndexBusy, naming it, if it is still there after ``wait`` seconds; DiskError if the
    folder cannot be written to.
    """
    import filelock

    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Who waits longest stands in this door: who comes back at once does not pass by.
        door, lock = (
            filelock.FileLock(folder / f"writer.{name}", timeout=0, mode=0o600)
            for name in ("door", "lock")
        )
        note, until = folder / "writer.json", time.monotonic() + wait
        told: set[str] = set()
        _acquire(door, folder, until, told)
        try:
            _acquire(lock, folder, until, told)
        finally:
            door.release()
    try:
        with disk_errors(folder):
            write_private(note, json.dumps({"pid": os.getpid(), "since": now()}))
            remove_stale(folder)
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: BaseFileLock, folder: Path, until: float, told: set[str]) -> None:
    """Acquire a lock, and say of each writer that is waited for who it is, unless it was ``told``.

    Raises IndexBusy, naming the writer, at the time ``until``.
    """
    from filelock import Timeout

    while True:
        try:
            lock.acquire()
            return
        except Timeout as error:
            who = _writer(folder / "writer.json")
            if (left := until - time.monotonic()) <= 0:
                raise IndexBusy(f"{folder} is being written to{who}; wait, or stop it") from error
            if who not in told:
                LOG.warning(
                    "onrecord: %s is being written to%s; waiting, for %.0f s at most",
                    *(folder, who, left),
                )
                told.add(who)
            time.sleep(min(_LOCK_POLL_SECONDS, left))


def _writer(note: Path) -> str:
    try:
        who = json.loads(note.read_text())
        return f" by process {who['pid']} since {who['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return " by another process"


def remove_stale(folder: Path) -> None:
    """Remove every generation but the current one, and every segment that it does not name,
    half-made ones among them."""
    try:
        kept = current(folder)
        listed = read_manifest(folder / GENERATIONS / kept).segments if kept else ()
    except IndexUnusable:  # a damaged pointer: the next one that is published replaces all
        return
    for place_, names in ((GENERATIONS, {kept}), (SEGMENTS, {one.name for one in listed})):
        if (folder / place_).is_dir():
            for old in (folder / place_).iterdir():
                if old.name not in names:
                    shutil.rmtree(old)


def place(folder: Path, chroma: str) -> str:
    """Where Chroma is to have the vectors: a server, "" for the folder, or "none"; what is asked
    for, else as the current generation has it."""
    if chroma:
        return "" if chroma == LOCAL else chroma.rstrip("/")
    with contextlib.suppress(IndexUnusable):  # damaged: a server is asked for anew, or none
        if name := current(folder):
            return read_manifest(folder / GENERATIONS / name).chroma
    return ""


def current(folder: Path) -> str:
    """The name of the generation that is current, "" if there is none.

    Raises IndexUnusable if the pointer is damaged.
    """
    try:
        name = (folder / CURRENT).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise IndexUnusable(f"cannot read {folder / CURRENT} ({error}); {REBUILD}") from error
    if not _GENERATION_NAME.fullmatch(name):
        raise IndexUnusable(f"{folder / CURRENT} is damaged: it names no generation; {REBUILD}")
    return name


def read_manifest(generation: Path) -> Manifest:
    """The manifest of a generation; IndexUnusable if it is absent, damaged or of another schema."""
    try:
        row = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
        if (schema := row["fingerprint"]["schema"]) != SCHEMA:
            raise IndexUnusable(
                f"the index was made with schema {schema}, this version reads {SCHEMA}; {REBUILD}"
            )
        segments = tuple(
            SegmentEntry(**{**one, "dead": tuple(one["dead"])}) for one in row["segments"]
        )
        if not all(_GENERATION_NAME.fullmatch(segment.name) for segment in segments):
            raise ValueError("a segment with a foreign name")
        made = {"fingerprint": Fingerprint(**row["fingerprint"]), "segments": segments}
        manifest = Manifest(**{**row, **made})
        if manifest.chroma not in ("", CLOUD, NONE):
            server_address(manifest.chroma)
        return manifest
    except PermissionError as error:
        raise IndexUnusable(f"cannot read {generation} ({error.strerror}); {REBUILD}") from error
    except (InputError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexUnusable(f"{generation} is damaged: no readable manifest; {REBUILD}") from error


class Generation:
    """The current generation, compared and opened for reading."""

    def __init__(
        self,
        folder: Path,
        before: Generation | None = None,
        *,
        anew: bool = False,
        tell: bool = True,
    ) -> None:
        """``before``: one that is open, whose segments need not be opened again; ``anew``: read
        all files to compare them, whatever is known of them.

        A segment that is not as it was made is left out, and named unless ``tell`` says not to:
        the others answer.  Raises IndexUnusable if there is no generation, or nothing of it is
        as it was made.
        """
        for _ in range(_TRIES):
            self.name = current(folder)
            if not self.name:
                raise IndexUnusable(f"there is no index at {folder}; run: python -m index add PATH")
            try:
                self._open(folder, before, anew)
            except IndexUnusable:
                if current(folder) == self.name:
                    raise
            else:
                if self.lost and current(folder) != self.name:  # replaced while it was opened
                    self.close()
                    continue
                for line in self.lost if tell else ():
                    LOG.warning("onrecord: %s", line)
                return
        raise IndexUnusable(f"{folder} is replaced faster than it can be read; try again")

    def _open(self, folder: Path, before: Generation | None, anew: bool) -> None:
        source = folder / GENERATIONS / self.name
        self.manifest, checked = read_manifest(source), Checked(folder)
        place_ = f"{GENERATIONS}/{self.name}"
        itself = {MANIFEST: checked.sha256(f"{place_}/{MANIFEST}")}
        require_listed_files(folder, place_, {**self.manifest.files, **itself}, checked, anew=anew)
        self.lost: list[str] = []
        """What is wrong with the segments that are not read, a line each."""
        self.parts: list[Opened] = []
        server = Server(self.manifest.chroma) if is_server(self.manifest.chroma) else None
        held = {part.segment.name: part.segment for part in before.parts} if before else {}
        try:
            for listed in self.manifest.segments:
                try:
                    segment = None if anew else held.get(listed.name)
                    if segment is None:
                        require_segment_as_made(folder, listed, checked, anew=anew)
                        segment = Segment(folder, listed)
                    there = None
                    if server is not None:
                        there = Remote(server, self.prefix(segment.name), segment.vectors)
                    self.parts.append(Opened(segment, listed.dead, source / REGISTRY, there))
                except (IndexUnusable, OSError) as error:
                    self.lost.append(str(error))
            if self.lost and not self.parts:
                raise IndexUnusable(self.lost[0])
            checked.save()
            words = WordsAcross(self.parts)
            rows = [part.rows for part in self.parts]
            self.catalog = Catalog(source / REGISTRY, rows, words, self.parts)
        except BaseException:
            for part in self.parts:
                part.close()
            raise
        self.registry = source / REGISTRY
        self.vectors = VectorsAcross(self.parts, words)
        self.outline = OutlineAcross(self.parts, words, self.catalog.names_of)
        self.tokens = TokensAcross(self.parts, words, self.catalog.number_of)

    @functools.cached_property
    def newest(self) -> str:
        """The last date of publication, "" if none is known."""
        return self.catalog.dates()[1]

    def prefix(self, segment: str) -> str:
        """What the names of a segment's collections on a server begin with."""
        return f"{self.manifest.collections}-{segment}"

    def nearest(self, collection: str, vector: Matrix, k: int) -> list[int]:
        """Numbers of the k nearest passages or quotes by cosine similarity, nearest first.

        By comparing with all of them, or in large segments with those that a Chroma server
        names, if there is one.
        """
        return self.vectors.nearest(collection, vector, k)

    def close(self) -> None:
        self.catalog.close()
        for part in self.parts:
            part.segment.release()
