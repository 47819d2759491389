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
from rag.lang import asking
from rag.people import Directory, Found, words
from rag.types import Question, QuestionKind, Turn

MAX_LENGTH = 2000
"""Characters of a question: longer ones are pasted articles, not questions."""

_FLAGS = re.IGNORECASE | re.VERBOSE
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]{2,})[\"“”„«»]|(?:(?<=\s)|^)['‘]([^'‘’]{3,})['’](?!\w)")


def read(text: str, history: Sequence[Turn], directory: Directory) -> Question:
    """How a question is read, with what earlier turns say where it leaves a slot open.

    Raises InputError for an empty question, or one over MAX_LENGTH characters.
    """
    asked = " ".join(text.split())
    if not asked:
        raise InputError("expected a question, found no text")
    if len(text) > MAX_LENGTH:
        raise InputError(
            f"expected a question of at most {MAX_LENGTH:,} characters, found {len(text):,}"
        )
    earlier = _earlier(history, directory)
    return _Reader(directory, earlier).read(asked)


def _earlier(history: Sequence[Turn], directory: Directory) -> Question | None:
    """The reading of the conversation so far: what a follow-up falls back upon."""
    reading: Question | None = None
    for turn in history:
        content = " ".join(turn.content.split())[:MAX_LENGTH]
        if turn.role == "user" and content:
            reading = _Reader(directory, reading).read(content)
    return reading


@dataclass(frozen=True, slots=True)
class _Slots:
    """The raw parts of a question, as a pattern cut them out."""

    kind: str
    speaker: str = ""
    addressee: str = ""
    topic: str = ""
    verb: str = ""


