"""Generations: whole, checked copies of the index, one of them current.

    INDEX/articles.sqlite3            the truth (store.py)
    INDEX/CURRENT                     the name of the generation that readers open
    INDEX/generations/NAME/           catalog.sqlite3, vectors/, tokens/, outline.npy, chroma/,
                                      manifest.json
    INDEX/writer.lock, writer.json    one writer, and who it is

Instead of chroma/ there may be two collections on a server (chroma_server.py), which the manifest
names.

A generation is made in a folder with a temporary name, checked, synced and renamed;
then the pointer is replaced in one step.  A reader copies the current generation to a
private folder, compares every file with the manifest, and only then opens it: no byte
that was not checked reaches Chroma, whose reader does not survive damaged files.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from index.embedding.tokens import TOKENS_FOLDER as TOKENS
from index.embedding.tokens import Tokens
from index.errors import IndexBusy, IndexUnusable, InputError, ServerUnusable
from index.search import chroma_server
from index.search.catalog import Catalog
from index.search.chroma import Collections, build
from index.search.columns import Outline
from index.search.vectors import COLLECTIONS, MAX_EXACT_ROWS, VECTORS_FOLDER, Matrix, Vectors
from index.settings import CLOUD, LOCAL, SCHEMA, Fingerprint, server_address
from index.storage import corrections
from index.storage.clock import now
from index.storage.derive import derive
from index.storage.disk import (
    copy_folder,
    disk_errors,
    files,
    require,
    settle,
    sha256,
    sync,
    write_private,
)
from index.storage.scratch import Scratch
from index.storage.store import Store

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
CATALOG = "catalog.sqlite3"
CHROMA_FOLDER = "chroma"
GENERATIONS = "generations"

REBUILD = "run: python -m index rebuild"

_log = logging.getLogger("onrecord")

_GENERATION_NAME = re.compile(r"\d{8,}-[0-9a-f]{8}")
_TRIES = 10
"""Of a reader, whose generation may be replaced and removed while it is copied."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds.

    ``files`` maps each relative path to its sha256.  ``content`` is a digest of the
    articles and all that was found in them, vectors apart: equal for equal articles.
    ``chroma`` is the server that has the vectors, "" if the folder has them, and
    ``collections`` what their names there begin with.
    """

    revision: int
    fingerprint: Fingerprint
    counts: dict[str, int]
    content: str
    files: dict[str, str]
    made: str
    chroma: str = ""
    collections: str = ""


class Neighbours(Protocol):
    """The vectors of a generation, searched by nearness."""

    def nearest(self, name: str, vector: Matrix, k: int) -> list[int]: ...
    def check(self, matrices: Mapping[str, Matrix]) -> None: ...
    def close(self) -> None: ...


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the index for writing; the lock dies with its process.

    What a killed writer left behind is removed.  Raises IndexBusy at once, naming the
    other writer, if there is one; DiskError if the folder cannot be written to.
    """
    import filelock

    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = filelock.FileLock(folder / "writer.lock", timeout=0, mode=0o600)
        note = folder / "writer.json"
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise IndexBusy(
                f"{folder} is being written to{_writer(note)}; wait, or stop it"
            ) from error
    try:
        with disk_errors(folder):
            write_private(note, json.dumps({"pid": os.getpid(), "since": now()}))
            _sweep(folder)
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _writer(note: Path) -> str:
    try:
        who = json.loads(note.read_text())
        return f" by process {who['pid']} since {who['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return " by another process"


def _sweep(folder: Path) -> None:
    """Remove every generation but the current one, half-made ones among them."""
    try:
        kept = current(folder)
    except IndexUnusable:  # a damaged pointer: the next one that is published replaces all
        return
    if (folder / GENERATIONS).is_dir():
        for old in (folder / GENERATIONS).iterdir():
            if old.name != kept:
                shutil.rmtree(old)


def place(folder: Path, chroma: str) -> str:
    """The server that is to have the vectors, "" for none: the one that is asked for, else
    that of the current generation."""
    if chroma:
        return "" if chroma == LOCAL else chroma.rstrip("/")
    with contextlib.suppress(IndexUnusable):  # damaged: a server is asked for anew, or none
        if name := current(folder):
            return read_manifest(folder / GENERATIONS / name).chroma
    return ""


def publish(folder: Path, store: Store, fingerprint: Fingerprint, chroma: str = "") -> Manifest:
    """Make a generation of the truth as it is now, and make it the current one.

    ``chroma`` is as in Settings.  Raises IndexUnusable if the truth, or what was derived
    from it, is not as it was stored; DiskError; ServerUnusable.  The generation before
    stays current then.
    """
    server = place(folder, chroma)
    needed = 2 * store.file.stat().st_size + 2_000_000
    with disk_errors(folder, needed):
        require(folder, needed)
        generations = folder / GENERATIONS
        generations.mkdir(exist_ok=True, mode=0o700)
        name = f"{store.revision:08d}-{uuid.uuid4().hex[:8]}"
        making = Path(tempfile.mkdtemp(prefix="tmp-", dir=generations))
        prefix = _prefix(store, name) if server else ""
        try:
            if server:  # noted first: what a killed publish leaves there is deleted by the next
                store.note_collections([*store.collections, (server, prefix)])
            manifest = _made_generation(making, store, fingerprint, server, prefix)
            settle(making)
            making.rename(generations / name)
            sync(generations)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            _sweep_servers(folder, store, tell=False)
            raise
        write_private(folder / f"{CURRENT}.new", name)
        (folder / f"{CURRENT}.new").replace(folder / CURRENT)
        sync(folder)
        _sweep(folder)
        _sweep_servers(folder, store)
    return manifest


