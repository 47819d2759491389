"""What the weights are worth, measured on cases that they were not fitted to."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.ranking.features import FEATURES
from rag.ranking.judge import CIRCUMSTANCES
from training.pairs import Case

Floats = NDArray[np.float64]


def ranking(cases: Sequence[Case], scores: Sequence[Floats]) -> Iterator[str]:
    """Yield how often the right candidate comes first, or among the first three."""
    pairs = [(c, s) for c, s in zip(cases, scores, strict=True) if c.answerable]
    first = np.mean([c.right[np.argmax(s)] for c, s in pairs])
    third = np.mean([c.right[np.argsort(-s, kind="stable")[:3]].any() for c, s in pairs])
    there = np.mean([c.right.any() for c, _ in pairs])
    yield f"answerable questions {len(pairs)}: right one first {first:.3f}, "
    yield f"  among the first three {third:.3f}, among the candidates {there:.3f}"


def refusing(
    chance: Floats,
    threshold: float,
    right: NDArray[np.bool_],
    answerable: NDArray[np.bool_],
    written: NDArray[np.bool_],
) -> Iterator[str]:
    """Yield what the threshold does to the written questions."""
    given, nothing, some = chance >= threshold, written & ~answerable, written & answerable
    yield f"from probability {threshold:.2f}: right answers {(given & right)[some].mean():.3f},"
    yield f"  refused wrongly {(~given)[some].mean():.3f}, unanswerable refused "
    yield f"  {(~given)[nothing].mean():.3f}"


def made(cases: Sequence[Case]) -> str:
    """Return how many cases of each making there are."""
    counts = Counter(
        c.made or ("written" if c.answerable else "written, unanswerable") for c in cases
    )
    return ", ".join(f"{name} {n}" for name, n in counts.most_common())


def reliability(chance: Floats, right: NDArray[np.bool_], bins: int = 10) -> Iterator[str]:
    """Return the reliability diagram as a table: of the cases that were given a probability, the
    share that was right (DeGroot & Fienberg 1983)."""
    yield "probability   cases   right"
    edges = np.linspace(0, 1, bins + 1)
    for low, high in itertools.pairwise(edges):
        within = (chance >= low) & ((chance < high) | (high == 1))
        if within.any():
            yield f"{low:.1f} to {high:.1f}    {within.sum():5d}   {right[within].mean():.2f}"


def coverage(chance: Floats, right: NDArray[np.bool_]) -> Iterator[str]:
    """Risk against coverage: how many of the answers are wrong, if only the surest are given."""
    yield "answered   wrong among them   from probability"
    order = np.argsort(-chance, kind="stable")
    for share in (0.2, 0.4, 0.6, 0.8, 1.0):
        given = order[: max(1, int(share * len(order)))]
        yield f"{share:8.1f}   {1 - right[given].mean():17.3f}   {chance[given[-1]]:16.2f}"


def weights(rank: Floats, answer: Floats) -> Iterator[str]:
    """Yield each weight by its name, the heaviest first."""
    for title, names, values in (
        ("which candidate answers best", FEATURES, rank),
        ("whether it answers", (*FEATURES, *CIRCUMSTANCES), answer),
    ):
        yield f"\n{title}:"
        for name, value in sorted(zip(names, values, strict=True), key=lambda p: -abs(p[1])):
            yield f"{value:8.2f}  {name}"
