"""The Chroma collections: made from vectors of the truth, checked, and then only read.

Chroma's own files are rewritten in place and not synced, two writers lose vectors in
silence, and damaged files end the process; so a collection is built once, in a folder
that nobody reads yet, and afterwards read only from a private copy that was checked.
Vectors are always passed in: Chroma would fetch a model of its own otherwise.
"""

from __future__ import annotations

import errno
import json
import sqlite3
import struct
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


def load_library() -> None:
    """Import Chroma, which takes half a second."""
    import chromadb  # noqa: F401


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )


def build(folder: Path, collections: Mapping[str, Sequence[Record]]) -> None:
    """Fill a new Chroma folder and check it against the records.

    Raises IndexUnusable if a record is missing, reads back another vector, or is not
    found by its own; OSError if Chroma could not write, which it does not give a
    reason for.
    """
    from chromadb.errors import ChromaError

    try:
        client = _client(folder)
        try:
            for name in COLLECTIONS:
                _fill(client, name, collections[name])
        finally:
            client.close()
        client = _client(folder)  # what is checked is what was written, as readers read it
        try:
            for name in COLLECTIONS:
                found = client.get_collection(name, embedding_function=None)
                check(name, found, collections[name])
        finally:
            client.close()
        for level in folder.glob("*/data_level0.bin"):  # also written when it is opened
            _clear(level)
    except ChromaError as error:
        raise OSError(errno.EIO, f"Chroma: {error}") from error


def _fill(client: ClientAPI, name: str, records: Sequence[Record]) -> None:
    collection = client.create_collection(
        name, embedding_function=None, configuration={"hnsw": _GRAPH}
    )
    for batch in _batches(records):
        collection.add(
            ids=[r.id for r in batch],
            embeddings=np.stack([r.vector for r in batch]),
            documents=[r.text for r in batch],
            metadatas=[{"article": r.article_id} for r in batch],
        )


def _clear(level: Path) -> None:
    """Overwrite the room for further vectors, into which Chroma writes whatever was in
    memory: words of a deleted article were found there.

    The header is hnswlib's: a version (int), then places for vectors and vectors there
    (the second and third of six size_t), and bytes for each (the fourth).
    """
    header = (level.parent / "header.bin").read_bytes()
    _, _, places, used, width, *_ = struct.unpack_from("<i6Q", header)
    lengths = level.parent / "length.bin"
    for file, each in ((level, width), (lengths, 4)):
        size = file.stat().st_size
        if size not in (places * each, used * each):  # all places, or those that are used
            raise IndexUnusable(f"Chroma wrote {file.name} in another form than expected")
        with file.open("r+b") as stream:
            stream.seek(used * each)
            stream.write(bytes(size - used * each))


def _batches(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    for start in range(0, len(records), _BATCH):
        yield records[start : start + _BATCH]


def check(name: str, collection: Any, records: Sequence[Record]) -> None:
    """Raise IndexUnusable unless a Chroma collection holds just these records."""
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
        """Raises IndexUnusable if the folder is not one that ``build`` made."""
        from langchain_chroma import Chroma

        _check_configuration(folder)
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

    def check(self, collections: Mapping[str, Sequence[Record]]) -> None:
        """Raise IndexUnusable unless the collections hold just these records."""
        for name in COLLECTIONS:
            check(
                name, self._client.get_collection(name, embedding_function=None), collections[name]
            )

    def close(self) -> None:
        self._client.close()


def _check_configuration(folder: Path) -> None:
    """Refuse a Chroma folder that names what ours never do, before Chroma reads it.

    A stored configuration can name an embedding function for Chroma to construct, from
    code that comes with a model.  Call this before a client opens the folder: to close
    a second connection would drop the locks of the first.
    """
    file = folder / "chroma.sqlite3"
    db = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        rows = db.execute("SELECT name, config_json_str, schema_str FROM collections").fetchall()
        kinds = {row[0] for row in db.execute("SELECT type FROM segments")}
        names = {row[0] for row in rows}
        written = [json.loads(text) for row in rows for text in row[1:] if text]
    except (sqlite3.Error, ValueError, RecursionError) as error:
        raise IndexUnusable(f"{file} is no Chroma database of ours ({error})") from error
    finally:
        db.close()
    foreign = (names ^ set(COLLECTIONS)) | (kinds - _SEGMENTS) | set(_functions(written))
    if foreign:
        raise IndexUnusable(
            f"the index was not built by OnRecord: its Chroma database names {min(foreign)!r}; "
            "delete it and add the articles again"
        )


_SEGMENTS = {"urn:chroma:segment/vector/hnsw-local-persisted", "urn:chroma:segment/metadata/sqlite"}
_NO_FUNCTION = ({"type": "legacy"}, {"type": "unknown"}, None)


def _functions(value: Any) -> Iterator[str]:
    """The embedding functions that a stored configuration names, as JSON."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "embedding_function" and inner not in _NO_FUNCTION:
                yield json.dumps(inner)[:80]
            else:
                yield from _functions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _functions(inner)
