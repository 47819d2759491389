"""The conversation: each question, the sentence that answers it, and the statements on record."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.storage.suggestions import ANSWER
from index.text.folding import words
from page.cards import card
from page.escape import isolated, shown, typed
from page.exports import FORMS
from page.leads import Leads, narrowed_by_context, question_fields
from page.markup import button, data, radio_choices
from page.quoting import answer_text
from page.words import FAULTS, KINDS, REASONS, count, date, kind_name
from rag.types import Answer, Citation, Line, Name, Number, Question, Slice, Words


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the corpus holds, in a line, and how many of its articles have no date."""

    line: str = ""
    undated: int = 0


def conversation_html(answers: Sequence[Answer], held: Holdings = Holdings()) -> str:
    """All turns, oldest first; ``held`` is what was looked through."""
    return "".join(turn(answer, n, held) for n, answer in enumerate(answers, 1))


@functools.lru_cache(maxsize=256)
def turn(
    answer: Answer,
    number: int,
    held: Holdings = Holdings(),
    note: str = "",
    leads: Leads | None = None,
) -> str:
    """One question with what is on record; kept, for it is drawn again at every later one.

    ``note`` is HTML about the state of the index; ``leads`` are questions to go on with.
    """
    read = answer.interpretation
    parts = [asked(answer.question), note]
    if answer.status == "help":  # nothing was looked for
        parts.append(_help(answer))
    else:
        if answer.citations:
            parts += [_written(answer, number), _shown_of(answer, number)]
            parts.append(cards(answer.citations, number))
        else:
            parts.append(_refusal_html(answer, number, held.line, leads))
        parts.append(_undated(read, held.undated) if read else "")
        parts.append(reading_html(read, number) if read else "")
        parts.append(_actions(answer, number))
    if answer.llm:
        parts.append(f'<p class="note">Language model: {isolated(str(answer.llm))}</p>')
    parts.append(_next(leads.questions) if leads else "")
    return f'<section class="turn" data-turn="{number}">{"".join(parts)}</section>'


def asked(question: str) -> str:
    """The question as it was put, and ways to put it again."""
    again = button("reask", "Edit", "quiet", "Edit this question", question=question)
    again += button("example_select", "Ask again", "quiet", question=question)
    return (
        f'<div class="bubble"><h2 class="asked">{isolated(question)}</h2>'
        f'<p class="actions">{again}</p></div>'
    )


def cards(citations: Sequence[Citation], number: int) -> str:
    """The statements of a turn, as one list."""
    items = "".join(card(c, turn=number, number=c.number) for c in citations)
    return f'<ol class="cards">{items}</ol>'


def answer_sentence(lines: Sequence[Line], number: int, prose: str = "") -> str:
    """The sentence that answers, what is cited marked in it, its numbers as buttons; then what
    has to be noted.  The statements behind the other lines stand in the list.

    ``prose`` are sentences of a language model, which stand in the place of the first line.
    """
    first = numbered(prose, number) if prose else _line_html(lines[0], number) if lines else ""
    notes = "".join(
        f'<p class="note">{_line_html(line, number)}</p>' for line in lines[1:] if _is_note(line)
    )
    return f'<div class="summary"><p class="first">{first}</p>{notes}</div>' if first else ""


def _is_note(line: Line) -> bool:
    """Whether a line is a warning about a name: it cites nothing, and counts nothing."""
    return not line.numbers and any(isinstance(part, Name) for part in line.parts)


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
                found.append(isolated(re.sub(r"^\d{4}-\d\d-\d\d\b", lambda m: date(m[0]), text)))
            case Words(text) | Slice(text=text):
                found.append(shown(text))
    return "".join(found)


def _reference(number: int, turn: int) -> str:
    title = f"Statement {number}: show in the article"
    return button("select", f"{number}", "ref", title, turn=turn, number=number)


