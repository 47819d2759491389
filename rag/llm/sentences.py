"""The sentences of a model, one by one: each stands or falls by the articles that it cites.

What is checked needs no model: no mark of quotation, no markup, no address; keys that exist;
names, figures and negations that the cited passage has; and the roles.  Whoever a sentence
makes the speaker has to be the stored speaker, whoever it makes the addressee the stored one.
It errs on the side of leaving a sentence out: the record below it is whole either way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from rag.lang import asking, negations, reporting_forms, wording
from rag.llm.clauses import KEYS, Clause, ClauseToken, clause_tokens, clauses, is_date, is_opener
from rag.llm.records import Record
from rag.llm.roles import SentenceRoles, WrongRole
from rag.people import content_stems, surname, words

MAX_SENTENCE_CHARACTERS = 500
"""Characters of a sentence."""

MAX_SENTENCES = 6
"""Sentences of a summary; what comes behind them is not listened to."""

MOST_LEFT_OUT = 12
"""Sentences that may be left out before a reply is given up."""

SUPPORT = 0.5
"""Share of a clause's words with a meaning, linking and reporting words apart, that the cited
passage has to hold: a paraphrase has some words of its own, an invention mostly."""

_ALLOWED_SIGNS = set(".,;:?!'’()[]–—-%$€£ ")
_ADDRESS = re.compile(
    r"\w{2,}\.\w{2,}|\bwww\b|\bhttps?\b|\bmailto\b|\bjavascript\b|(?:\d+\.){3}\d", re.I
)
_SINGLE_MARK = re.compile(r"(?<!\w)['’]|(?<![\w.])['’](?!\w)|''|’’")


class Unsupported(Exception):
    """A sentence that the cited articles do not bear out; the reason in a word or two."""


class Checker:
    """Checks the sentences of one reply in their order; a pronoun is read by the one before."""

    def __init__(
        self, records: Sequence[Record], people_in: Callable[[str], Sequence[str]]
    ) -> None:
        """``people_in`` gives the people of the corpus whom a text names, in any case."""
        self._records = {record.citation.number: record for record in records}
        self._people_in = people_in
        self._before: Record | None = None
        self._said: set[str] = set()

    def checked(self, sentence: str) -> str:
        """Return the sentence as it may be shown. Raises Unborne."""
        sentence = " ".join(sentence.split())
        _shape(sentence)
        bare, parts, rest = clauses(sentence)
        if not parts:
            raise Unsupported("no words before the key" if KEYS.search(sentence) else "no key")
        if rest.strip(" .,;:?!)"):
            raise Unsupported("words behind the last key")
        roles = SentenceRoles(bare)
        before = self._before
        for clause in parts:
            before = self._clause(bare, clause, roles, before)
        if sentence in self._said:
            raise Unsupported("repeated")
        self._said.add(sentence)
        self._before = before
        shown = KEYS.sub(_keys, sentence)
        return shown if shown.endswith((".", "!", "?")) else f"{shown.rstrip(' ,;:')}."

    def _clause(
        self, bare: str, clause: Clause, roles: SentenceRoles, before: Record | None
    ) -> Record:
        """Check one clause of a sentence without keys; returns the record of its speaker."""
        if any(key not in self._records for key in clause.keys):
            raise Unsupported("unknown key")
        records = [self._records[key] for key in dict.fromkeys(clause.keys)]
        if len({record.speakers for record in records}) > 1:
            raise Unsupported("several speakers under one claim")
        found = clause_tokens(bare, clause.span)
        if not any(token.text[0].isalpha() for token in found):
            raise Unsupported("no words before the key")
        self._words(clause.span.slice(bare), found, records)
        try:
            for record in records:
                roles.check(clause, record, before)
        except WrongRole:
            raise Unsupported("wrong speaker or addressee") from None
        _support(found, records)
        most = sum(record.negations for record in records)
        own = negations(clause.span.slice(bare), wording().negative_words)
        if not min(1, most) <= own <= most:
            raise Unsupported("negation")
        return records[-1]

    def _words(self, text: str, found: Sequence[ClauseToken], records: Sequence[Record]) -> None:
        """Names and figures are those of the cited passages."""
        vocabulary = frozenset().union(*(record.vocabulary for record in records))
        for token in found:
            parts = set(words(token.folded))
            opener = token.span.start == 0 and is_opener(token)
            if token.capital and not opener and not parts <= vocabulary:
                raise Unsupported("name")
            if not token.capital and any(token.folded in record.names for record in records):
                raise Unsupported("name")  # in small letters it would slip through
            figure = any(c.isdigit() for c in token.text) or token.folded in wording().numbers
            if (figure or is_date(token)) and not parts <= vocabulary:
                raise Unsupported("figure")
        for person in self._people_in(text):
            parts = set(words(person))
            whole = parts <= set(words(text))
            if surname(person) not in vocabulary or (whole and not parts <= vocabulary):
                raise Unsupported("name")


def _support(found: Sequence[ClauseToken], records: Sequence[Record]) -> None:
    """Most of what a clause says, names apart, stands in the passages."""
    skip = wording().linking | asking().stop_words | reporting_forms().keys()
    said = [
        stem
        for token in found
        if not token.capital and token.folded not in skip
        for stem in content_stems(token.folded)
    ]
    stems = frozenset().union(*(record.stems for record in records))
    if said and sum(stem in stems for stem in said) < SUPPORT * len(said):
        raise Unsupported("not in the passage")


def _keys(match: re.Match[str]) -> str:
    return " " + "".join(f"[{key}]" for key in re.split(r"\s*[,;]\s*", match[1]))


def _shape(sentence: str) -> None:
    """Plain words and signs: nothing that quotes, links, formats, or hides."""
    if len(sentence) > MAX_SENTENCE_CHARACTERS:
        raise Unsupported("too long")
    marks = set(sentence) & set('"“”„‟«»‹›‘‚‛`´″＂「」『』❝❞')
    if marks or _SINGLE_MARK.search(re.sub(r"(?<=s)['’](?=\s)", "", sentence)):
        raise Unsupported("quotation marks")
    if _ADDRESS.search(sentence):
        raise Unsupported("address")
    if any(not _is_plain(character) for character in sentence):
        raise Unsupported("markup")
    if re.search(r"[\[\]]", KEYS.sub("", sentence)) or re.search(r"(?:^|\s)-\s|--", sentence):
        raise Unsupported("markup")


def _is_plain(character: str) -> bool:
    return (
        character in _ALLOWED_SIGNS
        or unicodedata.category(character)[0] in "LN"
        or (unicodedata.category(character) == "Mn")
    )
