"""PDF, by pypdf: the text of its pages, its lines joined to paragraphs."""

from __future__ import annotations

import io

import pypdf
from pypdf.errors import PyPdfError

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.ingest.loaders.lines import BROKEN_WORD, usual_length
from index.types import Article

_FULL = 0.75
"""Share of the usual width below which a line is the last one of its paragraph."""


def pdf(file: File) -> Items:
    try:
        reader = pypdf.PdfReader(io.BytesIO(file.path.read_bytes()))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("expected a PDF that opens without a password, found a locked one")
        text = "\n\n".join(paragraphs(page.extract_text()) for page in reader.pages)
        about = reader.metadata
    except PyPdfError as error:
        raise InputError(f"expected a PDF, found one that cannot be read ({error})") from error
    if not text.strip():
        raise InputError("expected a PDF with text, found none: a scan has to be recognised first")
    title, author = (about.title, about.author) if about else ("", "")
    found = Article(file.id, text, one_line(title), file.url, author=one_line(author))
    yield Item(storable(found))


def paragraphs(page: str) -> str:
    """The lines of a page joined where the page was full, words put together again."""
    lines = [line.strip() for line in page.splitlines()]
    width = usual_length([len(line) for line in lines if line])
    out: list[str] = []
    going_on = False
    for line in lines:
        if going_on and line:
            broken = BROKEN_WORD.search(out[-1]) and line[0].islower()
            if broken:
                out[-1] = out[-1][:-1]
            out += [line] if broken else [" ", line]
        elif line:
            out += ["\n\n", line]
        going_on = len(line) >= _FULL * width
    return "".join(out[1:])
