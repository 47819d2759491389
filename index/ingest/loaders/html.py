"""Web pages: the main text and what the page says about it, by trafilatura.

What a reader does not see (scripts, styles, comments, hidden elements, attributes) is
taken out first.  A page that the parser would cut short is refused; one of whose words only
a few were taken for the article is doubtful.
"""

from __future__ import annotations

import re

import lxml.html
import trafilatura

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.ingest.loaders.page_text import keep_sentences, mark_quotations, strip_unseen, text_of
from index.types import Article

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
XML_ENCODING = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_HEAD = 4096  # bytes in which browsers look for a declaration
_TENTH = 10


def html(file: File) -> Items:
    data = file.path.read_bytes()
    source = decode(data, file.charset or declared(data), file.encoding)
    found, doubt = article(source, file.id, file.url)
    yield Item(storable(found), doubt=doubt)


def declared(data: bytes) -> str:
    """The encoding that a page names in its first bytes, "" if none."""
    found = XML_ENCODING.search(data[:_HEAD]) or _CHARSET.search(data[:_HEAD])
    return found[1].decode("ascii") if found else ""


def article(source: str, article_id: str, url: str = "") -> tuple[Article, str]:
    """The article of a decoded page, and why it is doubtful that it is all of it ("" if not).

    Raises InputError if there is none, or the parser would cut it short.
    """
    tree = _tree(source)
    about = trafilatura.extract_metadata(
        tree,
        default_url=url or None,
        date_config={"extensive_search": False, "original_date": True},
    )
    strip_unseen(tree)
    mark_quotations(tree)
    keep_sentences(tree)
    seen = sum(map(len, tree.text_content().split()))
    found = trafilatura.bare_extraction(
        tree, url=url or None, include_comments=False, include_tables=True, with_metadata=False
    )
    text = getattr(found, "text", None) or ""
    taken = sum(map(len, text.split()))
    if not taken:
        raise InputError("expected a page with an article, found no main text")
    doubt = ""
    if _TENTH * taken < seen:
        doubt = f"only {max(1, 100 * taken // seen)}% of the words of this page were taken"
    return Article(
        id=article_id,
        text=text,
        title=one_line(about.title),
        url=url or about.url or "",
        outlet=one_line(about.sitename),
        author=one_line(about.author),
        published=about.date or "",
    ), doubt


def fragment(source: str, *, quotations: bool = True) -> str:
    """The words of a piece of HTML, a block a line; "" for none.

    Block quotations are put into marks, unless they are what a mail answers.
    """
    if not source.strip():
        return ""
    tree = _tree(f"<html><body><div>{source}</div></body></html>")
    strip_unseen(tree)
    if quotations:
        mark_quotations(tree)
    return text_of(tree)


def _tree(source: str) -> lxml.html.HtmlElement:
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = lxml.html.document_fromstring(source.encode(), parser=parser)
    cut = [e.message for e in parser.error_log if "depth" in e.message.lower()]
    if cut:
        raise InputError("expected a page, found elements nested so deep that text would be lost")
    return tree
