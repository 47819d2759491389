"""How well a candidate fits the topic, and the order that follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.ranking.acts import acts
from rag.ranking.thresholds import ACTED, NEARBY
from rag.types import Evidence, Question


def scored(
    question: Question, candidates: Iterable[Evidence], context: Sequence[Evidence]
) -> list[Evidence]:
    """The candidates with their scores, best first; ties in the order of the corpus."""
    near = {e.article.id for e in context}
    ranked = []
    for candidate in candidates:
        score = _topic_score(candidate)
        if question.act and candidate.quote and acts(candidate, question.act):
            score += ACTED
        if question.follow_up and candidate.article.id in near:
            score += NEARBY
        ranked.append(_with(candidate, score))
    return sorted(ranked, key=merit)


def _with(e: Evidence, score: float) -> Evidence:
    """``dataclasses.replace`` for every candidate was a fourth of the ranking."""
    parts = (e.article, e.span, e.sentence, e.quote, e.similarity, e.overlap)
    return Evidence(*parts, score, e.speaker, e.copies, e.original)


def _topic_score(evidence: Evidence) -> float:
    """Both signals of topic in one figure from 0 to 1."""
    meaning = min(1.0, max(0.0, (evidence.similarity - 0.1) / 0.6))
    return 0.65 * evidence.overlap + 0.35 * meaning


def merit(evidence: Evidence) -> tuple[object, ...]:
    """The better score first; ties in the order of the corpus."""
    return (-evidence.score, evidence.article.id, evidence.span, evidence.quote is None)


def prominence(evidence: Evidence) -> tuple[object, ...]:
    """With no topic given: plain speech before mere naming, stated before inferred, in order."""
    quote = evidence.quote
    assert quote is not None
    inferred = bool(quote.addressees) and all(a.basis == "inferred" for a in quote.addressees)
    return (quote.tier != "speech", inferred, evidence.article.id, evidence.span)


def is_occasion(topic: str) -> bool:
    """Whether a topic only says on which occasion ("at the start of their talks")."""
    return bool(re.match(r"(?:at|in|during|after|before|when|while|on)\b", topic))
