"""Sentences that tell of a conversation, and who took part in it.

Who met whom, and when, is seldom in anybody's words: the article tells it.  Such a sentence is
found by the forms of ``rag/lang``, outside quotation marks, and by the names of the people.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence

from rag.lang import asking, conversations
from rag.people import content_stems, role_stems, role_words, surname, words
from rag.ranking.acts import acts_named
from rag.ranking.bare_sentences import unquoted
from rag.ranking.choice import distinct, in_listing_order
from rag.ranking.participants import KnownPeople, countries
from rag.ranking.time_and_place import place_in, time_in
from rag.types import Evidence, Question

MAX_CONVERSATIONS = 3
"""Sentences about one conversation that are shown at most."""

CONVERSATION_STEMS = content_stems(
    "call conversation phone telephone talk talks meeting meet discuss discussion exchange speak"
)
"""Stems of words for a conversation itself, which are no topic of it."""


@functools.cache
def _form() -> re.Pattern[str]:
    found = "|".join(form.pattern for form in conversations().forms)
    return re.compile(found, re.IGNORECASE)


def tells_of_conversation(sentence: str) -> bool:
    """Return whether a sentence tells, outside quotation marks, that people spoke with each
    other."""
    return any(_conversation_forms(unquoted(sentence)))


def _conversation_forms(plain: str) -> Iterator[re.Match[str]]:
    """Yield the forms of a conversation in a sentence that does not deny that people spoke."""
    return (
        iter(())
        if re.search(conversations().negated, plain, re.IGNORECASE)
        else _form().finditer(plain)
    )


def told_conversations(
    question: Question, candidates: Sequence[Evidence], known: KnownPeople
) -> list[Evidence]:
    """Return the sentences that tell of the conversation that is asked about, in the order of the
    articles: with a time or a place where one is asked for.

    Where it is asked with whom somebody spoke, all of them, and a statement to each further
    hearer; else at most MAX_CONVERSATIONS.
    """
    talk = question.conversed
    if talk is None:
        return []
    about = _conversation_topic(talk.topic, talk.people, known)
    told = [
        c
        for c in candidates
        if c.quote is None and not c.vetoed and _tells_of_them(c, talk.people, about, known)
    ]
    if question.kind in ("when", "where"):
        fact = time_in if question.kind == "when" else place_in
        told = [c for c in told if fact(c.article.text, c.sentence)]
    if question.kind in ("who_said", "according_to") and question.act:  # "who announced the call?"
        told = [c for c in told if acts_named(c.sentence.slice(c.article.text))]
    asked = content_stems(talk.topic)  # "earlier on Nov. 7"
    told = sorted(
        in_listing_order(told),
        key=lambda c: -len(asked & content_stems(c.sentence.slice(c.article.text))),
    )
    if question.kind == "to_whom":
        return distinct([*told, *_to_others(question, candidates, told, about, known)])
    return distinct(told)[:MAX_CONVERSATIONS]


def is_between_them(question: Question, item: Evidence, known: KnownPeople) -> bool:
    """Return whether evidence has everybody whose conversation is asked about, in its sentence or
    as who speaks and hears, and the date that is asked for."""
    talk, sentence = question.conversed, item.sentence.slice(item.article.text)
    if talk is None:
        return True
    dated = {s for s in _conversation_topic(talk.topic, (), known) if _DATED.search(s)}
    return dated <= _stems(sentence) and all(
        known.speaks(item, (who,))
        or known.is_addressed(item, (who,))
        or _is_in(sentence, who, item, known)
        for who in talk.people
    )


_DATED = re.compile(r"\d")


def _conversation_topic(topic: str, people: Iterable[str], known: KnownPeople) -> frozenset[str]:
    """Return the stems of a topic without those of the conversation, of its people and of its
    occasion."""
    named = _stems(" ".join(name for person in people for name in known.names(person)))
    for pattern in (asking().occasions, conversations().occasion):
        topic = re.sub(pattern, " ", topic, flags=re.IGNORECASE | re.VERBOSE)
    return _stems(topic) - CONVERSATION_STEMS - named


def _stems(text: str) -> frozenset[str]:
    """Return the content stems of a text, each month by its number: "Nov. 7" is "November 7"."""
    months = asking().months
    named = {f"month {months[w]}" for w in words(text) if w in months}
    plain = " ".join(w for w in words(text) if w not in months)
    return content_stems(plain) | named


def _tells_of_them(
    item: Evidence, people: Sequence[str], about: frozenset[str], known: KnownPeople
) -> bool:
    """Return whether a bare sentence tells of a conversation of all these people on a topic.

    Where the sentence says who was spoken with, one of the people has to be among these, and
    all of those between whom the conversation was.
    """
    sentence = unquoted(item.sentence.slice(item.article.text))
    if not about <= _stems(sentence) or not all(_is_in(sentence, p, item, known) for p in people):
        return False
    for told in _conversation_forms(sentence):
        named = re.match(conversations().partners, sentence[told.end() :])
        if named is None:
            return True
        there = [_is_in(named["whom"], person, item, known) for person in people]
        if all(there) if named["how"] == "between" else any(there) or len(people) == 1:
            return True
    return False


def _is_in(sentence: str, person: str, item: Evidence, known: KnownPeople) -> bool:
    """Return whether a sentence names somebody, or has all words of a description; the country of
    a described person may stand anywhere in the article."""
    asks, described, found = asking(), role_stems(person), role_stems(sentence)
    if person[:1].isupper() or person != known.person(person):
        return any(surname(name) in words(sentence) for name in known.names(person))
    if asks.head_words & {w.removesuffix("s") for w in words(person)}:  # "the two leaders"
        return any(role_stems(office) <= found for office in asks.heads)
    if described & role_words():
        nations = described & countries()
        office = described - nations - role_stems(" ".join(asks.numbers))
        return office <= found and nations <= found | role_stems(item.article.text)
    return surname(person) in words(sentence)


def _to_others(
    question: Question,
    candidates: Sequence[Evidence],
    told: Sequence[Evidence],
    about: frozenset[str],
    known: KnownPeople,
) -> list[Evidence]:
    """Return one statement of the asked people to each hearer whom no such sentence names."""
    named = {w for c in told for w in words(c.sentence.slice(c.article.text))}
    found: list[Evidence] = []
    spoken = (
        c for c in candidates if c.quote and not c.vetoed and known.speaks(c, question.speakers)
    )
    for item in in_listing_order(spoken):
        hearers = [m.name for m in item.quote.addressees if m.name] if item.quote else []
        new = [h for h in hearers if surname(h) not in named]
        if new and about <= _stems(item.sentence.slice(item.article.text)):
            named |= {surname(h) for h in new}
            found.append(item)
    return found
