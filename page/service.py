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
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from index.errors import InputError, OnRecordError
from index.search.catalog import Catalog
from index.search.statistics import StatementCounts, statement_counts, statement_ids
from index.settings import Settings, cores
from index.storage.corrections import Correction
from index.storage.store import TRUTH
from index.storage.suggestions import Suggestion, kept_suggestions
from index.text.escape import on_one_line
from index.text.folding import fold, words
from index.types import Article, Quote
from page.articles import ARTICLES
from page.exports import exported, file_name
from page.feed import atom
from page.leads import Leads, is_nameable, leads, leans, limits
from page.statements import Wanted
from page.turns import Holdings
from page.words import FAULTS, count, date
from rag import Answer, OnRecord
from rag.answering.verify import statement_citation
from rag.json_form import answer_json
from rag.lang import asking
from rag.types import Citation, Event, Filters, Turn

if TYPE_CHECKING:
    from rag.check.types import Check
    from rag.llm.guest import Guest

_Made = TypeVar("_Made")

GUESTS = 16
"""Questions that may wait for a language model at the same time."""

REMEMBERED_QUESTIONS = 4096
"""Questions of which it is known whether they are answered."""

LISTED = 40
"""Statements of a person that the page lists; an export has all of them."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file to save."""

    name: str
    form: str
    content: bytes


EXAMPLES = 4
"""Questions that an empty page offers at most."""


