"""What can never answer a question, however well its words fit.

A veto is for what is certain: another speaker, another addressee, the reverse direction, a
statement that was not made, a question.  Whatever is unsure is left to the judge.
"""

from __future__ import annotations

from collections.abc import Callable

from rapidfuzz import fuzz

from index.lang import language
from index.text.folding import fold, words
from rag.lang import asking
from rag.ranking.participants import KnownPeople, has_name, is_about
from rag.ranking.statements import has_words, may_be_cited
from rag.types import Evidence, Question

Veto = Callable[[Question, Evidence, KnownPeople], bool]


def not_asserted(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether an article says that a statement was not made, or only might be.

    Not for a question about refusals: those are negated statements.
    """
    return not may_be_cited(item) and question.act != "refuse"


def another_speaker(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether somebody speaks who is certainly not asked for: "what did A say?", and B says
    it.

    The asked speaker may also have passed the words on, or be a body for which somebody speaks.
    Who is only described ("the president of Velland") may be somebody else than was found:
    nobody is ruled out by that.  Where it is asked whether somebody said certain words, whoever
    did say them is no wrong answer.
    """
    quote = item.quote
    if not question.speakers or quote is None or question.role:
        return False
    if question.mutual:
        return not people.speaks(item, question.speakers)
    if question.kind in ("fact", "according_to"):
        return False
    if people.speaks(item, question.speakers) or people.speaks_for(item, question.speakers):
        return False
    if _has_asked_words(question, item):
        return False
    return not any(people.is_one_of(m, question.speakers) for m in quote.chain)


def _has_asked_words(question: Question, item: Evidence) -> bool:
    """Return whether it is asked if somebody said certain words, enough of them to be nobody
    else's, and these are they."""
    several = len(question.words.split()) >= MIN_OWN_WORDS
    return question.closed and several and has_words(question, item)


def another_office(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether somebody is asked for by an office ("the governor", "Velland's king") or by
    a country alone, and one speaks to whom the article gives neither."""
    quote = item.quote
    if quote is None or question.kind != "said" or question.speakers or not question.role:
        return False
    own = words(question.role)
    office = [w for w in own if w in language().titles]
    country = " ".join(w for w in own if w != "the") in asking().kin
    held = country or (bool(office) and own[-1] == office[-1])
    named = quote.speaker is not None and has_name(quote.speaker)
    return held and named and not people.holds(item, question.role if country else " ".join(office))


def another_addressee(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether a statement is made to somebody who is certainly not asked for."""
    quote = item.quote
    if quote is None or not quote.addressees or question.kind in ("fact", "to_whom"):
        return False
    wanted = question.speakers if question.mutual else question.addressees
    if not wanted or people.is_addressed(item, wanted):
        return False
    return all(has_name(m) for m in quote.addressees if m.basis != "inferred") and any(
        m.basis != "inferred" for m in quote.addressees
    )


def reversed_direction(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether the asked addressee is the one who speaks: "what did A tell B?", and B tells
    A."""
    if item.quote is None or not question.addressees or question.mutual:
        return False
    if question.speakers and people.speaks(item, question.speakers):
        return False
    return people.speaks(item, question.addressees)


def excluded(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether a statement is by somebody who is not meant ("apart from X")."""
    return bool(question.excluded) and people.speaks(item, question.excluded)


def about_another(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether the topic is nothing but a name, and a statement is not about that person."""
    return (
        question.kind == "said"
        and item.quote is not None
        and people.is_name(question.topic)
        and not is_about(item, question.topic, people)
    )


MIN_OWN_WORDS = 4
"""Words in quotation marks, at least, that are certainly those of whoever said them."""

MIN_QUOTE_LIKENESS = 80
"""Smallest likeness, of 100, of the words in quotation marks to a stretch of a statement that they
may mean (`rapidfuzz.fuzz.partial_ratio`)."""


def other_words(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether it is asked who said certain words, or whether somebody did, and these are
    others."""
    asked = question.kind == "who_said" or (question.kind == "said" and question.closed)
    if not asked or question.topic or len(question.words.split()) < 2:
        return False
    own = fold(item.span.slice(item.article.text))
    return fuzz.partial_ratio(fold(question.words), own) < MIN_QUOTE_LIKENESS


def only_asked(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether an article only asks ("Did A say that it rains?"): this tells nothing, however
    well it repeats the question.

    A question inside quotation marks is somebody's, and is told.
    """
    if item.quote is not None and item.quote.kind != "indirect":
        return False
    return item.sentence.slice(item.article.text).rstrip().endswith("?")


OF_STATEMENTS: tuple[Veto, ...] = (
    not_asserted,
    another_speaker,
    another_office,
    another_addressee,
    reversed_direction,
    excluded,
    about_another,
)
"""Vetoes that hold for no bare sentence, of which nobody knows who speaks."""

OF_ALL: tuple[Veto, ...] = (other_words, only_asked)

VETOES = (*OF_STATEMENTS, *OF_ALL)


def vetoed(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether any veto holds for a candidate."""
    for veto in OF_ALL if item.quote is None else VETOES:  # noqa: SIM110 - a third of the time
        if veto(question, item, people):
            return True
    return False
