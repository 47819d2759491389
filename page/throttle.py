"""Updates of the page at a pace that it can draw."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import TypeVar

Outcome = TypeVar("Outcome")

MAX_UPDATES_PER_SECOND = 5
"""Updates in any one second."""

STEP = 0.25
"""Seconds between two updates that only show more of the same."""


def paced(
    updates: Iterator[Outcome],
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[Outcome]:
    """The updates, those left out that would come too fast; the last one always comes."""
    sent: deque[float] = deque(maxlen=MAX_UPDATES_PER_SECOND)
    held: list[Outcome] = []
    for update in updates:
        held = [update]
        if len(sent) < MAX_UPDATES_PER_SECOND or clock() - sent[0] >= 1:
            sent.append(clock())
            yield held.pop()
    if held:
        wait(max(0.0, sent[0] + 1 - clock()))
        yield held.pop()
