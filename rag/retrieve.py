"""A reading of a question becomes candidates, by slots, by words and by meaning.

Slots come from SQLite (who speaks, to whom), words from its full-text index (BM25),
meaning from the Chroma collections.  Each candidate carries its two signals of topic;
the ranking decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog, Sentence
from index.embed import Embedder
from index.generation import Generation
from index.types import Quote, Span
from rag.lang import asking
from rag.people import akin, content_stems, stem, words
from rag.types import Evidence, Question

BY_SLOT = 2000
"""Statements of one person that are looked at; nobody in a year's archive has more."""

BY_WORDS = 60
BY_MEANING = 40


def retrieve(question: Question, generation: Generation, embedder: Embedder) -> list[Evidence]:
    """Candidates in no order of merit; negated and hypothetical statements among them."""
    return _Search(question, generation, embedder).candidates()


class _Search:
    def __init__(self, question: Question, generation: Generation, embedder: Embedder) -> None:
        self._question = question
        self._catalog: Catalog = generation.catalog
        self._generation = generation
        topic = " ".join(filter(None, (question.words, question.topic)))
        self._about = question.text if question.kind == "to_whom" else topic or question.text
        self._vector: NDArray[np.float32] = embedder.embed([self._about])[0]
        self._weights = self._inverse_frequencies(content_stems(self._about))
        self._context: dict[tuple[str, Span], frozenset[str]] = {}

    def _inverse_frequencies(self, stems: Iterable[str]) -> dict[str, float]:
        """How much each topic word tells: log of sentences over sentences that have it."""
        wanted = sorted(set(stems) - {stem(w) for w in asking("en").speech_words})
        found = self._catalog.frequencies(wanted)
        total = self._catalog.sentence_count() + 1
        return {s: math.log(1 + total / (found.get(s, 0) + 1)) for s in wanted}

    def candidates(self) -> list[Evidence]:
        quote_ids: dict[str, float | None] = {}
        if self._question.speakers or self._question.addressees:
            for side in ("speakers", "addressees", "relays"):
                people = self._question.addressees + self._question.speakers
                found = self._catalog.quote_ids(**{side: people})[:BY_SLOT]
                quote_ids.update(dict.fromkeys(found))
        quote_ids.update(self._generation.vectors.nearest("quotes", self._vector, BY_MEANING))
        sentences = {(s.article_id, s.span) for s in self._by_words()}
        nearest = dict(self._generation.vectors.nearest("passages", self._vector, BY_MEANING // 4))
        near: dict[tuple[str, Span], float] = {}
        for passage in self._catalog.passages(list(nearest)):
            for span in passage.sentences:
                near[passage.article_id, span] = nearest[passage.id]
        at_hand = self._quotes_at(sentences | near.keys())
        quote_ids.update({q.id: quote_ids.get(q.id) for q in at_hand})
        quotes = self._quotes(quote_ids)
        bare = [
            self._sentence(article_id, span, near.get((article_id, span), 0.0))
            for article_id, span in sorted(sentences | near.keys())
        ]
        return quotes + bare

    def _by_words(self) -> list[Sentence]:
        """Sentences with the topic's words; the asked people's names count as words too."""
        people = self._question.speakers + self._question.addressees
        topic = [w for w in words(self._about) if stem(w) in self._weights]
        names = [w for name in people for w in words(name)]
        found = self._catalog.sentences(topic, BY_WORDS)
        return found + (self._catalog.sentences(topic + names, BY_WORDS) if names else [])

    def _quotes_at(self, places: Iterable[tuple[str, Span]]) -> list[Quote]:
        spans: dict[str, list[Span]] = {}
        for article_id, span in places:
            spans.setdefault(article_id, []).append(span)
        ids = self._catalog.quote_ids(article_ids=spans) if spans else []
        return [
            quote
            for quote in self._catalog.quotes(ids)
            if any(quote.sentence.overlaps(span) for span in spans[quote.article_id])
        ]

    def _quotes(self, ids: dict[str, float | None]) -> list[Evidence]:
        vectors = self._catalog.quote_vectors(list(ids))
        found = []
        for quote in self._catalog.quotes(list(ids)):
            article = self._catalog.article(quote.article_id)
            own = content_stems(" ".join(s.slice(article.text) for s in quote.content))
            own |= content_stems(quote.sentence.slice(article.text))
            found.append(
                Evidence(
                    article=article,
                    span=quote.span,
                    sentence=quote.sentence,
                    quote=quote,
                    similarity=float(vectors[quote.id] @ self._vector),
                    overlap=self._overlap(own, quote.article_id, quote.sentence),
                )
            )
        return found

    def _sentence(self, article_id: str, span: Span, similarity: float) -> Evidence:
        article = self._catalog.article(article_id)
        own = content_stems(span.slice(article.text))
        overlap = self._overlap(own, article_id, span)
        return Evidence(article, span, span, None, similarity, overlap)

    def _overlap(self, own: frozenset[str], article_id: str, span: Span) -> float:
        """Share of the topic's weight in the words; half of it for words just around."""
        total = sum(self._weights.values())
        if not total:
            return 0.0
        around = self._around(article_id, span)
        return (
            sum(
                weight if _among(s, own) else 0.5 * weight if s in around else 0.0
                for s, weight in self._weights.items()
            )
            / total
        )

    def _around(self, article_id: str, span: Span) -> frozenset[str]:
        """Words of the title and of a few hundred characters before a sentence."""
        key = (article_id, span)
        if key not in self._context:
            article = self._catalog.article(article_id)
            before = article.text[max(0, span.start - 300) : span.start]
            self._context[key] = content_stems(f"{article.title} {before}")
        return self._context[key]


def _among(word: str, found: frozenset[str]) -> bool:
    """Whether a stem, or that of its country or people, is among others."""
    return word in found or any(akin(word, other) for other in found)
