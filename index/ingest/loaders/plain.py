"""Plain text: the file is the article, its lines joined where they were broken to a width."""

from __future__ import annotations

from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.item import Item, Items, storable
from index.ingest.loaders.lines import unwrapped_paragraphs
from index.types import Article


def text(file: File) -> Items:
    words = decode(file.path.read_bytes(), file.charset, file.encoding)
    yield Item(storable(Article(id=file.id, text=unwrapped_paragraphs(words), url=file.url)))
