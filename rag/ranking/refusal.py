"""No answer: the reason, and the statements that come nearest."""

from __future__ import annotations

from collections.abc import Iterable

from rag.ranking.cast import Cast
from rag.ranking.selection import distinct
from rag.ranking.statements import asserted
from rag.types import Evidence, Question, Ranking, Reason


def no_statement(question: Question, candidates: list[Evidence], cast: Cast) -> Ranking:
    """Why the asked people have no statement."""
    if not question.speakers:
        return Ranking((), "not about that", nearest(asserted(candidates)))
    known = [s for s in question.speakers if s not in question.unknown]
    reason: Reason = "never quoted" if known else "person not in the corpus"
    told = [c for c in asserted(candidates) if cast.is_told(c, question.speakers)]
    return Ranking((), reason, nearest(told or asserted(candidates)))


def nearest(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The first three statements, none twice: what to look at where nothing answers."""
    return tuple(distinct((e for e in evidence if e.quote is not None), 3))
