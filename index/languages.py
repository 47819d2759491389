"""Which languages an article is written in, by py3langid; only English ones are read.

A paragraph that has English function words is English, whatever names stand in it; only others
are shown to the detector.  Of three detectors that bring their model along, py3langid was right
most often on single sentences of twelve languages (41 of 47; lingua 39, langdetect 39), takes
0.1 ms where lingua takes 130, and 4.5 MB where lingua takes 96.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

from index.errors import LOG
from index.lang import READ

_LEAST_PROBABILITY = 0.6
"""Probability of the best language below which a paragraph could be in any."""

_FEWEST_WORDS = 7
"""Of a paragraph in Latin letters, not counting names: shorter ones could be in any."""

_FEWEST_LETTERS = 20
_SEEN = 600  # code points of a paragraph that tell its language
_FUNCTION_WORDS = frozenset(
    """the and that with from said his they have this which would were been their there what when
    who will you your it's its about into than then them these those because could should are
    i'm had has after before our my not but how did does""".split()
)
_ENGLISH = 0.04
"""Share of these among the words of a paragraph that is English: of running text it is 0.15."""

_WORD_WITH_APOSTROPHE = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LEAST_LANGUAGE_SHARE = 0.03
"""Share of an article in another language that is worth a word; one quoted line is not."""

_NEAR_ENGLISH = frozenset(("pcm", "la"))
"""For which lists of names and English slang are taken: Nigerian Pidgin, Latin."""


def spoken(text: str) -> str:
    """The languages of a text as ISO 639-1 codes, most of it first: "en", "de", "en, tr".

    Linear in the length of the text.
    """
    sizes: Counter[str] = Counter()
    short: list[str] = []
    for line in text.splitlines():
        if code := language_of(line):
            sizes[code] += len(line)
        else:
            short.append(line)
    if not sizes:  # many short lines tell what none of them does
        sizes[language_of(" ".join(short)) or READ] = 1
    total = sum(sizes.values())
    found = [code for code, size in sizes.most_common() if size >= _LEAST_LANGUAGE_SHARE * total]
    return ", ".join(found) or READ


def is_read(languages: str) -> bool:
    """Whether all of a text is in the language whose statements are found."""
    return languages == READ


def is_unread(line: str, languages: str) -> bool:
    """Whether a paragraph of a text in these languages is in none whose statements are found."""
    code = language_of(line)
    return code != READ and bool(code or not languages.startswith(READ))


def language_of(line: str) -> str:
    """The language of a paragraph; "" where it is too short, or could be any."""
    seen = line[:_SEEN]
    words = _WORD_WITH_APOSTROPHE.findall(seen)
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return ""
    if sum(word.lower() in _FUNCTION_WORDS for word in words) > _ENGLISH * len(words):
        return READ
    if seen.isupper():
        seen = seen.lower()
    elif _is_latin(seen):
        common = sum(word[0].islower() for word in words)
        if common < _FEWEST_WORDS or 2 * common < len(words):
            return ""
    code, sure = _detector().classify(seen)
    return str(code) if sure >= _LEAST_PROBABILITY and code not in _NEAR_ENGLISH else ""


def is_likely_read(line: str) -> bool:
    """Whether a line of any length looks more like the language that is read than like any other.

    Of a few words this is a guess, for lines that give another reason to doubt.  Where the detector
    cannot be loaded, for it needs room in the temporary folder, every line does.
    """
    try:
        code, _ = _detector().classify(line[:_SEEN])
    except OSError as error:
        LOG.warning("which language a line is in was not looked at: %s", error)
        return True
    return code == READ or code in _NEAR_ENGLISH


def _is_latin(line: str) -> bool:
    """Whether most letters of a line are Latin ones: they reach up to U+024F."""
    letters = [c for c in line if c.isalpha()]
    return 2 * sum(c < "\u0250" for c in letters) >= len(letters)


def load_detector() -> None:
    """Load the detector now; else the first line that is shown to it does."""
    _detector()


@cache
def _detector() -> Any:
    """The detector with its model, which takes a second to load."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def named(code: str) -> str:
    """The English name of a language ("German"); the code where it has none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(code).english_name)
    except (UnknownLocaleError, ValueError):
        return code


def unread_names(languages: str) -> list[str]:
    """The English names of those languages of a text whose statements are not found."""
    return [named(code) for code in languages.split(", ") if code != READ]
