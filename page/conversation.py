"""The conversation: each turn as asked, as read, as answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from page.cards import card
from page.visible import attribute, isolated, shown
from page.words import listed
from rag.types import Answer, Citation, Question

_NUMBER = re.compile(r"\[(\d{1,4})\]")


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: an answer; or quotes that were browsed; or what went wrong."""

    asked: str
    answer: Answer | None = None
    listed: tuple[Citation, ...] = ()
    message: str = ""

    def citation(self, number: int, near: bool) -> Citation | None:
        """The citation with this number, None if there is none."""
        cited = self.answer.citations if self.answer else self.listed
        chosen = (self.answer.near_misses if self.answer else ()) if near else cited
        return next((c for c in chosen if c.number == number), None)


def conversation(turns: Sequence[Turn], pending: str = "") -> str:
    """All turns, oldest first, and a question that is being worked on."""
    shown_turns = "".join(_turn(turn, number) for number, turn in enumerate(turns))
    return shown_turns + (_pending(pending) if pending else "")


def _pending(question: str) -> str:
    return (
        f'<section class="turn pending"><h2 class="asked">{isolated(question[:500])}</h2>'
        '<p class="stage">Reading the question, searching the record …</p></section>'
    )


def _turn(turn: Turn, number: int) -> str:
    asked = turn.asked if len(turn.asked) <= 500 else f"{turn.asked[:500]} …"
    head = f'<h2 class="asked">{isolated(asked)}</h2>'
    if turn.answer:
        inner = _answered(turn.answer, number)
    else:
        note = f'<p class="message" role="alert">{isolated(turn.message)}</p>' if turn.message else ""
        inner = note + _cards(turn.listed, number)
    tools = _exports(number) if turn.listed or (turn.answer and turn.answer.citations) else ""
    return f'<section class="turn" data-turn="{number}">{head}{inner}{tools}</section>'


def _answered(answer: Answer, turn: int) -> str:
    parts = [reading(answer.interpretation) if answer.interpretation else ""]
    parts.append(f'<p class="answer {answer.status}">{_numbered(answer, turn)}</p>')
    parts.append(_cards(answer.citations, turn))
    if answer.near_misses:
        near = "".join(card(c, turn, near=True) for c in answer.near_misses)
        parts.append(
            '<section class="nearest"><h3>Nearest on record <span>not an answer</span></h3>'
            f'<ol class="cards">{near}</ol></section>'
        )
    return "".join(parts)


def _cards(citations: Sequence[Citation], turn: int) -> str:
    cards = "".join(card(c, turn) for c in citations)
    return f'<ol class="cards">{cards}</ol>' if cards else ""


def _numbered(answer: Answer, turn: int) -> str:
    """The answer's text, its [n] made into buttons that open passage n."""
    numbers = {c.number for c in answer.citations}
    parts, position = [], 0
    for match in _NUMBER.finditer(answer.text):
        number = int(match[1])
        if number not in numbers:
            continue
        parts.append(shown(answer.text[position : match.start()]))
        parts.append(
            f'<button type="button" class="ref opener" data-turn="{turn}" data-number="{number}" '
            f'data-near="0" aria-label="Show passage {number}">{number}</button>'
        )
        position = match.end()
    return "".join(parts) + shown(answer.text[position:])


def reading(question: Question) -> str:
    """How the question was read, with a form to put it right."""
    fields = (
        ("speaker", "Speaker", listed(question.speakers)),
        ("addressee", "To", listed(question.addressees)),
        ("topic", "About", question.topic or question.words),
    )
    known = [(label, value) for _, label, value in fields if value]
    known += [("Outlet", question.outlet)] if question.outlet else []
    if question.since or question.until:
        known.append(("Dates", f"{question.since or '…'} to {question.until or '…'}"))
    else:
        known.append(("Dates", "any"))
    if question.follow_up:
        known.append(("Follow-up", "yes"))
    summary = " ".join(
        f'<span class="part"><span class="part-name">{label}</span> {isolated(value)}</span>'
        for label, value in known
    )
    inputs = "".join(
        f"<label>{label}<input name={name} list=people-list autocomplete=off "
        f'value="{attribute(value)}"></label>'
        for name, label, value in fields
    )
    return (
        f'<details class="reading"><summary><span class="read-as">Read as</span> {summary}'
        '<span class="edit">Change</span></summary>'
        f'<form class="reread">{inputs.replace("name=topic list=people-list", "name=topic")}'
        '<button type="submit" class="tool">Ask again</button></form></details>'
    )


def _exports(turn: int) -> str:
    buttons = " ".join(
        f'<button type="button" class="tool" data-export="{form}" data-turn="{turn}">{name}</button>'
        for form, name in (("md", "Markdown"), ("csv", "CSV"), ("jsonld", "JSON-LD"))
    )
    return f'<p class="exports"><span>Save as</span> {buttons}</p>'
