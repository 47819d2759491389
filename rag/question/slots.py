"""The forms of ``rag/lang`` cut a question into slots: who speaks, to whom, about what.

The people whom a question mentions are found first (``rag/people``), and stand in it as one
token each: a form says where they stand, and not what a name looks like.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.lang import language
from rag.lang import Frame, asking, conversed, frames, regular_forms, reporting_forms
from rag.people import Directory, QuestionMention, mentions, role_stems, role_words, words
from rag.types import QuestionKind

_ONE = r"⟦\d+⟧"
_TYPED_TOKEN = str.maketrans("⟦⟧", "[]")
"""Typed ⟦ and ⟧ become [ and ], so that they cannot be mistaken for tokens."""

_WHO = rf"(?:(?:both|either|neither) )?{_ONE}(?:(?:,? (?:and|or|n|&|vs\.?|versus) |, ){_ONE})*"
_ABOUT = r"(?:about|on|of|over|regarding|concerning|re|towards?|to|for)"
_FIGURE = r"(?:much|many|long|old|far|big|high|often)\b"
_TOPICAL = re.compile(r"^(?:about|on|regarding|concerning|re)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slots:
    """The raw parts of a question, as a form cut them out.

    ``frame`` is the form, None for a plain question; ``described`` are role phrases ("the
    detective") that match no known person.
    """

    kind: QuestionKind
    speaker: str = ""
    addressee: str = ""
    topic: str = ""
    verb: str = ""
    act: str = ""
    role: str = ""
    frame: Frame | None = None
    described: frozenset[str] = frozenset()


class SlotReader:
    """Cuts a question into slots; the people of the corpus tell names from other words.

    ``follows`` tells whether there is an earlier question, so that a name alone is one.
    """

    def __init__(self, directory: Directory, *, follows: bool) -> None:
        self._directory = directory
        self._follows = follows
        self._mentions: list[QuestionMention] = []
        self._marked_text = ""

    def read(self, bare: str, quoted: str) -> Slots:
        """Return the slots of the first form that the question has; else a plain question."""
        bare = bare.translate(_TYPED_TOKEN)
        self._mentions = mentions(bare, self._directory, follows=self._follows)
        self._marked_text = marked = self._marked(bare)
        for frame, pattern in _patterns():
            match = pattern.fullmatch(marked)
            slots = self._slots_of_match(frame, match) if match else None
            if slots is not None:
                pronoun = any(m.sort == "pronoun" for m in self._mentioned(slots.speaker))
                if pronoun and not self._follows:
                    named = [n for n, m in enumerate(self._mentions) if m.sort == "name"]
                    if len(named) != 1:
                        break  # nobody has been named whom it could point to
                    slots = replace(slots, speaker=f"⟦{named[0]}⟧")
                described = (m.text for m in self._mentions if m.sort == "role")
                return replace(self._with_names(slots), frame=frame, described=frozenset(described))
        return Slots("who_said" if quoted else "fact", self._about(bare), topic=bare)

    def conversation(self) -> tuple[str, list[QuestionMention], str] | None:
        """Return what the question that was read last asks about a conversation: the kind of its
        form, who took part, and the topic; None if it asks about none."""
        for frame, pattern in _conversed_patterns():
            match = pattern.fullmatch(self._marked_text)
            if match is None:
                continue
            found = {k: (v or "") for k, v in match.groupdict().items()}
            sides = [found.get(k, "") for k in ("people", "direct", "other", "second")]
            who = [m for side in sides for m in self._mentioned(side)]
            alone = frame.kind in ("to_whom", "who_said")
            known = all(m.sort != "anybody" for m in who)
            two = len(who) > 1 or self._are_several(*sides) or any(map(_is_plural, who))
            if known and (alone or two):
                return frame.kind, who, " ".join(self._unmarked(found["topic"]).split())
        return None

    def _about(self, bare: str) -> str:
        """Return the only one whom a plain question is about; not where it asks who did
        something."""
        sure = [m for m in self._mentions if m.sort == "name"]
        asks_who = re.match(r"(?:who|whom|which|whose)\b", bare, re.IGNORECASE)
        return sure[0].text if len(sure) == 1 and not asks_who else ""

    def _marked(self, bare: str) -> str:
        """Return the question with a token in place of each mention."""
        for number, mention in reversed([*enumerate(self._mentions)]):
            bare = f"{bare[: mention.start]}⟦{number}⟧{bare[mention.end :]}"
        return bare

    def _unmarked(self, part: str) -> str:
        return re.sub(r"⟦(\d+)⟧", lambda m: self._mentions[int(m[1])].text, part).strip(" ,?:")

    def _with_names(self, slots: Slots) -> Slots:
        """Return the slots with the words of each mention in place of its token."""
        return replace(
            slots,
            speaker=re.sub(r"['’]s?$", "", self._unmarked(slots.speaker)),
            addressee=self._unmarked(slots.addressee),
            topic=" ".join(self._unmarked(slots.topic).split()),
            role=self._unmarked(slots.role),
        )

    def _slots_of_match(self, frame: Frame, match: re.Match[str]) -> Slots | None:
        """Return the slots of a match; None if the form cannot be meant."""
        found = {k: (v or "").strip(" ,?") for k, v in match.groupdict().items()}
        speaker = found.get("speaker", "")
        if frame.kind == "keywords" or frame.kind == "alone":
            return self._name_with_words(frame.kind, speaker, found.get("topic", ""))
        if "clause" in found:
            return self._clause(frame.kind, found["clause"])
        if frame.kind == "who_said" and "rest" in found:
            return self._who_said(found)
        if frame.mutual and not self._are_several(speaker, found.get("other", "")):
            return None
        noun = _head_noun(found.get("noun", ""))
        topic = " ".join(
            filter(None, (noun, found.get("first"), found.get("topic"), found.get("more")))
        )
        view = _singular(found.get("view", ""))
        act = language().noun_acts.get(view, "")
        if view in asking().points:
            topic = f"{view} {topic}"
        slots = Slots(
            frame.kind,
            " and ".join(filter(None, (speaker, found.get("other")))),
            found.get("addressee", ""),
            topic,
            act=act,
            role=found.get("role", ""),
        )
        if "rest" in found:
            aside = " ".join(filter(None, (noun, found.get("first"), found.get("more"))))
            slots = self._slots_after_speaker(slots, found["rest"], aside.strip(" ,"))
            helps = words(found.get("aux", ""))[:1]
            plain = not slots.verb and helps and not set(helps) & asking().acting_auxiliaries
            if slots.verb and helps and set(helps) & asking().passive_auxiliaries:
                return self._passive(slots, found["rest"])
            figure = noun and re.match(_FIGURE, noun, re.IGNORECASE)
            if figure and all(m.sort == "role" for m in self._mentioned(speaker)):
                return Slots("fact", topic=match.string, role=slots.role or speaker)
            if plain:
                named = all(m.sort == "name" for m in self._mentioned(speaker))
                whose = "" if frame.closed or not named else speaker
                return Slots("fact", whose, topic=match.string)
            return slots
        verb = lemma(found.get("verb", ""))
        return replace(slots, verb=verb, act=act or _act(verb))

    def _slots_after_speaker(self, slots: Slots, rest: str, noun: str) -> Slots:
        """Return the slots with what stands behind the speaker: the verb, the addressee and the
        topic."""
        verb, rest = self._verb(rest, light=bool(noun))
        if verb in asking().wishing_verbs:
            rest = re.sub(r"^(?:from|of)\b\s*", "", rest)
        addressee, topic = self._addressee(rest, verb)
        return replace(
            slots,
            addressee=slots.addressee or addressee,
            topic=" ".join(filter(None, (slots.role, noun, topic))),
            verb=verb,
            act=_act(verb) or (language().noun_acts.get(_singular(noun), "") if noun else ""),
        )

    def _passive(self, slots: Slots, rest: str) -> Slots:
        """Return the slots of a question in the passive: the person named was told or blamed, and
        did not speak.

        "Is telling" is no passive.
        """
        if re.match(r"\w+ing\b", rest):
            return slots
        table, whom, by = language(), slots.speaker, re.search(rf"\bby ({_WHO})", slots.topic)
        topic = slots.topic.replace(by[0], "") if by else slots.topic
        takes = table.addressing_verbs | table.infinitive_verbs
        told = slots.verb in takes and self._is_addressee(whom)
        return replace(
            slots,
            speaker=by[1] if by else "",
            addressee=whom if told else "",
            topic=topic if told else f"{whom} {topic}",
        )

    def _verb(self, rest: str, *, light: bool) -> tuple[str, str]:
        """Return the lemma of the verb of speech or thought at the head, and what follows it; ""
        and the whole text for any other verb, which belongs to the topic."""
        if said := re.match(rf"({_say_forms()})\b\s*(.*)$", rest, re.IGNORECASE):
            verb = lemma(said[1])
            plain = asking().phrasal.get(verb) == ""
            return ("", rest) if plain else (verb, said[2])
        if light and (
            carried := re.match(rf"{asking().light_verbs}\b\s*(.*)$", rest, re.IGNORECASE)
        ):
            return "", carried[1]
        return "", rest

    def _name_with_words(self, kind: str, speaker: str, topic: str) -> Slots | None:
        """Return the slots of a name that stands alone or has words behind it: that person may have
        spoken."""
        sure = all(m.sort in ("name", "described") for m in self._mentioned(speaker))
        if kind == "alone":
            return Slots("said", speaker) if self._follows and sure else None
        asks = set(words(topic)) & {*asking().asker_words}
        country = any(w in asking().kin for m in self._mentioned(speaker) for w in words(m.text))
        if not sure or asks or country:
            return None
        return Slots("said", speaker, topic=topic)

    def _who_said(self, found: dict[str, str]) -> Slots:
        """Return who said something: to whom, and of what kind the speaker is."""
        verb, group, rest = lemma(found["verb"]), found.get("group", ""), found["rest"]
        addressee, topic = self._addressee(rest, verb)
        if addressee and any(m.sort == "unknown" for m in self._mentioned(addressee)):
            addressee, topic = "", rest
        role = group if role_stems(group) & role_words() else ""
        speaker = ""
        choice = re.search(r"[,:]\s*([^,:]+?(?:,[^,:]+)?\s+or\s+[^,:]+)$", topic)
        if choice:
            speaker, topic = choice[1], topic[: choice.start()]
        topic = " ".join(filter(None, ("" if role else group, topic)))
        return Slots("who_said", speaker, addressee, topic, verb, _act(verb), role)

    def _clause(self, kind: QuestionKind, clause: str) -> Slots:
        """When, where or according to whom: the statement meant is a clause of its own."""
        quoted = re.match(rf"({_WHO}) as (?:saying|having said)\b\s*(.*)$", clause, re.IGNORECASE)
        if quoted:
            return Slots(kind, quoted[1], topic=quoted[2])
        owned = re.match(rf"({_WHO})['’]s? (\w+)\b\s*(.*)$", clause)
        if owned and (act := language().noun_acts.get(owned[2].casefold())):
            return Slots(kind, owned[1], topic=owned[3], act=act)
        inner = re.match(
            rf"(?:{_AUX} )?({_WHO}) (?:(?:speaking|talking|standing)"
            rf" )?{_ADV}({_say_forms()})\b\s*(.*)$",
            clause,
            re.IGNORECASE,
        )
        if inner and not self._tells_of_event(inner[1], lemma(inner[2])):
            rest = f"{inner[2]} {inner[3]}"
            return self._slots_after_speaker(Slots(kind, inner[1]), rest, "")
        return Slots(kind, topic=re.sub(rf"^{_AUX} ", "", clause, flags=re.IGNORECASE))

    def _tells_of_event(self, who: str, verb: str) -> bool:
        """Return whether a clause tells of an event and not of words ("when did A and B talk")."""
        met = verb in ("talk", "speak", "discuss", "meet", "call", "telephone", "phone")
        strange = all(m.sort in ("unknown", "role", "anybody") for m in self._mentioned(who))
        return strange or (met and len(self._mentioned(who)) > 1)

    def _are_several(self, *parts: str) -> bool:
        """Return whether these parts name two people or more."""
        return len([m for part in parts for m in self._mentioned(part)]) > 1 or any(
            self._directory.names_several(self._unmarked(part)) for part in parts if part
        )

    def _addressee(self, rest: str, verb: str) -> tuple[str, str]:
        """Return who is spoken to, at the head of what follows the verb or at its end, and the
        topic.

        Only somebody who is meant for certain; others are left in the topic.
        """
        empty = "to (?:do|comment|say|tell|add)|anything|something|everything|what|so"
        aside = rf"^(?:{empty})\b\s*(?!else)"
        rest = re.sub(aside, "", rest, flags=re.IGNORECASE)
        table = language()
        if verb in asking().answering_verbs:  # "react to the vote"
            return "", rest
        takes = verb in table.addressing_verbs | table.infinitive_verbs and verb != "call"
        head = re.match(rf"(?P<to>(?:to|with) )?(?P<whom>{_WHO})(?!['’\w])(?P<topic>.*)$", rest)
        with_ = head and (head["to"] or "").casefold() == "with "
        if with_ and verb not in table.conversation_verbs | {"discuss", "plead", "say"}:
            return "", rest
        if head and (takes or head["to"]) and self._is_addressee(head["whom"]):
            return head["whom"], head["topic"]
        last = re.match(rf"(?P<topic>.+?) to (?P<whom>{_WHO})$", rest, re.IGNORECASE)
        if last and _TOPICAL.match(rest) and self._is_addressee(last["whom"]):
            return last["whom"], last["topic"]
        return "", rest

    def _is_addressee(self, whom: str) -> bool:
        """Return whether those spoken to are meant for certain, and are no audience or outlet."""
        return all(self._is_sure(m) for m in self._mentioned(whom))

    def _is_sure(self, mention: QuestionMention) -> bool:
        if mention.sort == "described":
            return any(map(self._directory.is_named, self._directory.find(mention.text).people))
        if mention.sort == "role":  # "her brother", but not "the detective"
            return bool(re.match(r"(?:his|her|their|its)\b", mention.text, re.IGNORECASE))
        public = asking().press_nouns | language().audience_nouns
        return mention.sort != "anybody" and (
            mention.sort == "name" or not public & {*words(mention.text)[-1:]}
        )

    def _mentioned(self, part: str) -> list[QuestionMention]:
        return [self._mentions[int(n)] for n in re.findall(r"⟦(\d+)⟧", part)]


def _is_plural(mention: QuestionMention) -> bool:
    """Return whether a mention is of several people ("the transport ministers", "they")."""
    if mention.sort == "pronoun":
        return asking().pronouns[mention.text.casefold()] == "any"
    last = (words(mention.text) or [""])[-1]
    several = last.endswith("s") and bool(role_stems(last.removesuffix("s")) & role_words())
    return several and mention.sort in ("role", "described")


def lemma(form: str) -> str:
    """Return the verb of a form ("said" gives "say"); any other word in small letters."""
    plain = form.casefold()
    return _phrasal_forms().get(plain) or reporting_forms().get(plain, plain)


def _act(verb: str) -> str:
    table = language()
    if verb in asking().wishing_verbs:
        return ""
    return asking().phrasal.get(verb) or table.verb_acts.get(verb, "")


def _singular(noun: str) -> str:
    return re.sub(r"s$", "", noun.casefold())


def _plural(noun: str) -> str:
    """Return a pattern for a noun and its plural."""
    return rf"{noun[:-1]}(?:y|ies)" if noun.endswith("y") else rf"{noun}(?:e?s)?"


def _head_noun(noun: str) -> str:
    """Return what is asked for, without words that only fill ("else", "exactly")."""
    return re.sub(r"^(?:else|exactly|more|on earth|is it|it)\b\s*", "", noun, flags=re.IGNORECASE)


@functools.cache
def _phrasal_forms() -> dict[str, str]:
    """Return every form of the verbs with a particle, and their lemma."""
    found = {}
    for verb in asking().phrasal:
        first, _, particle = verb.partition(" ")
        irregular = [f for f, plain in asking().irregular.items() if plain == first]
        for form in (*regular_forms(first), *irregular):
            found[f"{form} {particle}"] = verb
    return found


@functools.cache
def _say_forms() -> str:
    """Return all forms of the verbs of speech and thought as one pattern, phrases first.

    What follows it in a pattern has to begin with the end of a word.  Verbs with the same endings
    are written together: as thousands of alternatives they take half a second to compile.
    """
    phrases = sorted(_phrasal_forms(), key=lambda f: (-len(f), f))
    forms_of: dict[str, list[str]] = {}
    for form, verb in (*reporting_forms().items(), *_answering_forms().items()):
        forms_of.setdefault(verb, []).append(form)
    roots: dict[tuple[str, ...], set[str]] = {}
    for forms in forms_of.values():
        root = os.path.commonprefix(forms)  # noqa: RUF071 - letter by letter
        roots.setdefault(tuple(sorted(form[len(root) :] for form in forms)), set()).add(root)
    verbs = (f"{_any_of(sorted(alike))}{_any_of(endings)}" for endings, alike in roots.items())
    return f"(?:{'|'.join([*map(re.escape, phrases), *verbs])})"


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


def _answering_forms() -> dict[str, str]:
    """Return the forms of verbs that ask for words and report none ("how did Reed react?"), each
    with its verb."""
    verbs = asking().answering_verbs
    return {form: verb for verb in sorted(verbs) for form in regular_forms(verb)}


_AUX = rf"(?:{'|'.join(sorted(asking().auxiliaries, key=len, reverse=True))})(?: not)?".replace(
    "'", "['’]"
)
_ADV = rf"(?:{asking().adverbs}(?!\w) ?)*"


@functools.cache
def _patterns() -> tuple[tuple[Frame, re.Pattern[str]], ...]:
    """Return the forms with their patterns written out."""
    return tuple((frame, _written_out(frame)) for frame in frames())


@functools.cache
def _conversed_patterns() -> tuple[tuple[Frame, re.Pattern[str]], ...]:
    """Return the forms of questions about conversations, with their patterns written out."""
    return tuple((frame, _written_out(frame)) for frame in conversed())


def _written_out(frame: Frame) -> re.Pattern[str]:
    text = frame.pattern
    for name, meant in _meanings().items():
        text = text.replace(name, meant)
    return re.compile(text, re.IGNORECASE)


@functools.cache
def _meanings() -> dict[str, str]:
    """Return the pattern that each word with an @ stands for in a form."""
    nouns = sorted(
        asking().views | asking().points | language().noun_acts.keys(),
        key=len,
        reverse=True,
    )
    return {
        "@VIEW": rf"(?:{'|'.join(map(_plural, nouns))})",
        "@WHO": _WHO,
        "@ABOUT": _ABOUT,
        "@AUX": _AUX,
        "@ADV": _ADV,
        "@SAY": _say_forms(),
    }
