"""Who speaks through a document: whoever issued it, or it itself where it has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.attribution.mentions import is_definite
from index.attribution.syntax import Word
from index.lang import Language
from index.types import Basis

_MAX_SENTENCES_ON = 15
"""Sentences for which a document that was named can be taken up ("the report")."""

Owner = Callable[[Word], tuple[str | None, bool]]
"""A noun or pronoun -> the name of whom it denotes, and whether that name stands there."""


@dataclass(frozen=True, slots=True)
class _Document:
    lemma: str
    sentence: int
    name: str


class Documents:
    """The documents of one article, read in the order of the text."""

    def __init__(self, table: Language, owner: Owner) -> None:
        self._table = table
        self._owner = owner
        self._known: list[_Document] = []
        self._issuers: dict[int, tuple[str, Basis]] = {}

    def issuer(self, head: Word) -> tuple[str, Basis] | None:
        """Who speaks through the document that a noun stands for, and how that is known."""
        return self._issuers.get(head.start)

    def read(self, word: Word, sentence: int) -> None:
        """Note a word that stands for a document, if it does."""
        lemma = word.text.lower() if word.pos == "PROPN" else word.lemma
        if lemma not in self._table.document_nouns or word.dep == "compound":
            return
        if word.pos == "PROPN":
            name, own = self._owner(word)
            if name is not None and own and " " in name:
                self._known.append(_Document(lemma, sentence, name))
            return
        if word.pos != "NOUN":
            return
        found = self._stated(word)
        if found is None and is_definite(word) and len(word.children) == 1:
            name = self._taken_up(lemma, sentence)
            found = (name, "coreference") if name else None
        if found is None:
            return
        self._issuers[word.start] = found
        self._known.append(_Document(lemma, sentence, found[0]))

    def _stated(self, word: Word) -> tuple[str, Basis] | None:
        """Who issues a document according to its own phrase, or its clause."""
        for source in self._sources(word):
            name, own = self._owner(source)
            if name is not None:
                return name, "explicit" if own else "coreference"
        verb = word.head if word.dep == "dobj" else None
        issuing = self._table.naming.issuing_verbs
        if word.dep == "pobj" and word.head.text.lower() in ("in", "through", "via"):
            verb, issuing = word.head.head, issuing | self._table.verb_acts.keys()
        # Who shares, quotes or praises an article did not write it.
        if verb is None or verb.lemma not in issuing:
            return None
        subject = verb.child("nsubj")
        name, _ = self._owner(subject) if subject is not None else (None, False)
        return (name, "inferred") if name is not None else None

    def _sources(self, word: Word) -> Iterator[Word]:
        """The nouns in a document's phrase that can tell whose it is."""
        yield from word.all("poss")
        for child in word.children:
            if child.text.lower() in self._table.issuing:
                yield from child.all("pobj")
            released = child.lemma in ("release", "publish") and self._is_mail(word)
            if released:
                continue  # "the email, released by the court": somebody else's
            if child.dep == "acl" and child.lemma in self._table.naming.issuing_verbs:
                for by in child.all("agent", "prep"):
                    if by.text.lower() in ("by", "from"):
                        yield from by.all("pobj")

    def _is_mail(self, word: Word) -> bool:
        """Whether a noun is for what one writes to another."""
        return word.lemma in self._table.letter_nouns

    def _taken_up(self, lemma: str, sentence: int) -> str | None:
        """Whose document "the report" is: the last such one, or the last of its kind."""
        kind = next((k for k in self._table.naming.documents if lemma in k), frozenset((lemma,)))
        near = [
            d for d in reversed(self._known[-20:]) if sentence - d.sentence <= _MAX_SENTENCES_ON
        ]
        same = [d for d in near if d.lemma == lemma] or [d for d in near if d.lemma in kind]
        return same[0].name if same else None
