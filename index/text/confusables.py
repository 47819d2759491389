"""Which alphabets a name is written in, and names that only look like another.

"Рutin" with a Cyrillic "Р" reads as "Putin" and is another name.  It is never taken for
his, and is told to be odd (Unicode Technical Standard 39, mixed scripts).
"""

from __future__ import annotations

import unicodedata

_TOGETHER = (
    frozenset(("LATIN", "CJK", "HIRAGANA", "KATAKANA")),
    frozenset(("LATIN", "CJK", "HANGUL")),
    frozenset(("LATIN", "CJK", "BOPOMOFO")),
)
"""Scripts that one text is written in ("highly restrictive" in the standard)."""

_LOOKS_LATIN = frozenset(
    "АВЕЅІЈКМНОРСТУХҮаеѕіјорсухүһԁԛԝӏ"  # Cyrillic
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ"  # Greek
)
"""Letters that most typefaces draw as Latin ones, from the standard's confusables."""


def scripts(name: str) -> frozenset[str]:
    """The scripts that a name's letters belong to, by their Unicode names ("LATIN").

    Marks that stand among letters of any script ("ʼ") belong to none.
    """
    letters = (c for c in unicodedata.normalize("NFC", name) if c.isalpha())
    return frozenset(_script(c) for c in letters if unicodedata.category(c) != "Lm")


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]


def oddity(name: str) -> str:
    """What is odd about the letters of a name, "" if nothing is.

    They are of more than one script, or of another one than they look.
    """
    found = scripts(name)
    letters = [c for c in name if c.isalpha()]
    if len(found) > 1 and not any(found <= together for together in _TOGETHER):
        latin = "LATIN" in found
        foreign = [c for c in dict.fromkeys(letters) if latin and _script(c) != "LATIN"]
        which = " ".join(foreign or dict.fromkeys(letters))
        return f"letters of {_alphabets_in_words(found)}: {which}"
    if len(letters) > 1 and _LOOKS_LATIN.issuperset(letters):
        return f"looks Latin, is {_alphabets_in_words(found)}"
    return ""


def _alphabets_in_words(names: frozenset[str]) -> str:
    """Return the names of alphabets in words: "Cyrillic and Greek"."""
    return " and ".join(name.capitalize() for name in sorted(names))
