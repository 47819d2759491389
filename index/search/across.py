"""The arrays of many segments as one: words, vectors, outlines.

A row has one number: that of the segment's first row plus its place in there.  Such a number
depends on how the articles came to be in segments.  Nothing that is found does: what is equally
good is taken in the order of the articles' ids, and how common a word is, is counted over all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from index.search.bm25 import Common, Numbers, WordIndex
from index.search.columns import IS_TOLD, SPEAKS, Fit, Outline
from index.search.vectors import Matrix, Vectors

RowNumbers = NDArray[np.int64]


class SegmentPart(Protocol):
    """A segment without the articles that were removed from it since it was made."""

    @property
    def words(self) -> WordIndex: ...
    @property
    def vectors(self) -> Vectors: ...
    @property
    def outline(self) -> Outline: ...
    @property
    def ids(self) -> NDArray[np.bytes_]:
        """The ids of its articles, in UTF-8."""
        ...

    @property
    def ranks(self) -> Numbers:
        """The place of each quote in the order of their ids."""
        ...

    @property
    def dead(self) -> Sequence[int]:
        """The numbers of the articles that were removed."""
        ...

    def near(self, name: str, vector: Matrix, k: int) -> list[int] | None:
        """Rows among which the k nearest are; None if all rows are to be compared."""
        ...

    def live(self, collection: str) -> NDArray[np.bool_] | None:
        """Which passages or quotes are there; None if all of them are."""
        ...


class Places:
    """Turns row numbers of the corpus into segments and row numbers within them.

    ``counts`` are the numbers of rows of the segments, in their order; ``firsts`` are the numbers
    of their first rows, and at the end the number of all rows.
    """

    def __init__(self, counts: Sequence[int]) -> None:
        self.firsts: RowNumbers = np.cumsum([0, *counts])

    def __len__(self) -> int:
        return int(self.firsts[-1])

    def split(self, numbers: ArrayLike) -> Iterator[tuple[int, RowNumbers, RowNumbers]]:
        """Yield each segment that has some of these row numbers: its number, at which places among
        them its own are, and its own as row numbers within the segment.

        Raises IndexError for a number outside the corpus.
        """
        wanted = np.asarray(numbers, np.int64)
        if len(wanted) and not 0 <= wanted.min() <= wanted.max() < len(self):
            raise IndexError(f"no row has one of the numbers {wanted.min()} to {wanted.max()}")
        which = np.searchsorted(self.firsts, wanted, side="right") - 1
        for part in np.unique(which).tolist():
            at = np.flatnonzero(which == part)
            yield part, at, wanted[at] - self.firsts[part]


class WordsAcross:
    """The words of all segments."""

    def __init__(self, parts: Sequence[SegmentPart]) -> None:
        self._parts = [part.words for part in parts]
        self._ids = [part.ids for part in parts]
        self.sentences = Places([len(w.table) for w in self._parts])
        self.articles = Places([len(w.articles) for w in self._parts])
        self.passages = Places([len(w.passages) for w in self._parts])
        self.quotes = Places([len(w.quotes) for w in self._parts])
        self.count = sum(words.count for words in self._parts)
        """How many sentences there are."""

    def frequencies(self, stems: Collection[str]) -> dict[str, int]:
        """In how many sentences each of these stems stands; absent ones left out."""
        found = Counter[str]()
        for words in self._parts:
            found.update(words.frequencies(stems))
        return dict(found)

    def terms(self, beginning: str) -> list[str]:
        """The stems in the sentences of the corpus that begin so, in order; perhaps with some
        that only removed articles had."""
        found = {t for words in self._parts for t in words.terms.beginning(beginning)}
        return sorted(found)

    def title_terms(self, beginning: str) -> list[str]:
        """The stems of the titles that begin so, in order; likewise."""
        found = {t for words in self._parts for t in words.title_terms.beginning(beginning)}
        return sorted(found)

    def having(self, stems: Collection[str]) -> RowNumbers:
        """The sentences that have any of these stems, in order; removed ones among them."""
        return _counted_over_all(self.sentences, (words.having(stems) for words in self._parts))

    def titled(self, stems: Collection[str]) -> RowNumbers:
        """The articles that have any of these stems in their title, in order; likewise."""
        return _counted_over_all(self.articles, (words.titled(stems) for words in self._parts))

    def best(self, stems: Collection[str], limit: int) -> list[int]:
        """The sentences with any of these stems that they tell most of, best first."""
        total = sum(words.total for words in self._parts)
        common = Common(self.count, total, self.frequencies(stems))
        weighed = common.weighed()
        if not (weighed and limit):
            return []
        found: list[tuple[NDArray[Any], ...]] = []
        for place, words in enumerate(self._parts):
            numbers, scores = words.scores(weighed, common)
            found.append(_foremost((numbers, np.full(len(numbers), place), scores), limit))
        together = [np.concatenate(columns) for columns in zip(*found, strict=True)]
        number, part, score = _foremost(tuple(together), limit)
        ids = self._article_ids(part, number)
        order = np.lexsort((number, *ids, -score))[:limit]
        best: list[int] = (number[order] + self.sentences.firsts[part[order]]).tolist()
        return best

    def _article_ids(self, part: NDArray[Any], sentences: NDArray[Any]) -> list[NDArray[Any]]:
        """The ids of the articles of these sentences, none if there is one segment, whose
        sentences are in their order."""
        if len(self._parts) == 1:
            return []
        names = [
            self._ids[p][self._parts[p].article[n]]
            for p, n in zip(part.tolist(), sentences.tolist(), strict=True)
        ]
        return [np.array(names, np.bytes_)]

    def in_order(self, sentences: Collection[int]) -> list[int]:
        """These sentences in the order of their articles' ids, each once."""
        numbers = np.unique(np.array([*sentences], np.int64))
        if len(self._parts) < 2 or not len(numbers):
            return numbers.tolist()  # type: ignore[no-any-return]
        part = np.searchsorted(self.sentences.firsts, numbers, side="right") - 1
        ids = self._article_ids(part, numbers - self.sentences.firsts[part])
        ordered: list[int] = numbers[np.lexsort((numbers, *ids))].tolist()
        return ordered

    def rows(self, sentences: ArrayLike) -> RowNumbers:
        """COLUMNS of these sentences, of shape (n, 5)."""
        counted = (self.articles, None, None, self.passages, self.sentences)
        return self._gathered(self.sentences, sentences, lambda words: words.table, counted)

    def before(self, sentences: ArrayLike) -> RowNumbers:
        """The first of the sentences right before each of these, itself if there is none."""
        column, counted = lambda words: words.before[:, np.newaxis], (self.sentences,)
        return self._gathered(self.sentences, sentences, column, counted)[:, 0]

    def of_articles(self, articles: ArrayLike) -> RowNumbers:
        """[first, beyond) sentence of each of these articles, of shape (n, 2)."""
        counted = (self.sentences, self.sentences)
        return self._gathered(self.articles, articles, lambda words: words.articles, counted)

    def of_passages(self, passages: ArrayLike) -> RowNumbers:
        """[first, beyond) sentence of each of these passages, of shape (n, 2)."""
        counted = (self.sentences, self.sentences)
        return self._gathered(self.passages, passages, lambda words: words.passages, counted)

    def of_quotes(self, quotes: ArrayLike) -> RowNumbers:
        """Article and [first, beyond) sentence of each of these quotes, of shape (n, 3)."""
        counted = (self.articles, self.sentences, self.sentences)
        return self._gathered(self.quotes, quotes, lambda words: words.quotes, counted)

    def _gathered(
        self,
        places: Places,
        numbers: ArrayLike,
        table: Callable[[WordIndex], NDArray[Any]],
        counted: Sequence[Places | None],
    ) -> RowNumbers:
        """Return the rows of these numbers from the tables of the segments, of shape (n, columns).

        ``places`` says whose numbers they are.  ``counted`` says for each column which rows its
        numbers mean, so that they are counted over all segments; None for what is no row number.
        """
        wanted = np.asarray(numbers, np.int64)
        found = np.zeros((len(wanted), len(counted)), np.int64)
        for part, at, local in places.split(wanted):
            found[at] = table(self._parts[part])[local]
            found[at] += np.array([0 if c is None else c.firsts[part] for c in counted])
        return found


