"""Times and places as a sentence tells them, found by their form."""

from __future__ import annotations

import re

from index.types import Span

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_PART = r"(?:(?:late|early|earlier)\s+(?:on\s+|in\s+)?)?"
_TIME = re.compile(
    rf"\b{_PART}(?:"
    rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?(?!\d)"
    rf"|\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?"
    rf"|(?:last\s+|this\s+)?{_DAY}(?:\s+(?:morning|afternoon|evening|night))?"
    r"|yesterday|today|tonight"
    r"|(?:last|this|the previous)\s+(?:week|month|year|night|summer|winter|spring|autumn)"
    r"|(?:a|one|two|three|four|five|six|seven|eight|nine|ten|\d+)\s+"
    r"(?:minute|hour|day|week|month|year)s?\s+(?:ago|earlier|later)"
    rf"|(?:in|since)\s+(?:{_MONTH}\s+)?\d{{4}}"
    rf"|(?:in|since)\s+{_MONTH}"
    r")(?!\w)",
    re.IGNORECASE,
)
_NO_PLACE = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov"
    r"|Dec)"
)
_PLACE = re.compile(
    r"\b(?:in|at|from|on|aboard|outside|inside|near|before)\s+"
    r"(?:the\s+|a\s+|an\s+|his\s+|her\s+|their\s+)?(?:[a-z]+\s+){0,3}?"
    rf"(?!{_NO_PLACE})[A-Z][\w’'-]+(?:\s+(?:[A-Z][\w’'-]+|of|de|la)){{0,4}}"
)


def time_in(text: str, span: Span) -> Span | None:
    """Return the first time in a stretch of text ("late Nov. 7", "on Tuesday"); None if there is
    none."""
    return _first(_TIME, text, span)


def place_in(text: str, span: Span) -> Span | None:
    """Return the first place in a stretch of text ("in the border town of Hask"); None if there is
    none."""
    return _first(_PLACE, text, span)


def _first(pattern: re.Pattern[str], text: str, span: Span) -> Span | None:
    found = pattern.search(text, span.start, span.end)
    return Span(found.start(), found.end()) if found else None
