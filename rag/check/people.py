"""Whether those whom a draft names are those whom the archive has."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Literal

from index.lang import language
from index.text.folding import fold
from index.types import Quote
from rag.check.draft import Claim
from rag.check.tokens import NO_NAMES, Token
from rag.lang import asking
from rag.people import Directory, role_stems, role_words, stem, words
from rag.ranking.participants import KnownPeople

Agreement = Literal["same", "other", "unknown", "unnamed"]
"""What comes of comparing a person of the draft with one of the archive.

unknown  it is not certain whom one of them means
unnamed  the draft names nobody
"""


class Company:
    """Compares the people whom a draft names with those of the archive."""

    def __init__(self, directory: Directory, people: KnownPeople, names: Iterable[str]) -> None:
        self._directory = directory
        self._people = people
        self._titles = language().titles
        self._stop_words = asking().stop_words
        self._name_words = (
            frozenset(
                word
                for person in names
                if person[:1].isupper()
                for word in words(person)
                if len(word) > 2 and word not in self._titles
            )
            - self._stop_words
        )
        self._meant = functools.lru_cache(maxsize=1024)(self._find)

    def is_name(self, token: Token) -> bool:
        """Return whether a word of a draft belongs to a name.

        It does if a name of the archive has it, or if it has a capital letter that is not that of
        the beginning of a sentence.  A word that begins a sentence counts if the archive nowhere
        writes it small.
        """
        if token.key in self._name_words or token.capital:
            return token.key not in NO_NAMES
        if not token.first or len(token.key) < 3 or token.key in self._stop_words:
            return False
        return token.key.isalpha() and not self._directory.is_common_word(token.key)

    def meant(self, name: str) -> frozenset[str]:
        """Return the people of the archive whom a name or a description certainly means."""
        return self._meant(name)

    def _find(self, name: str) -> frozenset[str]:
        found = self._directory.find(name)
        if not name[:1].isupper():
            return frozenset(found.people)
        # A name that is nearly another's is another name.
        asked = [w for w in words(name) if w not in self._titles] or words(name)
        return frozenset(p for p in found.people if self._is_called(p, asked))

    def _is_called(self, person: str, asked: Sequence[str]) -> bool:
        """Return whether a person may be called by these words.

        One of their names has all of them, or ends with the last of them, the others being words
        for an office ("Mayor Holm").
        """
        spelt = [words(spelling) for spelling in self._people.names(person)]
        further = set(asked) - {word for name in spelt for word in name}
        surname = any(name and name[-1] == asked[-1] for name in spelt)
        return not further or (surname and all(stem(w) in role_words() for w in further))

    def speaker(self, claim: Claim, quote: Quote | None) -> Agreement:
        """Compare the speakers of a claim with those of a statement: the worst of them, each by
        the best agreement."""
        if not claim.speaker:
            return "unnamed"
        mentions = (quote.speaker, *quote.co_speakers) if quote else ()
        names = [m.name for m in mentions if m and m.name]
        if not names:
            return "unknown"
        order = ("same", "unknown", "other").index
        return max(
            (
                min((self._agree(speaker, name) for name in names), key=order)
                for speaker in (claim.speaker, *claim.others)
            ),
            key=order,
        )

    def _agree(self, draft: str, archive: str) -> Agreement:
        person = self._people.person(archive)
        if fold(draft) in (fold(archive), fold(person)) or person in self.meant(draft):
            return "same"
        named = draft[:1].isupper(), archive[:1].isupper()
        if named == (False, False):
            mine, theirs = role_stems(draft), role_stems(archive)
            return "same" if mine and (mine <= theirs or theirs <= mine) else "other"
        if named == (False, True):
            if self._directory.holds(person, draft):
                return "same"
            return "other" if self.meant(draft) else "unknown"
        if named == (True, False) and not _is_press(archive):
            held = any(self._directory.holds(p, archive) for p in self.meant(draft))
            return "same" if held else "other"
        if _is_described_further(draft, archive):
            return "unknown"
        return _by_words(words(draft), words(archive))

    def addressee(self, claim: Claim, quote: Quote | None) -> Agreement:
        """Compare the addressees of a claim with those of a statement, by the best agreement."""
        if not claim.addressees:
            return "unnamed"
        hearers = [m for m in quote.addressees if m.name] if quote else []
        if not hearers:
            named = any(name[:1].isupper() for name in claim.addressees)
            return "other" if named else "unknown"
        for name in claim.addressees:
            for mention in hearers:
                archive = mention.name or ""
                if _is_press(name) and _is_press(archive):
                    return "same"
                if self._agree(name, archive) == "same":
                    return "same"
        return "other"

    def passes_on(self, source: str, quote: Quote | None, outlet: str) -> bool:
        """Return whether a draft's source passed a statement on, or is the outlet that has it."""
        names = [m.name for m in quote.chain if m.name] if quote else []
        names += [outlet] if outlet else []
        return any(self._agree(source, name) != "other" for name in names)

    def missing_sources(self, claim: Claim, quote: Quote | None, around: str) -> list[str]:
        """Return the people who passed a statement on and whom the draft does not name.

        Args:
            claim: the claim of the draft.
            quote: the statement; None has nobody who passed it on.
            around: the draft's own words around the claim.
        """
        if quote is None:
            return []
        said = set(words(around))
        speakers = {m.name for m in (quote.speaker, *quote.co_speakers) if m}
        found = []
        for mention in quote.chain:
            name = mention.name
            if not name or name in speakers:
                continue
            telling = set(words(name)) - self._stop_words
            telling = telling - self._titles or telling  # "his lawyer" has a title alone
            named = any(self._agree(source, name) == "same" for source in claim.sources)
            if not named and 2 * len(telling & said) < max(1, len(telling)):
                found.append(self._people.person(name))
        return found


_PRESS = frozenset(
    "reporters reporter journalists journalist press media newsmen correspondents".split()
)


def _is_press(name: str) -> bool:
    """Return whether a name means the press in general: "reporters", "the press"."""
    return bool(_PRESS.intersection(words(name)))


def _is_described_further(draft: str, archive: str) -> bool:
    """Return whether the archive's words for somebody begin with the draft's and describe further
    whom they mean: "Scientists", "Scientists in the basin"."""
    rest = archive[len(draft) :]
    return fold(archive).startswith(f"{fold(draft)} ") and rest[1:2].islower()


def _by_words(draft: Sequence[str], archive: Sequence[str]) -> Agreement:
    """Compare two names by their words alone.

    Returns "same" if the archive's name ends with the draft's last word and has all of its words,
    "unknown" if the archive has only that surname, and "other" for the rest.
    """
    if not draft or not archive or draft[-1] != archive[-1]:
        return "other"
    if set(draft) <= set(archive):
        return "same"
    return "unknown" if len(archive) == 1 else "other"
