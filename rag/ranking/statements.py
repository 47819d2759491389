"""Properties of one statement, and of two statements of one article."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from index.text.folding import fold
from index.types import Span
from rag.types import Evidence, Question


def asserted(candidates: Iterable[Evidence]) -> list[Evidence]:
    """Return the quotes among the candidates that are asserted: not negated, not hypothetical."""
    return [c for c in candidates if c.quote is not None and c.quote.modality == "asserted"]


def may_be_cited(evidence: Evidence) -> bool:
    """Return whether a candidate is a bare sentence or an asserted quote."""
    return evidence.quote is None or evidence.quote.modality == "asserted"


def content(evidence: Evidence) -> str:
    """Return the words of a statement, pieces of a quotation joined by spaces."""
    assert evidence.quote is not None
    return " ".join(s.slice(evidence.article.text) for s in evidence.quote.content)


def has_words(question: Question, evidence: Evidence) -> bool:
    """Return whether the words in quotation marks stand in a statement, or in a bare sentence, as
    they were asked."""
    asked, quote = without_marks(question.words), evidence.quote
    said = content(evidence) if quote else evidence.span.slice(evidence.article.text)
    return bool(asked) and asked in without_marks(said)


def is_whole_quotation(question: Question, evidence: Evidence) -> bool:
    """Return whether the words in quotation marks are all that was said in one quotation."""
    quote, asked = evidence.quote, without_marks(question.words)
    if not asked or quote is None or quote.kind == "indirect":
        return False
    pieces = (without_marks(s.slice(evidence.article.text)) for s in quote.content)
    return asked in pieces


def without_marks(words: str) -> str:
    """Return words folded, without the marks at their ends."""
    return fold(words).strip(" .,;:!?'\"“”‘’")


def same_speaker(a: Evidence, b: Evidence) -> bool:
    """Return whether two statements are by one person, known by name."""
    mine, theirs = a.quote and a.quote.speaker, b.quote and b.quote.speaker
    return bool(mine and theirs and mine.name and mine.name == theirs.name)


INTRODUCED = 80
"""Characters on either side of the first mention of a name that are taken for its introduction."""


def introduction_of(evidence: Evidence) -> Span | None:
    """Return the span around the first mention of the speaker's surname, where an article usually
    introduces somebody ("Transport Minister Ilse Maron"); None for a speaker without a name."""
    speaker = evidence.quote.speaker if evidence.quote else None
    last = speaker.name.split()[-1] if speaker and speaker.name else ""
    text = evidence.article.text
    at = _first_place(text, last) if last[:1].isupper() else -1
    return Span(max(0, at - INTRODUCED), min(len(text), at + INTRODUCED)) if at >= 0 else None


@functools.lru_cache(maxsize=4096)
def _first_place(text: str, word: str) -> int:
    """Return where a text has a word first, -1 if nowhere; each speaker is looked up once."""
    return text.find(word)


def introduction(evidence: Evidence) -> str:
    """Return the words with which the article introduces the one who speaks; empty without a
    name."""
    span = introduction_of(evidence)
    return span.slice(evidence.article.text) if span else ""
