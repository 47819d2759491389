"""A quotation laid along a source, word by word: where it stands there, and what differs.

Semi-global alignment (Sellers 1980): the source may go on before and behind at no cost.  At an
ellipsis any number of its words may be passed over, at square brackets a few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag.check.tokens import BRACKETS, ELLIPSIS, SENTENCE_ENDS, Token

IN_BRACKETS = 6
"""Words of a source, at most, in whose place an editor's bracket stands."""

EDIT = 1 << 20
"""Cost of a word that is missing, added or changed; each word in common takes 1 off, so that of
alignments with as many edits that with most words in common is the cheapest."""

BlockKind = Literal["same", "missing", "added", "changed", "left out", "brackets"]


@dataclass(frozen=True, slots=True)
class AlignedBlock:
    """Tokens [d0, d1) of the draft stand against tokens [s0, s1) of the source."""

    kind: BlockKind
    d0: int
    d1: int
    s0: int
    s1: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """The blocks in order.  ``start`` and ``end`` bound the tokens of the source that are met;
    ``distance`` counts words that were missing, added or changed; ``same`` those in common."""

    blocks: tuple[AlignedBlock, ...]
    start: int
    end: int
    distance: int
    same: int

    @property
    def likeness(self) -> float:
        """Share of the words in common, of the longer of the two sides, left out ones apart."""
        passed = sum(b.s1 - b.s0 for b in self.blocks if b.kind in ("left out", "brackets"))
        longer = max(self.same + self.distance, self.end - self.start - passed)
        return self.same / longer if longer else 0.0


def align(draft: Sequence[Token], source: Sequence[Token]) -> Alignment:
    """The alignment with the fewest edits; of these, that with the most words in common."""
    ids: dict[str, int] = {}
    row = np.array([ids.setdefault(t.key, len(ids)) for t in source], np.int64)
    places = np.arange(len(source) + 1)
    rows = [np.zeros(len(source) + 1, np.int64)]
    for token in draft:
        rows.append(_next_cost_row(rows[-1], token.key, ids.get(token.key, -1), row, places))
    end = int(len(source) - np.argmin(rows[-1][::-1]))
    if draft and draft[-1].key in (ELLIPSIS, BRACKETS):
        end = _last_end(draft[-1].key, rows[-1], rows[-2], source)
    return _refined(_blocks(draft, source, rows, end))


def _next_cost_row(
    above: NDArray[np.int64],
    key: str,
    code: int,
    row: NDArray[np.int64],
    places: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The costs with one more token of the draft, for each number of tokens of the source."""
    if key == ELLIPSIS:
        return np.minimum.accumulate(above)
    if key == BRACKETS:
        found = above.copy()
        for width in range(1, min(IN_BRACKETS, len(row)) + 1):
            np.minimum(found[width:], above[:-width], out=found[width:])
        return found
    found = above + EDIT
    np.minimum(found[1:], above[:-1] + np.where(row == code, -1, EDIT), out=found[1:])
    result: NDArray[np.int64] = np.minimum.accumulate(found - EDIT * places) + EDIT * places
    return result


def _last_end(
    key: str, last: NDArray[np.int64], above: NDArray[np.int64], source: Sequence[Token]
) -> int:
    """Where a quotation stops that ends in an ellipsis or a bracket: at what stands before it,
    for the bracket with the words up to the sentence's end that it can stand for."""
    end = int(np.argmin(above))
    if key == ELLIPSIS:
        return end
    while end < len(source) and last[end] == last.min() and end - np.argmin(above) < IN_BRACKETS:
        if end and source[end - 1].ends in SENTENCE_ENDS:
            break
        end += 1
    return end


def _blocks(
    draft: Sequence[Token], source: Sequence[Token], rows: Sequence[NDArray[np.int64]], end: int
) -> list[AlignedBlock]:
    """The steps of the cheapest way back, each a block."""
    found: list[AlignedBlock] = []
    i, j = len(draft), end
    while i:
        here, above, key = rows[i], rows[i - 1], draft[i - 1].key
        if key in (ELLIPSIS, BRACKETS):
            k = _passed(above, here[j], key, j, source)
            found.append(
                AlignedBlock("left out" if key == ELLIPSIS else "brackets", i - 1, i, k, j)
            )
            i, j = i - 1, k
            continue
        equal = j > 0 and source[j - 1].key == key
        if j > 0 and here[j] == above[j - 1] + (-1 if equal else EDIT):
            found.append(AlignedBlock("same" if equal else "changed", i - 1, i, j - 1, j))
            i, j = i - 1, j - 1
        elif here[j] == above[j] + EDIT:
            found.append(AlignedBlock("added", i - 1, i, j, j))
            i -= 1
        else:
            found.append(AlignedBlock("missing", i, i, j - 1, j))
            j -= 1
    return found[::-1]


def _passed(
    above: NDArray[np.int64], cost: np.int64, key: str, j: int, source: Sequence[Token]
) -> int:
    """From where on the source is passed over up to j: as little as can be at an ellipsis; at a
    bracket as much as can be of the same sentence, since the bracket stands for something."""
    if key == ELLIPSIS:
        return int(np.flatnonzero(above[: j + 1] == cost)[-1])
    best = j
    for k in range(j, max(-1, j - IN_BRACKETS - 1), -1):
        if k < j and source[k].ends in SENTENCE_ENDS:
            break
        if above[k] == cost:
            best = k
    return best if above[best] == cost else int(np.flatnonzero(above[: j + 1] == cost)[-1])


def _refined(steps: Sequence[AlignedBlock]) -> Alignment:
    """The steps as runs."""
    runs: list[AlignedBlock] = []
    for step in steps:
        last = runs[-1] if runs else None
        if last and _is_one_run(last.kind, step.kind):
            kind: BlockKind = last.kind if last.kind == step.kind else "changed"
            runs[-1] = replace(last, kind=kind, d1=step.d1, s1=step.s1)
        else:
            runs.append(step)
    met = [r for r in runs if r.kind != "left out"]
    start = min((r.s0 for r in met), default=0)
    end = max((r.s1 for r in met), default=0)
    changed = [r for r in runs if r.kind in ("missing", "added", "changed")]
    return Alignment(
        tuple(runs),
        start,
        end,
        sum(max(r.d1 - r.d0, r.s1 - r.s0) for r in changed),
        sum(min(r.d1 - r.d0, r.s1 - r.s0) for r in runs if r.kind == "same"),
    )


_CHANGES = ("missing", "added", "changed")


def _is_one_run(one: BlockKind, other: BlockKind) -> bool:
    return one == other == "same" or (one in _CHANGES and other in _CHANGES)
