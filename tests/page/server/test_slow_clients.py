"""Whoever opens a connection and asks for nothing is not waited for."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import threading
import time

import httpx
import pytest
import uvicorn

from page.server.slow_clients import RESERVE, Patience, max_connections

LET_GO = threading.Event()


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    if scope["path"] == "/slow":
        while not LET_GO.is_set():
            await asyncio.sleep(0.02)
    if "heartbeat" in scope["path"]:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            pass
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})


@pytest.fixture
def port(monkeypatch):
    LET_GO.clear()
    monkeypatch.setattr("page.server.slow_clients.HEAD_TIMEOUT_SECONDS", 0.5)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http=Patience, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def left_alone(port: int, begun: bytes) -> bytes:
    """What a connection gets that says this much and no more, until it is hung up on."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(begun)
        return connection.recv(100)


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "], ids=repr
)
def test_half_of_a_request_is_hung_up_on(port, begun):
    began = time.monotonic()
    assert left_alone(port, begun) == b""
    assert time.monotonic() - began < 3


def test_a_header_that_drips_is_hung_up_on_too(port):
    drops = b"GET / HTTP/1.1\r\nX: " + b"a" * 100
    with socket.create_connection(("127.0.0.1", port), timeout=5) as slow, pytest.raises(OSError):
        for letter in drops:
            slow.sendall(bytes([letter]))
            time.sleep(0.05)


def test_fifty_of_them_keep_nobody_out(port):
    held = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(50)]
    for one in held:
        one.sendall(b"POST / HTTP/1.1\r\n")
    assert httpx.get(f"http://127.0.0.1:{port}/", timeout=5).text == "here"
    assert [one.recv(1) for one in held] == [b""] * 50
    for one in held:
        one.close()


def test_headers_without_end_are_hung_up_on(port, monkeypatch):
    monkeypatch.setattr("page.server.slow_clients.HEAD_TIMEOUT_SECONDS", 60)
    monkeypatch.setattr("page.server.slow_clients.MAX_HEAD_BYTES", 5000)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as endless:
        endless.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with contextlib.suppress(ConnectionError):
            for n in range(1000):
                endless.sendall(f"X-{n}: {'a' * 100}\r\n".encode())
        with contextlib.suppress(ConnectionResetError):
            assert endless.recv(1) == b""
    assert httpx.get(f"http://127.0.0.1:{port}/", timeout=5).text == "here"


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /gradio_api/heartbeat/x HTTP/1.1\r\nHost: x\r\n\r\n"],
    ids=["silent", "kept alive", "a stream"],
)  # fmt: skip
def test_there_is_always_room_for_one_more(port, monkeypatch, begun):
    """The oldest of the idle ones goes for it, and one that is being answered stays."""
    monkeypatch.setattr("page.server.slow_clients.HEAD_TIMEOUT_SECONDS", 60)
    monkeypatch.setattr("page.server.slow_clients.max_connections", lambda: 20)
    held = []
    with socket.create_connection(("127.0.0.1", port), timeout=5) as busy:
        busy.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(50):
            held.append(socket.create_connection(("127.0.0.1", port), timeout=5))
            held[-1].sendall(begun)
        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=5).text == "here"
        open_still = 0
        for one in held:
            one.setblocking(False)
            try:
                while one.recv(65536):
                    pass
            except BlockingIOError:
                open_still += 1
            except OSError:
                continue
        assert open_still <= 20
        LET_GO.set()
        assert busy.recv(65536).startswith(b"HTTP/1.1 200")
    for one in held:
        one.close()


def test_descriptors_are_left_for_the_files_that_answers_need():
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    assert 0 < max_connections() <= limit - RESERVE


def test_a_visitor_who_asks_again_on_one_connection_is_not_hung_up_on(port):
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
        for _ in range(4):
            assert client.post("/", content=b"x" * 1000).text == "here"
            time.sleep(0.3)
