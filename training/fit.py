"""The weights of the judge's two models, fitted to cases.

Both are convex problems with a penalty on large weights, solved by L-BFGS; a run gives the
same weights each time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from rag.ranking.judge import answer_row
from training.pairs import Case

Floats = NDArray[np.float64]


def ranker(cases: Sequence[Case], penalty: float = 1.0) -> Floats:
    """Return the weights of the conditional logit, of shape (features,).

    The right candidates of a case stand together against the others, by the softmax over its
    candidates.
    """
    told = [c for c in cases if c.right.any() and not c.right.all()]
    width = told[0].table.shape[1]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros(width)
        for case in told:
            scores = case.table @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            mass = share[case.right].sum()
            total -= case.counts * np.log(mass)
            wanted = np.where(case.right, share / mass, 0.0)
            slope += case.counts * (case.table.T @ (share - wanted))
        return total + penalty * (weights @ weights) / 2, slope + penalty * weights

    return np.asarray(minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B").x)


def answerer(
    rows: Floats, right: NDArray[np.bool_], share: Floats, penalty: float = 1.0
) -> tuple[Floats, float]:
    """Return weights and bias of the logistic regression that tells whether the best candidate of a
    case is right.

    ``rows`` are those of `answer_row`, of shape (cases, columns); ``share`` is how much each case
    counts, of shape (cases,).
    """
    width = rows.shape[1]

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = rows @ weights[:width] + weights[width]
        chance = 1 / (1 + np.exp(-odds))
        total = (share * (np.logaddexp(0, odds) - right * odds)).sum()
        off = share * (chance - right)
        slope = np.append(rows.T @ off, off.sum())
        kept = np.append(weights[:width], 0.0)
        return total + penalty * (kept @ kept) / 2, slope + penalty * kept

    found = minimize(loss, np.zeros(width + 1), jac=True, method="L-BFGS-B").x
    return np.asarray(found[:width]), float(found[width])


def folds(cases: Sequence[Case], number: int = 5) -> NDArray[np.intp]:
    """Return the fold of each case, of shape (cases,): all cases made of one question are in
    one."""
    names = {name: n for n, name in enumerate(dict.fromkeys(c.id for c in cases))}
    return np.array([names[c.id] % number for c in cases])


def unseen_scores(cases: Sequence[Case], number: int = 5, penalty: float = 1.0) -> list[Floats]:
    """Return the ranker's scores of each case by weights that were fitted without its fold."""
    fold = folds(cases, number)
    found: list[Floats] = [np.zeros(0)] * len(cases)
    for one in range(number):
        weights = ranker([c for c, f in zip(cases, fold, strict=True) if f != one], penalty)
        for at in np.flatnonzero(fold == one):
            found[at] = cases[at].table @ weights
    return found


def answer_rows(
    cases: Sequence[Case], scores: Sequence[Floats]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return what the second model learns from: a row a case, and whether its best candidate is
    right."""
    pairs = list(zip(cases, scores, strict=True))
    rows = [answer_row(c.question, c.table, s, c.elsewhere) for c, s in pairs]
    right = [bool(c.right[np.argmax(s)]) for c, s in pairs]
    return np.array(rows), np.array(right)
