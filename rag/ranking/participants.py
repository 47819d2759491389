"""Who speaks and who is spoken to in a statement, compared with who was asked for."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA

from index.lang import language
from index.types import Mention
from rag.lang import asking
from rag.people import content_stems, role_stems, role_words, surname, titles_with_surname, words
from rag.ranking.bare_sentences import spoken_to_in
from rag.ranking.statements import content, introduction
from rag.types import Evidence


class KnownPeople:
    """The people of a corpus by all of their names; made once for all questions."""

    def __init__(self, person_of: Mapping[str, str]) -> None:
        self._person_of = person_of
        self._persons = set(person_of.values())
        self._names: dict[str, list[str]] = {}
        for name, person in person_of.items():
            self._names.setdefault(person, []).append(name)

    def __bool__(self) -> bool:
        """Whether there is anybody at all."""
        return bool(self._person_of)

    def person(self, name: str) -> str:
        """Return the person whose name a spelling is; the spelling itself if it is nobody's."""
        return self._person_of.get(name, name)

    def names(self, person: str) -> list[str]:
        """Return all spellings of a person's name."""
        return self._names.get(person, [person])

    def is_name(self, phrase: str) -> bool:
        """Return whether a phrase is a name by which somebody goes, and nothing more."""
        return phrase in self._person_of and phrase[:1].isupper()

    def is_one_of(self, mention: Mention, wanted: Iterable[str]) -> bool:
        """Return whether a mention is one of the wanted people, by any of their names."""
        if mention.name is None:
            return False
        return self.person(mention.name) in wanted

    def speaks(self, evidence: Evidence, wanted: Iterable[str]) -> bool:
        """Return whether a wanted person speaks, or one who is only described as it was asked."""
        speaker = evidence.quote.speaker if evidence.quote else None
        if speaker is None:
            return False
        together = evidence.quote.co_speakers if evidence.quote else ()
        if self.is_one_of(speaker, wanted):
            return True
        if together and any(self.is_one_of(m, wanted) for m in together):
            return True
        if has_name(speaker):
            return False
        described = (w for w in wanted if w not in self._persons and not w[:1].isupper())
        own = role_stems(speaker.span.slice(evidence.article.text))
        if not own:
            return False
        return any(own <= role_stems(w) for w in described) or any(
            names_body(w) and (of := role_stems(w)) <= own and own - of <= role_words()
            for w in wanted
        )

    def speaks_for(self, evidence: Evidence, wanted: Iterable[str]) -> bool:
        """Return whether somebody speaks whom the article introduces by a wanted body ("Nordlys
        chief executive Anders Holm", where Nordlys is asked for).

        All words of the body's name have to stand in the title: a surname alone is nobody's.
        """
        speaker = evidence.quote.speaker if evidence.quote else None
        if speaker is None or not has_name(speaker):
            return False
        own = str(speaker.name)
        others = (n for w in wanted if w != self.person(own) for n in self.names(w))
        bodies = {stems for stems in map(content_stems, others) if stems}
        if not bodies:
            return False
        title = _title_stems(introduction(evidence), surname(own))
        return any(stems <= title for stems in bodies)

    def fits(self, evidence: Evidence, role: str) -> float:
        """Return the share of the words of a role that the article uses of the one who speaks."""
        speaker = evidence.quote.speaker if evidence.quote else None
        asked = role_stems(role)
        if speaker is None or not asked:
            return 0.0
        text = evidence.article.text
        called = f"{speaker.name or ''} {speaker.span.slice(text)} {introduction(evidence)}"
        return len(asked & role_stems(called)) / len(asked)

    def holds(self, evidence: Evidence, office: str) -> bool:
        """Return whether the article gives the one who speaks an office, in the name, where they
        speak, or as a title where it introduces them."""
        speaker = evidence.quote.speaker if evidence.quote else None
        if speaker is None:
            return False
        own = str(speaker.name or "")
        called = role_stems(f"{own} {speaker.span.slice(evidence.article.text)}")
        titles = titles_with_surname(introduction(evidence), surname(own))
        return bool(role_stems(office) & called.union(*map(role_stems, titles)))

    def is_addressed(
        self, evidence: Evidence, wanted: Iterable[str], *, stated: bool = False
    ) -> bool:
        """Return whether a wanted person is an addressee, by name or by the words of a
        description."""
        if evidence.quote is None:
            return False
        text = evidence.article.text
        return any(
            self.is_one_of(m, wanted) or any(self._described(m, text, w) for w in wanted)
            for m in evidence.quote.addressees
            if not (stated and m.basis == "inferred")
        )

    def is_addressed_beside(self, evidence: Evidence, wanted: Iterable[str]) -> bool:
        """Return whether a sentence says, outside the words of its statement, that a wanted person
        is spoken to.

        False where the statement has a stated addressee.
        """
        quote, around = evidence.quote, evidence.sentence.slice(evidence.article.text)
        if quote is None or any(m.basis != "inferred" for m in quote.addressees):
            return False
        for piece in quote.content:
            around = around.replace(piece.slice(evidence.article.text), " ")
        return spoken_to_in(around, [name for person in wanted for name in self.names(person)])

    def _described(self, mention: Mention, text: str, wanted: str) -> bool:
        """Return whether an addressee fits a description ("the Israeli cabinet", "a cabinet
        meeting") or has a surname that is spelt nearly as the wanted one."""
        asked, found = role_stems(wanted), role_stems(mention.span.slice(text))
        if not has_name(mention) or not mention.span.slice(text)[:1].isupper():
            found |= role_stems(mention.name or "")  # "them" are "the harbour masters"
        if len(asked) == 1 and asked <= countries():
            return asked <= found  # Moscow, of Russia
        if wanted in self._persons and wanted[:1].isupper():
            return False
        if asked and found and (asked <= found or found <= asked):
            return True
        if mention.name and mention.name[:1].isupper():
            mine, theirs = words(wanted), words(mention.name)
            return (
                bool(mine and theirs)
                and len(mine[-1]) > 4
                and (wanted[:1].isupper() and OSA.distance(mine[-1], theirs[-1]) <= 1)
            )
        nouns = {s for s in asked & found if len(s) > 3}
        return bool(nouns) and 2 * len(nouns) >= min(len(asked), len(found))


