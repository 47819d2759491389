"""A question becomes kind and slots: who speaks, to whom, about what, in which words.

Rules over the typed words, with the corpus's own people as the dictionary: a parser
trained on newspaper prose is lost where people write "what did erdogan tell putin".
The patterns are in ``rag/lang``, ``slots`` applies them; this file says whom the slots mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from index.errors import InputError
from index.languages import is_likely_read
from rag.lang import asking
from rag.people import (
    Directory,
    Found,
    QuestionMention,
    mentions,
    role_stems,
    role_words,
    with_apostrophes,
    words,
)
from rag.question.dates import period
from rag.question.followup import completed_follow_up, is_pronoun, related_to_mentioned
from rag.question.normalise import (
    FLAGS,
    bare_topic,
    cut_comparison,
    cut_quotation,
    cut_source,
    question_first,
    separate_questions,
    without_politeness,
)
from rag.question.slots import SlotReader, Slots
from rag.question.spelling import is_strange, respelt
from rag.types import Conversed, Filters, Question, QuestionKind, Turn

MAX_LENGTH = 2000
"""Characters of a question: longer ones are pasted articles, not questions."""

MAX_NONSENSE = 4
"""Words of a text that is taken for a slip of the hand, if the corpus has none of them."""

_NO_WORD = re.compile(r"[b-df-hj-np-tv-xz]{3}")
"""Letters that hardly a word of an article has next to each other."""


def read(
    text: str, earlier: Question | None, directory: Directory, filters: Filters | None = None
) -> Question:
    """Return how a question is read; ``earlier`` fills what it leaves open, filters override.

    Raises InputError for an empty question, or one over MAX_LENGTH characters.
    """
    asked = _composed(text.encode("utf-8", "ignore").decode())
    if not asked:
        raise InputError("expected a question, found no text")
    if len(text) > MAX_LENGTH:
        raise InputError(
            f"expected a question of at most {MAX_LENGTH:,} characters, found {len(text):,}"
        )
    spelt = respelt(asked, directory)
    first, *further = separate_questions(spelt)
    question = _Reader(directory, earlier).read(first)
    if further and question.kind != "help":
        also = _Reader(directory, question).read(" and ".join(further))
        if not (also.topic or also.words or also.act):
            also = replace(also, topic=question.topic)
        question = replace(question, text=spelt, also=(also,))
    question = replace(question, named=tuple(directory.named_in(spelt)))
    if spelt != asked:
        question = replace(question, typed=asked)
    if filters and question.otherwise:
        other = _filtered(question.otherwise, filters, directory)
        question = replace(question, otherwise=other)
    return _filtered(question, filters, directory) if filters else question


def _composed(text: str) -> str:
    """Return a text on one line and in NFC: the patterns would cut a word at a combining mark."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def conversation(history: Sequence[Turn], directory: Directory) -> Question | None:
    """Return the reading of the conversation so far, which completes a follow-up.

    It is the reading of the last question; its ``context`` is the text of the last answer.
    """
    reading: Question | None = None
    for turn in history:
        content = _composed(turn.content)[:MAX_LENGTH]
        if turn.role == "user" and content:
            reading = _Reader(directory, reading).read(respelt(content, directory))
        elif content and reading is not None:
            reading = replace(reading, context=content)
    return reading


def _filtered(question: Question, filters: Filters, directory: Directory) -> Question:
    """Return the reading with what the filters fix in place of what was read."""
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


def _with_participants(question: Question, earlier: Question | None) -> Question:
    """Return a question with the people for whom pronouns stand in the conversation that it asks
    about: those of the conversation before, or who speaks; without it where neither is clear."""
    talk = question.conversed
    if talk is None or not any(map(is_pronoun, talk.people)):
        return question
    before = earlier.conversed if earlier else None
    several = any(asking().pronouns[p.casefold()] == "any" for p in talk.people)
    meant = (*question.speakers, *question.addressees)
    if before is not None and several:
        meant = before.people
    people = (*meant, *(p for p in talk.people if not is_pronoun(p)))
    clear = bool(meant) and not any(map(is_pronoun, people))
    kept = replace(talk, people=tuple(dict.fromkeys(people))) if clear else None
    return replace(question, conversed=kept)


def _capitalised_runs(text: str) -> list[str]:
    """Return the runs of words with a capital, the question word aside."""
    return re.findall(r"(?<=\s)[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*", text)


