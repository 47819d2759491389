"""Real parts, loaded once a run: the parser, the embedder, and an index of the seeds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.settings import Settings

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

for name in [name for name in os.environ if name.startswith("ONRECORD_LLM")]:
    del os.environ[name]  # whatever a developer has, no test asks a provider


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of seeds/; tests must not write to it."""
    from index.build import add

    folder = tmp_path_factory.mktemp("seed") / "index"
    report = add([SEEDS], Settings(folder))
    assert report.added == 1
    assert not report.failed
    return folder


@pytest.fixture(scope="session")
def bot(seed_index: Path):
    """The seeds, opened for questions."""
    from rag import OnRecord

    return OnRecord.open(seed_index)
