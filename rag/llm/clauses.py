"""A sentence of a model as clauses with their keys, tokens, and mentions of somebody."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.lang import language
from rag.lang import asking, reporting_forms
from rag.lang.prose import NAME_PARTICLES, NOUN_BEFORE, OBJECT_PRONOUNS, SUBJECT_PRONOUNS
from rag.people import words

KEYS = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_CLAUSE_TOKEN = re.compile(r"[^\W\d_][\w-]*(?:\.[\w-]+)*(?:['’]\w+)?|\d[\d.,:]*\d|\d")
_OCCASION = re.compile(r"\s*(?:In|During|On|After|At|Following)\s[^,]*,\s*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: as written, folded and without "'s"; ``apart`` if a sign stands before it."""

    text: str
    folded: str
    possessive: bool = False
    apart: bool = False

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class ClauseName:
    """Where a clause names somebody: tokens [start, end), their folded words, the last first."""

    start: int
    end: int
    words: tuple[str, ...]
    possessive: bool = False
    pronoun: bool = False

    @property
    def head(self) -> str:
        return self.words[-1]


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands before some keys, and the keys."""

    text: str
    keys: tuple[int, ...]


def clauses(sentence: str) -> tuple[list[Clause], str]:
    """The clauses of a sentence, and what is left behind the last key.

    Keys that stand side by side belong to one clause.
    """
    found: list[Clause] = []
    at = 0
    for match in KEYS.finditer(sentence):
        keys = tuple(int(key) for key in re.split(r"\s*[,;]\s*", match[1]))
        text = sentence[at : match.start()]
        if found and not text.strip(" ,;"):
            found[-1] = Clause(found[-1].text, (*found[-1].keys, *keys))
        else:
            found.append(Clause(text, keys))
        at = match.end()
    return found, sentence[at:]


def tokens(text: str) -> list[Token]:
    """The words and figures of a text."""
    found: list[Token] = []
    end = 0
    for match in _CLAUSE_TOKEN.finditer(text):
        apart = bool(re.search(r"[,;:()–—]", text[end : match.start()]))
        end = match.end()
        bare = re.sub(r"['’]s$|['’]$", "", match[0])
        folded = " ".join(words(bare.replace(".", "")))
        if folded:
            found.append(Token(match[0], folded, bare != match[0], apart))
    return found


def without_occasion(text: str) -> str:
    """A clause without the occasion it begins with ("In a call with Putin, Erdoğan said")."""
    match = _OCCASION.match(text)
    if not match:
        return text
    inside = tokens(match[0])
    forms = reporting_forms("en")
    speaks = any(
        token.folded in forms and before.folded not in NOUN_BEFORE
        for before, token in itertools.pairwise(inside)
    )
    return text if speaks else text[match.end() :]


def namings(found: list[Token], *, opens: bool) -> list[ClauseName]:
    """Who a clause names, by name, description or pronoun, in order.

    ``opens`` tells that the clause begins a sentence, where a capital tells nothing.
    """
    return list(_namings(found, opens))


def _namings(found: list[Token], opens: bool) -> Iterator[ClauseName]:
    at = 0
    while at < len(found):
        token = found[at]
        if token.folded in SUBJECT_PRONOUNS | OBJECT_PRONOUNS:
            yield ClauseName(at, at + 1, (token.folded,), pronoun=True)
            at += 1
            continue
        end = _end_of_name(found, at, opens)
        if end == at:
            at += 1
            continue
        parts = tuple(word for t in found[at:end] for word in t.folded.split())
        yield ClauseName(at, end, parts, possessive=found[end - 1].possessive)
        at = end


def _end_of_name(found: list[Token], at: int, opens: bool) -> int:
    """Where the name or description that begins at a token ends; ``at`` if none does."""
    end = at
    # "president", before a name or alone; no name goes on behind a comma
    while end < len(found) and is_described(found[end]) and not (end > at and found[end].apart):
        end += 1
    if end == at and not _is_name(found, at, opens):
        return at
    while end < len(found) and not (end > at and found[end].apart):
        if _is_name(found, end, opens) or (end > at and is_described(found[end])):
            end += 1
        elif end > at and (more := _through(found, end)) > end:
            end = more
        else:
            break
    return end


def _through(found: list[Token], at: int) -> int:
    """Behind the small words within a name ("Ministry of the Interior"); ``at`` if none."""
    end = at
    while end < len(found) and found[end].folded in NAME_PARTICLES and end - at < 2:
        end += 1
    inside = end > at and end < len(found) and found[end].capital and found[end - 1].text != "for"
    return end if inside else at


def _is_name(found: list[Token], at: int, opens: bool) -> bool:
    token = found[at]
    if not token.capital or is_date(token):
        return False
    return not (at == 0 and opens and is_opener(token))


def is_opener(token: Token) -> bool:
    """Whether a word is one that begins sentences, and no name."""
    return token.folded in language("en").sentence_openers | asking("en").stop_words


def is_date(token: Token) -> bool:
    """Whether a word is a month or a day of the week, as "May" is and "may" is not."""
    table = language("en")
    return token.capital and token.folded in table.months | table.days


def is_described(token: Token) -> bool:
    """Whether a small word names somebody by what they are ("minister", "the council")."""
    table = language("en")
    word = token.folded
    if token.capital or word in reporting_forms("en"):
        return False
    known = table.role_nouns | table.organisation_nouns | table.audience_nouns | table.media_nouns
    return word in known or (word.endswith("s") and word[:-1] in known)


def reporting_lemma(token: Token) -> str:
    """The verb of which a word is a form that reports, in the past or of a third person; else "".

    Base forms and participles in -ing have their subject elsewhere, or none.
    """
    verb = reporting_forms("en").get(token.folded, "")
    past_or_third = token.folded != verb and not token.folded.endswith("ing")
    return verb if verb and past_or_third else ""
