"""Questions that an index answers, to be shown to somebody who does not know what to ask."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from weakref import WeakKeyDictionary

from index.search.catalog import Catalog
from index.search.statistics import census
from index.storage.snapshot import Generation

SUGGESTED = 3
"""How many questions a greeting is answered with."""

_TRIED = 6
"""Pairs and speakers, the most quoted first, that questions are made of."""

_kept: WeakKeyDictionary[Generation, tuple[str, ...]] = WeakKeyDictionary()


def examples(
    generation: Generation, answers: Callable[[str], bool], limit: int = SUGGESTED
) -> tuple[str, ...]:
    """Return at most ``limit`` questions that a generation answers, made once for each.

    ``answers`` says whether a question gets an answer.
    """
    if len(_kept.get(generation, ())) < limit:
        found = (q for q in _questions(generation.catalog) if answers(q))
        _kept[generation] = tuple(itertools.islice(found, limit))
    return _kept[generation][:limit]


def _questions(catalog: Catalog) -> list[str]:
    """Return questions about those who speak most, and those who speak to each other most."""
    found = census(catalog)
    told = [f"What did {a} tell {b}?" for a, b, _ in found.pairs[:_TRIED]]
    said = [f"What did {name} say?" for name, _ in found.speakers[:_TRIED]]
    both = itertools.zip_longest(told, said)
    return list(dict.fromkeys(q for pair in both for q in pair if q))
