"""The words of a topic: what each of them weighs, and how many of them a statement has."""

from __future__ import annotations

import functools
import math
import re
from bisect import bisect_left
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from index.catalog import Catalog
from index.folding import fold, letters
from index.types import Article, Span
from rag.lang import asking
from rag.people import akin, content_stems, stem

TITLE = 0.7
"""Share of its weight that a topic word has in the title of the article."""

AROUND = 0.5
"""The same right before a statement."""

ANYWHERE = 0.2
"""The same anywhere else in the article."""

UNHEARD = 0.5
"""Weight of a topic word that stands in no article: it may be a paraphrase."""

LONGEST_ABBREVIATION = 5
"""Letters of one that may be written with full stops ("U.S.A.")."""

BEFORE = 300
"""Characters before a statement that are right before it."""


class Topic:
    """The stems of what a question is about, with the weight of each in a catalog."""

    def __init__(self, about: str, catalog: Catalog) -> None:
        self._catalog = catalog
        self.weights = self._inverse_frequencies(content_stems(about))
        self._total = sum(self.weights.values())
        self._in_article = functools.cache(self._find_in)  # it has several candidates

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

    def overlap(self, article: Article, span: Span) -> float:
        """Share of the topic's weight in the words of a span; less for words only around it.

        From 0 to 1; 0 if there is no topic.
        """
        found = 0.0
        for weight, in_title, places in self._in_article(article.id):
            at = bisect_left(places, span.start)
            if at < len(places) and places[at] < span.end:
                found += weight
            elif in_title:
                found += weight * TITLE
            elif at and places[at - 1] >= span.start - BEFORE:
                found += weight * AROUND
            else:
                found += weight * ANYWHERE
        return found / self._total if found else 0.0

    def _find_in(self, article_id: str) -> list[tuple[float, bool, list[int]]]:
        """Of each topic word that an article has: its weight, whether the title has it too,
        and where it stands in the text."""
        article = self._catalog.article(article_id)
        text, title = _folded_letters(article.text), content_stems(article.title)
        found = []
        for word, weight in self.weights.items():
            places = _places(word, article.text, text)
            in_title = any(akin(word, one) for one in title)
            if places or in_title:
                found.append((weight, in_title, places))
        return found


def _places(word: str, text: str, folded: str) -> list[int]:
    """Where a stem, or that of its country or people, stands in a text, in order.

    A stem and its words differ behind their first letters only, except for abbreviations.
    """
    beginnings = {word[: max(1, min(4, len(word) - 1))]}
    if len(word) <= LONGEST_ABBREVIATION:
        beginnings.add(".".join(word[:2]))
    found = set[int]()
    for beginning in beginnings:
        at = folded.find(beginning)
        while at >= 0:
            begins = not at or not folded[at - 1].isalnum()
            match = _TOKEN.match(text, at) if begins else None
            if match and akin(word, _stem_of(match[0])):
                found.add(at)
            at = folded.find(beginning, at + 1)
    return sorted(found)


_TOKEN = re.compile(r"(?:\w\.){2,}\w*|\w+")


@functools.lru_cache(maxsize=65536)
def _stem_of(token: str) -> str:
    """The stem of a word of a text; none for a word that carries no topic."""
    word = fold(token.replace(".", ""))
    return "" if word in asking("en").stop_words else stem(word)


@functools.lru_cache(maxsize=1024)
def _folded_letters(text: str) -> str:
    return letters(text)
