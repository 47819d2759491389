"""What models reply, taken as it comes: JSON with anything around it, prose in pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from index.text.segment import sentences

_KEYS_BEHIND = re.compile(r"([.!?])((?:\s*\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\])+)")
_LETTER = re.compile(r"[^\W\d_]")

DEEPEST = 20
"""Opening brackets in a row that a reply of ours never has, and Python's parser minds."""


def json_object(reply: str) -> dict[str, Any]:
    """Return the first JSON object in a reply, whatever stands around it; empty if there is
    none."""
    decoder = json.JSONDecoder()
    for tries, match in enumerate(re.finditer(r"\{", reply)):
        if tries == DEEPEST:
            break
        try:
            found, _ = decoder.raw_decode(reply, match.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return {}


def numbers(reply: str) -> list[int]:
    """Return the keys in an order that a model gives, as JSON or any other list; none twice."""
    given = json_object(reply).get("order")
    if isinstance(given, list):
        plain = (str(n) for n in given if isinstance(n, int | str) and not isinstance(n, bool))
        found = [int(n) for n in plain if re.fullmatch(r"\d{1,3}", n)]
    else:
        found = [int(n) for n in re.findall(r"(?<![\w.])\d{1,3}(?![\w.])", reply[:400])]
    return list(dict.fromkeys(found))


def sentences_of(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of a reply as soon as they are whole, their keys before the full stop."""
    waiting = ""
    for piece in pieces:
        waiting += piece
        if not re.search(r"[.!?\n]", piece):
            continue
        *whole, waiting = _cut_into_sentences(waiting)
        yield from whole
    yield from (s for s in _cut_into_sentences(waiting) if s)


def _cut_into_sentences(text: str) -> list[str]:
    """Return the whole sentences of a text, and at the end what may go on."""
    text = _KEYS_BEHIND.sub(r"\2\1", text)
    spans = sentences(text)
    # Behind a full stop a key may still come: a sentence is whole when another has begun.
    if not spans or not _LETTER.search(spans[-1].slice(text)):
        spans = spans[:-1]
    if not spans:
        return [text]
    return [*(s.slice(text) for s in spans[:-1]), text[spans[-1].start :]]
