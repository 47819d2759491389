"""Statements as an Atom feed (RFC 4287), for a feed reader that watches a person or a topic."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from page.escape import hidden_named
from page.quoting import passage_address, source_line, speakers
from page.words import day_of
from rag.types import Citation, listed

ATOM = "http://www.w3.org/2005/Atom"

BEGINNING = "1970-01-01T00:00:00Z"
"""When something without a date counts as changed."""


def atom(title: str, found: Sequence[Citation]) -> bytes:
    """A feed of these statements, each as plain text with its attribution."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add_text(feed, "title", f"OnRecord: {title}")
    _add_text(feed, "id", f"urn:onrecord:{title}")
    _add_text(feed, "updated", max((_moment(c) for c in found), default=BEGINNING))
    for c in found:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        _add_text(entry, "title", f"{listed(speakers(c)) or 'Somebody'}: {c.quote[:120]}")
        _add_text(entry, "id", f"urn:onrecord:{c.article.id}:{c.start}-{c.end}")
        _add_text(entry, "updated", _moment(c))
        author = ElementTree.SubElement(entry, f"{{{ATOM}}}author")
        _add_text(author, "name", c.article.outlet or "unknown outlet")
        if address := passage_address(c):
            ElementTree.SubElement(entry, f"{{{ATOM}}}link", href=address)
        _add_text(entry, "content", f"{c.quote}\n{source_line(c)}")
    return bytes(ElementTree.tostring(feed, "utf-8", xml_declaration=True))


def _add_text(parent: ElementTree.Element, name: str, text: str) -> None:
    """An element of plain text."""
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = hidden_named(text)


def _moment(citation: Citation) -> str:
    """The day of publication as RFC 3339."""
    day = day_of(citation.article.published)
    return f"{day.isoformat()}T00:00:00Z" if day else BEGINNING
