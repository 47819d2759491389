"""The words of a topic: what each of them weighs, and how many of them a statement has."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from index.search.across import RowNumbers, WordsAcross
from rag.people import akin, content_stems, speech_stems

TITLE = 0.7
"""Share of its weight that a topic word has in the title of the article."""

WEIGHT_AROUND = 0.5
"""Share of its weight that a topic word has right before a statement."""

ANYWHERE = 0.2
"""Share of its weight that a topic word has anywhere else in the article."""

UNHEARD = 0.5
"""Weight of a topic word that stands in no article: it may be a paraphrase."""

KIN = 5
"""Letters, at least, with which both a country and its people begin (`akin`)."""


class Topic:
    """The stems of what a question is about, with the weight of each in a corpus."""

    def __init__(self, about: str, words: WordsAcross) -> None:
        self._words = words
        self.weights = self._inverse_frequencies(content_stems(about))

    def _inverse_frequencies(self, stems: Iterable[str]) -> dict[str, float]:
        """Return the inverse frequency of each topic word: the logarithm of the number of all
        sentences over the number of those that have it."""
        wanted = sorted(set(stems) - speech_stems())
        found = self._words.frequencies(wanted)
        spelt = {s: s if s in found else self._nearest_term(s) for s in wanted}
        found |= self._words.frequencies(set(spelt.values()) - found.keys())
        total = self._words.count + 1
        return {
            s: math.log(1 + total / (found.get(s, 0) + 1)) * (1.0 if s in found else UNHEARD)
            for s in spelt.values()
        }

    def _nearest_term(self, word: str) -> str:
        """Return the corpus's spelling of a word that it does not have, if one letter apart."""
        if len(word) < 5:
            return word
        near = (t for t in self._words.terms(word[0]) if abs(len(t) - len(word)) <= 1)
        close = [t for t in near if OSA.distance(word, t, score_cutoff=1) <= 1]
        there = self._words.frequencies(close)  # a removed article may have been all that had it
        return next((t for t in close if t in there), word)

    def overlaps(
        self, articles: RowNumbers, first: RowNumbers, beyond: RowNumbers
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the share of the topic's weight in each run of sentences, given by its first
        sentence and the one behind its last.

        The first figure counts words around the run for less, the second does not count them.
        """
        found, inside_only, words = np.zeros(len(first)), np.zeros(len(first)), self._words
        begins, ends = words.of_articles(articles).T
        before, inside = first.copy(), first < ends  # a heading at the end is behind them all
        before[inside] = words.before(first[inside])
        bounds = np.stack([before, first, beyond, begins, ends])
        for weight, having, titled in self._lists:
            places = np.searchsorted(having, bounds)
            share = np.where(places[3] < places[4], ANYWHERE, 0.0)
            share[places[0] < places[1]] = WEIGHT_AROUND
            share[np.isin(articles, titled)] = TITLE
            own = places[1] < places[2]
            share[own] = 1.0
            found += weight * share
            inside_only += weight * own
        total = sum(self.weights.values()) or 1.0
        return found / total, inside_only / total

    @functools.cached_property
    def _lists(self) -> list[tuple[float, RowNumbers, RowNumbers]]:
        """Return each stem's weight with the sentences and titles that have the stem or its kin."""
        kin = ((weight, self._kin(stem_)) for stem_, weight in self.weights.items())
        return [(weight, self._words.having(k), self._words.titled(k)) for weight, k in kin]

    def _kin(self, word: str) -> list[str]:
        """Return the stems of the corpus that are a word's own, or that of its country or
        people."""
        if len(word) < KIN:
            return [word]
        near = {*self._words.terms(word[:KIN]), *self._words.title_terms(word[:KIN])}
        return [word, *sorted(term for term in near if term != word and akin(word, term))]
