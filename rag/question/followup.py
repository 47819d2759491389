"""A follow-up takes what it leaves open from the turns before: people, topic, direction."""

from __future__ import annotations

import re
from dataclasses import replace

from index.lang import language
from index.people.given_names import gender_of
from rag.lang import asking, reporting_forms
from rag.people import (
    Directory,
    Found,
    content_stems,
    role_stems,
    role_words,
    surname,
    words,
)
from rag.types import Conversed, Question

_REPLY = re.compile(
    r"\b(?:repl(?:y|ied|ies)|answer(?:ed|s)?|respond(?:ed|s)?|response|react(?:ed|s|ion)?"
    r"|retort(?:ed)?|reaction|rebut\w*|counter(?:ed)?|comeback|defen[cs]e"
    r"|(?:hit|hits|shot|shoots?|fired?|fires|came|come|snapped|snaps?|struck) back)\b",
    re.IGNORECASE,
)
LONGEST_CUT = 5
"""Words of a follow-up that leaves out its verb, at most."""

_ASKED = {*asking().asker_words, *reporting_forms()}
_GOES_ON = re.compile(r"\W*(?:and|but|so|then|also|or)\b", re.IGNORECASE)
"""How a question begins that goes on from the one before."""

_POINTS_BACK = re.compile(r"\b(?:that|this|it|so|then|these|those)\s*$", re.IGNORECASE)


def completed_follow_up(
    question: Question, bare: str, earlier: Question | None, directory: Directory
) -> Question:
    """Return the question with its open slots filled from the one before."""
    if earlier is None:
        return question
    if bare.casefold() in ("when", "where"):
        question = replace(question, kind="when" if bare.casefold() == "when" else "where")
    about = _with_other_people(question, bare, earlier, directory) or _elliptical(
        question, bare, earlier, directory
    )
    if about is not None:
        return about
    if re.match(r"(?:to|with)\b", bare) and question.addressees and not question.speakers:
        return replace(
            earlier,
            text=question.text,
            addressees=question.addressees,
            unknown=question.unknown,
            also=(),
            follow_up=True,
        )
    replying = bool(_REPLY.search(bare))
    mentioned = _mentioned_in(earlier, directory)
    if question.kind == "fact" and not question.speakers:
        return _plain_follow_up(question, bare, mentioned, earlier)
    if replying:  # whoever replies is not the one who spoke
        mentioned = tuple(dict.fromkeys((*earlier.addressees, *mentioned)))
        mentioned = tuple(name for name in mentioned if name not in earlier.speakers)
    either: tuple[str, ...] = ()
    if (turned := _reversed(question, earlier)) is not None:
        speakers, addressees = turned
    else:
        speakers, either = _resolve(question.speakers, mentioned, question.addressees, earlier)
        addressees, other = _resolve(question.addressees, mentioned, speakers, earlier)
        either = either or other
    changed = (speakers, addressees) != (question.speakers, question.addressees)
    resolved = replace(question, speakers=speakers, addressees=addressees, either=either)
    return _with_topic(resolved, earlier, changed, replying, bare)


def is_pronoun(slot: str) -> bool:
    """Return whether a slot holds a word that only points at somebody."""
    return slot.casefold() in asking().pronouns


def _elliptical(
    question: Question, bare: str, earlier: Question, directory: Directory
) -> Question | None:
    """Return a follow-up without a verb: the question before, with what it names in its place.

    "And on the money?" changes the topic, "and in July?" the date, "and the other one?" who
    speaks; "why?" and "anything else?" change nothing.
    """
    asks, parts = asking(), words(bare)
    verbs = asks.auxiliaries | reporting_forms().keys()
    if question.kind != "fact" or len(parts) > LONGEST_CUT or set(parts) & verbs or question.words:
        return None
    kept = replace(earlier, text=question.text, also=(), follow_up=True)
    kept = replace(kept, exhaustive=question.exhaustive, context=earlier.context)
    if question.since or question.until:
        kept = replace(kept, since=question.since, until=question.until)
    named = re.sub(asks.cut_short, "", bare, flags=re.IGNORECASE).strip()
    if re.search(r"\bother\b", bare):
        others = [
            name for name in _mentioned_in(earlier, directory) if name not in earlier.speakers
        ]
        return replace(
            kept,
            speakers=tuple(others[:1]),
            addressees=earlier.speakers if earlier.addressees else (),
        )
    if not content_stems(named) or question.since or question.until:
        return kept
    owned = re.match(r"(?:his|her|their|its)\s+(.+)$", named, re.IGNORECASE)
    if owned and (found := _of_relation(owned[0], owned[1], kept, directory)):
        return found
    if earlier.kind == "fact" and not earlier.speakers:
        return None
    if question.role:
        return replace(
            kept, speakers=(), role=question.role, topic=f"{named} {earlier.topic}".strip()
        )
    return replace(kept, topic=named, act="")


