"""The page really serves: its endpoint answers, and what it shows is escaped."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
import uuid
from pathlib import Path

import httpx
import pytest
from gradio_client import Client

import ui
from page.server import guard
from rag.json_form import answer_json
from tests.running import run_python

ROOT = Path(__file__).parent.parent


def test_the_endpoint_gives_the_json_form_and_is_the_only_one(address, bot):
    client = Client(address, verbose=False)
    question = "what did Erdoğan tell Putin?"
    assert client.predict(question, [], api_name="/answer") == answer_json(bot.answer(question))
    assert client.predict(question, api_name="/answer")["text"] == bot.answer(question).text
    assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/answer"]


FOREIGN_HOSTS = (
    "evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "",
    "127.0.0.2", "0.0.0.0", "[::1]", "127.0.0.1@evil.example", "evil.example#localhost",
)  # fmt: skip
FOREIGN_ORIGINS = (
    "http://evil.example", "null", "", "file://", "http://localhost.evil.example",
    "http://127.0.0.1.evil.example", "http://evil.example/localhost", "http://[::1]",
    "http://127.0.0.1@evil.example", "chrome-extension://localhostx",
)  # fmt: skip


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_foreign_host_reads_nothing(address, host):
    """A name that was rebound to this machine is none of the page's names."""
    for path in ("/", "/config", "/gradio_api/info"):
        answer = httpx.get(address + path, headers={"host": host})
        assert (answer.status_code, answer.text) == (400, "unknown host")


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_a_foreign_origin_reads_nothing(address, origin):
    for method in ("GET", "POST", "OPTIONS"):
        answer = httpx.request(method, f"{address}/config", headers={"origin": origin})
        assert (answer.status_code, answer.text) == (403, "foreign origin")
        assert "access-control-allow-origin" not in answer.headers


def test_the_page_itself_is_no_stranger(address):
    port = address.rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}"):
        headers = {"host": host, "origin": f"http://{host}"}
        assert httpx.get(f"{address}/config", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/upload", "/gradio_api/proxy=http://127.0.0.1:1/", "/gradio_api/file=/etc/passwd",
     "/gradio_api/file=ui.py", "/gradio_api/file/etc/passwd", "/static/../config",
     "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2f..%2fetc/passwd",
     "/assets//etc/passwd", "/assets/....//....//etc/passwd", "/static/%00/etc/passwd"],
)  # fmt: skip
def test_no_file_and_no_other_address_is_had_through_the_page(address, path):
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:  # as it stands
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert b" 404 " in answer.split(b"\r\n")[0]
    assert b"root:" not in answer


def test_a_feed_has_what_somebody_said_and_takes_nothing_else(address):
    feed = httpx.get(f"{address}/feed.atom", params={"speaker": "Erdoğan"}, timeout=30)
    assert feed.status_code == 200
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert "negotiation table" in feed.text
    for asked in ("", "?x=1", "?speaker=", f"?topic={'x' * 201}", "?speaker=%00", "?speaker=a%0d"):
        assert httpx.get(f"{address}/feed.atom{asked}").status_code == 400
    assert httpx.post(f"{address}/feed.atom", json={}).status_code >= 400


@pytest.mark.linux
def test_too_much_is_refused_at_once_and_nothing_of_it_is_kept(served):
    """20 MB of question, a thousand parts, an upload where none may be."""
    address, before = served.address, served.memory()
    kept = sorted(served.uploads.rglob("*"))
    parts = {f"part{n}": ("a.txt", b"x" * 1000) for n in range(1000)}
    for _ in range(5):
        began = time.monotonic()
        for path in ("/gradio_api/queue/join", "/gradio_api/call/answer", "/gradio_api/run/answer"):
            sent = httpx.post(address + path, content=b"x" * 20_000_000, timeout=30)
            assert sent.status_code == 413
            assert httpx.post(address + path, files=parts, timeout=30).status_code == 413
        assert httpx.post(f"{address}/gradio_api/upload", files=parts).status_code == 404
        assert time.monotonic() - began < 5
    assert sorted(served.uploads.rglob("*")) == kept
    assert served.memory() - before < 20_000_000


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch):
    """Guard.__call__ itself, with its patience cut short."""
    monkeypatch.setattr(guard, "BODY_TIMEOUT_SECONDS", 0.2)
    sent: list[dict] = []

    async def app(_scope, receive, _send):
        while (await receive()).get("more_body"):
            pass

    async def drip():
        await asyncio.sleep(0.15)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": "/gradio_api/queue/join", "headers": [(b"host", b"localhost")]}
    began = time.monotonic()
    asyncio.run(guard.Guard(app)(scope, drip, send))
    assert time.monotonic() - began < 1
    assert sent[0]["status"] == 408


