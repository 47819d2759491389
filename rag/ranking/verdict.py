"""Yes or no to a question that asks for it ("Did A say that ...?"), only where that is sure.

Sure means: the asked person speaks for certain, to whom it was asked, and all words of the
topic stand in the statement, in their order and in one clause.  What remains open, such as a
"may" or an "if" that only one of the two has, is left to whoever reads the statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.lang import negations
from rag.people import content_stems, stem, words
from rag.ranking.acts import is_act
from rag.ranking.participants import KnownPeople
from rag.ranking.statements import content
from rag.types import Evidence, Question, YesOrNo

MIN_TOPIC_SHARE = 0.999
"""Smallest share of the weight of the topic's words that a statement's sentences must have; just
below 1, for rounding."""

MAX_WORDS_BETWEEN = 2
"""Largest number of other content words between those of the topic."""

SAYING = frozenset("say answer announce claim complain predict agree admit promise warn".split())
"""Acts that assert their content; asking, proposing and demanding do not assert."""

_MODALS = {
    **dict.fromkeys(("will", "would", "shall", "ll"), "will"),
    **dict.fromkeys(("can", "could"), "can"),
    **dict.fromkeys(("may", "might", "perhaps", "maybe", "possibly"), "may"),
    **{word: word for word in ("should", "must", "if", "unless", "whether", "only", "almost")},
}
"""Words that make another claim, with those that stand for the same in reported speech."""

_LIMITS = frozenset("before until till yet all every always necessarily just".split())
"""Words behind a "not" that leave open what is denied ("not before March", "not all")."""

_CLAUSES = re.compile(r"[.!?;:—]|,\s*(?=(?:and|but|or|while|though|because)\b)")
_ENDS_IN_ABOUT = re.compile(r"\b(?:about|of|on|regarding|concerning|anything|something)\s*$")


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a statement that has all words of a topic in their order, with the stretch
    from the first of them to the last."""

    text: str
    stretch: str


def verdict(
    question: Question, best: Evidence, others: Sequence[Evidence], people: KnownPeople
) -> YesOrNo:
    """Return yes or no by the best candidate; "" where it is not sure, or another candidate says
    the reverse."""
    found = _yes_or_no(question, best, people)
    against: YesOrNo = "no" if found == "yes" else "yes"
    if found and any(_yes_or_no(question, other, people) == against for other in others):
        return ""
    return found


def _yes_or_no(question: Question, item: Evidence, people: KnownPeople) -> YesOrNo:
    stated = question.closed and question.kind == "said" and len(question.speakers) == 1
    if not (stated and question.topic and question.topic in question.text):
        return ""
    before = question.text.partition(question.topic)[0]
    if negations(before):
        return ""
    if not _is_meant(question, item, people):
        return ""
    clause = _clause(question.topic, content(item)) if item.quote else None
    if clause is None:
        return ""
    if _ENDS_IN_ABOUT.search(before.casefold()):  # it was spoken of, whatever was said
        return "yes"
    return _agreed(question, item, clause)


def _is_meant(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether the asked person speaks for certain, to the asked one, and as it was asked."""
    quote = item.quote
    if quote is None or quote.attribution == "inferred" or quote.modality != "asserted":
        return False
    if question.role or item.inside < MIN_TOPIC_SHARE or not people.speaks(item, question.speakers):
        return False
    if question.addressees and not people.is_addressed(item, question.addressees, stated=True):
        return False
    if question.act:
        return is_act(item, question.act)
    return quote.act in SAYING | {"deny"}


def _clause(topic: str, said: str) -> _Clause | None:
    """Return the one clause of a statement that has the words of a topic in their order, if any."""
    telling = content_stems(topic)
    wanted = [s for s in map(stem, words(topic)) if s in telling]
    for text in _CLAUSES.split(said):
        own = words(text)
        places, at = list[int](), 0
        for n, word in enumerate(own):
            if at < len(wanted) and stem(word) == wanted[at]:
                places.append(n)
                at += 1
        if wanted and at == len(wanted):
            stretch = own[places[0] : places[-1] + 1]
            if len(content_stems(" ".join(stretch)) - telling) <= MAX_WORDS_BETWEEN:
                return _Clause(text, " ".join(stretch))
    return None


def _agreed(question: Question, item: Evidence, clause: _Clause) -> YesOrNo:
    """Return yes or no by what is negated, where topic and statement otherwise make one claim."""
    assert item.quote is not None
    own, asked = words(clause.text), words(question.topic)
    if _modals(own) != _modals(asked) or "?" in content(item):
        return ""
    mine, theirs = negations(clause.text), negations(question.topic)
    denied = item.quote.act == "deny" and not question.act
    if mine == theirs:
        return "no" if denied else "yes"
    inner = negations(clause.stretch) == mine and "," not in clause.text
    limited = _LIMITS & {*own, *asked}
    if denied or question.act or abs(mine - theirs) != 1 or not inner or limited:
        return ""
    return "no"


def _modals(found: Sequence[str]) -> set[str]:
    return {_MODALS[word] for word in found if word in _MODALS}
