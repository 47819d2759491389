"""The golden articles beside the seeds, indexed once a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "questions"


@pytest.fixture(scope="session")
def golden_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of seeds/ and of the golden articles; not to be written to."""
    from index.indexing.build import add
    from index.settings import Settings

    folder = tmp_path_factory.mktemp("golden") / "index"
    report = add([ROOT / "seeds", GOLDEN / "articles.jsonl"], Settings(folder))
    assert not report.failed
    return folder


@pytest.fixture(scope="session")
def golden(golden_index: Path):
    """The seeds and the golden articles, opened for questions."""
    from rag import OnRecord

    return OnRecord.open(golden_index)


@pytest.fixture(scope="session")
def golden_texts() -> dict[str, str]:
    """The text of each golden article by its id; that of the seed as "seed"."""
    lines = (GOLDEN / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    (seed,) = (ROOT / "seeds").glob("*.txt")
    return {**texts, "seed": seed.read_text(encoding="utf-8")}
