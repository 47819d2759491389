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
from typing import Any

import httpx

WORD = re.compile(r"zq[0-9a-f]{10}")


def asking(address: str) -> dict[str, Any]:
    """What the page calls when a question is sent."""
    config = httpx.get(f"{address}/config", timeout=60).json()
    box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
    return next(d for d in config["dependencies"] if [box, "submit"] in d["targets"])


class Visitor:
    """Somebody who asks about a word that nobody else uses."""

    def __init__(self, address: str, event: dict[str, Any]) -> None:
        self.address, self.event = address, event
        self.word = f"zq{uuid.uuid4().hex[:10]}"
        self.session = uuid.uuid4().hex[:11]
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
                for n in range(questions):
                    if until and time.monotonic() > until:
                        break
                    began = time.monotonic()
                    self.ask(client, f"what did Erdoğan tell Putin about {self.word} {n}?")
                    self.seconds.append(time.monotonic() - began)
                    time.sleep(random.uniform(*reading))

    def ask(self, client: httpx.Client, question: str) -> None:
        body = {
            "data": [question, *[None] * (len(self.event["inputs"]) - 1)],
            "fn_index": self.event["id"],
            "session_hash": self.session,
        }
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
