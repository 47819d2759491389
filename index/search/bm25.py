"""The words of a segment: in which sentences each stands, and how often.

An inverted index of Porter stems, as plain arrays that readers map into memory.  A word
weighs in a sentence what BM25 gives it (Robertson & Zaragoza 2009, with the constants of
SQLite's FTS5); how common it is and how long sentences are is known of all segments together
(across.py), so that is worked out when a question is asked.  Beside them is where each
sentence stands, so that which words are in, before and around a statement is known without
its article being read.

    words/terms.npy, title_terms.npy    the stems in order, one behind the other, in UTF-8
    words/*_ends.npy, *_first.npy       where each of them ends, and where its list begins
    words/postings.npy, counts.npy      the sentences of each stem, and how often it is there
    words/titles.npy                    the articles with each stem in their title
    words/sentences.npy, lengths.npy    SENTENCE_COLUMNS of each sentence, and how many words it has
    words/articles.npy, passages.npy    [first, beyond) sentence of each
    words/passage_articles.npy          the article of each passage
    words/quotes.npy                    article and [first, beyond) sentence of each
"""

from __future__ import annotations

import copy
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.search.vectors import mapped
from index.text.folding import plain_words, stem
from index.types import Span

POSTINGS_FOLDER = "words"

Numbers = NDArray[np.uint32]
Scores = NDArray[np.float32]
NumberRows = Sequence[tuple[int, ...]]

CONTEXT_CHARACTERS = 300
"""Characters before a sentence; the sentences in them are right before it."""

SENTENCE_COLUMNS = ("article", "start", "end", "passage", "before")
"""Of a sentence; ``before`` is the first of those right before it, itself if there is none."""

AMONG = "IN (SELECT value FROM json_each(?))"
"""For a list of values as JSON: SQLite takes a limited number of single ones."""

MAX_SENTENCES_WEIGHED = 30_000
"""Sentences that a search for words weighs at most, if its rarest word has no more."""

_HELD = 1024
"""Stems whose lists are remembered."""

_K1, _B = 1.2, 0.75
_LEAST = 1e-6
"""The weight of a word that more than half of the sentences have."""


