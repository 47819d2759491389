"""A text with its letters composed ("s" and a cedilla to "ş"), and the way back.

The parser knows "Ümit" and not the same name in two code points for the "Ü".  Offsets count
in the article as it is, so what is found in the composed text gets the offsets of the original.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from dataclasses import dataclass
from typing import Any, TypeVar

from index.types import Quote, Span

_Found = TypeVar("_Found")

_MOST_MARKS = 30
"""Marks of one letter that are put in order, as in Unicode's Stream-Safe Text Format: to put
thousands in order takes the square of their number."""


@dataclass(frozen=True, slots=True)
class Composed:
    """``text`` in NFC, letter by letter; where each of its characters begins and ends in the
    original, both empty where that is the same text."""

    text: str
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def original(self, span: Span) -> Span:
        """The whole letters of the original that a span of ``text`` stands for."""
        if not self.begins:
            return span
        return Span(self.begins[span.start], self.ends[span.end - 1])


def composed(text: str) -> Composed:
    """The text in NFC, if it is not so already."""
    if unicodedata.is_normalized("NFC", text):
        return Composed(text)
    letters: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        most = start + _MOST_MARKS + 1
        while end < len(text) and end < most and unicodedata.combining(text[end]):
            end += 1
        letter = unicodedata.normalize("NFC", text[start:end])
        letters.append(letter)
        begins += [start] * len(letter)
        ends += [end] * len(letter)
        start = end
    return Composed("".join(letters), tuple(begins), tuple(ends))


def with_original_offsets(found: _Found, text: Composed) -> _Found:
    """Return a value with its spans moved from the composed text to the original.

    Args:
        found: what was found in ``text.text``: spans, tuples and dataclasses of them, at any depth.
        text: the composed text, which knows the place of each letter in the original.
    """
    if not text.begins:
        return found
    return _moved(found, text)  # type: ignore[no-any-return]  # of the type that it was given


def _moved(value: Any, text: Composed) -> Any:
    if isinstance(value, Span):
        return text.original(value)
    if isinstance(value, tuple):
        return tuple(_moved(item, text) for item in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    fields = {f.name: _moved(getattr(value, f.name), text) for f in dataclasses.fields(value)}
    moved = type(value)(**fields)
    if isinstance(moved, Quote):
        place = f"#q{moved.span.start}-{moved.span.end}"
        return dataclasses.replace(moved, id=f"{moved.article_id}{place}")
    return moved
