"""Segments: some articles of the index, made once, hashed once and never written to again.

    INDEX/segments/NAME/segment.json     the sha256 of each file of it
    INDEX/segments/NAME/...              derive.py
    INDEX/checked.json                   which files were compared with their sha256, and what
                                         the system said of them then

A reader maps the files where they lie.  A file that is as the system said when it was compared
(its number, its length, when it was last changed) is not read again: whoever changes it later
changes this as well.  That a disk loses bits by itself is found by `verify`, which reads all.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding.tokens import TOKENS_FOLDER as TOKENS
from index.embedding.tokens import Tokens
from index.errors import IndexUnusable
from index.search import graph, vectors
from index.search.bm25 import POSTINGS_FOLDER as WORDS
from index.search.bm25 import Numbers, WordIndex
from index.search.catalog import Rows
from index.search.chroma_server import Remote
from index.search.columns import Outline
from index.search.graph import Graph
from index.search.vectors import VECTORS_FOLDER as VECTORS
from index.search.vectors import Matrix, Vectors, mapped
from index.storage.derive import BANDS, CATALOG, IDS, RANKS, SKETCHES
from index.storage.disk import files, sha256, write_private

SEGMENTS = "segments"
LISTING = "segment.json"
CHECKED = "checked.json"
CHROMA = "chroma"

_MAX_DEAD_IN_GRAPH = 500
"""Dead rows that a search of a graph passes over; with more of them all rows are compared."""

_MAX_DEAD_ON_SERVER = 200
"""Likewise of a collection on a server: Chroma Cloud gives 300 rows at most."""

REBUILD = "run: python -m index rebuild"


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment as a manifest names it.

    ``sha256`` is that of its list of files; the counts are of what it was made with, and
    ``dead`` the numbers of its articles that were removed or replaced since ``since``.
    """

    name: str
    sha256: str
    articles: int
    passages: int
    quotes: int
    dead: tuple[int, ...] = ()
    since: str = ""


