"""Which of the statements that answer are shown, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.types import Quote
from rag.ranking.duplicates import bare_words, is_copy, merged
from rag.ranking.participants import KnownPeople
from rag.types import Evidence, Question


def in_listing_order(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return statements that answer equally well, in the order in which a list shows them.

    Spoken words stand before statements that are only named, stated addressees before inferred
    ones, and the rest is by date, article and place.
    """
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


def best_of_each(
    question: Question, ranked: Sequence[Evidence], people: KnownPeople
) -> list[Evidence]:
    """Return the best statement of each person who is asked for, or of each article over time, best
    first.

    Where nobody is asked for by name, each speaker has one.
    """
    first: dict[object, Evidence] = {}
    for item in ranked:
        first.setdefault(_group(question, item, people), item)
    found = distinct(first.values())
    if question.over_time:
        found.sort(key=lambda e: (e.article.published, e.article.id))
    return found


SIDE_BY_SIDE = 3
"""Largest number of statements in a comparison."""


def side_by_side(
    question: Question, ranked: Sequence[Evidence], people: KnownPeople
) -> list[Evidence]:
    """Return at most SIDE_BY_SIDE statements to compare, oldest first.

    Of one person: the best of two different articles, then the next best.  Of several people: the
    best of each.  Where nobody is asked for, the best of each speaker in the article of the best
    statement.
    """
    best = distinct(ranked)
    if question.speakers and not question.several:
        apart = [e for n, e in enumerate(best) if e.article.id not in _articles(best[:n])]
        chosen = distinct([*apart[:2], *best])[:SIDE_BY_SIDE]
    else:
        here = [e for e in best if question.speakers or e.article.id == best[0].article.id]
        first: dict[object, Evidence] = {}
        for item in here:
            first.setdefault(_who_speaks(question, item, people), item)
        chosen = [*first.values()][:SIDE_BY_SIDE]
    return sorted(chosen, key=lambda e: (e.article.published, e.article.id, e.span))


def _articles(evidence: Iterable[Evidence]) -> set[str]:
    return {e.article.id for e in evidence}


def _who_speaks(question: Question, item: Evidence, people: KnownPeople) -> object:
    """Return a key for the speaker: the asked person, else the name, else the statement's place."""
    for person in question.speakers:
        if item.speaker == person or people.speaks(item, (person,)):
            return person
    speaker = item.quote.speaker if item.quote else None
    return (speaker.name if speaker else None) or (item.article.id, item.span)


def _group(question: Question, item: Evidence, people: KnownPeople) -> object:
    return item.article.id if question.over_time else _who_speaks(question, item, people)


def distinct(evidence: Iterable[Evidence], limit: int | None = None) -> list[Evidence]:
    """Return the evidence without pieces that overlap an earlier one, the first ``limit`` of it.

    A statement that another article repeats becomes a copy of the first.
    """
    kept: list[Evidence] = []
    places: dict[tuple[str, str], list[int]] = {}
    for item in evidence:
        # Only these can be the same: pieces of one article or of near-identical ones, equal words.
        alike = [("article", item.article.id), ("words", bare_words(item))]
        alike += [("original", item.original)] if item.original else []
        for at in sorted({at for key in alike for at in places.get(key, ())}):
            other = kept[at]
            if other.article.id == item.article.id and other.span.overlaps(item.span):
                break
            if is_copy(item, other):
                kept[at] = merged(other, [item])
                break
        else:
            if limit is None or len(kept) < limit:
                for key in alike:
                    places.setdefault(key, []).append(len(kept))
                kept.append(item)
    return kept
