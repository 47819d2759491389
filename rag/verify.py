"""A draft becomes an answer; what cannot be verified never leaves.

Every citation is sliced once more from the stored article, and whatever the text puts
inside quotation marks has to stand in an article that it cites.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.catalog import Catalog
from index.errors import CitationError
from index.types import Mention
from rag.types import Answer, Citation, Draft, Evidence

_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")


def verify(draft: Draft, catalog: Catalog) -> Answer:
    """The answer that a draft makes, its citations read again from the catalog.

    Raises CitationError if the draft does not read as the articles do: with citations
    sliced by code that is a defect, never a matter of luck.
    """
    ranking = draft.ranking
    citations = tuple(
        citation_of(number, evidence, catalog)
        for number, evidence in enumerate(ranking.evidence, 1)
    )
    near = tuple(
        citation_of(number, evidence, catalog) for number, evidence in enumerate(ranking.near, 1)
    )
    answer = Answer(
        question=draft.question.text,
        text=draft.text,
        status="answered" if citations else "no_answer",
        reason="" if citations else (ranking.reason or "question not understood"),
        interpretation=draft.question,
        citations=citations,
        near_misses=near,
    )
    _check(answer)
    return answer


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


def _check(answer: Answer) -> None:
    for citation in (*answer.citations, *answer.near_misses):
        found = citation.article.text[citation.start : citation.end]
        if found != citation.quote:
            raise CitationError(
                f"{citation.article.id} [{citation.start}, {citation.end}) reads {found!r}, "
                f"cited {citation.quote!r}"
            )
    texts = [c.article.text for c in answer.citations]
    if not texts:
        return
    for words in _QUOTED.findall(answer.text):
        pieces = [piece for piece in words.split(" … ") if piece]  # a quotation that was cut
        if not any(all(piece in text for piece in pieces) for text in texts):
            raise CitationError(f"the answer quotes {words!r}, which no cited article has")
