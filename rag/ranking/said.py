"""What somebody said, also whether they said it ("did Odell promise ...")."""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.ranking.acts import acts, is_act, speaks_of
from rag.ranking.cast import Cast, is_about, told_to
from rag.ranking.refusal import nearest, no_statement
from rag.ranking.scoring import is_occasion, merit, prominence
from rag.ranking.selection import chosen
from rag.ranking.statements import asserted, follows_directly
from rag.ranking.thresholds import (
    ABOUT,
    ACTED,
    AHEAD,
    ALIKE,
    BESIDE,
    CONFIRMED,
    FOREMOST,
    HALF,
    NOMINAL,
    TOLD,
)
from rag.ranking.unquoted import unquoted_sentence
from rag.types import Evidence, Question, Ranking


def said(question: Question, candidates: list[Evidence], cast: Cast) -> Ranking:
    """What the asked people said (to the asked ones, about the topic)."""
    refused = question.act == "refuse"
    statements = [c for c in candidates if c.quote] if refused else asserted(candidates)
    theirs = [c for c in statements if cast.speaks(c, question.speakers)]
    if not question.speakers:
        floor = ABOUT if question.topic or question.words else -1.0
        theirs = [c for c in statements if c.score >= floor]
    told = told_to(question, theirs, cast)
    if cast.is_name(question.topic):
        told = [c for c in told if is_about(c, question.topic, cast)]
    about = sorted(_about(question, told), key=_spoken_first(question))
    if not about and (question.topic or question.act) and not _presupposes(question):
        about = (
            unquoted_sentence(question, candidates, cast)
            or _foremost(question, told, statements)
            or _of_the_role(question, statements, cast)
        )
    if about:
        if question.topic:
            about += [c for c in told if c not in about and follows_directly(c, about[0])]
        return Ranking(tuple(chosen(question, about, cast)))
    if not theirs:
        return no_statement(question, candidates, cast)
    if question.addressees and not told:
        near = [c for c in candidates if cast.speaks(c, question.addressees)]
        return Ranking((), "never to that addressee", nearest(theirs + near))
    return Ranking((), "not about that", nearest(told))


def _foremost(
    question: Question, told: list[Evidence], statements: list[Evidence]
) -> list[Evidence]:
    """The best statement of the asked people, if hardly one of anybody's is more on the topic.

    Who asks in other words than the article gets a low score, but one that stands out.  A list
    of one, or of none.
    """
    best = min(told, key=merit, default=None)
    if best is None or question.closed or not question.speakers or best.score < FOREMOST:
        return []
    ahead = {(c.article.id, c.sentence) for c in statements if c.score > best.score}
    allowed = AHEAD if best.similarity >= ALIKE else 0
    return [best] if len(ahead) <= allowed else []


def _of_the_role(question: Question, statements: list[Evidence], cast: Cast) -> list[Evidence]:
    """The best statement on the topic by somebody who is called much as the question describes
    the speaker ("the anti-government MPs"), where it names nobody.  A list of one, or of none."""
    if not question.role or question.closed:
        return []
    fit = [c for c in statements if c.score >= ABOUT and cast.fits(c, question.role) >= HALF]
    if question.addressees:  # the one who spoke to them about that is who was described
        fit += [c for c in statements if c.score >= ABOUT and cast.is_told(c, question.addressees)]
    return sorted(fit, key=merit)[:1]


def _spoken_first(question: Question) -> Callable[[Evidence], tuple[object, ...]]:
    """Words before what is only named; in the order found where no topic tells them apart."""
    if not (question.topic or question.words or question.context):
        return lambda e: ()

    def order(evidence: Evidence) -> tuple[object, ...]:
        named = evidence.quote is not None and evidence.quote.tier == "nominal"
        own = bool(question.act) and evidence.quote is not None and acts(evidence, question.act)
        return (-evidence.score + NOMINAL * (named and not own), *merit(evidence))

    return order


def _presupposes(question: Question) -> bool:
    """Whether a question takes for granted that somebody did what cannot be told by other
    words ("why did Reed criticise Falk"): then only that very act answers it."""
    return question.act in _DEEDS and bool(re.match(r"why\b", question.text, re.IGNORECASE))


_DEEDS = frozenset(
    """accuse agree apologise blame criticise deny oppose praise promise refuse thank
    threaten""".split()
)


def _about(question: Question, told: list[Evidence]) -> list[Evidence]:
    """Of the statements that fit by people, those about the topic, best first."""
    if question.topic or question.words:
        floor = ABOUT
        if question.closed:
            return [c for c in told if c.score >= ABOUT and c.overlap >= CONFIRMED]
        if question.addressees:
            floor = 0.0 if is_occasion(question.topic) else TOLD
        elif question.act:
            acted = [c for c in told if is_act(c, question.act)]
            about = [c for c in acted if c.score >= ABOUT - ACTED]
            fit = [c for c in told if c.score >= ABOUT]
            about = about or [c for c in fit if speaks_of(c, question.act)]
            return about if _presupposes(question) else about or fit
        elif question.follow_up:
            floor = 0.0 if question.since or question.until else TOLD
        elif is_occasion(question.topic):
            floor = BESIDE
        if (question.several and not question.role) or question.over_time:
            floor = BESIDE
        return [c for c in told if c.score >= floor]
    if question.act and question.act != "answer":
        acted = [c for c in told if is_act(c, question.act)]
        return sorted(acted or [c for c in told if speaks_of(c, question.act)], key=prominence)
    if question.follow_up and question.context:
        return told
    return sorted(told, key=prominence)
