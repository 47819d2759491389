"""A file of questions, answered one line for one row, however often it is stopped.

The output has a line for each row that is not blank, in their order: an answer, or
{"id", "error"}.  A line is whole once its line end is written, so that whatever stops a
run, the next one cuts what is torn and goes on behind the rest.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from index.errors import DiskError, IndexUnusable, InputError, MissingExtra, ServerUnusable
from index.storage.outputs import is_regular, output_errors, refuse
from index.text.escape import json_text, on_one_line
from rag.json_form import answer_json
from rag.requests import conversation_turns
from rag.requests import filters as checked_filters
from rag.types import Answer, Filters

_ENDS_A_RUN = (DiskError, IndexUnusable, MissingExtra, ServerUnusable, MemoryError)
"""What the next row would meet as well."""

_FAILED = "not answered: "
"""Begins the error of a row that is sound in itself; such a row is not judged again."""

_FIRST = b'{"id": '
"""How every line begins: what has no line end and begins otherwise is somebody else's."""


class Answering(Protocol):
    """What a batch needs of an index that is open for questions."""

    def answer(
        self,
        question: str,
        *,
        history: Sequence[Any] | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the questions: its line in their file, and what it asks, or why it cannot."""

    line: int
    id: str | int | None
    question: str = ""
    history: Sequence[Any] | None = None
    filters: Mapping[str, Any] | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, how many of them got an error, and how many of their lines
    an earlier run had written."""

    rows: int
    errors: int
    earlier: int

    def __str__(self) -> str:
        before = f" ({self.earlier:,} of them by an earlier run)" if self.earlier else ""
        return (
            f"{self.rows:,} rows: {self.rows - self.errors:,} answered, "
            f"{self.errors:,} errors{before}"
        )


def answer_all(
    questions: Path,
    output: Path,
    index: Path,
    opened: Callable[[], Answering],
    filters: Mapping[str, Any],
    *,
    restart: bool = False,
    failed: Callable[[str], object] = lambda _: None,
) -> Count:
    """Answer the rows of a file that have no line in ``output`` yet.

    ``opened`` opens the index, which lies at ``index``; until it has, nothing is written.
    ``filters`` hold for rows without their own.  ``restart`` drops what is in the output.
    ``failed`` is told of each row that gets an error.  Raises InputError for files that
    cannot be read or written, that are one and the same, or that do not belong together;
    DiskError; and what ``opened`` raises.
    """
    rows = read_rows(questions)
    refuse(output, index, questions)
    answering = opened()
    with _writing(output) as handle:
        size, errors = (0, list[bool]()) if restart else _earlier(output, handle, rows, questions)
        if is_regular(output):
            os.ftruncate(handle, size)
            os.lseek(handle, size, os.SEEK_SET)
        earlier = len(errors)
        for row in rows[earlier:]:
            line = _answered_row(row, answering, filters)
            if "error" in line:
                failed(str(line["error"]))
            errors.append("error" in line)
            _write_all(handle, json_text(line).encode() + b"\n")
    return Count(len(rows), sum(errors), earlier)


def read_rows(questions: Path) -> list[Row]:
    """Return the rows of a file of questions, bad ones too; InputError if it cannot be read."""
    try:
        data = questions.read_bytes()
    except OSError as error:
        raise InputError(
            f"expected a file of questions, found {questions}: {error.strerror or error}"
        ) from error
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [_question_row(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _question_row(number: int, line: bytes) -> Row:
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Row(number, None, error="expected UTF-8, found other bytes")
    except (ValueError, RecursionError):
        return Row(number, None, error='expected a JSON object with "question", found no JSON')
    if not isinstance(found, dict):
        kind = type(found).__name__
        return Row(number, None, error=f'expected a JSON object with "question", found {kind}')
    given = found.get("id")
    if isinstance(given, bool) or not isinstance(given, str | int | None):
        kind = type(given).__name__
        if isinstance(given, float) and not math.isfinite(given):
            kind = "no number of JSON"
        return Row(number, None, error=f"expected id as text or a whole number, found {kind}")
    question, history, filters = (found.get(key) for key in ("question", "history", "filters"))
    error = ""
    if not isinstance(question, str):
        kind = type(question).__name__ if "question" in found else "none"
        error = f"expected question as text, found {kind}"
    else:
        try:
            conversation_turns(history)
            checked_filters(filters)
        except InputError as refused:
            error = str(refused)
    if error:
        return Row(number, given, error=error)
    return Row(number, given, str(question), history, filters)


def _answered_row(row: Row, answering: Answering, filters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row gets; raises only what the next row would meet as well."""
    if row.error:
        return _refused_row(row, row.error)
    try:
        found = answering.answer(row.question, history=row.history, filters=row.filters or filters)
        return answer_json(found, row.id)
    except _ENDS_A_RUN:
        raise
    except InputError as error:
        return _refused_row(row, f"{_FAILED}{error}")
    except Exception as error:  # a fault of this program must not cost the other rows
        return _refused_row(row, f"{_FAILED}{type(error).__name__}: {error}")


def _refused_row(row: Row, why: str) -> dict[str, Any]:
    return {"id": row.id, "error": f"line {row.line}: {on_one_line(why)}"}


@contextlib.contextmanager
def _writing(output: Path) -> Iterator[int]:
    """Yield the output as a handle that nobody else writes to; nothing in it is changed yet."""
    with output_errors(output):
        flags = os.O_RDWR if is_regular(output) else os.O_WRONLY
        handle = os.open(output, flags | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(
                f"expected {output} for this run alone, found that another run writes to it; "
                "wait, or name another"
            ) from error
        except OSError:
            if is_regular(output):
                raise  # a device need not have locks
        with output_errors(output):
            yield handle
    finally:
        os.close(handle)


def _write_all(handle: int, data: bytes) -> None:
    """Write all of it at once where the system does; a pipe may take it in parts."""
    while data:
        data = data[os.write(handle, data) :]


def _earlier(
    output: Path, handle: int, rows: Sequence[Row], questions: Path
) -> tuple[int, list[bool]]:
    """Return how many bytes of whole lines an earlier run left, and which of them are errors.

    Raises InputError if any line is not that of its row.
    """
    if not is_regular(output):
        return 0, []
    with os.fdopen(os.dup(handle), "rb") as stream:
        data = stream.read()
    *whole, torn = data.split(b"\n")
    if len(whole) > len(rows):
        raise InputError(
            f"expected at most {len(rows):,} lines in {output}, one for each row of {questions}, "
            f"found {len(whole):,} lines; name another output, or begin anew with --restart"
        )
    lines = [_read_line(line) for line in whole]
    for number, (row, line) in enumerate(zip(rows, lines, strict=False), 1):
        if line is None:
            raise _foreign(output, number)
        if not _belongs(line, row):
            raise InputError(
                f"expected line {number} of {output} to be that of line {row.line} of {questions}, "
                "found that of another row, so the questions were changed; name another output, "
                "or begin anew with --restart"
            )
    if not _is_torn(torn):
        raise _foreign(output, len(whole) + 1)
    return len(data) - len(torn), [line is not None and "error" in line for line in lines]


def _foreign(output: Path, number: int) -> InputError:
    return InputError(
        f"expected answers of an earlier run in {output}, found something else in line "
        f"{number}; name another output, or drop what is there with --restart"
    )


def _read_line(data: bytes) -> dict[str, Any] | None:
    """Return a line as a run writes it, or None."""
    try:
        line = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(line, dict) or not data.startswith(_FIRST):
        return None
    answered = {"id", "question", "text", "status", "citations"} <= line.keys()
    refused = line.keys() == {"id", "error"} and isinstance(line["error"], str)
    return line if answered or refused else None


def _belongs(line: Mapping[str, Any], row: Row) -> bool:
    """Return whether a line is what its row got, as far as that can be told without asking
    again."""
    if type(line["id"]) is not type(row.id) or line["id"] != row.id:
        return False
    if "error" not in line:
        return not row.error and bool(line["question"] == row.question)
    if row.error:
        return bool(line["error"].partition(": ")[2] == on_one_line(row.error))
    return bool(line["error"].partition(": ")[2].startswith(_FAILED))


def _is_torn(data: bytes) -> bool:
    """Return whether these bytes without a line end may be the beginning of a line of a run."""
    if not data or _FIRST.startswith(data):
        return True
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return data.startswith(_FIRST)
    return isinstance(whole, dict) and _read_line(data) is not None
