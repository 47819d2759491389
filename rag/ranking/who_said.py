"""Whose words these are, remembered exactly or half, and who spoke to somebody."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from index.folding import fold
from rag.people import words
from rag.ranking.acts import acts_named
from rag.ranking.cast import Cast, told_to
from rag.ranking.refusal import nearest
from rag.ranking.scoring import merit, prominence
from rag.ranking.selection import distinct
from rag.ranking.statements import asserted, content
from rag.ranking.thresholds import (
    MOST,
    NAMED,
    OF_THE_ROLE,
    PLAINER,
    REMEMBERED,
    WHOSE,
    WHOSE_FOREMOST,
)
from rag.ranking.unquoted import with_speaker
from rag.types import Evidence, Question, Ranking


def who_said(question: Question, candidates: list[Evidence], cast: Cast) -> Ranking:
    """Whose words these are."""
    statements = told_to(question, asserted(candidates), cast)
    if question.topic and not any(c.score >= WHOSE for c in statements):
        # The one who told them that may be known from a read-out alone.
        told = [c for c in asserted(candidates) if cast.is_told(c, question.addressees)]
        statements = told or statements
    if question.speakers:
        statements = [c for c in statements if cast.speaks(c, question.speakers)]
    if question.addressees and not question.topic and not question.words:
        acted = [c for c in statements if c.quote and c.quote.act == question.act]
        return _listed(acted or statements, candidates, cast, question)
    if question.words and len(question.words.split()) > 1:
        wanted = fold(question.words).strip(" .,;:!?'\"")
        exact = [c for c in statements if wanted in fold(content(c))]
        likeness = {id(c): fuzz.partial_ratio(wanted, fold(content(c))) for c in statements}
        near = sorted(statements, key=lambda c: -likeness[id(c)])
        close = [c for c in near if likeness[id(c)] >= REMEMBERED and len(wanted) > 12]
        if exact or close:
            return Ranking(tuple(distinct(_shortest_first(exact) or close, 1)))
        unquoted = [
            c
            for c in candidates
            if c.quote is None and wanted in fold(c.span.slice(c.article.text))
        ]
        if unquoted:
            return Ranking((with_speaker(unquoted[0], candidates, cast, question),))
        if not question.topic:
            return Ranking((), "words not found", nearest(statements))
    asked = set(words(question.topic))
    weighed = sorted((_weighed(c, question, asked, cast) for c in statements), key=merit)
    found = [c for c in weighed if c.score >= WHOSE] or _foremost(weighed, candidates)
    if question.act and not question.speakers:
        best = found[0].score if found else WHOSE
        bare = [
            c
            for c in candidates
            if c.quote is None
            and c.score >= best + PLAINER
            and question.act in acts_named(c.span.slice(c.article.text))
        ]
        if bare:
            return Ranking((with_speaker(bare[0], candidates, cast, question),))
    if not found:
        return Ranking((), "words not found", nearest(statements))
    return Ranking(tuple(distinct(found, 1)))


def _listed(
    found: list[Evidence], candidates: list[Evidence], cast: Cast, question: Question
) -> Ranking:
    """Everybody who said something to somebody, or that nobody did."""
    if found:
        return Ranking(tuple(distinct(sorted(found, key=prominence), MOST)))
    near = [c for c in candidates if cast.speaks(c, question.addressees)]
    return Ranking((), "never to that addressee", nearest(near or asserted(candidates)))


def _weighed(evidence: Evidence, question: Question, asked: set[str], cast: Cast) -> Evidence:
    """A statement with what counts against a speaker whom the question names, and for one of
    the role that it asks for."""
    named = NAMED if not question.speakers and _is_named(evidence, asked) else 0.0
    fits = OF_THE_ROLE * cast.fits(evidence, question.role) if question.role else 0.0
    return replace(evidence, score=evidence.score - named + fits)


def _foremost(statements: list[Evidence], candidates: list[Evidence]) -> list[Evidence]:
    """The best statement, if nothing else is more on the topic: put in other words, it gets
    a low score, but one that stands out."""
    best = next(iter(statements), None)
    if best is None or best.score < WHOSE_FOREMOST:
        return []
    ahead = {
        (c.article.id, c.sentence)
        for c in candidates
        if c.score > best.score and not c.sentence.overlaps(best.sentence)
    }
    return [] if ahead else [best]


def _is_named(evidence: Evidence, asked: set[str]) -> bool:
    """Whether the question's own words name the speaker of a statement."""
    speaker = evidence.quote.speaker if evidence.quote else None
    name = words(speaker.name) if speaker and speaker.name else []
    relayed = evidence.quote is not None and evidence.quote.chain
    return bool(name) and name[-1] in asked and not relayed


def _shortest_first(evidence: list[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda c: (len(c.span), c.article.id, c.span))
