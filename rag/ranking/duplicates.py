"""One statement in several articles: wire copies answer once, and all of them are named.

The index tells which articles are near-identical (index/text/near_duplicates.py).  In these a
statement may differ by some words and is still the same one; not so if a figure differs or a "not".
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from index.lang import language
from index.search.catalog import Catalog
from index.text.folding import fold
from index.types import Mention
from rag.lang import asking
from rag.people import content_stems
from rag.ranking.statements import content
from rag.types import Evidence, Ranking

MIN_LIKENESS = 85
"""Smallest likeness, of 100, at which two statements of near-identical articles count as one."""

_MIN_TELLING_STEMS = 2
"""Words that tell something, at least, by which two statements in other small words are one."""


def is_copy(item: Evidence, other: Evidence) -> bool:
    """Return whether two articles carry one statement.

    The words are equal, or nearly equal in near-identical articles.  Words of two speakers are two
    statements.
    """
    mine, theirs = bare_words(item), bare_words(other)
    near = bool(item.original) and item.original == other.original
    if mine != theirs and not near:  # asked first, since it is so of nearly all pairs
        return False
    if item.quote and other.quote and _differ(item.quote.speaker, other.quote.speaker):
        return False
    return mine == theirs or (
        fuzz.ratio(mine, theirs) >= MIN_LIKENESS and _telling(mine) == _telling(theirs)
    )


def said_by_another(item: Evidence, other: Evidence) -> bool:
    """Return whether two speakers, both of them named, said these words, whatever small ones
    ("too") one of them added."""
    if not (item.quote and other.quote and _differ(item.quote.speaker, other.quote.speaker)):
        return False
    mine, theirs = _bare(content(item)), _bare(content(other))
    telling = content_stems(mine)
    alike = len(telling) >= _MIN_TELLING_STEMS and telling == content_stems(theirs)
    return mine == theirs or (alike and _telling(mine) == _telling(theirs))


def without_repetitions(candidates: Sequence[Evidence]) -> list[Evidence]:
    """Return the candidates without the repetitions of a statement in near-identical articles.

    The earliest article's statement is kept and has the others as its copies, so that a statement
    has no lead over its own copies.
    """
    found: list[Evidence] = []
    places: dict[str, list[int]] = {}
    for item in sorted(candidates, key=lambda c: c.article.id != c.original):
        group = places.setdefault(item.original, []) if item.original and item.quote else []
        first = next((at for at in group if is_copy(item, found[at])), None)
        if first is not None:
            found[first] = merged(found[first], [item])
            continue
        group.append(len(found))
        found.append(item)
    return found


def with_copies(ranking: Ranking, catalog: Catalog) -> Ranking:
    """Return the ranking, each piece of evidence with all articles that carry its words, whether
    they were candidates or not."""
    return replace(ranking, evidence=tuple(_completed(e, catalog) for e in ranking.evidence))


def _completed(item: Evidence, catalog: Catalog) -> Evidence:
    if not item.original:
        return item
    known = {item.article.id, *(article.id for article in item.copies)}
    left = [i for i in catalog.copies_of(item.article.id) if i not in known]
    whole = item.quote is not None and item.span == item.sentence
    if item.quote is None or not (whole or item.span == item.quote.span):  # a part of either
        words = bare_words(item)
        others = [a for i in left if words in fold((a := catalog.article(i)).text)]
        return replace(item, copies=(*item.copies, *others))
    statements = (
        replace(
            item,
            article=catalog.article(q.article_id),
            span=q.sentence if whole else q.span,
            sentence=q.sentence,
            quote=q,
        )
        for q in catalog.quotes(catalog.quote_ids(article_ids=left) if left else ())
        if q.modality == item.quote.modality
    )
    return merged(item, [other for other in statements if is_copy(item, other)])


def bare_words(item: Evidence) -> str:
    """Return the words of a piece of evidence, folded, without the marks around them."""
    return _bare(item.span.slice(item.article.text))


@functools.lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    """Return a text folded; cached, since a statement is compared with every one that is kept."""
    return fold(text).strip(" .,;\"'")


def _telling(words: str) -> list[str]:
    """Return the figures and negations of a text: if they differ, two statements differ."""
    tell = language().negations | asking().numbers
    parts = (word.strip(".,;:!?\"'()") for word in words.split())
    return [w for w in parts if w in tell or w.endswith("n't") or any(c.isdigit() for c in w)]


def _differ(one: Mention | None, other: Mention | None) -> bool:
    """Return whether two speakers are known by name, and by different ones."""
    last = [m.name.split()[-1] for m in (one, other) if m and m.name and m.name[:1].isupper()]
    return len(last) == 2 and fold(last[0]) != fold(last[1])


def merged(kept: Evidence, copies: Iterable[Evidence]) -> Evidence:
    """Return a piece of evidence with the articles of its copies."""
    found = {a.id: a for c in (kept, *copies) for a in (*c.copies, c.article)}
    del found[kept.article.id]
    return replace(kept, copies=tuple(found.values()))
