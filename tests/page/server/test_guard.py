"""Streams have a limit for each visitor, and what is refused says so once and tells nothing."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
import uuid

import httpx
import pytest

from page.server import guard
from page.server.calls import Slot, checked_call
from page.server.guard import Entrance, Guard
from page.server.requests import Refused
from page.server.visitors import COOKIE
from tests.serving import ROOT

SECRET = "zqsecretword"


def scope(path: str, cookie: str = "", query: bytes = b"", method: str = "GET") -> dict:
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    headers += [(b"cookie", f"a=b; {COOKIE}={cookie}".encode())] if cookie else []
    return {"type": "http", "method": method, "path": path, "query_string": query,
            "headers": headers, "client": ("127.0.0.1", 1)}  # fmt: skip


class Holding:
    """An application whose answers last until they are let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.open = self.most = 0

    async def __call__(self, _scope, receive, send) -> None:
        self.open += 1
        self.most = max(self.most, self.open)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.let_go.wait()
        await send({"type": "http.response.body", "body": b""})
        self.open -= 1


async def statuses(
    app: Guard, holding: Holding, scopes: list[dict], body: bytes = b""
) -> list[int]:
    """What each of these gets, all of them open at the same time."""
    found: dict[int, int] = {}

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    def sending(n: int):
        async def send(message) -> None:
            found.setdefault(n, message.get("status", 0))

        return send

    tasks = [asyncio.create_task(app(s, receive, sending(n))) for n, s in enumerate(scopes)]
    for _ in range(50):
        await asyncio.sleep(0)
    holding.let_go.set()
    await asyncio.gather(*tasks)
    return [found[n] for n in range(len(scopes))]


@pytest.mark.parametrize("kind", ["heartbeat/x{}", "queue/data"])
async def test_a_visitor_has_some_streams_and_leaves_room_for_others(kind):
    holding = Holding()
    app = Guard(holding, 1000, Entrance({0: []}, 0))
    path = f"/gradio_api/{kind}"
    name = guard.ASKS.get(path, "")
    one = [
        scope(path.format(n), "a" * 32, f"{name}=s{n}".encode()) for n in range(guard.STREAMS + 5)
    ]
    other = scope(path.format("y"), "b" * 32, f"{name}=y".encode())
    found = await statuses(app, holding, [*one, other])
    assert found == [200] * guard.STREAMS + [429] * 5 + [200]
    assert not app._streams


async def test_what_gradio_would_remember_or_stumble_over_does_not_reach_it():
    """Each name of an upload whose progress is asked for; a file name that no disk takes."""
    holding = Holding()
    holding.let_go.set()
    app = Guard(holding, 1000, Entrance({0: []}, 0))
    found = await statuses(
        app,
        holding,
        [
            scope("/gradio_api/upload_progress", query=b"upload_id=x"),
            scope(f"/static/{'a' * 5000}"),
            scope(f"/gradio_api/heartbeat/{'a' * 5000}"),
        ],
    )
    assert found == [404] * 3
    assert holding.most == 0


async def test_those_without_a_cookie_share_the_streams_of_their_address():
    holding = Holding()
    app = Guard(holding, 0, Entrance({0: []}, 0))
    every = [scope(f"/gradio_api/heartbeat/x{n}") for n in range(1100)]
    visitor = scope("/gradio_api/heartbeat/y", "b" * 32)
    found = await statuses(app, holding, [*every, visitor])
    assert found == [200] * guard.STRANGERS + [429] * (1100 - guard.STRANGERS) + [200]


async def test_one_session_has_few_streams_of_answers():
    holding = Holding()
    app = Guard(holding, 0, Entrance({0: []}, 0))
    same = [scope("/gradio_api/queue/data", query=b"session_hash=x") for _ in range(6)]
    other = scope("/gradio_api/queue/data", query=b"session_hash=y")
    found = await statuses(app, holding, [*same, other])
    assert found == [200] * guard.SESSION + [429] * (6 - guard.SESSION) + [200]


