"""What counts as one word, and which words can turn a sense."""

from __future__ import annotations

import pytest

from index.types import Span
from rag.check.tokens import BRACKETS, ELLIPSIS, is_negation, number, source_keys, together, tokens

SAME = (
    # Two ways to set the same words.
    ("We will not go.", "WE WILL NOT GO"),
    ("the Erdoğan–Putin talks", "the Erdogan - Putin talks"),
    ("I don’t know", "I don't know"),
    ("1,000,000 crowns", "1000000 crowns"),
    ("the U.S. army", "the US army"),
    ("5% of it", "5 percent of it"),
    ("well\nwithin\u00a0reach", "well within reach"),
    ("“[W]e know,” he", "we know he"),
    ("as he says [sic] it", "as he says it"),
    ("Ümit’s", "U\u0308mit's"),
)

OTHER = (
    ("1.5 million", "15 million"),
    ("-5 degrees outside", "5 degrees outside"),
    ("$5", "€5"),
    ("can", "can't"),
    ("10:30", "10:20"),
    ("1,5 metres", "15 metres"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_typography_is_folded(one, other):
    assert source_keys(one) == source_keys(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_can_turn_a_sense_is_kept_apart(one, other):
    assert source_keys(one) != source_keys(other)


def test_tokens_and_keys_are_the_same_words():
    text = "“I don't,” she said — 1,000 times. [The mayor] left… U.S. [w]ords, 5 %!"
    assert [t.key for t in tokens(text)] == source_keys(text)


def test_every_token_stands_where_it_says():
    text = "ﬁrst Ümit – 1,000 don’t “İstanbul” straße"
    for token in tokens(text):
        assert source_keys(text[token.start : token.end]) == [token.key]


def test_an_editors_marks_are_one_token_each_in_a_draft_alone():
    text = "We [the council] go … home […] now (...) . . . end"
    marked = [t.key for t in tokens(text, edited=True)]
    assert marked == [
        *("we", BRACKETS, "go", ELLIPSIS, "home", ELLIPSIS, "now", ELLIPSIS, ELLIPSIS, "end"),
    ]
    assert "council" in source_keys(text)
    assert ELLIPSIS not in source_keys(text)


def test_where_sentences_end():
    found = tokens("Is it over? Mr. Holm waits. Yes")
    assert [t.ends for t in found] == ["", "", "?", ".", "", ".", ","]
    assert [t.key for t in found if t.first] == ["is", "mr", "holm", "yes"]


def test_a_stretch_with_a_capital_begins_a_sentence_behind_one_that_broke_off():
    text = "“Never,” he said. “We will go.”"
    found = tokens(text, (Span(1, 7), Span(19, 30)))
    assert [t.ends for t in found] == ["|", "", "", "."]


@pytest.mark.parametrize("word", "not never won't cannot without nobody didn't".split())
def test_negations(word):
    assert is_negation(word)


@pytest.mark.parametrize(("word", "value"), [("seven", "7"), ("40", "40"), ("forty", "40")])
def test_numbers_in_words_are_figures(word, value):
    assert number(word) == value


def test_no_number():
    assert number("quay") is None


def test_a_hyphen_makes_no_difference_where_the_other_side_has_none():
    theirs = tokens("the well-known 20-30 rail-way")
    assert [t.key for t in together(theirs, {"wellknown", "2030"})] == [
        *("the", "wellknown", "20", "30", "rail", "way"),
    ]
    assert [t.key for t in together(tokens("well known"), {"wellknown"})] == ["well", "known"]
