"""What stands before the page's server: known hosts, known routes, small bodies, headers.

Measured on Gradio 6.31 without it: an anonymous upload of 200 MB was kept on disk, a
foreign Host was answered (DNS rebinding), and there was no policy in any header.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from page.server.calls import CALLS, ENDPOINT_PATH, Events, checked_call
from page.server.requests import (
    App,
    Gone,
    Message,
    Receive,
    Refused,
    Scope,
    Send,
    TooLarge,
    TooSlow,
    again,
    answered,
    whole,
)
from page.server.uploads import Uploads
from page.server.visitors import client, newcomer, remembered, visitor

HOSTS = {"127.0.0.1", "localhost"}

BODY = 262_144
"""Bytes of a request; a question has at most some thousand characters."""

ROUTES = re.compile(
    r"/(livez|readyz|openapi\.json|config/?|feed\.atom|theme\.css|favicon\.ico|robots\.txt|manifest\.json|assets/[\w./-]+|static/[\w./-]+"
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


BODY_TIMEOUT_SECONDS = 20.0
"""Seconds in which the whole of a request has to arrive."""


MAX_PATH_CHARACTERS = 300
"""Characters of a path; a file name that no disk takes is an error inside Gradio."""

STREAMS = 32
"""Streams of events that one visitor may have open, of each of their kinds."""

STRANGERS = 512
"""The same for all at one address who bring no cookie: programs, and whoever hides."""

SESSION = 4
"""Streams of answers of one session: a page has one."""

WAITING = 100
"""Direct calls of the endpoint that may wait; beyond that a program is asked to try again."""

STREAM = re.compile(
    r"/gradio_api/(?P<kind>heartbeat|queue/data|upload_progress|call/answer)(?:/(?P<of>\w+))?"
)

ASKS = {"/gradio_api/queue/data": "session_hash", "/gradio_api/upload_progress": "upload_id"}
"""Routes that read something after the question mark, and what; the others get nothing."""

UPLOAD = "/gradio_api/upload"
FEED = "/feed.atom"
FEED_FIELDS = ("speaker", "addressee", "topic")
PROGRESS = "/gradio_api/upload_progress"


@dataclass(frozen=True)
class Entrance:
    """What calls are checked against: the events of the page, the number of the public one,
    how many direct calls of it are worked on at once, and the uploads, if any are taken."""

    events: Events
    endpoint: int
    at_once: int = 1
    uploads: Uploads | None = None


class Guard:
    """An ASGI application around another one, which sees sound requests only."""

    def __init__(self, app: App, uploads: int = 0, entrance: Entrance | None = None) -> None:
        """``uploads``: bytes of a request that brings files, 0 to take none.

        Without an ``entrance``, bodies are not looked into.
        """
        self._app = app
        self._uploads = uploads
        self._entrance = entrance
        self._streams: Counter[tuple[str, str]] = Counter()
        self._direct = 0
        self._turn: asyncio.Semaphore | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        started = False
        fresh = "" if visitor(scope) or scope["path"] not in ("/", UPLOAD) else newcomer()

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own = {name for name, _ in HEADERS}
                kept = [h for h in message.get("headers", []) if h[0].lower() not in own]
                greeted = [remembered(fresh)] if fresh and message["status"] == 200 else []
                message = {**message, "headers": [*kept, *HEADERS, *greeted]}
            await send(message)

        if status := request_refusal(scope, self._uploads):
            await _refuse(answer, *status)
            return
        limited = _limited(receive, most(scope, self._uploads))
        try:
            async with self._room(scope):
                await self._let_in(scope, limited, answer, fresh)
        except TooLarge:
            if not started:
                await _refuse(answer, 413, "too large")
        except TooSlow:
            if not started:
                await _refuse(answer, 408, "too slow")
        except Refused as refused:
            _note_refusal(refused)
            if not started:
                await answered(answer, refused.status, {"error": refused.expected})
        except Gone:
            return

    async def _let_in(self, scope: Scope, receive: Receive, send: Send, fresh: str) -> None:
        """Hand the request on, or what is left of it once it was looked into."""
        path, entrance = scope["path"], self._entrance
        if entrance is None:
            await self._app(scope, receive, send)
            return
        scope = {**scope, "query_string": _query(scope)}
        if path == PROGRESS:  # Gradio waits for an upload of its own, and remembers each name
            await answered(send, 404, {"error": "no upload tells how far it has come"})
            return
        if scope["method"] != "POST" or path not in {*CALLS, UPLOAD}:
            await self._app(scope, receive, send)
        elif path == UPLOAD:
            if entrance.uploads is None:
                raise Refused(404, "expected no uploads")
            whose, length = visitor(scope) or fresh, int(_header_of(scope, b"content-length") or 0)
            await answered(
                send, 200, await entrance.uploads.received(scope, receive, whose, length)
            )
        else:
            if _header_of(scope, b"content-type").partition(";")[0].strip().lower() != (
                "application/json"
            ):
                raise Refused(415, "expected the content type application/json")

            body = checked_call(
                path,
                await whole(receive),
                entrance.events,
                entrance.endpoint,
                lambda name: _upload(entrance.uploads, name, visitor(scope)),
            )
            kept = [(n, v) for n, v in scope["headers"] if n.lower() != b"content-length"]
            scope["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
            async with self._directly(path, entrance.at_once):
                await self._app(scope, again(body, receive), send)

    @contextlib.asynccontextmanager
    async def _directly(self, path: str, at_once: int) -> AsyncIterator[None]:
        """A turn for a call that goes past Gradio's queue.  Raises Refused if too many wait."""
        if path != ENDPOINT_PATH:
            yield
            return
        if self._direct >= WAITING:
            raise Refused(503, "too many wait; try again in a moment")
        self._turn = self._turn or asyncio.Semaphore(at_once)
        self._direct += 1
        try:
            async with self._turn:
                yield
        finally:
            self._direct -= 1

    @contextlib.asynccontextmanager
    async def _room(self, scope: Scope) -> AsyncIterator[None]:
        """Count a stream of events while it is open.  Raises Refused if there are too many."""
        found = STREAM.fullmatch(scope["path"])
        if not found or scope["method"] != "GET":
            yield
            return
        counts = {(found["kind"], client(scope)): STREAMS if visitor(scope) else STRANGERS}
        if found["kind"] != "heartbeat":
            of = found["of"] or _query(scope).decode()
            counts[f"{found['kind']} of", of] = SESSION
        if any(self._streams[key] >= most for key, most in counts.items()):
            raise Refused(429, "expected fewer open streams; close some")
        self._streams.update(counts.keys())
        try:
            yield
        finally:
            self._streams.subtract(counts.keys())
            for key in counts:
                if not self._streams[key]:
                    del self._streams[key]


