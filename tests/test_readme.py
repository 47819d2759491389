"""The examples of the README and of the tutorial are run, and print what is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.ingest.loaders import LOADERS
from rag.__main__ import main
from tests.running import run_python

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = README + (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```\n```\n(.*?)```", PAGES, re.DOTALL)
ASKED = re.findall(r"```\n\$ make ask Q=\"(.*?)\"\n(.*?)```", PAGES, re.DOTALL)


@pytest.mark.parametrize(("code", "printed"), PYTHON)
def test_a_python_example_prints_what_is_shown(seed_index, code, printed):
    run = run_python("-c", code, ONRECORD_INDEX=str(seed_index))
    assert (run.stdout, run.returncode) == (printed, 0), run.stderr


@pytest.mark.parametrize(("question", "printed"), ASKED)
def test_a_question_is_answered_as_shown(seed_index, monkeypatch, capsys, question, printed):
    monkeypatch.setenv("ONRECORD_INDEX", str(seed_index))
    assert main([question]) == 0
    assert capsys.readouterr().out == printed


def test_every_format_is_named():
    own = PAGES[PAGES.index("Your own articles") :][:700]
    assert not [x.format for x in LOADERS.values() if x.format not in own]


def test_there_are_examples():
    assert len(PYTHON) == 3
    assert len(ASKED) == 3


def test_the_readme_is_short():
    assert README.count("\n") <= 150