@functools.cache
def countries() -> frozenset[str]:
    """Return the stems of the countries' names, one for each country."""
    return frozenset(role_stems(" ".join(asking().kin.values())))


@functools.lru_cache(maxsize=4096)
def _title_stems(text: str, last: str) -> frozenset[str]:
    """Return the stems of all titles that a text gives to whoever has this surname."""
    return frozenset().union(*map(content_stems, titles_with_surname(text, last)))


def names_body(name: str) -> bool:
    """Return whether a name is that of a country, a government or another body: what "a Kremlin
    official" says the Kremlin says."""
    last = words(name)[-1:]
    return bool(last) and (last[0] in asking().kin or last[0] in language().organisation_nouns)


def has_name(mention: Mention) -> bool:
    """Return whether a mention has a name, and not a description alone ("the board")."""
    return bool(mention.name) and str(mention.name)[:1].isupper()


def concerns(evidence: Evidence, names: Iterable[str]) -> bool:
    """Return whether a sentence names, by any word of a name, one of these people."""
    found = content_stems(evidence.sentence.slice(evidence.article.text))
    return any(content_stems(name) & found for name in names)


def is_about(evidence: Evidence, name: str, people: KnownPeople) -> bool:
    """Return whether a statement is about somebody, and not only made to them.

    Its sentence names them, or its words have a pronoun that can stand for a name right before.
    """
    last, text = set(words(name)[-1:]), evidence.article.text
    said = set(words(content(evidence)))
    if last & said:
        return True
    if people.is_addressed(evidence, (name,)):
        return False
    before = text[
        max(0, evidence.sentence.start - PRONOUN_CONTEXT_CHARACTERS) : evidence.sentence.start
    ]
    beside = set(words(evidence.sentence.slice(text)))
    return bool(last & beside or (last & set(words(before)) and said & _SOMEBODY))


PRONOUN_CONTEXT_CHARACTERS = 300
"""Characters before a statement in which a pronoun's name is looked for."""

_SOMEBODY = frozenset("he she him her his hers they them their it its".split())
