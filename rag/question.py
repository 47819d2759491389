"""A question becomes kind and slots: who speaks, to whom, about what, in which words.

Rules over the typed words, with the corpus's own people as the dictionary: a parser
trained on newspaper prose is lost where people write "what did erdogan tell putin".
The patterns are in ``rag/lang``; this file knows how to fill the slots.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from index.errors import InputError
from index.lang import language
from rag.dates import period
from rag.follow import follow, is_pronoun
from rag.lang import asking, reporting_forms
from rag.people import Directory, Found, content_stems, words
from rag.types import Filters, Question, QuestionKind, Turn

MAX_LENGTH = 2000
"""Characters of a question: longer ones are pasted articles, not questions."""

_FLAGS = re.IGNORECASE | re.VERBOSE
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]{2,})[\"“”„«»]|(?:(?<=\s)|^)['‘]([^'‘’]{3,})['’](?!\w)")


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
    question = _Reader(directory, earlier).read(asked)
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


@dataclass(frozen=True, slots=True)
class _Slots:
    """The raw parts of a question, as a pattern cut them out."""

    kind: str
    speaker: str = ""
    addressee: str = ""
    topic: str = ""
    verb: str = ""
    over_time: bool = False
    closed: bool = False


class _Reader:
    def __init__(self, directory: Directory, earlier: Question | None) -> None:
        self._directory = directory
        self._earlier = earlier
        self._leans = False

    def read(self, asked: str) -> Question:
        quoted, rest = _cut_quotation(asked)
        bare = _unwrap(rest)
        bare, added = self._second_question(_masked(bare, self._directory))
        since, until, dated = period(bare, self._directory.published)
        bare = dated or bare
        slots = self._match(bare, quoted)
        question = self._fill(asked, slots, quoted)
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
            rf",?\s+and\s+what\s+(?:did|does|has|have)\s+(.+?)\s+(?:{_say_forms()})$",
            bare,
            re.IGNORECASE,
        )
        if not second or not (people := self._people(second[1])[0]):
            return bare, ()
        return bare[: second.start()], people

    def _match(self, bare: str, quoted: str) -> _Slots:
        for kind, pattern in _compiled():
            if not (match := pattern.match(bare)):
                continue
            found = {k: _shown(v).strip(" ,?") for k, v in match.groupdict().items()}
            slots = self._slots(kind, found)
            if slots is not None:
                closed = kind == "said" and bool(_CLOSED.match(bare))
                return replace(slots, closed=closed)
        if quoted:
            return _Slots("who_said", topic=_shown(bare))
        return _Slots("fact", topic=_shown(bare))

    def _slots(self, kind: str, found: dict[str, str]) -> _Slots | None:
        """The slots of a match; None if the match cannot be meant."""
        speaker, rest = found.get("speaker", ""), found.get("rest", "")
        verb = _lemma(found.get("verb", ""))
        if kind == "headline":
            people = self._directory.find_all(speaker)
            if len(words(speaker)) > 6 or not any(f.people for f in people):
                return None
            kind = "said"
        if kind == "phrase":
            return self._phrase(rest or found.get("other", ""))
        if kind == "name":
            people = self._directory.find_all(speaker) if self._earlier else []
            known = len(words(speaker)) < 5 and any(f.people for f in people)
            return _Slots("said", speaker=speaker) if known else None
        if kind == "about":
            return _Slots("said", speaker=speaker)
        if kind in ("when", "where", "according_to"):
            return self._circumstance(kind, rest)
        if kind == "who_said":
            group = found.get("group", "")
            what = found.get("asked", "").casefold() == "what"
            if what and any(f.people for f in self._directory.find_all(group)):
                addressee, topic = self._addressee(found["topic"], verb)
                return _Slots("said", group, addressee, topic, verb)
            topic = " ".join(filter(None, (group, found.get("topic", ""))))
            speakers = found.get("speakers", "")
            tail = re.search(r",\s*([^,]+?\s+or\s+[^,]+)$", topic)
            if tail and not speakers:
                speakers, topic = tail[1], topic[: tail.start()]
            addressee, about = self._addressee(topic, verb)
            if addressee and any(f.people for f in self._directory.find_all(addressee)):
                return _Slots(kind, speakers, addressee, about, verb)
            return _Slots(kind, speaker=speakers, topic=topic, verb=verb)
        over_time = bool(found.get("change"))
        if rest and not found.get("topic"):
            addressee, topic = self._addressee(rest, verb)
            return _Slots(kind, speaker, found.get("addressee", "") or addressee, topic, verb)
        topic = found.get("topic", "")
        return _Slots(kind, speaker, found.get("addressee", ""), topic, verb, over_time)

    def _phrase(self, rest: str) -> _Slots | None:
        """Words of an article that are asked about as such ("what is two states, one nation")."""
        plain = words(rest)
        if len(plain) > 2 and self._directory.is_phrase(plain):
            return _Slots("fact", topic=rest)
        return None

    def _circumstance(self, kind: str, rest: str) -> _Slots:
        """When, where or according to whom: the statement meant is a question of its own."""
        rest = _masked(rest, self._directory)
        quoted = re.match(r"^(.+?)\s+as\s+(?:saying|having\s+said)\b\s*(.*)$", rest, re.IGNORECASE)
        if quoted:
            return _Slots(kind, speaker=_shown(quoted[1]), topic=_shown(quoted[2]))
        inner = re.match(
            rf"^(?:did|does|has|have|do)?\s*(?P<speaker>.+?)\s+(?:(?:speaking|talking|standing)\s+)?"
            rf"(?:(?:when|as|while)\s+(?:he|she|they|it)\s+)?(?:have\s+|had\s+|has\s+|to\s+)?"
            rf"(?P<verb>{_say_forms()})\b\s*(?P<rest>.*)$",
            rest,
            re.IGNORECASE,
        )
        people = self._directory.find_all(_shown(inner["speaker"])) if inner else []
        verb = _lemma(inner["verb"]) if inner else ""
        together = len(people) > 1 and verb in ("talk", "speak", "discuss", "meet", "call")
        known = any(f.people for f in people) or bool(
            inner and self._earlier and is_pronoun(inner["speaker"])
        )
        if inner and known and not together:
            addressee, topic = self._addressee(_shown(inner["rest"]), verb)
            return _Slots(kind, _shown(inner["speaker"]), addressee, topic, verb)
        return _Slots(kind, topic=_shown(re.sub(r"^(?:did|does|has|have|do)\s+", "", rest)))

    def _addressee(self, rest: str, verb: str) -> tuple[str, str]:
        """Who is spoken to at the head of what follows the verb, and the topic behind it."""
        rest = re.sub(r"^to\s+(?:do|comment|say|tell|add)\b\s*", "", rest, flags=re.IGNORECASE)
        marker = re.search(asking("en").topic_markers, rest, _FLAGS)
        head = rest[: marker.start()] if marker else rest
        tail = rest[marker.start() :] if marker else ""
        if marker and re.match(r"of\b", tail, re.IGNORECASE):
            whole = self._role_of(rest)  # "the prime minister of Volmark"
            head, tail = (whole, rest[len(whole) :]) if whole else (head, tail)
        to = re.match(asking("en").recipient_markers, head, _FLAGS)
        if to:
            whom = head[to.end() :].strip(" ,?")
            return (whom, tail) if self._can_be_told(whom) else ("", rest)
        takes = verb in language("en").addressing_verbs | language("en").infinitive_verbs
        if takes and head.strip() and verb != "call":
            return head.strip(" ,?"), tail
        return "", rest

    def _can_be_told(self, whom: str) -> bool:
        """Whether what follows "to" is somebody, and not something to be done."""
        table, first = language("en"), (words(whom) or [""])[0]
        return (
            first in {"the", "a", "an", "his", "her", "its", "their", "our", "my", "each"}
            or whom[:1].isupper()
            or is_pronoun(whom)
            or first in table.audience_nouns | table.role_nouns | table.titles
            or (first not in reporting_forms("en") and bool(self._directory.find(whom).people))
        )

    def _role_of(self, rest: str) -> str:
        """The head of a slot up to the country in "the president of Turkey", if it is one."""
        match = re.match(r"((?:to |with )?)((?:\S+ )+?of (?:the )?\S+)", rest)
        if match and self._directory.find(match[2].rstrip("?,")).people:
            return match[1] + match[2].rstrip("?,")
        return ""

    def _fill(self, asked: str, slots: _Slots, quoted: str) -> Question:
        speakers, lost_speakers = self._people(slots.speaker)
        addressees, lost_addressees = self._people(slots.addressee)
        kind: QuestionKind = slots.kind  # type: ignore[assignment]
        bare_role = re.match(r"the\s+\w+$", slots.speaker, re.IGNORECASE) and len(speakers) > 1
        act = language("en").verb_acts.get(slots.verb, "")
        topic, excluded = self._excluded(slots.topic)
        change = re.search(asking("en").changes, topic, _FLAGS)
        if change:
            topic = f"{topic[: change.start()]} {topic[change.end() :]}"
        return Question(
            text=asked,
            kind=kind,
            speakers=speakers,
            addressees=addressees,
            topic=_topic(topic),
            words=quoted,
            act="" if act in ("say", "ask") else act,
            unknown=tuple(f.asked for f in (*lost_speakers, *lost_addressees) if not f.in_corpus),
            excluded=excluded,
            several=len(speakers) > 1 and self._directory.names_several(slots.speaker),
            over_time=slots.over_time or bool(change),
            closed=slots.closed,
            either=speakers if bare_role and not (topic or addressees or quoted) else (),
        )

    def _excluded(self, topic: str) -> tuple[str, tuple[str, ...]]:
        """A topic without who is not meant, and who that is."""
        but = re.search(rf"{asking('en').exclusions}(.+)$", topic, _FLAGS)
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


_WHO_SAYS_SO = (
    r",?\s+(?:and|or)\s+(?:who\s+(?:says|said)\s+(?:so|that|this|it)|according\s+to\s+whom)$"
)
_MASK = "\u2060"


def _masked(text: str, directory: Directory) -> str:
    """The question with names that look like verbs marked ("Casimir Brand say")."""
    forms = reporting_forms("en")
    parts = text.split(" ")
    if not any(p.strip("?,.’'").casefold() in forms for p in parts):
        return text
    named = {w for name in directory.named_in(text) for w in words(name)}
    typed = text != text.casefold()

    def is_name(at: int, part: str) -> bool:
        plain = re.sub(r"['’]s$", "", part.strip("?,.")).casefold()
        return plain in forms and ((at > 0 and typed and part[:1].isupper()) or plain in named)

    return " ".join(f"{p[0]}{_MASK}{p[1:]}" if is_name(n, p) else p for n, p in enumerate(parts))


def _shown(text: str | None) -> str:
    return (text or "").replace(_MASK, "")


_CLOSED = re.compile(r"^(?:did|has|have|does|was|is|do)\b", re.IGNORECASE)


def _cut_quotation(asked: str) -> tuple[str, str]:
    """The longest words inside quotation marks, and the question without them."""
    found = list(_QUOTED.finditer(asked))
    if not found:
        return "", asked
    longest = max(found, key=lambda m: len(m[0]))
    quoted = (longest[1] or longest[2]).strip()
    return quoted, " ".join((asked[: longest.start()] + " " + asked[longest.end() :]).split())


def _unwrap(text: str) -> str:
    """The question without politeness, punctuation and a leading "and"."""
    bare = _spelt(text.strip(" ?!.,:;–—-…"))
    for _ in range(3):
        before = bare
        for pattern in asking("en").wrapping:
            bare = re.sub(pattern, "", bare, flags=_FLAGS).strip(" ?!.,:;–—-…")
        if bare == before:
            break
    return bare


def _spelt(text: str) -> str:
    """The question with slips in its question word and in "about" put right."""
    table = asking("en")
    known = {*table.asker_words, *table.stop_words, *reporting_forms("en")}
    out = []
    for number, word in enumerate(text.split(" ")):
        plain, near = word.casefold(), ""
        if plain.isalpha() and len(plain) > 2 and plain not in known:
            choices = table.asker_words if number == 0 else ("about",)
            close = (c for c in choices if OSA.distance(plain, c) <= 1 + (c == "about"))
            near = next((c for c in close if len(c) > 2 and c[0] == plain[0]), "")
        out.append(near or word)
    return " ".join(out)


def _topic(raw: str) -> str:
    """A topic without the words that only introduce it, or tell on which occasion."""
    bare = re.sub(asking("en").occasions, " ", f" {raw} ", flags=_FLAGS)
    bare = " ".join(bare.split()).strip(" ,?")
    lead = r"^(?:to\s+do|to\s+be|do|about|on|regarding|concerning|that|of|if|for|to|did|it)\b\s*"
    tail = r"(?:^|\s+)(?:about|on|of|for|to|with|in|at|and)$"
    bare = re.sub(lead, "", bare, flags=re.IGNORECASE)
    bare = re.sub(tail, "", bare, flags=re.IGNORECASE).strip(" ,?")
    return bare if content_stems(bare) else ""


def _lemma(form: str) -> str:
    return reporting_forms("en").get(form.casefold(), form.casefold())


@functools.cache
def _say_forms() -> str:
    return "|".join(sorted(map(re.escape, reporting_forms("en")), key=lambda f: (-len(f), f)))


@functools.cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns, with @SAY and @SAID standing for any form of a reporting verb."""
    forms = _say_forms()
    return tuple(
        (kind, re.compile(p.replace("@SAY", forms).replace("@SAID", forms), _FLAGS))
        for kind, p in asking("en").patterns
    )
