"""Late interaction: a vector for each word piece, so that a question is compared word by word.

A statement is as near to a question as its words are to the question's: each word piece of
the question counts with the word piece of the statement that is nearest to it (ColBERT;
Khattab & Zaharia 2020).  The vectors are those of the pass that embedded the passage, and a
sentence or a statement is a slice of it by its offsets.

A vector is kept in BITS a dimension, each to the nearest of the levels that lose least of a
normal distribution (Max 1960), which is what the dimensions of a turned vector have.  Only
the question's are compared as they are.

    tokens/codes.npy          the vectors of all word pieces, article by article, by offset
    tokens/places.npy         where each stands: the article's base, and its offset
    tokens/bases.npy          the base of each article, and where the last one ends
    tokens/ids.npy            which word piece of the model's vocabulary each is
    tokens/frequencies.npy    each word piece by its id, and how many sentences have it
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import fstat, pread
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.search.vectors import Matrix, mapped
from index.types import Span

TOKENS_FOLDER = "tokens"

BITS = 2
_A_BYTE = 8 // BITS
"""Dimensions whose levels go into one byte, the first of them in its lowest bits."""

_LEVELS = np.array([-10, -3, 3, 10], np.float32)
"""In the proportion that loses least of a normal distribution, whose levels with deviation 1
are 0.4528 and 1.510 (Max 1960, table I); whole numbers, for the sake of _STEPS."""

_EDGE = 0.9816
"""Between the two positive levels, with deviation 1 (Max 1960, table I)."""

_IN_A_BYTE = _LEVELS[(np.arange(256)[:, None] >> np.arange(0, 8, BITS)) % (1 << BITS)]
"""The levels that each byte stands for, of shape (256, _A_BYTE)."""

_STEPS = 65_536
"""Steps to which the question's vectors are rounded.  Products of whole numbers below 2**24
are summed without any error, in whatever order a machine does it, so that equal rows, as
copies of an article have them, are equally near to the last digit."""

_PRODUCTS = 200_000
"""Multiplications that are done at once: of more, the library would start other threads, which
costs the other questions more than it brings to this one."""

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Candidate = tuple[int, int, int]
"""The number of an article, and first and last offset of a span in its text."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenVectors:
    """The Q word pieces of a text without the model's own marks ([CLS], [SEP]).

    ``vectors`` has a unit row for each, of shape (Q, d), in the order of the text;
    ``starts`` and ``ends`` are their offsets in it, in code points, and ``ids`` their numbers
    in the model's vocabulary, of shape (Q,).  ``left_out`` says which have no letter and no
    digit: these take no part in a comparison, and have no weight.
    """

    vectors: Matrix
    starts: Ints
    ends: Ints
    ids: Ints
    left_out: NDArray[np.bool_]

    @classmethod
    def together(cls, parts: Sequence[TokenVectors]) -> Self:
        """The word pieces of several texts one behind the other, to be compared at once."""
        columns = ("vectors", "starts", "ends", "ids", "left_out")
        return cls(*(np.concatenate([getattr(p, c) for p in parts]) for c in columns))

    @classmethod
    def of(
        cls, text: str, vectors: Matrix, offsets: Sequence[tuple[int, int]], ids: Sequence[int]
    ) -> Self:
        """What a model found: a row, the offsets and the id of each word piece; marks of the
        model's own have no letter of the text, and are dropped here."""
        own, spans, left_out = list[int](), list[tuple[int, int]](), list[bool]()
        for n, (start, end) in enumerate(offsets):
            piece = text[start:end]
            if not piece.isalnum() and (blank := len(piece) - len(piece.lstrip())):
                start, piece = start + blank, piece[blank:]  # some take it for a part of the word
            if piece:
                own.append(n)
                spans.append((start, end))
                left_out.append(not (piece.isalnum() or any(map(str.isalnum, piece))))
        starts, ends = np.array(spans, np.int64).reshape(-1, 2).T
        return cls(
            unit(vectors[own]), starts, ends, np.array(ids, np.int64)[own], np.array(left_out, bool)
        )


class Encoded(NamedTuple):
    """What a model makes of N texts, in their order.

    vectors   unit rows of shape (N, dimension)
    tokens    the vectors of the word pieces of each text; None where the model has none, or
              where they were not asked for
    """

    vectors: Matrix
    tokens: Sequence[TokenVectors | None]


