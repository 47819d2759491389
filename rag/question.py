"""A question becomes kind and slots: who speaks, to whom, about what, in which words.

Rules over the typed words, with the corpus's own people as the dictionary: a parser
trained on newspaper prose is lost where people write "what did erdogan tell putin".
The patterns are in ``rag/lang``, ``slots`` applies them; this file says whom the slots mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.errors import InputError
from index.lang import language
from rag.dates import period
from rag.follow import follow, is_pronoun
from rag.lang import asking
from rag.people import Directory, Found, role_stems, role_words, words
from rag.slots import SlotReader, Slots
from rag.types import Filters, Question, QuestionKind, Turn
from rag.wording import (
    FLAGS,
    bare_topic,
    cut_quotation,
    cut_source,
    led_in,
    masked,
    parts,
    say_forms,
    unwrap,
)

MAX_LENGTH = 2000
"""Characters of a question: longer ones are pasted articles, not questions."""

_WHO_SAYS_SO = (
    r",?\s+(?:and|or)\s+(?:who\s+(?:says|said)\s+(?:so|that|this|it)|according\s+to\s+whom)$"
)


def read(
    text: str, earlier: Question | None, directory: Directory, filters: Filters | None = None
) -> Question:
    """How a question is read; ``earlier`` fills what it leaves open, filters override.

    Raises InputError for an empty question, or one over MAX_LENGTH characters.
    """
    asked = " ".join(text.encode("utf-8", "ignore").decode().split())
    if not asked:
        raise InputError("expected a question, found no text")
    if len(text) > MAX_LENGTH:
        raise InputError(
            f"expected a question of at most {MAX_LENGTH:,} characters, found {len(text):,}"
        )
    first, *further = parts(asked)
    question = _Reader(directory, earlier).read(first)
    if further and not question.several:
        also = _Reader(directory, question).read(" and ".join(further))
        question = replace(question, text=asked, also=(also,))
    elif further:
        question = _Reader(directory, earlier).read(asked)
    question = replace(question, named=tuple(directory.named_in(asked)))
    return _filtered(question, filters, directory) if filters else question


def conversation(history: Sequence[Turn], directory: Directory) -> Question | None:
    """The reading of the conversation so far: what a follow-up falls back upon.

    It is the last question, with the words of its answer as context.
    """
    reading: Question | None = None
    for turn in history:
        content = " ".join(turn.content.split())[:MAX_LENGTH]
        if turn.role == "user" and content:
            reading = _Reader(directory, reading).read(content)
        elif content and reading is not None:
            reading = replace(reading, context=content)
    return reading


def _filtered(question: Question, filters: Filters, directory: Directory) -> Question:
    """The reading with what the filters fix in place of what was read."""
    lost: list[str] = []

    def people(asked: str) -> tuple[str, ...]:
        found = directory.find_all(asked)
        lost.extend(f.asked for f in found if not f.in_corpus)
        return tuple(dict.fromkeys(n for f in found for n in (f.people or (f.asked,))))

    changed = replace(
        question,
        outlet=filters.outlet or question.outlet,
        since=filters.since or question.since,
        until=filters.until or question.until,
        quote_kind=filters.kind or question.quote_kind,
    )
    if filters.speaker or filters.addressee:
        kind: QuestionKind = "said" if question.kind == "fact" else question.kind
        changed = replace(
            changed,
            kind=kind,
            speakers=people(filters.speaker) if filters.speaker else question.speakers,
            addressees=people(filters.addressee) if filters.addressee else question.addressees,
            either=(),
        )
        kept = {*changed.speakers, *changed.addressees}
        changed = replace(changed, unknown=(*(n for n in question.unknown if n in kept), *lost))
    return changed


def _capitalised(text: str) -> list[str]:
    """The runs of words with a capital, the question word aside."""
    return re.findall(r"(?<=\s)[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*", text)


class _Reader:
    """Reads one question; ``earlier`` is the reading of the conversation before it."""

    def __init__(self, directory: Directory, earlier: Question | None) -> None:
        self._directory = directory
        self._earlier = earlier
        self._leans = False

    def read(self, asked: str) -> Question:
        quoted, rest = cut_quotation(asked)
        bare = led_in(unwrap(rest))
        source, bare = cut_source(bare)
        bare, added = self._second_question(masked(bare, self._directory))
        since, until, dated = period(bare, self._directory.published)
        bare = dated or bare
        cut = SlotReader(self._directory, follows=self._earlier is not None)
        slots = cut.read(bare, quoted)
        question = self._fill(asked, slots, quoted)
        if source:
            question = self._told_by(question, source)
        question = replace(
            question,
            speakers=tuple(dict.fromkeys((*question.speakers, *added))),
            several=question.several or bool(added),
            since=since,
            until=until,
            follow_up=self._leans,
        )
        return follow(question, bare, self._earlier, self._directory) if self._earlier else question

    def _second_question(self, bare: str) -> tuple[str, tuple[str, ...]]:
        """A question without a second one about the same ("... and what did C say?")."""
        bare = re.sub(_WHO_SAYS_SO, "", bare, flags=re.IGNORECASE)
        second = re.search(
            rf",?\s+and\s+what\s+(?:did|does|has|have)\s+(.+?)\s+(?:{say_forms()})$",
            bare,
            re.IGNORECASE,
        )
        if not second or not (people := self._people(second[1])[0]):
            return bare, ()
        return bare[: second.start()], people

    def _fill(self, asked: str, slots: Slots, quoted: str) -> Question:
        speakers, lost_speakers = self._people(slots.speaker)
        addressees, lost_addressees = self._people(slots.addressee)
        if lost_addressees and self._is_audience(slots.addressee):
            slots = replace(slots, topic=f"{slots.addressee} {slots.topic}", addressee="")
            addressees, lost_addressees = (), []
        kind: QuestionKind = slots.kind  # type: ignore[assignment]
        bare_role = re.match(r"the\s+\w+$", slots.speaker, re.IGNORECASE) and len(speakers) > 1
        table = language("en")
        act = table.verb_acts.get(slots.verb) or table.noun_acts.get(slots.verb, "")
        topic, excluded = self._excluded(slots.topic)
        change = re.search(asking("en").changes, topic, FLAGS)
        if change:
            topic = f"{topic[: change.start()]} {topic[change.end() :]}"
        return Question(
            text=asked,
            kind=kind,
            speakers=speakers,
            addressees=addressees,
            topic=bare_topic(topic),
            words=quoted,
            act="" if act in ("say", "ask") else act,
            unknown=tuple(f.asked for f in (*lost_speakers, *lost_addressees) if not f.in_corpus),
            excluded=excluded,
            several=len(speakers) > 1 and self._directory.names_several(slots.speaker),
            over_time=slots.over_time or bool(change),
            closed=slots.closed,
            either=speakers if bare_role and not (topic or addressees or quoted) else (),
            role=slots.role or self._role(slots.speaker),
        )

    def _told_by(self, question: Question, source: str) -> Question:
        """The question with whom it names as its source ("according to X") as who speaks.

        Where it asks for the words of somebody else, the source only passed them on.
        """
        if question.speakers and question.kind != "fact":
            return question
        owned = re.match(r"(?:its|his|her|their)\s+(.+)$", source, re.IGNORECASE)
        if owned:  # "why did the bank close it, in its spokesman's words?"
            held = (f"{name}'s {owned[1]}" for name in _capitalised(question.text))
            people = next(filter(None, (self._people(h)[0] for h in held)), ())
        else:
            found, lost = self._people(source)
            people = found if not lost else ()
        return replace(question, kind="said" if people else question.kind, speakers=people)

    def _is_audience(self, slot: str) -> bool:
        """Whether those spoken to are of a kind and nobody in particular ("MPs", "reporters"):
        an article may well leave them out."""
        parts = words(slot)
        kinds = language("en").audience_nouns | asking("en").any_role
        return bool(parts) and (
            parts[-1] in kinds or (parts[-1].endswith("s") and role_stems(slot) <= role_words())
        )

    def _role(self, slot: str) -> str:
        """The words of a slot that describe who speaks and do not name them."""
        if not slot or is_pronoun(slot) or not role_stems(slot) & role_words():
            return ""
        return "" if any(f.certain and f.people for f in self._directory.find_all(slot)) else slot

    def _excluded(self, topic: str) -> tuple[str, tuple[str, ...]]:
        """A topic without who is not meant, and who that is."""
        but = re.search(rf"{asking('en').exclusions}(.+)$", topic, FLAGS)
        if not but:
            return topic, ()
        return topic[: but.start()], self._people(but[1])[0]

    def _people(self, slot: str) -> tuple[tuple[str, ...], list[Found]]:
        """The people of a slot; those that nobody in the corpus is stay as they were asked."""
        if slot.casefold() in asking("en").anybody:
            return (), []
        if not slot or is_pronoun(slot):
            return (slot,) if slot else (), []
        owner = re.match(r"(?:his|her|their|its)\s+(.+)$", slot, re.IGNORECASE)
        if owner and self._earlier:
            found, self._leans = self._possessed(owner[1]), True
        elif self._earlier and (one := self._of_the_cast(slot)):
            found, self._leans = [Found(slot, (one,), True)], True
        else:
            found = self._directory.find_all(slot)
        names = [name for f in found for name in (f.people or (f.asked,))]
        return tuple(dict.fromkeys(names)), [f for f in found if not f.people]

    def _possessed(self, role: str) -> list[Found]:
        """ "his spokesman": that of anybody the conversation was about."""
        assert self._earlier is not None
        cast = (*self._earlier.speakers, *self._earlier.addressees)
        named = self._directory.named_in(f"{self._earlier.topic} {self._earlier.context}")
        people = dict.fromkeys((*cast, *named))
        for name in people:
            for whose in (name, words(name)[-1] if words(name) else name):
                found = self._directory.find_all(f"{whose}'s {role}")
                if any(self._directory.is_named(p) for f in found for p in f.people):
                    return found
        near = (self._directory.role_beside(role, name) for name in people)
        return [Found(role, next(filter(None, near), ()), True)]

    def _of_the_cast(self, slot: str) -> str:
        """The one of the people spoken of whom a bare role means ("the reporter")."""
        assert self._earlier is not None
        if not re.match(r"the\s+[a-z ]+$", slot):
            return ""
        cast = (*self._earlier.addressees, *self._earlier.speakers)
        fit = [name for name in cast if self._directory.holds(name, slot)]
        return fit[0] if len(set(fit)) == 1 else ""
