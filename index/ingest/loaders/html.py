"""Web pages: the main text and what the page says about it, by trafilatura.

What a reader does not see (scripts, styles, comments, hidden elements, attributes) is
taken out first.  A page that the parser would cut short is refused.
"""

from __future__ import annotations

import re

import lxml.html
import trafilatura
from lxml import etree

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.types import Article

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_HEAD = 4096  # bytes in which browsers look for a declaration
_UNSEEN_TAGS = (
    "script|style|noscript|template|iframe|object|embed|svg|canvas|audio|video|select|textarea"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_GONE = "gone"  # what an element is called that is to be taken out
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption footer h1 h2 h3 h4 h5 h6 "
    "header hr li main ol p pre section table td th tr ul".split()
)


def html(file: File) -> Items:
    data = file.path.read_bytes()
    source = decode(data, file.charset or declared(data), file.encoding)
    yield Item(storable(article(source, file.id, file.url)))


def declared(data: bytes) -> str:
    """The encoding that a page names in its first bytes, "" if none."""
    found = _DECLARED.search(data[:_HEAD]) or _CHARSET.search(data[:_HEAD])
    return found[1].decode("ascii") if found else ""


def article(source: str, article_id: str, url: str = "") -> Article:
    """The article of a decoded page.  Raises InputError if there is none, or not all of it."""
    tree = _tree(source)
    about = trafilatura.extract_metadata(
        tree,
        default_url=url or None,
        date_config={"extensive_search": False, "original_date": True},
    )
    _strip(tree)
    found = trafilatura.bare_extraction(
        tree, url=url or None, include_comments=False, include_tables=True, with_metadata=False
    )
    text = getattr(found, "text", None) or ""
    if not text.strip():
        raise InputError("expected a page with an article, found no main text")
    return Article(
        id=article_id,
        text=text,
        title=one_line(about.title),
        url=url or about.url or "",
        outlet=one_line(about.sitename),
        author=one_line(about.author),
        published=about.date or "",
    )


def fragment(source: str) -> str:
    """The words of a piece of HTML, a block a line; "" for none."""
    if not source.strip():
        return ""
    tree = _tree(f"<html><body><div>{source}</div></body></html>")
    _strip(tree)
    for element in tree.iter(*_BLOCKS):
        element.tail = "\n" + (element.tail or "")
        element.text = "\n" + (element.text or "") if element.tag != "br" else None
    lines = (" ".join(line.split()) for line in tree.text_content().splitlines())
    return "\n\n".join(line for line in lines if line)


def _tree(source: str) -> lxml.html.HtmlElement:
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = lxml.html.document_fromstring(source.encode(), parser=parser)
    cut = [e.message for e in parser.error_log if "depth" in e.message.lower()]
    if cut:
        raise InputError("expected a page, found elements nested so deep that text would be lost")
    return tree


def _strip(tree: lxml.html.HtmlElement) -> None:
    for element in tree.iter(etree.Element):
        hidden = "hidden" in element.attrib or _HIDDEN.search(element.get("style", ""))
        if hidden and element.getparent() is not None:
            element.tag = _GONE
    # All at once: each that is taken out by itself joins the words around it anew.
    unseen = (_GONE, *_UNSEEN_TAGS.split("|"), etree.Comment, etree.ProcessingInstruction)
    etree.strip_elements(tree, *unseen, with_tail=False)
