"""The values of the write path: what an article becomes.

They are frozen and know no JSON, no SQLite, no Chroma and no parser.  Offsets are
code points in ``Article.text``, end excluded; that text never changes once it is
decoded, so a span stays true for as long as its article is stored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from index.lang import READ

Kind = Literal["direct", "indirect", "mixed"]
"""Direct: all inside quotation marks.  Indirect: none.  Mixed: some."""

Basis = Literal["explicit", "coreference", "inferred", "corrected", "unknown"]
"""How a participant is known.

explicit: the clause names them.  coreference: a pronoun or a description there was
resolved to a name.  inferred: no word in the clause, but its surroundings say who
(a quotation that follows another, a statement made in a reported phone call).
corrected: a reader of the index put it right.  unknown: nobody could be told.
"""

Modality = Literal["asserted", "negated", "hypothetical"]
"""Whether the article says that the words were said: only asserted ones ever answer."""

Tier = Literal["speech", "nominal"]
"""speech: words or a reported clause.  nominal: only named ("criticised the plan")."""

Role = Literal["speaker", "addressee", "relay"]
"""As what somebody stands in a quote."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article: code points [start, end)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty or reversed span: [{self.start}, {self.end})")

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def slice(self, text: str) -> str:
        """The characters that this span covers; ValueError if it runs past the text."""
        if self.end > len(text):
            raise ValueError(f"span [{self.start}, {self.end}) ends past {len(text)} characters")
        return text[self.start : self.end]


def hull(spans: tuple[Span, ...]) -> Span:
    """The shortest span that covers all of the given ones (at least one)."""
    if len(spans) == 1:
        return spans[0]
    return Span(min(s.start for s in spans), max(s.end for s in spans))


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as it was given.

    ``published`` is an ISO date or date-time, or what the source gave; empty strings
    stand for what is not known.
    """

    id: str
    text: str
    title: str = ""
    url: str = ""
    outlet: str = ""
    author: str = ""
    published: str = ""
    language: str = READ
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Some whole sentences of an article: what is embedded and searched for words."""

    id: str
    article_id: str
    span: Span
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a participant stands in the text, and who that is.

    ``span`` covers the whole noun phrase ("Foreign Minister Pavel Orlov"), or the
    pronoun; ``name`` is the fullest name that the article gives to that person or body
    ("Pavel Orlov"), or None when a pronoun or description could not be resolved.
    """

    span: Span
    name: str | None
    basis: Basis = "explicit"


@dataclass(frozen=True, slots=True)
class Quote:
    """One statement that an article attributes to somebody.

    content    its words; more than one span when the attribution stands between them,
               in the order of the text, marks included
    sentence   the whole sentences that carry words and attribution
    cue        the reporting words ("told", "according to"), or None
    act        the sense of the cue (say, deny, accuse, promise, ...), "say" without one
    co_speakers  who said it together with the speaker ("Dolan and Aune announced")
    chain      who passed the words on, first relayer first ("according to Reuters")
    time, place  where the attribution says when and where it was said
    """

    id: str
    article_id: str
    content: tuple[Span, ...]
    sentence: Span
    kind: Kind
    cue: Span | None = None
    act: str = "say"
    speaker: Mention | None = None
    co_speakers: tuple[Mention, ...] = ()
    addressees: tuple[Mention, ...] = ()
    chain: tuple[Mention, ...] = ()
    modality: Modality = "asserted"
    tier: Tier = "speech"
    time: Span | None = None
    place: Span | None = None

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("a quote needs at least one span of content")
        if list(self.content) != sorted(self.content):
            raise ValueError(f"content spans out of order: {self.content}")

    @property
    def span(self) -> Span:
        """From the first to the last word of the content."""
        return hull(self.content)

    @property
    def attribution(self) -> Basis:
        """How its speaker is known."""
        return self.speaker.basis if self.speaker else "unknown"


def spans_from_json(text: str) -> tuple[Span, ...]:
    """The spans that a column holds."""
    return tuple(Span(start, end) for start, end in json.loads(text))
