"""Which of the statements that answer are shown, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.types import Quote
from rag.ranking.duplicates import is_copy, merged
from rag.ranking.participants import Cast
from rag.types import Evidence, Question


def in_listing_order(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Statements of which none is better than another: words spoken before what is only named,
    those whose addressee is inferred behind the others, then as they stand, article by article,
    the newest article last."""
    return distinct(
        sorted(
            evidence,
            key=lambda e: (
                e.quote is not None and e.quote.tier != "speech",
                e.quote is not None and _is_inferred(e.quote),
                e.article.published,
                e.article.id,
                e.span,
            ),
        )
    )


def _is_inferred(quote: Quote) -> bool:
    return bool(quote.addressees) and all(m.basis == "inferred" for m in quote.addressees)


def best_of_each(question: Question, ranked: Sequence[Evidence], cast: Cast) -> list[Evidence]:
    """The best statement of each asked person, or of each article over time, best first; of
    each speaker where nobody is asked for by name."""
    first: dict[object, Evidence] = {}
    for item in ranked:
        first.setdefault(_group(question, item, cast), item)
    found = distinct(first.values())
    if question.over_time:
        found.sort(key=lambda e: (e.article.published, e.article.id))
    return found


def _group(question: Question, item: Evidence, cast: Cast) -> object:
    if question.over_time:
        return item.article.id
    for person in question.speakers:
        if item.speaker == person or cast.speaks(item, (person,)):
            return person
    speaker = item.quote.speaker if item.quote else None
    return (speaker.name if speaker else None) or (item.article.id, item.span)


def distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The evidence without what lies within an earlier piece of it; the same statement in
    another article becomes a copy of the first."""
    kept: list[Evidence] = []
    for item in evidence:
        for at, other in enumerate(kept):
            if other.article.id == item.article.id and other.span.overlaps(item.span):
                break
            if is_copy(item, other):
                kept[at] = merged(other, [item])
                break
        else:
            kept.append(item)
    return kept
