"""In what a statement of a draft differs from the passage that is nearest to it.

What is near in its words may yet have another figure, date or name, say the reverse, or take for
certain what is only possible.  Each is told by tables of words (``rag/lang``); none of them is a
measure of nearness.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text.folding import stem, words
from rag.check.tokens import Token, number, source_keys, tokens
from rag.check.types import DiffPart, Weight
from rag.lang import asking, polarity
from rag.people import content_stems
from rag.ranking.polarity import clauses_about, clauses_of, covered, is_denied, reverses
from rag.types import listed

ALIKE = 0.65
"""Share of the words of a clause in the passage from which a negation more or less tells that the
two say the reverse; with fewer, it may be another way to say one thing."""

IN_ONE_CLAUSE = 0.5
"""Share of these words that one clause of the passage must have."""

CONTRAST = 6
"""Words of a clause without a verb that names what is not so, at most."""

SEVERAL = 2
"""Words with a meaning, at least, of a clause that is compared by itself."""

NO_NAME_LETTERS = 2
"""Letters of a capital word that may be no name ("I", "Mr")."""

_NOT_FIGURES = frozenset({"1"})
"""Words for these are more often no figures ("one of them")."""

_TIMES = {"twice": "2", "double": "2", "both": "2", "pair": "2", "couple": "2", "dozen": "12"}

_LETTERS_ONLY = re.compile(r"[^\W\d_]+")

Difference = tuple[DiffPart, str]
"""What differs, and a whole sentence that says so."""


def difference(
    claim: str, denies: bool, said: str, denied: bool, around: str, names: Sequence[Token]
) -> Difference | None:
    """Return the gravest difference between a claim and what was said; None if there is none.

    ``denies`` and ``denied`` tell whether the verb that introduces the one and the other denies
    it.  ``around`` are the words that may give a figure or a date besides: the sentences of the
    passage.  ``names`` are the names in the claim that its article nowhere has.
    """
    known = f"{said} {around}"
    figures = [f for f in _figures(claim) if f not in _figures(known)]
    if figures:
        note = f"The draft says {listed(figures)}, which the passage does not."
        return _differing(", ".join(figures), ", ".join(_figures(said)), "number"), note
    if reversed_clause(claim, denies, said, denied) or _is_ruled_out(claim, said):
        note = "One of the two says the reverse of the other."
        return _differing(claim, " ".join(said.split()), "negation"), note
    if exclusive := _exclusive(claim, said, known):
        mine, theirs = exclusive
        return _differing(mine, theirs, "number"), f"The draft says {mine}, the passage {theirs}."
    if certainty := _certainty(claim, said):
        return _differing(claim, " ".join(said.split()), "condition"), certainty
    if names:
        told = listed([claim[t.start : t.end] for t in names])
        return _differing(told, "", "name"), f"The draft names {told}, which the article does not."
    return None


def _differing(draft: str, archive: str, weight: Weight) -> DiffPart:
    return DiffPart("changed" if archive else "added", draft, archive, weight)


def has_figures(claim: str, known: str) -> bool:
    """Return whether a text has every figure of a claim."""
    return not set(_figures(claim)) - set(_figures(known))


def _figures(text: str) -> list[str]:
    """Return the figures of a text, each once, words for them as figures; "three months" are a
    quarter."""
    for pattern, word in polarity().durations:
        text = re.sub(pattern, word, text, flags=re.IGNORECASE)
    found = (_TIMES.get(key) or number(key) for key in source_keys(text))
    return [f for f in dict.fromkeys(found) if f and f not in _NOT_FIGURES and f[-1].isdigit()]


def reversed_clause(claim: str, denies: bool, said: str, denied: bool) -> bool:
    """Return whether the clauses of what was said that are about a clause of a claim say its
    reverse.  Where no clause has enough of its words, all that have some are taken together."""
    for part in _own_clauses(claim):
        if covered(part, said) < ALIKE:
            continue
        asked = is_denied(part) ^ denies
        if reverses(part, said, asked=asked, denied=denied, least=IN_ONE_CLAUSE):
            return True
        if not clauses_about(part, said, IN_ONE_CLAUSE):
            together = " ".join(clause for clause in clauses_of(said) if covered(part, clause))
            if is_denied(together) ^ denied != asked:
                return True
    return False


def _is_ruled_out(claim: str, said: str) -> bool:
    """Return whether a claim, which denies nothing, takes up what a short clause of the passage
    says is not so, and the rest of the passage does not have: "in Kala, and not in the capital"."""
    beginning = re.compile(polarity().contrast, re.IGNORECASE)
    short = [c for c in clauses_of(said) if beginning.match(c) and len(words(c)) <= CONTRAST]
    rest = content_stems(" ".join(c for c in clauses_of(said) if c not in short))
    named = [content_stems(beginning.sub("", c)) - rest for c in short]
    return (
        bool(rest) and not is_denied(claim) and any(n and n <= content_stems(claim) for n in named)
    )


def _own_clauses(claim: str) -> Sequence[str]:
    """Return the clauses of a claim that can be compared by themselves; all of it if none can."""
    return [c for c in clauses_of(claim) if len(content_stems(c)) >= SEVERAL] or [claim]


def _exclusive(claim: str, said: str, known: str) -> tuple[str, str] | None:
    """Return the word of a claim, and that of the passage, of which only one can be true."""
    mine, theirs, anywhere = _dated(claim), _dated(said), set(_dated(known))
    for group in polarity().exclusive:
        alone = [w for w in mine if w in group and w not in anywhere]
        other = [w for w in theirs if w in group and w not in mine]
        if alone and other:
            return mine[alone[0]], theirs[other[0]]
    return None


def _dated(text: str) -> dict[str, str]:
    """Return the folded words of a text, with the words as written; "may" is no month."""
    found = (word for word in _LETTERS_ONLY.findall(text) if word != "may")
    return {word.casefold(): word for word in found}


def _certainty(claim: str, said: str) -> str:
    """Return what is to be said where one of the two is certain of what the other takes for
    possible; "" if neither is."""
    alike = covered(claim, said) >= ALIKE
    about = clauses_about(claim, said, IN_ONE_CLAUSE) if alike else []
    levels = {_level(clause) for clause, _ in about}
    mine = _level(claim)
    hedged = re.compile(polarity().hedging, re.IGNORECASE)
    if hedged.search(claim) or any(hedged.search(clause) for clause, _ in about):
        return ""  # in some other way
    if not levels or mine in levels or {mine, *levels} <= {"possible", "able"}:
        return ""
    if "possible" in levels or ("able" in levels and mine == "certain"):
        return "The draft states for certain what the passage calls possible."
    if mine == "possible":
        return "The draft calls possible what the passage states for certain."
    return ""


def _level(text: str) -> str:
    """Return how certain a clause is: "possible", "able", "certain", or "" where no word says."""
    table = polarity()
    for name, pattern in (
        ("possible", table.possible),
        ("able", table.able),
        ("certain", table.certain),
    ):
        if re.search(pattern, text, re.IGNORECASE):
            return name
    return ""


def names_beyond(claim: str, text: str) -> list[Token]:
    """Return the names in a claim that stand nowhere in a text, nor the country that they mean."""
    known = {base for word in words(text) for base in _bases(word)}
    names = (
        t for t in tokens(claim) if t.capital and t.key.isalpha() and len(t.key) > NO_NAME_LETTERS
    )
    return [name for name in names if not _bases(name.key) & known]


def _bases(word: str) -> set[str]:
    """Return the stems of a word, and of the country of which it is another word."""
    return {stem(word), stem(asking().kin.get(word, word))}
