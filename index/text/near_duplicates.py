"""Near-identical articles: the copies of one wire story that many outlets print.

MinHash over runs of five words with banded look-up (Broder 1997; Leskovec, Rajaraman
and Ullman, "Mining of Massive Datasets", chapter 3).  Two texts are copies when six
tenths of all their runs occur in both: some words may be edited and the end may be cut,
but two reports of one event do not reach that share.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.text.folding import words

LIKENESS = 0.6
"""Share of common runs (Jaccard) from which two texts are copies."""

_RUN = 5  # words
_HASHES = 128
_ROWS = 4  # hashes a band: pairs that are 0.6 alike meet in one of the 32 bands in 99 %
SKETCH = 4 * _HASHES
"""Bytes of a sketch."""
_COMPARED = 20
"""Texts of one band, at most, with which a further text is compared."""


def _numbers(what: str) -> NDArray[np.uint64]:
    data = b"".join(hashlib.sha256(f"{what}{i}".encode()).digest()[:8] for i in range(_HASHES))
    return np.frombuffer(data, np.uint64)


_FACTORS, _SHIFTS = _numbers("factor") | np.uint64(1), _numbers("shift")


def sketch(text: str) -> bytes:
    """Return the MinHash of a text: 128 numbers of 4 bytes; b"" for a text without words."""
    codes = np.array([zlib.crc32(w.encode()) for w in words(text)], np.uint64)
    if not len(codes):
        return b""
    padded = np.concatenate([codes, np.zeros(max(0, _RUN - len(codes)), np.uint64)])
    runs = np.zeros(len(padded) - _RUN + 1, np.uint64)
    for at in range(_RUN):
        runs = runs * np.uint64(0x9E3779B97F4A7C15) + padded[at : at + len(runs)]
        runs ^= runs >> np.uint64(29)
    least = [
        int((runs * factor + shift).min() >> np.uint64(32))
        for factor, shift in zip(_FACTORS, _SHIFTS, strict=True)
    ]
    return np.array(least, np.uint32).tobytes()


def bands(row: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The 32 bands of a sketch, one number each; 99 of 100 pairs of copies share a band."""
    parts = row.reshape(-1, _ROWS).astype(np.uint64)
    numbers = np.arange(len(parts), dtype=np.uint64)
    for column in parts.T:
        numbers = (numbers ^ column) * np.uint64(0x9E3779B97F4A7C15)
        numbers ^= numbers >> np.uint64(29)
    return numbers


def originals(
    rows: Mapping[str, NDArray[np.uint32]], buckets: Mapping[int, Sequence[str]]
) -> dict[str, str]:
    """Each article that has copies, and the one of them that comes first.

    ``rows`` are the sketches of articles by id, in their order: those that have none are left
    out.  ``buckets`` are the ids of all articles by band, in the same order, also of articles
    that are not compared here.  Articles without copies are left out.
    """
    above: dict[str, str] = {i: i for i in rows}
    place = {i: n for n, i in enumerate(rows)}

    def root(i: str) -> str:
        while above[i] != i:
            above[i] = i = above[above[i]]
        return i

    for i, row in rows.items():
        for band in bands(row).tolist():
            for other in buckets[band][:_COMPARED]:
                if other == i:
                    break
                if other not in rows:
                    continue
                a, b = root(i), root(other)
                if a != b and np.mean(row == rows[other]) >= LIKENESS:
                    first, second = sorted((a, b), key=place.__getitem__)
                    above[second] = first
    clusters: dict[str, list[str]] = {}
    for i in rows:
        clusters.setdefault(root(i), []).append(i)
    return {i: first for first, ids in clusters.items() if len(ids) > 1 for i in ids}
