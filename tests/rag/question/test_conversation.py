"""Follow-ups, asking back, copies, and statements side by side."""

from __future__ import annotations

import pytest

TOLD = [
    {"role": "user", "content": "What did Odell tell Liesel Thorne?"},
    {"role": "assistant", "content": "Marek Odell told Liesel Thorne about the gates [1]."},
]


def test_two_people_who_are_meant_equally_are_asked_back(golden):
    history = [
        {"role": "user", "content": "What have Jonas Thorne and Casimir Brand said?"},
        {"role": "assistant", "content": "Both spoke of the call [1] [2]."},
    ]
    found = golden.answer("And what did he say about the date?", history=history)
    assert found.text == "Whom do you mean: Jonas Thorne or Casimir Brand?"
    assert found.status == "no_answer"
    assert found.reason == "question not understood"
    assert found.interpretation.either == ("Jonas Thorne", "Casimir Brand")


def test_a_role_that_two_people_hold_is_asked_back(golden):
    found = golden.answer("What did the mayor say?")
    assert found.text == "Whom do you mean: Cormac Bligh or Sunniva Rask?"


def test_what_about_somebody_else_keeps_direction_and_person(golden):
    found = golden.answer("What about Ottoline Reyes?", history=TOLD)
    assert found.interpretation.speakers == ("Marek Odell",)
    assert found.interpretation.addressees == ("Ottoline Reyes",)
    assert found.reason == "never to that addressee"


def test_a_bare_name_is_a_follow_up(golden):
    history = [{"role": "user", "content": "What did Odell say about the gates?"}]
    found = golden.answer("and Sabine Orth?", history=history)
    assert found.interpretation.speakers == ("Sabine Orth",)
    assert found.interpretation.topic == "the gates"


def test_numbers_start_anew_each_turn(golden):
    found = golden.answer("And what did she tell him?", history=TOLD)
    assert [c.number for c in found.citations] == list(range(1, len(found.citations) + 1))
    assert "[1]" in found.text


def test_the_same_words_in_two_articles_are_said_once(golden):
    found = golden.answer("What did Odell tell Liesel Thorne about the gates?")
    assert [a.id for a in found.citations[0].copies] == ["sorn-herald"]
    assert "(also in 1 other)" in found.text


def test_statements_that_differ_stand_side_by_side_with_their_dates(golden):
    found = golden.answer("How did Bruno Falk's statements on the welds change?")
    assert found.interpretation.over_time
    assert [c.article.published for c in found.citations] == ["2021-01-19", "2021-06-11"]
    assert found.text.index("2021-01-19") < found.text.index("2021-06-11")


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("Did Erdoğan say they are close to victory?", True),
        pytest.param(
            "Did Erdoğan say Azerbaijan lost?",
            False,
            marks=pytest.mark.xfail(reason="the judge does not tell winning from losing"),
        ),
        ("did davor lund deny that the water was held back on purpose", True),
        ("What will Odell tell Reyes on March 12?", False),
        ("What did the president of Turkey tell Putin?", True),
        ("What is two states, one nation?", True),
        ("Who wrote to the River Commission?", True),
        ("Has anyone apologised?", False),
        ("What did Kendrick Odell tell Thorne?", False),
    ],
)
def test_a_question_is_answered_or_refused(golden, question, answered):
    assert (golden.answer(question).status == "answered") is answered
