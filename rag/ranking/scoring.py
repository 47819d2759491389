"""How well a candidate fits the topic, and the order that follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.ranking.acts import acts
from rag.ranking.thresholds import ACTED, NEARBY
from rag.types import Evidence, Question


def scored(
    question: Question, candidates: Iterable[Evidence], context: Sequence[Evidence]
) -> list[Evidence]:
    """The candidates with what the question adds to their scores, best first; ties in the
    order of the corpus."""
    near = {e.article.id for e in context}
    ranked = []
    for candidate in candidates:
        score = candidate.score
        if question.act and candidate.quote and acts(candidate, question.act):
            score += ACTED
        if question.follow_up and candidate.article.id in near:
            score += NEARBY
        ranked.append(replace(candidate, score=score) if score != candidate.score else candidate)
    return sorted(ranked, key=merit)


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
