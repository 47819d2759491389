"""Sentences from which no quote was taken: whether and under whose name they are cited."""

from __future__ import annotations

from dataclasses import replace

from index.types import Mention, Span
from rag.naming import speaks_in, spoken_to_in
from rag.people import words
from rag.ranking.acts import acts
from rag.ranking.cast import Cast
from rag.ranking.scoring import is_occasion
from rag.ranking.statements import asserted
from rag.ranking.thresholds import LONG, SENTENCE, TOLD
from rag.types import Evidence, Question

MAINLY = 3
"""A sentence is by whoever's words make up more than one part in so many of it."""


def unquoted_sentence(question: Question, candidates: list[Evidence], cast: Cast) -> list[Evidence]:
    """The best sentence on the topic in which an asked person speaks, though no quote was taken.

    A list of one, or of none.
    """
    found = []
    taken = [(c.article.id, c.sentence) for c in candidates if cast.speaks(c, question.speakers)]
    for candidate in candidates:
        if any(a == candidate.article.id and s.overlaps(candidate.span) for a, s in taken):
            continue
        floor = SENTENCE if not is_occasion(question.topic) else TOLD
        if candidate.quote is not None or candidate.score < floor:
            continue
        sentence = candidate.span.slice(candidate.article.text)
        told = (name for a in question.addressees for name in cast.names(a))
        if question.addressees and not spoken_to_in(sentence, told):
            continue
        others = [
            c.quote.speaker
            for c in candidates
            if c.quote is not None
            and c.quote.speaker is not None
            and c.article.id == candidate.article.id
            and c.sentence.overlaps(candidate.span)
        ]
        for person in question.speakers:
            if any(_is_namesake(other, person, cast) for other in others):
                continue
            if person[:1].isupper() and speaks_in(sentence, cast.names(person)):
                carrying = (
                    c
                    for c in candidates
                    if c.quote and c.article.id == candidate.article.id
                    if candidate.span in c.sentence and len(c.sentence) <= LONG
                )
                whole = next(carrying, candidate).sentence
                found.append(replace(candidate, speaker=person, span=whole, sentence=whole))
                break
    return found[:1]


def _is_namesake(speaker: Mention, person: str, cast: Cast) -> bool:
    """Whether the one who speaks in a sentence is somebody else of the same surname."""
    if not speaker.name or cast.is_one_of(speaker, (person,)):
        return False
    return words(speaker.name)[-1:] == words(person)[-1:]


def with_speaker(
    evidence: Evidence, candidates: list[Evidence], cast: Cast, question: Question
) -> Evidence:
    """The whole sentence, under the name of whoever makes the statement in it.

    That is the asked person if they speak in it, else whoever does what was asked for
    ("who agreed"), else whoever's words are most of it.
    """
    if evidence.quote is not None:
        return replace(evidence, span=evidence.sentence)
    inside = [
        c
        for c in asserted(candidates)
        if c.article.id == evidence.article.id and c.span.overlaps(evidence.span)
    ]
    own = [c for c in inside if cast.speaks(c, question.speakers)]
    done = [c for c in inside if question.act and acts(c, question.act)]
    for found in (own, done):
        if found:
            best = max(found, key=lambda c: len(c.span))
            return replace(evidence, quote=best.quote, span=_whole(evidence, best))
    best_inside = max(inside, key=lambda c: len(c.span), default=None)
    if best_inside and MAINLY * len(best_inside.span) > len(evidence.span):
        span = _whole(evidence, best_inside)
        return replace(evidence, quote=best_inside.quote, span=span)
    sentence = evidence.span.slice(evidence.article.text)
    named = (w for w in question.speakers if speaks_in(sentence, cast.names(w)))
    return replace(evidence, speaker=next(named, ""))


def _whole(evidence: Evidence, statement: Evidence) -> Span:
    """The sentence, or all that carries the quotation of which it is a part."""
    carrying = statement.sentence
    return carrying if evidence.span in carrying and len(carrying) <= LONG else evidence.span


def speaks_plainly(evidence: Evidence, question: Question, cast: Cast) -> bool:
    """Whether an asked person stands in a bare sentence as the one who speaks."""
    sentence = evidence.span.slice(evidence.article.text)
    return any(speaks_in(sentence, cast.names(s)) for s in question.speakers)
