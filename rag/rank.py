"""Candidates become evidence: slots decide who and to whom, the topic decides what.

When nothing is good enough the ranking says why, and what comes nearest.  A statement
under the wrong name, to the wrong person, or one that was never made, is not evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from index.folding import fold
from index.types import Mention
from rag.lang import asking
from rag.people import content_stems
from rag.types import Evidence, Question, Ranking, Reason

MOST = 4
"""Citations of an answer about one person."""

ABOUT = 0.42
"""Score below which a statement is not about the topic.  This and the next thresholds
were chosen on the development questions; `make eval` shows what they cost."""

TOLD = 0.12
"""The same where the addressee was asked for and fits: that leaves few to confuse."""

STATED = 0.1
"""What a stated addressee adds to the score."""

BESIDE = 0.3
"""The same for one of several people asked for together, when it is their best."""

WHOSE = 0.5
FACT = 0.5

BESIDE_BEST = 0.75
"""Share of the best score that a further statement needs to stand beside it."""

REMEMBERED = 88
"""Of 100, likeness of half-remembered words to a stretch of a statement."""

_DATE = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:jan|feb|march|april|may|june|july|aug"
    r"|sept?|oct|nov|dec)[a-z]*\.?\b|\b(?:today|yesterday|tonight|earlier|last|week|month|year"
    r"|morning|evening|ago)\b|\b\d{1,4}\b",
    re.IGNORECASE,
)


def rank(
    question: Question, candidates: Sequence[Evidence], person_of: Mapping[str, str]
) -> Ranking:
    """The evidence that answers the question, best first, or the reason for none."""
    if not candidates:
        return Ranking((), "not about that" if person_of else "no articles")
    people = _People(person_of)
    scored = [replace(c, score=_topic_score(c)) for c in candidates]
    scored.sort(key=lambda e: (-e.score, e.article.id, e.span, e.quote is None))
    rankers: dict[str, Callable[[Question, list[Evidence], _People], Ranking]] = {
        "said": _said,
        "who_said": _who_said,
        "according_to": _according_to,
        "when": _situation,
        "where": _situation,
        "to_whom": _to_whom,
        "fact": _fact,
    }
    return rankers[question.kind](question, scored, people)


def _topic_score(evidence: Evidence) -> float:
    """Both signals of topic in one figure from 0 to 1."""
    meaning = min(1.0, max(0.0, (evidence.similarity - 0.1) / 0.6))
    return 0.55 * evidence.overlap + 0.45 * meaning


class _People:
    """Who takes part in a quote, compared with who was asked for."""

    def __init__(self, person_of: Mapping[str, str]) -> None:
        self._person_of = person_of
        self._persons = set(person_of.values())

    def is_one_of(self, mention: Mention | None, wanted: Iterable[str]) -> bool:
        if mention is None or mention.name is None:
            return False
        person = self._person_of.get(mention.name, mention.name)
        return person in wanted

    def speaks(self, evidence: Evidence, wanted: Iterable[str]) -> bool:
        return evidence.quote is not None and self.is_one_of(evidence.quote.speaker, wanted)

    def is_told(self, evidence: Evidence, wanted: Iterable[str]) -> bool:
        """A wanted addressee by person, or by all the words of a description."""
        if evidence.quote is None:
            return False
        text = evidence.article.text
        return any(
            self.is_one_of(m, wanted) or any(self._described(m, text, w) for w in wanted)
            for m in evidence.quote.addressees
        )

    def _described(self, mention: Mention, text: str, wanted: str) -> bool:
        """Whether an addressee without a name fits a description ("the cabinet")."""
        if wanted in self._persons:
            return False
        asked, found = content_stems(wanted), content_stems(mention.span.slice(text))
        return bool(asked and found) and (asked <= found or found <= asked)


def _asserted(candidates: Iterable[Evidence]) -> list[Evidence]:
    return [c for c in candidates if c.quote is not None and c.quote.modality == "asserted"]


def _said(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """What the asked people said (to the asked ones, about the topic)."""
    refused = question.act == "refuse"
    statements = [c for c in candidates if c.quote] if refused else _asserted(candidates)
    if question.speakers:
        theirs = [c for c in statements if people.speaks(c, question.speakers)]
        if not theirs:
            return _nothing(question, candidates, people)
    else:
        theirs = [c for c in statements if c.score >= ABOUT]
    told = theirs
    if question.addressees:
        told = sorted(
            (_sooner(c) for c in theirs if people.is_told(c, question.addressees)),
            key=lambda c: -c.score,
        )
        if not told:
            near = [c for c in candidates if people.speaks(c, question.addressees)]
            return Ranking((), "never to that addressee", _nearest(theirs + near))
    acted = [c for c in told if question.act and c.quote and c.quote.act == question.act]
    told = acted or told
    if question.topic or question.words:
        about = [c for c in told if c.score >= (TOLD if acted else ABOUT)]
        for speaker in question.speakers if len(question.speakers) > 1 else ():
            if not any(people.speaks(c, (speaker,)) for c in about):
                their_own = (c for c in told if people.speaks(c, (speaker,)))
                about += [c for c in their_own if c.score >= BESIDE][:1]
        if not about and question.addressees:
            anything = 0.0 if _circumstance(question.topic) else TOLD
            about = [c for c in told if c.score >= anything]
        if not about:
            return Ranking((), "not about that", _nearest(told))
    else:
        about = sorted(told, key=_prominence)
    return Ranking(tuple(_per_speaker(question, about, people)))


def _sooner(evidence: Evidence) -> Evidence:
    """A statement whose addressee the article states counts for more than an inferred one."""
    quote = evidence.quote
    stated = quote is not None and any(a.basis != "inferred" for a in quote.addressees)
    return replace(evidence, score=evidence.score + STATED) if stated else evidence


def _circumstance(topic: str) -> bool:
    """Whether a topic only says on which occasion ("at the start of their talks")."""
    return bool(re.match(r"(?:at|in|during|after|before|when|while|on)\b", topic))


def _prominence(evidence: Evidence) -> tuple[object, ...]:
    """With no topic given: plain speech before mere naming, stated before inferred, in order."""
    quote = evidence.quote
    assert quote is not None
    inferred = bool(quote.addressees) and all(a.basis == "inferred" for a in quote.addressees)
    return (quote.tier != "speech", inferred, evidence.article.id, evidence.span)


def _per_speaker(question: Question, ranked: list[Evidence], people: _People) -> list[Evidence]:
    """The best of each asked speaker, without saying one statement twice."""
    groups = [[c for c in ranked if people.speaks(c, (s,))] for s in question.speakers] or [ranked]
    share = MOST if len(groups) == 1 else 2
    chosen: list[Evidence] = []
    for group in groups:
        best = max((c.score for c in group), default=0.0)
        floor = BESIDE_BEST * best if question.topic or question.words else 0.0
        chosen += _distinct(c for c in group if c.score >= floor)[:share]
    return chosen


def _distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Without statements that lie within, or read as, one that is already there."""
    kept: list[Evidence] = []
    for item in evidence:
        words = fold(item.span.slice(item.article.text))
        if not any(
            (k.article.id == item.article.id and k.span.overlaps(item.span))
            or fold(k.span.slice(k.article.text)) == words
            for k in kept
        ):
            kept.append(item)
    return kept


