"""The page's events: what each of them asks the desk for, and which parts it changes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
import gradio.queueing
import gradio.routes
from gradio.utils import get_upload_folder

from index.errors import InputError
from index.settings import cores
from page.adding import added
from page.checking import checked
from page.evidence import NOTHING
from page.layout import Layout
from page.markup import frame, fresh, notice, said, sent_values
from page.openapi import DESCRIPTION_PATH, LIVE_PATH, READY_PATH, described
from page.panes import Panes, saved
from page.server.calls import Slot
from page.server.guard import Entrance, Guard
from page.server.uploads import Uploads
from page.service import Desk, failure_message
from page.statements import Wanted, back
from page.streaming import Growing
from page.theme import theme
from page.throttle import STEP, paced
from page.turns import cited, mended, reworded
from page.welcome import name_suggestions
from rag.types import Answer, Findings

if TYPE_CHECKING:
    from fastapi import FastAPI

HERE = Path(__file__).parent

Changes = dict[Any, Any]

AT_ONCE = cores()
"""Events of one sort that are worked on at the same time; the others wait their turn."""

QUEUE = 100
"""Events that may wait; beyond that a visitor is asked to try again."""


SESSIONS = 100
"""Visitors whose answers are kept.  Gradio keeps 10,000, also of those who have left, some
200 kB each: a server grew by 60 MB in five minutes of fifty people."""


class Wiring:
    """A method for each event of the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._panes = Panes(desk)
        with gr.Blocks(title="OnRecord", analytics_enabled=False, fill_width=True) as self.blocks:
            self.page = Layout(allow_add=desk.allow_add)
            self._connect()
        self.blocks.queue(max_size=QUEUE, default_concurrency_limit=AT_ONCE)
        self.blocks.state_session_capacity = SESSIONS

    def _connect(self) -> None:
        on, page = self._on, self.page
        asking = [page.answers, *page.filters.values()]
        chat = [page.past, page.latest]
        # Gradio makes a component anew for each part that an update leaves out, which costs
        # more than the answer: so a turn has few parts, and page.js empties the question.
        turn = [*chat, page.answers, page.pane]
        asks: list[tuple[Any, Callable[..., Any], list[Any]]] = [
            (page.question.submit, self.ask, [page.question, *asking]),
            (page.send.click, self.ask, [page.question, *asking]),
            *((part.example_select, self.ask_example, asking) for part in chat),
            *((part.edit, self.ask_edited, [page.answers]) for part in chat),
        ]
        limits: dict[str, Any] = {"concurrency_id": "ask", "concurrency_limit": self._desk.at_once}
        asked = [on(*each, turn, **limits) for each in asks]
        # Cancelling and drawing apart: Gradio sends what cancels by a route that the guard
        # keeps shut.
        page.stop.click(None, cancels=asked, api_visibility="private")
        on(page.stop.click, self.stopped, [page.answers], [*chat, page.problem])
        beside = [page.pane, page.wanted, page.problem]
        on(page.check.click, self.check_draft, [page.draft], [page.verdicts], **limits)
        for part in (*chat, page.pane, page.corpus, page.verdicts):
            on(part.select, self.show, [page.answers, page.wanted], [page.pane, page.problem])
            on(part.expand, self.list_statements, [], beside)
            on(part.download, self.export, [page.answers, page.wanted], [page.problem])
        on(page.clear.click, self.no_filters, [], list(page.filters.values()))
        greeted = [*chat, page.names, page.corpus]
        on(self.blocks.load, self.greet, [page.answers], greeted)
        on(page.corpus_tab.select, self.look, [], [page.corpus])
        if self._desk.allow_add:
            # A correction is seen by everybody, so it takes the same leave as an article.
            on(page.pane.apply, self.correct, [page.answers], [*beside, page.answers, *chat])
            given = [page.files, *page.paste.values()]
            changed = [page.report, page.files, page.paste["text"]]
            # Gradio's preprocessing would leave an empty file on the disk for each upload.
            once: dict[str, Any] = {"concurrency_limit": 1, "preprocess": False}
            done = on(page.add.click, self.add_articles, given, changed, **once)
            on(done.then, self.greet, [page.answers], greeted)
        gr.api(self.answer, api_name="answer")

    def slots(self) -> dict[int, list[Slot]]:
        """What each event of the page takes, by its number."""
        every: dict[int, Any] = self.blocks.fns
        return {number: [_slot(part) for part in fn.inputs] for number, fn in every.items()}

    def answer(
        self,
        question: str,
        history: list[dict[str, str]] | None = None,
        filters: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """The JSON form of an answer, for programs."""
        try:
            return self._desk.answer(question, history, filters)
        except Exception as error:
            # Gradio prints any other error, with what was asked.
            raise gr.Error(failure_message(error), print_exception=False) from error

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
        yield from self.ask(sent_values(event).get("question", ""), answers, *filters)

    def ask_edited(self, event: gr.EventData, answers: list[Answer]) -> Iterator[Changes]:
        """As `ask`, with the reading of a question put right; filters that are set do not
        speak against it."""
        fields = sent_values(event)
        said_in_words = ("speaker", "addressee")
        chosen = ("" if n in said_in_words else fields.get(n, "") for n in self.page.filters)
        yield from self.ask(reworded(fields), answers, *chosen)

    def _asked(
        self, question: str, answers: list[Answer], filters: Sequence[str]
    ) -> Iterator[Changes]:
        number, drawn = len(answers) + 1, time.monotonic()
        growing, answer = Growing(question, number), None
        turn = {self.page.past: self._panes.past(answers)}
        yield {**turn, self.page.latest: self._panes.growing(growing)}
        chosen = dict(zip(self.page.filters, (f or "" for f in filters), strict=True))
        try:
            for event in self._desk.ask(question, answers, chosen):
                growing, due = growing.after(event), time.monotonic() - drawn >= STEP
                if isinstance(event, Answer):
                    answer = event
                    continue
                if isinstance(event, Findings):
                    turn[self.page.pane] = self._panes.first(event.citations, number)
                elif not due:
                    continue
                drawn = time.monotonic()
                yield {**turn, self.page.latest: self._panes.growing(growing)}
            if answer is None:
                raise InputError("expected an answer, found none; ask again")
        except Exception as error:
            yield {
                **turn,
                self.page.latest: self._panes.failed(question, number, failure_message(error)),
            }
            return
        del turn[self.page.past]  # or Gradio sends it once more
        yield {
            **turn,
            self.page.answers: [*answers, answer],
            self.page.latest: self._panes.latest(answer, number),
        }

    def check_draft(self, draft: str) -> Iterator[Changes]:
        """The progress of a check, then its verdicts."""
        try:
            for html in paced(checked(self._desk, draft or "")):
                yield {self.page.verdicts: fresh(html)}
        except Exception as error:
            yield {self.page.verdicts: notice(failure_message(error))}

    def stopped(self, answers: list[Answer]) -> Changes:
        """The page as it was before a question that was stopped."""
        return {
            self.page.past: self._panes.past(answers),
            self.page.latest: "",
            self.page.problem: said("Stopped. Nothing was lost."),
        }

    def greet(self, answers: list[Answer]) -> Changes:
        """The page for the index as it is now."""
        names = name_suggestions(self._desk.people(), self._desk.outlets())
        return {
            **self._chat(answers),
            self.page.names: frame(names),
            self.page.corpus: self.look()[self.page.corpus],
        }

    def look(self) -> Changes:
        """The corpus view."""
        return {self.page.corpus: self._panes.corpus()}

    def _chat(self, answers: list[Answer]) -> Changes:
        """The whole conversation."""
        latest = self._panes.latest(answers[-1], len(answers)) if answers else ""
        return {self.page.past: self._panes.past(answers[:-1]), self.page.latest: latest}

    def show(self, answers: list[Answer], wanted: Wanted, event: gr.EventData) -> Changes:
        """The article of the chosen citation or statement."""
        fields = sent_values(event)
        try:
            if "quote" in fields:
                found = self._desk.statement(fields["quote"])
                place: dict[str, Any] = {"quote": fields["quote"]}
            else:
                found = cited(answers, fields)
                place = {k: v for k, v in fields.items() if k in ("turn", "number", "near_number")}
            if found is None:
                return {self.page.problem: notice(GONE)}
            listed = back(wanted) if "quote" in fields else ""
            report = "report" in fields
            return {
                self.page.pane: self._panes.evidence(found, place, report=report, listed=listed),
                self.page.problem: "",
            }
        except Exception as error:
            return {self.page.problem: notice(failure_message(error))}

    def list_statements(self, event: gr.EventData) -> Changes:
        """All that the chosen person said, or was told."""
        fields = sent_values(event)
        wanted = Wanted(*(fields.get(name, "") for name in ("speaker", "addressee", "month")))
        try:
            found, total = self._desk.statements(wanted)
        except Exception as error:
            return {self.page.problem: notice(failure_message(error))}
        pane = self._panes.statements(wanted, found, total)
        return {self.page.pane: pane, self.page.wanted: wanted, self.page.problem: ""}

    def export(self, answers: list[Answer], wanted: Wanted, event: gr.EventData) -> Changes:
        """A file to save, given to the browser as a link that saves itself."""
        try:
            return {
                self.page.problem: saved(self._desk.parcel(sent_values(event), answers, wanted))
            }
        except Exception as error:
            return {self.page.problem: notice(failure_message(error))}

    def correct(self, answers: list[Answer], event: gr.EventData) -> Changes:
        """Keep what a reader put right, and show the statement as it reads now."""
        fields = sent_values(event)
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
            return {self.page.problem: notice(failure_message(error))}
        thanks = said("Saved. Answers use it from now on, and it stays when the index is rebuilt.")
        if new is None:
            return {self.page.pane: fresh(NOTHING), self.page.problem: thanks}
        every = mended(answers, new)
        return {
            self.page.pane: self._panes.evidence(new, {"quote": old.source.id}),
            self.page.problem: thanks,
            self.page.answers: every,
            **self._chat(every),
        }

    def no_filters(self) -> Changes:
        """Every filter empty."""
        return dict.fromkeys(self.page.filters.values(), "")

    def add_articles(self, files: list[dict[str, Any]] | None, *fields: str) -> Iterator[Changes]:
        """The progress of adding articles, and the report."""
        paste = dict(zip(self.page.paste, (f or "" for f in fields), strict=True))
        paths = [file["path"] for file in files or []]
        try:
            for html in paced(added(paths, paste, self._desk.settings)):
                yield {self.page.report: frame(html)}
        except Exception as error:
            yield {self.page.report: notice(failure_message(error))}
            return
        yield {self.page.files: None, self.page.paste["text"]: ""}


GONE = "That answer is no longer at hand: the page was restarted. Ask again."


def _slot(part: Any) -> Slot:
    if isinstance(part, gr.File):
        return Slot("files")
    if isinstance(part, gr.State):
        return Slot("kept")
    if isinstance(part, gr.Radio):
        return Slot("text", frozenset(value for _, value in part.choices))
    return Slot("text" if isinstance(part, gr.Textbox) else "any")


class _Quiet:
    """What Gradio has instead of `traceback`: its own tells the words of a request."""

    @staticmethod
    def print_exc() -> None:
        """Name the kind of error that is being handled, in a line."""
        kind = type(sys.exc_info()[1]).__name__
        print(f"onrecord: an event of the page failed ({kind})", file=sys.stderr)


def _add_probes(app: FastAPI, desk: Desk) -> None:
    """Routes beside the page: whether it is up, whether it can answer, and how it is asked."""
    from fastapi.responses import JSONResponse

    def ready() -> JSONResponse:
        if reason := desk.unready():
            return JSONResponse({"status": "not ready", "reason": reason}, 503)
        return JSONResponse({"status": "ready", "reason": ""})

    answers: dict[str, Callable[[], JSONResponse]] = {
        LIVE_PATH: lambda: JSONResponse({"status": "live", "reason": ""}),
        READY_PATH: ready,
        DESCRIPTION_PATH: lambda: JSONResponse(described()),
    }
    for path, endpoint in answers.items():
        app.add_api_route(path, endpoint, methods=["GET", "HEAD"])


def application(desk: Desk, limit: int) -> Guard:
    """The page as an ASGI application, behind the guard; uploads of at most ``limit`` bytes."""
    from fastapi import FastAPI

    wiring = Wiring(desk)
    bare = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _add_probes(bare, desk)
    served = gr.mount_gradio_app(
        bare,
        wiring.blocks,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        theme=theme(),
        css_paths=[HERE / "style.css"],
        max_file_size=limit,
    )
    # A mounted page counts as not launched, and then Gradio compares no path with its upload
    # folder.  The guard has looked at every path before; this is the second look.
    wiring.blocks.has_launched = True
    for module in (gradio.queueing, gradio.routes):
        vars(module)["traceback"] = _Quiet
    uploads = None
    if desk.allow_add:
        uploads = Uploads(Path(get_upload_folder()))
        uploads.start()
    slots = wiring.slots()
    entrance = Entrance(slots, max(slots), desk.at_once, uploads)
    return Guard(served, uploads=limit if desk.allow_add else 0, entrance=entrance)
