"""What one sentence reports, before anybody is given a name."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.attribution.syntax import Sentence, Word
from index.types import Modality, Span, Tier


@dataclass(slots=True, eq=False)
class Report:
    """One statement found in a sentence; a draft that later rooms complete.

    frame       how it was found ("clause", "object", "according", "quotation" ...)
    speaker     the head word of the speaker's noun phrase, or None
    label       the name in a line under the words ("— Ana Reyes, mayor"), without its title
    heir        for a quotation without attribution: the report whose speaker it inherits
    quotations  the numbers of the masked quotations among its content
    """

    sentence: Sentence
    content: list[Span]
    cue: Span | None
    cue_word: Word | None
    act: str
    frame: str
    speaker: Word | None = None
    speaker_span: Span | None = None
    addressees: list[Word] = field(default_factory=list)
    relayers: list[Word] = field(default_factory=list)
    modality: Modality = "asserted"
    tier: Tier = "speech"
    time: Span | None = None
    place: Span | None = None
    quotations: set[int] = field(default_factory=set)
    heir: Report | None = None
    label: str | None = None
    outer: Report | None = None

    @property
    def span(self) -> Span:
        return Span(self.content[0].start, self.content[-1].end)
