"""The words of a topic: what each of them weighs, and how many of them a statement has."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from index.catalog import Catalog
from index.types import Article, Span
from rag.lang import asking
from rag.people import akin, content_stems, content_stems_of, stem

TITLE = 0.7
"""Share of its weight that a topic word has in the title of the article."""

AROUND = 0.5
"""The same right before a statement."""

ANYWHERE = 0.2
"""The same anywhere else in the article."""

UNHEARD = 0.5
"""Weight of a topic word that stands in no article: it may be a paraphrase."""

BEFORE = 300
"""Characters before a statement that are right before it."""


class Topic:
    """The stems of what a question is about, with the weight of each in a catalog."""

    def __init__(self, about: str, catalog: Catalog) -> None:
        self._catalog = catalog
        self.weights = self._inverse_frequencies(content_stems(about))
        self._total = sum(self.weights.values())
        self._shares = functools.cache(self._shares_of)  # an article has several candidates

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

    def _nearest_term(self, word: str) -> str:
        """The corpus's spelling of a word that it does not have, if one letter apart."""
        if len(word) < 5:
            return word
        near = (t for t in self._catalog.terms(word[0]) if abs(len(t) - len(word)) <= 1)
        return next((t for t in near if OSA.distance(word, t, score_cutoff=1) <= 1), word)

    def overlap(self, own: frozenset[str], article: Article, span: Span) -> float:
        """Share of the topic's weight in the stems of a statement; less for words only
        around it.  From 0 to 1; 0 if there is no topic."""
        if not self._total:
            return 0.0
        shares = self._shares(article.id)
        found = 0.0
        for word, weight in self.weights.items():
            if _among(word, own):
                found += weight
            elif (share := shares[word]) == ANYWHERE and _among(
                word, _before(article.text, span.start)
            ):
                found += weight * AROUND
            else:
                found += weight * share
        return found / self._total

    def _shares_of(self, article_id: str) -> dict[str, float]:
        """What each topic word counts for its place in an article: title, text, or neither."""
        title = content_stems(self._catalog.article(article_id).title)
        text = content_stems_of(self._catalog.article_words(article_id))
        return {
            word: TITLE if _among(word, title) else ANYWHERE if _among(word, text) else 0.0
            for word in self.weights
        }


def _before(text: str, start: int) -> frozenset[str]:
    return content_stems(text[max(0, start - BEFORE) : start])


def _among(word: str, found: frozenset[str]) -> bool:
    """Whether a stem, or that of its country or people, is among others."""
    if word in found or len(word) < 5:  # shorter ones are akin to themselves alone
        return word in found
    beginning = word[:5]
    return beginning in _beginnings(found) and any(
        o.startswith(beginning) and akin(word, o) for o in found
    )


@functools.lru_cache(maxsize=8192)
def _beginnings(stems: frozenset[str]) -> frozenset[str]:
    """The first five letters of stems, so that a word is not held against all of them."""
    return frozenset(one[:5] for one in stems)
