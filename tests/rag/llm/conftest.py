"""A provider of our own on loopback, that answers as a script says, badly if it says so."""

from __future__ import annotations

import copy
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from rag import OnRecord
from rag.llm import invited
from rag.llm.settings import GuestSettings

KEY = "sk-canary-4f1d9c27"
"""The provider's key: it is looked for in everything that is printed."""


class Talk(BaseHTTPRequestHandler):
    """One request; a script answers it by these methods."""

    protocol_version = "HTTP/1.1"
    server: Provider

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.server.requests.append(json.loads(self.rfile.read(length)))
        self.server.keys.append(self.headers.get("authorization", ""))
        self.server.times.append(time.monotonic())
        self.close_connection = True
        try:
            self.server.script(self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.set()

    def says(self, text: str, pieces: int = 7) -> None:
        """A sound reply, in so many pieces."""
        self.begins()
        size = max(1, len(text) // pieces)
        for at in range(0, len(text), size):
            self.delta({"content": text[at : at + size]})
        self.ends()

    def begins(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()

    def delta(self, delta: Any) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        self.raw(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())

    def ends(self) -> None:
        self.raw(b"data: [DONE]\n\n")

    def raw(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def fails(self, status: int, **headers: str) -> None:
        """An error whose body repeats the key, as some providers do."""
        body = json.dumps({"error": {"message": f"bad key {KEY}", "code": status}}).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


class Provider(ThreadingHTTPServer):
    """The server: the script it follows, and what it was sent."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.script: Callable[[Talk], None] = lambda talk: talk.says("")
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.times: list[float] = []
        self.hung_up = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_: Any) -> None:
        """A caller that hangs up is no error."""


@pytest.fixture
def key() -> str:
    return KEY


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with Provider() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def hosting(provider: Provider) -> Callable[..., OnRecord]:
    """An open index with the scripted provider as its guest, by the path that a user takes."""

    def made(host: OnRecord, **more: Any) -> OnRecord:
        settings = GuestSettings("openai:scripted", url=provider.url, **more)
        with_guest = copy.copy(host)
        with_guest._guest = invited(settings)
        return with_guest

    return made
