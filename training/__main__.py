"""Make the weights of the judge: `make train`.

    python -m training [--data DIR] [--bench DIR] [--output FILE]

DIR has `articles.jsonl` and `questions_dev.jsonl` (training/data unless given).  Where the
benchmark folder is at hand (--bench), the development halves of tests/benchmarks/questions are
learnt from as well, over its articles.  Indexes the articles, makes the cases, fits both models,
chooses the thresholds, writes rag/ranking/weights.json and prints what they are worth on
questions that they were not fitted to.  The same data give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.onrecord import OnRecord
from rag.ranking.features import FEATURES
from rag.ranking.judge import CIRCUMSTANCES, WEIGHTS
from training import fit, report
from training.pairs import Case, Record, World, cases, records

Floats = NDArray[np.float64]

RANK_PENALTY, ANSWER_PENALTY = 1.0, 3.0
"""How much large weights cost; chosen by the unseen folds."""

OWN, OWN_ANSWERS = 0.2, 0.15
"""What a question of training/data counts beside one of the benchmark folder's, where it is
learnt which candidate is best, and whether it answers: they are many, and harder on purpose."""

SYNTHETIC = 0.05
"""What a synthetic case counts beside a written one where it is learnt whether to answer."""

MISSED = 0.1
"""What an answerable question whose best candidate is wrong counts: an answer and a refusal are
then both wrong, and what tells right answers from unanswerable questions is to be learnt."""

REFUSED = 0.65
"""Share of the unanswerable questions that is refused: the stated price of wrong answers.  Most
of those that were written are as near to what is on record as could be thought of."""

BESIDE = 0.3
"""How far below the best a candidate may lie and still be shown beside it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write the weights; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "data")
    parser.add_argument("--bench", type=Path, help="the benchmark folder, if there is one")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="onrecord-train-") as folder:
        own = records(options.data / "questions_dev.jsonl")
        worlds = [_world(OURS, records(options.data / "articles.jsonl"), own, Path(folder))]
        if options.bench and options.bench.is_dir():
            worlds += [_world(*other, Path(folder)) for other in _others(options.bench)]
        found = [c for w in worlds for c in cases(w, [o for o in worlds if o is not w])]
    told = [replace(c, counts=OWN if _is_ours(c) else 1.0) for c in found if len(c.table)]
    print(f"{len(told)} cases: {report.made(told)}")
    fitted, lines = fitting(told)
    options.output.write_text(
        json.dumps(fitted, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print("\n".join(lines))
    return 0


OURS = "training/data"


def _is_ours(case: Case) -> bool:
    return case.id.startswith(OURS)


def fitting(told: Sequence[Case]) -> tuple[dict[str, object], list[str]]:
    """Return the content of the file of weights, and the report on it."""
    scores = fit.unseen_scores(told, penalty=RANK_PENALTY)
    rows, right = fit.answer_rows(told, scores)
    answerable, written = (
        np.array([c.answerable for c in told]),
        np.array([not c.made for c in told]),
    )
    share = (
        np.where(written, 1.0, SYNTHETIC)
        * np.where(answerable & ~right, MISSED, 1.0)
        * np.array([OWN_ANSWERS if _is_ours(c) else 1.0 for c in told])
    )
    fold, chance = fit.folds(told), np.zeros(len(told))
    for one in np.unique(fold):
        kept = fold != one
        weights, bias = fit.answerer(rows[kept], right[kept], share[kept], ANSWER_PENALTY)
        chance[~kept] = 1 / (1 + np.exp(-(rows[~kept] @ weights + bias)))
    threshold = _threshold(chance, share, written & ~answerable)
    rank = fit.ranker(told, RANK_PENALTY)
    answer, bias = fit.answerer(rows, right, share, ANSWER_PENALTY)
    lines = [
        *report.ranking(told, scores),
        *report.refusing(chance, threshold, right, answerable, written),
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


def _threshold(chance: Floats, share: Floats, nothing: NDArray[np.bool_]) -> float:
    """Return the probability below which the share REFUSED of the unanswerable questions lies."""
    order = np.argsort(chance[nothing], kind="stable")
    sums = np.cumsum(share[nothing][order])
    return float(chance[nothing][order][np.searchsorted(sums, REFUSED * sums[-1])])


def _named(names: Sequence[str], values: Floats) -> dict[str, float]:
    return {name: round(float(v), 4) for name, v in zip(names, values, strict=True)}


def _world(name: str, articles: Iterable[Record], rows: Sequence[Record], folder: Path) -> World:
    """Return articles, indexed in a folder of their own, and the questions about them."""
    from index.indexing.build import add
    from index.settings import Settings

    home = folder / name.replace("/", "-")
    home.mkdir()
    source = home / "articles.jsonl"
    source.write_text("".join(json.dumps(a) + "\n" for a in articles), encoding="utf-8")
    add([source], Settings.from_environment(home / "index"))
    return World(name, OnRecord.open(home / "index", llm=""), rows)


def _others(bench: Path) -> Iterator[tuple[str, list[Record], list[Record]]]:
    """Yield the development halves of the questions by other authors, with their articles."""
    from tests.benchmarks.evaluate import QUESTIONS, articles_of

    for name in ("over_qa", "over_quotes"):
        rows = records(QUESTIONS / f"{name}.jsonl")
        docs = {span["doc"] for row in rows for group in row["gold"] for span in group}
        articles = list(articles_of(bench, docs))
        yield name, articles, [row for row in rows if row["split"] == "dev"]


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
