"""Where a reader can go from an answer: questions that are sure to be answered, and limits to
take away where nothing is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from index.search.statistics import StatementCounts
from page.words import kind_name
from rag.types import Answer, Question

OFFERED = 3
"""Questions that are offered at most."""

MOST_TRIED = 8
"""Questions that are tried at most for that: each costs as much as an answer."""


@dataclass(frozen=True, slots=True)
class Wider:
    """A question with one of its limits taken away: what a reader sees, what the parts of the
    question are then, and the field of the filters that is emptied with it."""

    label: str
    fields: tuple[tuple[str, str], ...]
    clears: str


@dataclass(frozen=True, slots=True)
class Leads:
    """Questions to go on with, and wider ones where nothing is on record."""

    questions: tuple[str, ...] = ()
    wider: tuple[Wider, ...] = ()


Answers = Callable[[str, Mapping[str, str]], int]
"""How many statements answer a question within these filters."""


def leads(
    conversation: Sequence[Answer],
    filters: Mapping[str, str],
    counts: StatementCounts,
    others: Sequence[str],
    answers: Answers,
) -> Leads:
    """What the last answer of a conversation leads to, within the filters that are set: its own
    people, then ``others``.  Everything that is offered was tried, and nothing that was asked
    already."""
    answer = conversation[-1]
    read = answer.interpretation
    if answer.status == "help" or (read and read.either):
        return Leads()  # there are buttons already
    wider = _wider(read, answers) if read and not answer.citations else ()
    given = {reworded(dict(each.fields)).casefold() for each in wider}
    for each in conversation:
        given.add(each.question.casefold())
        if not narrowed_by_context(each):
            given.add(reworded(_parts_asked(each.interpretation)).casefold())
    following = (*_about(answer, counts), *others)
    fresh = (q for q in dict.fromkeys(following) if q.casefold() not in given)
    asking = islice((q for q in islice(fresh, MOST_TRIED) if answers(q, filters)), OFFERED)
    return Leads(tuple(asking), wider)


def limits(question: Question | None) -> dict[str, str]:
    """The filters that keep to how a question was read, when it is asked once more."""
    if question is None:
        return {}
    one = {
        "speaker": question.speakers[0] if len(question.speakers) == 1 else "",
        "addressee": question.addressees[0] if len(question.addressees) == 1 else "",
        "outlet": question.outlet,
        "since": question.since,
        "until": question.until,
        "kind": question.quote_kind,
    }
    return {name: value for name, value in one.items() if value}


def leans(answer: Answer) -> bool:
    """Whether a question was read together with those before it."""
    return answer.interpretation is not None and answer.interpretation.follow_up


def narrowed_by_context(answer: Answer) -> bool:
    """Whether a question that names somebody itself was read together with those before it: by
    itself it may find more."""
    return leans(answer) and bool(answer.interpretation and answer.interpretation.named)


def question_fields(question: Question) -> dict[str, str]:
    """How a question was read, as the fields by which it is edited."""
    return {
        "speaker": ", ".join(question.speakers), "to": ", ".join(question.addressees),
        "about": question.topic or question.words, "outlet": question.outlet,
        "since": question.since, "until": question.until, "kind": question.quote_kind,
    }  # fmt: skip


def reworded(fields: Mapping[str, str]) -> str:
    """The question that edited parts make, in words that read back as those parts."""
    speaker, to, about = (fields.get(name, "").strip(" ?") for name in ("speaker", "to", "about"))
    topic = f" about {about.removeprefix('about ')}" if about else ""
    if speaker:
        return f"What did {speaker} {f'tell {to}' if to else 'say'}{topic}?"
    return f"What was {to} told{topic}?" if to else f"Who spoke{topic}?" if topic else ""


def _parts_asked(read: Question | None) -> dict[str, str]:
    """Who was asked about, as the parts of an edited question; none where there was a limit."""
    if read is None or read.topic or read.words or read.since or read.until or read.outlet:
        return {}
    return {"speaker": ", ".join(read.speakers), "to": ", ".join(read.addressees)}


def _about(answer: Answer, counts: StatementCounts) -> Iterator[str]:
    """The people of an answer the other way round, to others, and alone; whoever has no name
    ("reporters") is left out."""
    read = answer.interpretation
    speakers = [c.speaker for c in answer.citations if c.speaker]
    told = [name for c in answer.citations for name in c.addressees]
    if read:
        speakers, told = [*speakers, *read.speakers], [*told, *read.addressees]
    speakers, told = list(filter(is_nameable, speakers)), list(filter(is_nameable, told))
    speaker, addressee = next(iter(speakers), ""), next(iter(told), "")
    if speaker and addressee:
        yield f"What did {addressee} tell {speaker}?"
    yield from (
        f"What did {speaker} tell {b}?"
        for a, b, _ in counts.pairs
        if a == speaker and is_nameable(b)
    )
    for name in (speaker, addressee, *speakers, *(c.speaker for c in answer.near_misses)):
        if name and is_nameable(name):
            yield f"What did {name} say?"


def is_nameable(words: str) -> bool:
    """Whether words can stand in a question as a name can: not "150 islanders"."""
    return words[:1].isalpha() and not words[:1].islower()


def _wider(read: Question, answers: Answers) -> tuple[Wider, ...]:
    """The question without its dates, its outlet, its kind, its addressee, its topic: each that
    has an answer; if none has, without all of them."""
    fields = question_fields(read)
    dates = f"since {read.since}" if read.since else f"until {read.until}"
    kind = kind_name(read.quote_kind)
    limits_named = (
        (("since", "until"), f"None {dates}: clear the date"),
        (("outlet",), f"None in {read.outlet}: any outlet"),
        (("kind",), f"No {kind.lower()}: any kind"),
        (("to",), f"Not to {fields['to']}: to anybody"),
        (("about",), f"Not about that: all of {fields['speaker']}"),
    )
    everything = tuple(name for name in fields if name != "speaker")
    all_of = ((everything, f"All that {fields['speaker']} said"),)
    for choices in (limits_named, all_of):
        found = (_limit_taken_away(fields, names, label, answers) for names, label in choices)
        if wider := tuple(filter(None, found)):
            return wider
    return ()


def _limit_taken_away(
    fields: Mapping[str, str], names: Sequence[str], label: str, answers: Answers
) -> Wider | None:
    """The question without these parts; None if they limit nothing, or if nothing answers it."""
    left = {name: value for name, value in fields.items() if value and name not in names}
    question = reworded(left)
    if not any(fields[name] for name in names) or not question:
        return None
    found = answers(question, {name: left[name] for name in FILTER_PARTS if name in left})
    return Wider(f"{label} ({found})", tuple(left.items()), " ".join(names)) if found else None


FILTER_PARTS = ("outlet", "since", "until", "kind")
"""The parts of an edited question that are filters and not words of it."""
