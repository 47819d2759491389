"""Articles are parsed and embedded, as a stream: what was found in each, with its vectors."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from index.embed import Embedder
from index.errors import OnRecordError
from index.extract import Extraction
from index.load import Failure, Loaded
from index.segment import passages
from index.store import Analysed
from index.types import Article
from index.vectors import Matrix
from index.workers import extractions

BATCH = 4
"""Articles that are embedded and stored together, while the next are parsed."""

Known = Mapping[str, Matrix]
"""Texts that were embedded before, and their vectors."""

_Parsed = tuple[Article, Extraction | OnRecordError]
_Batch = list[tuple[Article, Analysed | OnRecordError]]


def analysed(
    work: Iterable[Loaded],
    embedder: Embedder,
    processes: int,
    stored: Callable[[str], Known] = lambda _: {},
) -> Iterator[tuple[str, Analysed | Failure]]:
    """Each article with what was found in it; while some are stored the next are embedded,
    and those behind them parsed.

    ``stored`` tells what was embedded when an article of this id was analysed before: a text
    is embedded once in its life.
    """
    sources: dict[str, str] = {}
    known: dict[str, Known] = {}

    def articles() -> Iterator[Article]:
        for item in work:
            sources[item.article.id] = item.source
            known[item.article.id] = stored(item.article.id)
            yield item.article

    def with_vectors(batch: Sequence[_Parsed]) -> _Batch:
        return _with_vectors(batch, embedder, {a.id: known.pop(a.id) for a, _ in batch})

    parsed = extractions(articles(), processes=processes)
    batches = iter(lambda: list(itertools.islice(parsed, BATCH)), [])
    with ThreadPoolExecutor(1, thread_name_prefix="analyse") as aside:
        for batch in _one_ahead(aside.submit(with_vectors, b) for b in batches):
            for article, found in batch:
                source = sources.pop(article.id)
                if isinstance(found, OnRecordError):
                    yield source, Failure(source, str(found))
                else:
                    yield source, found


def _one_ahead(batches: Iterator[Future[_Batch]]) -> Iterator[_Batch]:
    """Batches in order; while one is stored, which waits for the disk, the next is made."""
    made = next(batches, None)
    while made is not None:
        following = next(batches, None)
        yield made.result()
        made = following


def _with_vectors(
    batch: Sequence[_Parsed], embedder: Embedder, known: Mapping[str, Known]
) -> _Batch:
    good = [(a, found) for a, found in batch if not isinstance(found, OnRecordError)]
    done = {analysed.article.id: analysed for analysed in _embedded(good, embedder, known)}
    return [
        (article, found if isinstance(found, OnRecordError) else done[article.id])
        for article, found in batch
    ]


def _embedded(
    extracted: Sequence[tuple[Article, Extraction]],
    embedder: Embedder,
    known: Mapping[str, Known],
) -> Iterator[Analysed]:
    """The articles with their vectors; all that are new are made in one call."""
    drafts = [
        (article, found.quotes, passages(article, found.sentences, found.quotations))
        for article, found in extracted
    ]
    texts = {
        article.id: [
            *(p.span.slice(article.text) for p in parts),
            *(" ".join(s.slice(article.text) for s in q.content) for q in quotes),
        ]
        for article, quotes, parts in drafts
    }
    rows = {text: row for held in known.values() for text, row in held.items()}
    new = [t for t in dict.fromkeys(itertools.chain(*texts.values())) if t not in rows]
    rows |= zip(new, embedder.embed(new), strict=True)
    for article, quotes, parts in drafts:
        found = np.array([rows[text] for text in texts[article.id]], np.float32)
        found = found.reshape(-1, embedder.dimension)
        yield Analysed(article, tuple(parts), quotes, found[: len(parts)], found[len(parts) :])