def _upload(uploads: Uploads | None, name: object, visitor: str) -> Path:
    if uploads is None:
        raise Refused(400, "expected no files")
    return uploads.file(name, visitor)


def _note_refusal(refused: Refused) -> None:
    """A line for whoever runs the page, without a word of the request."""
    print(f"onrecord: refused a request ({refused.status}): {refused.expected}", file=sys.stderr)


def _header_of(scope: Scope, name: bytes) -> str:
    return next((v.decode("latin-1") for n, v in scope["headers"] if n.lower() == name), "")


def _query(scope: Scope) -> bytes:
    """What stands after the question mark, as far as the route needs it.  Raises Refused."""
    if scope["path"] == FEED:
        return _feed_query(scope)
    name = ASKS.get(scope["path"])
    if name is None:
        return b""
    given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(name, [])
    if len(given) != 1 or not re.fullmatch(r"[\w-]{1,64}", given[0], re.ASCII):
        raise Refused(400, f"expected a name for {name}")
    return f"{name}={given[0]}".encode()


def _feed_query(scope: Scope) -> bytes:
    """Whose statements, to whom and on what a feed has.  Raises Refused."""
    try:
        given = parse_qs(scope.get("query_string", b"").decode("ascii"), max_num_fields=8)
    except (UnicodeDecodeError, ValueError):
        raise Refused(400, "expected a person or a topic") from None
    found = {k: v[0] for k, v in given.items() if k in FEED_FIELDS and v[0].isprintable()}
    if scope["method"] != "GET" or not found or any(len(v) > 200 for v in found.values()):
        raise Refused(400, "expected a person or a topic")
    return urlencode(found).encode()


def most(scope: Scope, uploads: int) -> int:
    """The bytes that a request may have."""
    return uploads if uploads and UPLOADS.fullmatch(scope["path"]) else BODY


def request_refusal(scope: Scope, uploads: int = 0) -> tuple[int, str] | None:
    """Why a request is turned away before it is read, None if it is not."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if _host(headers.get(b"host", "")) not in HOSTS:
        return 400, "unknown host"
    origin = headers.get(b"origin")
    if origin is not None and _host(origin.partition("://")[2]) not in HOSTS:
        return 403, "foreign origin"
    known = ROUTES.fullmatch(scope["path"]) or (uploads and UPLOADS.fullmatch(scope["path"]))
    if (
        not known
        or len(scope["path"]) > MAX_PATH_CHARACTERS
        or ".." in scope["path"]
        or "//" in scope["path"]
    ):
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
    end = asyncio.get_running_loop().time() + BODY_TIMEOUT_SECONDS

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
