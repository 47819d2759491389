"""Rich Text (RTF), by striprtf: what it says without its commands."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.types import Article

_TITLE = re.compile(r"\{\\title ([^{}\\]{1,300})\}")
_AUTHOR = re.compile(r"\{\\author ([^{}\\]{1,200})\}")
_DELETED = re.compile(r"\{\\deleted\b[^{}]*\}")
_CELL = re.compile(r" ?\| ?")


def rich_text(file: File) -> Items:
    source = file.path.read_bytes().decode("latin-1")  # commands say what the other bytes are
    if not source.lstrip().startswith("{\\rtf"):
        raise InputError("expected Rich Text, which begins with {\\rtf, found something else")
    title, author = _TITLE.search(source), _AUTHOR.search(source)
    words = str(rtf_to_text(_DELETED.sub("", source), errors="replace"))  # type: ignore[no-untyped-call]
    if "\ufffd" in words:
        raise InputError("expected Rich Text in the encoding that it names, found other bytes")
    text = "\n\n".join(line for row in words.splitlines() if (line := _line(row)))
    yield Item(
        storable(
            Article(
                file.id,
                text,
                one_line(title[1] if title else ""),
                author=one_line(author[1] if author else ""),
            )
        )
    )


def _line(row: str) -> str:
    """A paragraph, or a row of a table: a name and what was said with a colon between them."""
    cells = [" ".join(cell.split()) for cell in _CELL.split(row)] if "|" in row else [row.strip()]
    cells = [cell for cell in cells if cell]
    if len(cells) == 2 and len(cells[0]) <= 60 and cells[1][-1:] in tuple('.!?…”"'):
        return f"{cells[0].rstrip(':')}: {cells[1]}"
    return "\n\n".join(cells)
