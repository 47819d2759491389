"""The quotes of an index as rows, for a spreadsheet or another program.

A cell that a spreadsheet would run as a formula gets an apostrophe before it; so does
one that already looks guarded, so that `unguarded` gives back what was stored.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

from index.errors import InputError
from index.search.catalog import Catalog
from index.storage.outputs import aside, refuse
from index.storage.snapshot import Generation
from index.storage.store import file_of
from index.text.escape import escaped, json_text, takes_all
from index.types import Mention, Quote

Format = Literal["csv", "jsonl"]

QUOTE_COLUMNS = (
    *("quote_id", "article_id", "title", "published", "outlet", "author", "url"),
    *("start", "end", "quote", "sentence", "speaker", "addressees", "relayed_by", "cue"),
    *("kind", "attribution", "modality", "copy_of"),
)

_UNSEEN_CHARACTERS = (
    r"\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    r"\U000e0000-\U000e0fff"
)
"""Characters that a spreadsheet may leave out before it looks at a cell."""

_BEGINS = r"=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
"""What begins a formula, wide and small forms and the minus sign among them."""

_ACTIVE = re.compile(f"'*[{_UNSEEN_CHARACTERS}]*[{_BEGINS}]")
"""What Excel, LibreOffice or Sheets may read as a formula."""


def export(index: Path, out: IO[str], form: Format) -> int:
    """Write every quote of the current generation to ``out``; returns how many.

    A terminal is given controls made visible.  Raises IndexUnusable as readers do, and
    InputError for a table that the encoding of ``out`` has not all letters for.
    """
    generation = Generation(index)
    try:
        return _write_rows(generation.catalog, out, form)
    finally:
        generation.close()


def export_to(index: Path, output: Path, form: Format) -> int:
    """Write every quote to a file, which is replaced once all of it is there; returns how many.

    Raises as `export`; InputError for a file of the index, an article that was added to it,
    or a file that cannot be written; DiskError for a full disk.
    """
    generation = Generation(index)
    try:
        refuse(output, index)
        if str(output.resolve()) in {file_of(s) for s, _ in generation.catalog.sources().values()}:
            raise InputError(
                f"expected an output of its own, found {output}, from which an article was "
                "added; name another"
            )
        with aside(output) as out:
            return _write_rows(generation.catalog, out, form)
    finally:
        generation.close()


def _write_rows(catalog: Catalog, out: IO[str], form: Format) -> int:
    count = 0
    if form == "csv":
        if not takes_all(out):
            raise InputError(
                "expected an output that takes every letter, found one for few of them; "
                "give --output FILE, or --format jsonl"
            )
        shown = escaped if out.isatty() else str
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(QUOTE_COLUMNS)
        for row in _quote_rows(catalog):
            table.writerow([shown(guarded(_csv_cell(row[column]))) for column in QUOTE_COLUMNS])
            count += 1
    else:
        ascii_only = not takes_all(out)
        for row in _quote_rows(catalog):
            out.write(json_text(row, ascii_only=ascii_only) + "\n")
            count += 1
    return count


def guarded(cell: str) -> str:
    """The cell, with an apostrophe before it if a spreadsheet might run it."""
    return f"'{cell}" if _ACTIVE.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before ``guarded``."""
    return cell[1:] if cell.startswith("'") and _ACTIVE.match(cell) else cell


def _quote_rows(catalog: Catalog) -> Iterator[dict[str, object]]:
    for article_id in catalog.article_ids():
        article = catalog.article(article_id)
        found = catalog.quotes(catalog.quote_ids(article_ids=[article_id]))
        for quote in sorted(found, key=lambda q: q.span):
            yield {
                "quote_id": quote.id,
                "article_id": article_id,
                "title": article.title,
                "published": article.published,
                "outlet": article.outlet,
                "author": article.author,
                "url": article.url,
                "start": quote.span.start,
                "end": quote.span.end,
                "quote": quote.span.slice(article.text),
                "sentence": quote.sentence.slice(article.text),
                **_participants(quote, catalog),
                "cue": quote.cue.slice(article.text) if quote.cue else "",
                "kind": quote.kind,
                "attribution": quote.attribution,
                "modality": quote.modality,
                "copy_of": _copy_of(catalog, article_id),
            }


def _participants(quote: Quote, catalog: Catalog) -> dict[str, object]:
    def names(mentions: tuple[Mention, ...]) -> list[str]:
        return [catalog.person_of.get(m.name, m.name) for m in mentions if m.name]

    speaker = names((quote.speaker,)) if quote.speaker else []
    return {
        "speaker": speaker[0] if speaker else "",
        "addressees": names(quote.addressees),
        "relayed_by": names(quote.chain),
    }


def _copy_of(catalog: Catalog, article_id: str) -> str:
    original = catalog.original_of.get(article_id, article_id)
    return "" if original == article_id else original


def _csv_cell(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
