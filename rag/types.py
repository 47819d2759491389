"""The values of the read path: what a question becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from index.types import Article, Kind, Quote, Span

QuestionKind = Literal["said", "who_said", "according_to", "when", "where", "to_whom", "fact"]
"""What is asked for: somebody's words; whose words these are; who passed them on; when
or where they were said; to whom; or a plain fact."""

Status = Literal["answered", "partial", "no_answer"]

Reason = Literal[
    "",
    "no articles",
    "question not understood",
    "person not in the corpus",
    "never quoted",
    "never to that addressee",
    "not about that",
    "words not found",
]
"""Why there is no (full) answer; empty when there is one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """How a question was read.

    ``speakers`` and ``addressees`` are names as the corpus spells them where it knows
    them, else as they were asked (then also in ``unknown``).  ``act`` is the kind of
    speech asked for (deny, promise, ...), "" for any.  ``words`` are words that were
    put inside quotation marks.  ``since`` and ``until`` are ISO dates, "" for open.
    """

    text: str
    kind: QuestionKind
    speakers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    topic: str = ""
    words: str = ""
    act: str = ""
    outlet: str = ""
    since: str = ""
    until: str = ""
    unknown: tuple[str, ...] = ()
    follow_up: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote, or a bare sentence, that may answer a question.

    ``similarity`` is the cosine of its vector to the topic's; ``overlap`` the share of
    the topic's words that it holds, rare words counting more; ``score`` what the ranking
    made of both, 0 before it.
    """

    article: Article
    span: Span
    sentence: Span
    quote: Quote | None
    similarity: float
    overlap: float
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """The evidence that answers, best first; or why none does, and what comes nearest."""

    evidence: tuple[Evidence, ...]
    reason: Reason = ""
    near: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before its citations are checked; the text carries their numbers as [n]."""

    text: str
    ranking: Ranking
    question: Question


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of an article that stand for a claim: ``quote`` is ``text[start:end]``.

    ``sentence`` is the text of the sentences that carry them.  ``speaker`` and the
    other names are as the index resolved them, None or empty where it could not.
    """

    number: int
    article: Article
    start: int
    end: int
    quote: str
    sentence: str
    speaker: str | None = None
    addressees: tuple[str, ...] = ()
    cue: str | None = None
    kind: Kind | None = None
    chain: tuple[str, ...] = ()
    attribution: str = "unknown"
    source: Quote | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is on record, or why nothing is: it has citations or a reason, never neither."""

    question: str
    text: str
    status: Status
    reason: Reason = ""
    interpretation: Question | None = None
    citations: tuple[Citation, ...] = ()
    near_misses: tuple[Citation, ...] = ()

    def __post_init__(self) -> None:
        if not self.citations and not self.reason:
            raise ValueError("an answer needs citations, or a reason for having none")

    def __str__(self) -> str:
        return self.text
