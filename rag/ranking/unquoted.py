"""Sentences from which no quote was taken: whether and under whose name they are cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Span
from rag.ranking.acts import acts
from rag.ranking.bare_sentences import speaks_in
from rag.ranking.participants import KnownPeople
from rag.ranking.statements import asserted, same_speaker
from rag.types import Evidence, Question

MAX_WHOLE_CHARACTERS = 600
"""A citation of more characters is narrowed to its best sentence."""

MAINLY = 3
"""A sentence is by a speaker whose words make up more than one third of it."""


def with_speaker(
    evidence: Evidence, candidates: Sequence[Evidence], people: KnownPeople, question: Question
) -> Evidence:
    """Return the whole sentence, under the name of the one who makes the statement in it.

    That is the asked person if they speak in it, else whoever does what was asked for
    ("who agreed"), else whoever's words are most of it, if nobody else speaks in it.
    """
    if evidence.quote is not None:
        return replace(evidence, span=evidence.sentence)
    inside = [
        c
        for c in asserted(candidates)
        if c.article.id == evidence.article.id and c.span.overlaps(evidence.span)
    ]
    own = [c for c in inside if people.speaks(c, question.speakers)]
    done = [c for c in inside if question.act and acts(c, question.act)]
    for found in (own, done):
        if found:
            best = max(found, key=lambda c: len(c.span))
            return replace(evidence, quote=best.quote, span=_whole_quotation(evidence, best))
    best_inside = max(inside, key=lambda c: len(c.span), default=None)
    alone = all(same_speaker(c, best_inside) for c in inside if best_inside)
    if best_inside and alone and MAINLY * len(best_inside.span) > len(evidence.span):
        span = _whole_quotation(evidence, best_inside)
        return replace(evidence, quote=best_inside.quote, span=span)
    sentence = evidence.span.slice(evidence.article.text)
    named = (w for w in question.speakers if speaks_in(sentence, people.names(w)))
    return replace(evidence, speaker=next(named, ""))


def _whole_quotation(evidence: Evidence, statement: Evidence) -> Span:
    """Return the sentence, or all that carries the quotation of which it is a part."""
    carrying = statement.sentence
    return (
        carrying
        if evidence.span in carrying and len(carrying) <= MAX_WHOLE_CHARACTERS
        else evidence.span
    )