class _Reader:
    def __init__(self, directory: Directory, earlier: Question | None) -> None:
        self._directory = directory
        self._earlier = earlier

    def read(self, asked: str) -> Question:
        quoted, rest = _cut_quotation(asked)
        bare = _unwrap(rest)
        slots = self._match(bare, quoted)
        question = self._fill(asked, slots, quoted)
        return self._follow(question, bare) if self._earlier else question

    def _match(self, bare: str, quoted: str) -> _Slots:
        for kind, pattern in _compiled():
            if not (match := pattern.match(bare)):
                continue
            found = {k: (v or "").strip(" ,?") for k, v in match.groupdict().items()}
            slots = self._slots(kind, found)
            if slots is not None:
                return slots
        if quoted:
            return _Slots("who_said", topic=bare)
        return _Slots("fact", topic=bare)

    def _slots(self, kind: str, found: dict[str, str]) -> _Slots | None:
        """The slots of a match; None if the match cannot be meant."""
        speaker, rest = found.get("speaker", ""), found.get("rest", "")
        verb = _lemma(found.get("verb", ""))
        if kind == "headline":
            people = self._directory.find_all(speaker)
            if len(words(speaker)) > 6 or not any(f.people for f in people):
                return None
            kind = "said"
        if kind == "about":
            return _Slots("said", speaker=speaker)
        if kind in ("when", "where"):
            return _Slots(kind, topic=rest)
        if kind == "according_to":
            inner = re.match(rf"^did\s+(.+?)\s+({_say_forms()})\b\s*(.*)$", rest, re.IGNORECASE)
            if inner:
                return _Slots(kind, speaker=inner[1], topic=inner[3], verb=_lemma(inner[2]))
            return _Slots(kind, topic=rest)
        if kind == "who_said":
            topic = " ".join(filter(None, (found.get("group", ""), found.get("topic", ""))))
            speakers = found.get("speakers", "")
            tail = re.search(r",\s*([^,]+?\s+or\s+[^,]+)$", topic)
            if tail and not speakers:
                speakers, topic = tail[1], topic[: tail.start()]
            return _Slots(kind, speaker=speakers, topic=topic, verb=verb)
        if rest and not found.get("topic"):
            addressee, topic = self._addressee(rest, verb)
            return _Slots(kind, speaker, found.get("addressee", "") or addressee, topic, verb)
        return _Slots(kind, speaker, found.get("addressee", ""), found.get("topic", ""), verb)

    def _addressee(self, rest: str, verb: str) -> tuple[str, str]:
        """Who is spoken to at the head of what follows the verb, and the topic behind it."""
        rest = re.sub(rf"^to\s+(?:do|comment|{_say_forms()})\b\s*", "", rest, flags=re.IGNORECASE)
        marker = re.search(asking("en").topic_markers, rest, _FLAGS)
        head = rest[: marker.start()] if marker else rest
        tail = rest[marker.start() :] if marker else ""
        to = re.match(asking("en").recipient_markers, head, _FLAGS)
        if to:
            return head[to.end() :].strip(" ,?"), tail
        takes = verb in language("en").addressing_verbs | language("en").infinitive_verbs
        if takes and head.strip() and verb != "call":
            return head.strip(" ,?"), tail
        return "", rest

    def _fill(self, asked: str, slots: _Slots, quoted: str) -> Question:
        speakers, lost_speakers = self._people(slots.speaker)
        addressees, lost_addressees = self._people(slots.addressee)
        kind: QuestionKind = slots.kind  # type: ignore[assignment]
        act = language("en").verb_acts.get(slots.verb, "")
        return Question(
            text=asked,
            kind=kind,
            speakers=speakers,
            addressees=addressees,
            topic=_topic(slots.topic),
            words=quoted,
            act="" if act in ("say", "answer", "ask") else act,
            unknown=tuple(f.asked for f in (*lost_speakers, *lost_addressees) if not f.in_corpus),
        )

    def _people(self, slot: str) -> tuple[tuple[str, ...], list[Found]]:
        """The people of a slot; those that nobody in the corpus is stay as they were asked."""
        if not slot or _is_pronoun(slot):
            return (slot,) if slot else (), []
        owner = re.match(r"(?:his|her|their|its)\s+(.+)$", slot, re.IGNORECASE)
        if owner and self._earlier and (self._earlier.speakers or self._earlier.addressees):
            whose = (*self._earlier.speakers, *self._earlier.addressees)[0]
            slot = f"{words(whose)[-1]}'s {owner[1]}"
        found = self._directory.find_all(slot)
        names = [name for f in found for name in (f.people or (f.asked,))]
        return tuple(dict.fromkeys(names)), [f for f in found if not f.people]

    def _follow(self, question: Question, bare: str) -> Question:
        """The question with its open slots filled from the turns before."""
        earlier = self._earlier
        assert earlier is not None
        cast = (*earlier.speakers, *earlier.addressees, *self._directory.named_in(earlier.topic))
        if re.search(r"\b(?:repl(?:y|ied)|answer(?:ed)?|respond(?:ed)?)\b", bare, re.IGNORECASE):
            cast = (*earlier.addressees, *cast)
        speakers = _resolve(question.speakers, cast, question.addressees)
        addressees = _resolve(question.addressees, cast, speakers)
        changed = (speakers, addressees) != (question.speakers, question.addressees)
        if re.match(r"^(?:what|how)\s+about\b", bare, re.IGNORECASE) and earlier.speakers:
            if earlier.addressees and not earlier.topic:
                return replace(earlier, text=question.text, addressees=speakers, follow_up=True)
            return replace(earlier, text=question.text, speakers=speakers, follow_up=True)
        topic = question.topic
        if not topic and (changed or not speakers or _answers_that(bare)):
            topic = earlier.topic
        if question.kind in ("when", "where", "according_to") and not _names(question.topic):
            speakers, addressees = speakers or earlier.speakers, addressees or earlier.addressees
            topic = earlier.topic or earlier.text
        follow_up = changed or topic != question.topic
        return replace(
            question, speakers=speakers, addressees=addressees, topic=topic, follow_up=follow_up
        )


