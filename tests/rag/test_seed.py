"""The main job on the seed article: the right words, under the right name, or an honest no."""

from __future__ import annotations

import json

import pytest

from index.errors import IndexUnusable, InputError
from rag import answer
from rag.__main__ import main
from rag.json_form import answer_json

ERDOGAN, PUTIN = "Recep Tayyip Erdoğan", "Vladimir Putin"
ALIYEV_CALL = ("Aliyev", "good news", "made him happy", "close to victory")


@pytest.mark.parametrize(
    "question",
    [
        "What did Erdoğan tell Putin?",
        "what did erdogan tell putin",
        "What did Erdogan say to Vladimir Putin about Armenia?",
    ],
)
def test_what_erdogan_told_putin_is_found_and_nothing_of_the_other_call(bot, question):
    found = bot.answer(question)
    assert found.status == "answered"
    assert {c.speaker for c in found.citations} == {ERDOGAN}
    assert all(PUTIN in c.addressees for c in found.citations)
    assert any("negotiation table" in c.quote for c in found.citations)
    assert not any(words in c.quote for c in found.citations for words in ALIYEV_CALL)
    assert "[1]" in found.text


@pytest.mark.parametrize("question", ["what did Putin tell Aliyev?", "what did Biden say?"])
def test_what_nobody_said_is_refused_with_a_reason(bot, question):
    found = bot.answer(question)
    assert found.status == "no_answer"
    assert found.reason
    assert not found.citations


def test_the_wrong_direction_names_its_reason(bot):
    assert bot.answer("What did Putin tell Aliyev?").reason == "never to that addressee"
    assert bot.answer("what did Biden say?").reason == "person not in the corpus"


def test_exact_words_find_their_speaker(bot):
    found = bot.answer('who said "We are close to victory"?')
    assert found.citations[0].speaker == ERDOGAN
    assert "Erdoğan" in found.text


def test_the_kremlin_is_answered_from_its_statement(bot):
    found = bot.answer("what did the Kremlin say?")
    assert found.status == "answered"
    assert any("thoroughly discussed" in c.sentence for c in found.citations)


def test_whom_he_spoke_to_is_answered_from_its_sentence(bot):
    found = bot.answer("who did Erdoğan speak to earlier on Nov. 7?")
    assert "Aliyev" in found.text
    assert "Earlier on Nov. 7" in found.citations[0].sentence


def test_every_citation_is_a_slice_of_its_article(bot):
    for question in ("what did Erdoğan say?", "what did Putin say?", "which countries co-chair?"):
        found = bot.answer(question)
        for citation in (*found.citations, *found.near_misses):
            assert citation.article.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize("question", ["", "  \n ", "a" * 10_000])
def test_no_question_is_one_clear_line(bot, question):
    with pytest.raises(InputError, match="expected a question"):
        bot.answer(question)


@pytest.mark.parametrize(
    "question",
    ["🙂🙂🙂", "'; DROP TABLE articles; --", '{"a": [1]}', "Erdoğan Putin'e ne dedi?", "?" * 900,
     '"', "who said", "\u202e\u200b", "что сказал Путин"],
)  # fmt: skip
def test_odd_questions_get_an_answer_and_never_an_exception(bot, question):
    found = bot.answer(question)
    assert found.citations or found.reason


def test_answer_opens_an_index_by_folder_and_says_when_there_is_none(seed_index, tmp_path):
    assert answer("what did Putin say?", index=seed_index).status == "answered"
    with pytest.raises(IndexUnusable, match="there is no index"):
        answer("what did Putin say?", index=tmp_path)


def test_a_follow_up_keeps_the_people(bot):
    history = [{"role": "user", "content": "What did Putin tell Aliyev?"}]
    found = bot.answer("And what did Erdoğan tell him?", history=history)
    assert found.interpretation.speakers == (ERDOGAN,)
    assert found.interpretation.addressees


def test_many_questions_come_out_one_a_line_with_their_ids(seed_index, tmp_path, capsys):
    questions, output = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    questions.write_text(
        '{"id": 7, "question": "what did Erdoğan tell Putin?", "history": []}\nnot json\n'
    )
    at = ["--index", str(seed_index)]
    assert main(["--questions", str(questions), "--output", str(output), *at]) == 1
    assert "line 2: expected a JSON object" in capsys.readouterr().err
    row, refused = [json.loads(line) for line in output.read_text().splitlines()]
    assert row["id"] == 7
    assert list(refused) == ["id", "error"]
    assert list(row) == ["id", "question", "text", "status", "reason", "interpretation",
                         "citations", "more", "suggestions", "near_misses", "llm", "as_of"]  # fmt: skip


def test_the_same_question_gives_the_same_answer(bot):
    first = json.dumps(answer_json(bot.answer("what did Erdoğan say?")))
    assert all(
        json.dumps(answer_json(bot.answer("what did Erdoğan say?"))) == first for _ in range(3)
    )


def test_what_two_said_together_is_cited_once(bot):
    answer = bot.answer("what did the Kremlin and the Presidential Communications Directorate say?")
    places = [(c.article.id, c.start, c.end) for c in answer.citations]
    assert len(places) == len(set(places))
    assert any(c.co_speakers for c in answer.citations)
