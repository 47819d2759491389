"""The conversation: each question, how it was read, its quote cards and its summary."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

from page.cards import card
from page.escape import attribute, isolated, shown
from page.markup import button, data
from page.words import KINDS, REASONS
from rag.types import Answer, Citation, Line, Name, Number, Question, Slice, Words

FORMATS = {"md": "Markdown", "csv": "CSV", "jsonld": "JSON-LD"}
"""What an answer can be exported as: file ending and name."""


def conversation_html(answers: Sequence[Answer], searched: str = "", mend: bool = False) -> str:
    """All turns, oldest first; ``searched`` says what a refusal had looked through, ``mend``
    whether readers may report errors."""
    return "".join(turn(answer, n, searched, mend=mend) for n, answer in enumerate(answers, 1))


@functools.lru_cache(maxsize=256)
def turn(
    answer: Answer, number: int, searched: str = "", note: str = "", mend: bool = False
) -> str:
    """One question with what is on record; kept, for it is drawn again at every later one.

    ``note`` is HTML about the state of the index.
    """
    read = answer.interpretation
    if answer.status == "help":  # nothing was looked for
        return _section(number, asked(answer.question), _help(answer))
    parts = [asked(answer.question), reading_html(read, number) if read else "", note]
    if answer.citations:
        if answer.status == "partial":
            meant = REASONS.get(answer.reason, "")
            parts.append(f'<p class="note partly">Partly answered. {shown(meant)}</p>')
        parts.append(cards(answer.citations, number, mend))
        parts.append(_written(answer, number))
        parts.append(_exports(number))
    else:
        parts.append(_refusal_html(answer, number, searched, mend))
    if answer.llm:
        parts.append(f'<p class="note">Language model: {isolated(str(answer.llm))}</p>')
    return _section(number, *parts)


def _section(number: int, *parts: str) -> str:
    return f'<section class="turn" data-turn="{number}">{"".join(parts)}</section>'


def cards(citations: Sequence[Citation], number: int, mend: bool = False) -> str:
    """The cards of a turn."""
    items = "".join(card(c, mend=mend, turn=number, number=c.number) for c in citations)
    return f'<ol class="cards">{items}</ol>'


def summary(lines: Sequence[Line], number: int, prose: str = "") -> str:
    """The answer of a turn: one item a line, what is cited marked in it, its numbers as buttons.

    ``prose`` are sentences of a language model, which stand in the place of the lines.
    """
    if prose:
        return f'<p class="summary">{numbered(prose, number)}</p>'
    items = "".join(f"<li>{_line_html(line, number)}</li>" for line in lines)
    return f'<ul class="summary">{items}</ul>' if items else ""


def _line_html(line: Line, turn: int) -> str:
    """The parts of a line as HTML, each escaped by itself."""
    found = []
    for part in line.parts:
        match part:
            case Number(number):
                found.append(_reference(number, turn))
            case Slice(quoted=True, text=text):
                found.append(f'<mark class="words">{shown(text)}</mark>')
            case Name(text):
                found.append(isolated(text))
            case Words(text) | Slice(text=text):
                found.append(shown(text))
    return "".join(found)


def _reference(number: int, turn: int) -> str:
    title = f"Passage {number}: show in the article"
    return button("select", f"{number}", "ref", title, turn=turn, number=number)


def asked(question: str) -> str:
    """The question as it was put."""
    return f'<h2 class="asked">{isolated(question)}</h2>'


def _written(answer: Answer, number: int) -> str:
    """The text of an answer; sentences of a language model say that they are."""
    written = answer.llm.prose if answer.llm else ""
    whose = "Written by a language model, and checked against the passages above."
    note = f'<p class="note">{whose}</p>' if written else ""
    return summary(answer.lines, number, written) + note


def numbered(text: str, turn: int) -> str:
    """Sentences of a language model, their numbers as buttons that show the passage."""
    return re.sub(r"\[(\d+)\]", lambda m: _reference(int(m[1]), turn), shown(text))


def _help(answer: Answer) -> str:
    """What can be asked, with questions that the index answers, asked in one click."""
    choices = "".join(
        button("example_select", isolated(q), "example", question=q) for q in answer.suggestions
    )
    first = answer.text.partition("\n")[0]
    return f'<p class="note">{shown(first)}</p><p class="examples">{choices}</p>'


def _refusal_html(answer: Answer, number: int, searched: str, mend: bool) -> str:
    meant = REASONS.get(answer.reason, "")
    where = f" Searched: {searched}." if searched else ""
    found = (
        f'<div class="refusal"><p class="verdict">{shown(answer.text)}</p>'
        f'<p class="note">{shown(meant + where)}</p></div>'
    )
    read = answer.interpretation
    if either := read.either if read else ():
        names = "".join(
            button("example_select", isolated(name), "example", question=name) for name in either
        )
        found += f'<p class="examples">{names}</p>'
    if answer.near_misses:
        near = "".join(
            card(c, near=True, label="≈", mend=mend, turn=number, near_number=c.number)
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
        ("kind", KINDS[question.quote_kind][0] if question.quote_kind in KINDS else ""),
        ("not", ", ".join(question.excluded)),
    )
    found = [(name, value) for name, value in slots if value]
    return [*found, ("date", _dates(question))]


def _dates(question: Question) -> str:
    since, until = question.since, question.until
    if since and until:
        return f"{since} to {until}"
    return f"since {since}" if since else f"until {until}" if until else "any"


def reading_html(question: Question, number: int) -> str:
    """The reading in one line; opened, each part of it can be changed and asked again."""
    chips = "".join(
        f'<span class="part"><span class="part-name">{name}</span> {isolated(value)}</span>'
        for name, value in parts(question)
    )
    fields = (
        ("speaker", "Speaker", ", ".join(question.speakers), 'list="people"'),
        ("to", "To", ", ".join(question.addressees), 'list="people"'),
        ("about", "About", question.topic or question.words, ""),
        ("outlet", "Outlet", question.outlet, 'list="outlets"'),
        ("since", "From (date)", question.since, 'placeholder="like 2020-11"'),
        ("until", "To (date)", question.until, 'placeholder="like 2020-11"'),
    )
    inputs = "".join(
        f'<label>{label}<input name="{name}" value="{_input_value(value)}" {more} '
        'autocomplete="off"></label>'
        for name, label, value, more in fields
    )
    kinds = "".join(
        f'<option value="{kind}"{" selected" if kind == question.quote_kind else ""}>{label}'
        "</option>"
        for kind, label in (("", "Any"), *((kind, KINDS[kind][0]) for kind in KINDS))
    )
    inputs += f'<label>Kind of quote<select name="kind">{kinds}</select></label>'
    return (
        '<details class="reading"><summary><span class="read-as">Read as</span>'
        f'{chips}<span class="change">Change</span></summary>'
        f'<form class="fields"{data(do="edit", turn=number)}>{inputs}'
        '<button type="submit" class="do">Ask again</button></form></details>'
    )


def _input_value(text: str) -> str:
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
        changed_answer = replace(answer, citations=citations, text="", lines=(), llm=None)
        found.append(changed_answer if changed else answer)
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
