"""Calls to a model that end: a deadline, few retries, caps, and a rest after failures.

The calls run as tasks of one event loop in a thread of its own.  A task can be cancelled at
any moment, which closes its connection: a thread that waits for a byte could not be.
"""

from __future__ import annotations

import asyncio
import math
import queue
import random
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from rag.llm.provider import BaseChatModel, ProviderFailure, failure, pieces
from rag.llm.settings import GuestSettings

MAX_RETRIES = 2
"""Times that a failed call is made again, if that may help."""

LONGEST_WAIT = 10.0
"""Seconds of a Retry-After that are waited for; a provider that wants more is not asked again."""

FIRST_PAUSE = 0.25
"""Seconds before the first retry, doubled before the second; a random part of as much again."""

FAILURES = 3
"""Failed questions in a row after which the provider is left in peace."""

PAUSE_SECONDS = 60.0
"""Seconds for which no question is sent after these failures; then one question tries again."""

CHARACTERS_A_TOKEN = 4
"""Characters of a token, to count tokens by where a provider does not; about right for English."""


class Unanswered(Exception):
    """A call that came to nothing, with the reason in words."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: (role, text) in order, with "system", "human" and "ai" for roles."""

    messages: tuple[tuple[str, str], ...]


class Breaker:
    """Counts failures in a row; after some of them calls are refused for a while."""

    def __init__(self, failures: int = FAILURES, rest: float = PAUSE_SECONDS) -> None:
        self._most, self._rest = failures, rest
        self._failures = 0
        self._until = 0.0
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raises Unanswered while the provider rests; the first call after that is let by."""
        with self._lock:
            left = self._until - time.monotonic()
            if left > 0:
                raise Unanswered(f"not asked for {math.ceil(left)} s, after failures in a row")
            if self._failures >= self._most:
                self._until = time.monotonic() + self._rest

    def note(self, failed: bool, wait: float | None = None) -> None:
        """Take down how a call ended; ``wait`` is for how long the provider wants peace."""
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            rest = self._rest if self._failures >= self._most else 0.0
            if failed and wait is not None and wait > LONGEST_WAIT:
                rest = max(rest, min(wait, 10 * self._rest))
            self._until = time.monotonic() + rest if rest else 0.0


class LimitedModel:
    """One model, asked within limits; safe to share between threads."""

    def __init__(self, model: BaseChatModel, settings: GuestSettings) -> None:
        self._model, self._settings = model, settings
        self._breaker = Breaker()
        self._spent = 0
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def spent(self) -> int:
        """Tokens sent and received so far."""
        return self._spent

    def reply(self, prompt: Prompt, until: float) -> str:
        """Return the whole reply. Raises Unanswered, at ``until`` (monotonic seconds) at the
        latest."""
        return "".join(self.pieces(prompt, until))

    def admit(self, until: float) -> None:
        """Raises Unanswered if nothing may be sent now: failures, caps, or no time left."""
        self._breaker.check()
        if self._spent >= self._settings.total_tokens:
            raise Unanswered("the tokens of this process are spent")
        if until <= time.monotonic():
            raise Unanswered("there was no time left")

    def pieces(self, prompt: Prompt, until: float) -> Iterator[str]:
        """Yield the reply as it comes, no longer than the cap. Raises Unanswered as `reply`
        does."""
        call = _Call(self._model, prompt, until)
        most = self._settings.reply_tokens * CHARACTERS_A_TOKEN * 2
        length = 0
        with self._noted(call):
            future = asyncio.run_coroutine_threadsafe(call.run(), self._running())
            try:
                while length < most and (piece := call.next()) is not None:
                    length += len(piece)
                    yield piece[: len(piece) - max(0, length - most)]
                if not length:
                    raise Unanswered("the reply was empty")
            finally:
                call.over = True
                future.cancel()

    @contextmanager
    def _noted(self, call: _Call) -> Iterator[None]:
        """Count how a call ends: a caller who stops listening has not seen a failure."""
        try:
            yield
        except Unanswered:
            self._breaker.note(True, call.failure.wait if call.failure else None)
            raise
        else:
            self._breaker.note(False)
        finally:
            with self._lock:
                self._spent += call.tokens()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(
                    target=self._loop.run_forever, name="onrecord-guest", daemon=True
                ).start()
            return self._loop


class _Call:
    """One call, from the loop's side (run) and from its caller's (next)."""

    def __init__(self, model: BaseChatModel, prompt: Prompt, until: float) -> None:
        self._model, self._prompt, self._until = model, prompt, until
        self._inbox: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._attempts = 0
        self._received = 0
        self._counted = 0
        self.failure: ProviderFailure | None = None
        self.over = False

    def next(self) -> str | None:
        """Return the next piece, None at the end. Raises Unanswered for a failure or at the
        deadline."""
        try:
            piece = self._inbox.get(timeout=max(0.0, self._until - time.monotonic()))
        except queue.Empty:
            raise Unanswered("the provider took too long") from None
        if piece is None and self.failure:
            raise Unanswered(self.failure.words)
        return piece

    async def run(self) -> None:
        """Ask, again if it helps; a reply that has begun is never asked for again."""
        asking = AsyncRetrying(
            retry=retry_if_exception(self._again),
            wait=_pause,
            stop=lambda state: stop_after_attempt(MAX_RETRIES + 1)(state) or self._too_late(state),
            reraise=True,
        )
        try:
            async for attempt in asking:
                with attempt:
                    self._attempts += 1
                    await self._attempt()
        except Exception as error:  # whatever a provider's library raises; told in our words
            self.failure = failure(error)
        self._inbox.put(None)

    async def _attempt(self) -> None:
        reply = pieces(self._model, self._prompt.messages)
        async with aclosing(reply) as coming:
            async for text, tokens in coming:
                self._counted += tokens
                if text:
                    self._received += len(text)
                    self._inbox.put(text)
                # Python 3.11's wait_for, which providers' classes use, loses a cancellation that
                # comes together with a piece: in a flood all of them.
                if self.over:
                    return

    def _again(self, error: BaseException) -> bool:
        met = failure(error)
        return met.again and not self._received and (met.wait or 0.0) <= LONGEST_WAIT

    def _too_late(self, state: RetryCallState) -> bool:
        return time.monotonic() + state.upcoming_sleep >= self._until

    def tokens(self) -> int:
        """Return what the call took, by the provider's count or else by ours."""
        sent = sum(len(text) for _, text in self._prompt.messages)
        ours = (sent * max(1, self._attempts) + self._received) // CHARACTERS_A_TOKEN
        return max(self._counted, ours)


def _pause(state: RetryCallState) -> float:
    """Return the seconds before a retry: what the provider asks for, else more each time, and some
    chance."""
    error = state.outcome.exception() if state.outcome else None
    asked = failure(error).wait if error else None
    pause = FIRST_PAUSE * 2 ** (state.attempt_number - 1) if asked is None else asked
    return pause + random.uniform(0, FIRST_PAUSE * 2 ** (state.attempt_number - 1))
