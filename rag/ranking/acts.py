"""Whether a statement does what was asked for: promises, refuses, agrees ..."""

from __future__ import annotations

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


def acts_named(text: str) -> set[str]:
    """Return the acts that the reporting verbs of a text name."""
    forms, act_of = reporting_forms("en"), language("en").verb_acts
    return {act_of[forms[word]] for word in words(text) if forms.get(word) in act_of}
