"""Small rooms of the read path: dates, and sentences that name who speaks."""

from __future__ import annotations

import pytest

from rag.question.dates import period
from rag.ranking.bare_sentences import speaks_in, spoken_to_in

DAYS = ["2020-03-09", "2021-01-19", "2021-06-11", "2021-06-12T08:00:00Z", "spring 2019"]


@pytest.mark.parametrize(
    ("text", "since", "until", "rest"),
    [
        ("what did she say in June", "2021-06-01", "2021-06-30", "what did she say"),
        ("what did she say in march 2020?", "2020-03-01", "2020-03-31", "what did she say ?"),
        ("his words of 19 January", "2021-01-19", "2021-01-19", "his words of"),
        ("on June 11th, 2021 he spoke", "2021-06-11", "2021-06-11", "he spoke"),
        ("her views since 2021", "2021-01-01", "", "her views"),
        ("her views before 2021-06-11", "", "2021-06-11", "her views"),
        ("in March 2020 and June 2021", "2020-03-01", "2021-06-30", ""),
    ],
)
def test_a_period_is_read(text, since, until, rest):
    assert period(text, DAYS) == (since, until, rest)


@pytest.mark.parametrize(
    "text",
    ["the war of 1812", "in August", "may she come", "on February 31", "12 people", "in 2016"],
)
def test_what_is_no_date_of_the_corpus_stays_in_the_topic(text):
    assert period(text, DAYS) == ("", "", text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Holm said the bridge was safe.",
        "Holm, the harbour master, also warned of ice.",
        "“It will hold,” added harbour master Ada Holm.",
        "The bridge was safe, an aide quoted Holm as saying.",
        "Holm on Friday repeated charges that the bridge had been mined.",
        "Holm was quoted as saying that it would hold.",
    ],
)
def test_a_sentence_lets_somebody_speak(sentence):
    assert speaks_in(sentence, ["Ada Holm"])


@pytest.mark.parametrize(
    "sentence",
    [
        "Brand told Holm that the bridge was safe.",
        "“Holm said no,” Brand recalled.",
        "The bridge that Holm built was safe, Brand said.",
        "Holmes said the bridge was safe.",
        "Holm crossed the bridge.",
    ],
)
def test_a_sentence_that_only_mentions_somebody_does_not(sentence):
    assert not speaks_in(sentence, ["Ada Holm"])


def test_who_is_spoken_to_stands_outside_quotation_marks():
    assert spoken_to_in("Brand told the harbour master Ada Holm to wait.", ["Ada Holm"])
    assert not spoken_to_in("“I spoke to Holm,” Brand said.", ["Ada Holm"])


@pytest.mark.parametrize(
    "sentence",
    [
        "Holmquist said the bridge was safe.",
        "Holm_2 said the bridge was safe.",
        "MacHolm said the bridge was safe.",
        "Ada Brand said the bridge was safe.",
    ],
)
def test_a_name_is_no_part_of_a_longer_one(sentence):
    assert not speaks_in(sentence, ["Ada Holm"])


def test_a_name_is_found_behind_a_longer_word_with_its_letters():
    assert speaks_in("Of Holmquist’s bridge, Holm said that it was safe.", ["Ada Holm"])
