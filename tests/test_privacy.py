"""Nothing leaves the machine, whatever the environment says; nothing that is data is run."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from platformdirs import user_cache_path

from index.embedding.embed import load_embedder
from index.settings import DEFAULT_EMBEDDER
from tests.running import run_python

ROOT = Path(__file__).parent.parent

SWITCHES = {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_API_KEY": "lsv2_none",
    "LANGSMITH_ENDPOINT": "https://trace.example",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGCHAIN_API_KEY": "lsv2_none",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "https://otel.example",
    "OTEL_TRACES_EXPORTER": "otlp",
    "HF_HUB_OFFLINE": "0",
    "HF_TOKEN": "hf_none",
    "ANONYMIZED_TELEMETRY": "True",
    "GRADIO_ANALYTICS_ENABLED": "True",
    "OPENAI_API_KEY": "sk-none",
    "CHROMA_API_KEY": "ck-none",
    "CHROMA_SERVER_HOST": "chroma.example",
    "CHROMA_OTEL_COLLECTION_ENDPOINT": "https://otel.example",
}

WATCHED = """
import logging, socket, sys
logging.basicConfig(level=logging.INFO)
asked = []
def refuse(name):
    def function(*arguments, **_):
        asked.append((name, arguments))
        raise OSError("no network in this test")
    return function
socket.getaddrinfo = refuse("getaddrinfo")
socket.socket.connect = refuse("connect")
from index.__main__ import main
from rag import OnRecord
code = main(["add", "--index", sys.argv[1], sys.argv[2]])
answer = OnRecord.open(sys.argv[1]).answer("what did Pavel Orlov tell Deniz Kaya?")
main(["verify", "--index", sys.argv[1]])
import ui
print("CODE", code, "STATUS", answer.status, "ASKED", asked)
"""


def test_no_switch_in_the_environment_makes_a_look_up_and_no_log_has_the_text(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(
        "Minister Pavel Orlov told Deniz Kaya that the zyxquorvat would be closed in May."
    )
    run = run_python("-c", WATCHED, tmp_path / "index", tmp_path / "in", **SWITCHES)
    assert "CODE 0 STATUS answered ASKED []" in run.stdout, run.stdout + run.stderr
    assert "zyxquorvat" not in run.stderr
    assert "zyxquorvat" not in run.stdout


def sources() -> list[Path]:
    return [
        *ROOT.glob("index/**/*.py"),
        *ROOT.glob("rag/**/*.py"),
        *ROOT.glob("page/**/*.py"),
        *ROOT.glob("*.py"),
    ]


EMBEDS = """
import sys
from index.embedding.embed import load_embedder
from index.settings import DEFAULT_EMBEDDER
load_embedder(DEFAULT_EMBEDDER).encode_document(["a sentence"]).vectors
"""


def test_no_library_keeps_an_id_or_events_of_its_own(tmp_path):
    """Native code opens no socket that Python sees; what it would send, it keeps in files."""
    theirs, ours = tmp_path / ".cache", user_cache_path("onrecord", appauthor=False)
    load_embedder(DEFAULT_EMBEDDER).encode_document(["made once"])
    shutil.copytree(ours, theirs / "onrecord")
    kept = {k: v for k, v in os.environ.items() if k not in ("ORT_DISABLE_TELEMETRY",)}
    run = subprocess.run(
        [sys.executable, "-c", EMBEDS],
        cwd=ROOT,
        env={**kept, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(theirs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not run.returncode, run.stderr
    assert [p.name for p in tmp_path.iterdir()] == [".cache"]
    assert [p.name for p in theirs.iterdir()] == ["onrecord"]


OWN_PIPES = {"distribute.py", "workers.py"}
"""Pickles that go from this program to a child or a worker of its own and back, and never
to a file."""


@pytest.mark.parametrize("source", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_data_is_run_as_code(source):
    """No eval, no pickle, no templates, no model that brings its own code."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "")
            assert name not in {"eval", "exec", "compile", "__import__"}, node.lineno
            dotted = ast.unparse(node.func)
            assert dotted not in {
                "torch.load",
                "os.system",
                "os.popen",
                "marshal.loads",
                "yaml.load",
            }
            for keyword in node.keywords:
                if keyword.arg in {"trust_remote_code", "shell", "allow_dangerous_deserialization"}:
                    assert ast.unparse(keyword.value) == "False", node.lineno
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if source.name in OWN_PIPES:
            continue
        assert not {n.partition(".")[0] for n in names} & {
            "pickle",
            "jinja2",
            "shelve",
            "dill",
            "marshal",
        }
