"""To whom somebody spoke."""

from __future__ import annotations

from rag.ranking.cast import Cast
from rag.ranking.fact import fact
from rag.ranking.refusal import nearest, no_statement
from rag.ranking.selection import distinct
from rag.ranking.statements import asserted
from rag.ranking.thresholds import WHOSE
from rag.types import Evidence, Question, Ranking


def to_whom(question: Question, candidates: list[Evidence], cast: Cast) -> Ranking:
    """To whom somebody spoke: statements with an addressee, else the sentence that tells."""
    theirs = [c for c in candidates if cast.speaks(c, question.speakers)]
    told = [
        c
        for c in asserted(theirs)
        if c.quote is not None and c.quote.addressees and (not question.topic or c.score >= WHOSE)
    ]
    sentence = fact(question, candidates, cast)
    if sentence.evidence and (not told or sentence.evidence[0].score > told[0].score):
        return sentence
    if told:
        return Ranking(tuple(distinct(told, 2)))
    if not theirs:
        return no_statement(question, candidates, cast)
    return Ranking((), "not about that", nearest(theirs))
