"""The same question gives the same answer in another process, with another hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = (ROOT / "tests" / "golden" / "questions" / "questions.jsonl").read_text("utf-8")


def answers(index: Path, folder: Path, seed: str) -> str:
    questions, output = folder / "questions.jsonl", folder / f"answers-{seed}.jsonl"
    questions.write_text(ROWS, "utf-8")
    subprocess.run(
        [sys.executable, "-m", "rag", "--index", index,
         "--questions", questions, "--output", output],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
    )  # fmt: skip
    return output.read_text("utf-8")


def test_answers_do_not_depend_on_process_or_hash_seed(golden_index, tmp_path):
    first, second = (answers(golden_index, tmp_path, seed) for seed in ("1", "4242"))
    assert first == second
    assert len([json.loads(line) for line in first.splitlines()]) == 60
