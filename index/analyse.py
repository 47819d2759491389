"""Articles are parsed and embedded, as a stream: what was found in each, with its vectors."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from index.embed import Embedder
from index.errors import InputError, OnRecordError
from index.extract import Quotes, segmented
from index.load import Failure, Loaded
from index.store import Analysed
from index.types import Article, Passage
from index.vectors import Matrix
from index.workers import extractions

BATCH = 4
"""Articles that are embedded and stored together, while the next are parsed."""

Known = Mapping[str, Matrix]
"""Texts that were embedded before, and their vectors."""

_Batch = list[tuple[Article, Analysed | OnRecordError]]


@dataclass(frozen=True, slots=True)
class _Begun:
    """What of an article is done before it is parsed: its passages, with their vectors."""

    passages: list[Passage]
    vectors: Matrix
    known: Known


def analysed(
    work: Iterable[Loaded],
    embedder: Embedder,
    processes: int,
    stored: Callable[[str], Known] = lambda _: {},
) -> Iterator[tuple[str, Analysed | Failure]]:
    """Each article with what was found in it.

    While some are stored the next are embedded, their passages even before they are parsed.
    ``stored`` tells what was embedded when an article of this id was analysed before: a text
    is embedded once in its life.
    """
    sources: dict[str, str] = {}
    begun: dict[str, Future[_Begun | OnRecordError]] = {}
    with ThreadPoolExecutor(1, thread_name_prefix="analyse") as aside:

        def articles() -> Iterator[Article]:
            for item in work:
                article = item.article
                sources[article.id] = item.source
                begun[article.id] = aside.submit(_begun, article, embedder, stored(article.id))
                yield article

        def finished(batch: Sequence[tuple[Article, Quotes | OnRecordError]]) -> _Batch:
            ahead = {article.id: begun.pop(article.id).result() for article, _ in batch}
            good = [
                (a, b, q)
                for a, q in batch
                if isinstance(q, tuple) and isinstance(b := ahead[a.id], _Begun)
            ]
            done = dict(zip((a.id for a, *_ in good), _finished(good, embedder), strict=True))
            bad = {
                a.id: error
                for a, q in batch
                for error in (ahead[a.id], q)
                if isinstance(error, OnRecordError)
            }
            return [(a, bad.get(a.id) or done[a.id]) for a, _ in batch]

        parsed = extractions(articles(), processes=processes)
        batches = iter(lambda: list(itertools.islice(parsed, BATCH)), [])
        for batch in _one_ahead(aside.submit(finished, b) for b in batches):
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


def _begun(article: Article, embedder: Embedder, known: Known) -> _Begun | OnRecordError:
    try:
        parts = segmented(article)
    except Exception as error:  # whatever one article breaks, the others go on
        return InputError(f"{article.id} could not be read: {error}")
    return _Begun(parts, _rows([p.span.slice(article.text) for p in parts], embedder, known), known)


def _finished(
    parsed: Sequence[tuple[Article, _Begun, Quotes]], embedder: Embedder
) -> Iterator[Analysed]:
    """The articles with the vectors of their quotes, those that are new made in one call."""
    texts = [
        [" ".join(span.slice(article.text) for span in q.content) for q in quotes]
        for article, _, quotes in parsed
    ]
    known = {text: row for _, begun, _ in parsed for text, row in begun.known.items()}
    rows, at = _rows([*itertools.chain(*texts)], embedder, known), 0
    for article, begun, quotes in parsed:
        mine, at = rows[at : at + len(quotes)], at + len(quotes)
        yield Analysed(article, tuple(begun.passages), quotes, begun.vectors, mine)


def _rows(texts: Sequence[str], embedder: Embedder, known: Known) -> Matrix:
    """The vectors of these texts, in order; those that are not known are made."""
    new = [text for text in dict.fromkeys(texts) if text not in known]
    rows = {**known, **dict(zip(new, embedder.embed(new), strict=True))}
    found = np.array([rows[text] for text in texts], np.float32)
    return found.reshape(len(texts), embedder.dimension)