class Desk:
    """Answers, statements, counts and corrections from one index."""

    def __init__(
        self,
        index: str | Path | None,
        *,
        allow_add: bool = False,
        curate: bool = False,
        guest: Guest | None = None,
    ) -> None:
        """``curate``: visitors of the page may accept and undo what readers suggest."""
        self.settings = Settings.from_environment(index)
        self.allow_add, self.curate = allow_add, curate
        self._guest = guest
        self._lock = threading.Lock()
        self._bot: OnRecord | None = None
        self._kept: dict[str, Any] = {}
        self._tried: dict[tuple[str, ...], int] = {}

    @property
    def writes(self) -> bool:
        """Whether a language model writes, so that an answer is whole long after it was found."""
        return self._guest is not None

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
        chosen = _typed_filters(filters)
        yield from self.bot.stream(question, history=_history(answers), filters=chosen)

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

    def again(self, turns: Sequence[Mapping[str, str]]) -> list[Answer]:
        """The answers to the questions of an earlier conversation, made anew."""
        answers: list[Answer] = []
        for turn in turns:
            filters = {k: v for k, v in turn.items() if k not in ("question", "alone")}
            history = [] if "alone" in turn else _history(answers)
            answers.append(
                self.bot.answer(turn["question"], history=history, filters=filters, llm=False)
            )
        return answers

    def whole(self, answers: Sequence[Answer], turn: int) -> Answer:
        """The answer of a turn with all statements that answer it."""
        answer = answers[turn - 1]
        if not answer.more:
            return answer
        return self.bot.answer(
            answer.question,
            history=_history(answers[: turn - 1]) if leans(answer) else [],
            filters=limits(answer.interpretation),
            k=len(answer.citations) + answer.more,
            llm=False,
        )

    def leads(self, conversation: Sequence[Answer], filters: Mapping[str, str]) -> Leads:
        """Where a reader can go from the last answer of a conversation; each question that is
        offered has an answer within the filters that are set."""
        return self._leads(conversation, filters, self._found)

    def known_leads(
        self, conversation: Sequence[Answer], filters: Mapping[str, str]
    ) -> Leads | None:
        """As `leads`, if every question that it takes was tried before; else None."""
        try:
            return self._leads(conversation, filters, lambda key: self._tried[key])
        except KeyError:
            return None

    def _leads(
        self,
        conversation: Sequence[Answer],
        filters: Mapping[str, str],
        found: Callable[[tuple[str, ...]], int],
    ) -> Leads:
        """The leads, ``found`` being how many statements answer a question."""

        def answers(question: str, within: Mapping[str, str]) -> int:
            name = self.bot.reader.generation.name
            return found((name, question, *chain.from_iterable(within.items())))

        try:
            beside = self._speakers_beside(conversation[-1]) or self.examples()
            return leads(conversation, _typed_filters(filters), self.counts(), beside, answers)
        except OnRecordError:
            return Leads()

    def _speakers_beside(self, answer: Answer) -> list[str]:
        """A question about each speaker of the article that is cited first."""
        if not answer.citations:
            return []
        catalog = self.bot.reader.generation.catalog
        ids = statement_ids(catalog, article=answer.citations[0].article.id)[:LISTED]
        speakers = (quote.speaker for quote in catalog.quotes(ids))
        names = dict.fromkeys(s.name for s in speakers if s and s.name)
        return [f"What did {name} say?" for name in names if is_nameable(name)]

    def _found(self, key: tuple[str, ...]) -> int:
        """How many statements answer a question, asked by itself; kept until there are many.

        ``key`` is the generation of the index, the question, then name and value of each filter.
        """
        known = self._tried.get(key)
        if known is None:
            _, question, *filters = key
            within = dict(zip(filters[::2], filters[1::2], strict=True))
            found = self.bot.answer(question, filters=within, llm=False)
            known = len(found.citations) + found.more if found.status == "answered" else 0
            if len(self._tried) >= REMEMBERED_QUESTIONS:
                self._tried = {}
            self._tried[key] = known
        return known

    def statements(self, wanted: Wanted, limit: int | None = LISTED) -> tuple[list[Citation], int]:
        """Statements newest first, at most ``limit``, and how many there are in all."""
        catalog = self.bot.reader.generation.catalog
        month = wanted.month
        if wanted.article:
            ids = statement_ids(catalog, article=wanted.article)
        else:
            ids = self.bot.quote_ids(Filters(wanted.speaker, wanted.addressee, "", month, month))
        if wanted.topic:
            topic = set(words(wanted.topic)) - asking().stop_words
            ids = [q.id for q in reversed(catalog.quotes(ids)) if self._is_about(q, topic)]
        quotes = catalog.quotes(ids[:limit])
        return [self._citation(n, quote) for n, quote in enumerate(quotes, 1)], len(ids)

    def _is_about(self, quote: Quote, topic: set[str]) -> bool:
        """Whether a statement, in its sentence, has all words of a topic."""
        text = self.bot.reader.generation.catalog.article(quote.article_id).text
        return topic <= set(words(quote.sentence.slice(text)))

    def articles(self, asked: str, outlet: str) -> tuple[list[tuple[Article, int]], int]:
        """Articles whose titles have all of the words, newest first, with the number of their
        statements; and how many there are."""
        catalog = self.bot.reader.generation.catalog
        every = self._once("articles", lambda: _newest_first(catalog))
        wanted, where = set(words(asked)), fold(outlet)
        found = [
            (article, statements)
            for article, statements in every
            if wanted <= set(words(article.title or article.id)) and where in fold(article.outlet)
        ]
        return found[:ARTICLES], len(found)

    def feed(self, wanted: Wanted) -> bytes:
        """An Atom feed of the newest statements; OnRecordError without an index."""
        found, _ = self.statements(wanted, None if wanted.topic else LISTED)
        return atom(str(wanted), found[-LISTED:])

    def statement(self, quote_id: str) -> Citation | None:
        """One statement; None if the index has it no more."""
        found = self.bot.reader.generation.catalog.quotes([quote_id])
        return self._citation(1, found[0]) if found else None

    def _citation(self, number: int, quote: Quote) -> Citation:
        return statement_citation(number, quote, self.bot.reader.generation.catalog)

    def suggest(self, citation: Citation, part: str, value: str) -> int:
        """Keep what a reader holds to be wrong, until a curator decides; returns its number.

        Raises OnRecordError: InputError for what the article does not have, IndexBusy.
        """
        from index.indexing.build import suggest_correction

        if citation.source is None:
            raise InputError("expected a statement, found a bare sentence; nothing to correct")
        correction = Correction(citation.source, citation.article, part, on_one_line(value))  # type: ignore[arg-type]  # checked there
        return suggest_correction(self.settings, correction)

    def suggest_of_people(self, name: str, other: str, *, same: bool) -> int:
        """Keep that two names are one person's, or are not, until a curator decides; returns the
        number of the suggestion.

        Raises OnRecordError: InputError for a name that is not on record, IndexBusy.
        """
        from index.indexing.build import suggest_of_people

        names = on_one_line(name), on_one_line(other)
        return suggest_of_people(self.settings, *names, same=same)

    def suggest_of_answer(self, question: str, fault: str, value: str) -> int:
        """Keep what a reader holds to be wrong with an answer; returns its number.

        Raises OnRecordError: InputError for an unknown fault, IndexBusy.
        """
        from index.indexing.build import suggest_of_answer

        if fault not in FAULTS:
            raise InputError(f"expected one of {', '.join(FAULTS)}, found {fault[:40]!r}")
        told = ": ".join(filter(None, (FAULTS[fault], on_one_line(value)[:300])))
        return suggest_of_answer(self.settings, on_one_line(question), told)

    def spellings(self, speaker: str) -> tuple[str, ...]:
        """The names on record of a person, by one of them; none for anybody else."""
        catalog = self.bot.reader.generation.catalog
        person = catalog.person_of.get(speaker)
        return next((p.names for p in catalog.people if p.name == person), ())

    def decide(self, number: int, *, accept: bool, own: bool = False) -> None:
        """Accept a suggestion, or undo one; whoever made it may undo it while it waits.

        Raises OnRecordError: InputError for who may not and for what there is not, IndexBusy.
        """
        from index.indexing.build import accept_correction, undo_correction

        waiting = self.suggestion(number).state == "pending"
        if not (self.curate or (own and waiting and not accept)):
            raise InputError("expected a curator; start the page with --curate")
        if accept:
            accept_correction(self.settings, number)
        else:
            undo_correction(self.settings, number)

    def suggestions(self, **of: str | int) -> list[Suggestion]:
        """What readers suggested, the newest last; of it what has the values ``of`` some fields."""
        return kept_suggestions(self.settings.index / TRUTH, **of)

    def suggestion(self, number: int) -> Suggestion:
        """The suggestion of this number; InputError if there is none."""
        for one in self.suggestions(number=number):
            return one
        raise InputError("expected a suggestion, found none; load the page again")

    def parcel(self, told: Mapping[str, str], answers: Sequence[Answer], wanted: Wanted) -> Parcel:
        """An answer, or somebody's statements, as a file; InputError for another wish."""
        form = told.get("form", "")
        try:
            if "turn" in told:
                answer = self.whole(answers, int(told["turn"]))
                title, text, citations = answer.question, answer.text, list(answer.citations)
            else:
                title, text = str(wanted), ""
                citations, _ = self.statements(wanted, limit=None)
            return Parcel(file_name(title, form), form, exported(form, title, text, citations))
        except (ValueError, IndexError, KeyError) as error:
            raise InputError("expected an answer to export, found none; ask again") from error

    def counts(self) -> StatementCounts:
        """Who speaks how often and to whom; OnRecordError without an index."""
        catalog = self.bot.reader.generation.catalog
        return self._once("counts", lambda: statement_counts(catalog))

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

    def holdings(self) -> Holdings:
        """What the corpus holds; OnRecordError without an index."""
        return self._once("holdings", self._holdings)

    def _holdings(self) -> Holdings:
        catalog = self.bot.reader.generation.catalog
        counts = catalog.counts()
        first, last = catalog.dates()
        dates = f", {date(first)} to {date(last)}" if first else ""
        taken = self.bot.reader.generation.manifest.taken
        fresh = f"; last change {date(taken)}" if taken else ""
        held = (("articles", "article"), ("quotes", "statement"), ("speakers", "speaker"))
        line = ", ".join(count(counts[key], one) for key, one in held) + dates + fresh
        without = "SELECT count(*) FROM articles WHERE published = ''"
        return Holdings(line, sum(n for (n,) in catalog.rows(without)))

    def examples(self) -> list[str]:
        """Up to four questions that the index at hand answers; none without an index."""
        try:
            return list(self.bot.examples(EXAMPLES))
        except OnRecordError:
            return []

    def _once(self, what: str, make: Callable[[], _Made]) -> _Made:
        """Something costly, made once for each generation of the index."""
        name = self.bot.reader.generation.name
        key = f"{what} of {name}"
        if key not in self._kept:
            others = {k: v for k, v in self._kept.items() if k.endswith(name)}
            self._kept = others | {key: make()}
        made: _Made = self._kept[key]
        return made

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


