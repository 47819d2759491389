"""Twenty people chat at once: nobody gets an error or anybody else's conversation.

Run by `make soak`.  Each user speaks the protocol of the page itself (join the queue,
read the stream), with a session of their own, one question after the other without a
pause; the times are printed beside those of one user alone.
"""

from __future__ import annotations

import itertools
import json
import statistics
import threading
import time
import uuid
from typing import Any

import httpx
import pytest

from tests.serving import serving

USERS = 20
QUESTIONS = 10

pytestmark = pytest.mark.soak


class User:
    """One visitor, who asks about a word that nobody else uses."""

    def __init__(self, address: str, event: dict[str, Any]) -> None:
        self.address, self.event = address, event
        self.word = f"zq{uuid.uuid4().hex[:10]}"
        self.session = uuid.uuid4().hex[:11]
        self.seconds: list[float] = []
        self.pages: list[str] = []
        self.errors: list[str] = []

    def chat(self) -> None:
        with httpx.Client(base_url=self.address, timeout=120) as client:
            for n in range(QUESTIONS):
                began = time.monotonic()
                self._ask(client, f"what did Erdoğan tell Putin about {self.word} {n}?")
                self.seconds.append(time.monotonic() - began)

    def _ask(self, client: httpx.Client, question: str) -> None:
        body = {
            "data": [question, *[None] * (len(self.event["inputs"]) - 1)],
            "fn_index": self.event["id"],
            "session_hash": self.session,
        }
        client.post("/gradio_api/queue/join", json=body).raise_for_status()
        where = f"/gradio_api/queue/data?session_hash={self.session}"
        with client.stream("GET", where) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data:")) if line else {}
                if message.get("msg") in ("process_generating", "process_completed"):
                    self.pages.append(line)
                if message.get("msg") == "process_completed":
                    if not message["success"]:
                        self.errors.append(line)
                    return
        self.errors.append("the stream ended before the answer")


def together(users: list[User]) -> list[float]:
    threads = [threading.Thread(target=user.chat) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [second for user in users for second in user.seconds]


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def test_twenty_users_chat_without_an_error_or_cross_talk(seed_index, tmp_path, capsys):
    with serving(seed_index, tmp_path) as served:
        address = served.address
        config = httpx.get(f"{address}/config", timeout=60).json()
        box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
        event = next(d for d in config["dependencies"] if [box, "submit"] in d["targets"])
        User(address, event).chat()  # the models are loaded now
        alone = together([User(address, event)])
        users = [User(address, event) for _ in range(USERS)]
        crowd = together(users)
    with capsys.disabled():
        print(
            f"\n1 user: p50 {statistics.median(alone):.3f} s, p95 {p95(alone):.3f} s; {USERS} users: "
            f"p50 {statistics.median(crowd):.3f} s, p95 {p95(crowd):.3f} s; "
            f"p95 ratio {p95(crowd) / p95(alone):.1f}, {len(crowd) / sum(crowd) * USERS:.1f} answers/s"
        )
    assert [error for user in users for error in user.errors] == []
    assert len(crowd) == USERS * QUESTIONS
    for one, other in itertools.permutations(users, 2):
        assert not any(other.word in page for page in one.pages)
    assert all(any(user.word in page for page in user.pages) for user in users)
    assert p95(crowd) <= 10
