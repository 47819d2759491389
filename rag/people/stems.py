"""The words of a text, folded and cut to their stems, so that spellings of one word meet."""

from __future__ import annotations

import functools
import itertools
import re

from index.lang import language
from index.text.folding import fold, plain_words, stem, words
from rag.lang import asking

_WORD = re.compile(r"\w+")


@functools.lru_cache(maxsize=4096)
def surname(name: str) -> str:
    """Return the last word of a name, folded; "" for a name without words."""
    return next(reversed(words(name)), "")


@functools.lru_cache(maxsize=16384)
def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text that carry meaning; "E.U." is "EU"."""
    stop = asking().stop_words
    return frozenset(stem(w) for w in plain_words(text) if w not in stop)


@functools.lru_cache(maxsize=16384)
def role_stems(text: str) -> frozenset[str]:
    """Return what describes somebody, with one word for each country and each role.

    "the Zairean premier" gives what "Zaire's Prime Minister" gives.
    """
    return frozenset(map(stem, _role_parts(text)))


def role_spellings(text: str) -> dict[str, frozenset[str]]:
    """Return each of the `role_stems` of a text with all words that give this stem.

    A text without any of these words does not have the stem.
    """
    by_stem: dict[str, set[str]] = {}
    for part in _role_parts(text):
        by_stem.setdefault(stem(part), set()).add(part)
    other = _other_words()
    return {key: frozenset(found | other.get(key, set())) for key, found in by_stem.items()}


def _role_parts(text: str) -> list[str]:
    table = asking()
    plain = fold(re.sub(r"['’]s\b", " ", text))
    plain = re.sub(r"\bu\.\s?s\.(?:\s?a\.)?|\bu\.\s?n\.", lambda m: m[0].replace(".", ""), plain)
    for several in _kin_of_several_words():
        plain = plain.replace(several, table.kin[several])
    found = []
    for word in _WORD.findall(plain):
        word = table.same_role.get(word, word)
        found += [table.kin.get(part, part) for part in word.split()]
    return [w for w in found if w not in table.stop_words]


@functools.cache
def _kin_of_several_words() -> tuple[str, ...]:
    return tuple(word for word in asking().kin if " " in word)


@functools.cache
def _other_words() -> dict[str, set[str]]:
    """Return the stems, and the other words that `_role_parts` puts the word of that stem for."""
    table = asking()
    found: dict[str, set[str]] = {stem("un"): {"u n"}}
    for word in (*table.kin, *table.same_role):
        for part in _role_parts(word):
            found.setdefault(stem(part), set()).add(word)
    for country in (s for s, spelt in found.items() if "us" in spelt):
        found[country] |= {"u s", "u s a"}
    return found


@functools.cache
def speech_stems() -> frozenset[str]:
    """Return the stems of the words that tell of speaking, and not of what was spoken about."""
    return frozenset(map(stem, asking().speech_words))


def akin(a: str, b: str) -> bool:
    """Return whether stems are equal, or are a country and its adjective ("georgia",
    "georgian")."""
    if a == b:
        return True
    shared = sum(
        1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False))
    )
    return shared >= 5 and shared >= min(len(a), len(b)) - 1


@functools.cache
def office_words() -> frozenset[str]:
    """Return the stems of the words that describe who a person is."""
    asks = asking()
    found = language().role_nouns | asks.any_role | asks.relatives
    return frozenset(stem(asks.same_role.get(w, w).split()[-1]) for w in found)


@functools.cache
def role_words() -> frozenset[str]:
    """Return the stems of the words that describe a person or a body ("minister", "ministry",
    "court")."""
    return office_words() | {stem(word) for word in language().organisation_nouns}
