"""A quotation laid along a source: the steps, and that the cheapest is found."""

from __future__ import annotations

import random

import pytest
from rapidfuzz.distance import Levenshtein

from rag.check.align import align
from rag.check.tokens import tokens

SOURCE = "He smiled. We will not sell the well-known north quay before 2035. If they pay, we go."

ROWS = (
    # The draft's words; how many are changed; the kinds of the blocks.
    ("We will not sell", 0, ["same"]),
    ("We will sell", 1, ["same", "missing", "same"]),
    ("We will not ever sell", 1, ["same", "added", "same"]),
    ("We shall not sell", 1, ["same", "changed", "same"]),
    ("We … sell the", 0, ["same", "left out", "same"]),
    ("[The council] will not sell", 0, ["brackets", "same"]),
    ("We will not sell […] before 2035", 0, ["same", "left out", "same"]),
)


@pytest.mark.parametrize(("draft", "distance", "kinds"), ROWS)
def test_the_steps(draft, distance, kinds):
    found = align(tokens(draft, edited=True), tokens(SOURCE))
    assert found.distance == distance
    assert [b.kind for b in found.blocks] == kinds


def test_the_blocks_cover_the_draft_and_run_through_the_source():
    draw = random.Random(1)
    words = "a b c d e f … [x]".split()
    for _ in range(300):
        draft = tokens(" ".join(draw.choices(words, k=draw.randint(1, 9))), edited=True)
        source = tokens(" ".join(draw.choices(words[:6], k=draw.randint(1, 14))))
        found = align(draft, source)
        assert [b.d0 for b in found.blocks][:1] == [0]
        at = 0
        place = found.blocks[0].s0
        for block in found.blocks:
            assert (block.d0, block.s0) == (at, place)
            at, place = block.d1, block.s1
        assert at == len(draft)


def test_the_distance_is_that_of_the_best_stretch():
    """Against every stretch of the source, by another library."""
    draw = random.Random(2)
    for _ in range(200):
        draft = tokens(" ".join(draw.choices("abcdefgh", k=draw.randint(2, 6))))
        source = tokens(" ".join(draw.choices("abcdefgh", k=draw.randint(2, 12))))
        mine, theirs = [t.key for t in draft], [t.key for t in source]
        best = min(
            Levenshtein.distance(mine, theirs[low:high])
            for low in range(len(theirs) + 1)
            for high in range(low, len(theirs) + 1)
        )
        steps = align(draft, source).blocks
        cost = sum(
            max(b.d1 - b.d0, b.s1 - b.s0) for b in steps if b.kind not in ("same", "left out")
        )
        assert cost == best


def test_nothing_to_align_with():
    found = align(tokens("a b"), [])
    assert found.same == 0
    assert found.likeness == 0
