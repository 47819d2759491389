"""What callers hand in, made into values: turns of a conversation, and filters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, get_args

from index.errors import InputError
from index.text.escape import is_text
from index.types import Kind
from rag.types import Filters, Turn

FILTERS = tuple(f.name for f in fields(Filters))

FILTER_HELP = {
    "speaker": "only words of this person or role, whatever the question says",
    "addressee": "only words said to this person or role",
    "outlet": "only articles of this outlet, or a part of its name",
    "since": "only articles published on this ISO date or later",
    "until": "only articles published until this ISO date",
    "kind": "only direct, indirect or mixed quotes",
}
"""What each filter does, in words for its user."""


def conversation_turns(history: Sequence[Any] | None) -> tuple[Turn, ...]:
    """Return a conversation as Turns: given as such, or as {"role", "content"} mappings."""
    if history is None:
        return ()
    if isinstance(history, str | bytes | Mapping) or not isinstance(history, Iterable):
        raise InputError(f"expected history as a list of turns, found {type(history).__name__}")
    found = []
    for item in history:
        if isinstance(item, Turn):
            found.append(replace(item, content=_without_surrogates(item.content)))
            continue
        try:
            role, content = item["role"], item["content"]
        except (TypeError, KeyError) as error:
            raise InputError(
                'expected turns of {"role": "user" or "assistant", "content": text}, '
                f"found {type(item).__name__}"
            ) from error
        if role not in ("user", "assistant") or not isinstance(content, str):
            raise InputError(f"expected a user's or assistant's text, found role {role!r}")
        found.append(Turn(role, _without_surrogates(content)))
    return tuple(found)


def _without_surrogates(text: str) -> str:
    """Return the text without halves of characters, which no model of language takes."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def filters(given: Filters | Mapping[str, Any] | None) -> Filters | None:
    """Return the filters from a mapping; None where nothing is fixed.

    Raises InputError for a name that is no filter, a value that is no text, a date that
    is not ISO, or a kind that there is not.
    """
    if given is None:
        return None
    if not isinstance(given, Filters):
        if not isinstance(given, Mapping):
            raise InputError(f"expected filters as a mapping, found {type(given).__name__}")
        if unknown := sorted(map(str, given.keys() - set(FILTERS))):
            raise InputError(f"expected filters {', '.join(FILTERS)}, found {', '.join(unknown)}")
        values = {name: "" if value is None else value for name, value in given.items()}
        for name, value in values.items():
            if not isinstance(value, str):
                raise InputError(f"expected text for {name}, found {type(value).__name__}")
        given = Filters(**{name: " ".join(value.split()) for name, value in values.items()})
    for name in FILTERS:
        if not is_text(value := getattr(given, name)):
            raise InputError(f"expected whole characters for {name}, found {value!r}")
    for name in ("since", "until"):
        day = getattr(given, name)
        if day and not re.fullmatch(
            r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", day
        ):
            raise InputError(
                f"expected {name} as an ISO date like 2020, 2020-11 or 2020-11-07, found {day!r}"
            )
    if given.kind and given.kind not in get_args(Kind):
        raise InputError(f"expected kind {', '.join(get_args(Kind))}, found {given.kind!r}")
    return given if any(getattr(given, name) for name in FILTERS) else None
