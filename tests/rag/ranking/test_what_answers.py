"""What counts as an answer where the words differ, a role stands for a name, or several ask at once."""

from __future__ import annotations

import pytest

OTHER = "the judge takes other words of the same speaker for an answer"


def said(answer) -> list[tuple[str | None, str]]:
    return [(c.speaker, c.quote) for c in answer.citations]


def test_questions_in_one_breath_are_each_answered(golden):
    answer = golden.answer(
        "What did Petra Vane say about the ninety tonnes, and what did Agnes Maddox say about "
        "the ferry?"
    )
    assert {"Petra Vane", "Agnes Maddox"} <= {speaker for speaker, _ in said(answer)}
    assert len({(c.article.id, c.start) for c in answer.citations}) == len(answer.citations)


def test_a_name_before_a_colon_is_whom_the_question_is_about(golden):
    answer = golden.answer("Bruno Falk in the witness box: what did he say about the welds?")
    speaker, quote = said(answer)[0]
    assert speaker == "Bruno Falk"
    assert "“I was wrong about the welds, and I would not let a dog aboard,”" in quote


def test_the_better_of_two_is_named(golden):
    answer = golden.answer("Brand or Orth: who thought that the record should be published?")
    assert [speaker for speaker, _ in said(answer)] == ["Casimir Brand"]


@pytest.mark.parametrize(
    "question",
    [
        "Why did Odell apologise for the dam?",
        pytest.param(
            "Why did Falk accuse the yard of greed?", marks=pytest.mark.xfail(reason=OTHER)
        ),
        "What did Bruno Falk say about the funnel?",
        "What did Odell say about Casimir Brand?",
        "What did Odell say about Liesel Thorne?",  # he spoke to her
    ],
)
def test_what_was_not_done_or_not_said_is_refused(golden, question):
    answer = golden.answer(question)
    assert answer.status == "no_answer"
    assert answer.reason == "not about that"


def test_what_is_called_something_is_told_in_plain_english(golden):
    answer = golden.answer("What did Novak call the Kestrian offer?")
    assert "called the Kestrian offer “a cup of tea for a burning house" in answer.text


def test_a_name_that_nobody_has_heard_of_is_no_misunderstanding(golden):
    assert golden.answer("Merkel on the dam").reason == "person not in the corpus"
