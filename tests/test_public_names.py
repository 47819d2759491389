"""The public names, listed on purpose: whoever changes one, changes this file too."""

from __future__ import annotations

import importlib

import pytest

PUBLIC = {
    "rag": [
        "Answer",
        "Citation",
        "Filters",
        "Findings",
        "OnRecord",
        "OnRecordError",
        "Prose",
        "Question",
        "Reading",
        "answer",
        "as_message",
        "check",
    ],
    "index": ["Article", "Mention", "OnRecordError", "Passage", "Quote", "Span", "extract_quotes"],
}


@pytest.mark.parametrize("package", sorted(PUBLIC))
def test_a_package_offers_these_names_and_no_others(package):
    assert sorted(importlib.import_module(package).__all__) == PUBLIC[package]


@pytest.mark.parametrize("package", sorted(PUBLIC))
def test_every_public_name_is_there(package):
    module = importlib.import_module(package)
    for name in PUBLIC[package]:
        assert getattr(module, name).__doc__, f"{package}.{name} has no docstring"
