"""The calls that reach Gradio: known events, with the values that each of them takes.

Measured on Gradio 6.31 without it: a call that names a file of the server had it copied,
one that names an address had it resolved, a direct call of the endpoint could name any
event of the page, and what was asked stood in the log when values were missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from page.server.requests import Refused

JOIN = "/gradio_api/queue/join"
CANCEL = "/gradio_api/cancel"
RESET = ("/gradio_api/reset", "/gradio_api/reset/")
ENDPOINT_PATH = "/gradio_api/run/answer"
ENDPOINT = ("/gradio_api/call/answer", ENDPOINT_PATH)

CALLS = {JOIN, CANCEL, *RESET, *ENDPOINT}
"""Every route that takes a body of JSON."""

_EVENT_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)
_DEEP = 64

FindUpload = Callable[[object], Path]
"""Finds an upload by what its visitor calls it; raises Refused."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What an event takes at one place; ``choices`` where only some values will do."""

    kind: Literal["text", "files", "kept", "any"]
    choices: frozenset[str] = frozenset()


Events = Mapping[int, Sequence[Slot]]
"""What each event of the page takes, by its number."""


def checked_call(path: str, body: bytes, events: Events, endpoint: int, found: FindUpload) -> bytes:
    """The body of a call with nothing in it but what the call needs, its uploads found.

    ``endpoint`` is the number of the public one.  Raises Refused.
    """
    sent = _parsed_call(body)
    if path == JOIN:
        number = sent.get("fn_index")
        if type(number) is not int or number not in events:
            raise Refused(400, "expected an event of the page; load it again")
        call = {
            "data": _values(sent.get("data"), events[number], found),
            "fn_index": number,
            "session_hash": _name_under(sent, "session_hash"),
            "event_data": _without_files(sent.get("event_data")),
            "trigger_id": _part_number(sent.get("trigger_id")),
        }
    elif path in ENDPOINT:
        call = {"data": _values(sent.get("data"), events[endpoint], found)}
    else:
        _without_files(sent)
        call = {
            name: _name_under(sent, name) for name in ("session_hash", "event_id") if name in sent
        }
        if path == CANCEL:
            call |= {"fn_index": _part_number(sent.get("fn_index"))}
            if call["fn_index"] is None or len(call) != 3:
                raise Refused(400, "expected a session, an event and its number")
        elif "event_id" not in call:
            raise Refused(400, "expected an event")
    return json.dumps(call).encode()


def _parsed_call(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "expected JSON") from None
    if not isinstance(sent, dict):
        raise Refused(400, "expected a JSON object")
    return sent


def _name_under(sent: Mapping[str, Any], key: str) -> str:
    value = sent.get(key)
    if not isinstance(value, str) or not _EVENT_NAME.fullmatch(value):
        raise Refused(400, f"expected a name for {key}")
    return value


def _part_number(value: object) -> int | None:
    if value is not None and type(value) is not int:
        raise Refused(400, "expected the number of a part of the page")
    return value


def _values(data: object, slots: Sequence[Slot], found: FindUpload) -> list[Any]:
    if not isinstance(data, list) or len(data) != len(slots):
        raise Refused(400, f"expected a list of {len(slots)} values")
    return [_value(value, slot, found) for value, slot in zip(data, slots, strict=True)]


def _value(value: object, slot: Slot, found: FindUpload) -> Any:
    if slot.kind == "files":
        return _files(value, found)
    _without_files(value)
    if slot.kind == "kept":  # the server has its own value
        return None
    if slot.kind == "text" and not isinstance(value, str | None):
        raise Refused(400, "expected text")
    if slot.choices and value is not None and value not in slot.choices:
        raise Refused(400, "expected one of the choices")
    return value


def _files(value: object, found: FindUpload) -> list[dict[str, Any]] | None:
    """What Gradio takes for files, the paths those of uploads and nothing else in it."""
    if value is None:
        return None
    every = value if isinstance(value, list) else [value]
    paths = [found(each.get("path") if isinstance(each, dict) else None) for each in every]
    meta = {"_type": "gradio.FileData"}
    return [{"path": str(path), "orig_name": path.name, "meta": meta} for path in paths]


def _without_files(value: Any) -> Any:
    """The value, which names no file or address as Gradio does.  Raises Refused."""
    level: list[Any] = [value]
    for _ in range(_DEEP):
        if not level:
            return value
        if any(isinstance(v, dict) and v.keys() & {"path", "url", "meta"} for v in level):
            raise Refused(400, "expected no file here, and no address")
        level = [
            inner
            for v in level
            if isinstance(v, dict | list)
            for inner in (v.values() if isinstance(v, dict) else v)
        ]
    raise Refused(400, f"expected values at most {_DEEP} deep")