class _Lists:
    """Stems, each with a growing list of numbers, and a count beside each number."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self._term, self._number, self._count = array("I"), array("I"), array("I")

    def add(self, number: int, counts: Mapping[str, int]) -> None:
        for term, count in counts.items():
            self._term.append(self.terms.setdefault(term, len(self.terms)))
            self._number.append(number)
            self._count.append(count)

    def write(self, folder: Path, terms: str, numbers: str) -> Numbers:
        """Write the stems in their order and the list of each; gives the counts beside the
        numbers of the lists."""
        order = sorted(self.terms, key=str.encode)
        rank = np.zeros(len(order), np.uint32)
        rank[[self.terms[term] for term in order]] = np.arange(len(order))
        term = rank[np.frombuffer(self._term, np.uint32)]
        by_term = np.argsort(term, kind="stable")  # the numbers of a term came in their order
        number, count = (np.frombuffer(a, np.uint32)[by_term] for a in (self._number, self._count))
        spelt = [term.encode() for term in order]
        np.save(folder / f"{terms}.npy", np.frombuffer(b"".join(spelt), np.uint8))
        _save(folder / f"{terms}_ends.npy", np.cumsum([0, *map(len, spelt)]))
        _save(folder / f"{terms}_first.npy", np.searchsorted(term[by_term], range(len(order) + 1)))
        np.save(folder / f"{numbers}.npy", number)
        return count


def _save(file: Path, values: NDArray[Any]) -> None:
    """Write whole numbers in the smallest type that holds them all."""
    np.save(file, values.astype(np.min_scalar_type(values.max(initial=0))))


class PostingsWriter:
    """Takes the articles in the order of their numbers, and writes the index of their words."""

    def __init__(self) -> None:
        self._words, self._titles = _Lists(), _Lists()
        self._lengths = array("I")
        self._sentences: list[tuple[int, ...]] = []
        self._articles: list[tuple[int, int]] = []
        self._passages: list[tuple[int, int]] = []
        self._of_passages = array("I")

    def add(self, text: str, title: str, passages: Iterable[Sequence[Span]]) -> list[Span]:
        """Take the next article with the sentences of its passages; gives all of these."""
        article, first = len(self._articles), len(self._sentences)
        self._titles.add(article, Counter(map(stem, plain_words(title))))
        spans = list[Span]()
        for sentences in passages:
            begins = len(self._sentences)
            for span in sentences:
                number, stems = len(self._sentences), [*map(stem, plain_words(span.slice(text)))]
                self._words.add(number, Counter(stems))
                self._lengths.append(len(stems))
                spans.append(span)
                near = bisect_right(spans, span.start - CONTEXT_CHARACTERS, key=lambda s: s.end)
                row = (article, span.start, span.end, len(self._passages), first + near)
                self._sentences.append(row)
            self._passages.append((begins, len(self._sentences)))
            self._of_passages.append(article)
        self._articles.append((first, len(self._sentences)))
        return spans

    def write(self, folder: Path, quotes: NumberRows) -> None:
        """Write the files; ``quotes`` are their articles and sentences."""
        folder.mkdir()
        _save(folder / "counts.npy", self._words.write(folder, "terms", "postings"))
        self._titles.write(folder, "title_terms", "titles")
        _save(folder / "lengths.npy", np.frombuffer(self._lengths, np.uint32))
        np.save(folder / "passage_articles.npy", np.frombuffer(self._of_passages, np.uint32))
        table = np.array(self._sentences, np.uint32).reshape(-1, len(SENTENCE_COLUMNS))
        np.save(folder / "sentences.npy", np.asfortranarray(table))
        for name, rows, width in (
            ("articles", self._articles, 2),
            ("passages", self._passages, 2),
            ("quotes", quotes, 3),
        ):
            np.save(folder / f"{name}.npy", np.array(rows, np.uint32).reshape(-1, width))


class _Terms:
    """Stems in order, held in memory, each with the place of its list."""

    def __init__(self, folder: Path, name: str) -> None:
        self._spelt = mapped(folder / f"{name}.npy").tobytes()
        self._ends = array("Q", np.load(folder / f"{name}_ends.npy").astype(np.uint64).tobytes())
        self._first = mapped(folder / f"{name}_first.npy")
        self._known: dict[str, slice | None] = {}

    def _at(self, number: int) -> bytes:
        return self._spelt[self._ends[number] : self._ends[number + 1]]

    def places(self, stems: Iterable[str]) -> dict[str, slice]:
        """Where the list of each stem is; absent ones left out."""
        if len(self._known) > _HELD:
            self._known = {}
        known, found = self._known, {}
        for stem_ in stems:  # one question looks for the same ones several times
            place = known[stem_] if stem_ in known else known.setdefault(stem_, self._place(stem_))
            if place is not None:
                found[stem_] = place
        return found

    def _place(self, stem_: str) -> slice | None:
        spelt, size = stem_.encode(errors="surrogatepass"), len(self._ends) - 1
        at = bisect_left(range(size), spelt, key=self._at)
        if at == size or self._at(at) != spelt:
            return None
        return slice(int(self._first[at]), int(self._first[at + 1]))

    def beginning(self, letters: str) -> Iterator[str]:
        """The stems that begin so, in order."""
        spelt, size = letters.encode(errors="surrogatepass"), len(self._ends) - 1
        for at in range(bisect_left(range(size), spelt, key=self._at), size):
            if not (term := self._at(at)).startswith(spelt):
                return
            yield term.decode()


@dataclass(frozen=True, slots=True)
class Common:
    """Frequencies over all segments: the number of sentences, the number of their words, and the
    number of sentences that have each stem."""

    sentences: int
    words: int
    having: Mapping[str, int]

    def weight(self, stem_: str) -> float:
        """The inverse document frequency of a stem, as BM25 has it; never negative."""
        have = self.having[stem_]
        return float(max(np.log((self.sentences - have + 0.5) / (have + 0.5)), _LEAST))

    def weighed(self) -> list[str]:
        """The stems by which sentences are weighed, rarest first.

        Every sentence that has one of them is weighed, so a stem is left out if with it there would
        be more than MAX_SENTENCES_WEIGHED; the rarest is always kept.
        """
        found, left = list[str](), MAX_SENTENCES_WEIGHED
        for count, stem_ in sorted((count, stem_) for stem_, count in self.having.items()):
            left -= count
            if left >= 0 or not found:
                found.append(stem_)
        return found


class WordIndex:
    """The words of a segment, opened for reading."""

    def __init__(self, folder: Path) -> None:
        def read(name: str) -> NDArray[Any]:
            return mapped(folder / f"{name}.npy")

        self.terms, self.title_terms = _Terms(folder, "terms"), _Terms(folder, "title_terms")
        self._postings, self._counts, self._titles = map(read, ("postings", "counts", "titles"))
        self.table, self._lengths = read("sentences"), read("lengths")
        self.article, self.start, self.end, self.passage, self.before = self.table.T
        self.articles, self.passages, self.quotes = map(read, ("articles", "passages", "quotes"))
        self.passage_articles = read("passage_articles")
        self.count = len(self.table)
        self.total = int(self._lengths.sum(dtype=np.int64))
        self._dead = np.zeros((0, 2), np.uint32)
        self.live: NDArray[np.bool_] | None = None

    def without(self, dead: Sequence[int]) -> WordIndex:
        """This index without the sentences of some articles."""
        if not dead:
            return self
        left = copy.copy(self)
        left._dead = self.articles[np.array(dead)]
        left.live = np.ones(len(self.table), np.bool_)
        for first, beyond in left._dead.tolist():
            left.live[first:beyond] = False
            left.count -= beyond - first
            left.total -= int(self._lengths[first:beyond].sum(dtype=np.int64))
        return left

    def frequencies(self, stems: Collection[str]) -> dict[str, int]:
        """In how many sentences each of these stems stands; absent ones left out."""
        found = {}
        for stem_, place in self.terms.places(stems).items():
            count = place.stop - place.start
            if self.live is not None:
                bounds = np.searchsorted(self._postings[place], self._dead)
                count -= int((bounds[:, 1] - bounds[:, 0]).sum())
            if count:
                found[stem_] = count
        return found

    def having(self, stems: Collection[str]) -> Numbers:
        """The sentences that have any of these stems, in order; removed ones among them."""
        return _together(self._postings, self.terms.places(stems))

    def titled(self, stems: Collection[str]) -> Numbers:
        """The articles that have any of these stems in their title, in order; removed ones
        among them."""
        return _together(self._titles, self.title_terms.places(stems))

    def scores(self, stems: Sequence[str], common: Common) -> tuple[Numbers, Scores]:
        """The sentences with any of these stems, in order, and how much they tell in each.

        ``stems`` are added up in their order, so that a sum does not depend on the segment.
        """
        mean = np.float32(common.words) / np.float32(common.sentences or 1)
        lists, weights = [], []
        for stem_, place in self.terms.places(stems).items():
            number, tf = self._postings[place], self._counts[place].astype(np.uint32)
            relative = 1 - _B + _B * self._lengths[number].astype(np.float32) / mean
            weight = common.weight(stem_) * tf * (_K1 + 1) / (tf + _K1 * relative)
            lists.append(number)
            weights.append(weight.astype(np.float32))
        if not lists:
            return np.zeros(0, np.uint32), np.zeros(0, np.float32)
        numbers = np.concatenate(lists)
        order = np.argsort(numbers, kind="stable")  # merges: each list is in order
        numbers = numbers[order]
        begins = np.flatnonzero(np.diff(numbers, prepend=np.uint32(0xFFFFFFFF)))
        scores = np.add.reduceat(np.concatenate(weights)[order], begins)
        numbers = numbers[begins]
        if self.live is not None:
            kept = self.live[numbers]
            numbers, scores = numbers[kept], scores[kept]
        return numbers, scores


def _together(lists: Numbers, places: Mapping[str, slice]) -> Numbers:
    found = [lists[place] for place in places.values()]
    if len(found) == 1:
        return found[0]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint32)
