"""When or where something was said: the sentence that tells the time or place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.people import words
from rag.ranking.cast import Cast, concerns, told_to
from rag.ranking.refusal import nearest
from rag.ranking.statements import asserted, not_denied, same_speaker
from rag.ranking.thresholds import ABOUT, ACTED, FACT, TOLD
from rag.ranking.unquoted import with_speaker
from rag.types import Evidence, Question, Ranking

_DATE = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:jan|feb|march|april|may|june|july|aug"
    r"|sept?|oct|nov|dec)[a-z]*\.?\b|\b(?:today|yesterday|tonight|earlier|last|week|month|year"
    r"|morning|evening|ago)\b|\b\d{1,4}\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|from|on|aboard|outside|near|before)\s+(?:the\s+|a\s+|an\s+|his\s+|her\s+)?(?:\w+\s+){0,3}?[A-Z]"
)


def situation(question: Question, candidates: list[Evidence], cast: Cast) -> Ranking:
    """When or where: the sentence that carries the statement, or one beside it that tells."""
    theirs = [c for c in asserted(candidates) if cast.speaks(c, question.speakers)]
    told = told_to(question, theirs, cast)
    about = [c for c in told if c.score >= (TOLD if question.addressees else ABOUT)]
    sentence = _best_sentence(question, candidates, cast)
    if about and not (sentence and sentence[0].score > about[0].score + ACTED):
        return Ranking((_telling(question, about[0], [*theirs, *candidates]),))
    if sentence:
        return Ranking(sentence)
    return Ranking((), "not about that", nearest(theirs or candidates))


def circumstances(
    question: Question, candidates: list[Evidence], context: Sequence[Evidence]
) -> Ranking:
    """When, where, according to whom "that" was: the evidence of the answer before, whole."""
    best = context[0]
    if question.kind == "according_to":
        return Ranking((best,))
    return Ranking((_telling(question, best, candidates),))


def _telling(question: Question, best: Evidence, others: Sequence[Evidence]) -> Evidence:
    """The whole sentence of a statement if it tells when or where, else the nearest that does."""
    beside = sorted(
        (o for o in others if o.article.id == best.article.id),
        key=lambda o: (abs(o.span.start - best.span.start), o.span),
    )
    asked = (*question.speakers, *question.addressees)
    for item in (best, *beside):
        if same_speaker(item, best) and _tells(question, item):
            return replace(item, span=item.sentence)
    for item in beside:
        sentence = item.span.slice(item.article.text)
        told = (_DATE if question.kind == "when" else _PLACE).search(sentence)
        if item.quote is None and told and len(asked) > 1 and _names_all(sentence, asked):
            return item
    return replace(best, span=best.sentence)


def _names_all(sentence: str, names: Sequence[str]) -> bool:
    found = set(words(sentence))
    return all(words(name)[-1:] and words(name)[-1] in found for name in names)


def _tells(question: Question, evidence: Evidence) -> bool:
    """Whether the words around a statement name a time, or a place."""
    quote, text = evidence.quote, evidence.article.text
    if quote is None:
        return False
    if quote.time if question.kind == "when" else quote.place:
        return True
    around = text[evidence.sentence.start : evidence.sentence.end]
    for piece in quote.content:
        around = around.replace(piece.slice(text), " ")
    return bool((_DATE if question.kind == "when" else _PLACE).search(around))


def _best_sentence(
    question: Question, candidates: list[Evidence], cast: Cast
) -> tuple[Evidence, ...]:
    """The best sentence on the topic, one that names a time or place before others."""

    def worth(evidence: Evidence) -> float:
        sentence = evidence.sentence.slice(evidence.article.text)
        stated = bool(_DATE.search(sentence)) if question.kind == "when" else " in " in sentence
        return evidence.score + 0.1 * stated

    asked = (*question.speakers, *question.addressees)
    found = [
        c
        for c in candidates
        if c.score >= FACT and not_denied(c) and (not asked or concerns(c, asked))
    ]
    found.sort(key=lambda c: -worth(c))
    return tuple(with_speaker(c, candidates, cast, question) for c in found[:1])