def unit(rows: NDArray[Any]) -> Matrix:
    """The rows with length 1; rows of zeros as they are."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: Matrix = (rows / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """The word pieces of a text as they are stored, those that are left out left out: offsets
    in the text and ids, of shape (n,), and coded vectors, of shape (n, bytes)."""

    starts: Ints
    ids: Ints
    codes: Bytes

    @classmethod
    def of(cls, tokens: TokenVectors) -> Self:
        kept = ~tokens.left_out
        return cls(tokens.starts[kept], tokens.ids[kept], coded(tokens.vectors[kept]))

    def packed(self) -> bytes:
        """All of it in one string of bytes."""
        head = np.array([np.diff(self.starts, prepend=0), self.ids], "<u4").tobytes()
        small = zlib.compress(head, 1)
        sizes = np.array([len(self.starts), len(small)], "<u4").tobytes()
        return sizes + small + self.codes.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """What was packed; none of no bytes."""
        count, small = np.frombuffer(data, "<u4", 2).tolist() if data else (0, 0)
        if not count:
            none = np.zeros(0, np.int64)
            return cls(none, none, np.zeros((0, 0), np.uint8))
        head = np.frombuffer(zlib.decompress(data[8 : 8 + small]), "<u4").reshape(2, count)
        steps, ids = head.astype(np.int64)
        codes = np.frombuffer(data, np.uint8, offset=8 + small).reshape(count, -1)
        return cls(np.cumsum(steps), ids, codes)


def coded(vectors: Matrix) -> Bytes:
    """The codes of unit rows, of shape (n, d / 4); d is a multiple of 4."""
    edge = np.float32(_EDGE / np.sqrt(vectors.shape[1]))
    # A level's number is how many of the three edges lie below it.
    level = (vectors > -edge).view(np.uint8) + (vectors > 0) + (vectors > edge)
    found: Bytes = level[:, 0::_A_BYTE].copy()
    for n in range(1, _A_BYTE):
        found |= level[:, n::_A_BYTE] << (n * BITS)
    return found


def decoded(codes: Bytes) -> Matrix:
    """The unit rows that codes stand for, of shape (n, d)."""
    return unit(_IN_A_BYTE[codes].reshape(len(codes), codes.shape[1] * _A_BYTE))


def covers(text: str, spans: Iterable[Span], starts: Container[int]) -> bool:
    """Whether every word of these spans of a text begins where a word piece does."""
    return all(
        at in starts
        for span in spans
        for at in range(span.start, span.end)
        if text[at].isalnum() and (at == span.start or not text[at - 1].isalnum())
    )


def moved(found: Coded, spans: Sequence[Span]) -> Coded:
    """The word pieces of a text that was joined of these spans by blanks, with the offsets
    that they have where the spans come from."""
    firsts = np.cumsum([0, *(len(span) + 1 for span in spans[:-1])])
    which = np.searchsorted(firsts, found.starts, side="right") - 1
    begins = np.array([span.start for span in spans], np.int64)
    return Coded(found.starts - firsts[which] + begins[which], found.ids, found.codes)


def in_text_order(parts: Sequence[Coded]) -> Coded:
    """The word pieces of the parts of a text in the order of their offsets; of parts that
    overlap the first counts."""
    some = [part for part in parts if len(part.starts)]
    if not some:
        return Coded.unpacked(b"")
    starts, first = np.unique(np.concatenate([p.starts for p in some]), return_index=True)
    ids = np.concatenate([p.ids for p in some])[first]
    return Coded(starts, ids, np.concatenate([p.codes for p in some])[first])


class TokensWriter:
    """Takes the articles in the order of their numbers, and writes the arrays."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._codes = (folder / "codes.npy").open("wb")
        self._head(0, 0)
        self._places, self._width = array("Q"), 0
        self._bases, self._ids = array("Q", [0]), array("I")
        self._sentences = np.zeros(0, np.int64)

    def add(self, found: Iterable[Coded], sentences: Sequence[int]) -> None:
        """Take the next article: the word pieces of its parts, with offsets in its text, and
        where its sentences begin.  Of parts that overlap the first counts."""
        whole, base = in_text_order([*found]), self._bases[-1]
        starts, ids, codes = whole.starts, whole.ids, whole.codes
        if not len(starts):
            self._bases.append(base)
            return
        self._width = codes.shape[1]
        self._codes.write(codes.tobytes())
        self._places.frombytes((starts + base).astype(np.uint64).tobytes())
        self._bases.append(base + int(starts[-1]) + 1)
        self._ids.frombytes(ids.astype(np.uint32).tobytes())
        if (size := int(ids.max()) + 1) > len(self._sentences):
            self._sentences = np.pad(self._sentences, (0, size - len(self._sentences)))
        once = _in_sentences(np.array(sentences, np.int64), starts, ids)
        self._sentences += np.bincount(once, minlength=len(self._sentences))

    def write(self) -> None:
        """Write the files."""
        self._codes.seek(0)
        self._head(len(self._places), self._width)
        self._codes.close()
        kind = "<u4" if self._bases[-1] < 1 << 32 else "<u8"
        for name, values in (("places", self._places), ("bases", self._bases)):
            np.save(self._folder / f"{name}.npy", np.frombuffer(values, np.uint64).astype(kind))
        pieces = np.frombuffer(self._ids, np.uint32)
        np.save(self._folder / "ids.npy", pieces.astype(np.min_scalar_type(pieces.max(initial=0))))
        ids = np.flatnonzero(self._sentences)
        np.save(
            self._folder / "frequencies.npy", np.array([ids, self._sentences[ids]], np.uint32).T
        )

    def _head(self, count: int, width: int) -> None:
        """What a file of NumPy begins with; of any number of rows it has one length."""
        head = {"descr": "|u1", "fortran_order": False, "shape": (count, width)}
        np.lib.format.write_array_header_1_0(self._codes, head)


