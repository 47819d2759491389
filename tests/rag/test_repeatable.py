"""The same question gives the same answer in another process, with another hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from rag.__main__ import main

ROOT = Path(__file__).parents[2]
ROWS = (ROOT / "tests" / "golden" / "questions" / "questions.jsonl").read_text("utf-8")


def test_answers_do_not_depend_on_process_or_hash_seed(golden_index, tmp_path):
    """This process has a seed of its own, by chance; the other one has 1, or 2 if this one has 1."""
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    questions = tmp_path / "questions.jsonl"
    questions.write_text(ROWS, "utf-8")
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    batch = ["--index", str(golden_index), "--questions", str(questions), "--output"]
    assert main([*batch, str(here)]) == 0
    subprocess.run(
        [sys.executable, "-m", "rag", *batch, there],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
    )  # fmt: skip
    first, second = here.read_text("utf-8"), there.read_text("utf-8")
    assert first == second
    assert len([json.loads(line) for line in first.splitlines()]) == 60
