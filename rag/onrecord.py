"""An index, opened for questions."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from langsmith import tracing_context

from index.embed import load_embedder
from index.errors import IndexUnusable, OnRecordError
from index.generation import Generation, current
from index.settings import EXTRACTOR, SCHEMA, Fingerprint, Settings
from index.types import Quote
from rag.chain import QuoteRetriever, QuoteTool, Reader, chain, retriever_tool
from rag.given import filters as checked
from rag.given import turns
from rag.types import Answer, Filters

FOLLOWED = 2.0
"""Seconds after which an idle reader looks whether a new generation was published."""


class OnRecord:
    """Answers questions from one index; safe to share between threads.

    It moves on to a new generation at the next question, or by itself within seconds;
    what was removed from the index is then gone from its private copy, too.  An answer
    comes whole from one generation.  Close it, or use it in a ``with`` statement.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._embedder = load_embedder(settings.embedder)
        self._lock = threading.Lock()
        self._reader: Reader | None = self._open()
        self._closed = threading.Event()
        weakref.finalize(self, self._closed.set)
        threading.Thread(
            target=_follow, args=(weakref.ref(self), self._closed), name="onrecord", daemon=True
        ).start()

    @classmethod
    def open(cls, index: str | Path | None = None, *, embedder: str | None = None) -> OnRecord:
        """The index in a folder, or the default one.

        Raises IndexUnusable if it is absent, empty, damaged or made with another model.
        """
        return cls(Settings.from_environment(index, embedder))

    def _open(self) -> Reader:
        generation = Generation(self._settings.index)
        made = generation.manifest.fingerprint
        e = self._embedder
        mine = Fingerprint(SCHEMA, EXTRACTOR, e.name, e.weights, e.dimension)
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

        Raises IndexUnusable if it cannot be read, or after ``close``.
        """
        with self._lock:
            if self._reader is None:
                raise IndexUnusable("expected an open index, found a closed one; open it again")
            if current(self._settings.index) not in ("", self._reader.generation.name):
                self._reader = self._open()
            return self._reader

    def close(self) -> None:
        """Give up the private copy of the index, once the last answer from it is made."""
        self._closed.set()
        with self._lock:
            self._reader = None

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
    ) -> Answer:
        """What is on record; an honest no with its reason if nothing is.

        ``history`` are the turns before, oldest first: Turn values or mappings with
        "role" and "content".  ``filters`` (speaker, addressee, outlet, since, until,
        kind) hold whatever the question says.  Raises InputError for an empty or
        overlong question, and for filters that there are not.
        """
        asked = {"text": question, "history": turns(history), "filters": checked(filters)}
        with tracing_context(enabled=False):
            return chain(self.reader).invoke(asked)

    def quotes(self, *, speaker: str = "", addressee: str = "") -> list[Quote]:
        """All statements of, or to, the people that a name or a role stands for."""
        reader = self.reader
        slots: dict[str, Iterable[str]] = {}
        for slot, name in (("speakers", speaker), ("addressees", addressee)):
            if name:
                slots[slot] = reader.directory.find(name).people or (name,)
        catalog = reader.generation.catalog
        return catalog.quotes(catalog.quote_ids(**slots))

    def as_retriever(self, *, k: int = 8) -> QuoteRetriever:
        """A LangChain retriever over the same evidence."""
        return QuoteRetriever(readers=lambda: self.reader, k=k)

    def as_tool(self, *, k: int = 8) -> QuoteTool:
        """The same as a LangChain tool, with the documents as its artifact."""
        return retriever_tool(self.as_retriever(k=k))


def _follow(followed: weakref.ref[OnRecord], closed: threading.Event) -> None:
    """Move on to each new generation, until the index is closed or forgotten."""
    while not closed.wait(FOLLOWED):
        if (index := followed()) is None:
            return
        # An index that cannot be read is told to whoever asks next.
        with contextlib.suppress(OnRecordError, OSError):
            index.reader  # noqa: B018 - moves on
        del index
