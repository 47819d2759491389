"""The page's events: what each of them asks the desk for, and which parts it changes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import InputError, OnRecordError
from page.adding import added
from page.corpus import corpus
from page.desk import Desk, Parcel, failure
from page.evidence import NO_EVIDENCE, NOTHING, evidence
from page.exports import MEDIA
from page.guard import Guard
from page.layout import Layout
from page.markup import frame, fresh, notice, said, told
from page.pace import paced
from page.statements import Wanted, statements
from page.theme import theme
from page.turns import Growing, cited, conversation, mended, reworded
from page.visible import attribute, shown
from page.welcome import empty, rebuilding, suggestions, welcome
from rag.types import Answer, Citation

HERE = Path(__file__).parent

Changes = dict[Any, Any]

AT_ONCE = 4
"""Events that are worked on at the same time; the others wait their turn."""

QUEUE = 100
"""Events that may wait; beyond that a visitor is asked to try again."""


SESSIONS = 100
"""Visitors whose answers are kept.  Gradio keeps 10,000, also of those who have left, some
200 kB each: a server grew by 60 MB in five minutes of fifty people."""


class Wiring:
    """A method for each event of the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with gr.Blocks(title="OnRecord", analytics_enabled=False, fill_width=True) as self.blocks:
            self.page = Layout(allow_add=desk.allow_add)
            self._connect()
        self.blocks.queue(max_size=QUEUE, default_concurrency_limit=AT_ONCE)
        self.blocks.state_session_capacity = SESSIONS

    def _connect(self) -> None:
        on, page = self._on, self.page
        asking = [page.answers, *page.filters.values()]
        turn = [page.question, page.answers, page.chat, page.pane, page.problem]
        turn += [page.send, page.stop]
        asked = [
            on(page.question.submit, self.ask, [page.question, *asking], turn),
            on(page.send.click, self.ask, [page.question, *asking], turn),
            on(page.chat.example_select, self.ask_example, asking, turn),
            on(page.chat.edit, self.ask_edited, asking, turn),
        ]
        # Cancelling and drawing apart: Gradio sends what cancels by a route that the guard
        # keeps shut.
        page.stop.click(None, cancels=asked, api_visibility="private")
        on(page.stop.click, self.stopped, [page.answers], turn)
        beside = [page.pane, page.wanted, page.problem]
        for part in (page.chat, page.pane, page.corpus):
            on(part.select, self.show, [page.answers], beside)
            on(part.expand, self.list_statements, [], beside)
            on(part.download, self.export, [page.answers, page.wanted], [page.problem])
        on(page.pane.apply, self.correct, [page.answers], [*beside, page.answers, page.chat])
        on(page.clear.click, self.no_filters, [], list(page.filters.values()))
        greeted = [page.chat, page.names, page.corpus]
        on(self.blocks.load, self.greet, [page.answers], greeted)
        on(page.corpus_tab.select, self.look, [], [page.corpus])
        if self._desk.allow_add:
            given = [page.files, *page.paste.values()]
            changed = [page.report, page.files, page.paste["text"]]
            done = on(page.add.click, self.add_articles, given, changed, concurrency_limit=1)
            on(done.then, self.greet, [page.answers], greeted)
        gr.api(self._desk.answer, api_name="answer")

    @staticmethod
    def _on(
        event: Any, does: Callable[..., Any], given: list[Any], changed: list[Any], **more: Any
    ) -> Any:
        return event(does, given, changed, api_visibility="private", show_progress="hidden", **more)

    def ask(self, question: str, answers: list[Answer], *filters: str) -> Iterator[Changes]:
        """The turn as it grows: what is being done, reading and cards, then the summary."""
        yield from paced(self._asked(question or "", answers, filters))

    def ask_example(
        self, event: gr.EventData, answers: list[Answer], *filters: str
    ) -> Iterator[Changes]:
        """As `ask`, with a question that the page offered."""
        yield from self.ask(told(event).get("question", ""), answers, *filters)

    def ask_edited(
        self, event: gr.EventData, answers: list[Answer], *filters: str
    ) -> Iterator[Changes]:
        """As `ask`, with the reading of a question put right."""
        fields = told(event)
        chosen = dict(zip(self.page.filters, filters, strict=True))
        chosen |= {name: fields[name] for name in ("since", "until") if fields.get(name)}
        yield from self.ask(reworded(fields), answers, *chosen.values())

    def _asked(
        self, question: str, answers: list[Answer], filters: Sequence[str]
    ) -> Iterator[Changes]:
        number = len(answers) + 1
        growing, answer = Growing(question, number), None
        yield {
            **self._working(True),
            self.page.problem: "",
            self.page.chat: self._conversation(answers, str(growing)),
        }
        chosen = dict(zip(self.page.filters, (f or "" for f in filters), strict=True))
        try:
            for event in self._desk.ask(question, answers, chosen):
                if isinstance(event, Answer):
                    answer = event
                else:
                    growing = growing.after(event)
                    yield {self.page.chat: self._conversation(answers, str(growing))}
            if answer is None:
                raise InputError("expected an answer, found none; ask again")
        except Exception as error:
            yield {
                **self._working(False),
                self.page.question: question,
                self.page.chat: self._conversation(answers),
                self.page.problem: notice(failure(error)),
            }
            return
        every = [*answers, answer]
        pane = (
            self._evidence(answer.citations[0], {"turn": number, "number": 1}, calm=True)
            if answer.citations
            else fresh(NO_EVIDENCE)
        )
        yield {
            **self._working(False),
            self.page.question: "",
            self.page.answers: every,
            self.page.chat: self._conversation(every),
            self.page.pane: pane,
            self.page.problem: "",
        }

    def _working(self, busy: bool) -> Changes:
        """Stop instead of Ask, or the other way round."""
        return {
            self.page.send: gr.Button(visible=not busy),
            self.page.stop: gr.Button(visible=busy),
        }

    def stopped(self, answers: list[Answer]) -> Changes:
        """The page as it was before a question that was stopped."""
        return {
            **self._working(False),
            self.page.chat: self._conversation(answers),
            self.page.problem: said("Stopped. Nothing was lost."),
        }

    def greet(self, answers: list[Answer]) -> Changes:
        """The page for the index as it is now."""
        names = suggestions(self._desk.people(), self._desk.outlets())
        return {
            self.page.chat: self._conversation(answers),
            self.page.names: frame(names),
            self.page.corpus: self.look()[self.page.corpus],
        }

    def look(self) -> Changes:
        """The corpus view."""
        try:
            inner = corpus(self._desk.census(), self._desk.holdings())
        except OnRecordError as error:
            inner = f'<p class="alert" role="alert">{shown(str(error))}</p>'
        return {self.page.corpus: frame(inner, classes="corpus")}

    def _conversation(self, answers: Sequence[Answer], growing: str = "") -> str:
        """The welcome, all turns, and the one that is growing."""
        desk, busy = self._desk, self._desk.busy()
        try:
            holdings = desk.holdings()
            greeting = welcome(holdings, desk.examples(), allow_add=desk.allow_add, busy=busy)
        except OnRecordError as error:
            holdings = ""
            greeting = empty(str(error), allow_add=desk.allow_add, busy=busy)
        if answers or growing:
            greeting = rebuilding(busy)
        inner = greeting + conversation(answers, holdings) + growing
        return f'<div class="onrecord chat" role="log" aria-label="Answers">{inner}</div>'

    def _evidence(
        self, citation: Citation, place: dict[str, Any], *, report: bool = False, calm: bool = False
    ) -> str:
        """The article of a citation; ``calm`` shows it without taking the focus there."""
        parts = self._desk.corrected([citation]).get(citation.source.id if citation.source else "")
        mended = ""
        if parts:
            mended = f'<p class="mended">Corrected by a reader: {shown(", ".join(parts))}.</p>'
        inner = mended + evidence(citation, report=report, **place)
        found = fresh(inner, classes="pane")
        return found.replace(' data-passage="1"', ' data-passage="quiet"', 1) if calm else found

    def show(self, answers: list[Answer], event: gr.EventData) -> Changes:
        """The article of the chosen citation or statement."""
        fields = told(event)
        try:
            if "quote" in fields:
                found = self._desk.statement(fields["quote"])
                place: dict[str, Any] = {"quote": fields["quote"]}
            else:
                found = cited(answers, fields)
                place = {k: v for k, v in fields.items() if k in ("turn", "number", "near_number")}
            if found is None:
                return {self.page.problem: notice(GONE)}
            report = "report" in fields
            return {
                self.page.pane: self._evidence(found, place, report=report),
                self.page.problem: "",
            }
        except Exception as error:
            return {self.page.problem: notice(failure(error))}

    def list_statements(self, event: gr.EventData) -> Changes:
        """All that the chosen person said, or was told."""
        fields = told(event)
        wanted = Wanted(*(fields.get(name, "") for name in ("speaker", "addressee", "month")))
        try:
            found, total = self._desk.statements(wanted)
        except Exception as error:
            return {self.page.problem: notice(failure(error))}
        pane = fresh(statements(wanted, found, total), classes="pane")
        return {self.page.pane: pane, self.page.wanted: wanted, self.page.problem: ""}

    def export(self, answers: list[Answer], wanted: Wanted, event: gr.EventData) -> Changes:
        """A file to save, given to the browser as a link that saves itself."""
        try:
            return {self.page.problem: _saved(self._desk.parcel(told(event), answers, wanted))}
        except Exception as error:
            return {self.page.problem: notice(failure(error))}

    def correct(self, answers: list[Answer], event: gr.EventData) -> Changes:
        """Keep what a reader put right, and show the statement as it reads now."""
        fields = told(event)
        try:
            old = (
                self._desk.statement(fields["quote"])
                if "quote" in fields
                else cited(answers, fields)
            )
            if old is None or old.source is None:
                return {self.page.problem: notice(GONE)}
            new = self._desk.correct(old, fields.get("part", ""), fields.get("value", ""))
        except Exception as error:
            return {self.page.problem: notice(failure(error))}
        thanks = said("Saved. Answers use it from now on, and it stays when the index is rebuilt.")
        if new is None:
            return {self.page.pane: fresh(NOTHING), self.page.problem: thanks}
        every = mended(answers, new)
        return {
            self.page.pane: self._evidence(new, {"quote": old.source.id}),
            self.page.problem: thanks,
            self.page.answers: every,
            self.page.chat: self._conversation(every),
        }

    def no_filters(self) -> Changes:
        """Every filter empty."""
        return dict.fromkeys(self.page.filters.values(), "")

    def add_articles(self, files: list[str] | None, *fields: str) -> Iterator[Changes]:
        """The progress of adding articles, and the report."""
        paste = dict(zip(self.page.paste, (f or "" for f in fields), strict=True))
        try:
            for html in paced(added(files or [], paste, self._desk.settings)):
                yield {self.page.report: frame(html)}
        except Exception as error:
            yield {self.page.report: notice(failure(error))}
            return
        yield {self.page.files: None, self.page.paste["text"]: ""}


GONE = "That answer is no longer at hand: the page was restarted. Ask again."


def _saved(parcel: Parcel) -> str:
    # A table begins with the mark by which spreadsheets know UTF-8.
    encoding = "utf-8-sig" if parcel.form == "csv" else "utf-8"
    content = base64.b64encode(parcel.content.encode(encoding, "surrogatepass")).decode()
    href = f"data:{MEDIA[parcel.form]};charset=utf-8;base64,{content}"
    return said(
        f'Saved <a data-parcel="1" download="{attribute(parcel.name)}" href="{href}">'
        f"{shown(parcel.name)}</a>."
    )


def application(desk: Desk, limit: int) -> Guard:
    """The page as an ASGI application, behind the guard; uploads of at most ``limit`` bytes."""
    from fastapi import FastAPI

    bare = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    served = gr.mount_gradio_app(
        bare,
        Wiring(desk).blocks,
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        theme=theme(),
        css_paths=[HERE / "style.css"],
        max_file_size=limit,
    )
    return Guard(served, uploads=limit if desk.allow_add else 0)
