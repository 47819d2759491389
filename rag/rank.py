"""Candidates become evidence: slots decide who and to whom, the topic decides what.

When nothing is good enough the ranking says why, and what comes nearest.  A statement
under the wrong name, to the wrong person, or one that was never made, is not evidence.
Each kind of question has its room in ``rag/ranking``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.ranking.according_to import according_to
from rag.ranking.cast import Cast
from rag.ranking.fact import fact
from rag.ranking.narrowing import narrowed
from rag.ranking.said import said
from rag.ranking.scoring import scored
from rag.ranking.selection import distinct
from rag.ranking.to_whom import to_whom
from rag.ranking.when_where import circumstances, situation
from rag.ranking.who_said import who_said
from rag.types import Evidence, Question, QuestionKind, Ranking

__all__ = ["Cast", "joined", "rank"]

ROOMS: dict[QuestionKind, Callable[[Question, list[Evidence], Cast], Ranking]] = {
    "said": said,
    "who_said": who_said,
    "according_to": according_to,
    "when": situation,
    "where": situation,
    "to_whom": to_whom,
    "fact": fact,
}
"""Who ranks for each kind of question; candidates come scored, best first."""


EACH = 2
"""Pieces of evidence for each of several questions put in one breath."""


def rank(
    question: Question,
    candidates: Sequence[Evidence],
    cast: Cast,
    context: Sequence[Evidence] = (),
) -> Ranking:
    """The evidence that answers the question, best first, or the reason for none.

    ``context`` is the evidence of the turn before, for a follow-up.
    """
    if question.either:
        return Ranking((), "question not understood")
    if not candidates:
        return Ranking((), "not about that" if cast else "no articles")
    ranked = scored(question, candidates, context)
    pointing = question.kind in ("when", "where", "according_to")
    if context and pointing and question.follow_up:
        return circumstances(question, ranked, context)
    ranking = ROOMS[question.kind](question, ranked, cast)
    return replace(ranking, evidence=tuple(narrowed(question, e) for e in ranking.evidence))


def joined(rankings: Sequence[Ranking]) -> Ranking:
    """The rankings of questions put in one breath as one; none of the evidence twice.

    Without any evidence, the first says why.
    """
    found = distinct(e for r in rankings for e in r.evidence[:EACH])
    return replace(rankings[0], evidence=tuple(found)) if found else rankings[0]
