"""Visitors of the page, who speak the protocol of the page itself (join the queue, read
the stream), each with a session and a word of their own."""

from __future__ import annotations

import json
import random
import re
import statistics
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

WORD = re.compile(r"zq[0-9a-f]{10}")


@dataclass(frozen=True)
class Events:
    """What the page calls when it is opened, and when a question is sent."""

    load: dict[str, Any]
    ask: dict[str, Any]


def events(address: str) -> Events:
    config = httpx.get(f"{address}/config", timeout=60).json()
    box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
    every = config["dependencies"]
    load = next(d for d in every if any(on == "load" for _, on in d["targets"]))
    return Events(load, next(d for d in every if [box, "submit"] in d["targets"]))


class Visitor:
    """Somebody who asks about a word that nobody else uses."""

    def __init__(self, address: str, called: Events) -> None:
        self.address, self.called = address, called
        self.word = f"zq{uuid.uuid4().hex[:10]}"
        self.session = uuid.uuid4().hex[:11]
        self.opened = 0.0
        self.seconds: list[float] = []
        self.seen: set[str] = set()
        self.busy = 0
        self.errors: list[str] = []

    def visit(self, questions: int, *, until: float = 0, reading: tuple[float, float] = (0, 0)):
        """Ask so many questions one after the other, or as long as there is time.

        ``reading``: seconds, at least and at most, between an answer and the next question.
        The page is open all the while, as in a browser.
        """
        with httpx.Client(base_url=self.address, timeout=120) as client:
            open_page = client.stream("GET", f"/gradio_api/heartbeat/{self.session}")
            with open_page as page:
                page.raise_for_status()
                began = time.monotonic()
                self.event(client, self.called.load)
                self.opened = time.monotonic() - began
                for n in range(questions):
                    if until and time.monotonic() > until:
                        break
                    began = time.monotonic()
                    question = f"what did Erdoğan tell Putin about {self.word} {n}?"
                    self.event(client, self.called.ask, question)
                    self.seconds.append(time.monotonic() - began)
                    time.sleep(random.uniform(*reading))

    def body(self, event: dict[str, Any], *data: str) -> dict[str, Any]:
        """What the page sends to have an event dealt with."""
        return {
            "data": [*data, *[None] * (len(event["inputs"]) - len(data))],
            "fn_index": event["id"],
            "session_hash": self.session,
        }

    def event(self, client: httpx.Client, event: dict[str, Any], *data: str) -> None:
        """Have an event dealt with, and read what comes of it."""
        body = self.body(event, *data)
        joined = client.post("/gradio_api/queue/join", json=body)
        if joined.status_code == 503:
            self.busy += 1
            return
        joined.raise_for_status()
        with client.stream("GET", f"/gradio_api/queue/data?session_hash={self.session}") as stream:
            for line in stream.iter_lines():
                self.seen |= set(WORD.findall(line))
                message = json.loads(line.removeprefix("data:")) if line else {}
                if message.get("msg") == "process_completed":
                    if not message["success"]:
                        self.errors.append(line)
                    return
        self.errors.append("the stream ended before the answer")


def together(visitors: list[Visitor], *arguments: Any, **options: Any) -> list[float]:
    """All of them at once; the seconds that each answer took."""

    def visit(visitor: Visitor) -> None:
        try:
            visitor.visit(*arguments, **options)
        except httpx.HTTPError as error:
            visitor.errors.append(repr(error))

    threads = [threading.Thread(target=visit, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [second for visitor in visitors for second in visitor.seconds]


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
