"""The golden questions: how each is read, what is cited under which name, or why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.text.folding import fold

TABLE = Path(__file__).parents[1] / "golden" / "questions" / "questions.jsonl"
NOT_YET = {
    "gq25": "“the drilling team” is read as what is asked about, and another audience is shown",
    "gq35": "the judge is not sure enough of a statement that answers",
    "gq37": "the judge is not sure enough of a statement that answers",
    "gq54": "the judge takes other words of the same speaker for an answer",
    "gq58": "the judge takes an order for a question",
    "gq60": "the judge takes another statement for a reply that was not given",
}
"""Golden questions that are answered wrongly, and how."""

ROWS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]


def cited(answer, texts, article, words):
    """The citations that hold, or lie within, these words of an article, or name it as a copy."""
    start = texts[article].index(words)
    end = start + len(words)
    return [
        c
        for c in answer.citations
        if (texts[article] == c.article.text and c.start < end and c.end > start
            and min(end, c.end) - max(start, c.start) >= 0.9 * len(words))
        or (words in c.quote and texts[article] in (a.text for a in c.copies))
    ]  # fmt: skip


def marked(row):
    """A row as a parameter; one that is answered wrongly is expected to be."""
    reason = NOT_YET.get(row["id"])
    marks = [pytest.mark.xfail(reason=reason)] if reason else []
    return pytest.param(row, id=row["id"], marks=marks)


@pytest.mark.parametrize("row", [marked(r) for r in ROWS])
def test_a_golden_question_is_answered_as_the_table_says(row, golden, golden_texts):
    answer, expect = golden.answer(row["question"], history=row["history"]), row["expect"]
    assert answer.status.replace("partial", "answered") == expect["status"]
    if expect["reason"]:
        assert answer.reason == expect["reason"]
    for wanted in expect["cites"]:
        found = cited(answer, golden_texts, wanted["article"], wanted["contains"])
        assert found, f"not cited: {wanted['contains']}"
        assert not expect["speakers"] or {c.speaker for c in found} & set(expect["speakers"])
    quoted = [c.quote for c in answer.citations]
    assert not any(bad["contains"] in quote for bad in expect["must_not"] for quote in quoted)
    assert all(fold(words) in fold(answer.text) for words in expect["text_contains"])


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in ROWS])
def test_a_golden_question_is_read_as_the_table_says(row, golden):
    question = golden.answer(row["question"], history=row["history"]).interpretation
    read = {
        name: list(value) if isinstance(value, tuple) else value
        for name in (
            *("kind", "speakers", "addressees", "topic", "words", "act", "since", "until"),
            *("unknown", "over_time", "several", "closed", "follow_up"),
        )
        if (value := getattr(question, name))
    }
    assert read == row["reads"]


def test_a_golden_question_has_an_id_of_its_own():
    assert len(ROWS) == len({row["id"] for row in ROWS})
    assert NOT_YET.keys() <= {row["id"] for row in ROWS}
