"""Many people chat at once: nobody gets an error or anybody else's words, and memory stays.

Run by `make soak`.  The figures are printed.
"""

from __future__ import annotations

import random
import socket
import statistics
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.load.visitors import Visitor, events, p95, together
from tests.serving import Served, serving

pytestmark = [pytest.mark.linux, pytest.mark.soak, pytest.mark.timeout(1800)]

MINUTES = 5.0
READING = (3.0, 7.0)
"""Seconds that somebody reads an answer before the next question."""


@pytest.fixture(scope="module")
def served(seed_index, tmp_path_factory) -> Iterator[Served]:
    """The page, its models loaded by a first visitor."""
    with serving(seed_index, tmp_path_factory.mktemp("uploads")) as found:
        Visitor(found.address, events(found.address)).visit(10)
        yield found


@pytest.fixture
def visitor(served):
    """Makes one visitor after the other."""
    called = events(served.address)
    return lambda: Visitor(served.address, called)


def kept_apart(visitors: list[Visitor]) -> bool:
    """Whether everybody saw the own word, and nobody another one's."""
    return all(visitor.seen == {visitor.word} for visitor in visitors)


def test_twenty_who_never_pause_get_no_error_and_no_foreign_word(visitor, capsys):
    alone = together([visitor()], 10)
    users = [visitor() for _ in range(20)]
    crowd = together(users, 10)
    with capsys.disabled():
        print(
            f"\n1 user: p50 {statistics.median(alone):.3f} s, p95 {p95(alone):.3f} s; 20 users: "
            f"p50 {statistics.median(crowd):.3f} s, p95 {p95(crowd):.3f} s; "
            f"p95 ratio {p95(crowd) / p95(alone):.1f}, {len(crowd) / sum(crowd) * 20:.1f} answers/s; "
            f"the page itself came within {max(user.opened for user in users):.3f} s"
        )
    assert [error for user in users for error in user.errors] == []
    assert len(crowd) == 200
    assert kept_apart(users)
    assert p95(crowd) <= 10


def test_fifty_who_chat_for_five_minutes_get_no_error_and_no_foreign_word(served, visitor, capsys):
    """Each stays for some questions, then another one comes; memory does not grow."""
    random.seed(36)
    begun = time.monotonic()
    end = begun + MINUTES * 60
    visits: list[Visitor] = []
    memory: list[tuple[float, int]] = []
    over = threading.Event()

    def place() -> None:
        time.sleep(random.uniform(0, READING[1]))  # they do not all come in one moment
        while time.monotonic() < end:
            visits.append(guest := visitor())
            together([guest], random.randrange(4, 12), until=end, reading=READING)

    def watch() -> None:
        while not over.wait(1):
            memory.append((time.monotonic() - begun, served.memory()))

    threads = [threading.Thread(target=place) for _ in range(50)]
    watcher = threading.Thread(target=watch)
    for thread in [*threads, watcher]:
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    watcher.join()
    seconds = [second for guest in visits for second in guest.seconds]
    # By then as many visitors have come as the page keeps the answers of.
    early, late = (
        statistics.median(size for at, size in memory if low <= at / 60 < high)
        for low, high in ((2 * MINUTES / 5, 3 * MINUTES / 5), (4 * MINUTES / 5, MINUTES))
    )
    with capsys.disabled():
        print(
            f"\n50 users for {MINUTES:.0f} minutes: {len(visits)} visits, {len(seconds)} answers, "
            f"p50 {statistics.median(seconds):.2f} s, p95 {p95(seconds):.2f} s, "
            f"max {max(seconds):.2f} s; memory {early / 1e6:.0f} MB in the third fifth, "
            f"{late / 1e6:.0f} MB in the last ({late / early - 1:+.1%})"
        )
    assert [error for guest in visits for error in guest.errors] == []
    assert kept_apart([guest for guest in visits if guest.seconds])
    assert late / early < 1.05


def test_five_hundred_at_once_wait_or_are_told_to_come_again(served, visitor, capsys):
    baseline = p95(together([visitor()], 10))
    crowd = [visitor() for _ in range(500)]
    began = time.monotonic()
    together(crowd, 1)
    took = time.monotonic() - began
    answered = [guest for guest in crowd if guest.seen]
    busy = sum(bool(guest.busy) and not guest.seen for guest in crowd)
    recovering = time.monotonic()
    while (after := p95(together([visitor()], 10))) > 2 * baseline:
        assert time.monotonic() - recovering < 60
    with capsys.disabled():
        print(
            f"\n500 at once: {len(answered)} answered, {busy} told that it is busy, in {took:.0f} s; "
            f"{served.memory() / 1e6:.0f} MB; p95 of one visitor {baseline:.2f} s before, "
            f"{after:.2f} s {time.monotonic() - recovering:.0f} s after"
        )
    assert [error for guest in crowd for error in guest.errors] == []
    assert len(answered) + busy == 500
    assert answered and all(guest.seen == {guest.word} for guest in answered)
    assert served.memory() < 1_500_000_000


def test_fifty_who_stall_and_fifty_who_leave_free_their_places(served, visitor, capsys):
    """Half-open connections are hung up on; an answer that nobody waits for holds nobody up."""
    port = int(served.address.rpartition(":")[2])
    stalled = [socket.create_connection(("127.0.0.1", port), timeout=40) for _ in range(50)]
    for n, one in enumerate(stalled):
        one.sendall(
            b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            if n % 2
            else b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{"
        )
    began = time.monotonic()
    for _ in range(50):  # ask, and be gone before the answer
        guest = visitor()
        body = guest.body(guest.called.ask, "what did Erdoğan tell Putin?")
        httpx.post(f"{served.address}/gradio_api/queue/join", json=body, timeout=60)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as reader:
            where = f"/gradio_api/queue/data?session_hash={guest.session}"
            reader.sendall(f"GET {where} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    staying = visitor()
    together([staying], 3)
    served_after = time.monotonic() - began
    for one in stalled:
        while one.recv(1000):
            pass
        one.close()
    freed = time.monotonic() - began
    with capsys.disabled():
        print(
            f"\n50 stalled and 50 gone: the next visitor has three answers after "
            f"{served_after:.1f} s; the last stalled connection is closed after {freed:.1f} s"
        )
    assert staying.errors == [] and staying.seen == {staying.word}
    assert freed < 30
