"""Names in the prose of the corpus, and the titles that stand right beside them."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator

from index.text.folding import fold, words
from rag.lang import reporting_forms
from rag.people.stems import surname

_PARTICLE = r"(?:al|de|van|von|bin|der|del|di|da|la|le)"
_NAME = rf"[A-ZÀ-ɏ][\w’'-]+(?:[ ](?:{_PARTICLE}[ -])?[A-ZÀ-ɏ][\w’'.-]*){{0,6}}"


CLOSE = 4
"""Words before a name among which a title of its bearer stands."""


@functools.lru_cache(maxsize=4096)
def titles_of(text: str) -> tuple[tuple[str, str], ...]:
    """Return each name of a sentence with its bearer's title: the words close before the name, or
    an apposition."""
    return tuple((name, _title_beside(phrase)) for name, phrase in named_beside(text))


def _title_beside(phrase: str) -> str:
    """Return the title in what stands beside a name: all of an apposition, else its last words."""
    if phrase.endswith(", ") or (phrase.islower() and phrase[-1] != " "):  # in apposition
        return phrase
    near = reversed(phrase.split()[-CLOSE:])
    title = itertools.takewhile(lambda w: fold(w) not in _title_limits(), near)
    return " ".join(reversed(list(title)))


_ENDS = frozenset(
    "to with by against than and or but as at on after before about over from into also".split()
)
"""Words across which a title does not reach ("the mayor with Falk")."""
# Read backwards from a name: a search for what ends at it would begin at every letter.
_WORDS_BEFORE = re.compile(r"(?:[ ][\w’'.-]+){1,7}")
_APPOSITION_BEFORE = re.compile(r"[ ],[\w’'-]+(?:[ ][\w’'.-]+){1,7}")


def titles_with_surname(text: str, last: str) -> Iterator[str]:
    """Yield the titles that a text gives to whoever has this folded surname."""
    return (_title_beside(phrase) for _, phrase in named_beside(text, last))


def named_beside(text: str, last: str = "") -> Iterator[tuple[str, str]]:
    """Yield each name of a sentence, with what stands right before it or in apposition to it.

    With ``last`` only the names that have this folded surname.
    """
    for match in re.finditer(_NAME, text):
        if last and surname(match[0]) != last:
            continue
        back = text[: match.start()][::-1]
        before, apart = (
            found[0][::-1] if (found := pattern.match(back)) else ""
            for pattern in (_WORDS_BEFORE, _APPOSITION_BEFORE)
        )
        ends = match[0].endswith(".") or text[match.end() : match.end() + 1] == ","
        if apart and ends:
            yield match[0], apart  # "An attorney for Holm, Mara Quill, said"
        if before:
            yield match[0], before
        own = match[0].split()
        for cut in range(1, len(own)):  # "Prime Minister Likulia Bolongo" is one run of capitals
            yield " ".join(own[cut:]), f"{before}{' '.join(own[:cut])}"
        after = re.match(r",[ ]([^,.;:\"“”]{3,80})(?:[,.]|$)", text[match.end() :])
        if after:
            title = itertools.takewhile(lambda w: w not in _clause_openers(), words(after[1]))
            yield match[0], " ".join(title)


def title_in(phrase: str, person: str) -> str:
    """Return the name in a phrase with the words right before it, or behind it in apposition.

    A relative clause is no title: "who is no relation of the prime minister".
    """
    last = surname(person)
    before, _, after = phrase.rpartition(last) if last else ("", "", "")
    near = " ".join(before.rpartition(",")[2].split()[-6:])
    behind = itertools.takewhile(lambda w: w not in _clause_openers(), words(after[:80]))
    return f"{near} {last} {' '.join(behind)}"


def last_sentence(phrase: str) -> str:
    """Return a phrase without what stands before a full stop in it: that is about somebody else."""
    return re.split(r"(?<=[^\W\d_]{5})\. ", phrase)[-1]


@functools.cache
def _title_limits() -> frozenset[str]:
    """Return the words across which a title does not reach."""
    return _clause_openers() | _ENDS


@functools.cache
def _clause_openers() -> frozenset[str]:
    """Return the words with which a phrase stops being a title and begins to tell something."""
    return frozenset({"who", "which", "that", "whose", "was", "is", "has", "had"}) | frozenset(
        reporting_forms()
    )
