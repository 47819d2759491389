"""Articles are parsed and embedded, as a stream: what was found in each, with its vectors."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from index.attribution.extract import Quotes, segmented
from index.embedding.embed import Embedder
from index.embedding.tokens import Coded, covers, moved
from index.errors import InputError, OnRecordError
from index.indexing.workers import parallel_extractions
from index.ingest.load import Failure, Loaded
from index.search.vectors import Matrix
from index.storage.made import EncodedArticle, EncodedText
from index.storage.store import Analysed
from index.types import Article, Passage, Span

ARTICLES_PER_BATCH = 4
"""Articles that are embedded and stored together, while the next are parsed."""

KnownTexts = Mapping[str, EncodedText]
"""Texts that were embedded before, and what the model made of them."""

_Batch = list[tuple[Article, Analysed | OnRecordError]]


@dataclass(frozen=True, slots=True)
class _Begun:
    """What of an article is done before it is parsed: its passages, with their vectors."""

    passages: list[Passage]
    made: list[EncodedText]
    known: KnownTexts


def analysed(
    work: Iterable[Loaded],
    embedder: Embedder,
    processes: int,
    stored: Callable[[str], KnownTexts] = lambda _: {},
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

        parsed = parallel_extractions(articles(), processes=processes)
        batches = iter(lambda: list(itertools.islice(parsed, ARTICLES_PER_BATCH)), [])
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


def _begun(article: Article, embedder: Embedder, known: KnownTexts) -> _Begun | OnRecordError:
    try:
        parts = segmented(article)
    except Exception as error:  # whatever one article breaks, the others go on
        return InputError(f"{article.id} could not be read: {error}")
    texts = [part.span.slice(article.text) for part in parts]
    return _Begun(parts, _embedded(texts, embedder, known, frozenset(texts)), known)


def _finished(
    parsed: Sequence[tuple[Article, _Begun, Quotes]], embedder: Embedder
) -> Iterator[Analysed]:
    """The articles with the vectors of their quotes, those that are new made in one call."""
    apart = [
        _apart(article.text, [p.span for p in begun.passages], begun.made, [*_contents(quotes)])
        for article, begun, quotes in parsed
    ]
    texts = [
        [_quoted_text(article.text, content) for content in _contents(quotes)]
        for article, _, quotes in parsed
    ]
    known = {text: made for _, begun, _ in parsed for text, made in begun.known.items()}
    both = zip(itertools.chain(*texts), itertools.chain(*apart), strict=True)
    need = {text for text, alone in both if alone}
    known = {text: made for text, made in known.items() if made.tokens or text not in need}
    found = iter(_embedded([*itertools.chain(*texts)], embedder, known, need))
    for (article, begun, quotes), own in zip(parsed, apart, strict=True):
        mine = [next(found) for _ in quotes]
        yield Analysed(
            article,
            tuple(begun.passages),
            quotes,
            _vectors_of(begun.made, embedder),
            _vectors_of(mine, embedder),
            tuple(made.tokens for made in begun.made),
            tuple(m.tokens if alone else b"" for m, alone in zip(mine, own, strict=True)),
        )


def embedded_again(
    embedder: Embedder, text: str, passages: Sequence[Span], quotes: Sequence[Sequence[Span]]
) -> EncodedArticle:
    """What the model makes of a stored article, by its text, the spans of its passages and what
    its quotes say, both in the order of their ids."""
    parts = [span.slice(text) for span in passages]
    made = _embedded(parts, embedder, {}, frozenset(parts))
    alone = _apart(text, passages, made, quotes)
    said = [_quoted_text(text, content) for content in quotes]
    need = {words for words, own in zip(said, alone, strict=True) if own}
    known = dict(zip(parts, made, strict=True))
    known = {words: one for words, one in known.items() if one.tokens or words not in need}
    found = _embedded(said, embedder, known, need)
    return EncodedArticle.of(
        [(span, one.vector, one.tokens) for span, one in zip(passages, made, strict=True)],
        [
            (content, one.vector, one.tokens if own else b"")
            for content, one, own in zip(quotes, found, alone, strict=True)
        ],
        embedder.dimension,
    )


def _contents(quotes: Quotes) -> Iterator[Sequence[Span]]:
    return (quote.content for quote in quotes)


def _quoted_text(text: str, content: Sequence[Span]) -> str:
    return " ".join(span.slice(text) for span in content)


def _apart(
    text: str,
    passages: Sequence[Span],
    made: Sequence[EncodedText],
    quotes: Sequence[Sequence[Span]],
) -> list[bool]:
    """Which quotes have words that are in no passage, as those in headings, so that their
    word pieces come from their own pass."""
    if not any(one.tokens for one in made):  # the model has none, or there is no passage
        return [not passages] * len(quotes)
    starts = [
        moved(Coded.unpacked(one.tokens), [span]).starts
        for span, one in zip(passages, made, strict=True)
    ]
    there = frozenset(np.concatenate(starts).tolist())
    return [not covers(text, content, there) for content in quotes]


def _embedded(
    texts: Sequence[str], embedder: Embedder, known: KnownTexts, pieces_of: Collection[str]
) -> list[EncodedText]:
    """What the model makes of these texts, in order, with the word pieces of some of them;
    those that are not known are embedded."""
    new = [text for text in dict.fromkeys(texts) if text not in known]
    with_pieces, without = ([t for t in new if (t in pieces_of) is want] for want in (True, False))
    rows = embedder.encode_document(without, tokens=False).vectors
    made = {**known, **dict(zip(without, map(EncodedText, rows), strict=True))}
    encoded = embedder.encode_document(with_pieces)
    for text, row, found in zip(with_pieces, *encoded, strict=True):
        made[text] = EncodedText(row, Coded.of(found).packed() if found else b"")
    return [made[text] for text in texts]


def _vectors_of(made: Sequence[EncodedText], embedder: Embedder) -> Matrix:
    found = np.array([one.vector for one in made], np.float32)
    return found.reshape(len(made), embedder.dimension)
