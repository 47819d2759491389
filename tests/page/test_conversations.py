"""Earlier conversations: only questions are kept, and nothing else that a browser sends is taken."""

from __future__ import annotations

import json

import pytest

from page.conversations import CONVERSATIONS, TURNS, earlier, menu, with_turns
from page.service import Desk
from page.wiring import Wiring

QUESTION = "what did Erdoğan tell Putin?"


@pytest.fixture(scope="module")
def desk(seed_index):
    return Desk(seed_index)


def test_a_conversation_is_kept_by_its_questions_alone(desk):
    answers = [desk.bot.answer(QUESTION), desk.bot.answer("what did Putin say?")]
    kept = with_turns([], "a", answers)
    assert [turn["question"] for turn in kept[0][1]] == [QUESTION, "what did Putin say?"]
    assert "negotiation table" in answers[0].text
    assert "negotiation" not in json.dumps(kept)


def test_what_was_kept_is_answered_as_before(desk):
    asked = [QUESTION, "and what did Putin tell him?"]
    answers = desk.again([{"question": question} for question in asked])
    kept = with_turns([], "a", answers)
    again = desk.again(earlier(json.loads(json.dumps(kept)))[0][1])
    assert [a.citations for a in again] == [a.citations for a in answers]
    assert all(a.citations for a in again)


@pytest.mark.parametrize(
    "sent",
    [None, 7, "x", {}, [1], [[]], [["a"]], [["a", "b"]], [["a", [1, None, {}]]], [[1, [{}]]],
     [["a", [{"question": 7}]]], [["a", [{"question": " "}]]]],
)  # fmt: skip
def test_anything_else_that_comes_from_a_browser_is_left_out(sent):
    assert earlier(sent) == []


def test_no_more_is_taken_than_is_kept():
    turn = {"question": "q" * 9000, "speaker": "s", "answer": "<b>", "since": 7}
    found = earlier([[str(n), [turn] * 99] for n in range(99)])
    assert len(found) == CONVERSATIONS
    assert {len(turns) for _, turns in found} == {TURNS}
    assert found[0][1][0] == {"question": "q" * 2000, "speaker": "s"}


def test_a_question_that_was_kept_is_shown_as_text():
    html = menu([["a", [{"question": "<img src=x onerror=alert(1)> \u202e"}]]], "b")
    assert "<img" not in html
    assert "\u202e" not in html


def test_a_new_conversation_keeps_the_one_before_whatever_the_browser_has_yet(desk):
    wiring = Wiring(desk)
    asked = [desk.bot.answer(QUESTION)]
    done = wiring.renew(asked, "", [])
    ((name, turns),) = done[wiring.page.kept]
    assert [turn["question"] for turn in turns] == [asked[0].question]
    assert done[wiring.page.conversation] != name
    assert wiring.renew([], "", [])[wiring.page.kept] == []
