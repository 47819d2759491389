"""What one sentence reports, before anybody is given a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from index.attribution.syntax import Sentence, Word
from index.types import Modality, Span, Tier

FoundBy = Literal[
    "clause",
    "around",
    "object",
    "preposition",
    "noun",
    "according",
    "quotation",
    "floating",
    "signed",
    "headed",
]
"""By what a report was found.

clause, object, preposition   the clause, object or prepositional object of a verb
around                        the clause around a parenthetical cue ("the line, she said, is shut")
noun                          the clause of a noun ("his claim that ...")
according                     a source outside the clause ("according to Reuters")
quotation                     words in marks beside a cue
floating                      words in marks without a cue
signed                        a name below the words ("— Ana Reyes, mayor")
headed                        a line above the words ("From Mayor Ana Reyes:")
"""


@dataclass(slots=True, eq=False)
class Report:
    """One statement found in a sentence; a draft that later modules complete.

    content     the spans of its words, in the order of the text
    cue         the span that is shown as its reporting words, or None
    cue_word    the verb or noun that reports it, or None
    act         what the cue does with the words: one of the language's ``acts``
    found_by    by what it was found (see `FoundBy`)
    speaker     the head word of the speaker's noun phrase, or None
    addressees  the head words of those to whom it was made
    relayers    the head words of those who passed it on, the first relayer first
    tier        "nominal" if the article only names the act and gives no words of it
    label       the name in a line under the words ("— Ana Reyes, mayor"), without its title
    heir        for a quotation without attribution: the report whose speaker it inherits
    outer       the report in whose words this one stands, or None
    quotations  the numbers of the masked quotations among its content
    """

    sentence: Sentence
    content: list[Span]
    found_by: FoundBy
    cue: Span | None = None
    cue_word: Word | None = None
    act: str = "say"
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
