"""A provider of our own on loopback, that answers as a script says, badly if it says so."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rag.guest.settings import GuestSettings

KEY = "sk-canary-4f1d9c27"
"""What is looked for wherever something is printed."""

Script = Callable[["Talk"], None]


class Talk(BaseHTTPRequestHandler):
    """One request; a script answers it through these methods."""

    protocol_version = "HTTP/1.1"
    server: Provider

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.body = json.loads(self.rfile.read(length) or b"{}")
        self.server.requests.append(self.body)
        self.server.headers.append(dict(self.headers))
        self.server.times.append(time.monotonic())
        self.close_connection = True
        try:
            self.server.script(self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.set()

    def says(self, text: str, pieces: int = 7) -> None:
        """A good reply, in so many pieces."""
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
        """An error with a body that repeats the key, as some providers do."""
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
        self.script: Script = lambda talk: talk.says("")
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.hung_up = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_: Any) -> None:
        """A caller that hangs up is no error of the test."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def settings(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Callable[..., GuestSettings]:
    """Settings for the scripted provider, by the path that a user takes."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def made(**more: Any) -> GuestSettings:
        return GuestSettings("openai:scripted", url=provider.url, **more)

    return made


@pytest.fixture(scope="session")
def seed_folder(seed_index: Path) -> Path:
    return seed_index