def _of_relation(whole: str, noun: str, kept: Question, directory: Directory) -> Question | None:
    """Return the question before, asked of who is only named by a pronoun: "and his agent?" asks
    what the agent says, "and her comeback?" what she answered; None for any other noun."""
    if _REPLY.search(noun):
        others = tuple(name for name in _mentioned_in(kept, directory) if name not in kept.speakers)
        people, _ = _resolve((whole.split()[0],), others, (), kept)
        answers = bool(people) and not is_pronoun(people[0])
        context = " ".join(filter(None, (kept.topic, kept.context)))
        reply = replace(kept, kind="said", speakers=people, addressees=(), topic="", act="")
        return replace(reply, context=context) if answers else None
    if not role_stems(noun) & role_words():
        return None
    holders = dict.fromkeys(
        p for f in related_to_mentioned(noun, kept, directory) for p in f.people
    )
    return replace(kept, kind="said", speakers=tuple(holders), role=whole, act="")


def related_to_mentioned(role: str, earlier: Question, directory: Directory) -> list[Found]:
    """Return whom "his spokesman" means: the spokesman of anybody the conversation was about."""
    named = directory.named_in(f"{earlier.topic} {earlier.context}")
    people = dict.fromkeys((*earlier.speakers, *earlier.addressees, *named))
    for name in people:
        for whose in (name, surname(name) or name):
            found = directory.find_all(f"{whose}'s {role}")
            if any(directory.is_named(p) for f in found for p in f.people):
                return found
    near = (directory.role_beside(role, name) for name in people)
    return [Found(role, next(filter(None, near), ()), True)]


def _with_other_people(
    question: Question, bare: str, earlier: Question, directory: Directory
) -> Question | None:
    """ "What about Aliyev?": the question before, with another person in it."""
    people = question.speakers
    just_a_name = (
        bool(people)
        and " ".join(words(bare)) in {" ".join(words(bare.removeprefix("and ")))}
        and question.kind == "said"
        and not (question.topic or question.addressees or question.act)
    )
    if not re.match(r"^(?:what|how)\s+about\b", bare, re.IGNORECASE) and not (
        just_a_name and len(words(bare)) < 5 and not set(words(bare)) & _ASKED
    ):
        return None
    if earlier.kind in ("when", "where", "according_to"):
        earlier = replace(earlier, kind="said")
    nobody = not (question.role or any(map(directory.is_named, people)))
    if people and nobody and earlier.speakers:  # a topic
        topic = " ".join(people)
        return replace(earlier, text=question.text, topic=topic, act="", also=(), follow_up=True)
    if earlier.addressees and not earlier.topic:
        return replace(earlier, text=question.text, addressees=people, follow_up=True)
    if earlier.kind == "fact":
        return replace(earlier, text=question.text, follow_up=True)
    return replace(
        earlier,
        text=question.text,
        speakers=people,
        role=question.role,
        unknown=question.unknown,
        addressees=tuple(a for a in earlier.addressees if a not in people),
        follow_up=True,
    )


def _plain_follow_up(
    question: Question, bare: str, mentioned: tuple[str, ...], earlier: Question
) -> Question:
    """Return a plain question of a conversation with the person its pronoun means; articles that
    were cited before come first."""
    pronoun = next((w for w in words(bare) if w in _PERSONAL_PRONOUNS), "")
    speakers, either = _resolve((pronoun,), mentioned, (), earlier) if pronoun else ((), ())
    if either or any(map(is_pronoun, speakers)):
        speakers = ()
    topic = question.topic
    if (
        earlier.kind != "fact" and 0 < len(words(earlier.topic)) <= LONGEST_CUT
    ):  # "Is Reed in it too?"
        topic = _THING.sub(lambda _: earlier.topic, topic, count=1)
    return replace(question, speakers=speakers, topic=topic, follow_up=True)


