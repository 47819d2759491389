"""The few HTML pieces that every room needs: buttons that say what they do, and frames.

A control carries what it asks for in `data-` attributes, percent-encoded, so that no
foreign character stands in the page unseen; page.js hands them on, `sent_values` reads
them.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from page.escape import shown


def percent_encoded(value: object) -> str:
    """The value as ASCII that means nothing to HTML."""
    return quote(str(value), safe="", errors="surrogatepass")


def data(**values: str | int) -> str:
    """Attributes for a control, empty ones left out: ' data-turn="1" data-number="2"'."""
    return "".join(f' data-{name}="{percent_encoded(v)}"' for name, v in values.items() if v != "")


def button(
    does: str, label: str, classes: str = "", title: str = "", /, **values: str | int
) -> str:
    """A button; ``label`` is HTML, ``title`` plain text for those who cannot see it."""
    named = f' aria-label="{shown(title)}"' if title else ""
    chosen = f' class="{classes}"' if classes else ""
    return f'<button type="button"{chosen}{data(do=does, **values)}{named}>{label}</button>'


def radio_choices(legend: str, name: str, labels: Mapping[str, str]) -> str:
    """A field of a form in which one of some values has to be chosen."""
    choices = "".join(
        f'<label class="choice"><input type="radio" name="{name}" value="{value}" required>'
        f"{label}</label>"
        for value, label in labels.items()
    )
    return f"<fieldset><legend>{legend}</legend>{choices}</fieldset>"


def sent_values(event: Any) -> dict[str, str]:
    """What a control sent: its values as text.  Anything else that arrives counts as nothing."""
    sent = getattr(event, "_data", None)
    if not isinstance(sent, Mapping):
        return {}
    fields = {str(k): v for k, v in sent.items() if isinstance(v, str)}
    typed = {k.removeprefix("typed_"): v for k, v in fields.items() if k.startswith("typed_")}
    return {k: unquote(v, errors="replace") for k, v in fields.items()} | typed


def data_address(media: str, content: bytes) -> str:
    """The content as an address, for a link that carries its file itself."""
    return f"data:{media};base64,{base64.b64encode(content).decode()}"


def frame(inner: str, *, classes: str = "") -> str:
    """HTML that the style sheet applies to."""
    return f'<div class="onrecord {classes}">{inner}</div>'


def fresh(inner: str, *, classes: str = "") -> str:
    """As `frame`, and counted as changed even if it says the same again."""
    return f'<div class="onrecord {classes}" data-shown="{time.monotonic_ns()}">{inner}</div>'


def notice(message: str) -> str:
    """What went wrong, as plain text, in a part that counts as changed."""
    return fresh(alert(message))


def alert(message: str) -> str:
    """What went wrong, as plain text that a screen reader announces at once."""
    return f'<p class="alert" role="alert">{shown(message)}</p>'


def said(message: str) -> str:
    """What went well, announced when the reader pauses; ``message`` is HTML."""
    return fresh(f'<p class="told" role="status">{message}</p>')
