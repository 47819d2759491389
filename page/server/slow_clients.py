"""Connections that bring no request do not stay: the server waits for its head only so long.

A body that does not come is the guard's business, which can answer before it hangs up.
Nor do connections use up what the process may open: whoever comes is let in, and the one
that is worth least goes for it.
"""

from __future__ import annotations

import asyncio
import re
import resource
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_TIMEOUT_SECONDS = 20.0
"""Seconds in which the head of a request has to be there, from its first byte or from when
the connection was made.  uvicorn itself waits for ever."""


MAX_HEAD_BYTES = 65_536
"""Bytes of the head of a request; uvicorn itself takes any number."""

RESERVE = 256
"""Descriptors that are kept for files: articles, vectors, databases, a child that parses."""

CROWD = 2000
"""Connections at most, however many descriptors there are."""

WANTED = 4096
"""Descriptors that the page asks the system for."""

_IDLE_ROUTES = re.compile(r"/gradio_api/(heartbeat/.*|upload_progress)")
"""Streams that only say that somebody is there."""


def make_room() -> None:
    """Let the process open as many files as it needs, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def max_connections() -> int:
    """The connections that may be open at the same time."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CROWD if soft == resource.RLIM_INFINITY else max(8, min(CROWD, soft - RESERVE))


class Patience(HttpToolsProtocol):
    """uvicorn's protocol, which hangs up on whoever does not say what is wanted."""

    _deadline: asyncio.TimerHandle | None = None

    _head = 0
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since = self.loop.time()
        self._wait()
        if len(self.connections) > max_connections():
            others = [c for c in self.connections if isinstance(c, Patience) and c is not self]
            least = min(others, key=Patience._worth)
            self.connections.discard(least)
            least.transport.abort()

    def _worth(self) -> tuple[int, float]:
        """What would be lost with the connection: nothing, a sign of life or an answer; and
        since when it is at that."""
        cycle: Any = self.cycle  # None before the first request
        if cycle is None or cycle.response_complete or self._deadline is not None:
            return 0, self._since
        return (1 if _IDLE_ROUTES.fullmatch(cycle.scope["path"]) else 2), self._since

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._deadline is not None:  # the head is not whole yet
            self._head += len(data)
            if self._head > MAX_HEAD_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._since = self.loop.time()
        self._wait()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._done()

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(
                HEAD_TIMEOUT_SECONDS, self.timeout_keep_alive_handler
            )

    def _done(self) -> None:
        self._head = 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
