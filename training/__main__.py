"""Make the weights of the judge: `make train`.

    python -m training [--data DIR ...] [--report FILE]

Each DIR has `articles.jsonl` and `questions_dev.jsonl` (see training/data/README.md); the
default is training/data.  Indexes the articles, makes the cases, fits both models, chooses the
two thresholds, writes rag/ranking/weights.json and prints what they are worth on questions
that they were not fitted to.  The same data give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.onrecord import OnRecord
from rag.ranking.features import FEATURES
from rag.ranking.judge import CIRCUMSTANCES, WEIGHTS
from training import fit, report
from training.pairs import Case, World, cases, records

Floats = NDArray[np.float64]

RANK_PENALTY, ANSWER_PENALTY = 1.0, 3.0
"""How much large weights cost; chosen by the unseen folds."""

SYNTHETIC = 0.35
"""What a synthetic case counts beside a written one where it is learnt whether to answer."""

REFUSED = 0.9
"""Share of the unanswerable questions that has to be refused: the stated price of a wrong
answer, of which wrong names are a part."""

BESIDE = 0.5
"""How far below the best a candidate may lie and still be shown beside it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write the weights; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=[Path(__file__).parent / "data"])
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="onrecord-train-") as folder:
        worlds = [_world(data, Path(folder) / str(n)) for n, data in enumerate(options.data)]
        found = [c for w in worlds for c in cases(w, [o for o in worlds if o is not w])]
    told = [c for c in found if len(c.table)]
    print(f"{len(told)} cases: {report.made(told)}")
    fitted, lines = fitting(told)
    options.output.write_text(
        json.dumps(fitted, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print("\n".join(lines))
    return 0


def fitting(told: Sequence[Case]) -> tuple[dict[str, object], list[str]]:
    """The content of the file of weights, and the report on it."""
    scores = fit.unseen_scores(told, penalty=RANK_PENALTY)
    rows, right = fit.answer_rows(told, scores)
    share = np.array([SYNTHETIC if c.made else 1.0 for c in told])
    fold = fit.folds(told)
    chance = np.zeros(len(told))
    for one in np.unique(fold):
        kept = fold != one
        weights, bias = fit.answerer(rows[kept], right[kept], share[kept], ANSWER_PENALTY)
        chance[~kept] = 1 / (1 + np.exp(-(rows[~kept] @ weights + bias)))
    written = np.array([not c.made for c in told])
    threshold = _threshold(
        chance[written], right[written], np.array([c.answerable for c in told])[written]
    )
    rank = fit.ranker(told, RANK_PENALTY)
    answer, bias = fit.answerer(rows, right, share, ANSWER_PENALTY)
    lines = [
        *report.ranking(told, scores),
        "",
        *report.reliability(chance[written], right[written]),
        "",
        *report.coverage(chance[written], right[written]),
        *report.weights(rank, answer),
    ]
    return {
        "rank": _named(FEATURES, rank),
        "answer": _named((*FEATURES, *CIRCUMSTANCES), answer),
        "answer bias": round(bias, 4),
        "an answer from probability": round(threshold, 4),
        "shown beside the best within": BESIDE,
    }, lines


def _threshold(chance: Floats, right: NDArray[np.bool_], answerable: NDArray[np.bool_]) -> float:
    """The probability from which it pays to answer: most right answers and right refusals, with
    REFUSED of the unanswerable questions refused."""
    best, at = -1.0, 0.5
    for threshold in np.arange(0.05, 0.95, 0.01):
        answers = chance >= threshold
        refused = (~answers & ~answerable).sum() / max(1, (~answerable).sum())
        good = (answers & right).sum() + (~answers & ~answerable).sum()
        if refused >= REFUSED and good > best:
            best, at = good, float(threshold)
    return at


def _named(names: Sequence[str], values: Floats) -> dict[str, float]:
    return {name: round(float(v), 4) for name, v in zip(names, values, strict=True)}


def _world(data: Path, folder: Path) -> World:
    """The articles of a folder of data, indexed, and its questions for development."""
    from index.build import add
    from index.settings import Settings

    add([data / "articles.jsonl"], Settings.from_environment(folder))
    return World(data.name, OnRecord.open(folder, llm=""), records(data / "questions_dev.jsonl"))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
