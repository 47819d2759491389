"""Text of articles, questions and models as HTML: inert, and with nothing hidden in it.

Everything foreign passes through here as the very last step before it is shown.
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import quote, urlsplit

from index.text.escape import code_point, is_hidden, is_plain

_LAYOUT_TO_BLANK = dict.fromkeys(map(ord, "\n\t\r"), " ")

_LONGEST_EXACT = 120
"""Characters of a passage that a link names in full; a longer one by its two ends."""

_WORDS_AT_AN_END = 5


def shown(text: str) -> str:
    """The text as HTML; a character that would be invisible, or turn the reading
    direction, reads [U+202E]."""
    if is_plain(text.translate(_LAYOUT_TO_BLANK)):
        return html.escape(text, quote=True)  # as nearly all texts are, and many times faster
    return "".join(_visible_character(c) for c in text)


def isolated(text: str) -> str:
    """The text as HTML that cannot change the direction of what stands around it."""
    return f"<bdi>{shown(text)}</bdi>"


def attribute(text: str) -> str:
    """The text for a double-quoted attribute, its characters as they are."""
    return html.escape(text, quote=True)


def typed(text: str) -> str:
    """Text for an input; what cannot be seen is left out, for it could not be edited."""
    return attribute("".join(c for c in text if c.isprintable()))


def hidden_named(text: str) -> str:
    """Plain text in which what nobody sees is named, for XML does not take all of it."""
    return "".join(code_point(c) if is_hidden(c) else c for c in text)


def _visible_character(char: str) -> str:
    if is_hidden(char):
        name = unicodedata.name(char, "a control character").lower()
        return f'<span class="hidden-character" title="{name}">{code_point(char)}</span>'
    return html.escape(char, quote=True)


def web_address(url: str) -> str:
    """The address if it may be a link (http or https, with a host), else ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    sound = parts.scheme in ("http", "https") and bool(parts.netloc)
    return url if sound and not re.search(r"[\s\\\"'<>]", url) and url.isprintable() else ""


def address_at(url: str, passage: str) -> str:
    """The address of the passage, as a text fragment; "" if ``url`` is no web address."""
    address = web_address(url)
    joint = "" if "#" in address else "#"
    return f"{address}{joint}:~:text={_text_fragment(passage)}" if address else ""


def publisher_link(url: str, passage: str, label: str) -> str:
    """A link to the passage at the publisher's; "" if the address is no web address."""
    address = address_at(url, passage)
    if not address:
        return ""
    return (
        f'<a class="publisher" href="{attribute(address)}" target="_blank" '
        f'rel="noopener noreferrer">{shown(label)}</a>'
    )


def _text_fragment(passage: str) -> str:
    """The passage as a text fragment: whole, or by its first and last words."""
    words = passage.split()
    if len(passage) <= _LONGEST_EXACT or len(words) <= 2 * _WORDS_AT_AN_END:
        return _encoded(" ".join(words))
    ends = words[:_WORDS_AT_AN_END], words[-_WORDS_AT_AN_END:]
    return ",".join(_encoded(" ".join(end)) for end in ends)


def _encoded(text: str) -> str:
    """Percent-encoded; a hyphen too, for it means something in a fragment."""
    return quote(text, safe="", errors="replace").replace("-", "%2D")
