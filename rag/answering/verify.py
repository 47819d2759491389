"""A draft becomes an answer; what cannot be verified never leaves.

Every citation is sliced once more from the stored article, and every part of the draft that
claims to be a slice of an article is compared with it by its offsets.  The text is rendered
from the parts at the very end: nothing is searched in it, so that no mark in a name or a
date can be taken for another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from index.search.catalog import Catalog
from index.types import Mention, Quote, Span, hull
from rag.types import (
    Answer,
    Citation,
    Draft,
    Evidence,
    Findings,
    Line,
    Ranking,
    Reason,
    Slice,
    Status,
)


def verify_answer(draft: Draft, catalog: Catalog) -> Answer:
    """Return the answer that a draft makes, its citations read again from the catalog.

    A line or a citation that does not read as its article does is left out, and the answer is
    then "partial" with the reason "statements left out".
    """
    if draft.question.kind == "help":
        return Answer(
            question=draft.question.typed or draft.question.text,
            text=rendered(draft.lines),
            status="help",
            interpretation=draft.question,
            lines=draft.lines,
            suggestions=draft.suggestions,
        )
    found = findings(draft.ranking, catalog)
    cited = {c.number for c in found.citations}
    lines = tuple(line for line in draft.lines if _holds(line, cited, catalog))
    lost = len(lines) < len(draft.lines) or len(cited) < len(draft.ranking.evidence)
    citations = found.citations
    if lost:  # a statement without its line is not shown either
        shown = {number for line in lines for number in line.numbers}
        citations = tuple(c for c in citations if c.number in shown)
    reason: Reason = found.reason
    status: Status = "answered" if citations else "no_answer"
    if lost:
        reason = "statements left out"
        status = "partial" if citations else "no_answer"
        if not citations:
            lines = ()
    return Answer(
        question=draft.question.typed or draft.question.text,
        text=rendered(lines) if lines else "Nothing on record that could be verified.",
        status=status,
        reason=reason,
        interpretation=draft.question,
        citations=citations,
        near_misses=found.near_misses,
        lines=lines,
        more=draft.ranking.more if citations else 0,
    )


def rendered(lines: tuple[Line, ...]) -> str:
    """Return the lines as text: a line each, those of a list behind a dash."""
    cited = sum(bool(line.numbers) for line in lines)
    return "\n".join(f"- {line}" if line.numbers and cited > 1 else str(line) for line in lines)


def _holds(line: Line, cited: set[int], catalog: Catalog) -> bool:
    """Return whether a line cites what is there and its slices read as their articles do."""
    if not set(line.numbers) <= cited:
        return False
    return all(_reads(part, catalog) for part in line.parts if isinstance(part, Slice))


def _reads(part: Slice, catalog: Catalog) -> bool:
    """Return whether a slice has the very characters of its article, and there is such an
    article."""
    try:
        text = catalog.article(part.article).text
    except KeyError:
        return False
    inside = 0 <= part.start < part.end <= len(text)
    return inside and text[part.start : part.end] == part.text


def findings(ranking: Ranking, catalog: Catalog) -> Findings:
    """Return what a ranking will be cited by, read again from the catalog and compared with it.

    What does not read as the article does is left out; the others keep their numbers.
    """
    citations, near = (
        tuple(_verified(items, catalog)) for items in (ranking.evidence, ranking.near)
    )
    reason: Reason = "" if citations else (ranking.reason or "question not understood")
    if ranking.evidence and not citations:
        reason = "statements left out"
    return Findings(citations, near, reason)


def _verified(items: tuple[Evidence, ...], catalog: Catalog) -> Iterator[Citation]:
    """Yield the citations of evidence whose spans still read as the stored article does."""
    for number, item in enumerate(items, 1):
        cue = item.quote.cue if item.quote else None
        if all(_stands(item, span, catalog) for span in (item.span, item.sentence, cue) if span):
            yield citation_of(number, item, catalog)


def _stands(item: Evidence, span: Span, catalog: Catalog) -> bool:
    """Return whether a span of the evidence reads in the stored article as it did when it was
    found."""
    text = item.article.text
    return span.end <= len(text) and _reads(
        Slice(item.article.id, span.start, span.end, span.slice(text)), catalog
    )


def statement_citation(number: int, quote: Quote, catalog: Catalog) -> Citation:
    """Return a statement as it is shown, by itself and with no question."""
    article = catalog.article(quote.article_id)
    return citation_of(number, Evidence(article, quote.span, quote.sentence, quote), catalog)


def citation_of(number: int, evidence: Evidence, catalog: Catalog) -> Citation:
    """Return evidence as it is shown: read again from the catalog, everybody by their one name."""
    article = catalog.article(evidence.article.id)
    quote, span, sentence = evidence.quote, evidence.span, evidence.sentence
    around = hull((span, sentence))
    return Citation(
        number=number,
        article=article,
        start=span.start,
        end=span.end,
        quote=span.slice(article.text),
        sentence=around.slice(article.text),
        speaker=(_person(quote.speaker, catalog.person_of) if quote else evidence.speaker or None),
        co_speakers=_persons(quote.co_speakers, catalog.person_of) if quote else (),
        addressees=_persons(quote.addressees, catalog.person_of) if quote else (),
        cue=quote.cue.slice(article.text) if quote and quote.cue else None,
        kind=quote.kind if quote else None,
        chain=_persons(quote.chain, catalog.person_of) if quote else (),
        attribution=(quote.attribution if quote else "inferred" if evidence.speaker else "unknown"),
        copies=evidence.copies,
        source=quote,
    )


def _person(mention: Mention | None, person_of: Mapping[str, str]) -> str | None:
    if mention is None or mention.name is None:
        return None
    return person_of.get(mention.name, mention.name)


def _persons(mentions: tuple[Mention, ...], person_of: Mapping[str, str]) -> tuple[str, ...]:
    found = (_person(mention, person_of) for mention in mentions)
    return tuple(name for name in found if name)
