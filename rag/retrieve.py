"""A reading of a question becomes candidates, by slots, by words and by meaning.

Slots come from SQLite (who speaks, to whom), words from its full-text index (BM25),
meaning from the Chroma collections.  Each candidate carries its two signals of topic;
the ranking decides.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from index.catalog import Catalog, Sentence
from index.embed import Embedder
from index.folding import fold
from index.generation import Generation
from index.types import Span
from rag.lang import asking
from rag.people import akin, content_stems, stem, words
from rag.types import Evidence, Question

BY_SLOT = 2000
"""Statements of one person that are looked at; nobody in a year's archive has more."""

BY_WORDS = 60
BY_MEANING = 40

TITLE = 0.7
"""Share of its weight that a topic word has in the title of the article."""

AROUND = 0.5
"""The same right before a statement."""

ANYWHERE = 0.2
"""The same anywhere else in the article."""

UNHEARD = 0.5
"""Weight of a topic word that stands in no article: it may be a paraphrase."""


def retrieve(question: Question, generation: Generation, embedder: Embedder) -> list[Evidence]:
    """Candidates in no order of merit; negated and hypothetical statements among them."""
    return _Search(question, generation, embedder).candidates()


class _Search:
    def __init__(self, question: Question, generation: Generation, embedder: Embedder) -> None:
        self._question = question
        self._catalog: Catalog = generation.catalog
        self._generation = generation
        topic = " ".join(filter(None, (question.words, question.topic)))
        whole = question.text if question.kind == "to_whom" and not question.follow_up else ""
        self._about = whole or topic or question.context or question.text
        self._vector: NDArray[np.float32] = embedder.embed([self._about])[0]
        self._weights = self._inverse_frequencies(content_stems(self._about))

    def _inverse_frequencies(self, stems: Iterable[str]) -> dict[str, float]:
        """How much each topic word tells: log of sentences over sentences that have it."""
        wanted = sorted(set(stems) - {stem(w) for w in asking("en").speech_words})
        found = self._catalog.frequencies(wanted)
        spelt = {s: s if s in found else self._nearest_term(s) for s in wanted}
        found |= self._catalog.frequencies(set(spelt.values()) - found.keys())
        total = self._catalog.sentence_count() + 1
        return {
            s: math.log(1 + total / (found.get(s, 0) + 1)) * (1.0 if s in found else UNHEARD)
            for s in spelt.values()
        }

    def _nearest_term(self, word: str) -> str:
        """The corpus's spelling of a word that it does not have, if one letter apart."""
        if len(word) < 5:
            return word
        near = (t for t in self._catalog.terms(word[0]) if abs(len(t) - len(word)) <= 1)
        return next((t for t in near if OSA.distance(word, t, score_cutoff=1) <= 1), word)

    def candidates(self) -> list[Evidence]:
        quote_ids: dict[str, float | None] = {}
        if self._question.speakers or self._question.addressees:
            for side in ("speakers", "addressees", "relays"):
                people = self._question.addressees + self._question.speakers
                found = self._catalog.quote_ids(**{side: people})[:BY_SLOT]
                quote_ids.update(dict.fromkeys(found))
        quote_ids.update(self._generation.nearest("quotes", self._vector, BY_MEANING))
        sentences = {(s.article_id, s.span) for s in self._by_words()}
        near = self._near(sentences)
        at_hand = self._quotes_at(sentences | near.keys())
        quote_ids.update({i: quote_ids.get(i) for i in at_hand})
        quotes = self._quotes(quote_ids)
        bare = [
            self._sentence(article_id, span, near[article_id, span])
            for article_id, span in sorted(sentences | near.keys())
        ]
        return [c for c in quotes + bare if self._wanted(c)]

    def _wanted(self, evidence: Evidence) -> bool:
        """Whether a candidate keeps to outlet, period and kind of quote."""
        question, article, quote = self._question, evidence.article, evidence.quote
        if question.quote_kind and (quote is None or quote.kind != question.quote_kind):
            return False
        if question.outlet and fold(question.outlet) not in fold(article.outlet):
            return False
        if not (question.since or question.until):
            return True
        since, until = question.since, question.until
        day = article.published
        if (
            day
            and (not since or day[: len(since)] >= since)
            and (not until or day[: len(until)] <= until)
        ):
            return True
        return self._names_month(evidence)

    def _names_month(self, evidence: Evidence) -> bool:
        """Whether the question names a month and the sentence does so too: reported later."""
        months = asking("en").months
        asked = {months[w] for w in words(self._question.text) if w in months and w != "may"}
        sentence = words(evidence.sentence.slice(evidence.article.text))
        return bool(asked & {months[w] for w in sentence if w in months})

    def _near(self, places: Iterable[tuple[str, Span]]) -> dict[tuple[str, Span], float]:
        """Sentences and the similarity of their passage: those of the nearest passages, and
        the given ones."""
        wanted = set(places)
        nearest = dict(self._generation.nearest("passages", self._vector, BY_MEANING // 4))
        beside = self._catalog.passages_of({article_id for article_id, _ in wanted})
        vectors = self._catalog.passage_vectors([p.id for p in beside])
        similarity = nearest | {i: float(v @ self._vector) for i, v in vectors.items()}
        return {
            (p.article_id, span): similarity[p.id]
            for p in self._catalog.passages(list(similarity))
            for span in p.sentences
            if p.id in nearest or (p.article_id, span) in wanted
        }

    def _by_words(self) -> list[Sentence]:
        """Sentences with the topic's words; the asked people's names count as words too."""
        people = self._question.speakers + self._question.addressees
        topic = [w for w in words(self._about) if stem(w) in self._weights]
        names = [w for name in people for w in words(name)]
        topic = sorted({*topic, *self._weights})
        found = self._catalog.sentences(topic, BY_WORDS)
        return found + (self._catalog.sentences(topic + names, BY_WORDS) if names else [])

    def _quotes_at(self, places: Iterable[tuple[str, Span]]) -> list[str]:
        """Ids of the quotes that touch these sentences."""
        spans: dict[str, list[Span]] = {}
        for article_id, span in places:
            spans.setdefault(article_id, []).append(span)
        return [
            quote_id
            for quote_id, article_id, sentence in self._catalog.quote_places(spans)
            if any(sentence.overlaps(span) for span in spans[article_id])
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
                    original=self._catalog.original_of.get(article.id, ""),
                )
            )
        return found

    def _sentence(self, article_id: str, span: Span, similarity: float) -> Evidence:
        article = self._catalog.article(article_id)
        own = content_stems(span.slice(article.text))
        overlap = self._overlap(own, article_id, span)
        original = self._catalog.original_of.get(article_id, "")
        return Evidence(article, span, span, None, similarity, overlap, original=original)

    def _overlap(self, own: frozenset[str], article_id: str, span: Span) -> float:
        """Share of the topic's weight in the words; less for words only around them."""
        total = sum(self._weights.values())
        if not total:
            return 0.0
        article = self._catalog.article(article_id)
        before = content_stems(article.text[max(0, span.start - 300) : span.start])
        tiers = (
            (1.0, own),
            (TITLE, content_stems(article.title)),
            (AROUND, before),
            (ANYWHERE, content_stems(article.text)),
        )

        def share(stem: str) -> float:
            return next((share for share, found in tiers if _among(stem, found)), 0.0)

        return sum(weight * share(stem) for stem, weight in self._weights.items()) / total


def _among(word: str, found: frozenset[str]) -> bool:
    """Whether a stem, or that of its country or people, is among others."""
    return word in found or any(akin(word, o) for o in _by_beginning(found).get(word[:5], ()))


@functools.lru_cache(maxsize=4096)
def _by_beginning(stems: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Stems by their first five letters, so that a word is not held against all of them."""
    out: dict[str, tuple[str, ...]] = {}
    for one in stems:
        out[one[:5]] = (*out.get(one[:5], ()), one)
    return out
