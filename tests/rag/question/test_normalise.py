"""How a question is worded beside its grammar: what leads up to it, its source, its parts."""

from __future__ import annotations

import pytest

from index.people.names import is_name
from rag.question.normalise import (
    cut_source,
    question_first,
    separate_questions,
    without_politeness,
)


@pytest.mark.parametrize(
    ("asked", "bare"),
    [
        ("After the vote, what did Reed say", "what did Reed say After the vote"),
        ("Reed in May: what did he say about the dam", "what did Reed say about the dam in May"),
        ("And the mayor, what was her answer", "what was And the mayor's answer"),
        ("Odell or Thorne: who said it was his job", "Odell or Thorne: who said it was his job"),
        ("According to Reed, what did Falk say", "According to Reed, what did Falk say"),
        ("What did Reed say, if anything", "What did Reed say, if anything"),
        ("My son was there. What did Reed say", "What did Reed say My son was there"),
    ],
)
def test_a_phrase_that_leads_up_to_a_question_goes_behind_it(asked, bare):
    assert question_first(asked) == bare


@pytest.mark.parametrize(
    "asked",
    [
        "Could you please tell me what Reed said?",
        "I was wondering what Reed said, please.",
        "quick q - what Reed said lol",
        "re: wat Reed said pls",
        "Remind me what Reed said, if anything, in the article",
        "do we know what Reed said on the record",
    ],
)
def test_what_is_wrapped_around_a_question_is_taken_off(asked):
    assert without_politeness(asked) == "what Reed said"


@pytest.mark.parametrize(
    ("asked", "source", "rest"),
    [
        ("According to Reed, what did Falk say", "Reed", "what did Falk say"),
        ("what happened at the dam, according to Reed", "Reed", "what happened at the dam"),
        ("why did she leave, in Reed's own words", "Reed", "why did she leave"),
        ("whether, in Reed's view, the dam was safe", "Reed", "whether the dam was safe"),
        ("what happened, as Reed put it", "Reed", "what happened"),
        ("what did Falk say according to whom", "", "what did Falk say according to whom"),
        ("what did Reed say in May", "", "what did Reed say in May"),
    ],
)
def test_the_source_that_a_question_names_is_cut_out(asked, source, rest):
    assert cut_source(asked) == (source, rest)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (
            "What did Reed say about the dam, and how did Falk respond?",
            ["What did Reed say about the dam", "how did Falk respond?"],
        ),
        ("Did Reed leave early? What did she say?", ["Did Reed leave early", "What did she say?"]),
        ("When and where did Reed say so?", ["When and where did Reed say so?"]),
        ("What did Reed and Falk say?", ["What did Reed and Falk say?"]),
    ],
)
def test_questions_in_one_breath_are_parted(asked, found):
    assert separate_questions(asked) == found


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Marek Odell", True),
        ("Bashar al-Assad", True),
        ("Ministry of Health", True),
        ("Kestria's foreign ministry", True),
        ("Robert Fane, Jr.", True),
        ("letter by Reed", False),
        ("One reader", False),
        ("Thorne's attack on Reed", False),
        ("Six papers in Norland, among them the Post", False),
    ],
)
def test_a_description_with_a_name_in_it_is_no_name(phrase, name):
    assert is_name(phrase) is name
