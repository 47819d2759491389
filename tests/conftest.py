"""Real parts, loaded once a run: the parser, the embedder, and an index of the seeds."""

from __future__ import annotations

import importlib.util
import os
import shutil
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


CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
"""The browser of the browser tests, None where there is none."""

NO_CHROMIUM = (
    "BROWSER TESTS SKIPPED: no Chromium here; apt-get install chromium, or name one: CHROMIUM"
)


def pytest_terminal_summary(terminalreporter) -> None:
    """Say which tests were skipped for want of a program; in the process that reports."""
    if not CHROMIUM:
        terminalreporter.write_line(NO_CHROMIUM, red=True, bold=True)
    if importlib.util.find_spec("mcp") is None:
        from rag.mcp import EXTRA

        line = f"MCP CLIENT TEST SKIPPED: its extra is not installed; pip install {EXTRA}"
        terminalreporter.write_line(line, red=True, bold=True)


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
