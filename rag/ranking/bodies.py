"""Where a country, a city or an institution stands, as a bare sentence tells it.

"Velland lends its support to the plan" is nobody's words, and no statement is taken from it.  It
answers what Velland wants, or thinks of the plan, where nothing else does.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from rag.lang import asking, regular_forms, reporting_forms
from rag.people import content_stems, words
from rag.ranking.bare_sentences import unquoted
from rag.ranking.choice import distinct, in_listing_order
from rag.ranking.participants import KnownPeople, names_body
from rag.types import Evidence, Question

MAX_POSITIONS = 3
"""Sentences that are shown at most."""


def positions(
    question: Question, candidates: Sequence[Evidence], known: KnownPeople
) -> list[Evidence]:
    """Return the bare sentences in which an asked body takes a position on the whole topic, in
    the order of the articles."""
    if question.kind != "said" or question.addressees or question.words or question.closed:
        return []
    bodies = [
        name for w in question.speakers if _is_asked_body(w, known) for name in known.names(w)
    ]
    topic = content_stems(question.topic)
    found = (
        c
        for c in candidates
        if c.quote is None
        and not c.vetoed
        and topic <= content_stems(c.sentence.slice(c.article.text))
        and any(_takes_position(c.sentence.slice(c.article.text), body) for body in bodies)
    )
    return distinct(in_listing_order(found))[:MAX_POSITIONS]


def _is_asked_body(name: str, known: KnownPeople) -> bool:
    """Return whether a name is that of a country, a place or an institution: it is known as one,
    or has but one word, as no full name of a person has."""
    alone = len(words(name)) == 1 and all(len(words(other)) == 1 for other in known.names(name))
    return name[:1].isupper() and (names_body(name) or alone)


def _takes_position(sentence: str, body: str) -> bool:
    """Return whether a body is the subject of a verb of its position at the head of a sentence."""
    plain = unquoted(sentence)
    subject = rf"^(?:Both |The )?(?:[A-Z][\w’'-]* and )?{re.escape(body)}(?: and [A-Z][\w’'-]*)?"
    return bool(re.search(rf"{subject} {_position()}", plain))


@functools.cache
def _position() -> str:
    """Return the pattern of a verb that tells what somebody wants or thinks, and of what may stand
    before it."""
    asks = asking()
    verbs = {*asks.position_verbs, *asks.wishing_verbs}
    forms = {*reporting_forms(), *(f for verb in verbs for f in regular_forms(verb))}
    before = rf"(?:(?:has|have|had|is|are|was|were|been|{asks.adverbs}|\w+ly) ){{0,3}}"
    either = "|".join(sorted(map(re.escape, forms)))
    nouns = "|".join(sorted(asks.position_nouns))
    return rf"{before}(?:(?:{either})\b|{asks.light_verbs} (?:[\w-]+ ){{0,4}}(?:{nouns})\b)"
