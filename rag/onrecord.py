"""An index, opened for questions."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langsmith import tracing_context

from index.embedding.embed import load_embedder
from index.errors import IndexUnusable, InputError, OnRecordError
from index.search.statistics import statement_ids
from index.settings import EXTRACTOR, SCHEMA, Fingerprint, Settings
from index.storage.snapshot import Generation, current
from index.types import Quote
from rag.answering.examples import SUGGESTED
from rag.chain import chain
from rag.llm import invited
from rag.pipeline import K, Reader, Request, stream, suggestions
from rag.requests import conversation_turns
from rag.requests import filters as checked
from rag.retriever import QuoteRetriever, QuoteTool, retriever_tool
from rag.types import Answer, AsOf, Event, Filters

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from index.indexing.build import IndexReport
    from rag.check.desk import DraftChecker
    from rag.check.types import Check
    from rag.llm.guest import Guest, Visit
    from rag.llm.provider import BaseChatModel
    from rag.llm.settings import GuestSettings

FOLLOWED = 2.0
"""Seconds after which an idle reader looks whether a new generation was published."""


class OnRecord:
    """Answers questions from one index; safe to share between threads.

    It moves on to a new generation at the next question, or by itself within seconds;
    what was removed from the index is then gone from its private copy, too.  An answer
    comes whole from one generation.  Close it, or use it in a ``with`` statement.
    """

    def __init__(self, settings: Settings, guest: Guest | None = None) -> None:
        """``guest`` is a language model that may be asked; without one nothing is."""
        self._settings = settings
        self._guest = guest
        self._embedder = load_embedder(settings.embedder)
        self._lock = threading.Lock()
        self._reader: Reader | None = self._open() if current(settings.index) else None
        self._held_desk: DraftChecker | None = None
        self._closed = threading.Event()
        weakref.finalize(self, self._closed.set)
        threading.Thread(
            target=_follow, args=(weakref.ref(self), self._closed), name="onrecord", daemon=True
        ).start()

    @classmethod
    def open(
        cls,
        index: str | Path | None = None,
        *,
        embedder: str | None = None,
        llm: str | GuestSettings | BaseChatModel | None = None,
    ) -> OnRecord:
        """Return the index in a folder, or the default one; one that is not there yet can be
        filled.

        ``llm`` is a language model that may be asked: "provider:model", settings for one, or
        a LangChain chat model; None takes ONRECORD_LLM, and without that, and for "", none.
        Raises IndexUnusable if the index is damaged or made with another model, InputError
        or MissingExtra for a language model that cannot be set up.
        """
        return cls(Settings.from_environment(index, embedder), invited(llm))

    def _open(self, before: Reader | None = None) -> Reader:
        generation = Generation(self._settings.index, before.generation if before else None)
        made = generation.manifest.fingerprint
        e = self._embedder
        mine = Fingerprint(SCHEMA, EXTRACTOR, e.name, e.fingerprint, e.dimension)
        if difference := made.differences(mine):
            generation.close()
            raise IndexUnusable(
                f"the index was made with other parts ({difference}); name them "
                "(--embedder), or run: python -m index rebuild"
            )
        reader = Reader.of(generation, e)
        # Whoever still reads a generation that was replaced holds its reader.
        weakref.finalize(reader, generation.close)
        return reader

    @property
    def reader(self) -> Reader:
        """The newest generation; the one before it closes when nobody reads it any more.

        Raises IndexUnusable while there is none, if it cannot be read, or after ``close``.
        """
        with self._lock:
            if self._closed.is_set():
                raise IndexUnusable("expected an open index, found a closed one; open it again")
            held = self._reader
            if held is None or current(self._settings.index) not in ("", held.generation.name):
                self._reader = held = self._open(held)
                self._held_desk = None  # it holds the generation before
            return held

    def add(
        self, paths: Sequence[str | Path], *, encoding: str = "", allow_url: bool = False
    ) -> IndexReport:
        """Index the articles of files, folders and, where allowed, addresses.

        The next question is answered from them.  ``encoding`` is that of files which do
        not say theirs and are not UTF-8.  Raises InputError for a path that is not there
        and for an address without ``allow_url``, IndexBusy, DiskError.
        """
        from index.indexing.build import add
        from index.ingest.load import Options

        if isinstance(paths, str | Path):
            raise InputError(f"expected a list of paths, found {paths!r}; give [{paths!r}]")
        return add(paths, self._settings, options=Options(encoding, allow_url))

    def close(self) -> None:
        """Give up the private copy of the index, once the last answer from it is made."""
        self._closed.set()
        with self._lock:
            self._reader = self._held_desk = None

    def __enter__(self) -> OnRecord:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(
        self,
        question: str,
        *,
        history: Sequence[Any] | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        k: int = K,
        llm: bool = True,
    ) -> Answer:
        """Return what is on record; an honest no with its reason if nothing is.

        ``history`` are the turns before, oldest first: Turn values or mappings with
        "role" and "content".  ``filters`` (speaker, addressee, outlet, since, until,
        kind) hold whatever the question says.  ``k`` is the most that is cited.  ``llm`` lets
        the language model be asked, if there is one.  Raises InputError for an empty or
        overlong question, and for filters that there are not.
        """
        request = _request(question, history, filters, k)
        with tracing_context(enabled=False):
            reader = self.reader
            answer = chain(reader, self._visit(reader) if llm else None).invoke(request)
            return replace(answer, as_of=_as_of(reader))

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Any] | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        k: int = K,
    ) -> Iterator[Event]:
        """Yield the answer of `answer` as it comes about: a Reading, Findings, Prose, the Answer.

        Takes and raises what `answer` does.  To stop, read no further.
        """
        request, reader = _request(question, history, filters, k), self.reader
        return _untraced(stream(reader, request, self._visit(reader)), _as_of(reader))

    def check(
        self,
        text: str,
        *,
        name: str = "",
        progress: Callable[[int, int], object] = lambda _done, _all: None,
    ) -> Check:
        """The verdicts on the quotations and attributed statements of a draft, which is not kept.

        ``name`` is what the draft is called, ``progress`` is told of how many of how many
        claims are done.  Raises InputError for a draft without text, and for an overlong one.
        """
        if not isinstance(text, str):
            raise InputError(f"expected a draft as text, found {type(text).__name__}")
        with tracing_context(enabled=False):
            return self._desk().check(text, name, progress)

    def _desk(self) -> DraftChecker:
        """The desk of the newest generation, made when a draft is first checked against it."""
        from rag.check.desk import DraftChecker

        reader = self.reader
        with self._lock:
            if self._held_desk is None or self._held_desk.reader is not reader:
                self._held_desk = DraftChecker(reader)
            return self._held_desk

    def _visit(self, reader: Reader) -> Visit | None:
        """Return the language model for one question, whose time begins now; None without one."""
        if self._guest is None:
            return None
        return self._guest.visit(reader.directory, reader.generation.catalog)

    def quotes(
        self,
        *,
        speaker: str = "",
        addressee: str = "",
        since: str = "",
        until: str = "",
        outlet: str = "",
        kind: str = "",
    ) -> list[Quote]:
        """Return what somebody is reported to have said, newest first; empty strings ask for any.

        ``speaker`` and ``addressee`` are names or roles, the rest is as in `Filters`.
        What an article says was *not* said is left out.  Raises InputError for a date
        that is not ISO and a kind that there is not.
        """
        wanted = Filters(speaker, addressee, outlet, since, until, kind)
        catalog = self.reader.generation.catalog
        return catalog.quotes(self.quote_ids(wanted))

    def quote_ids(self, wanted: Filters) -> list[str]:
        """Return the ids of `quotes`, without reading these."""
        asked = checked(wanted) or wanted
        reader = self.reader
        speakers, addressees = (
            (reader.directory.find(name).people or (name,)) if name else ()
            for name in (asked.speaker, asked.addressee)
        )
        return statement_ids(
            reader.generation.catalog,
            speakers=speakers,
            addressees=addressees,
            since=asked.since,
            until=asked.until,
            outlet=asked.outlet,
            kind=asked.kind,
        )

    def examples(self, limit: int = SUGGESTED) -> tuple[str, ...]:
        """Return at most ``limit`` questions that the index answers, the most quoted people
        first."""
        return suggestions(self.reader, limit)

    def as_retriever(self, *, k: int = 8) -> QuoteRetriever:
        """Return a LangChain retriever over the evidence that answers are made of."""
        return QuoteRetriever(readers=lambda: self.reader, k=k)

    def as_tool(self, *, k: int = 8) -> QuoteTool:
        """Return the retriever as a LangChain tool, with the documents as its artifact."""
        return retriever_tool(self.as_retriever(k=k))

    def as_answer_tool(self, *, direct: bool = True) -> BaseTool:
        """A LangChain tool that answers, with the message of `as_message` as its artifact.

        ``direct`` hands the answer to the user word for word, past the agent's model.
        """
        from rag.message import answer_tool

        return answer_tool(self.answer, direct=direct)


def _follow(followed: weakref.ref[OnRecord], closed: threading.Event) -> None:
    """Move on to each new generation, until the index is closed or forgotten."""
    while not closed.wait(FOLLOWED):
        if (index := followed()) is None:
            return
        # An index that cannot be read is told to whoever asks next.
        with contextlib.suppress(OnRecordError, OSError):
            index.reader  # noqa: B018 - moves on
        del index


def _request(
    question: str,
    history: Sequence[Any] | None,
    filters: Filters | Mapping[str, Any] | None,
    k: object,
) -> Request:
    """Return the request that the steps take.  Raises InputError for what they cannot take."""
    if not isinstance(k, int) or k < 1:
        raise InputError(f"expected k as a number of citations, 1 or more, found {k!r}")
    return Request(question, conversation_turns(history), checked(filters), k)


def _as_of(reader: Reader) -> AsOf:
    """Return how fresh the archive is that a reader reads."""
    generation = reader.generation
    return AsOf(generation.newest, generation.manifest.taken)


def _untraced(events: Iterator[Event], as_of: AsOf) -> Iterator[Event]:
    """Yield the events, each made with tracing off; between them the caller's own setting holds.

    The answer is told how fresh the archive is.
    """
    while True:
        with tracing_context(enabled=False):
            event = next(events, None)
        if event is None:
            return
        yield replace(event, as_of=as_of) if isinstance(event, Answer) else event
