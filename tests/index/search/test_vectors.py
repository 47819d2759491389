"""Chroma has the vectors that readers compare one by one, and finds the same by its graph."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.embedding.embed import load_embedder
from index.indexing.build import add, rebuild
from index.search import chroma, graph, vectors
from index.search.chroma import Collections
from index.settings import Settings
from index.storage import publish
from index.storage.health import verify
from index.storage.snapshot import Generation, writing
from index.storage.store import Store
from index.types import Article
from tests.derived import DIMENSION, MADE_WITH, analysed
from tests.running import run_python

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("collection", ["passages", "quotes"])
def test_both_ways_find_the_same(seed_index, tmp_path, collection):
    reader = Generation(seed_index)
    vector = load_embedder().encode_document(["Who asked for a ceasefire?"]).vectors[0]
    exact = reader.nearest(collection, vector, 5)
    (segment,) = (part.segment.folder for part in reader.parts)
    reader.close()
    shutil.copytree(segment / "chroma", tmp_path / "chroma")
    collections = Collections(tmp_path / "chroma")
    graph = collections.nearest(collection, vector, 5)
    collections.close()
    assert len(exact) == 5
    assert exact == graph


def test_by_default_passages_and_quotes_are_in_chroma_as_any_client_reads_it(seed_index, tmp_path):
    """Those of the index, each under its number, near to what they are asked with."""
    import chromadb

    reader = Generation(seed_index)
    (part,) = reader.parts
    counts, words = reader.catalog.counts(), "Who asked for a ceasefire?"
    vector = load_embedder().encode_document([words]).vectors[0]
    shutil.copytree(part.segment.folder / "chroma", tmp_path / "chroma")
    client = chromadb.PersistentClient(str(tmp_path / "chroma"), chroma.settings())
    for name in ("passages", "quotes"):
        collection = client.get_collection(name, embedding_function=None)
        assert collection.count() == counts[name] > 0
        (found,) = collection.query(query_embeddings=[vector], n_results=3)["ids"]
        assert [int(number) for number in found] == reader.nearest(name, vector, 3)
    client.close()
    reader.close()


def test_chroma_can_be_left_out_and_put_back(tmp_path):
    (tmp_path / "a.txt").write_text("Mayor Ana Ruiz said the bridge would open. It rained.")
    folder = tmp_path / "i"
    add([tmp_path / "a.txt"], Settings(folder))
    assert len([*folder.glob("segments/*/chroma")]) == 1
    rebuild(Settings(folder, chroma="none"))
    assert [*folder.glob("segments/*/chroma")] == []
    (tmp_path / "b.txt").write_text("Mayor Ana Ruiz said the bridge was closed. It snowed.")
    add([tmp_path / "b.txt"], Settings(folder))
    assert [*folder.glob("segments/*/chroma")] == [], "as the index has it"
    assert not [line for found in verify(Settings(folder)) for line in found.wrong]
    rebuild(Settings(folder, chroma="local"))
    assert len([*folder.glob("segments/*/chroma")]) == 1
    assert not [line for found in verify(Settings(folder)) for line in found.wrong]


def clustered(count: int) -> np.ndarray:
    """Unit rows around some centres, four tenths of them nearly copies, as wire stories are."""
    draw = np.random.default_rng(5)
    rows = (
        draw.normal(size=(count, 384))
        + 2 * draw.normal(size=(40, 384))[draw.integers(0, 40, count)]
    )
    copies = count * 6 // 10
    rows[copies:] = rows[: count - copies] + draw.normal(scale=0.02, size=(count - copies, 384))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32)


def test_a_graph_finds_what_comparing_all_rows_finds(tmp_path, monkeypatch):
    monkeypatch.setattr(graph, "MAX_EXACT_ROWS", 2000)
    rows = clustered(3000)
    (tmp_path / "vectors").mkdir()
    graph.write_graph(tmp_path, "quotes", rows)
    found = graph.open_graph(tmp_path, "quotes")
    assert graph.open_graph(tmp_path, "passages") is None
    recalls = []
    for vector in rows[::60]:
        limit = np.sort(rows @ vector)[-10]
        recalls.append(
            np.mean(np.sort(rows[found.near(vector, 10)] @ vector)[-10:] >= limit - 1e-5)
        )
    assert np.mean(recalls) >= 0.99


def test_few_rows_and_a_graph_that_misses_them_are_compared_one_by_one(tmp_path, monkeypatch):
    monkeypatch.setattr(graph, "MAX_EXACT_ROWS", 2000)
    (tmp_path / "vectors").mkdir()
    graph.write_graph(tmp_path, "quotes", clustered(2000))
    assert graph.open_graph(tmp_path, "quotes") is None
    monkeypatch.setattr(graph, "_recall", lambda *_: 0.98)
    graph.write_graph(tmp_path, "quotes", clustered(2010))
    assert graph.open_graph(tmp_path, "quotes") is None


def test_a_large_segment_answers_by_its_graph_and_without_what_was_removed(tmp_path, monkeypatch):
    """The nearest rows are those of comparing all, be some of them gone."""
    monkeypatch.setattr(graph, "MAX_EXACT_ROWS", 20)
    monkeypatch.setattr(vectors, "MAX_EXACT_ROWS", 20)
    monkeypatch.setattr(publish, "OPEN", 1)
    monkeypatch.setattr(chroma, "_SAMPLE", 20)
    folder = tmp_path / "index"
    parts = [analysed(Article(f"a{n:03}", f"It rained {n} times. It stopped.")) for n in range(120)]
    with writing(folder), Store(folder) as store:
        for part in parts:
            store.put(part, "here", MADE_WITH)
        publish.publish(folder, store, MADE_WITH)
        for number in range(0, 120, 3):
            store.remove(f"a{number:03}")
        publish.publish(folder, store, MADE_WITH)
    reader = Generation(folder)
    (part,) = reader.parts
    assert len(part.dead) == 40
    vector = np.eye(1, DIMENSION, dtype=np.float32)[0]
    assert part.near("passages", vector, 10) is not None
    found = reader.nearest("passages", vector, 10)
    similar = np.where(part.live("passages"), part.vectors.matrices["passages"] @ vector, -2)
    assert found == np.argsort(-similar, kind="stable")[:10].tolist()
    reader.close()


def test_a_cold_question_loads_no_pytorch_no_parser_and_no_chroma(seed_index):
    """What each of them costs is a good part of what the whole answer does."""
    code = (
        "import sys; from rag.__main__ import main;"
        "code = main(['--index', sys.argv[1], 'what did Erdoğan tell Putin?']);"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'spacy', 'chromadb', 'onnx', 'usearch'};"
        "sys.exit(str(heavy & sys.modules.keys()) if heavy & sys.modules.keys() else code)"
    )
    run = run_python("-c", code, seed_index)
    assert run.returncode == 0, run.stderr
    assert "Putin" in run.stdout


def test_a_graph_may_be_made_before_the_model_is_loaded(tmp_path):
    """Libraries of both end the process if they are loaded in the wrong order."""
    code = (
        "import sys; from pathlib import Path; import numpy as np; from index.search import graph\n"
        "graph.write_graph(Path(sys.argv[1]), 'quotes', np.eye(10100, 8, dtype=np.float32))\n"
        "import onnxruntime"
    )
    (tmp_path / "vectors").mkdir()
    run = run_python("-c", code, tmp_path)
    assert run.returncode == 0, run.stderr