def _prefix(store: Store, name: str) -> str:
    """What the collections of a generation are called on a server, but for the last word."""
    return f"onrecord-{store.identity}-{name}"


def _sweep_servers(folder: Path, store: Store, tell: bool = True) -> None:
    """Delete the collections that this index made, but not those of the current generation.

    What cannot be deleted stays noted, for the next publish.
    """
    if not (made := store.collections):
        return
    try:
        read = _prefix(store, current(folder))
    except IndexUnusable:
        return
    kept, silent = list[tuple[str, str]](), set[str]()
    for server, prefix in made:
        if not prefix.startswith(_prefix(store, "")):  # who made it may still be read
            _log.warning(
                "onrecord: %s has %s-* of the index that this one is a copy of; delete them there "
                "if that one is gone",
                *(chroma_server.server_name(server), prefix),
            )
            continue
        if prefix == read or server in silent:
            kept.append((server, prefix))
            continue
        try:
            chroma_server.delete(server, prefix)
        except ServerUnusable as error:
            kept.append((server, prefix))
            silent.add(server)
            if tell:
                _log.warning(
                    "onrecord: %s; what it has of replaced states is left for the next publish",
                    error,
                )
    store.note_collections(kept)


def _made_generation(
    making: Path, store: Store, fingerprint: Fingerprint, server: str, prefix: str
) -> Manifest:
    """A generation in a folder that nobody reads yet, compared with the truth."""
    damaged, content = store.snapshot(making / CATALOG)
    if damaged:
        raise IndexUnusable(
            f"article {damaged[0]!r} in {store.file} is not as it was stored; "
            "remove it and add it again, or restore the file from a backup"
        )
    corrections.apply(store.file, making / CATALOG)
    derive(making / CATALOG, making, fingerprint.dimension)
    vectors = Vectors(making / VECTORS_FOLDER)
    matrices = vectors.matrices
    vectors.close()
    if server:
        try:
            chroma_server.put(server, prefix, matrices)
        except ServerUnusable as error:
            raise ServerUnusable(
                f"{error}; the index is as it was, and what was stored is kept: try again, or "
                "run: python -m index rebuild --chroma local"
            ) from error
    else:
        build(making / CHROMA_FOLDER, matrices)
    catalog = Catalog(making / CATALOG)
    try:
        counts = catalog.counts()
    finally:
        catalog.close()
    for collection in COLLECTIONS:
        if counts[collection] != len(matrices[collection]):
            raise IndexUnusable(
                f"expected {counts[collection]} {collection}, found {len(matrices[collection])} "
                f"after a build; {REBUILD}"
            )
    manifest = Manifest(
        revision=store.revision,
        fingerprint=fingerprint,
        counts=counts,
        content=content,
        files={name: sha256(making / name) for name in files(making)},
        made=now(),
        chroma=server,
        collections=prefix,
    )
    write_private(making / MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


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
        manifest = Manifest(**{**row, "fingerprint": Fingerprint(**row["fingerprint"])})
        if manifest.chroma not in ("", CLOUD):
            server_address(manifest.chroma)
        return manifest
    except (InputError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexUnusable(f"{generation} is damaged: no readable manifest; {REBUILD}") from error


class Generation:
    """The current generation, copied, checked and opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexUnusable if there is none, or any file of it is not as it was made;
        DiskError if there is no room for the private copy."""
        for _ in range(_TRIES):
            self.name = current(folder)
            if not self.name:
                raise IndexUnusable(f"there is no index at {folder}; run: python -m index add PATH")
            self._scratch = Scratch()
            try:
                self._open(folder / GENERATIONS / self.name)
            except IndexUnusable:
                self._scratch.close()
                if current(folder) == self.name:
                    raise
            except BaseException:
                self._scratch.close()
                raise
            else:
                return
        raise IndexUnusable(f"{folder} is replaced faster than it can be read; try again")

    def _open(self, source: Path) -> None:
        self._copy = self._scratch.path / "generation"
        try:
            found = copy_folder(source, self._copy)
        except OSError as error:
            raise IndexUnusable(f"cannot copy {source} ({error}); {REBUILD}") from error
        self.manifest = read_manifest(self._copy)
        for path, expected in self.manifest.files.items():
            if found.get(path) != expected:
                what = "differs from what was built" if path in found else "is missing"
                raise IndexUnusable(f"{source / path} {what}; {REBUILD}")
        if extra := found.keys() - self.manifest.files - {MANIFEST}:
            raise IndexUnusable(f"{source / min(extra)} is not part of the index; {REBUILD}")
        self.catalog = Catalog(self._copy / CATALOG)
        self.vectors = Vectors(self._copy / VECTORS_FOLDER)
        self.outline = Outline(self._copy, self.catalog, self.vectors)
        catalog = self.catalog
        self.tokens = Tokens(self._copy / TOKENS, catalog.number_of, catalog.words.count)

    @cached_property
    def chroma(self) -> Neighbours:
        """The Chroma collections, opened when they are first asked."""
        if server := self.manifest.chroma:
            return chroma_server.Remote(server, self.manifest.collections, self.vectors)
        return Collections(self._copy / CHROMA_FOLDER)

    def nearest(self, collection: str, vector: Matrix, k: int) -> list[int]:
        """Numbers of the k nearest passages or quotes by cosine similarity, nearest first.

        By comparing with all of them while they are few, else by Chroma's graph.
        """
        if self.manifest.counts[collection] > MAX_EXACT_ROWS:
            return self.chroma.nearest(collection, vector, k)
        return self.vectors.nearest(collection, vector, k)

    def close(self) -> None:
        self.catalog.close()
        self.vectors.close()
        self.tokens.close()
        if "chroma" in self.__dict__:
            self.chroma.close()
        self._scratch.close()
