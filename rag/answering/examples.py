"""Questions that an index answers, to be shown to somebody who does not know what to ask."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from weakref import WeakKeyDictionary

from index.search.catalog import Catalog
from index.search.statistics import statement_counts
from index.storage.snapshot import Generation

SUGGESTED = 3
"""How many questions a greeting is answered with."""

_TRIED = 6
"""Pairs of speaker and addressee, and speakers, of which questions are made; the most quoted."""

_kept: WeakKeyDictionary[Generation, tuple[int, tuple[str, ...]]] = WeakKeyDictionary()
"""Of each generation, how many questions were looked for, and those that were found."""


def examples(
    generation: Generation, answers: Callable[[str], bool], limit: int = SUGGESTED
) -> tuple[str, ...]:
    """Return at most ``limit`` questions that a generation answers, made once for each.

    ``answers`` says whether a question gets an answer.
    """
    sought, kept = _kept.get(generation, (0, ()))
    if sought < limit:
        found = (q for q in _questions(generation.catalog) if answers(q))
        kept = tuple(itertools.islice(found, limit))
        _kept[generation] = limit, kept
    return kept[:limit]


def _questions(catalog: Catalog) -> list[str]:
    """Return questions about those who speak most, and those who speak to each other most."""
    found = statement_counts(catalog)
    told = [f"What did {a} tell {b}?" for a, b, _ in found.pairs[:_TRIED]]
    said = [f"What did {name} say?" for name, _ in found.speakers[:_TRIED]]
    both = itertools.zip_longest(told, said)
    return list(dict.fromkeys(q for pair in both for q in pair if q))
