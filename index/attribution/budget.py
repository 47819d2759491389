"""What one article may cost: processor time by its length, and so many words.

A text that takes much longer than prose of its length does is no article, and must not keep
the others waiting.  The limits are several times what the dearest prose takes.
"""

from __future__ import annotations

import time

from index.errors import InputError

SECONDS = 20.0
"""Of processor time for any text."""

PER_CHARACTER = 150e-6
"""Seconds more for each character.  Prose takes a twelfth of it, mere marks and shouting half."""

MOST_WORDS = 2_500_000
"""Words and marks of one article: as many as make a gigabyte.  Prose of the longest text that
is taken in has half as many."""


TOO_MUCH = "it takes too much memory to analyse"


def allowance(length: int) -> float:
    """The seconds of processor time that a text of so many characters may take."""
    return SECONDS + PER_CHARACTER * length


class Budget:
    """What is left for one text, counted from now on, in the thread that reads it."""

    def __init__(self, length: int) -> None:
        self._seconds = allowance(length)
        self._until = time.thread_time() + self._seconds
        self._words = 0

    def check(self) -> None:
        """Raise InputError if the text has taken too long."""
        if time.thread_time() > self._until:
            raise InputError(too_long(self._seconds))

    def take(self, words: int) -> None:
        """Count words; raise InputError if there are too many of them."""
        self._words += words
        if self._words > MOST_WORDS:
            raise InputError(
                f"expected at most {MOST_WORDS:,} words and marks, found more; split it"
            )
        self.check()


def too_long(seconds: float) -> str:
    """What is said of a text that takes longer than it may."""
    return f"it takes too long to analyse: more than {seconds:.0f} seconds of processor time"
