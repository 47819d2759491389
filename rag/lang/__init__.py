"""The words by which one language asks; one language is one frozen table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Asking:
    """How people ask in one language.  Patterns are regular expressions, used with
    re.IGNORECASE | re.VERBOSE on the question as typed; words are folded."""

    stop_words: frozenset[str]
    speech_words: frozenset[str]
    asker_words: frozenset[str]
    pronouns: dict[str, str]
    wrapping: tuple[str, ...]
    patterns: tuple[tuple[str, str], ...]
    topic_markers: str
    recipient_markers: str
    past: dict[str, str]
    irregular: dict[str, str]


@cache
def asking(code: str) -> Asking:
    """The table of a language; KeyError for one that has none yet."""
    if code == "en":
        from rag.lang.en import ENGLISH

        return ENGLISH
    raise KeyError(f"no table for language {code!r}; there is one for 'en'")
