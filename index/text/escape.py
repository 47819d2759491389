"""Foreign text made inert: no character of it commands a terminal or hides from a reader.

Articles, file names, arguments and what models and servers reply may hold any character.
What is printed goes through `escaped`, what is given to programs through `json_text`.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from typing import IO

_LAYOUT = frozenset("\n\t\r")

_DRAWN_AS_NOTHING = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
"""Characters without a visible form, though Unicode classes them as letters or marks."""

_SPACES = {ord(c): " " for c in "\xa0\u2002\u2003\u2009\u202f\u3000"}

_SELECTOR = re.compile(
    f"[{''.join(map(chr, _DRAWN_AS_NOTHING))}\ufe00-\ufe0e\U000e0100-\U000e01ef]"
)


def is_plain(text: str) -> bool:
    """Whether every character is visible: a quick test, whose False may be wrong."""
    return text.translate(_SPACES).isprintable() and not _SELECTOR.search(text)


def is_hidden(char: str) -> bool:
    """Whether a reader would not see this character, or would be misled by it."""
    if char in _LAYOUT:
        return False
    return (
        unicodedata.category(char) in {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
        or ord(char) in _DRAWN_AS_NOTHING
        or 0xFE00 <= ord(char) <= 0xFE0E
        or 0xE0100 <= ord(char) <= 0xE01EF
    )


def is_text(value: str) -> bool:
    """Whether all characters are whole: bytes that are not UTF-8 become halves of some."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def code_point(char: str) -> str:
    """The character as a reader is shown it where it cannot be drawn: [U+202E]."""
    return f"[U+{ord(char):04X}]"


def escaped(text: str) -> str:
    """The text on one line, where line ends, controls and hidden characters read [U+000A]."""
    if is_plain(text):
        return text
    return "".join(code_point(c) if c in _LAYOUT or is_hidden(c) else c for c in text)


def on_one_line(text: str) -> str:
    """The text on one line, its line ends and runs of blanks as single blanks."""
    return " ".join(text.split())


def markdown(text: str) -> str:
    """Text on one line that Markdown shows as it is: no markup, no links, no HTML."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~&^-])", r"\\\1", on_one_line(text))


def json_text(value: object, indent: int | None = None, *, ascii_only: bool = False) -> str:
    """The value as JSON that every program reads back unchanged and no terminal obeys."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    if is_plain(text.replace("\n", "")):
        return text
    # Outside of strings JSON is ASCII, so what is hidden stands inside of one.
    return "".join(_json_escape(c) if is_hidden(c) else c for c in text)


def _json_escape(char: str) -> str:
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def takes_all(stream: IO[str]) -> bool:
    """Whether a stream's encoding is a UTF, which has every character."""
    return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name.startswith("utf")
