"""Letters that an article tells of: whom their words were written to.

"On Monday Lund sent Reyes a letter.  In it, he wrote that ...": what he wrote was to Reyes.
Unlike a conversation, a letter has one writer, and says nothing of who passes it on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.attribution.coreference import People
from index.attribution.cues import agent, is_passive, phrase_span, subject
from index.attribution.syntax import Sentence, Word
from index.lang import Language
from index.types import Mention, Quote

_MAX_PARAGRAPHS_BEHIND = 1
"""Paragraphs behind the one that tells of a letter in which "the letter" may be taken up."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter, and where it was told of."""

    writer: str
    reader: Mention
    paragraph: int
    end: int


class Letters:
    """The letters that an article tells of, each with a writer and a reader that it names."""

    def __init__(
        self, paragraphs: Sequence[Sequence[Sentence]], people: People, table: Language
    ) -> None:
        self._known: list[_Letter] = []
        self._written: dict[int, int] = {}  # where it says "wrote" -> the paragraph
        self._nouns: dict[int, int] = {}  # where it says "letter" -> the paragraph
        for number, paragraph in enumerate(paragraphs):
            for sentence in paragraph:
                for word in sentence.words:
                    if word.quoted:
                        continue
                    if word.lemma == "write":
                        self._written[word.start] = number
                    elif word.lemma in table.letter_nouns:
                        self._nouns[word.start] = number
                        self._known += _letter(word, number, people, table)

    def addressed(self, quote: Quote) -> Quote | None:
        """The quote with the reader of the letter from which it is; None if it is from none."""
        if quote.speaker is None or quote.speaker.name is None or quote.cue is None:
            return None
        here, reach = self._written.get(quote.cue.start), 0
        if here is None:
            reach = _MAX_PARAGRAPHS_BEHIND
            said = quote.speaker.span
            here = next((n for at, n in self._nouns.items() if said.start <= at < said.end), None)
        if here is None:
            return None
        for letter in reversed(self._known):
            near = 0 <= here - letter.paragraph <= reach
            if near and letter.writer == quote.speaker.name and letter.end <= quote.span.start:
                return replace(quote, addressees=(letter.reader,))
        return None


def _letter(noun: Word, number: int, people: People, table: Language) -> Iterator[_Letter]:
    """The letter for which a noun stands, if its clause names who wrote it and to whom."""
    writer, reader = _letter_writer(noun, table), _letter_reader(noun)
    if writer is None or reader is None:
        return
    whose, _ = people.resolve(writer)
    name, _ = people.resolve(reader, barred=(whose,))
    if whose is not None and name is not None and name != whose:
        told = Mention(phrase_span(reader), name, "inferred")
        yield _Letter(whose, told, number, max(noun.end, told.span.end))


def _sending(noun: Word, table: Language) -> Word | None:
    """The verb that tells of writing or sending what a noun stands for."""
    verb = noun.head if noun.dep in ("dobj", "nsubjpass") else None
    if noun.dep == "pobj" and noun.head.text.lower() == "in":
        verb = noun.head.head  # "In a letter to the board, Reyes wrote"
    clause = noun.child("acl", "relcl")
    if verb is None and clause is not None and clause.tag == "VBN":
        verb = clause
    known = table.naming.issuing_verbs | {"address", "hand", "deliver"}
    return verb if verb is not None and verb.lemma in known else None


def _letter_writer(noun: Word, table: Language) -> Word | None:
    if (owner := noun.child("poss")) is not None:
        return owner
    for link in noun.all("prep"):
        if link.text.lower() in ("from", "by") and (source := link.child("pobj")) is not None:
            return source
    verb = _sending(noun, table)
    if verb is None:
        return None
    return agent(verb) if is_passive(verb) else subject(verb)


def _letter_reader(noun: Word) -> Word | None:
    verbs = [noun.head] if noun.dep in ("dobj", "nsubjpass") else noun.all("acl", "relcl")
    for above in (noun, *verbs):
        for link in above.all("prep", "dative"):
            if link.text.lower() == "to" and (told := link.child("pobj")) is not None:
                return told
            if link.dep == "dative" and link.child("pobj") is None:
                return link
    return None
