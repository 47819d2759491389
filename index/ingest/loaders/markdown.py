"""Markdown: what a reader sees of the page that it stands for, a paragraph a block."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.html import fragment
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.types import Article

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"^(\w+)[ \t]*+:(.*)$", re.MULTILINE)
_NAMES = {"title": "title", "date": "published", "author": "author", "url": "url"}
_NAMES |= {"outlet": "outlet", "source": "outlet"}


def markdown_page(file: File) -> Items:
    source = decode(file.path.read_bytes(), file.charset, file.encoding)
    front = _FRONT.match(source)
    pairs = _PAIR.findall(front[1]) if front else []
    said = {_NAMES[k.lower()]: v.strip(" \t").strip("\"'") for k, v in pairs if k.lower() in _NAMES}
    reader = MarkdownIt("commonmark").enable("table")
    body = source[front.end() if front else 0 :]
    tokens = reader.parse(body)
    first = next((n for n, t in enumerate(tokens) if t.type == "heading_open"), None)
    if first == 0 and "title" not in said:
        said["title"] = one_line(fragment(reader.renderer.render(tokens[:3], reader.options, {})))
    text = fragment(reader.renderer.render(tokens, reader.options, {}))
    yield Item(storable(Article(id=file.id, text=text, **said)))