def _counted_over_all(places: Places, found: Iterable[NDArray[Any]]) -> RowNumbers:
    """Return the row numbers that were found in each segment as row numbers of the corpus."""
    numbers = (rows + first for rows, first in zip(found, places.firsts, strict=False))
    return np.concatenate([np.zeros(0, np.int64), *numbers])


def _foremost(rows: tuple[NDArray[Any], ...], limit: int) -> tuple[NDArray[Any], ...]:
    """The rows whose last column is among the largest, and those that are as large."""
    last = rows[-1]
    if limit >= len(last):
        return rows
    near = np.flatnonzero(last >= np.partition(last, -limit)[-limit])
    return tuple(column[near] for column in rows)


class VectorsAcross:
    """The vectors of all segments."""

    def __init__(self, parts: Sequence[SegmentPart], words: WordsAcross) -> None:
        self._parts = parts
        self._places = {"passages": words.passages, "quotes": words.quotes}

    def nearest(self, name: str, vector: Matrix, k: int) -> list[int]:
        """The k nearest rows by cosine similarity, nearest first."""
        found = [self._near(part, name, vector, k) for part in range(len(self._parts))]
        if not found:
            return []
        number, place, ids, similar = map(np.concatenate, zip(*found, strict=True))
        nearest: list[int] = number[np.lexsort((place, ids, -similar))[:k]].tolist()
        return nearest

    def _near(self, number: int, name: str, vector: Matrix, k: int) -> tuple[NDArray[Any], ...]:
        """The k nearest rows of a segment, and perhaps some that are as near: their numbers,
        what puts them in order, and how near they are."""
        part, live = self._parts[number], self._parts[number].live(name)
        near = part.near(name, vector, k)
        if near is None:
            rows = np.arange(len(part.vectors.codes[name]))
            similar = part.vectors.all_similarities(name, vector)
        else:
            rows = np.array(near, np.int64)
            similar = np.nan_to_num(part.vectors.similarities(name, rows, vector), nan=-np.inf)
        if live is not None:
            similar = np.where(live[rows], similar, -np.inf)
        limit = np.partition(similar, -k)[-k] if k < len(similar) else -np.inf
        kept = (similar >= limit) & (similar > -np.inf)
        chosen = rows[kept]
        places = part.ranks[chosen] if name == "quotes" else chosen
        first = self._places[name].firsts[number]
        return chosen + first, places, article_ids(part, name, chosen), similar[kept]

    def similarities(self, name: str, rows: ArrayLike, vector: Matrix) -> Matrix:
        """Cosine similarity of each of these rows."""
        wanted = np.asarray(rows, np.int64)
        found = np.zeros(len(wanted), np.float32)
        for part, at, local in self._places[name].split(wanted):
            found[at] = self._parts[part].vectors.similarities(name, local, vector)
        return found


