"""The English tables agree with each other, and what they list has an effect."""

from __future__ import annotations

from collections import Counter

import pytest

from index.attribution import speech
from index.attribution.quotation_marks import Quotation
from index.attribution.syntax import Sentence, Word
from index.lang import en, language
from index.types import Span
from rag.lang import reporting_forms

BESIDE_MARKS_ALONE = {"go", "present"}
"""Verbs without an act of their own: they introduce only words in quotation marks."""


@pytest.mark.parametrize("table", [en._VERB_ACTS, en._NOUN_ACTS], ids=["verbs", "nouns"])
def test_a_word_has_one_act(table):
    """A second entry would be ignored without a word."""
    times = Counter(word for words in table.values() for word in words.split())
    assert [word for word, count in times.items() if count > 1] == []


def test_acts_are_listed_by_single_words():
    """What reports is looked up by its lemma: a verb with its particle is in `particle_acts`."""
    assert [verb for verb in en.VERB_ACTS if not verb.isalpha()] == []


@pytest.mark.parametrize(
    "verbs",
    [
        en._CLAUSAL,
        en._ADDRESSING,
        en._TO_ADDRESSING,
        en._INFINITIVE,
        en._OBJECT,
        en._PREPOSITION.keys(),
    ],
    ids=["clausal", "addressing", "to_addressing", "infinitive", "object", "preposition"],
)
def test_a_verb_of_a_list_has_an_act(verbs):
    assert sorted(verbs - en.VERB_ACTS.keys() - BESIDE_MARKS_ALONE) == []


def words(*given: tuple[str, str, str, str]) -> list[Word]:
    """Words with blanks between them, all of them dependents of the first."""
    found, at = [], 0
    for number, (text, lemma, pos, dep) in enumerate(given):
        found.append(Word(number, at, at + len(text), text, lemma, pos, "", dep))
        at += len(text) + 1
    for word in found:
        word.head = found[0]
    found[0].children += found[1:]
    return found


@pytest.mark.parametrize(
    ("form", "verb", "act"), [("goes", "go", "say"), ("vows", "vow", "promise")]
)
def test_a_verb_that_was_tagged_as_a_noun_has_an_act(form, verb, act):
    """“Stay,” Reed goes."""
    stay, name, cue = words(
        ("“Stay,”", "stay", "NOUN", "ROOT"),
        ("Reed", "reed", "PROPN", "compound"),
        (form, verb, "NOUN", "dep"),
    )
    stay.quotation = 0
    found = speech.speech_reports(
        Sentence(Span(0, cue.end), [stay, name, cue]),
        [],
        [Quotation(stay.span, Span(1, 6), 0)],
        language(),
    )
    assert [(r.act, r.speaker) for r in found] == [(act, name)]


def test_questions_know_every_irregular_form_of_a_reporting_verb():
    """ "Went" alone is none: to go is to say only beside quotation marks."""
    assert sorted(en._IRREGULAR - reporting_forms().keys()) == ["went"]
