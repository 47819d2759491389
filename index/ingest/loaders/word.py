"""Word documents, by mammoth: paragraphs and tables in their order.

Mammoth takes tracked insertions and leaves out deletions, and reads content controls, text
boxes, smart tags, notes and nested or merged tables, where python-docx gives only paragraphs
and plain tables.
"""

from __future__ import annotations

import mammoth

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.html import fragment
from index.ingest.loaders.item import Item, Items, storable
from index.ingest.loaders.packed import about, opened, xml
from index.types import Article

_CORE = "docProps/core.xml"


def word(file: File) -> Items:
    with opened(file.path, "a Word document") as archive, file.path.open("rb") as stream:
        said = about(xml(archive, _CORE)) if _CORE in archive.namelist() else {}
        if "word/document.xml" not in archive.namelist():
            raise InputError("expected a Word document, found an archive without word/document.xml")
        # Pictures are not read, and no file beside the document is opened.
        page = mammoth.convert_to_html(
            stream,
            convert_image=mammoth.images.img_element(lambda _: {}),
            external_file_access=False,
        ).value
    title, author = said.get("title", ""), said.get("creator", "")
    yield Item(storable(Article(file.id, fragment(page), title, file.url, author=author)))
