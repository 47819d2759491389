"""A small archive of made-up articles, with the seeds beside them, opened for checks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ARTICLES = Path(__file__).with_name("articles.jsonl")
OWN = ROOT / "training" / "data" / "articles.jsonl"
BESIDE = 24
"""Of the project's own articles, for the mutations."""


@pytest.fixture(scope="session")
def press_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the index; not to be written to."""
    from index.indexing.build import add
    from index.settings import Settings

    folder = tmp_path_factory.mktemp("press")
    some = folder / "some.jsonl"
    rows = OWN.read_text(encoding="utf-8").splitlines()
    some.write_text("\n".join(rows[:BESIDE]), encoding="utf-8")
    report = add([ARTICLES, ROOT / "seeds", some], Settings(folder / "index"))
    assert not report.failed
    return folder / "index"


@pytest.fixture(scope="session")
def press(press_index: Path):
    from rag import OnRecord

    return OnRecord.open(press_index, llm="")


@pytest.fixture(scope="session")
def press_texts() -> dict[str, str]:
    """The text of each made-up article by its id."""
    rows = ARTICLES.read_text(encoding="utf-8").splitlines()
    return {row["id"]: row["text"] for row in map(json.loads, rows)}
