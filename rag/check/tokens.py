"""Words in the form in which a draft's are compared with an archive's.

Typography is folded (index/text/folding.py): case, diacritics, marks, dashes, line ends.  What can
turn a sense is kept apart: negations, numbers, names, conditions, ellipses, brackets, and
whether a sentence asks.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

from index.text.folding import Folded, fold, folded
from index.types import Span
from rag.check.types import Weight
from rag.ranking.polarity import is_negation

SENTENCE_ENDS = frozenset(".?|")

ELLIPSIS = "…"
"""The key of a token that stands for words left out."""

BRACKETS = "[]"
"""The key of a token that stands for words put in by an editor."""

_TOKEN_PATTERN = (
    r"\[(?P<letter>[^\W\d_])\](?=[^\W\d_])(?P<rest>[^\W_]+(?:'[^\W_]+)*)"
    r"{}"
    r"|(?P<money>[$€£¥%])"
    r"|(?P<number>(?<![\w.,])(?:(?<=\s)-|^-)?\d+(?:[.,:]\d+)*(?!\w))"
    r"|(?P<initials>\b[^\W\d_](?:\.[^\W\d_])+\b\.?)"
    r"|(?P<word>[^\W_]+(?:'[^\W_]+)*)"
)
_EDITED = (
    r"|(?P<ellipsis>[\[(]\s?\.\s?\.\s?\.\s?[\])]|\.(?:\s?\.){2,})"
    r"|(?P<brackets>\[[^\[\]]{1,80}\])"
)
_IN_SOURCE = re.compile(_TOKEN_PATTERN.format(""))
_IN_DRAFT = re.compile(_TOKEN_PATTERN.format(_EDITED))
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SIC = re.compile(r"\[\s*sic\s*[.!]?\s*\]")

_UNITS = {
    word: n
    for n, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen""".split()
    )
}
_TENS = {
    word: n * 10
    for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_COUNTING = frozenset(
    "hundred thousand million billion trillion dozen half third quarter once twice first second "
    "double triple fourth fifth tenth hundreds thousands millions billions dozens".split()
)
_RESERVATIONS = frozenset("if unless until except whether although provided".split())
_CONDITIONS = _RESERVATIONS | frozenset("only perhaps maybe may might could".split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its comparable form.

    ``key`` is compared; ``start`` and ``end`` are its place in the original text.  ``ends``
    is "?" or "." where a sentence ends behind it, "|" where one ends for which there is no
    mark, "," where a clause may end or the quotation breaks off, else "".  ``hyphened`` tells
    that a hyphen ties it to the word before, ``capital`` that it begins with a capital letter
    where no sentence begins, ``first`` that one does, ``trails`` that an ellipsis follows.
    """

    key: str
    start: int
    end: int
    ends: str = ""
    hyphened: bool = False
    capital: bool = False
    first: bool = False
    trails: bool = False


def tokens(text: str, spans: Iterable[Span] | None = None, *, edited: bool = False) -> list[Token]:
    """The tokens of some stretches of a text, in order; of all of it by default.

    Every stretch begins a sentence.  ``edited``: an ellipsis and words in square brackets are
    an editor's, and one token each; otherwise the first is none, and the second are words.
    """
    found: list[Token] = []
    for span in spans if spans is not None else ([Span(0, len(text))] if text else []):
        further = _tokens(text, span, _IN_DRAFT if edited else _IN_SOURCE)
        if found and further and found[-1].ends == "," and text[further[0].start].isupper():
            found[-1] = replace(found[-1], ends="|")  # "Never," he said. "We will go."
        found += further
    return found


def _tokens(text: str, span: Span, pattern: re.Pattern[str]) -> list[Token]:
    plain = folded(span.slice(text))
    shown = _SIC.sub(lambda m: " " * len(m[0]), plain.text)
    matches = list(pattern.finditer(shown))
    found: list[Token] = []
    begins = True
    for at, match in enumerate(matches):
        last = at + 1 == len(matches)
        after = len(shown) if last else matches[at + 1].start()
        key, (start, end) = _key(match), _offsets_in_text(plain, match, span)
        ends = _ending(shown[match.end() : after], last)
        if ends in (".", "?") and not last:
            low = _offsets_in_text(plain, matches[at + 1], span)[0]
            ends = ends if ends == "?" or _opens(text[low : low + 1]) else ""
        before = shown[matches[at - 1].end() : match.start()] if at else ""
        capital = text[start].isupper() and not begins
        trails = "..." in shown[match.end() : after].replace(" ", "")
        hyphened = before.rstrip() == "-"
        found.append(Token(key, start, end, ends, hyphened, capital, begins, trails))
        begins = ends in (".", "?")
    return found


def _key(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "ellipsis":
        return ELLIPSIS
    if kind == "brackets":
        return BRACKETS
    if kind == "rest":
        return f"{match['letter']}{match['rest']}"
    if kind == "number":
        return _figure(match[0])
    if kind == "initials":
        return match[0].replace(".", "")
    return "percent" if match[0] == "%" else match[0]


def _figure(written: str) -> str:
    """A number without the commas between its thousands."""
    return written.replace(",", "") if _THOUSANDS.fullmatch(written) else written


def _offsets_in_text(plain: Folded, match: re.Match[str], span: Span) -> tuple[int, int]:
    found = plain.span(match.start(), match.end())
    return span.start + found.start, span.start + found.end


def _ending(between: str, last: bool) -> str:
    """How a sentence ends in what stands behind a word, "" if it goes on."""
    marks = between.strip(" \"'()[]-")
    if "?" in marks:
        return "?"
    if marks[:1] in (".", "!") or "!" in marks:
        return "."
    return "," if last or marks[:1] in (",", ";", ":") or between.strip() == "-" != between else ""


def _opens(letter: str) -> bool:
    """Whether a word that begins so can begin a sentence."""
    return not letter.islower()


def together(found: Sequence[Token], written: Container[str]) -> tuple[Token, ...]:
    """The tokens, those that a hyphen parts put together where the result is ``written`` so on
    the other side ("well-known", "wellknown"); figures stay apart."""
    out: list[Token] = []
    for token in found:
        last = out[-1] if out else None
        if last and token.hyphened and last.key + token.key in written and not number(last.key):
            out[-1] = replace(token, key=last.key + token.key, start=last.start, first=last.first)
        else:
            out.append(token)
    return tuple(out)


@functools.lru_cache(maxsize=65536)
def number(key: str) -> str | None:
    """The number that a token stands for, in figures where it is one word; None for others."""
    if any(c.isdigit() for c in key):
        return key
    if key in _UNITS:
        return str(_UNITS[key])
    if key in _TENS:
        return str(_TENS[key])
    return key if key in _COUNTING else None


def is_condition(key: str) -> bool:
    """Whether a word makes what is said depend on something ("if", "unless", "may")."""
    return key in _CONDITIONS


def is_reservation(key: str) -> bool:
    """Whether a word opens a clause on which another one depends ("if", "unless")."""
    return key in _RESERVATIONS


def weight(found: Sequence[Token], is_name: bool = False) -> Weight:
    """The gravest thing that is among some tokens, "" if none of them turns a sense."""
    if any(is_negation(t.key) for t in found):
        return "negation"
    if any(number(t.key) is not None or t.key in "$€£¥" for t in found):
        return "number"
    if is_name:
        return "name"
    if any(is_condition(t.key) for t in found):
        return "condition"
    return ""


NO_NAMES = frozenset("i i'm i've i'll i'd".split())
"""Words that have a capital letter anywhere."""


def source_keys(text: str) -> list[str]:
    """The keys of `tokens`, without their places and much faster."""
    return [_key(m) for m in _IN_SOURCE.finditer(_SIC.sub(" ", fold(text)))]
