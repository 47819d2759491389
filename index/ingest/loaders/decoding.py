"""Bytes become text: never by a guess, since a wrong guess is a wrong word in a quote.

In this order: a byte order mark; strict UTF-8, which other encodings do not pass by
accident; what the file or its server declares, unless the text then shows that it was
declared wrongly; what the operator says.  Otherwise the file is refused.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from index.errors import InputError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
"""What browsers read for a declared name, since that is what writers tested with."""

_SEVEN_BITS = {"iso2022_jp", "iso2022_kr", "hz"}
"""Their bytes are all ASCII, and so they pass as UTF-8."""

_NEVER = {"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"}
"""Not encodings of text files; the first hid markup from filters."""

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x80-\x9f]")
_INSIDE_WORDS = re.compile(r"[^\W\d_][‡†‰¤¦§¨©ª«¬®¯°±²³´µ¶¸¹º»¼½¾¿×÷¡¢£¥€™˜ˆ‹›][^\W\d_]")
_TURKISH = frozenset("çğıöşüÇĞİÖŞÜâîûÂÎÛ")
_ONLY_TURKISH = frozenset("ğışĞİŞ")


def decode(data: bytes, declared: str = "", operator: str = "") -> str:
    """The text of a file, without its byte order mark.  Raises InputError, naming what to do."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], encoding)
            if text is None:
                raise InputError(
                    f"expected {encoding} after its byte order mark, found other bytes"
                )
            return text
    said = _codec(declared)
    if (
        said not in _SEVEN_BITS
        and (text := _strict(data, "utf-8")) is not None
        and "\0" not in text
    ):
        return text
    if said and (text := _declared(data, said)) is not None:
        return text
    if operator:
        if not (encoding := _codec(operator)):
            raise InputError(f"expected the name of an encoding, found {operator!r}")
        if (text := _strict(data, encoding)) is not None and "\0" not in text:
            return text
    raise InputError(_why_not_decoded(data, declared, operator))


def _codec(name: str) -> str:
    """Python's name of an encoding of text, "" if there is none."""
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return ""
    text = getattr(found, "_is_text_encoding", False) and found.name not in _NEVER
    return _MEANT.get(found.name, found.name) if text else ""


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _declared(data: bytes, encoding: str) -> str | None:
    """The text as declared, or None if it shows that this cannot be right."""
    if encoding.startswith(("utf-16", "utf-32")):
        # Without a mark only zero bytes at every other place tell it from noise.
        even, odd = data[::2].count(0), data[1::2].count(0)
        big = encoding.endswith("be")
        if encoding.startswith("utf-32") or max(even, odd) < len(data) // 8 or (even > odd) != big:
            return None
    text = _strict(data, encoding)
    return None if text is None or _garbled(text) or _turkish(data, encoding) else text


def _garbled(text: str) -> bool:
    """Whether a text has what no writer writes: it was decoded as what it is not."""
    if _CONTROLS.search(text) or _INSIDE_WORDS.search(text):
        return True
    for at, character in enumerate(text):
        if character > "\x7f" and 0 < at < len(text) - 1:
            before, after = text[at - 1], text[at + 1]
            inside_small = before.islower() and after.islower()
            if inside_small and character.isupper():
                return True
            beside = before.isalpha() or after.isalpha()
            if beside and unicodedata.category(character) == "So" and character not in "°©®™":
                return True
    return False


def _turkish(data: bytes, encoding: str) -> bool:
    """Whether bytes declared as something else read as Turkish in Windows-1254.

    "Erdo\\xf0an" is Erdoğan there and "Erdoðan" in Western Europe: no byte tells which.
    """
    if encoding == "cp1254" or not encoding.startswith(("cp125", "iso8859", "mac", "cp8")):
        return False
    text = _strict(data, "cp1254")
    letters = {c for c in text or "" if c.isalpha() and c > "\x7f"}
    return bool(letters & _ONLY_TURKISH) and letters <= _TURKISH


def _why_not_decoded(data: bytes, declared: str, operator: str) -> str:
    try:
        data.decode("utf-8")
        found = "zero bytes"
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[error.start]:02x} at {error.start}"
    tried = [f"declared as {declared[:40]!r}"] if declared else []
    tried += [f"--encoding {operator}"] if operator else []
    also = f" ({' and '.join(tried)} does not fit either)" if tried else ""
    return (
        f"expected UTF-8 text, found {found}{also}; convert the file to UTF-8, "
        "or name its encoding: --encoding cp1254 (Turkish), cp1252 (Western European), utf-16"
    )
