"""The vectors of a segment: the codes of the passages' and those of the quotes'.

A vector is kept in 8 bits a dimension: a unit vector is stretched until its largest number is
127, and rounded.  How long it is then plays no part in a cosine, which is at most some 0.002 off.
Only the question's vector is compared as it is.

A row has the number that its passage or quote has in the segment.  Readers map the files
into memory, so that of a large archive only what is asked for is read, and the statements
of one speaker lie side by side (derive.py).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Matrix = NDArray[np.float32]
Codes = NDArray[np.int8]

COLLECTIONS = ("passages", "quotes")

VECTORS_FOLDER = "vectors"


_LARGEST = 127
"""The code of the largest number of a vector, whose sign it has."""


def byte_codes(rows: Matrix) -> Codes:
    """The codes of vectors, of shape (n, d); of zeros those that are nothing but zeros."""
    largest = np.abs(rows).max(axis=1, keepdims=True, initial=0)
    found: Codes = np.rint(rows * (_LARGEST / np.maximum(largest, 1e-12))).astype(np.int8)
    return found


def unit_rows(codes: Codes) -> Matrix:
    """The unit vectors that codes stand for; coded again they are the same codes."""
    rows = codes.astype(np.float32)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return rows


def new_codes(folder: Path, name: str, count: int, dimension: int) -> Codes:
    """The codes of a collection that is being made, to be filled in; mapped to its file."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.npy"
    if not count:  # nothing can be mapped
        np.save(file, np.zeros((0, dimension), np.int8))
        return np.zeros((0, dimension), np.int8)
    made = np.lib.format.open_memmap(file, mode="w+", dtype=np.int8, shape=(count, dimension))
    return np.asarray(made)


def mapped(file: Path) -> NDArray[Any]:
    """The array of a file, mapped into memory: what is not looked at is not read.

    As a plain array: each view of NumPy's own memmap class takes a microsecond more.
    """
    return np.asarray(np.load(file, mmap_mode="r"))


MAX_EXACT_ROWS = 10_000
"""Up to so many rows of a segment a question is compared with all of them: a millisecond, and
nothing missed."""

_AT_ONCE = 500
"""Rows that are decoded at once: they stay in the processor's cache."""

MAX_SINGLE_READS = 1_000
"""Rows that are read one by one: a mapped page brings fifteen others into memory, and some
hundred questions all of a large matrix.  More than these are one speaker's, side by side."""


class Vectors:
    """The vectors of a segment, opened for reading."""

    def __init__(self, folder: Path) -> None:
        self.codes: dict[str, Codes] = {
            name: mapped(folder / f"{name}.npy") for name in COLLECTIONS
        }
        self._files = {name: (folder / f"{name}.npy").open("rb") for name in COLLECTIONS}

    @property
    def matrices(self) -> dict[str, Matrix]:
        """The unit vectors of all passages and of all quotes."""
        return {name: unit_rows(codes) for name, codes in self.codes.items()}

    def all_similarities(self, name: str, vector: Matrix) -> Matrix:
        """Cosine similarity of each row; what is not a number is nearest to nothing."""
        found: Matrix = np.nan_to_num(_cosines(self.codes[name], vector), nan=-np.inf)
        return found

    def nearest(self, name: str, vector: Matrix, k: int) -> list[int]:
        """The k nearest rows by cosine similarity, nearest first, by comparing with all."""
        return nearest(self.all_similarities(name, vector), k)

    def similarities(self, name: str, rows: ArrayLike, vector: Matrix) -> Matrix:
        """Cosine similarity of each of these rows."""
        codes, chosen = self.codes[name], np.asarray(rows, np.intp)
        if len(codes) <= MAX_EXACT_ROWS or len(chosen) > MAX_SINGLE_READS:
            return _cosines(codes[chosen], vector)
        file, width = self._files[name].fileno(), codes.strides[0]
        first = os.fstat(file).st_size - codes.nbytes
        read = b"".join(os.pread(file, width, first + row * width) for row in chosen.tolist())
        found = np.frombuffer(read, codes.dtype).reshape(len(chosen), codes.shape[1])
        return _cosines(found, vector)

    def close(self) -> None:
        for file in self._files.values():
            file.close()


def _cosines(codes: Codes, vector: Matrix) -> Matrix:
    """The cosines of rows to a unit vector, 0 for rows of zeros.

    Each row by itself: a product of matrices gives equal rows, as copies of an article have
    them, last digits that depend on where they stand.
    """
    found = np.zeros(len(codes), np.float32)
    for at in range(0, len(codes), _AT_ONCE):
        rows = codes[at : at + _AT_ONCE].astype(np.float32)
        lengths = np.sqrt(np.vecdot(rows, rows))
        found[at : at + _AT_ONCE] = np.vecdot(rows, vector) / np.maximum(lengths, 1)
    return found


def nearest(similarities: Matrix, k: int) -> list[int]:
    """Places of the k largest similarities, largest first; of equal ones the first.

    What is not a number comes last.
    """
    similarities = np.nan_to_num(similarities, nan=-np.inf)
    limit = np.partition(similarities, -k)[-k] if k < len(similarities) else -np.inf
    near = np.flatnonzero(similarities >= limit)
    order: list[int] = near[np.argsort(-similarities[near], kind="stable")][:k].tolist()
    return order