async def test_direct_calls_wait_for_their_turn():
    """They go past Gradio's queue: many at once would take every thread from the page."""
    holding = Holding()
    app = Guard(holding, 0, Entrance({0: [Slot("any")]}, 0, at_once=2))
    many = [scope("/gradio_api/run/answer", method="POST") for _ in range(guard.WAITING + 5)]
    found = await statuses(app, holding, many, b'{"data": ["x"]}')
    assert found == [200] * guard.WAITING + [503] * 5
    assert holding.most == 2


EVENTS = {0: [Slot("text"), Slot("kept")], 1: [Slot("files")], 2: [Slot("text", frozenset("ab"))]}


def refused(path: str, sent: object) -> int:
    def nothing(_name: object):
        raise Refused(400, "expected a file that you uploaded")

    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    with pytest.raises(Refused) as found:
        checked_call(path, body, EVENTS, 0, nothing)
    assert SECRET not in found.value.expected
    assert "0x" not in found.value.expected
    return found.value.status


JOIN = "/gradio_api/queue/join"
GOOD = {"fn_index": 0, "session_hash": "abc", "data": [SECRET, None]}
BAD = [
    b"", b"{", b"[]", b"1", b'"x"', b"\xff", b"[" * 100_000, b'{"data": ' + b"1" * 5000 + b"}",
    {}, {**GOOD, "fn_index": 9}, {**GOOD, "fn_index": True}, {**GOOD, "fn_index": "0"},
    {**GOOD, "fn_index": None}, {**GOOD, "fn_index": -1}, {**GOOD, "fn_index": 0.0},
    {**GOOD, "data": None}, {**GOOD, "data": SECRET}, {**GOOD, "data": {SECRET: 1}},
    {**GOOD, "data": [SECRET]}, {**GOOD, "data": [SECRET, None, None]}, {**GOOD, "data": []},
    {**GOOD, "data": [{"a": SECRET}, None]}, {**GOOD, "data": [[SECRET], None]},
    {**GOOD, "data": [1, None]}, {**GOOD, "session_hash": None}, {**GOOD, "session_hash": ""},
    {**GOOD, "session_hash": SECRET * 10}, {**GOOD, "session_hash": f"../{SECRET}"},
    {**GOOD, "trigger_id": SECRET}, {**GOOD, "event_data": {"path": SECRET}},
    {**GOOD, "event_data": [[{"url": SECRET}]]}, {**GOOD, "fn_index": 2, "data": [SECRET]},
    {**GOOD, "fn_index": 1, "data": [SECRET]}, {**GOOD, "fn_index": 1, "data": [[SECRET]]},
    {**GOOD, "fn_index": 1, "data": [[[SECRET]]]}, {**GOOD, "fn_index": 1, "data": [{}]},
]  # fmt: skip


@pytest.mark.parametrize("sent", BAD, ids=lambda sent: repr(sent)[:60])
def test_a_malformed_call_is_refused_before_gradio_sees_it(sent):
    assert refused(JOIN, sent) == 400


def test_values_that_hold_values_that_hold_values_are_refused():
    deep: object = SECRET
    for _ in range(200):
        deep = [deep]
    assert refused(JOIN, {**GOOD, "event_data": deep}) == 400


@pytest.mark.parametrize("path", ["/gradio_api/cancel", "/gradio_api/reset"])
@pytest.mark.parametrize(
    "sent", [{}, {"event_id": None}, {"event_id": {"path": SECRET}}, {"event_id": 5}, {"fn_index": 1}]
)  # fmt: skip
def test_so_is_a_malformed_end_of_one(path, sent):
    assert refused(path, sent) == 400


def test_a_direct_call_names_no_other_event_and_no_session():
    """Gradio runs whatever event a direct call of the endpoint names, past its queue."""
    sent = {"data": ["x", None], "fn_index": 1, "session_hash": "theirs", "batched": True}
    body = checked_call(
        "/gradio_api/run/answer", json.dumps(sent).encode(), EVENTS, 0, lambda _: ROOT
    )
    assert json.loads(body) == {"data": ["x", None]}


