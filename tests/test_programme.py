"""docs/test-programme.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMED = sorted(
    set(
        re.findall(
            r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "test-programme.md").read_text()
        )
    )
)


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_is_named_exists(file, test):
    source = (ROOT / file).read_text(encoding="utf-8")
    assert not test or f"def {test}(" in source


def test_tests_are_named():
    assert len(NAMED) > 30