def _typed_filters(fields: Mapping[str, str]) -> dict[str, str]:
    """The filters that are set."""
    return {name: text.strip() for name, text in fields.items() if text.strip()}


def _newest_first(catalog: Catalog) -> list[tuple[Article, int]]:
    """All articles without their texts, and how many statements each has."""
    rows = catalog.rows(
        "SELECT articles.id, title, outlet, published, count(quotes.id) FROM articles LEFT JOIN "
        "quotes ON article_id = articles.id AND modality = 'asserted' GROUP BY articles.id "
        "ORDER BY published DESC, articles.id"
    )
    return [
        (Article(name, "", title, outlet=outlet, published=published), statements)
        for name, title, outlet, published, statements in rows
    ]


def _history(answers: Sequence[Answer]) -> list[Turn]:
    """The turns before, as the chain takes them."""
    return [t for a in answers for t in (Turn("user", a.question), Turn("assistant", a.text))]


def failure_message(error: Exception) -> str:
    """What to tell a visitor of an error: what was expected, or a token for the log."""
    if isinstance(error, OnRecordError):
        return str(error)
    token = uuid.uuid4().hex[:8]
    print(f"onrecord: error {token}: {error!r}", file=sys.stderr)
    return f"Something failed and nothing was lost; ask again (error {token})."
