"""The values of a check: what a draft claims, and what the archive has of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from index.types import Span
from rag.types import Citation


class Verdict(Enum):
    """What the archive says to one quotation or attributed statement of a draft.

    Each has the label that is shown.  The order is that of a list for an editor: what must
    not be printed comes first.
    """

    OTHER_SPEAKER = "other speaker"
    ALTERED = "altered"
    STITCHED = "stitched"
    REPORTED = "reported, not quoted"
    NOT_ON_RECORD = "not on record"
    OUT_OF_DATE = "out of date"
    OTHER_SOURCE = "other source"
    OTHER_ADDRESSEE = "other addressee"
    CUT = "cut"
    DIFFERS = "differs"
    UNCLEAR = "unclear"
    NOTHING_FOUND = "nothing found"
    SUPPORTED = "supported"
    EXACT = "exact"

    @property
    def passes(self) -> bool:
        """Whether nothing has to be done about it: exact words, or a supported paraphrase."""
        return self in (Verdict.EXACT, Verdict.SUPPORTED)


MEANING = {
    Verdict.EXACT: "these words, and this speaker",
    Verdict.ALTERED: "nearly these words",
    Verdict.CUT: "these words, with others left out",
    Verdict.REPORTED: "the archive has these words outside quotation marks",
    Verdict.OTHER_SPEAKER: "these words are on record from somebody else",
    Verdict.OTHER_ADDRESSEE: "these words were said to somebody else",
    Verdict.OTHER_SOURCE: "these words were passed on by somebody whom the draft does not name",
    Verdict.STITCHED: "several statements made into one",
    Verdict.OUT_OF_DATE: "the passage was corrected later",
    Verdict.NOT_ON_RECORD: "nothing near is in this archive, which is not the world",
    Verdict.SUPPORTED: "a passage of the archive says so in other words",
    Verdict.DIFFERS: "the nearest passage has another figure or name, or says the reverse",
    Verdict.NOTHING_FOUND: "no passage of this archive says so",
    Verdict.UNCLEAR: "it cannot be told",
}
"""What each verdict means, in a few words for the reader of a report."""

DiffChange = Literal["same", "missing", "added", "changed", "left out"]
"""Missing: the archive has it and the draft has not.  Left out: at an ellipsis, or at an end."""

Weight = Literal["", "negation", "number", "name", "condition"]
"""Why a change is grave; "" if it is not."""


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A stretch of a word diff: the draft's words and the archive's, as they are written.

    ``draft`` is empty where words are missing or left out, ``archive`` where they are added.
    """

    change: DiffChange
    draft: str = ""
    archive: str = ""
    weight: Weight = ""

    @property
    def grave(self) -> bool:
        """Whether it turns the sense, or may."""
        return bool(self.weight)


@dataclass(frozen=True, slots=True)
class Finding:
    """One quotation or attributed statement of a draft, and the verdict on it.

    ``span`` is where it stands in the draft, marks included, and ``words`` are these
    characters.  ``quoted`` tells whether they stand in quotation marks.  ``speaker``,
    ``addressees`` and ``sources`` are as the draft names them.  ``passages`` are the places of
    the archive that the verdict rests on, the best first; for *not on record* and *nothing
    found* the nearest, which are no evidence.  ``diff`` compares with the first of them.
    ``probability`` is that of a paraphrase being supported, None for a quotation.  ``notes``
    are whole sentences, the most important first.
    """

    span: Span
    words: str
    verdict: Verdict
    quoted: bool = True
    speaker: str | None = None
    addressees: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    passages: tuple[Citation, ...] = ()
    diff: tuple[DiffPart, ...] = ()
    corrected: str = ""
    notes: tuple[str, ...] = ()
    probability: float | None = None
    turned: bool = False

    @property
    def grave(self) -> bool:
        """Return whether the claim must not be printed as it stands."""
        return self.turned or any(part.grave for part in self.diff)

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Sorts findings worst first, those of one kind in the order of the draft."""
        return (not self.grave, list(Verdict).index(self.verdict), self.span.start)


UncheckedReason = Literal["too short", "no speaker", "title", "common phrase"]
"""Why words in quotation marks were not checked."""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Words in quotation marks that are nobody's statement: scare quotes, titles, phrases."""

    span: Span
    words: str
    reason: UncheckedReason


@dataclass(frozen=True, slots=True)
class Check:
    """What became of a draft: its text, a finding for each claim in the order of the draft, and
    what was not checked.  ``name`` is the file's; ``articles`` is the size of the archive."""

    text: str = field(repr=False)
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...] = ()
    name: str = ""
    articles: int = 0

    @property
    def worst_first(self) -> tuple[Finding, ...]:
        """Return the findings by `Finding.rank`: grave ones first, then by verdict and place."""
        return tuple(sorted(self.findings, key=lambda f: f.rank))

    @property
    def passes(self) -> bool:
        """Whether every verdict is exact, or a paraphrase that is supported."""
        return all(f.verdict.passes for f in self.findings)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many findings each verdict has; those without one are left out."""
        found = Counter(f.verdict for f in self.findings)
        return {verdict: found[verdict] for verdict in Verdict if found[verdict]}

    def __str__(self) -> str:
        from rag.check.render import as_text

        return as_text(self)
