"""A sentence of a language model as clauses, each with the keys that it cites, and as tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.lang import language
from index.types import Span
from rag.lang import asking
from rag.people import words

KEYS = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_CLAUSE_TOKEN = re.compile(r"[^\W\d_][\w-]*(?:\.[\w-]+)*(?:['’]\w+)?|\d[\d.,:]*\d|\d")


@dataclass(frozen=True, slots=True)
class ClauseToken:
    """A word or figure: where it stands, as written, and folded without "'s"."""

    span: Span
    text: str
    folded: str

    @property
    def capital(self) -> bool:
        """Whether the token is written with a capital."""
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as a stretch of the sentence without its keys, and the keys behind it."""

    span: Span
    keys: tuple[int, ...]


def clauses(sentence: str) -> tuple[str, list[Clause], str]:
    """Return a sentence without its keys, its clauses, and what is left behind the last key.

    Keys that stand side by side belong to one clause.
    """
    bare = KEYS.sub("", sentence)
    found: list[Clause] = []
    at = cut = 0
    for match in KEYS.finditer(sentence):
        keys = tuple(int(key) for key in re.split(r"\s*[,;]\s*", match[1]))
        text = sentence[at : match.start()]
        end = match.start() - cut
        if found and not text.strip(" ,;"):
            found[-1] = Clause(found[-1].span, (*found[-1].keys, *keys))
        elif text:
            found.append(Clause(Span(end - len(text), end), keys))
        else:
            return bare, [], sentence
        at, cut = match.end(), cut + len(match[0])
    return bare, found, sentence[at:]


def clause_tokens(text: str, within: Span) -> list[ClauseToken]:
    """Return the words and figures of a stretch of a text."""
    found = []
    for match in _CLAUSE_TOKEN.finditer(text, within.start, within.end):
        bare = re.sub(r"['’]s$|['’]$", "", match[0])
        if folded := " ".join(words(bare.replace(".", ""))):
            found.append(ClauseToken(Span(*match.span()), match[0], folded))
    return found


def is_opener(token: ClauseToken) -> bool:
    """Return whether a word is one that begins sentences, and no name."""
    return token.folded in language().sentence_openers | asking().stop_words


def is_date(token: ClauseToken) -> bool:
    """Return whether a word is a month or a day of the week, as "May" is and "may" is not."""
    table = language()
    return token.capital and token.folded in table.months | table.days
