"""Questions with right answers become cases, and each synthetic case has nothing right."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.settings import Settings
from rag import OnRecord
from rag.ranking.features import FEATURES
from training.pairs import World, cases, records

TEXT = {
    "pier": "Mayor Ida Lund told Captain Bo Strand that the harbour fees would fall in June. "
    "Strand told Lund that the boats could not wait until the autumn. The gulls were loud.",
    "mill": "Miller Tove Ask said that the wheel would turn again. “The flour is dry,” Ask told "
    "Baker Finn Rye. Rye said that bread would be cheaper.",
}


def row(name: str, question: str, doc: str, words: str, speaker: str = "", **more: object) -> dict:
    start = TEXT[doc].index(words)
    gold = [[{"doc": doc, "start": start, "end": start + len(words)}]]
    return {"id": name, "question": question, "history": [], "unanswerable": False, "gold": gold,
            "speaker": speaker, "speaker_aliases": [], **more}  # fmt: skip


@pytest.fixture(scope="module")
def worlds(tmp_path_factory) -> list[World]:
    from index.indexing.build import add

    rows = {
        "pier": [
            row("p1", "What did Lund tell Strand about the harbour fees?", "pier", "the harbour fees would fall in June", "Ida Lund"),
            row("p2", "What did Strand tell Lund about the boats?", "pier", "the boats could not wait until the autumn", "Bo Strand"),
            {**row("p3", "What did Lund say about snow?", "pier", "The gulls", ""), "unanswerable": True, "gold": []},
            {**row("p4", "hello", "pier", "The gulls", ""), "small_talk": True},
        ],
        "mill": [
            row("m1", "What did Ask say about the wheel?", "mill", "the wheel would turn again", "Tove Ask"),
            row("m2", "What did Rye say about bread?", "mill", "bread would be cheaper", "Finn Rye"),
            row("m3", "What did Ask tell Rye about flour?", "mill", "The flour is dry", "Tove Ask"),
            row("m4", "Who said that bread would be cheaper?", "mill", "bread would be cheaper", "Finn Rye"),
        ],
    }  # fmt: skip
    found = []
    for name, text in TEXT.items():
        folder: Path = tmp_path_factory.mktemp(name)
        article = {"id": name, "text": text}
        (folder / "articles.jsonl").write_text(json.dumps(article), encoding="utf-8")
        (folder / "rows.jsonl").write_text(
            "\n".join(map(json.dumps, rows[name])) + "\n\n", encoding="utf-8"
        )
        assert not add([folder / "articles.jsonl"], Settings(folder / "index")).failed
        bot = OnRecord.open(folder / "index", llm="")
        found.append(World(name, bot, records(folder / "rows.jsonl")))
    return found


def test_a_written_case_has_its_right_candidates_and_a_synthetic_one_has_none(worlds):
    every = [
        c for w in worlds for s in range(8) for c in cases(w, [o for o in worlds if o is not w], s)
    ]
    assert {c.made for c in every} == {
        "", "answer left out", "another speaker", "turned round", "another world",
    }  # fmt: skip
    for case in every:
        assert case.table.shape == (len(case.right), len(FEATURES))
        assert np.isfinite(case.table).all()
        if case.made or not case.answerable:
            assert not case.right.any()
            assert not case.answerable
        else:
            assert case.right.any(), case.id
    written = {c.id: c for c in every if not c.made}
    for case in (c for c in every if c.made == "answer left out"):
        assert len(case.right) < len(written[case.id].right)
    assert "pier:p4" not in {c.id for c in every}


def test_the_same_seed_gives_the_same_cases(worlds):
    one, other = (list(cases(worlds[1], worlds[:1], seed=3)) for _ in range(2))
    assert [(c.id, c.made) for c in one] == [(c.id, c.made) for c in other]
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(a.table, b.table)


def test_the_committed_data_can_be_read():
    data = Path(__file__).parents[2] / "training" / "data"
    articles = {a["id"] for a in records(data / "articles.jsonl")}
    for part in ("dev", "held"):
        rows = records(data / f"questions_{part}.jsonl")
        assert len(rows) == len({r["id"] for r in rows})
        assert {s["doc"] for r in rows for group in r["gold"] for s in group} <= articles
        assert any(r["unanswerable"] for r in rows)


def test_training_finds_the_questions_of_others():
    """By the module that scores them, which is also run as a script of its own."""
    from tests.benchmarks.evaluate import QUESTIONS, articles_of

    assert callable(articles_of)
    assert (QUESTIONS / "over_qa.jsonl").is_file()
