"""Real parts, loaded once a run: the parser, the embedder, and an index of the seeds."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.settings import Settings
from tests.serving import Served, serving

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

for name in [n for n in os.environ if n.startswith(("ONRECORD_LLM", "ONRECORD_CHROMA", "CHROMA_"))]:
    del os.environ[name]  # whatever a developer has, no test asks a provider or a server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs Linux elsewhere, and say so."""
    if sys.platform != "linux":
        for item in items:
            if item.get_closest_marker("linux"):
                item.add_marker(pytest.mark.skip(reason="needs Linux (/proc, /dev/full or mounts)"))


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of seeds/; tests must not write to it."""
    from index.indexing.build import add

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


@pytest.fixture(scope="session")
def served(seed_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page, served from the seeds in a process of its own."""
    with serving(seed_index, tmp_path_factory.mktemp("served") / "uploads") as found:
        yield found


@pytest.fixture(scope="session")
def address(served: Served) -> str:
    """Where it is served."""
    return served.address
