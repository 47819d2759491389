"""The rules by which what was found becomes a verdict.

`judged` is a table in the order of its lines: the first that holds gives the verdict.  What
holds besides is told in notes (desk.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.check.people import Agreement
from rag.check.types import Verdict

Marks = Literal["inside", "partly", "outside"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found about one quotation.

    near        the archive has these words, or nearly these
    same_words  no word is missing, added or changed
    cut         words were left out, at an ellipsis or at an end of the sentence
    marks       where the words stand in the archive, seen from its quotation marks
    stitched    the words come from several statements, one behind the other
    asserted    the archive says that they were said, and not that they were not
    speaker, addressee, source  whether the archive has those whom the draft names
    corrected   the archive says later that the passage was wrong
    english     the draft is in a language that can be read
    """

    near: bool
    same_words: bool = True
    cut: bool = False
    marks: Marks = "inside"
    stitched: bool = False
    asserted: bool = True
    speaker: Agreement = "same"
    addressee: Agreement = "unnamed"
    source: Agreement = "same"
    corrected: bool = False
    english: bool = True


def judged(facts: Facts) -> Verdict:
    """The verdict on a quotation."""
    lines = (
        (facts.stitched, Verdict.STITCHED),
        (not facts.near and not facts.english, Verdict.UNCLEAR),
        (not facts.near or not facts.asserted, Verdict.NOT_ON_RECORD),
        (facts.speaker == "other", Verdict.OTHER_SPEAKER),
        (facts.corrected, Verdict.OUT_OF_DATE),
        (facts.marks != "inside", Verdict.REPORTED),
        (not facts.same_words, Verdict.ALTERED),
        (facts.cut, Verdict.CUT),
        (facts.speaker in ("unknown", "unnamed"), Verdict.UNCLEAR),
        (facts.addressee == "other", Verdict.OTHER_ADDRESSEE),
        (facts.source == "other", Verdict.OTHER_SOURCE),
    )
    return next((verdict for holds, verdict in lines if holds), Verdict.EXACT)
