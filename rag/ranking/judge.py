"""Two small models: which candidate answers best, and whether it answers at all.

The first is a conditional logit over the candidates of one question (McFadden 1974): each
candidate's features, weighted and summed; the sums are compared within the question only.
The second is a logistic regression over the features of the best candidate, its lead over the
next, and what the question asks for; it gives the probability that the best one answers.

Both are the named weights of ``weights.json``, which ``training/`` writes, with two numbers
that it chooses for a stated price: the probability from which there is an answer, and how far
below the best a further candidate may lie to be shown beside it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import InputError
from rag.ranking.features import FEATURES, MATCHES, asks_for_figure, asks_of_speech
from rag.types import Question

WEIGHTS = Path(__file__).with_name("weights.json")

Floats = NDArray[np.float64]

CIRCUMSTANCES = (
    "score of the best",
    "share of the best by its score",
    "lead over the next",
    "lead over another sentence",
    "candidates left",
    *(f"elsewhere better: {name}" for name in MATCHES),
    *(f"asked: {kind}" for kind in ("said", "who_said", "according_to", "when", "where")),
    *("asked: to_whom", "asked: fact", "a speaker is asked for", "an addressee is asked for"),
    *("an act is asked for", "yes or no is asked for", "a follow-up", "no topic"),
    *("nobody by that name", "words in quotation marks", "no word of speech"),
    *("statements are compared", "all is asked for", "several people are asked for"),
    *("somebody is described", "a figure is asked for"),
)
"""What the second model knows beside the best candidate's features."""


LEAD = 4.0
"""A lead over the next candidate that is as good as any larger one."""

SENTENCE_TOLERANCE = 1e-6
"""Difference of the whole question's late interaction within which two candidates are taken to
stand in one sentence."""

_LATE = FEATURES.index("late interaction of the whole question")


@dataclass(frozen=True, slots=True)
class Judge:
    """The weights of both models; ``rank`` and ``answer`` have the order of their features."""

    rank: Floats
    answer: Floats
    bias: float
    answers_from: float
    beside: float

    @classmethod
    def load(cls, file: Path = WEIGHTS) -> Judge:
        """Return the judge that a file of weights describes. Raises InputError if a feature has no
        weight, or a weight no feature."""
        told = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            _in_order(told["rank"], FEATURES, file),
            _in_order(told["answer"], (*FEATURES, *CIRCUMSTANCES), file),
            float(told["answer bias"]),
            float(told["an answer from probability"]),
            float(told["shown beside the best within"]),
        )

    def scores(self, table: Floats) -> Floats:
        """Return how well each row of features answers, for comparison within one question:
        (n,)."""
        return table @ self.rank

    def probability(
        self, question: Question, table: Floats, scores: Floats, elsewhere: Floats
    ) -> float:
        """Return the probability that the best of the candidates answers the question.

        ``elsewhere`` is the best match among all candidates (`features.best_match`).
        """
        row = answer_row(question, table, scores, elsewhere)
        return float(1 / (1 + np.exp(-(row @ self.answer + self.bias))))


def answer_row(question: Question, table: Floats, scores: Floats, elsewhere: Floats) -> Floats:
    """Return the features of the second model: those of the best candidate, then CIRCUMSTANCES."""
    order = np.argsort(-scores, kind="stable")
    lead = scores[order[0]] - scores[order[1]] if len(order) > 1 else LEAD
    late = table[:, _LATE]
    apart = scores[np.abs(late - late[order[0]]) > SENTENCE_TOLERANCE]
    rest = apart.max(initial=scores[order[0]] - LEAD)
    told: dict[str, float] = {
        "score of the best": float(scores[order[0]]) / 10,
        "share of the best by its score": float(1 / np.exp(scores - scores[order[0]]).sum()),
        "lead over the next": min(LEAD, float(lead)) / LEAD,
        "lead over another sentence": min(LEAD, float(scores[order[0]] - rest)) / LEAD,
        **{
            f"elsewhere better: {name}": float(best - table[order[0], FEATURES.index(name)])
            for name, best in zip(MATCHES, elsewhere, strict=True)
        },
        "candidates left": min(1.0, len(scores) / 50),
        f"asked: {question.kind}": 1.0,
        "a speaker is asked for": bool(question.speakers),
        "an addressee is asked for": bool(question.addressees),
        "an act is asked for": bool(question.act),
        "yes or no is asked for": question.closed,
        "a follow-up": question.follow_up,
        "no topic": not (question.topic or question.words),
        "nobody by that name": bool(question.unknown),
        "words in quotation marks": bool(question.words),
        "no word of speech": not asks_of_speech(question),
        "statements are compared": question.compared,
        "all is asked for": question.exhaustive,
        "several people are asked for": question.several,
        "somebody is described": bool(question.role),
        "a figure is asked for": asks_for_figure(question),
    }
    return np.array([*table[order[0]], *(told.get(name, 0.0) for name in CIRCUMSTANCES)])


@functools.cache
def judge() -> Judge:
    """Return the judge of the weights that come with the program."""
    return Judge.load()


def _in_order(weights: dict[str, Any], names: Sequence[str], file: Path) -> Floats:
    missing, unknown = set(names) - weights.keys(), weights.keys() - set(names)
    if missing or unknown:
        raise InputError(
            f"{file.name} does not fit this program: expected a weight for each feature, found "
            f"none for {sorted(missing)} and unknown ones for {sorted(unknown)}; "
            "run: make train"
        )
    return np.array([float(weights[name]) for name in names])