def _written(answer: Answer, number: int) -> str:
    """The text of an answer; sentences of a language model say that they are."""
    written = answer.llm.prose if answer.llm else ""
    whose = "Written by a language model, and checked against the statements below."
    note = f'<p class="note">{whose}</p>' if written else ""
    partly = ""
    if answer.status == "partial":
        meant = shown(REASONS.get(answer.reason, ""))
        partly = f'<p class="note partly">Partly answered. {meant}</p>'
    return answer_sentence(answer.lines, number, written) + note + partly


def _shown_of(answer: Answer, number: int) -> str:
    """How many statements there are; a way to all of them where some are left out."""
    here = len(answer.citations)
    if not answer.more:
        return f'<p class="note count">{count(here, "statement")} on record</p>'
    all_of = button("show_all", "show all", "quiet inline", turn=number)
    return f'<p class="note count">{here} of {here + answer.more} statements shown: {all_of}</p>'


def numbered(text: str, turn: int) -> str:
    """Sentences of a language model, their numbers as buttons that show the passage."""
    return re.sub(r"\[(\d+)\]", lambda m: _reference(int(m[1]), turn), shown(text))


def questions(asking: Sequence[str]) -> str:
    """Questions that are asked in one click, by themselves: so they were tried."""
    return "".join(
        f"<li>{button('example_select', isolated(q), 'example', question=q, alone=1)}</li>"
        for q in asking
    )


def _help(answer: Answer) -> str:
    """What can be asked, with questions that the index answers, asked in one click."""
    first = answer.text.partition("\n")[0]
    return (
        f'<div class="summary"><p class="first">{shown(first)}</p></div>'
        f'<ul class="examples">{questions(answer.suggestions)}</ul>'
    )


def _next(asking: Sequence[str]) -> str:
    """Questions to go on with."""
    if not asking:
        return ""
    return f'<div class="next"><p class="note">Go on with</p><ul>{questions(asking)}</ul></div>'


def _refusal_html(answer: Answer, number: int, searched: str, leads: Leads | None) -> str:
    """Why there is nothing; what to take away for there to be something; what comes nearest."""
    read = answer.interpretation
    choices = "".join(
        button("edit", shown(wider.label), "example", **dict(wider.fields), clears=wider.clears)
        for wider in (leads.wider if leads else ())
    ) + "".join(
        button("example_select", isolated(name), "example", question=name)
        for name in (read.either if read else ())
    )
    found = (
        f'<div class="refusal"><p class="verdict">{shown(answer.text)}</p>'
        f"{f'<p class=choices>{choices}</p>' if choices else ''}"
        f'{f"""<p class="note">Searched: {searched}.</p>""" if searched else ""}</div>'
    )
    if answer.near_misses:
        near = "".join(
            card(c, near=True, label="≈", turn=number, near_number=c.number)
            for c in answer.near_misses
        )
        found += (
            f'<details class="menu nearest"><summary>The nearest on record: '
            f"{count(len(answer.near_misses), 'statement')}, not an answer</summary>"
            f'<ol class="cards">{near}</ol></details>'
        )
    return found


def _actions(answer: Answer, number: int) -> str:
    """What can be done with an answer: copy it, link to its question, save it."""
    link = button("link", "Copy link", "quiet", question=answer.question)
    if narrowed_by_context(answer):
        by_itself = "Ask it by itself"
        link += button("example_select", by_itself, "quiet", question=answer.question, alone=1)
    if answer.citations:
        copy = button("copy", "Copy answer", "quiet", text=answer_text(answer))
        link = f"{copy}{link}{saving('Save as', turn=number)}"
    return f'<div class="actions">{link}{_fault_form(number)}</div>'


def _fault_form(number: int) -> str:
    """What is wrong with an answer, to be told to whoever looks after the index."""
    return (
        '<details class="wrong"><summary>What is wrong?</summary>'
        f'<form class="fields"{data(do="apply", part=ANSWER, turn=number)}>'
        f"{radio_choices('What is wrong with this answer?', 'fault', FAULTS)}<label>In your words "
        '<input name="value" maxlength="300" autocomplete="off"></label><p class="note">Your '
        "question is kept with it. A wrong name or word: choose Correct at its statement.</p>"
        '<button type="submit" class="do">Send</button></form></details>'
    )


