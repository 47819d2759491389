"""Few vectors are compared one by one, many through Chroma's graph: with the same result."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.embedding.embed import load_embedder
from index.storage import snapshot
from index.storage.snapshot import Generation

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("collection", ["passages", "quotes"])
def test_both_ways_find_the_same(seed_index, monkeypatch, collection):
    reader = Generation(seed_index)
    vector = load_embedder().encode_document(["Who asked for a ceasefire?"]).vectors[0]
    exact = reader.nearest(collection, vector, 5)
    monkeypatch.setattr(snapshot, "MAX_EXACT_ROWS", 0)
    graph = reader.nearest(collection, vector, 5)
    reader.close()
    assert len(exact) == 5
    assert exact == graph


def test_a_cold_question_loads_no_pytorch_no_parser_and_no_chroma(seed_index):
    """What each of them costs is a good part of what the whole answer does."""
    code = (
        "import sys; from rag.__main__ import main;"
        "code = main(['--index', sys.argv[1], 'what did Erdoğan tell Putin?']);"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'spacy', 'chromadb', 'onnx'};"
        "sys.exit(str(heavy & sys.modules.keys()) if heavy & sys.modules.keys() else code)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(seed_index)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "Putin" in run.stdout
