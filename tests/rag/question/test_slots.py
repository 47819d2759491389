"""The pattern for the verbs of speech and thought."""

from __future__ import annotations

import re

import pytest

from rag.lang import asking, regular_forms, reporting_forms
from rag.question.slots import _phrasal_forms, _say_forms

VERBS = {*reporting_forms("en")} | {
    form for verb in asking("en").answering_verbs for form in regular_forms(verb)
}


@pytest.fixture(scope="module")
def verb() -> re.Pattern[str]:
    return re.compile(rf"({_say_forms()})\b", re.IGNORECASE)


def test_each_form_of_each_verb_is_found_whole(verb):
    for form in VERBS | _phrasal_forms().keys():
        assert verb.match(f"{form} it")[1] == form


def test_nothing_else_is_found(verb):
    for form in VERBS:
        for other in (f"{form}x", f"x{form}", form[:-1]):
            found = verb.match(other)
            assert (found is not None) == (other in VERBS), other
