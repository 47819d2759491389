"""Questions as people type them: without apostrophes, in passing, after a turn before."""

import pytest

from index.lang.lexicon import is_in_lexicon
from rag.onrecord import OnRecord
from rag.people import with_apostrophes
from rag.question.normalise import without_politeness
from rag.question.reader import conversation, read
from rag.types import Turn


def reading(golden: OnRecord, asked: str, *before: str):
    """How a question is read after a question and an answer."""
    turns = [Turn(r, text) for r, text in zip(("user", "assistant"), before, strict=False)]
    directory = golden.reader.directory
    return read(asked, conversation(turns, directory), directory)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("odells letter to reyes", "odell's letter to reyes"),
        ("what was falks view on the welds", "what was falk's view on the welds"),
        ("the tides and the welds", "the tides and the welds"),
        ("Odell's letter", "Odell's letter"),
    ],
)
def test_a_name_gets_the_apostrophe_that_it_lacks(typed, meant, golden):
    assert with_apostrophes(typed, golden.reader.directory) == meant


@pytest.mark.parametrize("word", ["quit", "fellas", "proven", "walked"])
def test_a_word_of_the_language_is_no_slip_of_a_name(word):
    assert is_in_lexicon(word)


@pytest.mark.parametrize("word", ["erdogen", "garow", "mcallistr"])
def test_a_slip_is_no_word_of_the_language(word):
    assert not is_in_lexicon(word)


def test_a_language_without_a_parser_has_no_known_words():
    assert not is_in_lexicon("quit", "xx")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Was Abt heard on this?", "Was Abt heard on this"),
        ("what did he say abt the dam", "what did he say about the dam"),
    ],
)
def test_a_name_is_no_slip_of_about(typed, kept):
    assert without_politeness(typed) == kept


def test_a_source_that_is_only_described_is_asked_for_its_words(golden):
    found = reading(golden, "Are the welds sound, if one believes the union?")
    assert (found.kind, found.role) == ("said", "the union")


@pytest.mark.parametrize(
    ("before", "asked", "speakers"),
    [
        ("What did Leif Garrow tell Ayumi Sandell?", "And how did she hit back?", "Ayumi Sandell"),
        ("What did Leif Garrow tell Ayumi Sandell?", "and her comeback?", "Ayumi Sandell"),
        ("What did Leif Garrow tell Ayumi Sandell?", "and falks view?", "Bruno Falk"),
    ],
)
def test_a_reply_is_by_the_other_one(before, asked, speakers, golden):
    assert reading(golden, asked, before, "He spoke of dust.").speakers == (speakers,)


def test_a_relation_of_who_spoke_is_somebody_else(golden):
    found = reading(golden, "and her student?", "What did Ayumi Sandell say?", "She laughed.")
    assert "Ayumi Sandell" not in found.speakers
    assert found.role == "her student"
