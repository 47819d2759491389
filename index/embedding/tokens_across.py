"""The word pieces of many segments as one."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from index.embedding.tokens import Tokens, TokenVectors, weights
from index.search.across import SegmentPart, WordsAcross
from index.search.vectors import Matrix


class TokensPart(SegmentPart, Protocol):
    """A segment with the word pieces of its articles."""

    @property
    def tokens(self) -> Tokens: ...


class TokensAcross:
    """The word pieces of all segments; ``number_of`` gives the number of an article by its id."""

    def __init__(
        self, parts: Sequence[TokensPart], words: WordsAcross, number_of: Callable[[str], int]
    ) -> None:
        self._parts, self._words, self._number_of = parts, words, number_of

    def __bool__(self) -> bool:
        """Whether there are any; none if the embedder has no vectors of tokens."""
        return any(part.tokens for part in self._parts)

    def similarities(
        self, question: TokenVectors, candidates: Sequence[tuple[str | int, int, int]]
    ) -> Matrix:
        """The parts of MaxSim, of shape (candidates, Q), as Tokens has them; a candidate is the
        id or the number of an article, and a span of its text.

        Raises KeyError for an article that is not there.
        """
        best = np.zeros((len(candidates), len(question.ids)), np.float32)
        numbered = [
            (a if isinstance(a, int) else self._number_of(a), start, end)
            for a, start, end in candidates
        ]
        places = np.array(numbered, np.int64).reshape(-1, 3)
        for part, at, local in self._words.articles.split(places[:, 0]):
            own = np.column_stack([local, places[at, 1:]])
            best[at] = self._parts[part].tokens.similarities(question, own)
        return best

    def weights(self, question: TokenVectors) -> Matrix:
        """What each word piece of the question tells, of shape (Q,)."""
        ids, having = {*question.ids.tolist()}, Counter[int]()
        for part, gone in zip(self._parts, self._gone, strict=True):
            having.update(part.tokens.sentences_having(ids))
            having.subtract({i: gone[i] for i in ids if i in gone})
        return weights(question, self._words.count, having)

    @functools.cached_property
    def _gone(self) -> list[Counter[int]]:
        """In how many sentences of removed articles each word piece stands, by segment."""
        found = []
        for part in self._parts:
            gone = Counter[int]()
            for number in part.dead:
                first, beyond = part.words.articles[number].tolist()
                starts = np.sort(part.words.start[first:beyond].astype(np.int64))
                gone.update(part.tokens.in_sentences(number, starts))
            found.append(gone)
        return found
