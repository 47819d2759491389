"""The quantised model against the one it is made from, and its way into the cache."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embedding import minilm, quantise
from index.embedding.embed import load_embedder
from index.embedding.minilm import MiniLM
from index.errors import InputError

ROOT = Path(__file__).parents[3]

SUBJECTS = (
    *("the harbour bridge", "the school budget", "a strike of bus drivers", "the new vaccine"),
    *("the flood in the valley", "a tax on sugar", "the cup final", "the election recount"),
    *("a chess prodigy", "the price of bread", "the museum's roof", "the border talks"),
)
FRAMES = (
    "The mayor said on Tuesday that {} would be discussed before the summer, whatever it costs.",
    '"Nobody told us about {}," a spokeswoman for the residents complained to reporters.',
    "According to two officials, {} had been the subject of a letter to the prime minister. "
    "They declined to be named, and the ministry did not answer questions that were sent to it.",
    "Critics of {} are not convinced.",
)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    seed = next((ROOT / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    made = [frame.format(subject) for frame in FRAMES for subject in SUBJECTS]
    return made + [seed[at : at + 600] for at in range(0, len(seed), 600)]


@pytest.fixture(scope="module")
def pairs(texts):
    """Vectors of the same texts: as they are made here, and by PyTorch in full precision."""
    reference = load_embedder(str(minilm._model_folder()))
    return load_embedder().encode_document(texts).vectors, reference.encode_document(texts).vectors


def neighbours(rows: np.ndarray) -> list[set[int]]:
    near = rows @ rows.T
    np.fill_diagonal(near, -1)
    return [set(row) for row in np.argsort(-near, axis=1)[:, :10]]


def test_the_quantised_vectors_point_where_the_full_ones_do(pairs):
    ours, full = pairs
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert np.mean(np.sum(ours * full, axis=1)) >= 0.99


def test_the_quantised_vectors_have_the_neighbours_that_the_full_ones_have(pairs):
    both = zip(*map(neighbours, pairs), strict=True)
    assert np.mean([len(a & b) / 10 for a, b in both]) >= 0.85


def test_in_full_precision_the_graph_is_the_model(pairs, texts, tmp_path, monkeypatch):
    """A wrong node could hide behind what 8 bits lose."""

    def make(file: Path) -> None:
        quantise._write_graph(quantise._read(minilm._model_folder()), file)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(minilm, "_make", make)
    assert np.sum(MiniLM().encode_document(texts).vectors * pairs[1], axis=1).min() > 0.9999


def test_the_graph_is_made_without_pytorch(tmp_path):
    code = (
        "import runpy, sys\n"
        "sys.modules.update(torch=None, transformers=None)\n"
        "runpy.run_module('index.embedding.quantise', run_name='__main__')"
    )
    made = tmp_path / "graph.onnx"
    program = [sys.executable, "-c", code, str(minilm._model_folder()), str(made)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert 2e7 < made.stat().st_size < 3e7
    assert list(tmp_path.iterdir()) == [made]


def test_a_vector_does_not_depend_on_what_is_embedded_beside_it():
    embedder = load_embedder()
    texts = [frame.format("a tax on sugar") for frame in FRAMES]
    together = embedder.encode_document(texts + texts[:1]).vectors
    assert np.array_equal(
        together, np.stack([embedder.encode_document([t]).vectors[0] for t in [*texts, texts[0]]])
    )


def test_an_index_of_the_full_model_is_not_taken_for_one_of_the_quantised():
    full = load_embedder(str(minilm._model_folder()))
    assert load_embedder().fingerprint != full.fingerprint
    assert minilm.PINNED_WEIGHTS in load_embedder().fingerprint


def test_no_text_gives_no_row():
    assert load_embedder().encode_document([]).vectors.shape == (0, 384)
    assert np.isfinite(load_embedder().encode_document(["", " "]).vectors).all()


def test_what_is_cached_is_used_only_if_it_is_whole(tmp_path, monkeypatch):
    made = []

    def make(file: Path) -> None:
        made.append(file)
        file.write_bytes(b"graph")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(minilm, "_make", make)
    assert [minilm._graph(), minilm._graph()] == [b"graph"] * 2
    assert len(made) == 1
    (cached,) = tmp_path.rglob("*.onnx")
    cached.write_bytes(b"grape")
    assert minilm._graph() == b"graph"
    assert len(made) == 2
    assert sorted(p.suffix for p in cached.parent.iterdir()) == [".onnx", ".sha256"]


def test_weights_that_are_not_the_pinned_ones_are_refused(tmp_path, monkeypatch):
    (tmp_path / "model.safetensors").write_bytes(b"others")
    monkeypatch.setattr(minilm, "_model_folder", lambda: tmp_path)
    with pytest.raises(InputError, match="expected 53aa51172d14"):
        minilm._make(tmp_path / "graph.onnx")
    assert MiniLM().dimension == 384
