"""Markdown: what a reader sees of it, a paragraph a block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.types import Article

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"^(\w+)[ \t]*+:(.*)$", re.MULTILINE)
_NAMES = {"title": "title", "date": "published", "author": "author", "url": "url"}
_NAMES |= {"outlet": "outlet", "source": "outlet"}


def markdown(file: File) -> Items:
    source = decode(file.path.read_bytes(), file.charset, file.encoding)
    front = _FRONT.match(source)
    pairs = _PAIR.findall(front[1]) if front else []
    said = {_NAMES[k.lower()]: v.strip(" \t").strip("\"'") for k, v in pairs if k.lower() in _NAMES}
    tokens = MarkdownIt("commonmark").parse(source[front.end() if front else 0 :])
    blocks = [text for token in tokens if (text := _text(token).strip())]
    first = next((n for n, t in enumerate(tokens) if t.type == "heading_open"), None)
    if first == 0 and "title" not in said:
        said["title"] = one_line(_text(tokens[1]))
    yield Item(storable(Article(id=file.id, text="\n\n".join(blocks), **said)))


def _text(token: Token) -> str:
    return "".join(_inline_texts(token.children or ())) if token.type == "inline" else ""


def _inline_texts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
