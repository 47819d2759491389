"""What a request is to the guard, and how one is turned down."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Refused(Exception):
    """A request that is turned down: with which status, and what was expected of it."""

    def __init__(self, status: int, expected: str) -> None:
        super().__init__(expected)
        self.status, self.expected = status, expected


class TooLarge(Exception):
    """A request has more bytes than a question can have."""


class TooSlow(Exception):
    """The body of a request does not come."""


class Gone(Exception):
    """The visitor has left before the request was whole."""


async def whole(receive: Receive) -> bytes:
    """The body of a request.  Raises Gone, TooLarge, TooSlow."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be received once more; then what comes after it."""
    given = False

    async def received() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received


async def answered(send: Send, status: int, content: object, *headers: tuple[bytes, bytes]) -> None:
    """Answer with JSON."""
    body = json.dumps(content).encode()
    own = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": body})
