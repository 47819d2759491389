"""Writes that last, files that only their owner reads, and a full disk told in one line."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from index.errors import DiskError, IndexUnusable

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NEARLY_FULL = 1_000_000
"""Bytes; below this an error of SQLite or Chroma that does not say why is a full disk."""

_BLOCK = 1 << 20


def write_private(file: Path, text: str) -> None:
    """Write a small file for its owner alone, and wait until it is on the disk."""
    with file.open("w", encoding="utf-8") as stream:
        file.chmod(0o600)
        stream.write(text)
        stream.flush()
        flush_to_disk(stream.fileno())


def flush_to_disk(handle: int) -> None:
    """Wait until what was written through a handle is on the disk.

    On macOS `fsync` leaves it in the disk's own cache, which a power cut empties; file systems
    that have no stronger call get that one.
    """
    if sys.platform == "darwin":
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        flush_to_disk(handle)
    finally:
        os.close(handle)


def settle(folder: Path) -> None:
    """Give a tree to its owner alone and wait until all of it is on the disk."""
    for path in [*sorted(folder.rglob("*")), folder]:
        path.chmod(0o700 if path.is_dir() else 0o600)
        sync(path)


def files(folder: Path) -> list[str]:
    """The files below a folder, as sorted relative names."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def size(folder: Path) -> int:
    """Bytes in all files below a folder."""
    return sum((folder / name).stat().st_size for name in files(folder))


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy_folder(source: Path, target: Path) -> dict[str, str]:
    """Copy a folder's files to one for temporary files; gives the sha256 of each, taken of
    the bytes that were written.  Raises DiskError for the copy, OSError and IndexUnusable
    for what is copied."""
    names = files(source)
    with temporary():
        target.mkdir(mode=0o700)
        for folder in sorted({(target / name).parent for name in names}):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Hashing and copying let other threads run; most of an index is two or three files.
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip(names, pool.map(lambda n: _copied(source / n, target / n), names), strict=True)
        )


def _copied(source: Path, target: Path) -> str:
    hashed = hashlib.sha256()
    # What the source raises is about the index; what the target raises is not.
    with source.open("rb", buffering=0) as given, temporary(), target.open("xb") as taken:
        while True:
            try:
                block = given.read(_BLOCK)
            except OSError as error:
                raise IndexUnusable(f"cannot read {source} ({error})") from error
            if not block:
                break
            hashed.update(block)
            taken.write(block)
    return hashed.hexdigest()


@contextlib.contextmanager
def temporary(folder: Path | None = None) -> Iterator[None]:
    """Turn what the folder for temporary files raises into one DiskError.

    Nothing of an index is there but copies: a fault of it says nothing about the index.
    ``folder``: the one that is meant, the system's unless given.
    """
    try:
        yield
    except OSError as error:
        place = folder or Path(tempfile.gettempdir())
        what = "full" if error.errno in FULL else "of no use"
        raise DiskError(
            f"the folder for temporary files, {place}, is {what} ({error.strerror or error}); "
            "free some room there, or name another folder in TMPDIR: the index is as it was"
        ) from error


def require(folder: Path, needed: int) -> None:
    """Raise DiskError before a write that cannot fit: ``needed`` bytes in ``folder``."""
    if (free := shutil.disk_usage(folder).free) < needed:
        raise _full(folder, needed, free)


@contextlib.contextmanager
def disk_errors(folder: Path, needed: int = _NEARLY_FULL) -> Iterator[None]:
    """Turn what a full, read-only or failing disk raises into one DiskError.

    A database that SQLite finds damaged becomes IndexUnusable.

    ``needed`` is about how many bytes the work writes to ``folder``.
    """
    try:
        yield
    except OSError as error:
        raise _disk_error(folder, needed, error.errno, error.strerror or str(error)) from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise IndexUnusable(
                f"a database in {folder} is damaged ({error}); run: python -m index verify"
            ) from error
        if not isinstance(error, sqlite3.OperationalError):
            raise
        number = {
            sqlite3.SQLITE_FULL: errno.ENOSPC,
            sqlite3.SQLITE_READONLY: errno.EROFS,
            sqlite3.SQLITE_PERM: errno.EACCES,
            sqlite3.SQLITE_CANTOPEN: errno.EACCES,
        }.get(code, errno.EIO)
        raise _disk_error(folder, needed, number, str(error)) from error


def _disk_error(folder: Path, needed: int, number: int | None, reason: str) -> DiskError:
    place = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(place).free
    if number in FULL or (number == errno.EIO and free < _NEARLY_FULL):
        return _full(folder, needed, free)
    if number in _DENIED:
        return DiskError(
            f"expected to write to {folder}, found it closed to this user ({reason}); "
            "give the user the right to write, or choose another folder with --index"
        )
    return DiskError(f"{folder} could not be written or read ({reason}); run it again")


def _full(folder: Path, needed: int, free: int) -> DiskError:
    return DiskError(
        f"disk full: expected about {_megabytes(needed)} free for {folder}, found "
        f"{_megabytes(free)}; free some and run it again: what was stored is kept"
    )


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