class Checked:
    """What is known of files that were compared with their sha256 before."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._changed = folder, False
        self._known: dict[str, list[Any]] = {}
        with contextlib.suppress(OSError, ValueError, RecursionError):
            found = json.loads((folder / CHECKED).read_text(encoding="utf-8"))
            self._known = found if isinstance(found, dict) else {}

    def sha256(self, name: str, *, anew: bool = False) -> str:
        """The sha256 of a file of the index; read only if it was not, or has changed since,
        or if it is to be read ``anew``.  Raises OSError."""
        file = self._folder / name
        state = file.stat()
        seen = [state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns]
        known = self._known.get(name)
        if anew or not isinstance(known, list) or known[:-1] != seen:
            self._known[name] = known = [*seen, sha256(file)]
            self._changed = True
        return str(known[-1])

    def save(self) -> None:
        """Keep what was found, if this user may write there; nothing depends on it."""
        if not self._changed or not os.access(self._folder, os.W_OK):
            return
        there = {n: known for n, known in self._known.items() if (self._folder / n).exists()}
        aside = self._folder / f"{CHECKED}.{uuid.uuid4().hex[:8]}"
        try:
            write_private(aside, json.dumps(there))
            aside.replace(self._folder / CHECKED)
        except OSError:
            aside.unlink(missing_ok=True)


def require_listed_files(
    folder: Path, place: str, listed: Mapping[str, str], checked: Checked, *, anew: bool = False
) -> None:
    """Raise IndexUnusable unless a folder of the index has just these files, with these sha256."""
    there = set(files(folder / place))
    for name, expected in listed.items():
        file = folder / place / name
        if name not in there:
            raise IndexUnusable(f"{file} is missing; {REBUILD}")
        try:
            found = checked.sha256(f"{place}/{name}", anew=anew)
        except OSError as error:
            raise IndexUnusable(f"cannot read {file} ({error}); {REBUILD}") from error
        if found != expected:
            raise IndexUnusable(f"{file} differs from what was built; {REBUILD}")
    if extra := there - listed.keys():
        file = folder / place / min(extra)
        raise IndexUnusable(f"{file} is not part of the index; {REBUILD}")


def require_segment_as_made(
    folder: Path, listed: SegmentEntry, checked: Checked, *, anew: bool = False
) -> None:
    """Raise IndexUnusable unless all files of a segment are as they were made."""
    place = f"{SEGMENTS}/{listed.name}"
    try:
        if checked.sha256(f"{place}/{LISTING}", anew=anew) != listed.sha256:
            raise IndexUnusable(
                f"{folder / place / LISTING} differs from what was built; {REBUILD}"
            )
        files_of = json.loads((folder / place / LISTING).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise IndexUnusable(
            f"cannot read the segment {folder / place} ({error}); {REBUILD}"
        ) from error
    require_listed_files(folder, place, {**files_of, LISTING: listed.sha256}, checked, anew=anew)


class Segment:
    """A segment, opened for reading, for as long as one of its holders needs it."""

    def __init__(self, folder: Path, listed: SegmentEntry) -> None:
        """``folder`` is that of the index; the files were compared before."""
        self.name = listed.name
        self.folder = folder / SEGMENTS / listed.name
        self.words = WordIndex(self.folder / WORDS)
        self.vectors = Vectors(self.folder / VECTORS)
        self.tokens = Tokens(self.folder / TOKENS)
        self.ids: NDArray[np.bytes_] = mapped(self.folder / IDS)
        self.ranks: Numbers = mapped(self.folder / RANKS)
        self._graphs: dict[str, Graph | None] = {}
        self._holders, self._lock = 0, threading.Lock()

    def graph(self, name: str) -> Graph | None:
        """The graph of the passages or quotes, mapped when it is first asked for; None if all
        of them are compared."""
        with self._lock:
            if name not in self._graphs:
                self._graphs[name] = graph.open_graph(self.folder, name)
            return self._graphs[name]

    def hold(self) -> Segment:
        with self._lock:
            self._holders += 1
        return self

    def release(self) -> None:
        with self._lock:
            self._holders -= 1
            if not self._holders:
                self.vectors.close()
                self.tokens.close()


class Opened:
    """A segment as one generation has it: without its dead articles, with its registry."""

    def __init__(
        self, segment: Segment, dead: Sequence[int], registry: Path, remote: Remote | None = None
    ) -> None:
        self.segment, self.remote = segment.hold(), remote
        try:
            self.rows = Rows(segment.folder / CATALOG, registry, dead)
        except BaseException:
            segment.release()
            raise
        self.dead = tuple(dead)
        self.words = segment.words.without(dead)
        self.vectors, self.tokens = segment.vectors, segment.tokens
        self.ids, self.ranks = segment.ids, segment.ranks
        self._gone = np.zeros(len(self.ids), np.bool_)
        self._gone[list(dead)] = True
        outlets = dict(self.rows("SELECT outlet, number FROM main.outlets"))
        outline = Outline(segment.folder, functools.partial(_part_of, self.rows), outlets)
        self.outline = outline.without(self.live("quotes"))

    def live(self, collection: str) -> NDArray[np.bool_] | None:
        """Which passages or quotes are there; None if all of them are."""
        if not self.dead:
            return None
        of = self.words.passage_articles if collection == "passages" else self.words.quotes[:, 0]
        found: NDArray[np.bool_] = ~self._gone[of]
        return found

    def near(self, name: str, vector: Matrix, k: int) -> list[int] | None:
        """Rows among which the k nearest are: those that a Chroma server names, or those near in
        the graph; None if all rows are to be compared."""
        if len(self.vectors.codes[name]) <= vectors.MAX_EXACT_ROWS:
            return None
        live = self.live(name)
        gone = 0 if live is None else int(len(live) - live.sum())
        if self.remote is not None:
            return (
                None if gone > _MAX_DEAD_ON_SERVER else self.remote.nearest(name, vector, k + gone)
            )
        found = self.segment.graph(name)
        if found is None or gone > _MAX_DEAD_IN_GRAPH:
            return None
        return found.near(vector, k + gone)

    @property
    def sketches(self) -> NDArray[np.uint32]:
        """The sketch of each article, dead ones among them (near_duplicates.py)."""
        return mapped(self.segment.folder / SKETCHES)

    @property
    def bands(self) -> NDArray[np.void]:
        """The bands of these sketches, in order, with their articles (derive.BAND)."""
        return mapped(self.segment.folder / BANDS)

    def close(self) -> None:
        self.rows.close()
        self.segment.release()


def _part_of(rows: Rows, name: str) -> tuple[int, int]:
    """The first of a name's entries in the outline of a segment, and how many there are."""
    found = rows('SELECT "first", "count" FROM parts WHERE name = ?', (name,))
    return found[0] if found else (0, 0)
