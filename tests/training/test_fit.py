"""The weights are found where they have to be, and the same each time."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rag.ranking.features import FEATURES, MATCHES
from rag.ranking.judge import CIRCUMSTANCES, Judge, answer_row
from rag.types import Question
from training import __main__ as training
from training import fit
from training.pairs import Case

TELLS, MISLEADS = FEATURES.index("idf overlap"), FEATURES.index("length")


def made(number: int, answerable: bool = True, noise: float = 0.0) -> Case:
    """A case whose right candidate has most of one feature, and less than others of another."""
    chance = np.random.default_rng(number)
    table = np.zeros((6, len(FEATURES)))
    table[:, TELLS] = chance.uniform(0, 0.5, 6)
    table[:, MISLEADS] = chance.uniform(0.3, 1, 6)
    right = np.zeros(6, dtype=bool)
    at = int(chance.integers(6))
    if answerable:
        right[at] = True
        table[at, TELLS] = 0.9 - noise * chance.uniform()
        table[at, MISLEADS] = 0.1
    best = table[:, [FEATURES.index(name) for name in MATCHES]].max(axis=0)
    return Case(f"world:{number}", Question("?", "said"), table, right, best, answerable)


CASES = [made(n, answerable=n % 4 > 0) for n in range(80)]
UNSEEN = [made(n, answerable=n % 4 > 0) for n in range(1000, 1060)]


def test_the_right_candidates_of_unseen_cases_are_found():
    weights = fit.ranker(CASES, 0.1)
    assert weights.shape == (len(FEATURES),)
    assert weights[TELLS] > 1
    assert weights[MISLEADS] < 0
    told = [c for c in UNSEEN if c.answerable]
    assert all(c.right[np.argmax(c.table @ weights)] for c in told)
    others = np.delete(weights, [TELLS, MISLEADS])
    assert np.abs(others).max() < 1e-6  # what says nothing weighs nothing


def test_a_larger_penalty_makes_smaller_weights():
    small, large = (np.linalg.norm(fit.ranker(CASES, p)) for p in (0.1, 100.0))
    assert large < small / 2


def test_whether_there_is_an_answer_is_learnt():
    scores = fit.unseen_scores(CASES, penalty=0.1)
    rows, right = fit.answer_rows(CASES, scores)
    assert rows.shape == (80, len(FEATURES) + len(CIRCUMSTANCES))
    assert right.tolist() == [c.answerable for c in CASES]
    weights, bias = fit.answerer(rows, right, np.ones(80), 0.1)
    rank = fit.ranker(CASES, 0.1)
    for case in UNSEEN:
        row = answer_row(case.question, case.table, case.table @ rank, case.elsewhere)
        odds = row @ weights + bias
        assert bool(odds > 0) == case.answerable


def test_a_case_that_counts_for_nothing_teaches_nothing():
    scores = fit.unseen_scores(CASES, penalty=0.1)
    rows, right = fit.answer_rows(CASES, scores)
    share = np.array([float(n < 60) for n in range(80)])
    wrong = right.copy()
    wrong[60:] = ~wrong[60:]
    one, other = (fit.answerer(rows, r, share, 1.0) for r in (right, wrong))
    assert one[0] == pytest.approx(other[0])
    assert one[1] == pytest.approx(other[1])


def test_scores_are_of_weights_that_have_not_seen_the_case():
    """A case that says the reverse of all others does not mend its own scores."""
    odd = made(7)
    odd = Case("world:odd", odd.question, odd.table, ~odd.right, odd.elsewhere, True)
    scores = fit.unseen_scores([*CASES, odd], penalty=0.1)
    assert len(scores) == 81
    assert not odd.right[np.argmax(scores[-1])]
    assert fit.unseen_scores([odd, *CASES], penalty=0.1)[0].shape == (6,)


def test_all_cases_of_one_question_are_in_one_fold():
    found = fit.folds([*CASES[:78], *CASES[:78]])
    assert found[:78].tolist() == found[78:].tolist()
    assert set(found.tolist()) == set(range(5))


def test_a_run_gives_the_same_bytes_twice_and_weights_that_load(tmp_path):
    noisy = [made(n, answerable=n % 4 > 0, noise=0.5) for n in range(80)]
    one, lines = training.fitting(noisy)
    other, again = training.fitting(noisy)
    assert json.dumps(one) == json.dumps(other)
    assert lines == again
    assert lines
    file = tmp_path / "weights.json"
    file.write_text(json.dumps(one), encoding="utf-8")
    judge = Judge.load(file)
    told = [c for c in UNSEEN if c.answerable]
    assert all(c.right[np.argmax(judge.scores(c.table))] for c in told)
    chances = {
        c.id: judge.probability(c.question, c.table, judge.scores(c.table), c.elsewhere)
        for c in UNSEEN
    }
    answered = {c.id for c in UNSEEN if chances[c.id] >= judge.answers_from}
    assert answered >= {c.id for c in told}
    wrong = len(answered) - len(told)
    assert wrong <= (1 - training.REFUSED) * (len(UNSEEN) - len(told))


def test_the_threshold_refuses_as_many_unanswerable_questions_as_was_promised():
    chance = np.linspace(0, 1, 101)
    nothing = chance < 0.5
    at = training._threshold(chance, np.ones(101), nothing)
    assert at < 0.5
    assert (chance[nothing] < at).mean() == pytest.approx(training.REFUSED, abs=0.02)
    share = np.where(chance < 0.25, 3.0, 1.0)  # half of them count three times
    at = training._threshold(chance, share, nothing)
    refused = (share * (chance < at))[nothing].sum() / share[nothing].sum()
    assert refused == pytest.approx(training.REFUSED, abs=0.04)
    assert (chance[nothing] < at).mean() < training.REFUSED - 0.1
