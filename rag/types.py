"""The values of the read path: what a question becomes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from index.types import Article, Kind, Quote, Span

QuestionKind = Literal[
    "said", "who_said", "according_to", "when", "where", "to_whom", "fact", "help"
]
"""What is asked for: somebody's words; whose words these are; who passed them on; when
or where they were said; to whom; a plain fact; or nothing but what can be asked (a greeting,
thanks, "what can you do?")."""

Status = Literal["answered", "partial", "no_answer", "help"]
"""Help is what a greeting gets: no citation, and questions that the index answers."""

Reason = Literal[
    "",
    "no articles",
    "question not understood",
    "person not in the corpus",
    "never quoted",
    "never to that addressee",
    "not about that",
    "words not found",
    "sentences left out",
    "statements left out",
]
"""Why there is no (full) answer; empty when there is one."""

YesOrNo = Literal["", "yes", "no"]
"""What the record says to a question for yes or no; empty where it does not say for certain."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What the asker fixes, whatever the question says; empty strings fix nothing.

    speaker, addressee  a name or a role, as in a question
    outlet              part of an outlet's name
    since, until        first and last day of publication, ISO dates or parts ("2020-11")
    kind                direct, indirect or mixed
    """

    speaker: str = ""
    addressee: str = ""
    outlet: str = ""
    since: str = ""
    until: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Conversed:
    """A conversation that a question asks about, as an event.

    ``people`` took part in it: names as in ``Question.speakers``, or descriptions as they were
    typed ("the foreign ministers").  ``topic`` is what they talked about, or when.  ``words``
    tells that what was said is asked for, and not the conversation itself.
    """

    people: tuple[str, ...]
    topic: str = ""
    words: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """How a question was read, and what filters fixed.

    text         the question as typed, its white space, normal form and slips of the pen aside
    typed        the question with its slips of the pen; "" where it has none
    kind         what is asked for
    speakers     whose statements are asked for: names as the corpus spells them where it knows
                 them, else as they were typed (then also in ``unknown``)
    addressees   to whom they were made, likewise
    topic        what they are about
    words        words that were typed inside quotation marks
    act          the act asked for (deny, promise, ...), "" for any
    outlet       part of the name of the outlet
    since, until first and last day of publication, ISO dates or parts of them, "" for open
    quote_kind   direct, indirect or mixed, "" for any
    unknown      people who were named and are not in the corpus
    excluded     people who are not asked for ("apart from Reed")
    over_time    statements of several dates are asked for
    several      statements of several people are asked for
    compared     statements are asked for that are set side by side
    exhaustive   all statements are asked for (a list, a summary)
    mutual       what the speakers said to each other, in both directions
    closed       yes or no is asked for
    follow_up    it was completed from the conversation before it
    context      what the conversation was about (the text of the last answer), where a
                 follow-up names no topic
    either       the people between whom a pronoun leaves the choice open
    role         a description of the speaker that names nobody ("the detective")
    named        all people of the corpus whose names stand anywhere in the question
    also         further questions that were typed together with this one
    otherwise    a second reading, which is tried where nothing answers this one
    conversed    the conversation that is asked about, if it is
    foreign      it is in another language than is read
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
    quote_kind: str = ""
    unknown: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    over_time: bool = False
    several: bool = False
    compared: bool = False
    exhaustive: bool = False
    mutual: bool = False
    closed: bool = False
    follow_up: bool = False
    context: str = ""
    either: tuple[str, ...] = ()
    role: str = ""
    named: tuple[str, ...] = ()
    also: tuple[Question, ...] = ()
    otherwise: Question | None = None
    conversed: Conversed | None = None
    foreign: bool = False
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Late:
    """Late interaction of a question with a candidate: the mean cosine of each word of the
    question to the nearest word of a text (Khattab & Zaharia 2020), rare words counting more.

    words        the words of the topic, with the candidate itself
    rarest       the least of these among the rare words of the topic
    sentence     the words of the topic, with the candidate's sentence
    question     all words of the question, with the sentence
    introduced   all words of the question, with the sentence and the words beside which the
                 article introduces the speaker
    before       all words of the question, with what ``introduced`` has and what stands before
                 the sentence
    """

    words: float = 0.0
    rarest: float = 0.0
    sentence: float = 0.0
    question: float = 0.0
    introduced: float = 0.0
    before: float = 0.0


