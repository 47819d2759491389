"""Extraction on several processors: whole articles, each to a process with its own parser.

    python -m index.workers

A worker takes pickled articles on its standard input and gives back what it found, one
for one, until the input ends; so it ends with whoever started it, however that ended.
"""

from __future__ import annotations

import itertools
import os
import pickle
import queue
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from index.errors import InputError, MissingExtra, OnRecordError
from index.extract import Quotes
from index.extract import extractions as extractions_here
from index.types import Article

Result = tuple[Article, Quotes | OnRecordError]

FEW = 6
"""Fewer articles than these are done in this process: to start others costs more."""

AHEAD = 16
"""Articles that are given out before the first of them is asked back."""


def extractions(articles: Iterable[Article], *, processes: int = 1) -> Iterator[Result]:
    """Each article with what was found in it, in the order given, as a stream.

    Of two processors or more half parse: vectors take longer, and are made meanwhile.
    An article that cannot be read, or that ends its worker twice, is given back with the
    error; the others go on.  Raises MissingExtra if the parser is not installed.
    """
    articles = iter(articles)
    first = [] if processes < 2 else list(itertools.islice(articles, FEW))
    if len(first) < FEW:
        yield from extractions_here(itertools.chain(first, articles))
        return
    waiting: deque[tuple[Article, Future[Quotes | OnRecordError]]] = deque()
    with _Workers(processes // 2) as workers:
        for article in itertools.chain(first, articles):
            waiting.append((article, workers.submit(article)))
            if len(waiting) > AHEAD:
                article, found = waiting.popleft()
                yield article, found.result()
        for article, found in waiting:
            yield article, found.result()


class _Workers:
    """So many processes, each started when it is first needed, with a thread that waits for it."""

    def __init__(self, processes: int) -> None:
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="parse")
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._all: list[_Worker] = []

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._all:
            worker.stop()
        self._threads.shutdown()

    def submit(self, article: Article) -> Future[Quotes | OnRecordError]:
        return self._threads.submit(self._extraction, article)

    def _extraction(self, article: Article) -> Quotes | OnRecordError:
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            worker = _Worker()
            self._all.append(worker)
        try:
            return worker.extraction(article)
        finally:
            self._idle.put(worker)


class _Worker:
    """One process; a new one takes its place if it dies."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        here = str(Path(__file__).parent.parent)
        path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "index.workers"],
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def extraction(self, article: Article) -> Quotes | OnRecordError:
        """What was found; raises MissingExtra if the worker has no parser."""
        for attempt in (1, 2):
            assert self._process.stdin is not None and self._process.stdout is not None
            try:
                pickle.dump(article, self._process.stdin)
                self._process.stdin.flush()
                found: Quotes | OnRecordError = pickle.load(self._process.stdout)
            except (EOFError, OSError, pickle.UnpicklingError):
                ended = self.stop()
                if attempt == 1:  # it may have been ended from outside: once more, anew
                    self._start()
            else:
                if isinstance(found, MissingExtra):
                    raise found
                return found
        self._start()
        return InputError(f"{article.id} could not be read: its parser ended with code {ended}")

    def stop(self) -> int:
        """End the process; its exit code."""
        self._process.kill()
        code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except OSError:  # half an article was on its way to a process that is gone
                continue
        return code


def main() -> None:
    """Serve until the standard input ends."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries print what they like
    while True:
        try:
            article = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        found: Quotes | OnRecordError
        try:
            ((_, found),) = extractions_here([article])
        except MissingExtra as error:
            found = error
        pickle.dump(found, results)
        results.flush()


if __name__ == "__main__":
    main()
