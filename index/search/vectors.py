"""The vectors of a segment: a matrix for the passages and one for the quotes.

A row has the number that its passage or quote has in the segment.  Readers map the files
into memory, so that of a large archive only what is asked for is read, and the statements
of one speaker lie side by side (derive.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Matrix = NDArray[np.float32]

COLLECTIONS = ("passages", "quotes")

VECTORS_FOLDER = "vectors"


def write_matrix(
    folder: Path, name: str, rows: Iterable[bytes], count: int, dimension: int
) -> None:
    """Write the matrix of a collection, from the bytes of its rows in their order."""
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.npy").open("wb") as file:
        head = {"descr": "<f4", "fortran_order": False, "shape": (count, dimension)}
        np.lib.format.write_array_header_1_0(file, head)
        file.writelines(rows)


def mapped(file: Path) -> NDArray[Any]:
    """The array of a file, mapped into memory: what is not looked at is not read.

    As a plain array: each view of NumPy's own memmap class takes a microsecond more.
    """
    return np.asarray(np.load(file, mmap_mode="r"))


MAX_EXACT_ROWS = 2_000
"""Up to so many rows of a segment a question is compared with all of them: half a millisecond,
and nothing missed."""

MAX_SINGLE_READS = 1_000
"""Rows that are read one by one: a mapped page brings fifteen others into memory, and some
hundred questions all of a large matrix.  More than these are one speaker's, side by side."""


class Vectors:
    """The matrices of a segment, opened for reading."""

    def __init__(self, folder: Path) -> None:
        self.matrices: dict[str, Matrix] = {
            name: mapped(folder / f"{name}.npy") for name in COLLECTIONS
        }
        self._files = {name: (folder / f"{name}.npy").open("rb") for name in COLLECTIONS}

    def all_similarities(self, name: str, vector: Matrix) -> Matrix:
        """Cosine similarity of each row; what is not a number is nearest to nothing."""
        found: Matrix = np.nan_to_num(_cosines(self.matrices[name], vector), nan=-np.inf)
        return found

    def nearest(self, name: str, vector: Matrix, k: int) -> list[int]:
        """The k nearest rows by cosine similarity, nearest first, by comparing with all."""
        return nearest(self.all_similarities(name, vector), k)

    def similarities(self, name: str, rows: ArrayLike, vector: Matrix) -> Matrix:
        """Cosine similarity of each of these rows."""
        matrix, chosen = self.matrices[name], np.asarray(rows, np.intp)
        if len(matrix) <= MAX_EXACT_ROWS or len(chosen) > MAX_SINGLE_READS:
            return _cosines(matrix[chosen], vector)
        file, width = self._files[name].fileno(), matrix.strides[0]
        first = os.fstat(file).st_size - matrix.nbytes
        read = b"".join(os.pread(file, width, first + row * width) for row in chosen.tolist())
        found = np.frombuffer(read, matrix.dtype).reshape(len(chosen), matrix.shape[1])
        return _cosines(found, vector)

    def close(self) -> None:
        for file in self._files.values():
            file.close()


def _cosines(rows: Matrix, vector: Matrix) -> Matrix:
    """Each row by itself: a product of matrices gives equal rows, as copies of an article
    have them, last digits that depend on where they stand."""
    found: Matrix = np.vecdot(rows, vector)
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
