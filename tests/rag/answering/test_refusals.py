"""Why there is nothing, in a sentence that names what was asked for; greetings; how much more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.settings import Settings
from rag.__main__ import main
from rag.answering.refusal import refusal
from rag.json_form import answer_json
from rag.types import Question, Ranking


@pytest.mark.parametrize(
    ("asked", "reason", "text"),
    [
        ({}, "no articles", "Nothing on record. The index holds no articles yet."),
        (
            {"speakers": ("Ada",), "unknown": ("Ada",)},
            "person not in the corpus",
            "Nothing on record. Ada does not appear in these articles.",
        ),
        (
            {"speakers": ("Ada", "Bo")},
            "never quoted",
            "Nothing on record. These articles report no words of Ada and Bo.",
        ),
        (
            {"speakers": ("Ada",), "addressees": ("Bo",)},
            "never to that addressee",
            "Nothing on record. These articles report words of Ada, but none said to Bo.",
        ),
        (
            {"speakers": ("Ada",), "topic": "tax"},
            "not about that",
            "Nothing on record. These articles report words of Ada, but none about “tax”.",
        ),
        (
            {"speakers": ("Ada",)},
            "not about that",
            "Nothing on record. These articles report words of Ada, but none of that kind.",
        ),
        ({"topic": "tax"}, "not about that", "Nothing on record. These articles do not say."),
        (
            {"kind": "who_said"},
            "words not found",
            "Nothing on record. These articles report nobody saying that.",
        ),
        (
            {"either": ("Ada", "Bo", "Cy")},
            "question not understood",
            "Whom do you mean: Ada, Bo or Cy?",
        ),
    ],
)
def test_a_refusal_says_what_was_looked_for(asked, reason, text):
    question = Question("?", **{"kind": "said", **asked})
    assert refusal(question, Ranking((), reason)) == text


def test_a_refusal_claims_nothing_of_articles_that_were_not_read():
    ranking = Ranking((), "never quoted", unread=(("German", 2), ("Turkish", 1)))
    assert refusal(Question("?", kind="said", speakers=("Ada",)), ranking) == (
        "Nothing on record. The articles in English report no words of Ada. "
        "2 articles in German and 1 in Turkish were not read, or not wholly."
    )


@pytest.mark.parametrize(
    ("filters", "where"),
    [
        ({"since": "2020-07", "until": "2020-07"}, "published in 2020-07"),
        ({"since": "2019", "until": "2020-12"}, "from 2019 to 2020-12"),
        ({"since": "2030"}, "since 2030"),
        ({"until": "1990"}, "until 1990"),
        ({"outlet": "No Such Post"}, "in No Such Post"),
        ({"kind": "mixed", "since": "2030"}, "since 2030 among mixed quotes"),
    ],
)
def test_a_refusal_names_the_filter_that_caused_it(filters, where, golden):
    assert golden.answer("What did Bruno Falk say?").status == "answered"
    found = golden.answer("What did Bruno Falk say?", filters=filters)
    assert found.status == "no_answer"
    assert found.text.startswith(f"Nothing on record {where}. ")


@pytest.mark.parametrize("greeting", ["hello", "thanks!", "what can you do?", "Good morning"])
def test_a_greeting_is_answered_with_questions_that_have_answers(greeting, golden):
    found = golden.answer(greeting)
    assert (found.status, found.reason, found.citations) == ("help", "", ())
    assert len(found.suggestions) == 3
    assert all(question in found.text for question in found.suggestions)
    for question in found.suggestions:
        assert golden.answer(question).status == "answered"
    told = answer_json(found)
    assert (told["status"], told["suggestions"]) == ("help", list(found.suggestions))
    assert golden.examples(2) == found.suggestions[:2]


def test_a_greeting_streams_as_any_answer(golden):
    *_, last = golden.stream("hello")
    assert last.status == "help"


@pytest.fixture(scope="module")
def talkative(tmp_path_factory) -> Path:
    """One person who says thirty-two things, each in an article of its own day."""
    from index.indexing.build import add

    folder = tmp_path_factory.mktemp("talkative")
    rows = [
        {"id": f"a{n:02}", "date": f"2021-01-{n % 28 + 1:02}",
         "text": f"Mayor Ana Ruiz told Deniz Kaya that street number {n + 100} would be swept."}
        for n in range(32)
    ]  # fmt: skip
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert not add([folder / "rows.jsonl"], Settings(folder / "index")).failed
    return folder / "index"


@pytest.mark.parametrize("k", [1, 8, 31, 32, 50])
def test_what_is_left_out_of_a_list_is_counted(k, talkative):
    from rag import OnRecord

    with OnRecord.open(talkative, llm="") as bot:
        found = bot.answer("What did Ana Ruiz say?", k=k)
        shown = min(k, 32)
        assert (len(found.citations), found.more) == (shown, 32 - shown)
        assert sum(len(line.numbers) for line in found.lines) == shown
        counted = f"{shown} of 32 statements on record are shown."
        assert (counted in found.text) is (k < 32)
        assert answer_json(found)["more"] == 32 - shown


def test_the_command_line_takes_how_many_are_shown(talkative, capsys):
    def asked(*options: str) -> str:
        assert main(["--index", str(talkative), *options, "What did Ana Ruiz say?"]) == 0
        return capsys.readouterr().out

    assert "8 of 32 statements on record are shown." in asked()
    assert "3 of 32 statements on record are shown." in asked("-k", "3")
    assert "are shown" not in asked("-k", "40")


def test_the_sentence_of_every_citation_carries_its_quote(golden):
    """Also of a quotation that runs over several sentences, and of one that was shortened."""
    from tests.rag.test_golden_questions import ROWS

    seen = 0
    for row in ROWS:
        found = golden.answer(row["question"], history=row["history"])
        for c in (*found.citations, *found.near_misses):
            seen += 1
            assert c.quote in c.sentence
            assert c.sentence in c.article.text
    assert seen > 40
