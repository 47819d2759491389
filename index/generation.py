"""Generations: whole, checked copies of the index, one of them current.

    INDEX/articles.sqlite3            the truth (store.py)
    INDEX/CURRENT                     the name of the generation that readers open
    INDEX/generations/NAME/           catalog.sqlite3, chroma/, manifest.json
    INDEX/writer.lock, writer.json    one writer, and who it is

A generation is made in a folder with a temporary name, checked, synced and renamed;
then the pointer is replaced in one step.  A reader copies the current generation to a
private folder, compares every file with the manifest, and only then opens it: no byte
that was not checked reaches Chroma, whose reader does not survive damaged files.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from index import corrections
from index.catalog import Catalog, derive
from index.errors import IndexBusy, IndexUnusable
from index.settings import SCHEMA, Fingerprint
from index.store import Store
from index.vectors import COLLECTIONS, Vectors, build

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
CATALOG = "catalog.sqlite3"
CHROMA = "chroma"
GENERATIONS = "generations"

REBUILD = "run: python -m index rebuild"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds: ``files`` maps each relative path to its sha256."""

    revision: int
    fingerprint: Fingerprint
    counts: dict[str, int]
    files: dict[str, str]
    made: str


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the index for writing; the lock dies with its process.

    Raises IndexBusy at once, naming the other writer, if there is one.
    """
    import filelock

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = filelock.FileLock(folder / "writer.lock", timeout=0, mode=0o600)
    note = folder / "writer.json"
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise IndexBusy(f"{folder} is being written to{_writer(note)}; wait, or stop it") from error
    try:
        now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        _write(note, json.dumps({"pid": os.getpid(), "since": now}))
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _writer(note: Path) -> str:
    try:
        who = json.loads(note.read_text())
        return f" by process {who['pid']} since {who['since']}"
    except (OSError, ValueError, KeyError):
        return " by another process"


def publish(folder: Path, store: Store, fingerprint: Fingerprint) -> Manifest:
    """Make a generation of the truth as it is now, and make it the current one."""
    generations = folder / GENERATIONS
    generations.mkdir(exist_ok=True, mode=0o700)
    name = f"{store.revision:08d}-{uuid.uuid4().hex[:8]}"
    making = Path(tempfile.mkdtemp(prefix="tmp-", dir=generations))
    try:
        store.snapshot(making / CATALOG)
        corrections.apply(store.file, making / CATALOG)
        records = derive(making / CATALOG)
        build(making / CHROMA, records)
        catalog = Catalog(making / CATALOG)
        counts = catalog.counts()
        catalog.close()
        for collection in COLLECTIONS:
            if counts[collection] != len(records[collection]):
                raise IndexUnusable(f"{collection}: {counts[collection]} stored, not all derived")
        manifest = Manifest(
            revision=store.revision,
            fingerprint=fingerprint,
            counts=counts,
            files={p: _sha256(making / p) for p in _files(making)},
            made=datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        )
        _write(making / MANIFEST, json.dumps(asdict(manifest), indent=1))
        for file in _files(making):
            (making / file).chmod(0o600)
            _sync(making / file)
        _sync(making)
        making.rename(generations / name)
        _sync(generations)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    _write(folder / f"{CURRENT}.new", name)
    (folder / f"{CURRENT}.new").replace(folder / CURRENT)
    _sync(folder)
    for old in generations.iterdir():
        if old.name != name:
            shutil.rmtree(old)
    return manifest


def current(folder: Path) -> str:
    """The name of the generation that is current, "" if there is none."""
    try:
        return (folder / CURRENT).read_text().strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise IndexUnusable(f"cannot read {folder / CURRENT} ({error}); {REBUILD}") from error


def read_manifest(generation: Path) -> Manifest:
    """The manifest of a generation; IndexUnusable if it is absent, damaged or of another schema."""
    try:
        row = json.loads((generation / MANIFEST).read_text())
        if (schema := row["fingerprint"]["schema"]) != SCHEMA:
            raise IndexUnusable(
                f"the index was made with schema {schema}, this version reads {SCHEMA}; {REBUILD}"
            )
        return Manifest(**{**row, "fingerprint": Fingerprint(**row["fingerprint"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"{generation} is damaged: no readable manifest; {REBUILD}") from error


class Generation:
    """The current generation, copied, checked and opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexUnusable if there is none, or any file of it is not as it was made."""
        self.name = current(folder)
        if not self.name:
            raise IndexUnusable(f"there is no index at {folder}; run: python -m index add PATH")
        source = folder / GENERATIONS / self.name
        self.manifest = read_manifest(source)
        self._scratch = tempfile.TemporaryDirectory(prefix="onrecord-")
        self._copy = Path(self._scratch.name) / "generation"
        try:
            shutil.copytree(source, self._copy)
        except (OSError, shutil.Error) as error:
            self._scratch.cleanup()
            raise IndexUnusable(f"cannot read {source} ({error}); {REBUILD}") from error
        try:
            self._check(source)
        except IndexUnusable:
            self._scratch.cleanup()
            raise
        self.catalog = Catalog(self._copy / CATALOG)

    def _check(self, source: Path) -> None:
        found = set(_files(self._copy)) - {MANIFEST}
        for path, expected in self.manifest.files.items():
            if path not in found or _sha256(self._copy / path) != expected:
                what = "differs from what was built" if path in found else "is missing"
                raise IndexUnusable(f"{source / path} {what}; {REBUILD}")
        if extra := found - set(self.manifest.files):
            raise IndexUnusable(f"{source / min(extra)} is not part of the index; {REBUILD}")

    @cached_property
    def vectors(self) -> Vectors:
        """The Chroma collections, opened when they are first asked."""
        return Vectors(self._copy / CHROMA)

    def close(self) -> None:
        self.catalog.close()
        if "vectors" in self.__dict__:
            self.vectors.close()
        self._scratch.cleanup()


def _files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as stream:
        file.chmod(0o600)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
