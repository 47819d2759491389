"""Word documents, by python-docx: paragraphs and tables in their order."""

from __future__ import annotations

import zipfile
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table

from index.errors import InputError
from index.ingest.loaders import PAPER_BYTES, File
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.types import Article

_UNPACKED = 4 * PAPER_BYTES


def word(file: File) -> Items:
    try:
        with zipfile.ZipFile(file.path) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > _UNPACKED:
            raise InputError(f"expected at most {_UNPACKED:,} bytes unpacked, found {size:,}")
        document = docx.Document(str(file.path))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise InputError(f"expected a Word document, found something else ({error})") from error
    about = document.core_properties
    text = "\n\n".join(line for line in _lines(document) if line)
    article = Article(file.id, text, one_line(about.title), file.url, author=one_line(about.author))
    yield Item(storable(article))


def _lines(document: Document) -> list[str]:
    out: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            out += [" ".join(cell.text.strip() for cell in row.cells) for row in block.rows]
        else:
            out.append(block.text.strip())
    return out
