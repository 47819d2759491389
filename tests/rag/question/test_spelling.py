"""Slips of the pen in plain words are put right, and no name becomes a word, or a word a name."""

from __future__ import annotations

import errno

import pytest

from index import languages
from rag.question.spelling import is_strange, respelt


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat did odell tel thorne", "what did odell tell thorne"),
        ("what did odell sayy about the gates", "what did odell say about the gates"),
        ("whad did odell anounce", "what did odell announce"),
        ("did odell denyy it", "did odell deny it"),
        ("how full are the resevoirs", "how full are the reservoirs"),
        ("are the engneers here", "are the engineers here"),
    ],
)
def test_a_slip_is_put_right(typed, meant, golden):
    assert respelt(typed, golden.reader.directory) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "what did odel say",  # nearly Odell
        "What did Thorn say?",
        "who said “the gats were open”",
        "what did odell say about the gates",
        "Blorp",
        "hey there",
        "ok cheers",
        "hiya",
    ],
)
def test_names_quotations_and_words_are_left(typed, golden):
    assert respelt(typed, golden.reader.directory) == typed


@pytest.mark.parametrize(
    ("word", "strange"), [("söyledi", True), ("gesagt", True), ("odell", False), ("gates", False)]
)
def test_a_word_is_strange_that_neither_language_nor_corpus_has(word, strange, golden):
    assert is_strange(word, golden.reader.directory) == strange


def test_the_question_is_shown_as_it_was_typed(golden):
    answer = golden.answer("wat did odell tel thorne")
    assert answer.question == "wat did odell tel thorne"
    assert answer.interpretation.text == "what did odell tell thorne"


@pytest.mark.parametrize(
    "asked",
    [
        "Odell Thorne'a ne söyledi?",
        "Was hat Odell zu Thorne gesagt?",
        "Qu'est-ce que Odell a dit à Thorne ?",
        "¿Qué le dijo Odell a Thorne?",
        "Что сказал Оделл?",
    ],
)
def test_a_question_in_another_language_is_not_understood(asked, golden):
    assert golden.answer(asked).reason == "question not understood"


def test_without_room_for_the_detector_a_question_is_read(monkeypatch):
    def no_room():
        raise OSError(errno.ENOSPC, "No space left on device")

    assert not languages.is_likely_read("Odell Thorne'a ne söyledi")
    monkeypatch.setattr(languages, "_detector", no_room)
    assert languages.is_likely_read("Odell Thorne'a ne söyledi")
