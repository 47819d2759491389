"""Text folded for matching: case, diacritics, Turkish dots, quotation marks and dashes.

A folded text is only ever compared.  What is shown or cited is always a slice of the
original, which is why `folded` keeps a map back: one character may fold to several
("ß" to "ss", "İ".lower() to two code points) and several to none (combining marks).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from index.types import Span

# Letters that NFKD leaves whole although a reader without them types plain ones.
_BASE_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h",
    "ı": "i", "ŋ": "n", "ŧ": "t", "ə": "e", "ĸ": "k", "ʼ": "'",
}  # fmt: skip
_HANGUL_FILLERS = frozenset("\u115f\u1160")  # and U+3164, U+FFA0: letters drawn as nothing
_SIGNS = {
    **dict.fromkeys("‘’‚‛′`´ʻʹ", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """What one code point becomes; white space becomes one blank, marks nothing."""
    if character.isspace():
        return " "
    if character in _SIGNS:
        return _SIGNS[character]
    plain: list[str] = []
    for part in unicodedata.normalize("NFKD", character):
        if unicodedata.category(part) in ("Mn", "Cf", "Cc") or part in _HANGUL_FILLERS:
            continue
        for cased in part.casefold():
            letter = _BASE_LETTERS.get(cased, _SIGNS.get(cased, cased))
            plain.append(" " if letter.isspace() else letter)
    return "".join(plain)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield each folded character with the offset of its original; a run of blanks is one blank."""
    blank = True
    for offset, character in enumerate(text):
        for letter in (
            character
            if character.isascii() and character.isalnum()
            else (_fold_character(character))
        ):
            if letter == " ":
                if not blank:
                    yield offset, " "
                blank = True
            else:
                yield offset, letter.lower()
                blank = False


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the offset in the original."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Return the part of the original for which the folded characters [start, end) stand.

        Raises:
            ValueError: if the stretch is empty or runs outside the folded text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"[{start}, {end}) is no stretch of {len(self.text)} characters")
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    def stretch(self, span: Span) -> tuple[int, int]:
        """Return the start and the end in the folded text of what a span of the original holds."""
        return bisect_left(self.offsets, span.start), bisect_right(self.offsets, span.end - 1)


def folded(text: str) -> Folded:
    """Return the text folded for matching, with the offset of each character in the original."""
    pieces = list(_pieces(text))
    if pieces and pieces[-1][1] == " ":
        pieces.pop()
    return Folded("".join(letter for _, letter in pieces), tuple(at for at, _ in pieces))


class _Table(dict[int, str]):
    """What each code point becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold_character(chr(code)).lower()
        return self[code]


_TABLE = _Table()


def fold(text: str) -> str:
    """Return the text folded for matching: spellings that a reader takes for one become equal.

    The result is that of ``folded(text).text``.  This function is much faster, and its result does
    not know the offsets.
    """
    if text.isascii() and text.isprintable():  # half the time, for most of all texts
        return " ".join(text.lower().replace("`", "'").split())
    return " ".join(text.translate(_TABLE).split())


_RUN_OF_LETTERS = re.compile(r"\w+")
_ABBREVIATED = re.compile(r"\b(?:\w\.){2,}")
_stemmer = Stemmer.Stemmer("porter", 0)  # what it would keep, `stem` keeps


def words(text: str) -> list[str]:
    """Return the folded words of a text, in its order."""
    return _RUN_OF_LETTERS.findall(fold(text))


def plain_words(text: str) -> list[str]:
    """Return the folded words of a text, an abbreviation as one: "eu" for "E.U."."""
    return words(_ABBREVIATED.sub(lambda m: m[0].replace(".", ""), text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return Porter's stem of a folded word, as the full-text index has it."""
    return str(_stemmer.stemWord(word))
