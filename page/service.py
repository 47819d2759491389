"""What the page's events ask for: one desk for all visitors, who bring their own answers."""

from __future__ import annotations

import datetime
import json
import os
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError, OnRecordError
from index.search.statistics import Census, census
from index.settings import Settings, cores
from index.storage.corrections import Correction, corrected_parts
from index.types import Quote
from page.dates import day
from page.exports import exported, file_name
from page.statements import Wanted
from page.words import count, date
from rag import Answer, OnRecord
from rag.answering.verify import citation_of
from rag.json_form import answer_json
from rag.types import Citation, Event, Evidence, Filters, Turn

if TYPE_CHECKING:
    from rag.check.types import Check
    from rag.llm.guest import Guest

GUESTS = 16
"""Questions that may wait for a language model at the same time."""

LISTED = 40
"""Statements of a person that the page lists; an export has all of them."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file to save."""

    name: str
    form: str
    content: str


EXAMPLES = 4
"""Questions that an empty page offers at most."""


class Desk:
    """Answers, statements, counts and corrections from one index."""

    def __init__(
        self, index: str | Path | None, *, allow_add: bool = False, guest: Guest | None = None
    ) -> None:
        self.settings = Settings.from_environment(index)
        self.allow_add = allow_add
        self._guest = guest
        self._lock = threading.Lock()
        self._bot: OnRecord | None = None
        self._kept: dict[str, Any] = {}

    @property
    def at_once(self) -> int:
        """Questions that are worked on at the same time.

        They are work for the processor, so that more of them than cores only make each
        other, and the server, wait; those for a language model wait for that.
        """
        return GUESTS if self._guest else cores()

    @property
    def bot(self) -> OnRecord:
        """The opened index; OnRecordError while there is none."""
        with self._lock:
            if self._bot is None:
                self._bot = OnRecord(self.settings, self._guest)
            return self._bot

    def ask(
        self, question: str, answers: Sequence[Answer], filters: Mapping[str, str]
    ) -> Iterator[Event]:
        """The answer as it comes about: reading, findings, prose, and last the whole.

        Raises OnRecordError for what cannot be asked.
        """
        history = [
            turn for a in answers for turn in (Turn("user", a.question), Turn("assistant", a.text))
        ]
        chosen = {k: v.strip() for k, v in filters.items() if v.strip()}
        for name, last in (("since", False), ("until", True)):
            if name in chosen:
                chosen[name] = day(chosen[name], last=last)
        yield from self.bot.stream(question, history=history, filters=chosen)

    def answer(
        self,
        question: str,
        history: list[dict[str, str]] | None = None,
        filters: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """The JSON form of an answer, for programs."""
        return answer_json(self.bot.answer(question, history=history, filters=filters))

    def check(self, text: str, progress: Callable[[int, int], object]) -> Check:
        """The verdicts on a draft, which is not kept; OnRecordError for what is no draft."""
        return self.bot.check(text, progress=progress)

    def statements(self, wanted: Wanted, limit: int = LISTED) -> tuple[list[Citation], int]:
        """Statements newest first, at most ``limit``, and how many there are in all."""
        catalog = self.bot.reader.generation.catalog
        month = wanted.month
        ids = self.bot.quote_ids(Filters(wanted.speaker, wanted.addressee, "", month, month))
        quotes = catalog.quotes(ids[:limit])
        return [self._citation(n, quote) for n, quote in enumerate(quotes, 1)], len(ids)

    def statement(self, quote_id: str) -> Citation | None:
        """One statement; None if the index has it no more."""
        found = self.bot.reader.generation.catalog.quotes([quote_id])
        return self._citation(1, found[0]) if found else None

    def _citation(self, number: int, quote: Quote) -> Citation:
        catalog = self.bot.reader.generation.catalog
        article = catalog.article(quote.article_id)
        return citation_of(number, Evidence(article, quote.span, quote.sentence, quote), catalog)

    def corrected(self, citations: Sequence[Citation]) -> dict[str, tuple[str, ...]]:
        """Which parts of these citations a reader put right, by the id of the quote."""
        ids = [c.source.id for c in citations if c.source]
        return corrected_parts(self.bot.reader.generation.catalog, ids) if ids else {}

    def correct(self, citation: Citation, part: str, value: str) -> Citation | None:
        """Keep what a reader put right; returns the statement as it reads now.

        Raises OnRecordError: InputError for what the article does not have, or where nobody may
        add; IndexBusy.
        """
        from index.indexing.build import correct

        if not self.allow_add:
            raise InputError(
                "expected leave to change the index for everybody; start the page with --allow-add"
            )
        if citation.source is None:
            raise InputError("expected a statement, found a bare sentence; nothing to correct")
        correction = Correction(citation.source, citation.article, part, " ".join(value.split()))  # type: ignore[arg-type]  # checked there
        correct(self.settings, correction)
        return self.statement(citation.source.id)

    def parcel(self, told: Mapping[str, str], answers: Sequence[Answer], wanted: Wanted) -> Parcel:
        """An answer, or somebody's statements, as a file; InputError for another wish."""
        form = told.get("form", "")
        try:
            if "turn" in told:
                answer = answers[int(told["turn"]) - 1]
                title, text, citations = answer.question, answer.text, list(answer.citations)
            else:
                title, text = str(wanted), ""
                citations, _ = self.statements(wanted, limit=2000)
            return Parcel(file_name(title, form), form, exported(form, title, text, citations))
        except (ValueError, IndexError, KeyError) as error:
            raise InputError("expected an answer to export, found none; ask again") from error

    def census(self) -> Census:
        """Who speaks how often and to whom; OnRecordError without an index."""
        found: Census = self._once("census", lambda: census(self.bot.reader.generation.catalog))
        return found

    def people(self) -> list[str]:
        """The names that a form can suggest, most quoted first; none without an index."""
        try:
            return [p.name for p in self.bot.reader.generation.catalog.people[:400]]
        except OnRecordError:
            return []

    def outlets(self) -> list[str]:
        """The outlets of the corpus; none without an index."""
        try:
            return self.bot.reader.generation.catalog.outlets()
        except OnRecordError:
            return []

    def holdings(self) -> str:
        """What the corpus holds, in a line; OnRecordError without an index."""
        found: str = self._once("holdings", self._holdings)
        return found

    def _holdings(self) -> str:
        catalog = self.bot.reader.generation.catalog
        counts = catalog.counts()
        first, last = catalog.dates()
        dates = f", {date(first)} to {date(last)}" if first else ""
        held = (("articles", "article"), ("quotes", "statement"), ("speakers", "speaker"))
        return ", ".join(count(counts[key], one) for key, one in held) + dates

    def examples(self) -> list[str]:
        """Up to four questions that the index at hand answers; none without an index."""
        try:
            return list(self.bot.examples(EXAMPLES))
        except OnRecordError:
            return []

    def _once(self, what: str, make: Any) -> Any:
        """Something costly, made once for each generation of the index."""
        name = self.bot.reader.generation.name
        key = f"{what} of {name}"
        if key not in self._kept:
            found = make()
            self._kept = {k: v for k, v in self._kept.items() if k.endswith(name)} | {key: found}
        return self._kept[key]

    def unready(self) -> str:
        """Why no question can be answered now; "" if there is an index that can be read."""
        try:
            _ = self.bot.reader
        except OnRecordError as error:
            return str(error)
        return ""

    def busy(self) -> str:
        """Since when another process has been changing the index; "" if none is."""
        try:
            note = json.loads((self.settings.index / "writer.json").read_text())
            if int(note["pid"]) != os.getpid():
                os.kill(int(note["pid"]), 0)  # gone: the note was left by a killed process
            return datetime.datetime.fromisoformat(note["since"]).isoformat()
        except (OSError, ValueError, KeyError, TypeError):
            return ""


def failure_message(error: Exception) -> str:
    """What to tell a visitor of an error: what was expected, or a token for the log."""
    if isinstance(error, OnRecordError):
        return str(error)
    token = uuid.uuid4().hex[:8]
    print(f"onrecord: error {token}: {error!r}", file=sys.stderr)
    return f"Something failed and nothing was lost; ask again (error {token})."
