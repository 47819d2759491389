"""One speaker's ten nearest quotes: exactly, and by Chroma's `where`.

    python tests/benchmarks/one_speaker.py INDEX STORE ROUNDS SPEAKER...

In turns, for the vectors of quotes drawn from the archive; the JSON has milliseconds.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peer import SPOKEN, opened

from index.search.columns import Fit

EACH = 10
"""Vectors a round."""


def main(index: str, store: str, rounds: str, *speakers: str) -> int:
    import chromadb

    generation = opened(Path(index))
    catalog, outline = generation.catalog, generation.outline
    collection = chromadb.PersistentClient(store).get_collection(SPOKEN, embedding_function=None)
    draw = random.Random("vectors")
    rows = np.concatenate([part.vectors.matrices["quotes"] for part in generation.parts])
    figures = {}
    for number, speaker in enumerate(speakers):
        fit = Fit(speakers=(speaker,))

        def ours(vector: NDArray[np.float32], s: str = speaker, fit: Fit = fit) -> list[int]:
            return outline.foremost((s,), fit, 10, vector)

        def theirs(vector: NDArray[np.float32], s: str = speaker) -> Any:
            return collection.query(query_embeddings=[vector], n_results=10, where={"speaker": s})

        medians: dict[str, list[float]] = {"onrecord": [], "where": []}
        for _ in range(int(rounds)):
            chosen = rows[draw.sample(range(len(rows)), EACH)]
            medians["onrecord"].append(_median(ours, chosen))
            medians["where"].append(_median(theirs, chosen))
        figures[f"{number} quotes"] = len(catalog.quote_ids(speakers=[speaker]))
        for who, found in medians.items():
            figures[f"{number} {who} ms"] = statistics.median(found)
    print(json.dumps(figures))
    return 0


def _median(search: Callable[[NDArray[np.float32]], Any], vectors: Any) -> float:
    took = []
    for vector in vectors:
        start = time.perf_counter()
        search(vector)
        took.append(1000 * (time.perf_counter() - start))
    return statistics.median(took)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
