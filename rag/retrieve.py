"""A reading of a question becomes candidates, by slots, by words and by meaning.

Slots come from SQLite (who speaks, to whom), words from its full-text index (BM25),
meaning from the Chroma collections.  Each candidate carries its two signals of topic;
the ranking decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog, Sentence
from index.embed import Embedder
from index.fit import Fit, foremost
from index.folding import fold
from index.generation import Generation
from rag.lang import asking
from rag.people import stem, words
from rag.topic import Topic
from rag.types import Evidence, Question

BY_SLOT = 200
"""Statements by, to or through the asked people that are read whole: if there are more,
those that fit best by what is known of them without their words."""

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
        whole = question.text if question.kind == "to_whom" and not question.follow_up else ""
        self._about = whole or topic or question.context or question.text
        self._vector: NDArray[np.float32] = embedder.embed([self._about])[0]
        self._topic = Topic(self._about, self._catalog)

    def candidates(self) -> list[Evidence]:
        nearest = self._generation.nearest("passages", self._vector, BY_MEANING // 4)
        beside = self._catalog.sentences_of([i for i, _ in nearest])
        sentences = {s.id: s for s in (*self._by_words(), *beside)}
        near = self._generation.nearest("quotes", self._vector, BY_MEANING)
        at_hand = self._catalog.quotes_in(sentences)
        quotes = self._statements([*self._by_slots(), *(i for i, _ in near), *at_hand])
        bare = self._bare(sorted(sentences.values(), key=lambda s: (s.article_id, s.span)))
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
        sentence = evidence.sentence.slice(evidence.article.text)
        return bool(_months_in(self._question.text) & _months_in(sentence))

    def _by_words(self) -> list[Sentence]:
        """Sentences with the topic's words; the asked people's names count as words too."""
        people = self._question.speakers + self._question.addressees
        topic = [w for w in words(self._about) if stem(w) in self._topic.weights]
        names = [w for name in people for w in words(name)]
        topic = sorted({*topic, *self._topic.weights})
        found = self._catalog.sentences(topic, BY_WORDS)
        return found + (self._catalog.sentences(topic + names, BY_WORDS) if names else [])

    def _statements(self, ids: Iterable[str]) -> list[Evidence]:
        quotes = self._catalog.quotes(ids)
        similar = self._generation.similarities("quotes", [q.id for q in quotes], self._vector)
        found = []
        for quote in quotes:
            article = self._catalog.article(quote.article_id)
            overlap = self._topic.overlap(article, quote.sentence)
            found.append(
                Evidence(
                    *(article, quote.span, quote.sentence, quote, similar[quote.id], overlap),
                    original=self._catalog.original_of.get(article.id, ""),
                )
            )
        return found

    def _bare(self, sentences: Sequence[Sentence]) -> list[Evidence]:
        """Sentences by themselves, each with the similarity of its passage."""
        passages = {s.passage_id for s in sentences}
        similar = self._generation.similarities("passages", passages, self._vector)
        found = []
        for sentence in sentences:
            article, span = self._catalog.article(sentence.article_id), sentence.span
            overlap = self._topic.overlap(article, span)
            found.append(
                Evidence(
                    *(article, span, span, None, similar[sentence.passage_id], overlap),
                    original=self._catalog.original_of.get(article.id, ""),
                )
            )
        return found


def _months_in(text: str) -> set[int]:
    """The months that a text names; "may" is one behind a preposition or with a capital."""
    months = asking("en").months
    found = {months[w] for w in words(text) if w in months and w != "may"}
    may = re.search(r"\b(?:in|of|since|until|by|last|next|early|late) may\b|[a-z] May\b", text)
    return found | ({5} if may else set())