def _in_sentences(sentences: Ints, starts: Ints, ids: Ints) -> Ints:
    """The ids of an article's word pieces, once for each sentence that has them."""
    size = int(ids.max(initial=0)) + 1
    where = np.searchsorted(sentences, starts, side="right")
    once: Ints = np.unique(where * size + ids) % size
    return once


class Tokens:
    """The word pieces of a segment, opened for reading, from any thread."""

    def __init__(self, folder: Path) -> None:
        self._places = mapped(folder / "places.npy")
        self._bases = mapped(folder / "bases.npy")
        self._ids = mapped(folder / "ids.npy")
        self._frequencies: dict[int, int] = dict(np.load(folder / "frequencies.npy").tolist())
        file = folder / "codes.npy"
        self._shape = mapped(file).shape
        self._file = file.open("rb")
        self._first = fstat(self._file.fileno()).st_size - self._shape[0] * self._shape[1]

    def __bool__(self) -> bool:
        """Whether there are any; none if the embedder has no vectors of tokens."""
        return bool(self._shape[0])

    def close(self) -> None:
        self._file.close()

    def similarities(
        self, question: TokenVectors, candidates: Sequence[Candidate] | Ints
    ) -> Matrix:
        """The parts of MaxSim, of shape (candidates, Q): for each candidate and each word
        piece of the question the best cosine to a word piece that begins in the candidate.

        0 for word pieces that are left out, and for candidates of which none are stored.
        """
        best = np.zeros((len(candidates), len(question.ids)), np.float32)
        asked = np.flatnonzero(~question.left_out)
        first, beyond = self._runs(np.asarray(candidates, np.int64).reshape(-1, 3))
        some = np.flatnonzero(beyond > first)
        if not (len(some) and len(asked)):
            return best
        first, beyond = first[some], beyond[some]
        begins, ends = _merged(first, beyond)
        rows = _cosines_of_codes(self._read(begins, ends - begins), question.vectors[asked])
        held = np.cumsum(ends - begins) - (ends - begins)  # where each stretch begins in the rows
        of = np.searchsorted(begins, first, side="right") - 1
        at = held[of] + first - begins[of]
        # In the order of the rows: what `reduceat` reads between two runs is for nothing.
        order = np.argsort(at, kind="stable")
        pairs = np.stack([at, at + beyond - first], axis=1)[order].ravel()
        rows = np.concatenate([rows, np.full((1, rows.shape[1]), -1, np.float32)])
        best[np.ix_(some[order], asked)] = np.maximum.reduceat(rows, pairs, axis=0)[::2]
        return best

    def sentences_having(self, ids: Iterable[int]) -> dict[int, int]:
        """In how many sentences each of these word pieces stands; absent ones left out."""
        return {i: found for i in ids if (found := self._frequencies.get(i, 0))}

    def of_article(self, number: int) -> Coded:
        """The word pieces of an article, with their offsets in its text."""
        first, beyond, base = self._run_of(number)
        if first == beyond:
            return Coded.unpacked(b"")
        codes = self._read(np.array([first]), np.array([beyond - first]))
        starts = self._places[first:beyond].astype(np.int64) - base
        return Coded(starts, self._ids[first:beyond].astype(np.int64), codes)

    def in_sentences(self, number: int, sentences: Ints) -> list[int]:
        """The ids of an article's word pieces, once for each of its sentences that has them;
        ``sentences`` are where these begin."""
        first, beyond, base = self._run_of(number)
        starts = self._places[first:beyond].astype(np.int64) - base
        ids = self._ids[first:beyond].astype(np.int64)
        found: list[int] = _in_sentences(sentences, starts, ids).tolist()
        return found

    def _run_of(self, number: int) -> tuple[int, int, int]:
        """First word piece of an article, the one beyond its last, and its base."""
        base, end = self._bases[number], self._bases[number + 1]
        limits = np.array([base, end], self._places.dtype)
        first, beyond = np.searchsorted(self._places, limits).tolist()
        return first, beyond, int(base)

    def _runs(self, candidates: Ints) -> tuple[Ints, Ints]:
        """First word piece of each candidate, and the one beyond its last."""
        numbers, spans = candidates[:, 0], candidates[:, 1:]
        base, end = (self._bases[numbers + n].astype(np.int64)[:, None] for n in (0, 1))
        limits = np.minimum(base + spans, end)
        # In the type of the array: else all of it would be converted for each search.
        found = np.searchsorted(self._places, limits.astype(self._places.dtype))
        return found[:, 0], found[:, 1]

    def _read(self, first: Ints, lengths: Ints) -> Bytes:
        """The codes of these runs.  Read and not mapped: a mapped page brings fifteen others
        along, and they would stay in memory."""
        file, width = self._file.fileno(), self._shape[1]
        runs = zip(first.tolist(), lengths.tolist(), strict=True)
        data = b"".join(pread(file, n * width, self._first + at * width) for at, n in runs)
        return np.frombuffer(data, np.uint8).reshape(-1, width)