NOT_COMPARED = Late()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote, or a bare sentence, that may answer a question.

    ``similarity`` is the cosine of its vector to the topic's; ``overlap`` the share of
    the topic's words that it and its surroundings hold, rare words counting more, and ``inside``
    the share in its own sentences; ``score`` is what the judge makes of all.
    ``speaker`` is who makes the statement in a sentence from which no quote was taken.
    ``copies`` are articles that carry the same words; ``original`` is the id of the earliest of
    the near-identical articles, "" where there is but one.  ``vetoed`` says that it can never
    answer the question; such a candidate has no late interaction.
    """

    article: Article
    span: Span
    sentence: Span
    quote: Quote | None
    similarity: float = 0.0
    overlap: float = 0.0
    inside: float = 0.0
    late: Late = NOT_COMPARED
    score: float = 0.0
    speaker: str = ""
    copies: tuple[Article, ...] = ()
    original: str = ""
    vetoed: bool = False

    def compared(self, late: Late) -> Evidence:
        """Return the candidate with its late interaction."""
        return self._weighed(late, self.score)

    def scored(self, score: float) -> Evidence:
        """Return the candidate with its score."""
        return self._weighed(self.late, score)

    def _weighed(self, late: Late, score: float) -> Evidence:
        """Return the candidate with both, as `dataclasses.replace` does in four times the time."""
        return Evidence(
            self.article,
            self.span,
            self.sentence,
            self.quote,
            self.similarity,
            self.overlap,
            self.inside,
            late,
            score,
            self.speaker,
            self.copies,
            self.original,
            self.vetoed,
        )


@dataclass(frozen=True, slots=True)
class Ranking:
    """The evidence that answers, best first; or why none does, and what comes nearest.

    ``verdict`` answers a question for yes or no.  ``more`` is how many further statements
    answer the question as well and were left out because only so many were asked for.
    ``unread`` are the languages in which articles were not read, with the number of these.
    """

    evidence: tuple[Evidence, ...]
    reason: Reason = ""
    near: tuple[Evidence, ...] = ()
    verdict: YesOrNo = ""
    more: int = 0
    unread: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A part of an answer in the program's own words, not an article's."""

    text: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of an answer that is cut from an article: ``text`` is ``article.text[start:end]``.

    ``quoted`` marks what is cited; the rest of the sentence around it is not.
    """

    article: str
    start: int
    end: int
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A part of an answer that is a name, as the index resolved it, or an outlet or a date."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A part of an answer that is the number of a citation."""

    number: int


Part: TypeAlias = Words | Slice | Name | Number


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer: usually a sentence of an article, with what it has to be known
    with."""

    parts: tuple[Part, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The citations that the line carries, in the order of the line."""
        return tuple(p.number for p in self.parts if isinstance(p, Number))

    def __str__(self) -> str:
        """The line as plain text; line breaks inside an article's sentence become blanks."""
        return "".join(" ".join(re.split(r"[ \t]*\n\s*", _plain(part))) for part in self.parts)


