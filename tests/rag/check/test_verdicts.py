"""The rules, as a table: what was found, and the verdict."""

from __future__ import annotations

import itertools

import pytest

from rag.check.types import MEANING, Verdict
from rag.check.verdict import Facts, judged

NEAR = Facts(near=True)

GOLDEN = (
    (Facts(near=True), Verdict.EXACT),
    (Facts(near=False), Verdict.NOT_ON_RECORD),
    (Facts(near=False, english=False), Verdict.UNCLEAR),
    (Facts(near=True, english=False), Verdict.EXACT),
    (Facts(near=False, stitched=True), Verdict.STITCHED),
    (Facts(near=True, stitched=True, same_words=False), Verdict.STITCHED),
    (Facts(near=True, asserted=False), Verdict.NOT_ON_RECORD),
    (Facts(near=True, speaker="other"), Verdict.OTHER_SPEAKER),
    (Facts(near=True, speaker="other", same_words=False), Verdict.OTHER_SPEAKER),
    (Facts(near=True, speaker="other", marks="outside"), Verdict.OTHER_SPEAKER),
    (Facts(near=True, corrected=True), Verdict.OUT_OF_DATE),
    (Facts(near=True, corrected=True, cut=True), Verdict.OUT_OF_DATE),
    (Facts(near=True, marks="outside"), Verdict.REPORTED),
    (Facts(near=True, marks="partly"), Verdict.REPORTED),
    (Facts(near=True, marks="outside", same_words=False), Verdict.REPORTED),
    (Facts(near=True, same_words=False), Verdict.ALTERED),
    (Facts(near=True, same_words=False, cut=True), Verdict.ALTERED),
    (Facts(near=True, same_words=False, speaker="unknown"), Verdict.ALTERED),
    (Facts(near=True, cut=True), Verdict.CUT),
    (Facts(near=True, cut=True, addressee="other"), Verdict.CUT),
    (Facts(near=True, speaker="unknown"), Verdict.UNCLEAR),
    (Facts(near=True, speaker="unnamed"), Verdict.UNCLEAR),
    (Facts(near=True, addressee="other"), Verdict.OTHER_ADDRESSEE),
    (Facts(near=True, addressee="other", source="other"), Verdict.OTHER_ADDRESSEE),
    (Facts(near=True, addressee="unknown"), Verdict.EXACT),
    (Facts(near=True, addressee="same"), Verdict.EXACT),
    (Facts(near=True, source="other"), Verdict.OTHER_SOURCE),
)


@pytest.mark.parametrize(("facts", "verdict"), GOLDEN)
def test_the_golden_table(facts, verdict):
    assert judged(facts) is verdict


def test_exact_needs_everything():
    """Of all combinations of facts, only those without any fault are exact."""
    for near, same, cut, stitched, asserted, corrected in itertools.product(
        (True, False), repeat=6
    ):
        for marks in ("inside", "partly", "outside"):
            for speaker, addressee in itertools.product(
                ("same", "other", "unknown", "unnamed"), repeat=2
            ):
                for source in ("same", "other"):
                    facts = Facts(
                        near, same, cut, marks, stitched, asserted, speaker, addressee, source,
                        corrected,
                    )  # fmt: skip
                    sound = near and same and asserted and not (cut or stitched or corrected)
                    people = speaker == "same" and addressee != "other" and source == "same"
                    wanted = sound and people and marks == "inside"
                    assert (judged(facts) is Verdict.EXACT) == wanted


def test_every_verdict_says_what_it_means():
    assert MEANING.keys() == set(Verdict)
    assert not any("false" in meaning for meaning in MEANING.values())