def test_while_a_slow_body_is_waited_for_others_are_answered(address):
    host, port = address.removeprefix("http://").split(":")
    head = f"POST /gradio_api/queue/join HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9000\r\n\r\n{{"
    slow = [socket.create_connection((host, int(port)), timeout=10) for _ in range(50)]
    for line in slow:
        line.sendall(head.encode())
    assert httpx.get(f"{address}/config", timeout=10).status_code == 200
    for line in slow:
        line.close()


def streamed(client: httpx.Client, path: str) -> str:
    """All that comes, also where Gradio breaks off with an error."""
    told: list[str] = []
    with client.stream("GET", path) as stream, contextlib.suppress(httpx.RemoteProtocolError):
        told.extend(stream.iter_text())
    return "".join(told)


def test_an_answer_of_one_visitor_is_not_to_be_had_by_another(address):
    """What is asked, found and cancelled goes by ids that nobody can guess or look up."""
    client = httpx.Client(base_url=f"{address}/gradio_api", timeout=30)
    ids = [
        client.post("/call/answer", json={"data": ["what did Erdoğan tell Putin?", [], {}]}).json()[
            "event_id"
        ]
        for _ in range(3)
    ]
    assert len(set(ids)) == 3
    assert all(uuid.UUID(i).version == 4 for i in ids)
    for guess in (uuid.uuid4().hex, "1", "", "%00", ids[0][:-1], f"{ids[0]}x"):
        for path in (f"/call/answer/{guess}", f"/queue/data?session_hash={guess}"):
            assert "Erdo" not in streamed(client, path)
        body = {"session_hash": guess, "fn_index": 0, "event_id": guess}
        client.post("/cancel", json=body)
    for public in ("/info", "/startup-events"):
        assert not any(i in client.get(public).text for i in ids)
    for i in ids:
        told = streamed(client, f"/call/answer/{i}")
        assert "event: complete" in told
        assert "negotiation table" in told


@pytest.mark.linux
def test_nothing_opens_the_page_to_other_machines(served):
    """There is no such option, and the socket is bound to this machine alone."""
    for option in ("--share", "--host=0.0.0.0", "--listen", "--debug"):
        with pytest.raises(SystemExit) as stopped:
            ui.main([option])
        assert stopped.value.code == 2
    port = int(served.address.rpartition(":")[2])
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = {row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}
    assert listening == {f"0100007F:{port:04X}"}


def test_an_error_tells_an_id_and_nothing_of_the_inside(address):
    client = httpx.Client(base_url=f"{address}/gradio_api", timeout=30)
    for bad in (
        {"data": [{"a": 1}, 7, "x"]},
        {"data": ["x", [{}], {}]},
        {"data": []},
        {"nothing": 1},
    ):
        answer = client.post("/run/answer", json=bad)
        assert answer.status_code >= 400
        assert not re.search(r"Traceback|\.py\b|/home|/root|site-packages", answer.text)


def test_a_taken_port_is_one_clear_line(address):
    port = address.rpartition(":")[2]
    run = run_python("ui.py", "--port", port)
    assert run.returncode == 1
    assert run.stderr.startswith(f"onrecord: cannot serve on port {port}")
    assert run.stderr.count("\n") == 1


def test_a_body_of_unknown_length_is_refused(address):
    sent = httpx.post(f"{address}/gradio_api/queue/join", content=iter([b"x"]))
    assert sent.status_code == 411


def test_help_costs_no_model(capsys):
    with pytest.raises(SystemExit) as stopped:
        ui.main(["--help"])
    assert stopped.value.code == 0
    assert "--allow-add" in capsys.readouterr().out