class _Reader:
    """Reads one question; ``earlier`` is the reading of the conversation before it."""

    def __init__(self, directory: Directory, earlier: Question | None) -> None:
        self._directory = directory
        self._earlier = earlier
        self._needs_earlier = False

    def read(self, asked: str) -> Question:
        if self._is_help(asked):
            return Question(asked, "help")
        quoted, rest = cut_quotation(asked)
        first, bare = cut_comparison(rest.strip(" ?!."))
        second, bare = cut_comparison(without_politeness(bare))
        sides, bare = first | second, question_first(with_apostrophes(bare, self._directory))
        source, bare = cut_source(bare)
        bare = re.sub(asking().who_says_so, "", bare, flags=FLAGS)
        since, until, dated = period(bare, self._directory.published)
        bare = dated or bare
        if sides:  # times that are compared limit nothing
            since = until = ""
        reader = SlotReader(self._directory, follows=self._earlier is not None)
        slots = reader.read(bare, quoted)
        if self._is_foreign(bare, slots):
            return Question(asked, "fact", foreign=True)
        question = replace(self._fill(asked, slots, quoted), conversed=self._conversed(reader))
        if source and not (question.speakers and slots.verb):
            question = self._told_by(question, source)
        other = question.otherwise and replace(question.otherwise, since=since, until=until)
        question = replace(
            question,
            otherwise=other,
            since=since,
            until=until,
            follow_up=self._needs_earlier,
            over_time=question.over_time or "times" in sides,
            compared=bool(sides) or question.over_time,
        )
        question = completed_follow_up(question, bare, self._earlier, self._directory)
        return _with_participants(question, self._earlier)

    def _is_foreign(self, bare: str, slots: Slots) -> bool:
        """Return whether a question without a form of this language is in another one: a word of
        it is unknown here, and its letters are those of another language."""
        if slots.frame and slots.frame.kind != "keywords":
            return False
        typed = re.findall(r"[^\W\d_]+", bare)
        strange = any(is_strange(word, self._directory) for word in typed)
        return strange and not is_likely_read(bare)

    def _conversed(self, reader: SlotReader) -> Conversed | None:
        """Return the conversation that a question asks about; None if it asks about none."""
        found = reader.conversation()
        if found is None:
            return None
        kind, who, topic = found
        return Conversed(self._participants(who), topic, words=kind == "said")

    def _participants(self, who: Sequence[QuestionMention]) -> tuple[str, ...]:
        """Return the people whom the mentions mean, those without a name as they were typed."""
        people: dict[str, None] = {}
        for mention in who:
            known = mention.sort in ("name", "described")
            found = self._directory.find(mention.text).people if known else ()
            people |= dict.fromkeys(found or (mention.text,))
        return tuple(people)

    def _is_help(self, asked: str) -> bool:
        """Return whether this is a greeting, thanks, a question about the program, or no words at
        all."""
        asks = asking()
        said = [asks.spellings.get(w, w) for w in words(re.sub("['’]", "", asked))]
        fill = asks.help_fillers | asks.stop_words | {*asks.asker_words}
        if said and set(said) & asks.help_words and set(said) <= asks.help_words | fill:
            return True
        if self._addresses_us(asked):
            return True
        strange = asked.isascii() and asked.islower() and 0 < len(said) <= MAX_NONSENSE
        return (
            strange
            and any(map(_NO_WORD.search, said))
            and not any(self._directory.is_word(w) or w in fill for w in said)
            and not self._directory.find(asked).people
        )

    def _addresses_us(self, asked: str) -> bool:
        """Return whether a question speaks to the program, names nobody and quotes nothing: it then
        asks nothing about the articles."""
        quoted, rest = cut_quotation(asked)
        left = set(words(without_politeness(rest)))
        if quoted or not left & asking().addressing:
            return False
        return not any(map(self._directory.is_named, self._directory.named_in(asked)))

    def _fill(self, asked: str, slots: Slots, quoted: str) -> Question:
        asks, frame = asking(), slots.frame
        role = slots.role or self._role(slots.speaker)
        if self._is_vague(slots) and (slots.topic or slots.addressee or quoted):
            slots = replace(slots, speaker="", topic=f"{slots.speaker} {slots.topic}")
        speakers, lost_speakers = self._people(slots.speaker)
        addressees, lost_addressees = self._people(slots.addressee)
        if lost_addressees and (other := self._counterpart(slots, speakers)):
            addressees, lost_addressees = other, []
        topic, excluded = self._excluded(slots.topic)
        change = re.search(asks.changes, topic, FLAGS)
        if change:
            topic = f"{topic[: change.start()]} {topic[change.end() :]}"
        lost = (*(f for f in lost_speakers if f.asked not in slots.described), *lost_addressees)
        bare_role = re.match(r"the\s+\w+$", slots.speaker, re.IGNORECASE) and len(speakers) > 1
        act = slots.act
        otherwise = None
        if frame and frame.heard and addressees:
            whom = " and ".join(speakers) or slots.speaker
            heard = f"heard from {whom} {bare_topic(topic)}".strip()
            otherwise = Question(asked, "said", speakers=addressees, topic=heard)
        elif leader := self._leader(slots):
            otherwise = Question(
                asked, "said", speakers=leader, addressees=addressees, topic=bare_topic(topic)
            )
        return Question(
            text=asked,
            kind=slots.kind,
            speakers=speakers,
            addressees=addressees,
            topic=bare_topic(topic),
            words=quoted,
            act="" if act in ("say", "ask") else act,
            unknown=tuple(f.asked for f in lost if not f.in_corpus),
            excluded=excluded,
            several=bool(frame and frame.several)
            or (len(speakers) > 1 and self._directory.names_several(slots.speaker)),
            over_time=bool(change or (frame and frame.over_time)),
            exhaustive=bool(
                re.search(asks.all_asked, asked, FLAGS) or (frame and frame.exhaustive)
            ),
            mutual=bool(frame and frame.mutual and len(speakers) > 1),
            closed=slots.kind == "said"
            and bool(re.match(asks.confirming, asked, FLAGS) or (frame and frame.closed)),
            either=speakers if bare_role and not (topic or addressees or quoted) else (),
            role=role,
            otherwise=otherwise,
        )

    def _leader(self, slots: Slots) -> tuple[str, ...]:
        """Return who speaks for a country whose words, or wishes, are asked for; not where yes or
        no is."""
        country = asking().kin.get(slots.speaker.casefold(), "")
        closed = slots.frame is not None and slots.frame.closed
        asked = country and slots.kind == "said" and not closed
        return self._directory.head_of(country) if asked else ()

    def _is_vague(self, slots: Slots) -> bool:
        """Return whether the speaker is only described and could be several people ("the bread
        lady"): then the topic has to tell who speaks."""
        if slots.speaker not in slots.described:
            return False
        return not (self._earlier and self._people(slots.speaker)[0] and self._needs_earlier)

    def _counterpart(self, slots: Slots, speakers: tuple[str, ...]) -> tuple[str, ...]:
        """Return who holds the speaker's office elsewhere ("her Russian counterpart"), if it is
        clear."""
        of = re.match(
            r"(?:his|her|its|their)\s+(.+)\s+counterpart$", slots.addressee, re.IGNORECASE
        )
        if of is None:
            return ()
        offices = self._directory.offices(slots.speaker, speakers)
        found = (self._directory.find(f"{of[1]} {office}").people for office in offices)
        return next((p for p in found if len(p) == 1 and p != speakers), ())

    def _told_by(self, question: Question, source: str) -> Question:
        """Return the question with whom it names as its source ("according to X") as who speaks.

        Not where it asks for the words of somebody else: those the source only passed on.
        """
        owned = re.match(r"(?:its|his|her|their)\s+(.+)$", source, re.IGNORECASE)
        if owned:  # "why did the bank close it, in its spokesman's words?"
            held = (f"{name}'s {owned[1]}" for name in _capitalised_runs(question.text))
            people = next(filter(None, (self._people(h)[0] for h in held)), ())
        else:
            people = self._one_mentioned(source)
        if people:
            return replace(question, kind="said", speakers=people)
        told = replace(question, topic=f"{question.topic} {source}".strip())
        if self._role(source) and not (question.speakers or question.role):
            return replace(told, kind="said", role=source)
        return told

    def _one_mentioned(self, source: str) -> tuple[str, ...]:
        """Return the only one whom the words for a source name, or with whom they begin."""
        found = mentions(source, self._directory, follows=self._earlier is not None)
        named = [m for m in found if m.sort == "name"]
        if len(named) != 1:
            named = [m for m in found if m.start == 0 and m.sort != "role"]
        return self._people(named[0].text)[0] if named else ()

    def _role(self, slot: str) -> str:
        """Return the words of a slot that describe who speaks and do not name them."""
        if not slot or is_pronoun(slot) or not role_stems(slot) & role_words():
            return ""
        return "" if any(f.certain and f.people for f in self._directory.find_all(slot)) else slot

    def _excluded(self, topic: str) -> tuple[str, tuple[str, ...]]:
        """Return a topic without who is not meant, and who that is."""
        but = re.search(rf"{asking().exclusions}(.+)$", topic, FLAGS)
        if not but:
            return topic, ()
        return topic[: but.start()], self._people(but[1])[0]

    def _people(self, slot: str) -> tuple[tuple[str, ...], list[Found]]:
        """Return the people of a slot; those that nobody in the corpus is stay as they were
        asked."""
        if slot.casefold() in asking().anybody:
            return (), []
        if not slot or is_pronoun(slot):
            return (slot,) if slot and self._earlier else (), []
        owner = re.match(r"(?:his|her|their|its)\s+(.+)$", slot, re.IGNORECASE)
        if owner and self._earlier:
            found = related_to_mentioned(owner[1], self._earlier, self._directory)
            self._needs_earlier = True
        elif self._earlier and (one := self._one_spoken_of(slot)):
            found, self._needs_earlier = [Found(slot, (one,), True)], True
        else:
            found = self._directory.find_all(slot)
        names = [name for f in found for name in (f.people or (f.asked,))]
        return tuple(dict.fromkeys(names)), [f for f in found if not f.people]

    def _one_spoken_of(self, slot: str) -> str:
        """Return the one of the people spoken of whom a bare role means ("the reporter")."""
        assert self._earlier is not None
        if not re.match(r"the\s+[a-z ]+$", slot):
            return ""
        talked_of = (*self._earlier.addressees, *self._earlier.speakers)
        fit = [name for name in talked_of if self._directory.holds(name, slot)]
        return fit[0] if len(set(fit)) == 1 else ""
