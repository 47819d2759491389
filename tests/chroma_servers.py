"""Chroma servers for tests, on loopback: a real one, and one that says what it is told to."""

from __future__ import annotations

import contextlib
import http.server
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def real_server(folder: Path) -> Iterator[str]:
    """Runs `chroma run` of the installed package; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    command = str(program) if program.exists() else shutil.which("chroma")
    assert command, "the package chromadb has the program chroma"
    server = subprocess.Popen(
        [command, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


class Stub:
    """A server that keeps no vectors.  ``query`` writes the answer to a query by itself;
    ``configuration`` and ``schema`` are what it says of each collection; ``refuse`` is a
    word in the path of requests that fail; ``asked`` are all requests, ``heads`` theirs."""

    def __init__(self) -> None:
        self.query: Callable[[http.server.BaseHTTPRequestHandler], None] | None = None
        self.configuration: Any = {}
        self.schema: Any = None
        self.refuse = ""
        self.hang = threading.Event()
        self.asked: list[tuple[str, str]] = []
        self.heads: list[dict[str, str]] = []
        self.address = ""

    def answer(self, method: str, path: str, body: Any) -> Any:
        """What a server says, as a value for JSON."""
        if path.endswith("/auth/identity"):
            return {"user_id": "", "tenant": "default_tenant", "databases": ["default_database"]}
        if path.endswith("/pre-flight-checks"):
            return {"max_batch_size": 5000, "supports_base64_encoding": True}
        if path.endswith(("/add", "/count")) or method == "DELETE":
            return 0 if path.endswith("/count") else {}
        if "/collections" in path:
            return {
                "id": str(uuid.uuid4()),
                "name": body["name"] if body else path.rsplit("/", 1)[1],
                "configuration_json": self.configuration,
                "schema": self.schema,
                "tenant": "default_tenant",
                "database": "default_database",
            }
        return {"id": str(uuid.uuid4()), "name": path.rsplit("/", 1)[1], "tenant": "x"}


def send(handler: http.server.BaseHTTPRequestHandler, data: bytes, status: int = 200) -> None:
    """Sends a whole response."""
    handler.send_response(status)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


@contextlib.contextmanager
def stub_server() -> Iterator[Stub]:
    """Runs a stub in this process."""
    stub = Stub()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            stub.asked.append((self.command, self.path))
            stub.heads.append(dict(self.headers))
            if stub.refuse and stub.refuse in f"{self.command} {self.path}":
                send(self, b'{"error": "InternalError", "message": "token hunter2"}', 500)
            elif self.path.endswith("/query") and stub.query:
                stub.query(self)
            else:
                path = self.path.partition("?")[0]
                said = stub.answer(self.command, path, json.loads(body or b"null"))
                send(self, json.dumps(said).encode())

        do_GET = do_POST = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:  # a client that has hung up
            pass

    with Server(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True).start()
        stub.address = f"http://127.0.0.1:{serving.server_port}"
        yield stub
        stub.hang.set()
        serving.shutdown()
