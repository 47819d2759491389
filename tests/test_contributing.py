"""CONTRIBUTING.md, the glossary and CITATION.cff tell of this tree and of no other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PLACES = sorted(
    set(re.findall(r"`((?:index|rag|page|training|tests|docs|seeds)/[\w./-]*)`", GUIDE + GLOSSARY))
)
WALKS = {
    "rag/question/": (
        "read",
        "SlotReader",
        "_slots_of_match",
        "question_first",
        "without_politeness",
        "_ABOUT",
        "_WHO",
        "_FIGURE",
        "normalise.py",
        "followup.py",
        "dates.py",
        "reader.py",
    ),
    "rag/people/": ("_FORWARD", "_DETERMINERS", "mentions.py"),
    "rag/ranking/": ("features.py", "verdict.py"),
    "rag/types.py": ("Question",),
    "rag/lang/": (
        "Frame",
        "Asking",
        "FRAMES",
        "ASKING",
        "COMPARISONS",
        "WORDING",
        "irregular",
        "regular_forms",
        "negations",
    ),
    "index/attribution/": (
        "extractions",
        "Report",
        "_FACTIVE",
        "_CLOCK",
        "speech.py",
        "clauses.py",
        "complements.py",
        "sources.py",
        "nouns.py",
        "edges.py",
        "flow.py",
        "conversation.py",
        "situation.py",
        "nested.py",
        "turns.py",
        "coreference.py",
    ),
    "index/types.py": ("Quote",),
    "index/lang/": (
        "_VERB_ACTS",
        "_CLAUSAL",
        "_ADDRESSING",
        "_TO_ADDRESSING",
        "_INFINITIVE",
        "_OBJECT",
        "_IRREGULAR",
        "particle_acts",
        "TABLE",
        "Naming",
        "READ",
    ),
    "index/settings.py": ("EXTRACTOR",),
    "index/ingest/loaders/": (
        "File",
        "Item",
        "LOADERS",
        "decode",
        "unwrapped_paragraphs",
        "storable",
        "TEXT_BYTES",
        "plain.py",
    ),
    "index/ingest/": ("_VERSION", "_TYPES", "load.py", "web.py"),
}
"""What the walks say is to be found where."""


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_is_named_exists(place):
    assert (ROOT / place).exists()
    assert place.endswith("/") == (ROOT / place).is_dir()


def test_every_folder_of_the_program_has_its_line():
    folders = {
        f"{file.parent.relative_to(ROOT).as_posix()}/"
        for package in ("index", "rag", "page", "training")
        for file in (ROOT / package).rglob("*.py")
    }
    assert sorted(folders - set(PLACES)) == []


@pytest.mark.parametrize("place", sorted(WALKS))
def test_the_walks_lead_where_they_say(place):
    files = sorted((ROOT / place).glob("*.py")) if place.endswith("/") else [ROOT / place]
    sources = "\n".join(file.read_text(encoding="utf-8") for file in files)
    for name in WALKS[place]:
        assert name in GUIDE
        if name.endswith(".py"):
            assert name in {file.name for file in files}
        else:
            assert re.search(rf"^ *(?:def |class )?{name}\b[:( =]", sources, re.MULTILINE), name


def test_the_glossary_is_short_and_in_order():
    words = re.findall(r"^\| ([a-z ]+) \| [^|]+ \| `[^|]+` \|$", GLOSSARY, re.MULTILINE)
    assert words == sorted(words)
    assert len(words) == len(set(words)) == GLOSSARY.count("\n| ") - 1  # one row has the headings
    assert len(words) <= 33


def test_the_root_of_the_index_stays_small():
    """What every newcomer should open, and no more."""
    assert len(list((ROOT / "index").glob("*.py"))) <= 8


def test_the_citation_is_of_this_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    for line in (f"version: {project['version']}", f"license: {project['license']}"):
        assert line in citation.splitlines()
