"""English: the words that turn a claim into its reverse, and the words that are opposites."""

from __future__ import annotations

from rag.lang import Polarity

_OPPOSITES = """
safe dangerous
open closed
open shut
rise fall
rose fell
increase decrease
grow shrink
win lose
won lost
accept reject
support oppose
agree refuse
guilty innocent
alive dead
true false
right wrong
enough insufficient
more fewer
more less
higher lower
better worse
early late
present absent
succeed fail
succeeded failed
strong weak
cheap expensive
ready unready
everybody nobody
everyone nobody
"""

POLARITY = Polarity(
    opposites=tuple(
        (one, other) for one, other in (line.split() for line in _OPPOSITES.split("\n") if line)
    ),
    prefixes=("un", "in", "im", "il", "ir", "dis", "non"),
    denying_verbs=frozenset("deny doubt dispute reject".split()),
    denying_words=frozenset("without cannot nowhere".split()),
    denying_nothing=(
        r"\bno,|\bno\s+(?:doubt|wonder|sooner|matter)\b|\bnot\s+(?:only|just|merely|least)\b"
        r"|\bnothing\s+(?:but|short)\b|\bnever\s+mind\b"
    ),
    limits=frozenset(
        """before until till yet all every always necessarily only enough sure whether if unless
        when why how""".split()
    ),
    prepositions=frozenset(
        """about of on for against over regarding concerning with at by from to""".split()
    ),
    finite=frozenset("shall may ll d ve re ca am".split()),
)
