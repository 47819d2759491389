"""A plain question or bare key words: the sentence that says it, whoever does."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.lang import asking
from rag.people import content_stems, words
from rag.ranking.cast import Cast, concerns
from rag.ranking.refusal import nearest
from rag.ranking.scoring import merit
from rag.ranking.statements import not_denied
from rag.ranking.thresholds import FACT, FIGURE, KEYWORDS, THEIRS, WORDS
from rag.ranking.unquoted import with_speaker
from rag.types import Evidence, Question, Ranking, Reason

_NEGATION = re.compile(r"\b(?:not|never|no|nobody|neither|cannot)\b|n['’]t\b", re.IGNORECASE)
_FIGURE_ASKED = re.compile(
    r"\bhow\s+(?:many|much|long|old|far|big|large|high|often|tall|wide|deep)\b|\bwhat\s+(?:share|number"
    r"|percentage|proportion|price|age|year)\b",
    re.IGNORECASE,
)


def fact(question: Question, candidates: list[Evidence], cast: Cast) -> Ranking:
    """The sentence that says it, whoever does."""
    asked = bool(set(words(question.text)[:4]) & set(asking("en").asker_words))
    if _FIGURE_ASKED.search(question.text):
        candidates = sorted((_with_figure(c) for c in candidates), key=merit)
    if question.speakers:
        candidates = sorted((_of_theirs(c, question, cast) for c in candidates), key=merit)
    denied = [c for c in candidates if not not_denied(c) and _asks_for(c, question)]
    found = [c for c in candidates if c.score >= FACT and (asked or c.overlap >= KEYWORDS)]
    if _NEGATION.search(question.text):  # "who does not believe it": not whoever does
        found = [c for c in found if _NEGATION.search(c.sentence.slice(c.article.text))]
    found.sort(
        key=lambda c: (
            concerns(c, question.excluded),
            -c.overlap * WORDS - c.score * (1 - WORDS),
            *merit(c),
        )
    )
    if not found or any(
        d.article.id == found[0].article.id and d.sentence.overlaps(found[0].sentence)
        for d in denied
    ):
        reason: Reason = "not about that" if asked else "question not understood"
        return Ranking((), reason, nearest(candidates))
    return Ranking((with_speaker(found[0], candidates, cast, question),))


def _with_figure(evidence: Evidence) -> Evidence:
    """A sentence with a figure counts for more where a figure is asked for."""
    figure = re.search(r"\d", evidence.sentence.slice(evidence.article.text))
    return replace(evidence, score=evidence.score + FIGURE) if figure else evidence


def _of_theirs(evidence: Evidence, question: Question, cast: Cast) -> Evidence:
    """A sentence in which the people asked about speak counts for more, one without them less."""
    if cast.speaks(evidence, question.speakers):
        return replace(evidence, score=evidence.score + THEIRS)
    names = [name for person in question.speakers for name in cast.names(person)]
    return (
        evidence if concerns(evidence, names) else replace(evidence, score=evidence.score - THEIRS)
    )


def _asks_for(evidence: Evidence, question: Question) -> bool:
    """Whether the question asks for the very act that a sentence says was not done."""
    quote, text = evidence.quote, evidence.article.text
    cue = content_stems(quote.cue.slice(text)) if quote and quote.cue else frozenset()
    return bool(cue & content_stems(question.text))
