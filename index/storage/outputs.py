"""Files that somebody asked to be written: what was there is kept until they are whole."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from index.errors import DiskError, InputError
from index.storage.disk import FULL, flush_to_disk


@contextlib.contextmanager
def output_errors(output: Path) -> Iterator[None]:
    """Turn what opening or writing an output raises into one line about it."""
    try:
        yield
    except BrokenPipeError:  # whoever reads it has seen enough
        raise
    except OSError as error:
        if error.errno in FULL:
            raise DiskError(
                f"disk full: expected room for {output}, found none; free some and run it again"
            ) from error
        raise InputError(
            f"expected a file to write, found {output}: {error.strerror or error}; name another"
        ) from error


def refuse(output: Path, index: Path, question_file: Path | None = None) -> None:
    """Raise InputError for an output that is, by any name or link, a file of the index or
    the file of questions."""
    with output_errors(output):
        if question_file is not None and _same(output, question_file):
            raise InputError(
                f"expected --output to be another file than --questions, found {output}; "
                "name another"
            )
        inside = output.resolve().is_relative_to(index.resolve())
        if not inside and output.is_file() and output.stat().st_nlink > 1:
            inside = any(_same(output, file) for file in index.rglob("*"))
    if inside:
        raise InputError(
            f"expected an output outside of the index, found {output}, which is a part of "
            "the index; name another"
        )


def is_regular(output: Path) -> bool:
    """Whether an output is a file with a length, or not there yet; no device and no pipe."""
    try:
        return stat.S_ISREG(output.stat().st_mode)
    except FileNotFoundError:
        return True


@contextlib.contextmanager
def aside(output: Path) -> Iterator[IO[str]]:
    """A stream of text that takes the place of a file in one step, once it is whole.

    A device or a pipe is written to directly.  Raises InputError or DiskError where it
    cannot be written; what was there before stays then, and after any other exception.
    """
    with output_errors(output):
        if output.is_dir() or not is_regular(output):
            with output.open("w", encoding="utf-8", newline="") as out:
                yield out
            return
        file = output.resolve()
        handle, name = tempfile.mkstemp(prefix=f".{file.name[:40]}.", dir=file.parent)
        try:
            with open(handle, "w", encoding="utf-8", newline="") as out:  # noqa: PTH123 - a handle
                Path(name).chmod(_file_mode(file))
                yield out
                out.flush()
                flush_to_disk(out.fileno())
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _file_mode(file: Path) -> int:
    """Those of a file that is there, else those that a new one gets."""
    if file.exists():
        return stat.S_IMODE(file.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _same(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file; not so if either is not there."""
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False
