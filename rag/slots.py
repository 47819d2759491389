"""The patterns of ``rag/lang`` cut a question into slots: who speaks, to whom, about what."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

from index.folding import fold
from index.lang import language
from rag.follow import is_pronoun
from rag.lang import asking, reporting_forms
from rag.people import Directory, content_stems, role_stems, role_words, stem, words
from rag.wording import FLAGS, lemma, masked, patterns, say_forms, shown

LONGEST_NAME = 6
"""Words of the longest name or description that is taken for one unseen."""

_SMALL = frozenset("the a an of and or for to in on at de la van von bin al el".split())
_NEVER_IN_A_NAME = frozenset(
    """what who whom whose which how why where when did does has have had been because if not
    then there than much many long was were is are be""".split()
)

_CLOSED = re.compile(r"^(?:did|has|have|does|was|is|do)\b", re.IGNORECASE)


@functools.cache
def _clause() -> re.Pattern[str]:
    """Somebody who says something, with what stands between them and the verb."""
    return re.compile(
        rf"^(?:did|does|has|have|do)?\s*(?P<speaker>.+?)\s+(?:(?:speaking|talking|standing)\s+)?"
        rf"(?:(?:when|as|while)\s+(?:he|she|they|it)\s+)?(?:have\s+|had\s+|has\s+|to\s+)?"
        rf"(?P<verb>{say_forms()})\b\s*(?P<rest>.*)$",
        re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class Slots:
    """The raw parts of a question, as a pattern cut them out."""

    kind: str
    speaker: str = ""
    addressee: str = ""
    topic: str = ""
    verb: str = ""
    over_time: bool = False
    closed: bool = False
    role: str = ""


class SlotReader:
    """Cuts a question into slots; the people of the corpus tell names from other words.

    ``follows`` tells whether there is an earlier question, so that a name alone is one.
    """

    def __init__(self, directory: Directory, *, follows: bool) -> None:
        self._directory = directory
        self._follows = follows
        self._typed = False

    def read(self, bare: str, quoted: str) -> Slots:
        """The slots of the first pattern that can be meant; else a plain question."""
        self._typed = bare[1:] != bare[1:].casefold()  # names have capitals here
        for kind, pattern in patterns():
            if not (match := pattern.match(bare)):
                continue
            found = {k: shown(v).strip(" ,?") for k, v in match.groupdict().items()}
            slots = self._slots(kind, found)
            if slots is not None and self._can_be_meant(slots.speaker):
                closed = kind == "said" and bool(_CLOSED.match(bare))
                return replace(slots, closed=closed)
        if quoted:
            return Slots("who_said", topic=shown(bare))
        return Slots("fact", topic=shown(bare))

    def _slots(self, kind: str, found: dict[str, str]) -> Slots | None:
        """The slots of a match; None if the match cannot be meant."""
        speaker, rest = found.get("speaker", ""), found.get("rest", "")
        verb = lemma(found.get("verb", ""))
        if kind == "headline":
            people = self._directory.find_all(speaker)
            typed = all(w[:1].isupper() for w in speaker.split() if fold(w) not in _SMALL)
            named = typed and self._looks_like_somebody(speaker)
            if len(words(speaker)) > 6 or not (named or any(f.people for f in people)):
                return None
            kind = "said"
        if kind == "phrase":
            return self._phrase(rest or found.get("other", ""))
        if kind == "name":
            people = self._directory.find_all(speaker) if self._follows else []
            known = len(words(speaker)) < 5 and any(f.people for f in people)
            return Slots("said", speaker=speaker) if known else None
        if kind == "about":
            return Slots("said", speaker=speaker)
        if kind == "about_somebody":
            return self._somebody(found.get("noun", ""), rest)
        if kind in ("when", "where", "according_to"):
            return self._circumstance(kind, rest)
        if kind == "who_said":
            group = found.get("group", "")
            what = found.get("asked", "").casefold() == "what"
            if what and any(f.people for f in self._directory.find_all(group)):
                addressee, topic = self._addressee(found["topic"], verb)
                return Slots("said", group, addressee, topic, verb)
            role = group if role_stems(group) & role_words() else ""
            topic = " ".join(filter(None, ("" if role else group, found.get("topic", ""))))
            speakers = found.get("speakers", "")
            tail = re.search(r",\s*([^,]+?\s+or\s+[^,]+)$", topic)
            if tail and not speakers:
                speakers, topic = tail[1], topic[: tail.start()]
            addressee, about = self._addressee(topic, verb)
            if addressee and any(f.people for f in self._directory.find_all(addressee)):
                return Slots(kind, speakers, addressee, about, verb, role=role)
            return Slots(kind, speaker=speakers, topic=topic, verb=verb, role=role)
        over_time = bool(found.get("change"))
        noun = found.get("noun", "")
        if not verb and lemma(noun) in language("en").noun_acts:
            verb, noun = lemma(noun), ""
        if rest and not found.get("topic"):
            addressee, topic = self._addressee(rest, verb)
            topic = " ".join(filter(None, (noun, topic)))
            return Slots(kind, speaker, found.get("addressee", "") or addressee, topic, verb)
        topic = " ".join(filter(None, (noun, found.get("topic", ""))))
        return Slots(kind, speaker, found.get("addressee", ""), topic, verb, over_time)

    def _can_be_meant(self, speaker: str) -> bool:
        """Whether a slot holds people of the corpus, or at least what could be a name or a
        role; not half of the question ("Facebook switch on its safety tool for Paris")."""
        parts = words(speaker)
        if not speaker or is_pronoun(speaker) or speaker.casefold() in asking("en").anybody:
            return True
        if not content_stems(speaker):
            return False
        if re.search(r"[:?;]", speaker) or set(parts) & _NEVER_IN_A_NAME:
            return False
        if any(f.people for f in self._directory.find_all(speaker)):
            return True
        return len(parts) <= LONGEST_NAME and self._looks_like_somebody(speaker)

    def _looks_like_somebody(self, phrase: str) -> bool:
        """Whether a phrase that nobody of the corpus answers to is a name or a description:
        capitals throughout, or a role at its end ("the harbour master")."""
        own = [w.strip("'’.,") for w in phrase.split() if fold(w) not in _SMALL]
        if any(lemma(w) != w.casefold() or w.casefold() in reporting_forms("en") for w in own):
            return False
        if own and all(w[:1].isupper() or w[:1].isdigit() for w in own):
            return True
        last = stem(fold(own[-1])) if own else ""
        if last in role_words():
            return True
        return not self._typed and len(own) <= 2

    def _somebody(self, noun: str, rest: str) -> Slots | None:
        """Whoever stands at the head of the rest, and all that follows as the topic."""
        parts = rest.split()
        for size in range(min(LONGEST_NAME, len(parts) - 1), 0, -1):
            head = " ".join(parts[:size])
            if set(words(head)) & _NEVER_IN_A_NAME:
                continue
            if self._directory.find(head).certain:
                topic = " ".join(filter(None, (noun, *parts[size:])))
                return Slots("fact", speaker=head, topic=topic)
        return None

    def _phrase(self, rest: str) -> Slots | None:
        """Words of an article that are asked about as such ("what is two states, one nation")."""
        plain = words(rest)
        if len(plain) > 2 and self._directory.is_phrase(plain):
            return Slots("fact", topic=rest)
        return None

    def _circumstance(self, kind: str, rest: str) -> Slots:
        """When, where or according to whom: the statement meant is a question of its own."""
        rest = masked(rest, self._directory)
        quoted = re.match(r"^(.+?)\s+as\s+(?:saying|having\s+said)\b\s*(.*)$", rest, re.IGNORECASE)
        if quoted:
            return Slots(kind, speaker=shown(quoted[1]), topic=shown(quoted[2]))
        inner = _clause().match(rest)
        people = self._directory.find_all(shown(inner["speaker"])) if inner else []
        verb = lemma(inner["verb"]) if inner else ""
        together = len(people) > 1 and verb in ("talk", "speak", "discuss", "meet", "call")
        known = any(f.people for f in people) or bool(
            inner and self._follows and is_pronoun(inner["speaker"])
        )
        if inner and known and not together:
            addressee, topic = self._addressee(shown(inner["rest"]), verb)
            return Slots(kind, shown(inner["speaker"]), addressee, topic, verb)
        return Slots(kind, topic=shown(re.sub(r"^(?:did|does|has|have|do)\s+", "", rest)))

    def _addressee(self, rest: str, verb: str) -> tuple[str, str]:
        """Who is spoken to at the head of what follows the verb, and the topic behind it."""
        aside = r"^(?:to\s+(?:do|comment|say|tell|add)|anything|something|everything)\b\s*"
        rest = re.sub(aside, "", rest, flags=re.IGNORECASE)
        if verb in asking("en").answering_verbs:  # "react to the vote"
            return "", rest
        marker = re.search(asking("en").topic_markers, rest, FLAGS)
        head = rest[: marker.start()] if marker else rest
        tail = rest[marker.start() :] if marker else ""
        if marker and re.match(r"of\b", tail, re.IGNORECASE):
            whole = self._role_of(rest)  # "the prime minister of Volmark"
            head, tail = (whole, rest[len(whole) :]) if whole else (head, tail)
        to = re.match(asking("en").recipient_markers, head, FLAGS)
        if to:
            whom = head[to.end() :].strip(" ,?")
            return (whom, tail) if self._can_be_told(whom) else ("", rest)
        takes = verb in language("en").addressing_verbs | language("en").infinitive_verbs
        if takes and head.strip() and verb != "call" and self._can_be_meant(head.strip(" ,?")):
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
