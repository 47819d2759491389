"""A draft becomes an answer; what cannot be verified never leaves.

Every citation is sliced once more from the stored article, and whatever the text puts
inside quotation marks has to be a whole quotation of an article that it cites.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from index.attribution.quotation_marks import quotations
from index.catalog import Catalog
from index.errors import CitationError
from index.types import Mention
from rag.types import Answer, Citation, Draft, Evidence, Findings, Ranking, Reason

_ENDS = ".,;:!?"
"""Marks with which a quotation may end in a sentence of its article, and not in another."""

_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]?|”")


def verify(draft: Draft, catalog: Catalog) -> Answer:
    """The answer that a draft makes, its citations read again from the catalog.

    Raises CitationError if the draft does not read as the articles do: with citations
    sliced by code that is a defect, never a matter of luck.
    """
    found = findings(draft.ranking, catalog)
    _check(draft.text, found)
    return Answer(
        question=draft.question.text,
        text=draft.text,
        status="answered" if found.citations else "no_answer",
        reason=found.reason,
        interpretation=draft.question,
        citations=found.citations,
        near_misses=found.near_misses,
    )


def findings(ranking: Ranking, catalog: Catalog) -> Findings:
    """What a ranking will be cited by, read again from the catalog and compared with it."""
    citations, near = (
        tuple(citation_of(number, item, catalog) for number, item in enumerate(items, 1))
        for items in (ranking.evidence, ranking.near)
    )
    for citation in (*citations, *near):
        read = citation.article.text[citation.start : citation.end]
        if read != citation.quote:
            raise CitationError(
                f"{citation.article.id} [{citation.start}, {citation.end}) reads {read!r}, "
                f"cited {citation.quote!r}"
            )
    reason: Reason = "" if citations else (ranking.reason or "question not understood")
    return Findings(citations, near, reason)


def citation_of(number: int, evidence: Evidence, catalog: Catalog) -> Citation:
    """Evidence as it is shown: read again from the catalog, everybody by their one name."""
    article = catalog.article(evidence.article.id)
    quote = evidence.quote
    return Citation(
        number=number,
        article=article,
        start=evidence.span.start,
        end=evidence.span.end,
        quote=evidence.span.slice(article.text),
        sentence=evidence.sentence.slice(article.text),
        speaker=(_name(quote.speaker, catalog.person_of) if quote else evidence.speaker or None),
        co_speakers=_names(quote.co_speakers, catalog.person_of) if quote else (),
        addressees=_names(quote.addressees, catalog.person_of) if quote else (),
        cue=quote.cue.slice(article.text) if quote and quote.cue else None,
        kind=quote.kind if quote else None,
        chain=_names(quote.chain, catalog.person_of) if quote else (),
        attribution=(quote.attribution if quote else "inferred" if evidence.speaker else "unknown"),
        copies=evidence.copies,
        source=quote,
    )


def _name(mention: Mention | None, person_of: Mapping[str, str]) -> str | None:
    if mention is None or mention.name is None:
        return None
    return person_of.get(mention.name, mention.name)


def _names(mentions: tuple[Mention, ...], person_of: Mapping[str, str]) -> tuple[str, ...]:
    found = (_name(mention, person_of) for mention in mentions)
    return tuple(name for name in found if name)


def _check(prose: str, found: Findings) -> None:
    """Raise CitationError if quotation marks in the prose hold anything but whole
    quotations of the cited articles: no part of one, and nothing put together of two."""
    if not found.citations:
        return
    left = prose
    for piece in sorted(_pieces(found.citations), key=len, reverse=True):
        left = left.replace(piece, " ")
    if altered := _QUOTED.search(left):
        raise CitationError(
            f"the answer quotes {altered[0]!r}, which is no whole quotation of a cited article"
        )


def _pieces(citations: Sequence[Citation]) -> set[str]:
    """All that may stand in an answer with quotation marks in or around it, as it stands."""
    pieces: set[str] = set()
    for citation in citations:
        text, source = citation.article.text, citation.source
        own = [citation.quote, *(s.slice(text) for s in (source.content if source else ()))]
        mentions = (source.speaker, *source.co_speakers, *source.addressees) if source else ()
        called = [m.span.slice(text) for m in (*mentions, *(source.chain if source else ())) if m]
        names = [m.name for m in mentions if m and m.name]
        pieces |= {*own, *called, *names, *citation.co_speakers, citation.article.outlet}
        whole = quotations(text)
        pieces |= {quotation.span.slice(text) for quotation in whole}
        for words in {quotation.inner.slice(text).strip(_ENDS) for quotation in whole}:
            pieces |= {f"{a}{words}{end}{z}" for a, z in ("“”", '""') for end in ("", *_ENDS)}
    return {p for piece in pieces for p in (piece.strip(), piece.strip().rstrip(_ENDS)) if p}
