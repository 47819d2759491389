"""A reading of a question becomes candidates, by slots, by words and by meaning.

Slots come from the outline (who speaks, to whom), words from the inverted index (BM25),
meaning from the vectors, by Chroma where they are many.  Each candidate carries its signals of
topic; the ranking decides.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from index.embedding.embed import Embedder
from index.embedding.tokens import Encoded
from index.search.catalog import Catalog
from index.search.columns import Fit
from index.search.vectors import Matrix
from index.settings import cores
from index.storage.snapshot import Generation
from index.text.folding import fold
from index.types import Article, Quote, Span
from rag.lang import asking
from rag.people import content_stems, stem, words
from rag.ranking.conversations import CONVERSATION_STEMS
from rag.ranking.participants import KnownPeople
from rag.ranking.vetoes import vetoed
from rag.retrieval.late import compared
from rag.retrieval.topic import Topic
from rag.types import Evidence, Question

MAX_QUOTES_BY_SLOT = 200
"""At most this many quotes by, to or through the asked people, chosen by speaker, addressee, date
and act before their text is read."""

MAX_SENTENCES_BY_WORDS = 60
"""At most this many sentences for each set of words that is looked up by BM25."""

MAX_QUOTES_BY_MEANING = 40
"""At most this many quotes, those that are nearest by meaning, for each vector."""

MAX_PASSAGES_BY_MEANING = 20
"""At most this many passages for each vector; all of their sentences are candidates."""


def retrieve(
    question: Question, generation: Generation, embedder: Embedder, people: KnownPeople
) -> list[Evidence]:
    """Return the candidates, in no order of merit.

    Vetoed candidates are kept: `rank` needs them to explain a refusal.
    """
    return _Search(question, generation, embedder, people).candidates()


class _Search:
    def __init__(
        self, question: Question, generation: Generation, embedder: Embedder, people: KnownPeople
    ) -> None:
        self._question = question
        self._people = people
        self._catalog: Catalog = generation.catalog
        self._generation = generation
        topic = " ".join(filter(None, (question.words, question.topic)))
        whole = question.text if question.kind == "to_whom" and not question.follow_up else ""
        self._about = whole or topic or question.context or question.text
        self._embedder = embedder
        self._topic = Topic(self._about, self._catalog.words)

    def candidates(self) -> list[Evidence]:
        words, found = self._catalog.words, self._by_words()
        self._vector, passages, near = self._nearest()
        beside = (n for run in words.of_passages(passages).tolist() for n in range(*run))
        sentences = words.in_order({*found, *beside})
        at_hand = self._catalog.quotes_in(sentences)
        numbers = list(dict.fromkeys((*self._by_slots(), *near, *at_hand)))
        every = self._evidence(numbers, sentences)
        wanted = [c for c in every if self._wanted(c)] if self._is_limited() else every
        return compared(wanted, self._generation.tokens, *self._tokens)

    def _nearest(self) -> tuple[Matrix, list[int], list[int]]:
        """Return the vector of the topic, and the passages and quotes that are nearest to it or to
        the whole question."""
        vectors, tokens = self._encoded()
        self._tokens = tokens[0], tokens[-1]
        quotes = _aside().submit(self._nearest_rows, "quotes", vectors, MAX_QUOTES_BY_MEANING)
        passages = self._nearest_rows("passages", vectors, MAX_PASSAGES_BY_MEANING)
        return vectors[0], passages, quotes.result()

    def _encoded(self) -> Encoded:
        """Return the vectors of the topic and of the whole question, of one if they are equal.

        One is made in a thread beside the other: Python's lock is held by neither for long.
        """
        encode, whole = self._embedder.encode_query, self._question.text
        if whole == self._about:
            return encode([whole])
        beside = _aside().submit(encode, [whole])
        topic, other = encode([self._about]), beside.result()
        return Encoded(
            np.concatenate([topic.vectors, other.vectors]), [*topic.tokens, *other.tokens]
        )

    def _nearest_rows(self, what: str, vectors: Matrix, limit: int) -> list[int]:
        """Return the numbers of the rows that are nearest to any of these vectors."""
        near = self._generation.nearest
        return list(dict.fromkeys(n for vector in vectors for n in near(what, vector, limit)))

    def _by_slots(self) -> list[int]:
        """Return the numbers of the statements by, to, or passed on by the asked people."""
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
        people = tuple(dict.fromkeys(asked.addressees + asked.speakers + asked.named))
        return self._generation.outline.foremost(people, fit, MAX_QUOTES_BY_SLOT, near)

    def _is_limited(self) -> bool:
        """Return whether an outlet, a period or a kind of quote is asked for."""
        asked = self._question
        return bool(asked.outlet or asked.quote_kind or asked.since or asked.until)

    def _keeps_to(self, outlet: str, kind: str) -> bool:
        """Return whether a statement keeps to the outlet and the kind of quote."""
        asked = self._question
        return (not asked.quote_kind or kind == asked.quote_kind) and (
            not asked.outlet or fold(asked.outlet) in fold(outlet)
        )

    def _in_period(self, day: str) -> bool:
        """Return whether a day of publication is in the period; an unknown one is in none."""
        since, until = self._question.since, self._question.until
        if not (since or until):
            return True
        after, before = day[: len(since)] >= since, not until or day[: len(until)] <= until
        return bool(day) and after and before

    def _wanted(self, evidence: Evidence) -> bool:
        """Return whether a candidate keeps to outlet, period and kind of quote."""
        article, quote = evidence.article, evidence.quote
        if not self._keeps_to(article.outlet, quote.kind if quote else ""):
            return False
        return self._in_period(article.published) or self._names_month(evidence)

    def _names_month(self, evidence: Evidence) -> bool:
        """Return whether the question names a month and the sentence does so too: reported
        later."""
        sentence = evidence.sentence.slice(evidence.article.text)
        return bool(_months_in(self._question.text) & _months_in(sentence))

    def _by_words(self) -> list[int]:
        """Return the sentences with the topic's words, or with the asked people's names."""
        people = self._question.speakers + self._question.addressees
        names = {stem(w) for name in people for w in words(name)}
        topic = self._topic.weights.keys()
        whole = content_stems(self._question.text)
        best = self._catalog.words.best
        sought = dict.fromkeys((frozenset(topic), frozenset(topic | names), whole))
        if talk := self._question.conversed:
            those = {stem(w) for name in talk.people for w in words(name)}
            sought |= {frozenset(those | CONVERSATION_STEMS): None}
        return [n for stems in sought if stems for n in best(stems, MAX_SENTENCES_BY_WORDS)]

    def _evidence(self, numbers: Sequence[int], sentences: Sequence[int]) -> list[Evidence]:
        """Return the statements and the bare sentences of these numbers, with their signals; a bare
        sentence has the similarity of its passage."""
        words, vectors = self._catalog.words, self._generation.vectors
        stated, bare = words.of_quotes(numbers), words.rows(sentences)
        passages, of_passage = np.unique(bare[:, 3], return_inverse=True)
        similar = np.concatenate(
            [
                vectors.similarities("quotes", numbers, self._vector),
                vectors.similarities("passages", passages, self._vector)[of_passage],
            ]
        )
        alone = np.array(sentences, np.int64)
        articles = np.concatenate([stated[:, 0], bare[:, 0]])
        first, beyond = np.concatenate([stated[:, 1:], np.stack([alone, alone + 1], axis=1)]).T
        overlap, inside = self._topic.overlaps(articles, first, beyond)
        quotes = self._catalog.quotes_at(numbers)
        spans = [Span(start, end) for start, end in bare[:, 1:3].tolist()]
        candidates = zip(
            self._catalog.articles_at(articles.tolist()),
            (*(quote.span for quote in quotes), *spans),
            (*(quote.sentence for quote in quotes), *spans),
            (*quotes, *[None] * len(spans)),
            *(signal.tolist() for signal in (similar, overlap, inside)),
            strict=True,
        )
        return [self._with_veto(*candidate) for candidate in candidates]

    def _with_veto(
        self,
        article: Article,
        span: Span,
        sentence: Span,
        quote: Quote | None,
        similarity: float,
        overlap: float,
        inside: float,
    ) -> Evidence:
        """Return a candidate that knows whether a veto holds for it."""
        original = self._catalog.original_of.get(article.id, "")
        parts = (article, span, sentence, quote, similarity, overlap, inside)
        item = Evidence(*parts, original=original)
        if vetoed(self._question, item, self._people):
            return Evidence(*parts, original=original, vetoed=True)
        return item


@functools.cache
def _aside() -> ThreadPoolExecutor:
    """Return worker threads for work beside the question's own thread.

    Tasks must not wait for one another, or they could deadlock.
    """
    return ThreadPoolExecutor(cores(), thread_name_prefix="meaning")


def _months_in(text: str) -> set[int]:
    """Return the months that a text names; "may" is one behind a preposition or with a capital."""
    months = asking().months
    found = {months[w] for w in words(text) if w in months and w != "may"}
    may = re.search(r"\b(?:in|of|since|until|by|last|next|early|late) may\b|[a-z] May\b", text)
    return found | ({5} if may else set())
