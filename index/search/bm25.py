"""The words of a generation: in which sentences each stands, and how much it tells there.

An inverted index of Porter stems, as plain arrays that readers map into memory.  A word
weighs in a sentence what BM25 gives it (Robertson & Zaragoza 2009, with the constants of
SQLite's FTS5).  Beside them is where each sentence stands, so that which words are in, before
and around a statement is known without its article being read.

    words/postings.npy, weights.npy     the sentences of each stem, and its weight in them
    words/titles.npy                    the articles with each stem in their title
    words/sentences.npy                 SENTENCE_COLUMNS of each sentence
    words/articles.npy, passages.npy    [first, beyond) sentence of each
    words/quotes.npy                    article and [first, beyond) sentence of each
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.search.vectors import mapped
from index.text.folding import plain_words, stem
from index.types import Span

POSTINGS_FOLDER = "words"

Numbers = NDArray[np.uint32]
NumberRows = Sequence[tuple[int, ...]]

CONTEXT_CHARACTERS = 300
"""Characters before a sentence; the sentences in them are right before it."""

SENTENCE_COLUMNS = ("article", "start", "end", "passage", "before")
"""Of a sentence; ``before`` is the first of those right before it, itself if there is none."""

AMONG = "IN (SELECT value FROM json_each(?))"
"""For a list of values as JSON: SQLite takes a limited number of single ones."""

MAX_SENTENCES_WEIGHED = 30_000
"""Sentences that a search for words weighs at most, if its rarest word has no more."""

_K1, _B = 1.2, 0.75
_LEAST = 1e-6
"""The weight of a word that more than half of the sentences have."""

POSTINGS_TABLES = """
CREATE TABLE terms(
  term TEXT PRIMARY KEY, "first" INTEGER NOT NULL, sentences INTEGER NOT NULL) STRICT,
  WITHOUT ROWID;
CREATE TABLE title_terms(
  term TEXT PRIMARY KEY, "first" INTEGER NOT NULL, articles INTEGER NOT NULL) STRICT,
  WITHOUT ROWID;
