"""RSS and Atom, by feedparser: an entry with a text is an article."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from typing import Any

import feedparser

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.html import XML_ENCODING, fragment
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.types import Article


def feed(file: File) -> Items:
    data = file.path.read_bytes()
    said = XML_ENCODING.search(data)
    text = decode(data, file.charset or (said[1].decode("ascii") if said else ""), file.encoding)
    # A stream and a charset: feedparser opens names and addresses, and guesses encodings.
    headers = {"content-type": "application/xml; charset=utf-8"}
    found = feedparser.parse(io.BytesIO(text.encode()), response_headers=headers)
    if not found.version:
        raise InputError("expected an RSS or Atom feed, found other XML")
    outlet = one_line(found.feed.get("title"))
    numbers: dict[str, int] = {}
    for number, entry in enumerate(found.entries, 1):
        try:
            article = storable(_entry_article(entry, outlet))
            if (first := numbers.setdefault(article.id, number)) != number:
                raise InputError(f"expected one entry an id, found {article.id!r} of entry {first}")
        except InputError as error:
            yield Item(str(error), number)
        else:
            yield Item(article, number)


def _entry_article(entry: Mapping[str, Any], outlet: str) -> Article:
    contents = [part.get("value", "") for part in entry.get("content", [])]
    body = max([*contents, entry.get("summary", "")], key=len)
    link = str(entry.get("link", ""))
    given = str(entry.get("id", "") or link)
    if not given:
        raise InputError("expected an entry with an id or a link, found neither")
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    return Article(
        id=given,
        text=fragment(body),
        title=one_line(fragment(entry.get("title", ""))),
        url=link,
        outlet=outlet,
        author=one_line(entry.get("author")),
        published=time.strftime("%Y-%m-%dT%H:%M:%SZ", when) if when else "",
    )