_THING = re.compile(r"(?<=\b(?:in|of|on|to|at) )(?:it|that|this)\b(?! \w*[^\W\d_]{4})")
"""A word behind a preposition that points to what the question before was about."""


_PERSONAL_PRONOUNS = frozenset("he she him her his hers they them their".split())


def _mentioned_in(earlier: Question, directory: Directory) -> tuple[str, ...]:
    """Return who the conversation is about, those who spoke first."""
    named = filter(directory.is_named, directory.named_in(earlier.topic))
    people = (*earlier.speakers, *earlier.addressees, *named)
    if not people or all(is_pronoun(p) for p in people):
        people = (*people, *filter(directory.is_named, directory.named_in(earlier.context)))
    return tuple(dict.fromkeys(p for p in people if not is_pronoun(p)))


def _reversed(
    question: Question, earlier: Question
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """ "And what did she tell him?" after what he told her: two pronouns change the direction."""
    slots = (*question.speakers, *question.addressees)
    if len(slots) != 2 or not all(map(is_pronoun, slots)):
        return None
    if len(earlier.speakers) != 1 or len(earlier.addressees) != 1:
        return None
    he, she = earlier.speakers[0], earlier.addressees[0]
    same = _can_be(slots[0], he) + _can_be(slots[1], she)
    turned = _can_be(slots[0], she) + _can_be(slots[1], he)
    return ((she,), (he,)) if turned >= same else ((he,), (she,))


def _with_topic(
    question: Question, earlier: Question, changed: bool, replying: bool, bare: str
) -> Question:
    """Return the question with the topic of the one before, if it names none of its own.

    One that names who is asked for, and does not go on from it ("And what did Reed say?"), is a
    question by itself.
    """
    topic, context = question.topic, ""
    leans = bool(_GOES_ON.match(question.text)) or not (question.speakers or question.addressees)
    back = bool(_POINTS_BACK.search(bare)) or (not topic and leans)
    if topic and set(words(topic)) <= asking().pronouns.keys() | asking().stop_words:
        topic, back = "", True
    circumstance = question.kind in ("when", "where", "according_to", "to_whom")
    if circumstance and (not content_stems(topic) or back):
        speakers = question.speakers or earlier.speakers
        addressees = question.addressees or earlier.addressees
        both = Conversed((*speakers, *addressees)) if speakers and addressees else None
        return replace(
            question,
            speakers=speakers,
            addressees=addressees,
            conversed=question.conversed or (both if question.kind == "when" else None),
            topic=earlier.topic,
            words=question.words or earlier.words,
            act=earlier.act,
            context=earlier.context or earlier.text,
            follow_up=True,
        )
    if not topic and (changed or back or replying):
        context = " ".join(filter(None, (earlier.topic, earlier.context)))
        if changed and not replying and not _POINTS_BACK.search(bare):
            topic = earlier.topic if not question.addressees else ""
    follow_up = question.follow_up or changed or bool(context)
    return replace(question, topic=topic, context=context, follow_up=follow_up)


def _resolve(
    slot: tuple[str, ...], mentioned: tuple[str, ...], others: tuple[str, ...], earlier: Question
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a slot with its pronoun replaced, and those between whom it leaves the choice open.

    The one who spoke last and is not the other party is meant; where the question before
    asked for several people alike, none of them is nearer than the others.
    """
    if len(slot) != 1 or not is_pronoun(slot[0]):
        return slot, ()
    fit = [name for name in mentioned if name not in others and _can_be(slot[0], name)]
    if asking().pronouns[slot[0].casefold()] == "any" and len(fit) > 1:
        return tuple(fit), ()
    alike = tuple(name for name in fit if name in earlier.speakers)
    open_choice = len(alike) > 1 and fit[0] in alike and earlier.several
    return tuple(fit[:1]), alike if open_choice else ()


def _can_be(pronoun: str, name: str) -> bool:
    """Return whether a pronoun's gender allows a name, as far as the first name tells one."""
    wanted, found = _genders(pronoun, name)
    return wanted not in ("m", "f") or found not in ("m", "f") or wanted == found


def _genders(pronoun: str, name: str) -> tuple[str, str]:
    table = language()
    first = words(name)[0] if words(name) else ""
    return table.person_pronouns.get(pronoun.casefold(), ""), gender_of(first)
