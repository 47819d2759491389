"""A citation as what a sentence about it is held against: its words and its participants."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from index.types import Mention
from rag.lang.prose import NEGATIONS
from rag.people import content_stems, words
from rag.types import Citation

LONGEST_PASSAGE = 1500
"""Characters of one passage that are sent; a quotation is never cut in two by that."""


def negated(text: str) -> bool:
    """Whether a text has a word of negation."""
    plain = text.casefold().replace("’", "'")
    return "n't" in plain or bool(NEGATIONS & set(words(plain)))


@dataclass(frozen=True, slots=True)
class Record:
    """The folded words of a citation, and who is who in it, each by the words they go by.

    vocabulary   all words of the passage, its participants, outlet and date
    stems        of the words with a meaning among them
    speakers     who said it, one or several
    addressees   whom it was said to
    relayers     who passed it on: the chain, and the outlet
    negated      whether the words themselves are negated; ``passage_negated``, what is around
    """

    citation: Citation
    passage: str
    vocabulary: frozenset[str]
    stems: frozenset[str]
    speakers: tuple[frozenset[str], ...]
    addressees: tuple[frozenset[str], ...]
    relayers: tuple[frozenset[str], ...]
    negated: bool
    passage_negated: bool

    @classmethod
    def of(cls, citation: Citation) -> Record:
        """The record of one citation."""
        quote, text, source = citation.quote, citation.article.text, citation.source
        passage = citation.sentence if quote in citation.sentence else quote
        if len(passage) > LONGEST_PASSAGE:
            passage = quote[:LONGEST_PASSAGE]
        together = (source.speaker, *source.co_speakers) if source else ()
        speakers = _participants(
            filter(None, (citation.speaker, *citation.co_speakers)), together, text
        )
        addressees = _participants(citation.addressees, source.addressees if source else (), text)
        chain = _participants(citation.chain, source.chain if source else (), text)
        outlet = frozenset(words(citation.article.outlet))
        everybody = frozenset().union(*speakers, *addressees, *chain, outlet)
        said = frozenset(words(f"{passage} {quote}")) | everybody
        return cls(
            citation=citation,
            passage=passage,
            vocabulary=said | _dated(citation.article.published),
            stems=content_stems(f"{passage} {quote}"),
            speakers=speakers,
            addressees=addressees,
            relayers=(*chain, *filter(None, (outlet,))),
            negated=negated(quote),
            passage_negated=negated(f"{passage} {quote}"),
        )


def _participants(
    names: Iterable[str], mentions: Iterable[Mention | None], text: str
) -> tuple[frozenset[str], ...]:
    """The words that each participant goes by: the name of the index, and the article's.

    Names and mentions come in one order where there is a name for each; where there is not,
    a participant goes by the words of the article alone.
    """
    called = [frozenset(words(name)) for name in names]
    written = [frozenset(words(m.span.slice(text))) for m in mentions if m]
    if len(called) == len(written):
        return tuple(a | b for a, b in zip(called, written, strict=True))
    return (*called, *written)


def _dated(published: str) -> frozenset[str]:
    """The words of a date, however it is put."""
    try:
        day = datetime.date.fromisoformat(published[:10])
    except ValueError:
        return frozenset(words(published))
    return frozenset(words(f"{published[:10]} {day:%Y %B %b %A %d} {day.day} {day.month}"))