@pytest.fixture(scope="module")
def logged(seed_index):
    """A page and all that it prints."""
    server = subprocess.Popen(
        [sys.executable, "ui.py", "--index", str(seed_index), "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
    assert found
    yield found[0], server
    server.terminate()
    server.wait(20)


def rough(address: str, client: httpx.Client) -> int:
    """Everything that is not as it should be; how many of them there were."""
    config = client.get("/config").json()
    count = 0
    for event in config["dependencies"]:
        size = len(event["inputs"])
        for data in ([SECRET] * (size + 1), [{SECRET: SECRET}] * size or [1], SECRET, None):
            for extra in ({}, {"event_data": SECRET}, {"trigger_id": 10**6}):
                body = {"fn_index": event["id"], "session_hash": f"{SECRET}{count}", "data": data}
                answer = client.post("/gradio_api/queue/join", json={**body, **extra})
                if event["inputs"] or data in (None, SECRET):
                    assert answer.status_code == 200 or list(answer.json()) == ["error"]
                count += 1
    for path in ("queue/join", "cancel", "reset", "run/answer", "call/answer"):
        for content in (b"", SECRET.encode(), b"{}", b"[]", b"\xff\xfe", b'{"data": [1]}'):
            for kind in ("application/json", "text/plain", ""):
                headers = {"content-type": kind} if kind else {}
                answer = client.post(f"/gradio_api/{path}", content=content, headers=headers)
                assert answer.status_code in (400, 415)
                assert list(answer.json()) == ["error"]
                assert SECRET not in answer.text
                count += 1
    for path in (
        "queue/data", f"queue/data?session_hash={SECRET}/..", "upload_progress", f"info?{SECRET}=1",
        f"queue/data?session_hash={SECRET}", f"call/answer/{SECRET}", f"heartbeat/{SECRET}%00",
        f"queue/data?session_hash={SECRET}&session_hash={SECRET}", "queue/join", "run/answer",
    ):  # fmt: skip
        try:
            client.get(f"/gradio_api/{path}")
        except httpx.RemoteProtocolError:
            count += 1
    for data in (
        [SECRET * 1000, None, None], [5, None, None], [SECRET, SECRET, None], [SECRET, None, [1]],
        [SECRET, [{"role": SECRET}], None], [SECRET, [SECRET], {}], [SECRET, None, {SECRET: "x"}],
        [None, None, None], [SECRET, None, {"since": SECRET}], [{SECRET: 1}, {SECRET: 1}, 7],
    ):  # fmt: skip
        for path in ("run/answer", "call/answer"):
            answer = client.post(f"/gradio_api/{path}", json={"data": data})
            assert "0x" not in answer.text
            if path == "call/answer":
                client.get(f"/gradio_api/call/answer/{answer.json()['event_id']}")
            count += 1
    return count


def test_nothing_that_was_asked_stands_in_the_log(logged):
    address, server = logged
    with httpx.Client(base_url=address, timeout=60) as client:
        assert rough(address, client) > 100
        good = client.post(
            "/gradio_api/run/answer", json={"data": ["what did Putin say?", None, None]}
        )
        assert good.json()["data"][0]["status"] == "answered"
    time.sleep(1)
    server.terminate()
    told, _ = server.communicate(timeout=30)
    lines = told.splitlines()
    assert SECRET not in told
    assert not re.search(r"0x[0-9a-f]{6,}|Traceback|\.py\b|Errno", told), told[-3000:]
    assert all(line.startswith("onrecord: ") for line in lines), lines[:20]


def test_a_refused_request_is_one_line(seed_index, capfd):
    app = Guard(Holding(), 0, Entrance(EVENTS, 0))
    sent: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": SECRET.encode(), "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope(JOIN, uuid.uuid4().hex, method="POST"), receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert json.loads(sent[1]["body"]) == {"error": "expected JSON"}
    assert capfd.readouterr().err == "onrecord: refused a request (400): expected JSON\n"
