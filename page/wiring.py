"""The page as Gradio builds it: its parts, and what each event asks the desk for."""

from __future__ import annotations

import base64
import functools
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
from page.markup import frame, fresh, notice, said, told
from page.pace import paced
from page.statements import Wanted, statements
from page.theme import theme
from page.turns import cited, conversation, reworded, turn, waiting
from page.visible import attribute, shown
from page.welcome import OPENING, empty, rebuilding, suggestions, welcome
from rag.types import Answer, Citation

HERE = Path(__file__).parent
SCRIPT = (HERE / "page.js").read_text(encoding="utf-8")

Changes = dict[Any, Any]

AT_ONCE = 4
"""Events that are worked on at the same time; the others wait their turn."""

QUEUE = 100
"""Events that may wait; beyond that a visitor is asked to try again."""

KINDS = [("Any", ""), ("Direct", "direct"), ("Reported", "indirect"), ("Partly quoted", "mixed")]

MASTHEAD = (
    '<header class="masthead"><h1>OnRecord</h1>'
    "<p>Who said what, to whom, according to whom.</p></header>"
)


class Wiring:
    """The parts of the page, and a method for each event."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with gr.Blocks(title="OnRecord", analytics_enabled=False, fill_width=True) as self.blocks:
            self._lay_out()
            self._connect()
        self.blocks.queue(max_size=QUEUE, default_concurrency_limit=AT_ONCE)

    def _lay_out(self) -> None:
        self.answers = gr.State([])
        self.wanted = gr.State(Wanted())
        gr.HTML(frame(MASTHEAD))
        self.names = self._part("", "names")
        self.problem = self._part("", "problem")
        with gr.Row(elem_id="panes", equal_height=False):
            with gr.Column(elem_id="left", scale=6, min_width=320), gr.Tabs(elem_id="tabs"):
                with gr.Tab("Ask", id="ask"):
                    self._lay_out_chat()
                with gr.Tab("Corpus", id="corpus") as self.corpus_tab:
                    self.corpus = self._part("", "corpus")
                if self._desk.allow_add:
                    with gr.Tab("Add articles", id="add"):
                        self._lay_out_adding()
            with gr.Column(elem_id="right", scale=5, min_width=320):
                self.pane = self._part(frame(NOTHING), "evidence")

    def _lay_out_chat(self) -> None:
        self.chat = self._part(frame(OPENING), "conversation")
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="line"):
                self.question = gr.Textbox(
                    label="Your question", placeholder="What did A tell B about C?", lines=1,
                    max_lines=6, max_length=2001, elem_id="question", autofocus=True, scale=1,
                )  # fmt: skip
                self.send = gr.Button("Ask", variant="primary", elem_id="send", min_width=90)
                self.stop = gr.Button("Stop", elem_id="stop", min_width=90, visible=False)
            with gr.Accordion("Filters", open=False, elem_id="filters") as self.drawer:
                with gr.Row():
                    speaker = gr.Textbox(label="Speaker", elem_id="filter-speaker", min_width=140)
                    addressee = gr.Textbox(label="To", elem_id="filter-to", min_width=140)
                    outlet = gr.Textbox(label="Outlet", elem_id="filter-outlet", min_width=140)
                with gr.Row():
                    hint = "2020, 2020-11 or 2020-11-08"
                    since = gr.Textbox(label="Published from", placeholder=hint, min_width=140)
                    until = gr.Textbox(label="Published to", placeholder=hint, min_width=140)
                kind = gr.Radio(KINDS, label="Kind of quote", value="")
                self.clear = gr.Button("Clear filters", size="sm", elem_id="clear")
        self.filters = {
            "speaker": speaker, "addressee": addressee, "outlet": outlet,
            "since": since, "until": until, "kind": kind,
        }  # fmt: skip

    def _lay_out_adding(self) -> None:
        with gr.Column(elem_id="adding"):
            self.files = gr.File(
                label="Files (.txt, .jsonl)", file_count="multiple",
                file_types=[".txt", ".jsonl"], elem_id="files", height=130,
            )  # fmt: skip
            title = gr.Textbox(label="Or paste an article: its title", max_length=300)
            with gr.Row():
                outlet = gr.Textbox(label="Outlet", max_length=200, min_width=140)
                date = gr.Textbox(label="Published", placeholder="2020-11-08", min_width=140)
                url = gr.Textbox(label="Address", placeholder="https://…", min_width=140)
            text = gr.Textbox(label="Text", lines=8, max_lines=16, elem_id="pasted")
            self.add = gr.Button("Add to the index", variant="primary", elem_id="add")
        self.paste = {"title": title, "outlet": outlet, "date": date, "url": url, "text": text}
        self.report = self._part("", "report")

    @staticmethod
    def _part(value: str, name: str) -> gr.HTML:
        return gr.HTML(value, elem_id=name, js_on_load=SCRIPT, apply_default_css=False)

    def _connect(self) -> None:
        on = functools.partial(self._on)
        asking = [self.answers, *self.filters.values()]
        shown_at = [self.question, self.answers, self.chat, self.pane, self.problem, self.send,
                    self.stop]  # fmt: skip
        asked = [
            on(self.question.submit, self.ask, [self.question, *asking], shown_at),
            on(self.send.click, self.ask, [self.question, *asking], shown_at),
            on(self.chat.example_select, self.ask_example, asking, shown_at),
            on(self.chat.edit, self.ask_edited, asking, shown_at),
        ]
        # Cancelling and drawing apart: Gradio sends what cancels by a route that the guard
        # keeps shut.
        self.stop.click(None, cancels=asked, api_visibility="private")
        on(self.stop.click, self.stopped, [self.answers], shown_at)
        to_pane = [self.pane, self.wanted, self.problem]
        for part in (self.chat, self.pane, self.corpus):
            on(part.select, self.show, [self.answers], to_pane)
            on(part.expand, self.list_statements, [], to_pane)
            on(part.download, self.export, [self.answers, self.wanted], [self.problem])
        on(self.pane.apply, self.correct, [self.answers], [self.pane, self.problem])
        on(self.clear.click, self.no_filters, [], list(self.filters.values()))
        greeted = [self.chat, self.names, self.corpus]
        on(self.blocks.load, self.greet, [self.answers], greeted)
        on(self.corpus_tab.select, self.look, [], [self.corpus])
        if self._desk.allow_add:
            on(
                self.add.click, self.add_articles, [self.files, *self.paste.values()],
                [self.report, self.files, self.paste["text"]], concurrency_limit=1,
            ).then(
                self.greet, [self.answers], greeted, api_visibility="private",
                show_progress="hidden",
            )  # fmt: skip
        gr.api(self._desk.answer, api_name="answer")

    @staticmethod
    def _on(event: Any, does: Callable[..., Any], inputs: list[Any], outputs: list[Any],
            **more: Any) -> Any:  # fmt: skip
        return event(
            does, inputs, outputs, api_visibility="private", show_progress="hidden", **more
        )

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
        chosen = dict(zip(self.filters, filters, strict=True))
        chosen |= {name: fields[name] for name in ("since", "until") if fields.get(name)}
        yield from self.ask(reworded(fields), answers, *chosen.values())

    def _asked(
        self, question: str, answers: list[Answer], filters: Sequence[str]
    ) -> Iterator[Changes]:
        number = len(answers) + 1
        working = {self.send: gr.Button(visible=False), self.stop: gr.Button(visible=True)}
        yield {
            **working,
            self.problem: "",
            self.chat: self._conversation(
                answers, waiting(question, number, "Reading the question and the articles …")
            ),
        }
        done = {self.send: gr.Button(visible=True), self.stop: gr.Button(visible=False)}
        chosen = dict(zip(self.filters, (f or "" for f in filters), strict=True))
        try:
            answer = None
            for answer in self._desk.ask(question, answers, chosen):
                unfinished = turn(answer, number, prose=False) if answer.citations else ""
                yield {self.chat: self._conversation(answers, unfinished)}
            if answer is None:
                raise InputError("expected an answer, found none; ask again")
        except Exception as error:
            yield {
                **done,
                self.question: question,
                self.chat: self._conversation(answers),
                self.problem: notice(failure(error)),
            }
            return
        every = [*answers, answer]
        pane = (
            self._evidence(answer.citations[0], {"turn": number, "number": 1}, calm=True)
            if answer.citations
            else fresh(NO_EVIDENCE)
        )
        yield {
            **done,
            self.question: "",
            self.answers: every,
            self.chat: self._conversation(every),
            self.pane: pane,
            self.problem: "",
        }

    def stopped(self, answers: list[Answer]) -> Changes:
        """The page as it was before a question that was stopped."""
        return {
            self.send: gr.Button(visible=True),
            self.stop: gr.Button(visible=False),
            self.chat: self._conversation(answers),
            self.problem: said("Stopped. Nothing was lost."),
        }

    def greet(self, answers: list[Answer]) -> Changes:
        """The page for the index as it is now."""
        names = suggestions(self._desk.people(), self._desk.outlets())
        return {
            self.chat: self._conversation(answers),
            self.names: frame(names),
            self.corpus: self.look()[self.corpus],
        }

    def look(self) -> Changes:
        """The corpus view."""
        try:
            inner = corpus(self._desk.census(), self._desk.holdings())
        except OnRecordError as error:
            inner = f'<p class="alert" role="alert">{shown(str(error))}</p>'
        return {self.corpus: frame(inner, classes="corpus")}

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
                return {self.problem: notice(GONE)}
            report = "report" in fields
            return {self.pane: self._evidence(found, place, report=report), self.problem: ""}
        except Exception as error:
            return {self.problem: notice(failure(error))}

    def list_statements(self, event: gr.EventData) -> Changes:
        """All that the chosen person said, or was told."""
        fields = told(event)
        wanted = Wanted(*(fields.get(name, "") for name in ("speaker", "addressee", "month")))
        try:
            found, total = self._desk.statements(wanted)
        except Exception as error:
            return {self.problem: notice(failure(error))}
        pane = fresh(statements(wanted, found, total), classes="pane")
        return {self.pane: pane, self.wanted: wanted, self.problem: ""}

    def export(self, answers: list[Answer], wanted: Wanted, event: gr.EventData) -> Changes:
        """A file to save, given to the browser as a link that saves itself."""
        try:
            return {self.problem: _saved(self._desk.parcel(told(event), answers, wanted))}
        except Exception as error:
            return {self.problem: notice(failure(error))}

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
                return {self.problem: notice(GONE)}
            new = self._desk.correct(old, fields.get("part", ""), fields.get("value", ""))
        except Exception as error:
            return {self.problem: notice(failure(error))}
        thanks = said("Saved. New answers use it, and it stays when the index is rebuilt.")
        pane = self._evidence(new, {"quote": old.source.id}) if new else fresh(NOTHING)
        return {self.pane: pane, self.problem: thanks}

    def no_filters(self) -> Changes:
        """Every filter empty."""
        return dict.fromkeys(self.filters.values(), "")

    def add_articles(self, files: list[str] | None, *fields: str) -> Iterator[Changes]:
        """The progress of adding articles, and the report."""
        paste = dict(zip(self.paste, (f or "" for f in fields), strict=True))
        try:
            for html in paced(added(files or [], paste, self._desk.settings)):
                yield {self.report: frame(html)}
        except Exception as error:
            yield {self.report: notice(failure(error))}
            return
        yield {self.files: None, self.paste["text"]: ""}


GONE = "That answer is no longer at hand: the page was restarted. Ask again."


def _saved(parcel: Parcel) -> str:
    content = base64.b64encode(parcel.content.encode("utf-8", "surrogatepass")).decode()
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