def _who_said(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """Whose words these are."""
    statements = _asserted(candidates)
    if question.speakers:
        statements = [c for c in statements if people.speaks(c, question.speakers)]
    if question.words and len(question.words.split()) > 1:
        wanted = fold(question.words).strip(" .,;:!?'\"")
        exact = [c for c in statements if wanted in fold(_content(c))]
        likeness = {id(c): fuzz.partial_ratio(wanted, fold(_content(c))) for c in statements}
        near = sorted(statements, key=lambda c: -likeness[id(c)])
        close = [c for c in near if likeness[id(c)] >= REMEMBERED and len(wanted) > 12]
        if exact or close:
            return Ranking(tuple(_distinct(_shortest_first(exact) or close)[:1]))
        if not question.topic:
            return Ranking((), "words not found", _nearest(statements))
    found = [c for c in statements if c.score >= WHOSE]
    if question.act:
        found.sort(key=lambda c: c.quote is not None and c.quote.act != question.act)
    if not found:
        return Ranking((), "words not found", _nearest(statements))
    return Ranking(tuple(_distinct(found)[:1]))


def _content(evidence: Evidence) -> str:
    assert evidence.quote is not None
    return " ".join(s.slice(evidence.article.text) for s in evidence.quote.content)


def _shortest_first(evidence: list[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda c: (len(c.span), c.article.id, c.span))


def _according_to(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """Who passed the words on: statements with a chain come first."""
    found = [c for c in _asserted(candidates) if c.score >= ABOUT]
    if question.speakers:
        own = [c for c in found if people.speaks(c, question.speakers)]
        found = own or found
    if not found:
        return Ranking((), "words not found", _nearest(_asserted(candidates)))
    found.sort(key=lambda c: -c.score - (0.2 if c.quote and c.quote.chain else 0.0))
    return Ranking(tuple(_distinct(found)[:1]))


def _situation(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """When or where: the best sentence, one that names a time or place before others."""

    def worth(evidence: Evidence) -> float:
        sentence = evidence.sentence.slice(evidence.article.text)
        stated = bool(_DATE.search(sentence)) if question.kind == "when" else " in " in sentence
        return evidence.score + 0.1 * stated

    cast = (*question.speakers, *question.addressees)
    found = [
        c
        for c in candidates
        if c.score >= FACT and _not_denied(c) and (not cast or _concerns(c, cast))
    ]
    if not found:
        return Ranking((), "not about that", _nearest(candidates))
    found.sort(key=lambda c: -worth(c))
    return Ranking(tuple(_distinct(_with_speaker(c, candidates) for c in found)[:1]))


def _concerns(evidence: Evidence, names: Iterable[str]) -> bool:
    """Whether a sentence names, by any word of a name, one of these people."""
    found = content_stems(evidence.sentence.slice(evidence.article.text))
    return any(content_stems(name) & found for name in names)


def _to_whom(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """To whom somebody spoke: statements with an addressee, else the sentence that tells."""
    theirs = [c for c in candidates if people.speaks(c, question.speakers)]
    told = [
        c
        for c in _asserted(theirs)
        if c.quote is not None and c.quote.addressees and (not question.topic or c.score >= WHOSE)
    ]
    sentence = _fact(question, candidates, people)
    if sentence.evidence and (not told or sentence.evidence[0].score > told[0].score):
        return sentence
    if told:
        return Ranking(tuple(_distinct(told)[:2]))
    if not theirs:
        return _nothing(question, candidates, people)
    return Ranking((), "not about that", _nearest(theirs))


def _fact(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """The sentence that says it, whoever does."""
    found = [c for c in candidates if c.score >= FACT and _not_denied(c)]
    if not found:
        asked = fold(question.text).split(" ")[0] in asking("en").asker_words
        reason: Reason = "not about that" if asked else "question not understood"
        return Ranking((), reason, _nearest(candidates))
    return Ranking(tuple(_distinct(_with_speaker(c, candidates) for c in found)[:1]))


def _not_denied(evidence: Evidence) -> bool:
    return evidence.quote is None or evidence.quote.modality == "asserted"


def _with_speaker(evidence: Evidence, candidates: list[Evidence]) -> Evidence:
    """The whole sentence, under the name of whoever makes the statement in it."""
    if evidence.quote is None:
        inside = [c for c in _asserted(candidates) if c.span in evidence.span]
        best = max(inside, key=lambda c: len(c.span), default=None)
        quote = best.quote if best and 2 * len(best.span) > len(evidence.span) else None
        evidence = replace(evidence, quote=quote)
    return replace(evidence, span=evidence.sentence)


def _nothing(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """Why the asked people have no statement."""
    known = [s for s in question.speakers if s not in question.unknown]
    reason: Reason = "never quoted" if known else "person not in the corpus"
    told = [c for c in _asserted(candidates) if people.is_told(c, question.speakers)]
    return Ranking((), reason, _nearest(told or _asserted(candidates)))


def _nearest(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(_distinct(e for e in evidence if e.quote is not None)[:3])
