"""An answer as a LangChain message: every annotation points at the words that it cites."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.load import dumpd, load
from langchain_core.messages import AIMessage

from index.types import Article
from rag import Answer, Citation, as_message
from rag.answering.verify import rendered
from rag.types import Line, Number, Slice, Words

ROOT = Path(__file__).parents[2]
QUESTIONS = [
    json.loads(line)["question"]
    for line in (ROOT / "tests/golden/questions/questions.jsonl").read_text("utf-8").splitlines()
]


def same_words(shown: str, cited: str) -> bool:
    """Whether an answer's words are among the article's, its line breaks apart."""
    return " ".join(shown.split()) in " ".join(cited.split())


@pytest.mark.parametrize("question", QUESTIONS[::4])
def test_each_annotation_points_at_words_of_its_citation(golden, question):
    answer = golden.answer(question)
    (block,) = as_message(answer).content_blocks
    assert block["text"] == answer.text
    numbers = {c.number: c for c in answer.citations}
    assert {a["extras"]["number"] for a in block["annotations"]} == set(numbers)
    for annotation in block["annotations"]:
        citation, extras = numbers[annotation["extras"]["number"]], annotation["extras"]
        shown = block["text"][annotation["start_index"] : annotation["end_index"]]
        whole = citation.article.text[extras["start"] : extras["end"]]
        assert annotation["type"] == "citation"
        assert annotation["cited_text"] == whole == citation.quote
        assert same_words(shown, whole) or same_words(whole, shown)
        assert extras["article"] == citation.article.id
        assert extras.get("speaker") == citation.speaker
        assert extras["addressees"] == list(citation.addressees)


def test_a_message_goes_out_and_comes_back_whole(golden):
    message = as_message(golden.answer("What did Davor Lund deny?"))
    assert isinstance(message, AIMessage)
    assert load(dumpd(message), allowed_objects="core") == message
    assert message.text == message.content_blocks[0]["text"]
    assert message == as_message(golden.answer("What did Davor Lund deny?"))


def test_nothing_on_record_has_no_annotations_and_says_why(golden):
    message = as_message(golden.answer("What did Ottilie Kranz say?"))
    assert message.content_blocks[0]["annotations"] == []
    assert message.response_metadata["status"] == "no_answer"
    assert message.response_metadata["reason"] == "person not in the corpus"


TEXT = "One. “Yes,\n\nwe will,” she said. Two. “No.”"
ARTICLE = Article(id="a", text=TEXT)


def cited(number: int, words: str) -> Citation:
    start = TEXT.index(words)
    return Citation(number, ARTICLE, start, start + len(words), words, words)


def shown(words: str) -> Slice:
    start = TEXT.index(words)
    return Slice("a", start, start + len(words), words, quoted=True)


def made(lines: tuple[Line, ...], citations: tuple[Citation, ...]) -> Answer:
    return Answer("?", rendered(lines), "answered", lines=lines, citations=citations)


def stretches(answer: Answer) -> list[str]:
    (block,) = as_message(answer).content_blocks
    return [
        block["text"][a["start_index"] : a["end_index"]] if "start_index" in a else "nowhere"
        for a in block["annotations"]
    ]


LIST = (
    Line((Words("She: "), shown("“Yes,\n\nwe will,”"), Words(" "), Number(1))),
    Line((Words("Then "), shown("“No.”"), Words(" "), Number(2), Words("."))),
)


def test_places_hold_behind_dashes_across_line_breaks_and_below_prose_of_a_model():
    answer = made(LIST, (cited(1, "“Yes,\n\nwe will,”"), cited(2, "“No.”")))
    assert answer.text.startswith("- ")
    assert stretches(answer) == ["“Yes, we will,”", "“No.”"]
    below = replace(answer, text=f"By a model: “No.” [2]\n\nOn record: {answer.text}")
    assert stretches(below) == ["“Yes, we will,”", "“No.”"]


def test_a_citation_without_its_words_is_placed_at_its_number_or_nowhere():
    lines = (Line((Words("Two said so "), Number(1), Words("."))),)
    assert stretches(made(lines, (cited(1, "“No.”"), cited(2, "One.")))) == ["[1]", "nowhere"]
    other = replace(made(lines, (cited(1, "“No.”"),)), text="Something else.")
    assert stretches(other) == ["nowhere"]
