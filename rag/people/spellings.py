"""Who goes by a name: by any spelling, by a surname, or by a spelling that is nearly theirs."""

from __future__ import annotations

import re
from collections import defaultdict

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from index.people.names import is_name
from index.search.catalog import Catalog
from index.text.confusables import scripts
from index.text.folding import stem, words
from rag.lang import asking
from rag.people.stems import role_words, surname

NEARLY = 0.92
"""Jaro-Winkler similarity of one word from which on it is taken for a slip of the pen:
"abdulah", "arbell" and "asad" have .95 and more, different surnames rarely .9."""

NEARLY_WITH_FIRST_NAME = 0.8
"""Jaro-Winkler similarity that is enough where another word of the name is right ("ted cruise")."""


class Spellings:
    """The names of all people of a catalog, and who is called so."""

    def __init__(self, catalog: Catalog) -> None:
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._words_of: dict[str, set[str]] = defaultdict(set)
        for person in catalog.people:
            for name in person.names:
                parts = words(name)
                if not parts:
                    continue
                self._by_name[" ".join(parts)].add(person.name)
                if not is_name(name) or all(stem(part) in role_words() for part in parts):
                    continue  # "minister", "a source": found only when asked for as that
                self._words_of[person.name].update(parts)
                for part in parts:
                    self._by_word[part].add(person.name)
        self.named = set(self._words_of)
        """Those who go by a name, and not by a description alone."""

    def named_in(self, text: str) -> list[str]:
        """Return the people whose full name or own surname stands in a text, in its order."""
        parts = words(text)
        found: dict[str, int] = {}
        for size in range(min(5, len(parts)), 0, -1):
            for at in range(len(parts) - size + 1):
                for person in self.exact(parts[at : at + size]):
                    found.setdefault(person, at)
        return sorted(found, key=lambda p: (found[p], p))

    def exact(self, parts: list[str]) -> set[str]:
        """Return the people with just this name, or whose surname it is."""
        if not parts:
            return set()
        found = self._by_name.get(" ".join(parts), set())
        if len(parts) == 1:
            if stem(parts[0]) in role_words():  # "the court" is not the Supreme Court
                return set(found)
            return found | {p for p in self._by_word.get(parts[0], ()) if surname(p) == parts[0]}
        if found:
            return set(found)
        return {p for p in self._by_word.get(parts[-1], ()) if set(parts) <= self._words_of[p]}

    def called(self, parts: list[str]) -> set[str]:
        """Return the people with exactly this name, or with one that ends in its last word and has
        all its words.

        "Georgian Foreign" is no name of the Georgian Foreign Ministry.
        """
        found = self.exact(parts) & self.named
        if len(parts) == 1 or " ".join(parts) in self._by_name:
            return found
        return {person for person in found if surname(person) == parts[-1]}

    def exactly(self, asked: str, parts: list[str]) -> set[str]:
        """Return the people of just this name; nobody called "minister" is a certain minister."""
        found = self.exact(parts)
        if is_common(asked):
            found = self._by_name.get(parts[0], set())
        whole = len(parts) == len([w for w in words(asked) if w not in asking().stop_words])
        return found & self.named or (found if whole else set())

    def of_country(self, parts: list[str]) -> set[str]:
        """Return who goes by another word for a country ("Ankara" for "Turkey")."""
        kin = asking().kin
        country = kin.get(" ".join(parts))
        if country is None:
            return set()
        same = (word for word, other in kin.items() if other == country)
        return set().union(*(self._by_name.get(word, set()) for word in same)) & self.named

    def nearly(self, parts: list[str]) -> set[str]:
        """Return the people whose names nearly have all of these words; nobody for mere roles."""
        parts = [part for part in parts if len(part) > 2]  # "bashar al asad"
        if all(stem(part) in role_words() for part in parts):
            return set()
        scored: dict[str, float] = {}
        alphabets = scripts("".join(parts))
        for person in self._with_words_like(parts):
            names = self._words_of[person]
            ratios = [max(_likeness(part, n) for n in names) for part in parts]
            if scripts(person) != alphabets:
                continue  # a letter of another alphabet is no slip of the pen
            head = person.split()[-1]
            if len(parts) == 1 and head.islower() and ratios[0] > _likeness(parts[0], head):
                continue  # "Volmark" is a country, and not the Volmark chancellery
            floor = NEARLY_WITH_FIRST_NAME if max(ratios) == 1 else NEARLY
            if min(ratios) >= floor and _first_letters_agree(parts, names):
                scored[person] = sum(ratios) / len(ratios)
        best = max(scored.values(), default=0)
        return {person for person, score in scored.items() if score == best}

    def _with_words_like(self, parts: list[str]) -> set[str]:
        """Return those of whose name some word comes near each of these."""
        found = []
        for part in parts:
            close = process.extract(
                part,
                list(self._by_word),
                scorer=JaroWinkler.similarity,
                score_cutoff=NEARLY_WITH_FIRST_NAME,
                limit=None,
            )
            found.append({person for word, _, _ in close for person in self._by_word[word]})
        return set.intersection(*found)


def is_common(asked: str) -> bool:
    """Return whether a noun in small letters is asked for: "the dean" is nobody called Dean."""
    return bool(re.fullmatch(r"the [^\W\d_]+", asked)) and asked.islower()


def is_slip_of(word: str, name: list[str]) -> bool:
    """Return whether a word is nearly the last word of a name, or the first of a short one."""
    meant = {name[-1], name[0]} if len(name) < 3 else {name[-1]}
    return any(JaroWinkler.similarity(word, part) >= NEARLY for part in meant)


def _first_letters_agree(parts: list[str], names: set[str]) -> bool:
    initials = {name[0] for name in names}
    return all(part[0] in initials for part in parts)


def _likeness(one: str, other: str) -> float:
    """Return how alike two words are written, from 0 to 1."""
    return float(JaroWinkler.similarity(one, other))
