"""The documentation is whole, loads nothing from elsewhere, and its figures are those measured."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.benchmarks.record import FIGURES, block, figures, record

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SITE = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
MEASURED = (DOCS / "measured.md").read_text(encoding="utf-8")
PAGES = sorted(p for p in DOCS.rglob("*.md"))
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)")


def test_every_page_is_in_the_navigation():
    listed = set(re.findall(r"(\S+\.md)$", SITE, re.MULTILINE))
    assert listed == {p.relative_to(DOCS).as_posix() for p in PAGES}


def test_every_decision_is_listed():
    index = (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")
    assert set(LINK.findall(index)) == {p.name for p in (DOCS / "decisions").glob("0*.md")}


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda p: p.name)
def test_links_lead_to_files_and_those_of_the_site_stay_in_it(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:")):
            found = (page.parent / target).resolve()
            assert found.exists(), target
            assert page.parent == ROOT or found.is_relative_to(DOCS), target


def test_the_site_loads_nothing_from_elsewhere():
    assert re.search(r"^  font: false$", SITE, re.MULTILINE)
    assert "http" not in SITE
    assert "default-src 'self'" in (DOCS / ".theme" / "main.html").read_text(encoding="utf-8")
    for page in PAGES:  # the theme would fetch what draws them
        assert "```mermaid" not in page.read_text(encoding="utf-8"), page


def test_what_the_reference_names_exists():
    reference = (DOCS / "api.md").read_text(encoding="utf-8")
    for name, members in re.findall(
        r"^::: (\S+)(?:\n    options:\n      members: \[(.*)\])?", reference, re.MULTILINE
    ):
        head, _, last = name.rpartition(".")
        found = (
            getattr(importlib.import_module(head), last)
            if last[:1].isupper()
            else importlib.import_module(name)
        )
        for member in filter(None, members.split(", ")):
            assert getattr(found, member).__doc__, f"{name}.{member}"


def test_the_figures_of_the_readme_are_those_measured():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert block(readme, FIGURES) == figures(MEASURED)


def test_every_table_of_the_measured_page_says_when_and_by_what():
    titles = re.findall(r"^<!-- measured: (.+) -->$", MEASURED, re.MULTILINE)
    assert {"answers: questions_dev", "quotes: polnear_dev", "small archive", "faults"} <= {*titles}
    for title in titles:
        about, _, table = block(MEASURED, title).partition(":\n\n")
        assert re.match(r"\d{4}-\d\d-\d\d, \d+ cores, .+ `.+`$", about), title
        assert re.fullmatch(r"```\n.+\n```", table, re.DOTALL), title


PRINTED = """
answers: questions_dev
----------------------
kind                     n  recall   hit@1    prec  chprec contain speaker wrongsp  verbat falseab abstain   words  strict    full
ALL                    138   0.939   0.949   0.934   0.929   0.917   0.933   0.123   1.000   0.017   0.900      34   0.920   0.456

small archive
-------------

60 articles           onrecord  naive peer   ratio
warm p50 ms              21.45       10.09    1.73

something new
-------------
a row
a line of dashes
---

empty
-----
"""


def test_tables_replace_their_blocks_and_new_ones_are_added(tmp_path):
    measured, readme = tmp_path / "measured.md", tmp_path / "README.md"
    measured.write_text(
        "# A\n\n<!-- measured: answers: questions_dev -->\nold\n<!-- end -->\n\nB\n"
    )
    readme.write_text("C\n<!-- measured: figures -->\nold\n<!-- end -->\nD\n")
    for _ in range(2):
        record(PRINTED, "2026-01-01, 2 cores, here, `make x`", measured, readme)
        text = measured.read_text()
        assert text.startswith(
            "# A\n\n<!-- measured: answers: questions_dev -->\n2026-01-01, 2 cores"
        )
        assert "old" not in text
        assert text.count("<!-- end -->") == 3
        assert "a line of dashes\n---\n```" in block(text, "something new")
        assert not block(text, "empty")
        assert re.search(r"\nB\n\n<!-- measured: small archive", text)
    assert readme.read_text() == (
        "C\n<!-- measured: figures -->\n"
        "| questions answered fully right | wrong names | a question, warm |\n|---|---|---|\n"
        "| 0.456 | 0.123 | 21 ms |\n<!-- end -->\nD\n"
    )
