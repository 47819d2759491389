"""The Chroma collections: made from vectors of the truth, checked, and then only read.

Chroma's own files are rewritten in place and not synced, two writers lose vectors in
silence, and damaged files end the process; so a collection is built once, in a folder
that nobody reads yet, and afterwards read only from a private copy that was checked.
Vectors are always passed in: Chroma would fetch a model of its own otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnusable

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from langchain_chroma import Chroma

COLLECTIONS = ("passages", "quotes")

_BATCH = 1000
"""Records a call; Chroma takes 5,461 at most, and above 1,000 gains little."""

_GRAPH = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
"""Wire copies crowd each other out of a sparse graph: with the defaults the best hit
was missing from the top ten in one query of ten."""

_SAMPLE = 200
"""Vectors whose neighbours are compared with an exact search after a build."""

_RECALL = 0.99


@dataclass(frozen=True, slots=True)
class Record:
    """One vector with what Chroma keeps beside it."""

    id: str
    article_id: str
    text: str
    vector: NDArray[np.float32]


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )


def build(folder: Path, collections: Mapping[str, Sequence[Record]]) -> None:
    """Fill a new Chroma folder and check it against the records.

    Raises IndexUnusable if a record is missing, reads back another vector, or is not
    found by its own.
    """
    client = _client(folder)
    try:
        for name in COLLECTIONS:
            records = collections[name]
            collection = client.create_collection(
                name,
                embedding_function=None,
                configuration={"hnsw": _GRAPH},
            )
            for batch in _batches(records):
                collection.add(
                    ids=[r.id for r in batch],
                    embeddings=np.stack([r.vector for r in batch]),
                    documents=[r.text for r in batch],
                    metadatas=[{"article": r.article_id} for r in batch],
                )
            _check(name, collection, records)
    finally:
        client.close()


def _batches(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    for start in range(0, len(records), _BATCH):
        yield records[start : start + _BATCH]


def _check(name: str, collection: Any, records: Sequence[Record]) -> None:
    if (found := collection.count()) != len(records):
        raise IndexUnusable(f"Chroma holds {found} {name} after a build, expected {len(records)}")
    for batch in _batches(records):
        got = collection.get(ids=[r.id for r in batch], include=["embeddings"])
        vectors = dict(zip(got["ids"], got["embeddings"], strict=True))
        wrong = [
            r.id
            for r in batch
            if r.id not in vectors or not np.allclose(vectors[r.id], r.vector, atol=1e-5)
        ]
        if wrong:
            raise IndexUnusable(f"Chroma reads back another vector for {wrong[0]} of the {name}")
    _check_recall(name, collection, records)


def _check_recall(name: str, collection: Any, records: Sequence[Record]) -> None:
    """Recall at 10 against an exact search, for a spread sample of the records.

    Neighbours are compared by similarity and not by id: among copies of one text any is
    as good as another.
    """
    if not records:
        return
    matrix = np.stack([r.vector for r in records])
    chosen = matrix[:: max(1, len(records) // _SAMPLE)]
    k = min(10, len(records))
    exact = np.sort(chosen @ matrix.T, axis=1)[:, -k]
    found = collection.query(query_embeddings=chosen, n_results=k, include=["distances"])[
        "distances"
    ]
    near = [
        np.mean(1 - np.asarray(distances) >= limit - 1e-4)
        for distances, limit in zip(found, exact, strict=True)
    ]
    if (recall := float(np.mean(near))) < _RECALL:
        raise IndexUnusable(f"Chroma finds {recall:.1%} of the nearest {name}, expected 99 %")


class Vectors:
    """A checked private copy, opened for reading."""

    def __init__(self, folder: Path) -> None:
        from langchain_chroma import Chroma

        self._chroma: dict[str, Chroma] = {}
        self._client = _client(folder)
        for name in COLLECTIONS:
            self._chroma[name] = Chroma(collection_name=name, client=self._client)

    def nearest(
        self, collection: str, vector: NDArray[np.float32], k: int
    ) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the k nearest records, nearest first."""
        found = self._chroma[collection].similarity_search_by_vector_with_relevance_scores(
            embedding=vector.tolist(), k=k
        )
        return [(str(document.id), 1.0 - distance) for document, distance in found]

    def close(self) -> None:
        self._client.close()