"""


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

    def sorted(self) -> tuple[NDArray[np.intp], Numbers, Numbers]:
        """How many numbers each term has; all of the numbers, term by term, with counts."""
        term = np.frombuffer(self._term, np.uint32)
        order = np.argsort(term, kind="stable")  # the numbers of a term came in their order
        number, count = (np.frombuffer(a, np.uint32)[order] for a in (self._number, self._count))
        return np.bincount(term, minlength=len(self.terms)), number, count


class PostingsWriter:
    """Takes the articles in the order of their numbers, and writes the index of their words."""

    def __init__(self) -> None:
        self._words, self._titles = _Lists(), _Lists()
        self._lengths = array("I")
        self._sentences: list[tuple[int, ...]] = []
        self._articles: list[tuple[int, int]] = []
        self._passages: list[tuple[int, int]] = []

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
        self._articles.append((first, len(self._sentences)))
        return spans

    def write(self, db: sqlite3.Connection, folder: Path, quotes: NumberRows) -> None:
        """Write the files and the tables of terms; ``quotes`` are their articles and sentences."""
        folder.mkdir()
        counts, number, tf = self._words.sorted()
        lengths = np.frombuffer(self._lengths, np.uint32).astype(np.float32)
        total = len(lengths)
        idf = np.maximum(np.log((total - counts + 0.5) / (counts + 0.5)), _LEAST)
        relative = 1 - _B + _B * lengths[number] / (lengths.mean() if total else 1)
        weights = np.repeat(idf, counts) * tf * (_K1 + 1) / (tf + _K1 * relative)
        np.save(folder / "postings.npy", number)
        np.save(folder / "weights.npy", weights.astype(np.float32))
        _keep_terms(db, "terms", self._words.terms, counts)
        counts, number, _ = self._titles.sorted()
        np.save(folder / "titles.npy", number)
        _keep_terms(db, "title_terms", self._titles.terms, counts)
        table = np.array(self._sentences, np.uint32).reshape(-1, len(SENTENCE_COLUMNS))
        np.save(folder / "sentences.npy", np.asfortranarray(table))
        for name, rows, width in (
            ("articles", self._articles, 2),
            ("passages", self._passages, 2),
            ("quotes", quotes, 3),
        ):
            np.save(folder / f"{name}.npy", np.array(rows, np.uint32).reshape(-1, width))


def _keep_terms(
    db: sqlite3.Connection, table: str, terms: Iterable[str], counts: NDArray[np.intp]
) -> None:
    first = (np.cumsum(counts) - counts).tolist()
    rows = sorted(zip(terms, first, counts.tolist(), strict=True))
    db.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)


class WordIndex:
    """The words of a generation, opened for reading; ``rows`` queries its catalog."""

    def __init__(self, folder: Path, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
        def read(name: str) -> NDArray[Any]:
            return mapped(folder / f"{name}.npy")

        self._rows = rows
        self._postings, self._weights, self._titles = map(read, ("postings", "weights", "titles"))
        table = read("sentences")
        self.count = len(table)
        self.article, self.start, self.end, self.passage, self.before = table.T
        self.articles, self.passages, self.quotes = map(read, ("articles", "passages", "quotes"))

    def frequencies(self, stems: Collection[str]) -> dict[str, int]:
        """In how many sentences each of these stems stands; absent ones left out."""
        return {stem: count for stem, (_, count) in self._places("terms", stems).items()}

    def terms(self, beginning: str) -> list[str]:
        """The stems in the sentences of the corpus that begin so, in order."""
        return self._beginning("terms", beginning)

    def title_terms(self, beginning: str) -> list[str]:
        """The same in the titles."""
        return self._beginning("title_terms", beginning)

    def having(self, stems: Collection[str]) -> Numbers:
        """The sentences that have any of these stems, in order."""
        return _together(self._postings, self._places("terms", stems))

    def titled(self, stems: Collection[str]) -> Numbers:
        """The articles that have any of these stems in their title, in order."""
        return _together(self._titles, self._places("title_terms", stems))

    def best(self, stems: Collection[str], limit: int) -> list[int]:
        """The sentences with any of these stems that they tell most of, best first.

        Every sentence that has one is weighed, so the rarest stems come first, and those
        are left out with which they would be more than MAX_SENTENCES_WEIGHED: they tell least.
        """
        found, left = list[slice](), MAX_SENTENCES_WEIGHED
        for first, count in sorted(
            self._places("terms", stems).values(), key=lambda place: (place[1], place[0])
        ):
            left -= count
            if left >= 0 or not found:
                found.append(slice(first, first + count))
        if not found:
            return []
        numbers = np.concatenate([self._postings[one] for one in found])
        order = np.argsort(numbers, kind="stable")  # merges: each list is in order
        numbers = numbers[order]
        begins = np.flatnonzero(np.diff(numbers, prepend=np.uint32(0xFFFFFFFF)))
        weights = np.concatenate([self._weights[one] for one in found])[order]
        score = np.add.reduceat(weights, begins)
        numbers = numbers[begins]
        if limit < len(score):
            near = np.flatnonzero(score >= np.partition(score, -limit)[-limit])
            numbers, score = numbers[near], score[near]
        best: list[int] = numbers[np.argsort(-score, kind="stable")][:limit].tolist()
        return best

    def _beginning(self, table: str, beginning: str) -> list[str]:
        rows = self._rows(
            f"SELECT term FROM {table} WHERE term >= ? AND term < ? ORDER BY term",
            (beginning, f"{beginning}\U0010ffff"),
        )
        return [row[0] for row in rows]

    def _places(self, table: str, stems: Collection[str]) -> dict[str, tuple[int, int]]:
        """Where the list of each stem begins, and how long it is; absent ones left out."""
        rows = self._rows(f"SELECT * FROM {table} WHERE term {AMONG}", (json.dumps(list(stems)),))
        return {term: (first, count) for term, first, count in rows}


def _together(lists: Numbers, places: Mapping[str, tuple[int, int]]) -> Numbers:
    found = [lists[first : first + count] for first, count in places.values()]
    if len(found) == 1:
        return found[0]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint32)
