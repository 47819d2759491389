"""What stands before the page's server: known hosts, known routes, small bodies, headers.

Measured on Gradio 6.31 without it: an anonymous upload of 200 MB was kept on disk, a
foreign Host was answered (DNS rebinding), and there was no policy in any header.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOSTS = {"127.0.0.1", "localhost"}

BODY = 262_144
"""Bytes of a request; a question has at most some thousand characters."""

ROUTES = re.compile(
    r"/(config/?|theme\.css|favicon\.ico|robots\.txt|manifest\.json|assets/[\w./-]+|static/[\w./-]+"
    r"|gradio_api/(info/?|app_id/?|startup-events|queue/(join|data)|heartbeat/\w+|cancel|reset/?|theme\.css"
    r"|(call|run)/answer(/\w+)?))?"
)
"""What the page and its endpoint need; everything else is not there."""

UPLOADS = re.compile(r"/gradio_api/upload(_progress)?")
"""What adding files needs besides."""

# Gradio starts from inline scripts and evaluates its templates, so that both have to be
# allowed; nothing may come from, or go to, anywhere else.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'none'"
)

HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


PATIENCE = 20.0
"""Seconds in which the whole of a request has to arrive."""


class TooLarge(Exception):
    """A request has more bytes than a question can have."""


class TooSlow(Exception):
    """The body of a request does not come."""


class Guard:
    """An ASGI application around another one, which sees sound requests only."""

    def __init__(self, app: App, uploads: int = 0) -> None:
        """``uploads``: bytes of a request that brings files, 0 to take none."""
        self._app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own = {name for name, _ in HEADERS}
                kept = [h for h in message.get("headers", []) if h[0].lower() not in own]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        if status := refusal(scope, self._uploads):
            await _refuse(answer, *status)
            return
        try:
            await self._app(scope, _limited(receive, most(scope, self._uploads)), answer)
        except TooLarge:
            if not started:
                await _refuse(answer, 413, "too large")
        except TooSlow:
            if not started:
                await _refuse(answer, 408, "too slow")


def most(scope: Scope, uploads: int) -> int:
    """The bytes that a request may have."""
    return uploads if uploads and UPLOADS.fullmatch(scope["path"]) else BODY


def refusal(scope: Scope, uploads: int = 0) -> tuple[int, str] | None:
    """Why a request is turned away before it is read, None if it is not."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if _host(headers.get(b"host", "")) not in HOSTS:
        return 400, "unknown host"
    origin = headers.get(b"origin")
    if origin is not None and _host(origin.partition("://")[2]) not in HOSTS:
        return 403, "foreign origin"
    known = ROUTES.fullmatch(scope["path"]) or (uploads and UPLOADS.fullmatch(scope["path"]))
    if not known or ".." in scope["path"] or "//" in scope["path"]:
        return 404, "not found"
    if b"transfer-encoding" in headers:
        return 411, "length required"
    length = headers.get(b"content-length", "0")
    if not length.isdigit() or int(length) > most(scope, uploads):
        return 413, "too large"
    return None


def _host(authority: str) -> str:
    return authority.partition(":")[0].lower()


def _limited(receive: Receive, limit: int) -> Receive:
    received, whole = 0, False
    end = asyncio.get_running_loop().time() + PATIENCE

    async def limited() -> Message:
        nonlocal received, whole
        if whole:  # what comes now is that the visitor has gone, whenever that is
            return await receive()
        try:
            async with asyncio.timeout_at(end):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        received += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if received > limit:
            raise TooLarge
        return message

    return limited


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})