def _merged(first: Ints, beyond: Ints) -> tuple[Ints, Ints]:
    """The stretches that these runs cover together, in order, none touching another: where
    each begins, and the one beyond its end."""
    order = np.argsort(first, kind="stable")
    begins, ends = first[order], np.maximum.accumulate(beyond[order])
    apart = np.flatnonzero(begins[1:] > ends[:-1]) + 1
    starts = np.concatenate([[0], apart])
    return begins[starts], ends[np.concatenate([apart - 1, [len(ends) - 1]])]


def _cosines_of_codes(codes: Bytes, vectors: Matrix) -> Matrix:
    """The cosines of coded rows to unit rows, of shape (rows, vectors)."""
    rows = _IN_A_BYTE.take(codes, axis=0).reshape(len(codes), -1)
    lengths = np.sqrt(np.vecdot(rows, rows))
    steps = np.rint(vectors.T * _STEPS)
    at_once = max(1, _PRODUCTS // steps.size)
    found: Matrix = np.empty((len(rows), len(vectors)), np.float32)
    for at in range(0, len(rows), at_once):
        np.matmul(rows[at : at + at_once], steps, out=found[at : at + at_once])
    found /= (lengths * _STEPS)[:, None]
    return found


def weights(question: TokenVectors, sentences: int, having: Mapping[int, int]) -> Matrix:
    """What each word piece of the question tells, of shape (Q,): its inverse document
    frequency over the sentences of the corpus, as BM25 has it but never negative; 0 if
    it is left out.  ``having`` says in how many sentences word pieces stand."""
    have = np.array([having.get(i, 0) for i in question.ids.tolist()], float)
    idf = np.log(1 + (sentences - have + 0.5) / (have + 0.5))
    weighed: Matrix = np.where(question.left_out, 0, idf).astype(np.float32)
    return weighed
