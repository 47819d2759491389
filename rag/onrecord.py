"""An index, opened for questions."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langsmith import tracing_context

from index.embed import load_embedder
from index.errors import IndexUnusable
from index.generation import Generation, current
from index.settings import EXTRACTOR, SCHEMA, Fingerprint, Settings
from index.types import Quote
from rag.chain import QuoteRetriever, QuoteTool, Reader, chain, retriever_tool
from rag.given import filters as checked
from rag.given import turns
from rag.guest import invited
from rag.types import Answer, Filters

if TYPE_CHECKING:
    from rag.guest.guest import Guest
    from rag.guest.provider import BaseChatModel
    from rag.guest.settings import GuestSettings


class OnRecord:
    """Answers questions from one index; safe to share between threads.

    It notices at the next question that a new generation was published, and moves on
    to it; an answer comes whole from one generation.
    """

    def __init__(self, settings: Settings, guest: Guest | None = None) -> None:
        """``guest`` is a language model that may be asked; without one nothing is."""
        self._settings = settings
        self._guest = guest
        self._embedder = load_embedder(settings.embedder)
        self._lock = threading.Lock()
        self._reader = self._open()

    @classmethod
    def open(
        cls,
        index: str | Path | None = None,
        *,
        embedder: str | None = None,
        llm: str | GuestSettings | BaseChatModel | None = None,
    ) -> OnRecord:
        """The index in a folder, or the default one.

        ``llm`` is a language model that may be asked: "provider:model", settings for one, or
        a LangChain chat model; None takes ONRECORD_LLM, and without that, and for "", none.
        Raises IndexUnusable if the index is absent, empty, damaged or made with another
        model, InputError or MissingExtra for a language model that cannot be set up.
        """
        return cls(Settings.from_environment(index, embedder), invited(llm))

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
        return Reader.of(generation, e)

    @property
    def reader(self) -> Reader:
        """The newest generation; the one before it closes when nobody reads it any more."""
        with self._lock:
            if current(self._settings.index) not in ("", self._reader.generation.name):
                self._reader = self._open()
            return self._reader

    def answer(
        self,
        question: str,
        *,
        history: Sequence[Any] | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        llm: bool = True,
    ) -> Answer:
        """What is on record; an honest no with its reason if nothing is.

        ``history`` are the turns before, oldest first: Turn values or mappings with
        "role" and "content".  ``filters`` (speaker, addressee, outlet, since, until,
        kind) hold whatever the question says.  ``llm`` lets the language model be asked, if
        there is one.  Raises InputError for an empty or overlong question, and for filters
        that there are not.
        """
        asked = {"text": question, "history": turns(history), "filters": checked(filters)}
        with tracing_context(enabled=False):
            reader = self.reader
            asks = self._guest if llm else None
            visit = asks.visit(reader.directory, reader.generation.catalog) if asks else None
            return chain(reader, visit).invoke(asked)

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
        return QuoteRetriever(reader=self.reader, k=k)

    def as_tool(self, *, k: int = 8) -> QuoteTool:
        """The same as a LangChain tool, with the documents as its artifact."""
        return retriever_tool(self.as_retriever(k=k))