def article_ids(part: SegmentPart, name: str, rows: NDArray[Any]) -> NDArray[np.bytes_]:
    """The ids of the articles of these passages or quotes of a segment."""
    of = part.words.passage_articles if name == "passages" else part.words.quotes[:, 0]
    found: NDArray[np.bytes_] = part.ids[of[rows]]
    return found


class OutlineAcross:
    """The outlines of all segments; ``names_of`` gives the names of a person."""

    def __init__(
        self,
        parts: Sequence[SegmentPart],
        words: WordsAcross,
        names_of: Callable[[str], Sequence[str]],
    ) -> None:
        self._parts, self._firsts, self._names_of = parts, words.quotes.firsts, names_of

    def foremost(
        self, people: Sequence[str], fit: Fit, limit: int, vector: Matrix | None = None
    ) -> list[int]:
        """Numbers of the statements in which one of these people has a part, those that fit
        best, best first.

        First by kind, outlet and period, then by who has the part that was asked for, then
        by the act; then the nearest to a vector, or without one spoken words before what
        is only named; then in the order of the articles' ids and the quotes' own.
        """
        asked = [
            (
                self._names_of(person),
                SPEAKS * (person in fit.speakers) + IS_TOLD * (person in fit.addressees),
            )
            for person in dict.fromkeys(people)
        ]
        found = [part.outline.fitting(asked, fit) for part in self._parts]
        every = np.concatenate([misfit for _, misfit in found]) if found else np.zeros(0, np.int64)
        if not (limit and len(every)):
            return []
        # Of those that cannot be among them neither vector nor tier is looked at.
        bar = np.partition(every, limit - 1)[limit - 1] if limit < len(every) else every.max()
        keys: list[tuple[NDArray[Any], ...]] = []
        for part, first, (entries, misfit) in zip(self._parts, self._firsts, found, strict=False):
            chosen = misfit <= bar
            entries, misfit = entries[chosen], misfit[chosen]
            quotes = entries["quote"]
            last = (
                entries["tier"] != b"speech"
                if vector is None
                else -part.vectors.similarities("quotes", quotes, vector)
            )
            ids = article_ids(part, "quotes", quotes)
            keys.append((quotes + first, part.ranks[quotes], ids, last, misfit))
        number, *order = map(np.concatenate, zip(*keys, strict=True))
        foremost: list[int] = number[np.lexsort(order)[:limit]].tolist()
        return foremost
