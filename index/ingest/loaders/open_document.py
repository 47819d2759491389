"""OpenDocument texts, by lxml: paragraphs, lists, tables and text boxes in their order.

Deleted words that the document still tracks, and comments, are left out.
"""

from __future__ import annotations

from html import escape

from lxml import etree

from index.ingest.loaders import File
from index.ingest.loaders.html import fragment
from index.ingest.loaders.item import Item, Items, storable
from index.ingest.loaders.packed import about, opened, xml
from index.types import Article

_LEFT_OUT = frozenset(
    "tracked-changes annotation note-citation sequence-decls forms table-of-content image".split()
)
_TAGS = {"p": "p", "h": "h2", "table": "table", "table-row": "tr", "table-cell": "td"}
_TAGS |= {"list-item": "li", "text-box": "div", "note": "div"}
_BLANK_ELEMENTS = {"s": " ", "tab": " ", "line-break": "<br>"}


def open_document(file: File) -> Items:
    with opened(file.path, "an OpenDocument text") as archive:
        content = xml(archive, "content.xml")
        said = about(xml(archive, "meta.xml")) if "meta.xml" in archive.namelist() else {}
    out: list[str] = []
    _write(content, out)
    title, author = said.get("title", ""), said.get("creator", "")
    yield Item(storable(Article(file.id, fragment("".join(out)), title, author=author)))


def _write(content: etree._Element, out: list[str]) -> None:
    """Write the document's body as HTML."""
    body = content.find(".//{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text")
    hidden = 0
    for event, element in etree.iterwalk(
        body if body is not None else content, events=("start", "end")
    ):
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        tag = _TAGS.get(name)
        if event == "start":
            hidden += name in _LEFT_OUT
            if hidden:
                continue
            out.append(f"<{tag}>" if tag else _BLANK_ELEMENTS.get(name, ""))
            out.append(escape(element.text or ""))
        else:
            if not hidden and tag:
                out.append(f"</{tag}>")
            hidden -= name in _LEFT_OUT
            if not hidden:
                out.append(escape(element.tail or ""))