def _resolve(
    slot: tuple[str, ...], cast: tuple[str, ...], others: tuple[str, ...]
) -> tuple[str, ...]:
    """A slot with its pronoun replaced: by whoever spoke last and is not the other party."""
    if len(slot) != 1 or not _is_pronoun(slot[0]):
        return slot
    candidates = [
        name
        for name in cast
        if name not in others and not _is_pronoun(name) and _can_be(slot[0].casefold(), name)
    ]
    if asking("en").pronouns[slot[0].casefold()] == "any" and len(candidates) > 1:
        return tuple(dict.fromkeys(candidates))
    return tuple(candidates[:1])


def _can_be(pronoun: str, name: str) -> bool:
    """Whether a pronoun's gender allows a name, as far as the first name tells one."""
    table = language("en")
    first = words(name)[0] if words(name) else ""
    wanted, found = table.person_pronouns.get(pronoun, ""), table.given_names.get(first, "")
    return wanted not in ("m", "f") or found not in ("m", "f") or wanted == found


def _is_pronoun(slot: str) -> bool:
    return slot.casefold() in asking("en").pronouns


def _names(topic: str) -> bool:
    return bool(re.search(r"\b[A-Z]\w+", topic[1:]))


def _answers_that(bare: str) -> bool:
    return bool(re.search(r"\b(?:that|this|it)\s*$", bare, re.IGNORECASE))


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
    known = table.asker_words | table.stop_words | _forms().keys()
    out = []
    for number, word in enumerate(text.split(" ")):
        plain, near = word.casefold(), ""
        if plain.isalpha() and len(plain) > 2 and plain not in known:
            choices = sorted(table.asker_words) if number == 0 else ["about"]
            close = (c for c in choices if OSA.distance(plain, c) <= 1 + (c == "about"))
            near = next((c for c in close if len(c) > 2 and c[0] == plain[0]), "")
        out.append(near or word)
    return " ".join(out)


def _topic(raw: str) -> str:
    """A topic without the words that only introduce it."""
    lead = r"^(?:to\s+do|to\s+be|do|about|on|regarding|concerning|that|of|if|for|to|did|it)\b\s*"
    tail = r"\s+(?:about|on|of|for|to|with|in|at)$"
    bare = re.sub(lead, "", raw.strip(" ,?"), flags=re.IGNORECASE)
    return re.sub(tail, "", bare, flags=re.IGNORECASE).strip(" ,?")


def _lemma(form: str) -> str:
    return _forms().get(form.casefold(), form.casefold())


@functools.cache
def _forms() -> dict[str, str]:
    """Every form of every verb that reports speech or thought, and its lemma."""
    table, irregular = language("en"), asking("en").irregular
    forms: dict[str, str] = {}
    for lemma in sorted(table.verb_acts.keys() | table.stance_verbs):
        if " " in lemma:
            continue
        forms[lemma] = lemma
        soft = lemma.removesuffix("e")
        for form in (f"{lemma}s", f"{lemma}es", f"{soft}ed", f"{soft}ing", f"{lemma}d"):
            forms.setdefault(form, lemma)
        if lemma.endswith("y"):
            forms.setdefault(f"{lemma[:-1]}ied", lemma)
            forms.setdefault(f"{lemma[:-1]}ies", lemma)
        doubled = lemma + lemma[-1]
        forms.setdefault(f"{doubled}ed", lemma)
        forms.setdefault(f"{doubled}ing", lemma)
    forms.update({form: lemma for form, lemma in irregular.items() if lemma in forms})
    return forms


@functools.cache
def _say_forms() -> str:
    return "|".join(sorted(map(re.escape, _forms()), key=lambda f: (-len(f), f)))


@functools.cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns, with @SAY and @SAID standing for any form of a reporting verb."""
    forms = _say_forms()
    return tuple(
        (kind, re.compile(p.replace("@SAY", forms).replace("@SAID", forms), _FLAGS))
        for kind, p in asking("en").patterns
    )
