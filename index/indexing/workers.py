"""Extraction on several processors: whole articles, each to a process with its own parser.

    python -m index.indexing.workers

A worker takes pickled articles on its standard input and gives back what it found, one
for one, until the input ends; so it ends with whoever started it, however that ended.  A text
that takes too much time or memory, wherever that is spent, ends the worker and is named.
"""

from __future__ import annotations

import itertools
import os
import pickle
import queue
import resource
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from index.attribution import budget
from index.attribution.budget import allowance, too_long
from index.attribution.extract import Quotes
from index.attribution.extract import extractions as extractions_here
from index.errors import InputError, MissingExtra, OnRecordError
from index.ingest.memory import limit_memory
from index.types import Article

MAX_WORKER_BYTES = 6 << 30
"""Bytes of address space of a worker: three times what the longest text of mere marks takes."""

COMMAND = ("-m", "index.indexing.workers")
"""What starts a worker, before the two numbers of its allowance of processor time."""

HARD = 1.5
"""Times its allowance of processor time after which a worker is ended: the analysis itself
looks at the time between its steps, and this is for a step that does not end."""

Result = tuple[Article, Quotes | OnRecordError]

MIN_ARTICLES_FOR_WORKERS = 6
"""Fewer articles than these are done in this process: to start others costs more."""

MIN_CHARACTERS_FOR_WORKER = 100_000
"""Characters of an article for which a process is always worth its start: it has limits."""

AHEAD = 16
"""Articles that are given out before the first of them is asked back."""


def parallel_extractions(articles: Iterable[Article], *, processes: int = 1) -> Iterator[Result]:
    """Each article with what was found in it, in the order given, as a stream.

    Of two processors or more half parse: vectors take longer, and are made meanwhile.
    An article that cannot be read, or that ends its worker twice, is given back with the
    error; the others go on.  Raises MissingExtra if the parser is not installed.
    """
    articles = iter(articles)
    first = [] if processes < 2 else list(itertools.islice(articles, MIN_ARTICLES_FOR_WORKERS))
    if len(first) < MIN_ARTICLES_FOR_WORKERS:
        yield from _in_this_process(itertools.chain(first, articles))
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


def _in_this_process(articles: Iterable[Article]) -> Iterator[Result]:
    """The same without others, but for what is so long that it may take too much."""
    with ExitStack() as stack:
        workers: _Workers | None = None
        for article in articles:
            if len(article.text) > MIN_CHARACTERS_FOR_WORKER:
                workers = workers or stack.enter_context(_Workers(1))
                yield article, workers.submit(article).result()
            else:
                yield from extractions_here([article])


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
        here = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, *COMMAND, str(budget.SECONDS), str(budget.PER_CHARACTER)],
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
                if ended == -signal.SIGPROF:
                    self._start()
                    taken = too_long(allowance(len(article.text)))
                    return InputError(f"{article.id} could not be read: {taken}")
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
    """Serve until the standard input ends; the arguments are the allowance."""
    budget.SECONDS, budget.PER_CHARACTER = map(float, sys.argv[-2:])
    limit_memory(MAX_WORKER_BYTES)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries print what they like
    while True:
        try:
            article = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        found: Quotes | OnRecordError
        try:
            list(extractions_here([]))  # the parser is loaded on nobody's account
            signal.setitimer(signal.ITIMER_PROF, HARD * allowance(len(article.text)))
            ((_, found),) = extractions_here([article])
        except MissingExtra as error:
            found = error
        signal.setitimer(signal.ITIMER_PROF, 0)
        pickle.dump(found, results)
        results.flush()


if __name__ == "__main__":
    main()
