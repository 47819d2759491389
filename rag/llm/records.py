"""A citation as what a sentence about it is held against: its words and its participants."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.types import Mention
from rag.lang import asking, negations, wording
from rag.people import content_stems, words
from rag.types import Citation

LONGEST_SENT = 1500
"""Characters of one statement that are sent."""


@dataclass(frozen=True, slots=True)
class Record:
    """The folded words of a citation, and who is who in it, each by the words they go by.

    sent         what a model gets of it: the words, or the sentence where nobody says them
    passage      the sentences that carry the words, by which a model's are checked
    vocabulary   all words of the passage, its participants and outlet; not the day of
                 publication, which would pass for that of anything
    stems        of the words with a meaning among them
    speakers     who said it, one or several
    addressees   whom it was said to
    relayers     who passed it on: the chain, and the outlet
    names        words of the passage that stand there with a capital only
    negations    how many of the words themselves are negations
    """

    citation: Citation
    sent: str
    passage: str
    vocabulary: frozenset[str]
    stems: frozenset[str]
    speakers: tuple[frozenset[str], ...]
    addressees: tuple[frozenset[str], ...]
    relayers: tuple[frozenset[str], ...]
    names: frozenset[str]
    negations: int

    @classmethod
    def of(cls, citation: Citation) -> Record:
        """Return the record of one citation."""
        quote, text, source = citation.quote, citation.article.text, citation.source
        passage = citation.sentence if quote in citation.sentence else quote
        together = (source.speaker, *source.co_speakers) if source else ()
        speakers = _participant_words(
            filter(None, (citation.speaker, *citation.co_speakers)), together, text
        )
        addressees = _participant_words(
            citation.addressees, source.addressees if source else (), text
        )
        chain = _participant_words(citation.chain, source.chain if source else (), text)
        outlet = frozenset(words(citation.article.outlet))
        everybody = frozenset().union(*speakers, *addressees, *chain, outlet)
        said = frozenset(words(f"{passage} {quote}")) | everybody
        return cls(
            citation=citation,
            sent=(quote if citation.speaker else passage)[:LONGEST_SENT],
            passage=passage,
            vocabulary=said,
            stems=content_stems(f"{passage} {quote}"),
            speakers=speakers,
            addressees=addressees,
            relayers=(*chain, *filter(None, (outlet,))),
            names=_capitalised_words(passage),
            negations=negations(_stated_words(citation), wording().negative_words),
        )


def _stated_words(citation: Citation) -> str:
    """Return the words of a statement, without those of its sentence that only lead up to them."""
    if citation.source is None:
        return citation.quote
    return " ".join(span.slice(citation.article.text) for span in citation.source.content)


def _capitalised_words(passage: str) -> frozenset[str]:
    """Return the words that are written with a capital wherever they stand, but for the first."""
    written = re.findall(r"[^\W\d_]+", passage)
    capital = {words(w)[0] for w in written[1:] if w[0].isupper() and words(w)}
    small = {words(w)[0] for w in written if w[0].islower() and words(w)}
    return frozenset(capital - small - asking().stop_words)


def _participant_words(
    names: Iterable[str], mentions: Iterable[Mention | None], text: str
) -> tuple[frozenset[str], ...]:
    """Return the words that each participant goes by: the name of the index, and the article's.

    Names and mentions come in one order where there is a name for each; where there is not,
    a participant goes by the words of the article alone.
    """
    called = [frozenset(words(name)) for name in names]
    written = [frozenset(words(m.span.slice(text))) for m in mentions if m]
    if len(called) == len(written):
        return tuple(a | b for a, b in zip(called, written, strict=True))
    return (*called, *written)
