"""Tuning of the model: how it is learnt, written, and merged into the weights of the package."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from index import minilm, quantise

tune = pytest.importorskip("training.tune", reason="what trains is not in the installed package")

NAME = "encoder.layer.5.attention.self.query.weight"

MATERIAL = tune.Material(
    [
        tune.joined(["The mayor wants a new bridge.", "Its price is not known, she said."]),
        tune.joined(["Bread is dearer than last year.", "Bakers blame the price of flour."]),
        tune.joined(["Nobody came to the museum.", "Its roof had been taken off."]),
    ],
    [
        tune.Asked("What does the mayor want?", ((0, 0),)),
        tune.Asked("Whom do bakers blame?", ((1, 1),)),
    ],
)


@pytest.fixture(scope="module")
def before() -> quantise.Weights:
    return quantise._read(minilm._folder())


@pytest.fixture(scope="module")
def learnt(before) -> dict[str, np.ndarray]:
    settings = tune.Settings(steps=2, paragraphs=2, rank=4)
    return tune.changes(before, tune.tuned(MATERIAL, before, settings), settings.rank)


def test_the_same_seed_gives_the_same_bytes(before, learnt, tmp_path):
    settings = tune.Settings(steps=2, paragraphs=2, rank=4)
    again = tune.changes(before, tune.tuned(MATERIAL, before, settings), settings.rank)
    files = [tmp_path / "one.npz", tmp_path / "other.npz"]
    for file, changes in zip(files, (learnt, again), strict=True):
        tune.write_changes(file, changes)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_only_matrices_of_the_last_layers_change(learnt):
    names = {key.rpartition(".")[0] for key in learnt}
    assert len(names) == 3 * 6
    assert {name.split(".")[2] for name in names} == {"3", "4", "5"}
    assert all(values.dtype == np.float16 for values in learnt.values())


def test_the_graph_with_changes_is_the_model_with_changes(before, learnt, tmp_path):
    import onnxruntime
    import torch

    tune.write_changes(tmp_path / "changes.npz", learnt)
    weights = tune.merged(before, tune.read_changes(tmp_path / "changes.npz"))
    quantise._write(weights, tmp_path / "graph.onnx")
    ids = tune.Reader()("“Whoever promises a cheque,” she said, “is not telling the truth.”")[0]
    session = onnxruntime.InferenceSession(
        (tmp_path / "graph.onnx").read_bytes(), providers=["CPUExecutionProvider"]
    )
    mean, tokens = session.run(["mean", "tokens"], {"input_ids": np.array([ids])})
    with torch.no_grad():
        model = tune.model_of(weights)
        wanted = model(input_ids=torch.tensor([ids])).last_hidden_state.numpy()
    assert np.allclose(tokens, wanted, atol=1e-4)
    assert np.allclose(mean, wanted.mean(axis=1), atol=1e-4)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"pooler.left": (384, 2), "pooler.right": (2, 384)}, "no matrix"),
        ({f"{NAME}.up": (384, 2)}, "no matrix"),
        ({f"{NAME}.left": (384, 2)}, "not a product"),
        ({f"{NAME}.right": (2, 384)}, "not a product"),
        ({f"{NAME}.left": (384, 2), f"{NAME}.right": (3, 384)}, "not a product"),
        ({f"{NAME}.left": (384, 2), f"{NAME}.right": (2, 1536)}, "another shape"),
    ],
)
def test_changes_that_do_not_fit_are_refused(changes, why, before):
    with pytest.raises(ValueError, match=why):
        tune.merged(before, {k: np.ones(s, np.float16) for k, s in changes.items()})


def test_changes_are_read_without_pickle(tmp_path):
    file = tmp_path / "changes.npz"
    np.savez(file, **{f"{NAME}.left": np.array([{}], object)})
    with pytest.raises(ValueError, match="pickle"):
        tune.read_changes(file)


def test_changes_of_matrices_are_the_nearest_of_their_rank():
    rows = np.random.RandomState(0).normal(size=(2, 8, 6)).astype(np.float32)
    found = tune.changes({"a": rows[0]}, {"a": rows[1]}, rank=6)
    whole = found["a.left"].astype(np.float32) @ found["a.right"].astype(np.float32)
    assert np.allclose(whole, rows[1] - rows[0], atol=0.02)


def test_questions_that_were_taken_apart_are_written_as_they_were():
    taken = "`` It is n't over '' , said Ms Reed -LRB- 51 -RRB- , Wales 's minister ."
    assert tune.plain(taken) == "\"It isn't over\", said Ms Reed (51), Wales's minister."


def test_of_qamr_only_the_wikinews_part_is_read(tmp_path: Path):
    sentences = io.StringIO()
    for place in ("wikinews:7:0:0", "wikinews:7:0:1", "wikipedia:8:0:0"):
        sentences.write(f"Wiki1k:{place}\tThis is {place} .\n")
    (tmp_path / "wiki-sentences.tsv").write_text(sentences.getvalue())
    for part, place in (("dev", "wikinews:7:0:1"), ("test", "wikipedia:8:0:0")):
        row = f"Wiki1k:{place}\t1\t2\t3\t4\tWhat is this ?\t5\n"
        (tmp_path / f"qamr_filtered_{part}.tsv").write_text(row)
    found = tune.qamr(tmp_path)
    assert [p.text for p in found.paragraphs] == ["This is wikinews:7:0:0. This is wikinews:7:0:1."]
    assert found.asked == [tune.Asked("What is this?", ((0, 1),))]


def test_the_program_writes_what_it_learnt(monkeypatch, tmp_path):
    monkeypatch.setattr(tune, "qamr", lambda data: MATERIAL)
    monkeypatch.setattr(tune, "written", lambda data: tune.Material([], []))
    monkeypatch.setattr(tune, "tuned", lambda material, before, settings: before)
    assert tune.main(["--data", str(tmp_path), "--output", str(tmp_path / "changes.npz")]) == 0
    assert tune.read_changes(tmp_path / "changes.npz") == {}
