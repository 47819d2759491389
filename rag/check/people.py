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
from rag.ranking.participants import Cast

Agreement = Literal["same", "other", "unknown", "unnamed"]
"""Unknown: one side cannot be told.  Unnamed: the draft names nobody."""


class Company:
    """The people of an archive, as far as a draft's can be compared with them."""

    def __init__(self, directory: Directory, cast: Cast, people: Iterable[str]) -> None:
        self._directory = directory
        self._cast = cast
        self._name_words = frozenset(
            word
            for person in people
            if person[:1].isupper()
            for word in words(person)
            if len(word) > 2 and word not in language("en").titles
        ) - frozenset(asking("en").stop_words)
        self._meant = functools.lru_cache(maxsize=1024)(self._find)

    def is_name(self, token: Token) -> bool:
        """Whether a word is of somebody's name, or has a capital letter that no sentence gives
        it: one that begins a sentence has if the archive writes it small nowhere."""
        if token.key in self._name_words or token.capital:
            return token.key not in NO_NAMES
        if not token.first or len(token.key) < 3 or token.key in asking("en").stop_words:
            return False
        return token.key.isalpha() and not self._directory.is_common_word(token.key)

    def meant(self, name: str) -> frozenset[str]:
        """The people of the archive whom a name or a description means for certain."""
        return self._meant(name)

    def _find(self, name: str) -> frozenset[str]:
        found = self._directory.find(name)
        if not name[:1].isupper():
            return frozenset(found.people)
        # A name that is nearly another's is another name.
        titles = language("en").titles
        asked = [w for w in words(name) if w not in titles] or words(name)
        return frozenset(p for p in found.people if self._is_called(p, asked))

    def _is_called(self, person: str, asked: Sequence[str]) -> bool:
        """Whether somebody goes by these words: by a name that has all of them, or by their last
        name with an office before it ("Mayor Holm")."""
        spelt = [words(spelling) for spelling in self._cast.names(person)]
        further = set(asked) - {word for name in spelt for word in name}
        surname = any(name and name[-1] == asked[-1] for name in spelt)
        return not further or (surname and all(stem(w) in role_words() for w in further))

    def speaker(self, claim: Claim, quote: Quote | None) -> Agreement:
        """Whether the draft's speaker is one of those of a statement."""
        if not claim.speaker:
            return "unnamed"
        mentions = (quote.speaker, *quote.co_speakers) if quote else ()
        names = [m.name for m in mentions if m and m.name]
        if not names:
            return "unknown"
        found = [self._agree(claim.speaker, name) for name in names]
        return min(found, key=("same", "unknown", "other").index)

    def _agree(self, draft: str, archive: str) -> Agreement:
        person = self._cast.person(archive)
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
        return _by_words(words(draft), words(archive))

    def addressee(self, claim: Claim, quote: Quote | None) -> Agreement:
        """Whether a draft's addressee is one of those of a statement."""
        if not claim.addressees:
            return "unnamed"
        told = [m for m in quote.addressees if m.name] if quote else []
        if not told:
            named = any(name[:1].isupper() for name in claim.addressees)
            return "other" if named else "unknown"
        for name in claim.addressees:
            for mention in told:
                archive = mention.name or ""
                if _is_press(name) and _is_press(archive):
                    return "same"
                if self._agree(name, archive) == "same":
                    return "same"
        return "other"

    def missing_sources(self, claim: Claim, quote: Quote | None, around: str) -> list[str]:
        """Who passed a statement on and stands nowhere in the draft's own words around it."""
        if quote is None:
            return []
        said = set(words(around))
        speakers = {m.name for m in (quote.speaker, *quote.co_speakers) if m}
        found = []
        for mention in quote.chain:
            name = mention.name
            if not name or name in speakers:
                continue
            telling = set(words(name)) - language("en").titles - set(asking("en").stop_words)
            named = any(self._agree(source, name) == "same" for source in claim.sources)
            if not named and 2 * len(telling & said) < max(1, len(telling)):
                found.append(self._cast.person(name))
        return found


_PRESS = frozenset(
    "reporters reporter journalists journalist press media newsmen correspondents".split()
)


def _is_press(name: str) -> bool:
    """Whether those who report are meant: "reporters", "the press"."""
    return bool(_PRESS.intersection(words(name)))


def _by_words(draft: Sequence[str], archive: Sequence[str]) -> Agreement:
    """Whether two names may be one: that of the archive has more words than the draft's, or it
    is a surname alone and cannot be told."""
    if not draft or not archive or draft[-1] != archive[-1]:
        return "other"
    if set(draft) <= set(archive):
        return "same"
    return "unknown" if len(archive) == 1 else "other"
