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
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import IndexUnusable
from index.search.vectors import COLLECTIONS, Matrix

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_RECORDS_PER_CALL = 1000
"""Records a call; Chroma takes 5,461 at most, and above 1,000 gains little."""

_GRAPH = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
"""Wire copies crowd each other out of a sparse graph: with the defaults the best hit
was missing from the top ten in one query of ten."""

_SAMPLE = 200
"""Vectors whose neighbours are compared with an exact search after a build."""

_QUERIES = 30
"""Of these a call: Chroma Cloud gives 300 results at most."""

_RECALL = 0.99


def load_library() -> None:
    """Import Chroma, which takes half a second."""
    import chromadb  # noqa: F401


def settings(**more: Any) -> Any:
    """Settings of Chroma that report nothing, whatever the environment or a file named
    .env in the working folder says."""
    from chromadb.config import Settings

    quiet = {"anonymized_telemetry": False, "chroma_otel_collection_endpoint": ""}
    return Settings(_env_file=None, allow_reset=False, **quiet, **more)


def _client(folder: Path) -> ClientAPI:
    import chromadb

    return chromadb.PersistentClient(path=str(folder), settings=settings())


def build(folder: Path, matrices: Mapping[str, Matrix]) -> None:
    """Fill a new Chroma folder with the rows of the matrices, and check it against them.

    A record has the number of its row as its id, and no words: these are in the catalog.
    Raises IndexUnusable if a record is missing, reads back another vector, or is not
    found by its own; OSError if Chroma could not write, which it does not give a
    reason for.
    """
    from chromadb.errors import ChromaError

    try:
        client = _client(folder)
        try:
            for name in COLLECTIONS:
                fill(client, name, matrices[name])
        finally:
            client.close()
        client = _client(folder)  # what is checked is what was written, as readers read it
        try:
            for name in COLLECTIONS:
                found = client.get_collection(name, embedding_function=None)
                require_same_rows(name, found, matrices[name])
        finally:
            client.close()
        for level in folder.glob("*/data_level0.bin"):  # also written when it is opened
            _clear(level)
        with closing(sqlite3.connect(folder / "chroma.sqlite3")) as db:
            db.execute("VACUUM")  # vectors that went into the graph have left their room there
    except ChromaError as error:
        raise OSError(errno.EIO, f"Chroma: {error}") from error


def fill(client: Any, name: str, matrix: Matrix, batch: int = _RECORDS_PER_CALL) -> None:
    """Create a collection of just the rows of a matrix."""
    collection = client.create_collection(
        name, embedding_function=None, configuration={"hnsw": _GRAPH}
    )
    for ids, rows in _batches(matrix, batch):
        collection.add(ids=ids, embeddings=rows)


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


def _batches(matrix: Matrix, batch: int) -> Iterator[tuple[list[str], Matrix]]:
    for start in range(0, len(matrix), batch):
        rows = matrix[start : start + batch]
        yield [str(start + n) for n in range(len(rows))], np.asarray(rows)


def require_same_rows(
    name: str, collection: Any, matrix: Matrix, batch: int = _RECORDS_PER_CALL
) -> None:
    """Raise IndexUnusable unless a Chroma collection holds just the rows of a matrix."""
    if (found := collection.count()) != len(matrix):
        raise IndexUnusable(f"Chroma holds {found:d} {name} after a build, expected {len(matrix)}")
    for ids, rows in _batches(matrix, batch):
        got = collection.get(ids=ids, include=["embeddings"])
        place = dict(zip(got["ids"], range(len(ids)), strict=False))
        if missing := set(ids) - place.keys():
            raise IndexUnusable(f"Chroma has lost {min(missing)} of the {name}")
        read = np.asarray(got["embeddings"])[[place[number] for number in ids]]
        if not np.allclose(read, rows, atol=1e-5):
            raise IndexUnusable(f"Chroma reads back other vectors for the {name} from {ids[0]} on")
    _check_recall(name, collection, matrix)


def _check_recall(name: str, collection: Any, matrix: Matrix) -> None:
    """Recall at 10 against an exact search, for a spread sample of the records.

    Neighbours are compared by similarity and not by id: among copies of one text any is
    as good as another.
    """
    if not len(matrix):
        return
    chosen = np.asarray(matrix[:: max(1, len(matrix) // _SAMPLE)])
    k = min(10, len(matrix))
    exact = np.partition(chosen @ matrix.T, -k, axis=1)[:, -k]
    near = list[float]()
    for start in range(0, len(chosen), _QUERIES):
        some = slice(start, start + _QUERIES)
        found = collection.query(query_embeddings=chosen[some], n_results=k, include=["distances"])
        near += [
            float(np.mean(1 - np.asarray(distances) >= limit - 1e-4))
            for distances, limit in zip(found["distances"], exact[some], strict=True)
        ]
    if (recall := float(np.mean(near))) < _RECALL:
        raise IndexUnusable(f"Chroma finds {recall:.1%} of the nearest {name}, expected 99 %")


class Collections:
    """A checked private copy, opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexUnusable if the folder is not one that ``build`` made."""
        _check_configuration(folder)
        self._client = _client(folder)
        self._collections = {
            name: self._client.get_collection(name, embedding_function=None) for name in COLLECTIONS
        }

    def nearest(self, name: str, vector: Matrix, k: int) -> list[int]:
        """The k nearest rows by cosine similarity, nearest first."""
        found = self._collections[name].query(query_embeddings=[vector], n_results=k, include=[])
        return [int(number) for number in found["ids"][0]]

    def check(self, matrices: Mapping[str, Matrix]) -> None:
        """Raise IndexUnusable unless the collections hold just the rows of the matrices."""
        for name, collection in self._collections.items():
            require_same_rows(name, collection, matrices[name])

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
    foreign = (names ^ set(COLLECTIONS)) | (kinds - _SEGMENTS) | set(functions(written))
    if foreign:
        raise IndexUnusable(
            f"the index was not built by OnRecord: its Chroma database names {min(foreign)!r}; "
            "delete it and add the articles again"
        )


_SEGMENTS = {"urn:chroma:segment/vector/hnsw-local-persisted", "urn:chroma:segment/metadata/sqlite"}
_NO_FUNCTION = ({"type": "legacy"}, {"type": "unknown"}, None)


def functions(value: Any) -> Iterator[str]:
    """The embedding functions that a stored configuration names, as JSON."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "embedding_function" and inner not in _NO_FUNCTION:
                yield json.dumps(inner)[:80]
            else:
                yield from functions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from functions(inner)
