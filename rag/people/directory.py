"""Names and roles in a question become people of the corpus.

A person is found by any spelling (folded), by a surname that is theirs, by a role that
the corpus gives them ("the Lebanese prime minister"), and, if nothing else fits, by a
spelling that is nearly theirs.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.lang import language
from index.people.names import is_name
from index.search.catalog import Catalog
from index.text.folding import fold, stem, words
from rag.lang import asking
from rag.people.roles import Roles
from rag.people.spellings import Spellings, is_common, is_slip_of
from rag.people.stems import office_words

COMMON_SENTENCES = 24
"""Sentences that are looked through for a word written small."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who a part of a question names: people of the corpus, or nobody in it.

    ``in_corpus`` tells whether the words stand in any article at all; ``certain`` that these
    people go by that very name, and not only by a role or a spelling that is nearly theirs;
    ``sure`` that they have names, and that a role is theirs alone or stands beside these.
    """

    asked: str
    people: tuple[str, ...]
    in_corpus: bool
    certain: bool = False
    sure: bool = False


class Directory:
    """The people of one catalog, by name, by role and by near spelling."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._spellings = Spellings(catalog)
        self._roles = Roles(catalog, self._spellings)
        # One question looks for the same words several times.
        self._common: dict[str, bool] = {}
        self._found = functools.lru_cache(maxsize=256)(self._find)

    @functools.cached_property
    def published(self) -> list[str]:
        """The days on which articles were published."""
        return self._catalog.published()

    def is_phrase(self, parts: list[str]) -> bool:
        """Return whether these folded words stand next to each other in an article."""
        return self._catalog.is_phrase(parts)

    def find(self, asked: str) -> Found:
        """Return who is meant by a name or a description."""
        return self._found(asked)

    def _find(self, asked: str) -> Found:
        parts = self._name_words(asked)
        described = self._roles.described(asked)
        titled = described & self._spellings.named
        by_name = self._spellings.exactly(asked, parts)
        named = by_name or titled or self._last(parts)
        held = named or self._spellings.of_country(parts) or self._roles.holders(asked)
        alone = held or (
            described
            or self._roles.of_country(asked)
            or self._roles.only_holder(asked)
            or self._roles.by_scattered_words(asked)
            or self._head(asked)
        )
        people = alone or (set() if is_common(asked) else self._spellings.nearly(parts))
        known = bool(people) or self.is_phrase(parts)
        certain = bool((by_name or named - titled) & self._spellings.named)
        clear = bool(held) or len(alone) == 1
        sure = clear and (bool(people & self._spellings.named) or all(map(is_name, held or [""])))
        return Found(asked.strip(), tuple(sorted(people)), known, certain, sure)

    def _head(self, asked: str) -> set[str]:
        """Return who leads a country where that is all the description says ("Turkey's leader")."""
        asks, parts = asking(), words(re.sub(r"['’]s\b", " ", asked))
        own = [w for w in parts if w not in asks.stop_words]
        led = [w for w in own if w not in asks.head_words]
        country = asks.kin.get(" ".join(led))
        return set(self.head_of(country)) if country and len(own) > len(led) else set()

    def head_of(self, country: str) -> tuple[str, ...]:
        """Return who leads a country, if the corpus has just one holder of such an office who goes
        by a name; else nobody."""
        found = (self.find(f"the {office} of {country}") for office in asking().heads)
        return next((f.people for f in found if f.sure and len(f.people) == 1), ())

    def find_all(self, asked: str) -> list[Found]:
        """Return who is meant by each of several names or descriptions, joined by "and", "or" or
        commas."""
        if group := self._roles.group(asked):
            return [Found(asked.strip(), tuple(sorted(group)), True, sure=True)]
        whole = self.find(asked)
        pieces = [p for p in re.split(r",|\band\b|\bor\b|\bvs\b\.?|\bversus\b", asked) if p.strip()]
        if len(pieces) < 2 or self._spellings.exact(self._name_words(asked)):
            return [whole]
        return [self.find(piece) for piece in pieces]

    def names_several(self, asked: str) -> bool:
        """Return whether several people are asked for, and not one whose name is not clear."""
        return bool(self._roles.group(asked)) or len(self.find_all(asked)) > 1

    def named_in(self, text: str) -> list[str]:
        """Return the people whose full name or own surname stands in a text, in its order.

        A word that the corpus also writes small is nobody's surname where it is written small:
        "one line" names neither Radio One nor a shipping line.
        """
        capitals = {fold(w) for w in re.findall(r"(?<=\s)[A-Z][\w’'-]*", text)}
        typed = set(words(text))
        found = self._spellings.named_in(text)
        return [p for p in found if self._may_be_meant(p, typed, capitals)]

    def _may_be_meant(self, person: str, typed: set[str], capitals: set[str]) -> bool:
        name = words(person)
        if len(name) == 1 or len(typed.intersection(name)) > 1:
            return True
        return name[-1] in capitals or not self._is_everyday(name[-1])

    def _is_everyday(self, word: str) -> bool:
        """Return whether a folded word is one that questions and articles use for other things."""
        asks = asking()
        small = asks.stop_words | asks.speech_words | asks.numbers
        return word in small or self.is_common_word(word)

    def holds(self, person: str, role: str) -> bool:
        """Return whether the corpus calls a person by the words of a role."""
        return self._roles.holds(person, role)

    def offices(self, described: str, people: Iterable[str]) -> list[str]:
        """Return the offices that a description names, the most telling first ("foreign minister"
        before "minister").

        A description without an office gives those by which the corpus calls ``people``.
        """
        known = words(described)
        if not any(stem(w) in office_words() for w in known):
            known = sorted({w for person in people for w in self._roles.words_beside(person)})
        nouns = [w for w in known if stem(w) in office_words()]
        table = language()
        kinds = [w for w in known if w in table.naming.title_qualifiers and w not in asking().kin]
        return [*(f"{kind} {noun}" for kind in kinds for noun in nouns), *nouns]

    def role_beside(self, role: str, owner: str) -> tuple[str, ...]:
        """Return who holds a role in the articles that name its owner ("his spokesman")."""
        return self._roles.role_beside(role, owner)

    def is_called(self, parts: list[str]) -> bool:
        """Return whether somebody of the corpus goes by just these folded words, or by this
        surname."""
        return bool(self._spellings.called(parts) or self._spellings.of_country(parts))

    def is_nearly_called(self, parts: list[str]) -> bool:
        """Return whether these folded words are nearly somebody's name; one word has to be nearly a
        surname or a first name."""
        near = self._spellings.nearly(parts)
        return any(len(parts) > 1 or is_slip_of(parts[0], words(p)) for p in near)

    def is_word(self, word: str) -> bool:
        """Return whether a folded word stands anywhere in the corpus."""
        return self._catalog.is_phrase([word])

    def is_common_word(self, word: str) -> bool:
        """Return whether the corpus has a folded word, and writes it small somewhere."""
        if word not in self._common:
            found = (
                s.span.slice(self._catalog.article_at(s.article).text)
                for s in self._catalog.sentences([word], COMMON_SENTENCES)
            )
            self._common[word] = any(
                stem(fold(w)) == stem(word)
                for text in found
                for w in re.findall(r"\b[^\W\d_A-Z]\w*", text)
            )
        return self._common[word]

    def is_named(self, person: str) -> bool:
        """Return whether somebody goes by a name, and not by a description alone."""
        return person in self._spellings.named

    def _name_words(self, asked: str) -> list[str]:
        """Return the folded words of a name without article, title and possessive."""
        table = language()
        parts = words(re.sub(r"['’]s\b", " ", asked))
        while parts and parts[0] in {"the", "a", "an"} | table.titles and len(parts) > 1:
            parts = parts[1:]
        return parts

    def _last(self, parts: list[str]) -> set[str]:
        """Return the people whose name stands at the end ("the journalist Michel Ladi Luya").

        What stands before it has to be a role: "Rosalind Thorne" is not Liesel Thorne.
        """
        table = language()
        roles = table.role_nouns | table.titles | asking().stop_words
        for size in range(min(4, len(parts) - 1), 0, -1):
            before = set(parts[:-size])
            if "of" in before:  # "the president of Turkey" is not Turkey
                continue
            if found := self._spellings.exact(parts[-size:]) & self._spellings.named:
                return {p for p in found if before <= roles | self._roles.words_beside(p)}
        return set()
