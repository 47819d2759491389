"""Who speaks and who is spoken to in a statement, compared with who was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA

from index.types import Mention
from rag.people import content_stems, role_stems, words
from rag.ranking.statements import continues
from rag.types import Evidence, Question


class Cast:
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

    def names(self, person: str) -> list[str]:
        """All spellings of a person's name."""
        return self._names.get(person, [person])

    def is_one_of(self, mention: Mention, wanted: Iterable[str]) -> bool:
        """Whether a mention is one of the wanted people, by any of their names."""
        if mention.name is None:
            return False
        person = self._person_of.get(mention.name, mention.name)
        return person in wanted

    def speaks(self, evidence: Evidence, wanted: Iterable[str]) -> bool:
        """Whether a wanted person speaks, or one who is only described as it was asked."""
        speaker = evidence.quote.speaker if evidence.quote else None
        if speaker is None:
            return False
        together = evidence.quote.co_speakers if evidence.quote else ()
        if any(self.is_one_of(m, wanted) for m in (speaker, *together)):
            return True
        described = (w for w in wanted if w not in self._persons and not w[:1].isupper())
        own = role_stems(speaker.span.slice(evidence.article.text))
        return bool(own) and not _has_name(speaker) and any(own <= role_stems(w) for w in described)

    def is_told(self, evidence: Evidence, wanted: Iterable[str], *, stated: bool = False) -> bool:
        """A wanted addressee by person, or by the words of a description."""
        if evidence.quote is None:
            return False
        text = evidence.article.text
        return any(
            self.is_one_of(m, wanted) or any(self._described(m, text, w) for w in wanted)
            for m in evidence.quote.addressees
            if not (stated and m.basis == "inferred")
        )

    def _described(self, mention: Mention, text: str, wanted: str) -> bool:
        """Whether an addressee fits a description ("the Israeli cabinet", "a cabinet meeting")
        or has a surname that is spelt almost so in the same corpus."""
        if wanted in self._persons and wanted[:1].isupper():
            return False
        asked, found = role_stems(wanted), role_stems(mention.span.slice(text))
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


def _has_name(mention: Mention) -> bool:
    return bool(mention.name) and str(mention.name)[:1].isupper()


def told_to(question: Question, theirs: list[Evidence], cast: Cast) -> list[Evidence]:
    """Statements to the asked people; where the article says so, inferred ones stay out."""
    if not question.addressees:
        return theirs
    stated = [c for c in theirs if cast.is_told(c, question.addressees, stated=True)]
    if stated:
        return [c for c in theirs if c in stated or any(continues(c, s) for s in stated)]
    return [c for c in theirs if cast.is_told(c, question.addressees)]


def concerns(evidence: Evidence, names: Iterable[str]) -> bool:
    """Whether a sentence names, by any word of a name, one of these people."""
    found = content_stems(evidence.sentence.slice(evidence.article.text))
    return any(content_stems(name) & found for name in names)
