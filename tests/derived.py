"""Small corpora made by hand, derived by the real code; nothing is parsed or embedded."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embedding.tokens_across import TokensAcross
from index.search.across import OutlineAcross, VectorsAcross
from index.search.catalog import Catalog
from index.search.vectors import COLLECTIONS
from index.settings import EXTRACTOR, SCHEMA, Fingerprint
from index.storage.publish import publish
from index.storage.snapshot import Generation, writing
from index.storage.store import Analysed, Store
from index.text.segment import passages, sentences
from index.types import Article, Mention, Quote, Span

DIMENSION = 8
MADE_WITH = Fingerprint(SCHEMA, EXTRACTOR, "by hand", "none", DIMENSION)


@dataclass(frozen=True, slots=True)
class Derived:
    """What a generation is read through, Chroma apart."""

    catalog: Catalog
    vectors: VectorsAcross
    outline: OutlineAcross
    tokens: TokensAcross
    generation: Generation

    @property
    def matrices(self) -> dict[str, np.ndarray]:
        """The matrices of an index of one segment, or of none."""
        parts = self.generation.parts
        empty = np.zeros((0, DIMENSION), np.float32)
        return parts[0].vectors.matrices if parts else dict.fromkeys(COLLECTIONS, empty)


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
    with writing(folder), Store(folder) as store:
        store._db.execute("PRAGMA synchronous=OFF")  # nothing here is dear
        for one in articles:
            store.put(one, f"{one.article.id}.txt", MADE_WITH)
        publish(folder, store, MADE_WITH)
    generation = Generation(folder)
    try:
        yield Derived(
            generation.catalog,
            generation.vectors,
            generation.outline,
            generation.tokens,
            generation,
        )
    finally:
        generation.close()


def corrected_parts(catalog: Catalog, quote_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which parts of these statements a reader put right; others are left out."""
    marks = ",".join("?" * len(quote_ids))
    found: dict[str, tuple[str, ...]] = {}
    for quote_id, part in catalog.rows(
        f"SELECT quote_id, part FROM corrections WHERE quote_id IN ({marks}) ORDER BY part",
        quote_ids,
    ):
        found[quote_id] = (*found.get(quote_id, ()), part)
    return found
