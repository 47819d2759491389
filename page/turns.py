"""The conversation: each question, how it was read, its quote cards and its summary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from page.cards import card
from page.markup import button, data
from page.visible import attribute, isolated, shown
from page.words import REASONS
from rag.types import Answer, Citation, Event, Findings, Prose, Question, Reading

FORMATS = {"md": "Markdown", "csv": "CSV", "jsonld": "JSON-LD"}
"""What an answer can be exported as: file ending and name."""


def conversation(answers: Sequence[Answer], searched: str = "") -> str:
    """All turns, oldest first; ``searched`` says what a refusal had looked through."""
    return "".join(turn(answer, n, searched=searched) for n, answer in enumerate(answers, 1))


def turn(answer: Answer, number: int, *, searched: str = "") -> str:
    """One question with what is on record."""
    read = answer.interpretation
    parts = [asked(answer.question), reading(read, number) if read else ""]
    if answer.citations:
        if answer.status == "partial":
            meant = REASONS.get(answer.reason, "")
            parts.append(f'<p class="note partly">Partly answered. {shown(meant)}</p>')
        parts.append(_cards(answer.citations, number))
        parts.append(_summary(answer.text, answer.citations, number))
        parts.append(_exports(number))
    else:
        parts.append(_refusal(answer, number, searched))
    return f'<section class="turn" data-turn="{number}">{"".join(parts)}</section>'


@dataclass(frozen=True, slots=True)
class Growing:
    """A question that is being answered, as far as that has come."""

    question: str
    number: int
    read: Question | None = None
    citations: tuple[Citation, ...] = ()
    text: str = ""

    def after(self, event: Event) -> Growing:
        """The same, one event later."""
        match event:
            case Reading(question):
                return replace(self, read=question)
            case Findings(citations):
                return replace(self, citations=citations)
            case Prose(text):
                return replace(self, text=text)
        return self

    def __str__(self) -> str:
        """What is there already as HTML, and what is being done about the rest."""
        stage = "Reading the question …"
        if self.read:
            stage = "Looking through the articles …"
        if self.citations:
            stage = "Writing the summary …"
        parts = [
            asked(self.question),
            reading(self.read, self.number) if self.read else "",
            _cards(self.citations, self.number) if self.citations else "",
            _summary(self.text, self.citations, self.number) if self.citations else "",
            f'<p class="stage" role="status"><span class="pulse" aria-hidden="true"></span>'
            f"{stage}</p>",
        ]
        inner = "".join(parts)
        return f'<section class="turn waiting" data-turn="{self.number}">{inner}</section>'


def _cards(citations: Sequence[Citation], number: int) -> str:
    cards = "".join(card(c, turn=number, number=c.number) for c in citations)
    return f'<ol class="cards">{cards}</ol>'


def _summary(text: str, citations: Sequence[Citation], number: int) -> str:
    return f'<p class="summary">{numbered(text, citations, number)}</p>' if text else ""


def asked(question: str) -> str:
    """The question as it was put."""
    return f'<h2 class="asked">{isolated(question)}</h2>'


def numbered(text: str, citations: Sequence[Citation], turn: int) -> str:
    """The text of an answer, its numbers as buttons that show the passage."""
    numbers = {c.number for c in citations}

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        if number not in numbers:
            return match[0]
        title = f"Passage {number}: show in the article"
        return button("select", f"{number}", "ref", title, turn=turn, number=number)

    return re.sub(r"\[(\d+)\]", link, shown(text))


def _refusal(answer: Answer, number: int, searched: str) -> str:
    meant = REASONS.get(answer.reason, "")
    where = f" Searched: {searched}." if searched else ""
    found = (
        f'<div class="refusal"><p class="verdict">{shown(answer.text)}</p>'
        f'<p class="note">{shown(meant + where)}</p></div>'
    )
    read = answer.interpretation
    if either := getattr(read, "either", ()):
        names = "".join(
            button("example_select", isolated(name), "example", question=name) for name in either
        )
        found += f'<p class="examples">{names}</p>'
    if answer.near_misses:
        near = "".join(
            card(c, near=True, label="≈", turn=number, near_number=c.number)
            for c in answer.near_misses
        )
        found += f'<p class="note near-title">Nearest on record</p><ol class="cards">{near}</ol>'
    return found


def _exports(number: int) -> str:
    choices = "".join(
        button("download", name, "quiet", turn=number, form=ending)
        for ending, name in FORMATS.items()
    )
    return (
        '<details class="menu"><summary>Export this answer</summary>'
        f'<p class="choices">{choices}</p></details>'
    )


def parts(question: Question) -> list[tuple[str, str]]:
    """How a question was read: what each part is called, and its value."""
    slots = (
        ("speaker", ", ".join(question.speakers)),
        ("to", ", ".join(question.addressees)),
        ("about", question.topic),
        ("words", question.words),
        ("outlet", question.outlet),
        ("kind", getattr(question, "quote_kind", "")),
        ("not", ", ".join(getattr(question, "excluded", ()))),
    )
    found = [(name, value) for name, value in slots if value]
    return [*found, ("date", _dates(question))]


def _dates(question: Question) -> str:
    since, until = question.since, question.until
    if since and until:
        return f"{since} to {until}"
    return f"since {since}" if since else f"until {until}" if until else "any"


def reading(question: Question, number: int) -> str:
    """The reading in one line; opened, each part of it can be changed and asked again."""
    chips = "".join(
        f'<span class="part"><span class="part-name">{name}</span> {isolated(value)}</span>'
        for name, value in parts(question)
    )
    fields = (
        ("speaker", "Speaker", ", ".join(question.speakers), 'list="people"'),
        ("to", "To", ", ".join(question.addressees), 'list="people"'),
        ("about", "About", question.topic or question.words, ""),
        ("since", "From (date)", question.since, 'placeholder="2020-11 or 2020-11-08"'),
        ("until", "To (date)", question.until, 'placeholder="2020-11 or 2020-11-08"'),
    )
    inputs = "".join(
        f'<label>{label}<input name="{name}" value="{_value(value)}" {more} '
        'autocomplete="off"></label>'
        for name, label, value, more in fields
    )
    return (
        '<details class="reading"><summary><span class="read-as">Read as</span>'
        f'{chips}<span class="change">Change</span></summary>'
        f'<form class="fields"{data(do="edit", turn=number)}>{inputs}'
        '<button type="submit" class="do">Ask again</button></form></details>'
    )


def _value(text: str) -> str:
    """Text for an input; what cannot be seen is left out, for it could not be edited."""
    return attribute("".join(c for c in text if c.isprintable()))


def reworded(fields: dict[str, str]) -> str:
    """The question that edited parts make, in words that read back as those parts."""
    speaker, to, about = (fields.get(name, "").strip(" ?") for name in ("speaker", "to", "about"))
    topic = f" about {about.removeprefix('about ')}" if about else ""
    if speaker:
        return f"What did {speaker} {f'tell {to}' if to else 'say'}{topic}?"
    return f"What was {to} told{topic}?" if to else f"Who spoke{topic}?" if topic else ""


def mended(answers: Sequence[Answer], statement: Citation) -> list[Answer]:
    """The answers with a statement as it reads now; a summary of how it read goes."""
    found = []
    for answer in answers:
        citations = tuple(
            replace(statement, number=c.number) if _same(c, statement) else c
            for c in answer.citations
        )
        changed = citations != answer.citations
        found.append(replace(answer, citations=citations, text="") if changed else answer)
    return found


def _same(one: Citation, other: Citation) -> bool:
    return bool(one.source and other.source and one.source.id == other.source.id)


def cited(answers: Sequence[Answer], told: dict[str, str]) -> Citation | None:
    """The citation that a control names by turn and number; None if there is no such."""
    try:
        answer = answers[int(told.get("turn", "")) - 1]
        if "near_number" in told:
            return answer.near_misses[int(told["near_number"]) - 1]
        return answer.citations[int(told.get("number", "")) - 1]
    except (ValueError, IndexError):
        return None
