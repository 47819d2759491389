"""Tables of articles, one a row: JSON lines and CSV.  A bad row is one refusal."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import IO

from index.errors import InputError
from index.ingest.loaders import TEXT_BYTES, File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.item import Item, Items, storable
from index.types import Article

_FIELDS = {"title": "title", "date": "published", "url": "url", "outlet": "outlet"}
_FIELDS |= {"author": "author", "language": "language", "licence": "licence"}
_FIELDS |= {"published": "published", "license": "licence"}
_SPELLINGS = {
    "text": "body content article article_text full_text fulltext story maintext",
    "title": "headline heading",
    "date": "published_at publish_date published_date publication_date pubdate pub_date",
    "outlet": "source publication publisher newspaper source_name",
    "author": "byline authors",
    "url": "link",
}
_SPELT = {other: name for name, others in _SPELLINGS.items() for other in others.split()}
"""What exports call the fields of an article, with our names for them."""


def json_lines(file: File) -> Items:
    lines_of: dict[str, int] = {}
    number = 0
    with file.path.open("rb") as stream:
        while line := stream.readline(TEXT_BYTES + 1):
            number += 1
            if len(line) > TEXT_BYTES:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(TEXT_BYTES)
                yield Item(f"expected at most {TEXT_BYTES:,} bytes a line; split it", number)
            elif line.strip():
                yield _row_item(partial(_json_row, line, file.encoding), number, lines_of)
    if not number:
        raise InputError("expected one JSON object a line, found an empty file")


def _row_item(
    read: Callable[[], Mapping[str, object]], number: int, lines_of: dict[str, int]
) -> Item:
    try:
        article = storable(_article(read()))
        if (first := lines_of.setdefault(article.id, number)) != number:
            raise InputError(f"expected one article an id, found {article.id!r} of line {first}")
    except InputError as error:
        return Item(str(error), number)
    return Item(article, number)


def _json_row(line: bytes, encoding: str) -> Mapping[str, object]:
    try:
        row = json.loads(decode(line, "", encoding))
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply")
        raise InputError(f"expected a JSON object, found something else ({reason})") from error
    if not isinstance(row, dict):
        raise InputError(f"expected a JSON object, found {type(row).__name__}")
    return row


def _with_our_names(row: Mapping[str, object]) -> Mapping[str, object]:
    """A row with our names for its fields; a field of ours stands for itself.

    What is no plain text under another name ("source": {...}) is left out.
    """
    found = dict(row)
    for key, value in row.items():
        name = _SPELT.get(str(key).strip().lower().replace(" ", "_"))
        if name and found.get(name) in (None, "") and isinstance(value, str):
            found[name] = value
    return found


def _article(given_row: Mapping[str, object]) -> Article:
    row = _with_our_names(given_row)
    if not isinstance(text := row.get("text"), str):
        raise InputError('expected an article text under "text", found none')
    given = row.get("id")
    if given is None or given == "":
        given = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    if not isinstance(given, str | int) or not str(given).strip():
        raise InputError(f'expected a string under "id", found {given!r}')
    fields = {
        field: _field(key, value)
        for key, field in _FIELDS.items()
        if (value := row.get(key)) not in (None, "")
    }
    return Article(id=str(given), text=text, **fields)


def _field(key: str, value: object) -> str:
    if not isinstance(value, str | int | float):
        raise InputError(f'expected a string under "{key}", found {type(value).__name__}')
    return str(value)


def comma_separated(file: File) -> Items:
    """The first row names the columns: "text" (or "body", "content"), and what JSON lines may have
    besides.

    Cells are parted by commas, semicolons or tabs, whichever the first row has most of.
    """
    csv.field_size_limit(TEXT_BYTES)
    with file.path.open("rb") as raw, _decoded(raw, file) as stream:
        head = stream.readline(TEXT_BYTES)
        delimiter = max(",;\t", key=head.count)
        columns = [c.strip().lower() for c in next(csv.reader([head], delimiter=delimiter), [])]
        if "text" not in {_SPELT.get(c.replace(" ", "_"), c) for c in columns}:
            raise InputError(f'expected a column "text" in the first row, found {columns[:12]}')
        rows = csv.reader(stream, delimiter=delimiter, strict=True)
        lines_of: dict[str, int] = {}
        while True:
            line = rows.line_num + 2
            try:
                if (cells := next(rows, None)) is None:
                    return
            except (csv.Error, ValueError) as error:
                yield Item(f"expected a row of cells, found something else ({error})", line)
                continue
            if cells:
                yield _row_item(partial(_cells, columns, cells), line, lines_of)


def _decoded(raw: IO[bytes], file: File) -> io.TextIOWrapper:
    """A text stream; bytes that do not fit become lone surrogates, so that their row fails."""
    start = raw.read(TEXT_BYTES)
    raw.seek(0)
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return io.TextIOWrapper(raw, encoding, newline="")
    if file.encoding and not _is_utf8(start):
        decode(start, "", file.encoding)
        return io.TextIOWrapper(raw, file.encoding, errors="surrogateescape", newline="")
    return io.TextIOWrapper(raw, "utf-8-sig", errors="surrogateescape", newline="")


def _is_utf8(start: bytes) -> bool:
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end == len(start) == TEXT_BYTES  # a character cut in two
    return True


def _cells(columns: list[str], cells: list[str]) -> dict[str, object]:
    if len(cells) != len(columns):
        raise InputError(f"expected {len(columns)} cells, found {len(cells)}")
    for cell in cells:
        if any("\udc80" <= c <= "\udcff" for c in cell):
            raise InputError("expected UTF-8 text, found other bytes; name its --encoding")
    return dict(zip(columns, cells, strict=True))