def _plain(part: Part) -> str:
    return f"[{part.number}]" if isinstance(part, Number) else part.text


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before its citations are checked; ``suggestions`` are for one that is help."""

    lines: tuple[Line, ...]
    ranking: Ranking
    question: Question
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of an article that stand for a claim: ``quote`` is ``text[start:end]``.

    ``sentence`` is the text of the sentences that carry them.  ``speaker`` and the
    other names are as the index resolved them, None or empty where it could not;
    ``co_speakers`` said it together with the speaker.
    ``copies`` are other articles with the same words, as agencies' stories have.
    """

    number: int
    article: Article
    start: int
    end: int
    quote: str
    sentence: str
    speaker: str | None = None
    co_speakers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    cue: str | None = None
    kind: Kind | None = None
    chain: tuple[str, ...] = ()
    attribution: str = "unknown"
    copies: tuple[Article, ...] = ()
    source: Quote | None = field(default=None, compare=False)

    @property
    def recorded_at(self) -> str:
        """The time code of the words in a recording ("00:01:05"), "" for what is no transcript."""
        time = self.source.time if self.source else None
        code = time.slice(self.article.text).strip("[]() ") if time else ""
        return code if ":" in code and code[:1].isdigit() else ""


@dataclass(frozen=True, slots=True)
class Consulted:
    """What a language model was asked for one answer, what it was sent, and what became of it.

    provider   the model, and the host it is at where that is not the provider's own
    asked      what for: reading, choosing, prose; empty if it was not asked at all
    sent       the passages that were sent to it, verbatim, beside the question
    prose      the sentences that were verified
    left_out   why each of the others was left out
    note       what went wrong, "" if nothing did
    """

    provider: str
    asked: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    prose: str = ""
    left_out: tuple[str, ...] = ()
    note: str = ""

    def __str__(self) -> str:
        """The account in a few plain sentences."""
        if not self.asked:
            return f"{self.provider} was not asked. {_as_sentence(self.note)}".strip()
        passages = f" and {_count(len(self.sent), 'passage')}" if self.sent else ""
        account = f"{self.provider} was sent the question{passages}, for {listed(self.asked)}."
        if self.left_out:
            reasons = listed(tuple(dict.fromkeys(self.left_out)))
            account += f" Left out: {_count(len(self.left_out), 'sentence')} ({reasons})."
        if self.note:
            account += f" {_as_sentence(self.note)} The answer is the one without it."
        return account


def _as_sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _count(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def listed(names: Sequence[str], word: str = "and") -> str:
    """Return the names as "A", "A and B" or "A, B and C"; an empty string for none."""
    head, last = names[:-1], names[-1:]
    return f" {word} ".join(filter(None, (", ".join(head), *last)))


@dataclass(frozen=True, slots=True)
class AsOf:
    """How fresh an archive is: the newest date of publication in it, "" if none is known, and
    when an article was last added, changed or removed, as an ISO date-time."""

    newest: str
    taken: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is on record, or why nothing is: it has citations or a reason, never neither,
    unless it is help.

    ``lines`` are the parts that ``text`` is rendered from.  ``more`` is how many further
    statements answer the question: ask with a larger ``k`` for them.  ``suggestions`` are
    questions that the index answers, for help.  ``llm`` is the account of a language model,
    None where none is configured.  ``as_of`` is how fresh the archive was that was asked.
    """

    question: str
    text: str
    status: Status
    reason: Reason = ""
    interpretation: Question | None = None
    citations: tuple[Citation, ...] = ()
    near_misses: tuple[Citation, ...] = ()
    llm: Consulted | None = None
    lines: tuple[Line, ...] = ()
    more: int = 0
    suggestions: tuple[str, ...] = ()
    as_of: AsOf | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not self.citations and not self.reason and self.status != "help":
            raise ValueError("an answer needs citations, or a reason for having none")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Reading:
    """The first event of a stream: how the question was read."""

    question: Question


@dataclass(frozen=True, slots=True)
class Findings:
    """The second event: what will be cited, checked; or why nothing is, and what comes near."""

    citations: tuple[Citation, ...]
    near_misses: tuple[Citation, ...] = ()
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """The answer's text as far as it is written and verified; each one replaces the last."""

    text: str
    lines: tuple[Line, ...] = ()


Event = Reading | Findings | Prose | Answer
"""What a stream gives: one Reading, one Findings, Prose once or more, and last the Answer."""
