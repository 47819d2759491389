"""EPUB, by lxml: its chapters in the order of reading, each as a page's words."""

from __future__ import annotations

import zipfile

from lxml import etree

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.html import declared, fragment
from index.ingest.loaders.item import Item, Items, storable
from index.ingest.loaders.packed import about, beside, opened, xml
from index.types import Article

_CONTAINER = "META-INF/container.xml"
_ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_OPF = "{http://www.idpf.org/2007/opf}"


def book(file: File) -> Items:
    with opened(file.path, "an EPUB") as archive:
        root = next(iter(xml(archive, _CONTAINER).iter(_ROOTFILE)), None)
        if root is None or not root.get("full-path"):
            raise InputError("expected an EPUB that names its content, found none")
        part = root.get("full-path", "")
        package = xml(archive, part)
        chapters = [_chapter(archive, name) for name in _spine(package, part)]
    said = about(package)
    yield Item(
        storable(
            Article(
                file.id,
                "\n\n".join(filter(None, chapters)),
                said.get("title", ""),
                outlet=said.get("publisher", ""),
                author=said.get("creator", ""),
                published=said.get("date", ""),
            )
        )
    )


def _spine(package: etree._Element, part: str) -> list[str]:
    """The parts that hold the chapters, in the order of reading; not the table of contents."""
    items = {i.get("id"): i for i in package.iter(f"{_OPF}item")}
    found = (items.get(r.get("idref")) for r in package.iter(f"{_OPF}itemref"))
    return [
        beside(part, i.get("href", ""))
        for i in found
        if i is not None
        and "html" in i.get("media-type", "")
        and "nav" not in i.get("properties", "").split()
    ]


def _chapter(archive: zipfile.ZipFile, name: str) -> str:
    data = archive.read(name)
    source = decode(data, declared(data))
    _, found, body = source.partition("<body")
    return fragment(f"<body{body}" if found else source)
