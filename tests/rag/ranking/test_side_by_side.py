"""Statements that a question compares stand side by side: of one person over time, or of several."""

from __future__ import annotations

import json

import pytest

from index.indexing.build import add
from index.settings import Settings
from rag import OnRecord

ARTICLES = {
    "may": (
        "Harbour chief Nora Velt told the council that the ferry tolls would never rise. "
        "She had bought a new umbrella, she said.",
        "2030-05-02",
    ),
    "july": (
        "Nora Velt said on Tuesday that the ferry tolls would have to rise after all. "
        '"I was wrong about the tolls," she told reporters.',
        "2030-07-09",
    ),
    "quarrel": (
        "The mayors spoke by telephone about the Salm bridge on Monday. Mayor Tibor Ashe of Oster "
        "said that the bridge had been shut for repairs. Mayor Lene Quill of Wester said that "
        "the bridge had been shut out of spite. Nobody was hurt.",
        "2030-06-01",
    ),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sides")
    rows = [{"id": i, "text": text, "date": day} for i, (text, day) in ARTICLES.items()]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    settings = Settings(folder / "index")
    assert add([folder / "a.jsonl"], settings).added == len(rows)
    with OnRecord(settings) as bot:
        yield bot


@pytest.mark.parametrize(
    "question",
    [
        "How has Nora Velt's line on the ferry tolls shifted between May and July?",
        "Nora Velt on the ferry tolls, then and now",
        "Has Velt contradicted herself about the ferry tolls?",
        "Compare what Nora Velt said about the ferry tolls in May with what she said later",
    ],
)
def test_one_person_is_compared_over_time(archive, question):
    citations = archive.answer(question).citations
    assert {c.speaker for c in citations} == {"Nora Velt"}
    assert {"may", "july"} == {c.article.id for c in citations}
    assert [c.article.published for c in citations] == sorted(
        c.article.published for c in citations
    )


@pytest.mark.parametrize(
    "question",
    [
        "Both sides please: why was the Salm bridge shut?",
        "Tibor Ashe and Lene Quill on the Salm bridge: set their two accounts side by side",
    ],
)
def test_two_sides_are_both_heard(archive, question):
    answer = archive.answer(question)
    assert {"Tibor Ashe", "Lene Quill"} <= {c.speaker for c in answer.citations}