def saving(label: str, **place: str | int) -> str:
    """A menu of the forms that statements can be saved in."""
    choices = "".join(
        button("download", form.name, "quiet", form=ending, **place)
        for ending, form in FORMS.items()
    )
    return (
        f'<details class="menu"><summary>{label} …</summary><p class="choices">{choices}</p>'
        "</details>"
    )


def labelled_slots(question: Question) -> list[tuple[str, str]]:
    """How a question was read: what each part is called, and its value."""
    slots = (
        ("speaker", ", ".join(question.speakers)),
        ("to", ", ".join(question.addressees)),
        ("about", question.topic),
        ("words", question.words),
        ("outlet", question.outlet),
        ("kind", kind_name(question.quote_kind)),
        ("not", ", ".join(question.excluded)),
        ("date", _dates(question)),
    )
    return [(name, value) for name, value in slots if value]


def _dates(question: Question) -> str:
    since, until = question.since, question.until
    if since and until:
        return f"{since} to {until}"
    return f"since {since}" if since else f"until {until}" if until else ""


def _undated(question: Question, undated: int) -> str:
    """That a limit of dates can leave out what has none; "" where it cannot."""
    if not undated or not (question.since or question.until):
        return ""
    told = f"{count(undated, 'article')} without a date can be missing here."
    return f'<p class="note">{told}</p>'


def reading_html(question: Question, number: int) -> str:
    """The reading in one line; opened, each part of it can be changed and asked again.

    A topic that is the whole question is not repeated.
    """
    after = [("after", "the question before")] if question.follow_up else []
    chips = (
        "".join(
            f'<span class="part"><span class="part-name">{name}</span> {isolated(value)}</span>'
            for name, value in (*labelled_slots(question), *after)
            if words(value) != words(question.text)
        )
        or '<span class="part">a question in its own words</span>'
    )
    values = question_fields(question)
    fields = (
        ("speaker", "Speaker", 'list="people"'),
        ("to", "To", 'list="people"'),
        ("about", "About", ""),
        ("outlet", "Outlet", 'list="outlets"'),
        ("since", "From (date)", 'placeholder="like 2020-11"'),
        ("until", "To (date)", 'placeholder="like 2020-11"'),
    )
    inputs = "".join(
        f'<label>{label}<input name="{name}" value="{typed(values[name])}" {more} '
        'autocomplete="off"></label>'
        for name, label, more in fields
    )
    kinds = "".join(
        f'<option value="{kind}"{" selected" if kind == values["kind"] else ""}>{label}</option>'
        for kind, label in (("", "Any"), *((kind, kind_name(kind)) for kind in KINDS))
    )
    inputs += f'<label>Kind of quote<select name="kind">{kinds}</select></label>'
    return (
        '<details class="reading"><summary><span class="read-as">Read as</span>'
        f'{chips}<span class="change">Change</span></summary>'
        f'<form class="fields"{data(do="edit", turn=number)}>{inputs}'
        '<button type="submit" class="do">Ask again</button></form></details>'
    )


def mended(answers: Sequence[Answer], statement: Citation) -> list[Answer]:
    """The answers with a statement as it reads now; a summary of how it read goes."""
    found = []
    for answer in answers:
        citations = tuple(
            replace(statement, number=c.number) if _same_place(c, statement) else c
            for c in answer.citations
        )
        changed = citations != answer.citations
        changed_answer = replace(answer, citations=citations, text="", lines=(), llm=None)
        found.append(changed_answer if changed else answer)
    return found


def _same_place(one: Citation, other: Citation) -> bool:
    return bool(one.source and other.source and one.source.id == other.source.id)


def cited(answers: Sequence[Answer], told: Mapping[str, str]) -> Citation | None:
    """The citation that a control names by turn and number; None if there is no such."""
    try:
        answer = answers[int(told.get("turn", "")) - 1]
        if "near_number" in told:
            return answer.near_misses[int(told["near_number"]) - 1]
        return answer.citations[int(told.get("number", "")) - 1]
    except (ValueError, IndexError):
        return None
