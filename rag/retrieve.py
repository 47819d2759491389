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
from index.fit import Fit, foremost
from index.folding import fold
from index.generation import Generation
from index.types import Span
from rag.lang import asking
from rag.people import akin, content_stems, content_stems_of, stem, words
from rag.types import Evidence, Question

BY_SLOT = 200
"""Statements by, to or through the asked people that are read whole: if there are more,
those that fit best by what is known of them without their words."""

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
        # Those of an article are needed once for each of its candidates.
        self._anywhere = functools.cache(
            lambda article_id: content_stems_of(self._catalog.article_words(article_id))
        )
        self._vector: NDArray[np.float32] = embedder.embed([self._about])[0]
        self._weights = self._inverse_frequencies(content_stems(self._about))
        self._alike = {s: self._akin(s) for s in self._weights}

    def _inverse_frequencies(self, stems: Iterable[str]) -> dict[str, float]:
        """How much each topic word tells: log of sentences over sentences that have it."""
        wanted = sorted(set(stems) - {stem(w) for w in asking("en").speech_words})
        found = self._catalog.frequencies(wanted)
        spelt = {s: s if s in found else self._nearest_term(s) for s in wanted}
        found |= self._catalog.frequencies(set(spelt.values()) - found.keys())
        total = self._catalog.sentence_count + 1
        return {
            s: math.log(1 + total / (found.get(s, 0) + 1)) * (1.0 if s in found else UNHEARD)
            for s in spelt.values()
        }

    def _akin(self, stem: str) -> set[str]:
        """A stem, and those of the corpus that are of its country or people."""
        if len(stem) < 5:  # shorter ones are akin to themselves alone
            return {stem}
        return {stem, *(t for t in self._catalog.terms(stem[:5]) if akin(stem, t))}

    def _nearest_term(self, word: str) -> str:
        """The corpus's spelling of a word that it does not have, if one letter apart."""
        if len(word) < 5:
            return word
        near = (t for t in self._catalog.terms(word[0]) if abs(len(t) - len(word)) <= 1)
        return next((t for t in near if OSA.distance(word, t, score_cutoff=1) <= 1), word)

    def candidates(self) -> list[Evidence]:
        quote_ids: dict[str, float | None] = dict.fromkeys(self._by_slots())
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

    def _by_slots(self) -> list[str]:
        """Ids of the statements by the asked people, to them, or passed on by them."""
        people = self._question.addressees + self._question.speakers
        if not people:
            return []
        sides = ("speakers", "addressees", "relays")
        found = (i for side in sides for i in self._catalog.quote_ids(**{side: people}))
        ids = list(dict.fromkeys(found))
        return ids if len(ids) <= BY_SLOT else self._fittest(people)

    def _fittest(self, people: tuple[str, ...]) -> list[str]:
        """Of many statements those that fit best by what is known without their words."""
        asked = self._question
        outlets = self._catalog.outlets() if asked.outlet else []
        fit = Fit(
            speakers=asked.speakers,
            addressees=asked.addressees,
            act=asked.act,
            kind=asked.quote_kind,
            outlets=tuple(o for o in outlets if fold(asked.outlet) in fold(o)),
            since=asked.since,
            until=asked.until,
        )
        topical = bool(asked.topic or asked.words or asked.context)
        near = self._vector if topical else None
        return foremost(self._catalog, people, fit, BY_SLOT, near)

    def _keeps_to(self, outlet: str, kind: str) -> bool:
        """Whether a statement keeps to the outlet and the kind of quote."""
        asked = self._question
        return (not asked.quote_kind or kind == asked.quote_kind) and (
            not asked.outlet or fold(asked.outlet) in fold(outlet)
        )

    def _in_period(self, day: str) -> bool:
        """Whether a day of publication is in the period; an unknown one is in none."""
        since, until = self._question.since, self._question.until
        if not (since or until):
            return True
        after, before = day[: len(since)] >= since, not until or day[: len(until)] <= until
        return bool(day) and after and before

    def _wanted(self, evidence: Evidence) -> bool:
        """Whether a candidate keeps to outlet, period and kind of quote."""
        article, quote = evidence.article, evidence.quote
        if not self._keeps_to(article.outlet, quote.kind if quote else ""):
            return False
        return self._in_period(article.published) or self._names_month(evidence)

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
                )
            )
        return found

    def _sentence(self, article_id: str, span: Span, similarity: float) -> Evidence:
        article = self._catalog.article(article_id)
        own = content_stems(span.slice(article.text))
        overlap = self._overlap(own, article_id, span)
        return Evidence(article, span, span, None, similarity, overlap)

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
            (ANYWHERE, self._anywhere(article_id)),
        )

        def share(stem: str) -> float:
            alike = self._alike[stem]
            return next((share for share, found in tiers if not found.isdisjoint(alike)), 0.0)

        return sum(weight * share(stem) for stem, weight in self._weights.items()) / total
