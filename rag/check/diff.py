"""What differs between a quotation and the words of the archive, as typed parts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.types import Quote
from rag.check.align import AlignedBlock
from rag.check.match import Match, edges
from rag.check.tokens import (
    BRACKETS,
    ELLIPSIS,
    SENTENCE_ENDS,
    Token,
    is_condition,
    is_reservation,
    number,
    tokens,
    weight,
)
from rag.check.types import DiffChange, DiffPart, Weight
from rag.lang import asking, polarity
from rag.people import content_stems
from rag.ranking.polarity import are_opposites, denies, is_denied, is_negation

IsName = Callable[[Token], bool]

ALTERED_EDGE = 2
"""Words left out at an end, at most, that count as missing where a sentence is quoted whole;
where more are, the quotation is a part of the sentence."""


_COORDINATING = frozenset({"and", "but"})
"""Words with which a clause begins that says nothing of the one before."""


_BEGINNINGS_OF_SUBJECTS = frozenset(asking().pronouns) | frozenset(
    "i you we it there this these those the a an my our your his her its their".split()
)
"""Words with which the subject of a clause may begin."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation of a draft as it is compared: its tokens, the text that they stand in, and
    whether it is a fragment in a sentence of the draft, and no sentence by itself.  ``denies``
    tells that the draft's own words beside it, the ``lead``, deny it."""

    tokens: tuple[Token, ...]
    text: str
    fragment: bool = False
    denies: bool = False
    lead: str = ""


def diff(
    quoted: Quoted, match: Match, is_name: IsName, outer: Quote | None = None
) -> tuple[DiffPart, ...]:
    """The parts of a quotation in order, with what the archive has in their place.

    ``is_name`` tells whether a word is a name: where one is missing, added or changed, that is
    grave.  ``outer`` is the statement in which the match is quoted ("denied having said ...").
    """
    before, behind = edges(match)
    near = _same_clause_edge(match, before, first=True) if quoted.fragment else ()
    denying = [q for q in (match.quote, outer) if _is_denied_by_verb(q)]
    reverse = quoted.denies != bool((len(denying) + _has_denial(near)) % 2)
    parts = [_denial(quoted, match, denying) if reverse else None]
    parts.append(_edge(quoted, match, before, is_name, first=True, denied=not reverse))
    parts += [_diff_part(quoted, match, block, is_name) for block in match.alignment.blocks]
    parts.append(_edge(quoted, match, behind, is_name, first=False))
    parts += _asking(quoted, match)
    return tuple(part for part in parts if part is not None)


def _is_denied_by_verb(quote: Quote | None) -> bool:
    """Whether an article says of a statement that it is not so, or that it was not made."""
    return quote is not None and denies(quote) ^ (quote.modality == "negated")


def _has_denial(found: Sequence[Token]) -> bool:
    return is_denied(_words_of_tokens(found))


def _denial(quoted: Quoted, match: Match, denying: Sequence[Quote | None]) -> DiffPart | None:
    """The draft's words, or the article's, of which one denies what was said and the other does
    not; None where these are words of the statement itself, which `_edge` tells."""
    if quoted.denies:
        return DiffPart("added", draft=quoted.lead, weight="negation")
    cue = next((q.cue for q in denying if q is not None and q.cue), None)
    words = cue.slice(match.source.article.text) if cue else ""
    return DiffPart("missing", archive=words, weight="negation") if words else None


def _edge(
    quoted: Quoted,
    match: Match,
    left: Sequence[Token],
    is_name: IsName,
    *,
    first: bool,
    denied: bool = False,
) -> DiffPart | None:
    """What was left out at an end of the sentence; None where a fragment may begin or end.

    ``denied``: a negation among these words has its like in the draft's own words.
    """
    own = match.draft[0 if first else -1]
    if not left:
        return None
    if match.marked == 0 and [t.key for t in left] == ["that"]:
        return None  # it leads into reported speech, and is no part of it
    words = _text_of_tokens(left, match.source.article.text)
    if own.key == BRACKETS:
        return None
    marked = own.key == ELLIPSIS
    near = _same_clause_edge(match, left, first) if quoted.fragment else left
    if _is_other_clause(match, left, first):
        near = ()
    if quoted.fragment and denied:
        near = [token for token in near if not is_negation(token.key)]
    turning = _turning(near, left)
    if quoted.fragment and not marked and len(left) > 1 and not turning:
        return None
    if not marked and len(left) <= ALTERED_EDGE:
        return DiffPart("missing", archive=words, weight=weight(left, any(map(is_name, left))))
    return DiffPart("left out", archive=words, weight=turning)


def _same_clause_edge(match: Match, left: Sequence[Token], first: bool) -> Sequence[Token]:
    """The words of an edge that stand in one clause with what was quoted."""
    breaks = [n for n, token in enumerate(left) if token.ends]
    if first:
        return left[breaks[-1] + 1 :] if breaks else left
    if match.tokens[match.alignment.end - 1].ends or left[0].key in _COORDINATING:
        return ()
    return left[: breaks[0] + 1] if breaks else left


def _is_other_clause(match: Match, left: Sequence[Token], first: bool) -> bool:
    """Whether the words of an edge are a clause with a subject of its own, which "and" or "but"
    ties to what was quoted."""
    if first:
        return len(left) > 1 and left[-1].key in _COORDINATING and bool(left[-2].ends)
    return (
        len(left) > 1
        and bool(match.tokens[match.alignment.end - 1].ends)
        and left[0].key in _COORDINATING
        and (left[1].key in _BEGINNINGS_OF_SUBJECTS or left[1].capital)
    )


