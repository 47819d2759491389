"""Small corpora made by hand, derived by the real code; nothing is parsed or embedded."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.search.catalog import Catalog
from index.search.columns import Outline
from index.search.vectors import VECTORS_FOLDER, Vectors
from index.settings import EXTRACTOR, SCHEMA, Fingerprint
from index.storage.derive import derive
from index.storage.store import Analysed, Store
from index.text.segment import passages, sentences
from index.types import Article, Mention, Quote, Span

DIMENSION = 8
MADE_WITH = Fingerprint(SCHEMA, EXTRACTOR, "by hand", "none", DIMENSION)


@dataclass(frozen=True, slots=True)
class Derived:
    """What a generation is read through, Chroma apart."""

    catalog: Catalog
    vectors: Vectors
    outline: Outline


def mention(name: str | None) -> Mention:
    """Somebody who is named where the article begins, wherever that is."""
    return Mention(Span(0, 1), name)


def quote(
    article: Article,
    words: str,
    speakers: Sequence[str | None] = (),
    addressees: Sequence[str | None] = (),
    relays: Sequence[str | None] = (),
    **rest: str,
) -> Quote:
    """A statement whose sentence is where the article has these words for the first time."""
    start = article.text.index(words)
    span = Span(start, start + len(words))
    first, *others = [mention(name) for name in speakers] or [None]
    told, passed_on = (tuple(map(mention, names)) for names in (addressees, relays))
    tag = zlib.crc32(repr((speakers, addressees, relays, rest)).encode())
    parts = {"kind": "direct", **rest}
    return Quote(
        id=f"{article.id}#q{span.start}-{span.end}-{tag}",
        article_id=article.id,
        content=(span,),
        sentence=span,
        speaker=first,
        co_speakers=tuple(others),
        addressees=told,
        chain=passed_on,
        **parts,
    )


def analysed(article: Article, quotes: Iterable[Quote] = ()) -> Analysed:
    """An article cut by the project's own code; vectors are drawn from the ids."""
    cut = sentences(article.text)
    parts, said = tuple(passages(article, cut, ())), tuple(quotes)
    return Analysed(article, parts, said, *(_drawn([p.id for p in ps]) for ps in (parts, said)))


def _drawn(ids: Sequence[str]) -> np.ndarray:
    rows = [np.random.default_rng(zlib.crc32(i.encode())).normal(size=DIMENSION) for i in ids]
    matrix = np.array(rows, np.float32).reshape(-1, DIMENSION)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


@contextlib.contextmanager
def derived(folder: Path, articles: Iterable[Analysed]) -> Iterator[Derived]:
    """These articles, put into a store in this order, and what is derived of it."""
    folder.mkdir()
    with Store(folder) as store:
        store._db.execute("PRAGMA synchronous=OFF")  # nothing here is dear
        for one in articles:
            store.put(one, f"{one.article.id}.txt", MADE_WITH)
        store.snapshot(folder / "catalog.sqlite3")
    derive(folder / "catalog.sqlite3", folder, DIMENSION)
    catalog, vectors = Catalog(folder / "catalog.sqlite3"), Vectors(folder / VECTORS_FOLDER)
    try:
        yield Derived(catalog, vectors, Outline(folder, catalog, vectors))
    finally:
        catalog.close()
