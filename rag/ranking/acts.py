"""Whether a statement does what was asked for: promises, refuses, agrees ..."""

from __future__ import annotations

import re

from index.lang import language
from rag.lang import reporting_forms
from rag.people import words
from rag.types import Evidence


def is_act(evidence: Evidence, act: str) -> bool:
    """Return whether the index knows a statement for such an act; to refuse is to say nothing."""
    quote = evidence.quote
    negated = act == "refuse" and quote is not None and quote.modality == "negated"
    return negated or (quote is not None and quote.act == act)


def acts(evidence: Evidence, act: str) -> bool:
    """Return whether a statement is, or begins by naming, such an act ("said he agreed")."""
    assert evidence.quote is not None
    if is_act(evidence, act):
        return True
    first = words(evidence.quote.content[0].slice(evidence.article.text))[:4]
    return act in acts_named(" ".join(first))


def speaks_of(evidence: Evidence, act: str) -> bool:
    """Return whether a statement or its sentence names such an act ("I make you this promise")."""
    return act in acts_named(evidence.sentence.slice(evidence.article.text)) or (
        act in acts_named(evidence.span.slice(evidence.article.text))
    )


_LEAD_CHARACTERS = 80
"""Characters before a quotation in which its act may be named ("Reed denied it.  “...”")."""

_CUE_OF_PRONOUN = re.compile(
    r"\b(?P<cue>\w+) (?:it|this|that|them|the (?:charge|claim|report)s?)\.\s*$"
)


def is_led_up_to(evidence: Evidence, act: str) -> bool:
    """Return whether the sentence before a quotation says that its speaker does such an act, and
    leaves to the quotation what is said: "Reed denied it.  “I was abroad,” he said."."""
    quote, text = evidence.quote, evidence.article.text
    if quote is None or quote.kind == "indirect" or not quote.speaker or not quote.speaker.name:
        return False
    before = text[max(0, evidence.sentence.start - _LEAD_CHARACTERS) : evidence.sentence.start]
    before = before.rpartition("\n")[2]
    told = _CUE_OF_PRONOUN.search(before)
    surname = quote.speaker.name.split()[-1]
    return told is not None and surname in before and act in acts_named(told["cue"])


def acts_named(text: str) -> set[str]:
    """Return the acts that the reporting verbs of a text name."""
    forms, act_of = reporting_forms(), language().verb_acts
    return {act_of[forms[word]] for word in words(text) if forms.get(word) in act_of}
