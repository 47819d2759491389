"""The vectors of a large segment as a graph that readers map: which rows may be near.

An HNSW graph (Malkov & Yashunin 2018) of vectors in 8 bits, made by usearch and mapped from its
file, so that a question brings into memory what it passes through.  What it finds is compared
exactly afterwards (vectors.py): the graph only says which rows are looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from index.search.vectors import MAX_EXACT_ROWS, VECTORS_FOLDER, Matrix

_SHAPE: dict[str, Any] = {"metric": "cos", "dtype": "i8", "connectivity": 16, "expansion_add": 128}

_MIN_EXPANSION = 256
"""Rows that a search keeps in sight at least.  Of the 40 nearest of 88,296 quotes it finds 0.959
for questions, with 128 of them 0.888, where Chroma's graph finds 0.927."""

_MORE = 2
"""Times as many rows are compared exactly as are asked for: in 8 bits near ones swap places."""

_GRAPH_SAMPLE, _GRAPH_RECALL = 200, 0.99
"""Rows whose ten nearest are looked for after a graph is made, and the share to be found."""


def write_graph(segment: Path, name: str, matrix: Matrix) -> None:
    """Write the graph of a matrix that is too large to be compared row by row.

    None is written if it does not find what comparing finds: then all rows are compared.
    """
    if len(matrix) <= MAX_EXACT_ROWS:
        return
    index = _library().Index(ndim=matrix.shape[1], **_SHAPE)
    index.add(np.arange(len(matrix)), np.asarray(matrix), threads=1)
    file = _file(segment, name)
    index.save(str(file))
    if _recall(Graph(file), matrix) < _GRAPH_RECALL:
        file.unlink()


def _library() -> Any:
    """usearch, with onnxruntime before it: a process that loads them the other way round ends
    with a segmentation fault (usearch 2.26.6, onnxruntime 1.32.0)."""
    import onnxruntime  # noqa: F401
    import usearch.index

    return usearch.index


def _file(segment: Path, name: str) -> Path:
    return segment / VECTORS_FOLDER / f"{name}.usearch"


def _recall(graph: Graph, matrix: Matrix) -> float:
    """Recall at 10 for an evenly spaced sample of the rows; equally near rows count as found."""
    chosen = np.asarray(matrix[:: max(1, len(matrix) // _GRAPH_SAMPLE)])
    exact = np.partition(chosen @ matrix.T, -10, axis=1)[:, -10]
    near = [
        np.mean(np.sort(matrix[graph.near(row, 10)] @ row)[-10:] >= limit - 1e-5)
        for row, limit in zip(chosen, exact, strict=True)
    ]
    return float(np.mean(near))


class Graph:
    """A graph that is mapped when it is first asked."""

    def __init__(self, file: Path) -> None:
        # Nothing is looked up by its number: the table for that would be made of all rows.
        self._index: Any = _library().Index.restore(str(file), view=True, enable_key_lookups=False)

    def near(self, vector: Matrix, k: int) -> list[int]:
        """Rows that contain the k nearest ones, with few exceptions (see `_recall`)."""
        wanted = min(_MORE * k, len(self._index))
        self._index.expansion_search = max(_MIN_EXPANSION, wanted)
        found: list[int] = self._index.search(vector, wanted, threads=1).keys.astype(int).tolist()
        return found


def open_graph(segment: Path, name: str) -> Graph | None:
    """The graph of a segment's passages or quotes, None if it has none."""
    file = _file(segment, name)
    return Graph(file) if file.exists() else None
