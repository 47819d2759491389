"""Hearings: whom "Q" and "A" stand for in the record of a court or a committee.

The record says who examines ("BY MS. TRASK:") and who was sworn ("GORDON LISLE, having been
first duly sworn"); until the next such line, all questions are of the one and all answers of
the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Span

_CAPITAL_WORD = r"[^\W\d_a-z](?:[^\W\d_a-z]|[.'’-])*"
_CAPITALS = rf"{_CAPITAL_WORD}(?: +{_CAPITAL_WORD}){{0,4}}"
_EXAMINER = re.compile(rf"(?:EXAMINATION )?BY (?P<name>{_CAPITALS})(?: \(continu\w+\))?:?$")
_SWORN = re.compile(rf"(?P<name>{_CAPITALS}),?(?=$|[\s,])")
_OATH = re.compile(r"\b(?:sworn|affirmed|called as a witness|recalled)\b", re.IGNORECASE)
_LONGEST_LINE = 120
"""Code points of a line that tells who examines or who is sworn."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who examines and who answers, each from a block on; ``formal`` are the blocks of the
    record itself, in which nobody speaks."""

    examiners: tuple[tuple[int, Span], ...]
    witnesses: tuple[tuple[int, Span], ...]
    formal: frozenset[int]

    def meant(self, block: int, label: str) -> Span | None:
        """Where the record names whom a label of a block stands for; None for another label."""
        told = {"Q": self.examiners, "A": self.witnesses, "THE WITNESS": self.witnesses}
        known = told.get(label.upper(), ())
        at = bisect_right(known, block, key=lambda entry: entry[0])
        return known[at - 1][1] if at else None


def read_hearing(text: str, blocks: Sequence[Span]) -> Hearing:
    """The hearing that the blocks of a text record; an empty one for any other text."""
    examiners: list[tuple[int, Span]] = []
    witnesses: list[tuple[int, Span]] = []
    formal: set[int] = set()
    for number, span in enumerate(blocks):
        if len(span) > _LONGEST_LINE:
            continue
        if examines := _EXAMINER.match(text, span.start, span.end):
            examiners.append((number, Span(*examines.span("name"))))
            formal.add(number)
        elif (sworn := _SWORN.match(text, span.start, span.end)) and " " in sworn["name"]:
            rest = text[sworn.end() : span.end]
            below = blocks[number + 1].slice(text) if number + 1 < len(blocks) else ""
            oath = _OATH.search(rest) or (not rest.strip(" ,") and _OATH.search(below[:80]))
            if oath:
                witnesses.append((number, Span(*sworn.span("name"))))
                formal |= {number} if rest.strip(" ,") else {number, number + 1}
    return Hearing(tuple(examiners), tuple(witnesses), frozenset(formal))
