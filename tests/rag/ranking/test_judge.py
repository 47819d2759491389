"""What the judge knows of each candidate, and that its weights are those of its features."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from index.errors import InputError
from rag.question.reader import read
from rag.ranking.features import FEATURES, RELATIVE, best_match, features
from rag.ranking.judge import CIRCUMSTANCES, WEIGHTS, Judge, answer_row
from rag.ranking.rank import candidates_to_weigh
from rag.retrieval.retrieve import retrieve
from rag.types import Question

QUESTIONS = (
    "What did Odell tell Liesel Thorne about the gates?",
    "Who said that the welds were sound?",
    "When did Odell write to the River Commission?",
    "Where did Casimir Brand speak?",
    "According to whom did Odell promise water?",
    "To whom did Falk speak about the welds?",
    "How many people drink from the Sorn, and why?",
    "Did Davor Lund deny that the water was held back?",
    'Who said "a cracked gate is not a weapon"?',
    "gates 10 March",
    "🙂",
    "?",
)


def table(golden, text: str):
    question = read(text, None, golden.reader.directory)
    found = retrieve(
        question, golden.reader.generation, golden.reader.embedder, golden.reader.people
    )
    return question, found, features(question, found, golden.reader.people)


@pytest.mark.parametrize("text", QUESTIONS)
def test_features_are_finite_and_one_row_for_each_candidate(text, golden):
    question, found, made = table(golden, text)
    assert made.shape == (len(found), len(FEATURES))
    assert np.isfinite(made).all()
    assert (abs(made) <= 1.001).all()
    again = features(replace(question, follow_up=True), found, golden.reader.people)
    assert np.isfinite(again).all()
    if found:
        row = answer_row(question, made, made[:, 0], best_match(found))
        assert row.shape == (len(FEATURES) + len(CIRCUMSTANCES),)
        assert np.isfinite(row).all()


def test_no_candidates_are_a_table_without_rows(golden):
    assert features(Question("?", "said"), [], golden.reader.people).shape == (0, len(FEATURES))


def test_a_relative_feature_is_the_distance_to_the_best(golden):
    _, found, made = table(golden, QUESTIONS[0])
    assert len(found) > 10
    for name in RELATIVE:
        below = made[:, FEATURES.index(f"{name} below the best")]
        own = made[:, FEATURES.index(name)]
        assert below.max() == 0
        assert below == pytest.approx(own - own.max())


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        (QUESTIONS[0], "by the asked speaker", "would be opened on March 10"),
        (QUESTIONS[0], "to the asked addressee, stated", "would be opened on March 10"),
        (QUESTIONS[2], "tells a time, and one is asked for", "dated February 26"),
        (QUESTIONS[3], "tells a place, and one is asked for", "southern town of Marl"),
        (QUESTIONS[6], "has a figure, and one is asked for", "About 400,000 people"),
        (QUESTIONS[7], "does what was asked", "denied that the water"),
        (QUESTIONS[8], "words in quotation marks found", "A cracked gate"),
        ("What did Odell reply in the letter?", "bare sentence", "About 400,000 people"),
    ],
)
def test_a_feature_is_that_of_the_sentence_that_has_it(text, name, words, golden):
    _, found, made = table(golden, text)
    column = made[:, FEATURES.index(name)]
    has = [words in c.sentence.slice(c.article.text) for c in found]
    assert any(value > 0 for value, h in zip(column, has, strict=True) if h)
    assert any(value == 0 for value, h in zip(column, has, strict=True) if not h)


def test_nothing_is_measured_that_is_not_asked_for(golden):
    _, _, made = table(golden, "What did Odell say about the gates?")
    for name in FEATURES:
        if "is asked for" in name or "addressee" in name or name == "of the asked role":
            assert not made[:, FEATURES.index(name)].any(), name


def test_the_weights_that_come_with_the_program_fit_it():
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    judge = Judge.load()
    assert list(told["rank"]) == list(FEATURES)
    assert judge.rank.tolist() == [told["rank"][name] for name in FEATURES]
    assert judge.answer.shape == (len(FEATURES) + len(CIRCUMSTANCES),)
    assert np.isfinite([*judge.rank, *judge.answer, judge.bias, judge.beside]).all()
    assert 0 < judge.answers_from < 1


@pytest.mark.parametrize("model", ["rank", "answer"])
@pytest.mark.parametrize("change", ["one less", "one more", "another name"])
def test_weights_whose_names_do_not_fit_are_refused(model, change, tmp_path):
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    if change != "one more":
        del told[model]["length"]
    if change != "one less":
        told[model]["width"] = 1.0
    (tmp_path / "weights.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match="make train") as error:
        Judge.load(tmp_path / "weights.json")
    assert ("length" in str(error.value)) is (change != "one more")
    assert ("width" in str(error.value)) is (change != "one less")


def test_the_order_of_the_weights_in_the_file_does_not_matter(tmp_path):
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    told["rank"] = dict(reversed(told["rank"].items()))
    (tmp_path / "weights.json").write_text(json.dumps(told), encoding="utf-8")
    assert Judge.load(tmp_path / "weights.json").rank.tolist() == Judge.load().rank.tolist()


def test_what_comes_nearest_is_weighed_and_keeps_its_order(golden, monkeypatch):
    monkeypatch.setattr("rag.ranking.rank.MAX_CANDIDATES_WEIGHED", 7)
    _, found, _ = table(golden, QUESTIONS[0])
    kept = candidates_to_weigh(found)
    assert len(kept) == 7
    assert [found.index(c) for c in kept] == sorted(found.index(c) for c in kept)
    assert any("would be opened on March 10" in c.sentence.slice(c.article.text) for c in kept)


def test_the_very_words_are_an_answer_whatever_the_judge_finds(golden, monkeypatch):
    """Three or more of them in quotation marks; a single word is left to the judge."""
    sceptic = replace(Judge.load(), answers_from=2.0)
    monkeypatch.setattr("rag.ranking.rank.judge", lambda: sceptic)
    found = golden.answer('Who said "A cracked gate is not a weapon"?')
    assert [c.speaker for c in found.citations] == ["Davor Lund"]
    for asked in ('Who said "weapon"?', "Who said that a cracked gate is not a weapon?"):
        assert golden.answer(asked).reason == "words not found"