def _turning(near: Sequence[Token], whole: Sequence[Token]) -> Weight:
    """Why words cannot be left out without turning the sense, "" if they can: a negation or a
    condition ``near`` what is kept, or in the ``whole`` of them a clause on which it depends,
    which begins with a reservation."""
    if any(is_negation(t.key) for t in near):
        return "negation"
    depends = any(is_condition(t.key) for t in near) or any(
        is_reservation(token.key) and (not before or before.ends or before.key in _COORDINATING)
        for before, token in zip((None, *whole), whole, strict=False)
    )
    return "condition" if depends else ""


def _diff_part(
    quoted: Quoted, match: Match, block: AlignedBlock, is_name: IsName
) -> DiffPart | None:
    mine, theirs = match.draft[block.d0 : block.d1], match.tokens[block.s0 : block.s1]
    text = match.source.article.text
    draft, archive = _text_of_tokens(mine, quoted.text), _text_of_tokens(theirs, text)
    if block.kind == "same":
        return DiffPart("same", draft, archive)
    if block.kind == "left out":
        first, last = block.d0 == 0, block.d1 == len(match.draft)
        if not theirs:
            shown = first or last or match.tokens[block.s0 - 1].trails
            return None if shown else DiffPart("added", draft)
        turning = "" if first or last else _turning(_passed_over_beside_kept(match, block), theirs)
        return DiffPart("left out", draft, archive, turning)
    if block.kind == "brackets":
        return _bracket_part(draft, archive, theirs, is_name)
    return DiffPart(block.kind, draft, archive, _weight(mine, theirs, is_name))


def _passed_over_beside_kept(match: Match, block: AlignedBlock) -> list[Token]:
    """The tokens passed over that share a sentence with what was kept on either side."""
    passed = match.tokens[block.s0 : block.s1]
    opened = block.s0 > 0 and match.tokens[block.s0 - 1].ends in SENTENCE_ENDS
    ends = [n for n, token in enumerate(passed) if token.ends in SENTENCE_ENDS]
    if not ends:
        return list(passed)
    low = ends[0] + 1 if opened and ends[0] >= 2 else 0
    inside = passed[ends[-1] + 1 :]
    head = [] if low else list(passed[: ends[0] + 1])
    short = [
        token
        for a, b in itertools.pairwise(ends)
        if b - a <= ALTERED_EDGE
        for token in passed[a + 1 : b + 1]
    ]
    return [*head, *short, *inside]


def _bracket_part(draft: str, archive: str, theirs: Sequence[Token], is_name: IsName) -> DiffPart:
    """An editor's words and those in whose place they stand: no change where what they add or
    take away is no negation, figure or limit, and takes away no word that carries meaning."""
    inner = [replace(token, first=False) for token in tokens(draft.strip("[]"))]
    same_limits = _limiting(inner) == _limiting(theirs)
    if _has_denial(inner) == _has_denial(theirs) and (
        _token_numbers(inner) == _token_numbers(theirs)
        and same_limits
        and content_stems(_words_of_tokens(theirs)) <= content_stems(_words_of_tokens(inner))
    ):
        return DiffPart("same", draft, archive)
    found = _weight(inner, theirs, is_name) if theirs else weight(inner)
    change: DiffChange = "changed" if theirs else "added"
    return DiffPart(change, draft, archive, found or ("" if same_limits else "condition"))


def _limiting(found: Sequence[Token]) -> set[str]:
    limits = polarity().limits
    return {token.key for token in found if token.key in limits or is_condition(token.key)}


def _words_of_tokens(found: Sequence[Token]) -> str:
    return " ".join(token.key for token in found)


def _token_numbers(found: Sequence[Token]) -> list[str]:
    return [n for n in (number(t.key) for t in found) if n is not None]


def _weight(mine: Sequence[Token], theirs: Sequence[Token], is_name: IsName) -> Weight:
    """Why a change is grave: by what is on one side and not on the other."""
    keys = {t.key for t in mine}, {t.key for t in theirs}
    added = [t for t in mine if t.key not in keys[1]]
    lost = [t for t in theirs if t.key not in keys[0]]
    other = added + lost
    if _token_numbers(mine) == _token_numbers(theirs):  # "5" for "five"
        other = [t for t in other if number(t.key) is None or is_negation(t.key)]
    return weight(other, is_name=any(map(is_name, other))) or _swapped(added, lost)


def _swapped(added: Sequence[Token], lost: Sequence[Token]) -> Weight:
    """Why a word in another one's place turns the sense: it is its opposite ("rise", "fall"), or
    of the two only one can be true ("north", "south")."""
    for mine, theirs in itertools.product(added, lost):
        if are_opposites(mine.key, theirs.key):
            return "negation"
        if any(mine.key in group and theirs.key in group for group in polarity().exclusive):
            return "number"
    return ""


def _asking(quoted: Quoted, match: Match) -> list[DiffPart]:
    """The last word again, where only one of the two sides asks."""
    blocks = [b for b in match.alignment.blocks if b.kind == "same"]
    for block in blocks:
        mine, theirs = match.draft[block.d0 : block.d1], match.tokens[block.s0 : block.s1]
        if len(mine) != len(theirs):
            continue
        for own, other in zip(mine, theirs, strict=True):
            if {own.ends, other.ends} == {"?", "."}:
                return [DiffPart("changed", f"{own.key}{own.ends}", f"{other.key}{other.ends}")]
    return []


def _text_of_tokens(found: Sequence[Token], text: str) -> str:
    """The characters of a run of tokens, on one line."""
    return " ".join(text[found[0].start : found[-1].end].split()) if found else ""
