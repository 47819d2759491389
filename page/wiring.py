"""The page's events: what each of them asks the desk for, and which parts it changes."""

from __future__ import annotations

import functools
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import gradio as gr
import gradio.queueing
import gradio.routes
from gradio.utils import get_upload_folder

from index.errors import InputError
from index.settings import cores
from index.storage.suggestions import ANSWER
from page.adding import added
from page.checking import checked
from page.conversations import earlier, menu, resumed, with_turns
from page.evidence import NOTHING
from page.layout import Layout, masthead
from page.leads import reworded
from page.markup import button, frame, fresh, notice, said, sent_values
from page.openapi import DESCRIPTION_PATH, LIVE_PATH, READY_PATH, described
from page.panes import Panes, saved
from page.server.calls import Slot
from page.server.guard import FEED, Entrance, Guard
from page.server.uploads import Uploads
from page.service import LISTED, Desk, failure_message
from page.statements import Wanted, back
from page.streaming import Growing
from page.theme import theme
from page.turns import cited, mended
from page.welcome import name_suggestions
from rag.types import Answer, Citation, Findings

if TYPE_CHECKING:
    from fastapi import FastAPI

HERE = Path(__file__).parent

Changes = dict[Any, Any]

AT_ONCE = cores()
"""Events of one sort that are worked on at the same time; the others wait their turn."""

QUEUE = 100
"""Events that may wait; beyond that a visitor is asked to try again."""


POLL = 0.01
"""Seconds between two looks of Gradio's queue at what waits.  It looks every millisecond unless
told otherwise, also when nobody is there."""

STEP = 0.25
"""Seconds between two updates of a turn that only show more of the same."""

STILL = """const frame = requestAnimationFrame;
window.requestAnimationFrame = (draw) => document.getElementById('masthead') ? frame(draw) : 0;"""
"""Gradio's loading screen counts the seconds, 60 times a second, and goes on with that when it
is gone.  So no frame is drawn before the parts of the page are there."""

SESSIONS = 100
"""Visitors whose answers are kept.  Gradio keeps 10,000, also of those who have left, some
200 kB each: a server grew by 60 MB in five minutes of fifty people."""


P = ParamSpec("P")


def problem_told(
    event: Callable[Concatenate[Wiring, P], Changes],
) -> Callable[Concatenate[Wiring, P], Changes]:
    """The event, which tells a visitor what it raises and then changes nothing else."""

    @functools.wraps(event)
    def done(self: Wiring, /, *given: P.args, **named: P.kwargs) -> Changes:
        try:
            return event(self, *given, **named)
        except Exception as error:
            return {self.page.problem: notice(failure_message(error))}

    return done


class Wiring:
    """A method for each event of the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._panes = Panes(desk)
        with gr.Blocks(title="OnRecord", analytics_enabled=False, fill_width=True) as self.blocks:
            self.page = Layout(allow_add=desk.allow_add, curate=desk.curate)
            self._connect()
        self.blocks.queue(max_size=QUEUE, default_concurrency_limit=AT_ONCE)
        self.blocks._queue.sleep_when_free = POLL
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
        keeping = [page.kept, page.conversation, page.masthead]
        given = [page.answers, page.conversation, page.kept]
        for each in asked:
            on(each.then, self.keep, given, keeping)
        # Cancelling and drawing apart: Gradio sends what cancels by a route that the guard
        # keeps shut.
        page.stop.click(None, cancels=asked, api_visibility="private")
        on(page.stop.click, self.stopped, [page.answers], [*chat, page.problem])
        beside = [page.pane, page.wanted, page.problem]
        on(page.check.click, self.check_draft, [page.draft], [page.verdicts], **limits)
        showing = [page.answers, page.wanted, page.own], [page.pane, page.problem]
        for part in (*chat, page.pane, page.corpus, page.articles, page.verdicts, page.review):
            on(part.select, self.show, *showing)
            on(part.expand, self.list_statements, [], beside)
            on(part.download, self.export, [page.answers, page.wanted], [page.problem])
        begun = [*turn, page.problem]
        for part in chat:
            on(part.show_all, self.show_all, [page.answers], begun)
        on(page.masthead.renew, self.renew, given, [*begun, *keeping])
        for part in (page.masthead, page.past):
            on(part.restore, self.restore, [page.kept], [*begun, *keeping], **limits)
        on(page.masthead.forget, self.forget, [page.conversation], keeping)
        on(page.clear.click, self.no_filters, [], list(page.filters.values()))
        greeted = [*chat, page.names, page.corpus]
        on(self.blocks.load, self.greet, [page.answers, page.kept], greeted)
        on(self.blocks.load, self.keep, given, keeping)
        on(page.corpus_tab.select, self.look, [], [page.corpus])
        on(page.articles_tab.select, self.search_articles, [], [page.articles])
        on(page.articles.submit, self.search_articles, [], [page.articles])
        reports = [page.answers, page.own]
        applied = functools.partial(gr.on, [part.apply for part in (*chat, page.pane)])
        on(applied, self.suggest, reports, [page.pane, page.problem, page.own])
        decided = [page.pane, page.problem, page.review, page.answers, *chat]
        for part in (page.pane, page.problem, page.review):
            on(part.undo, self.undo, reports, decided, concurrency_limit=1)
            on(part.accept, self.accept, reports, decided, concurrency_limit=1)
        on(page.review_tab.select, self.look_through, [], [page.review])
        if self._desk.allow_add:
            articles = [page.files, *page.paste.values()]
            changed = [page.report, page.files, page.paste["text"]]
            # Gradio's preprocessing would leave an empty file on the disk for each upload.
            once: dict[str, Any] = {"concurrency_limit": 1, "preprocess": False}
            done = on(page.add.click, self.add_articles, articles, changed, **once)
            on(done.then, self.greet, [page.answers, page.kept], greeted)
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
        yield from self._asked(question or "", answers, filters)

    def ask_example(
        self, event: gr.EventData, answers: list[Answer], *filters: str
    ) -> Iterator[Changes]:
        """As `ask`, with a question that the page offered; one of those that were tried is asked
        by itself, as it was then."""
        fields = sent_values(event)
        question, alone = fields.get("question", ""), "alone" in fields
        yield from self._asked(question, answers, filters, alone=alone)

    def ask_edited(self, event: gr.EventData, answers: list[Answer]) -> Iterator[Changes]:
        """As `ask`, with the reading of a question put right; filters that are set do not
        speak against it."""
        fields = sent_values(event)
        said_in_words = ("speaker", "addressee")
        chosen = ("" if n in said_in_words else fields.get(n, "") for n in self.page.filters)
        yield from self._asked(reworded(fields), answers, list(chosen), alone=True)

    def _asked(
        self,
        question: str,
        answers: list[Answer],
        filters: Sequence[str],
        *,
        alone: bool = False,
    ) -> Iterator[Changes]:
        """The turn of a question; ``alone``: whatever was asked before."""
        number, drawn = len(answers) + 1, time.monotonic()
        growing, answer = Growing(question, number), None
        turn: Changes = {self.page.past: self._panes.past(answers)}
        yield {**turn, self.page.latest: self._panes.growing(growing)}
        chosen = dict(zip(self.page.filters, (f or "" for f in filters), strict=True))
        try:
            for event in self._desk.ask(question, [] if alone else answers, chosen):
                growing, due = growing.after(event), time.monotonic() - drawn >= STEP
                if isinstance(event, Answer):
                    answer = event
                    continue
                if isinstance(event, Findings) and not growing.is_help:
                    turn[self.page.pane] = self._panes.first(event.citations, number)
                    due = due or self._desk.writes  # the prose comes seconds later
                if not due:
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
        turn[self.page.answers] = conversation = [*answers, answer]
        leads = self._desk.known_leads(conversation, chosen)
        if leads is None:  # each question to go on with costs as much as this one did
            early = self._panes.latest(answer, number, whole=False)
            yield {**turn, self.page.latest: early}
            leads = self._desk.leads(conversation, chosen)
        yield {**turn, self.page.latest: self._panes.latest(answer, number, leads)}

    def keep(self, answers: list[Answer], name: str, kept: object) -> Changes:
        """The conversation as the browser keeps it, under a name of its own."""
        name = name or secrets.token_hex(8)
        conversations = with_turns(kept, name, answers)
        return self._kept(conversations, name)

    def _kept(self, conversations: object, name: str) -> Changes:
        page = self.page
        return {
            page.kept: conversations,
            page.conversation: name,
            page.masthead: masthead(menu(conversations, name)),
        }

    def check_draft(self, draft: str) -> Iterator[Changes]:
        """The progress of a check, then its verdicts."""
        try:
            for html in checked(self._desk, draft or ""):
                yield {self.page.verdicts: fresh(html)}
        except Exception as error:
            yield {self.page.verdicts: notice(failure_message(error))}

    def renew(self, answers: list[Answer], name: str, kept: object) -> Changes:
        """A new conversation; the one before is kept, which it may not be yet."""
        before = with_turns(kept, name or secrets.token_hex(8), answers)
        begun = {self.page.answers: [], self.page.pane: fresh(NOTHING), self.page.problem: ""}
        return {**self._chat([]), **begun, **self._kept(before, secrets.token_hex(8))}

    @problem_told
    def restore(self, kept: object, event: gr.EventData) -> Changes:
        """An earlier conversation, each of its questions answered anew."""
        name = sent_values(event).get("name", "")
        answers = self._desk.again(dict(earlier(kept)).get(name, []))
        if not answers:
            raise InputError("That conversation is no longer kept.")
        pane = self._panes.first(answers[-1].citations, len(answers))
        begun = {self.page.answers: answers, self.page.pane: pane, self.page.problem: ""}
        return {**self._chat(answers), **begun, **self._kept(earlier(kept), name)}

    def forget(self, name: str) -> Changes:
        """No earlier conversation any more."""
        return self._kept([], name)

    @problem_told
    def show_all(self, answers: list[Answer], event: gr.EventData) -> Changes:
        """An answer with every statement that answers its question."""
        try:
            number = int(sent_values(event).get("turn", ""))
            whole = self._desk.whole(answers, number)
        except (ValueError, IndexError) as error:
            raise InputError(GONE) from error
        every = [*answers[: number - 1], whole, *answers[number:]]
        return {self.page.answers: every, **self._chat(every), self.page.problem: ""}

    def stopped(self, answers: list[Answer]) -> Changes:
        """The page as it was before a question that was stopped."""
        return {
            self.page.past: self._panes.past(answers),
            self.page.latest: "",
            self.page.problem: said("Stopped. Nothing was lost."),
        }

    def greet(self, answers: list[Answer], kept: object) -> Changes:
        """The page for the index as it is now."""
        names = name_suggestions(self._desk.people(), self._desk.outlets())
        return {
            **self._chat(answers, resumed(kept)),
            self.page.names: frame(names),
            self.page.corpus: self.look()[self.page.corpus],
        }

    def look(self) -> Changes:
        """The corpus view."""
        return {self.page.corpus: self._panes.corpus()}

    def search_articles(self, event: gr.EventData) -> Changes:
        """The articles, or those that a search names."""
        fields = sent_values(event)
        found = self._panes.articles(fields.get("words", "")[:200], fields.get("outlet", "")[:200])
        return {self.page.articles: found}

    def _chat(self, answers: list[Answer], last: str = "") -> Changes:
        """The whole conversation; ``last`` is a way to the one before, where this one is empty."""
        latest = self._panes.latest(answers[-1], len(answers)) if answers else ""
        return {self.page.past: self._panes.past(answers[:-1], last), self.page.latest: latest}

    @problem_told
    def show(
        self, answers: list[Answer], wanted: Wanted, own: list[int], event: gr.EventData
    ) -> Changes:
        """The article of the chosen citation or statement."""
        fields = sent_values(event)
        found = self._statement(answers, fields)
        names = ("quote",) if "quote" in fields else ("turn", "number", "near_number")
        place = {name: fields[name] for name in names if name in fields}
        listed = back(wanted) if "quote" in fields else ""
        report = "report" in fields
        pane = self._panes.evidence(found, place, report=report, listed=listed, own=own)
        return {self.page.pane: pane, self.page.problem: ""}

    @problem_told
    def list_statements(self, event: gr.EventData) -> Changes:
        """All that the chosen person said, or was told."""
        fields = sent_values(event)
        wanted = Wanted.of(fields)
        found, total = self._desk.statements(wanted, None if "all" in fields else LISTED)
        pane = self._panes.statements(wanted, found, total)
        return {self.page.pane: pane, self.page.wanted: wanted, self.page.problem: ""}

    @problem_told
    def export(self, answers: list[Answer], wanted: Wanted, event: gr.EventData) -> Changes:
        """A file to save, given to the browser as a link that saves itself."""
        parcel = self._desk.parcel(sent_values(event), answers, wanted)
        return {self.page.problem: saved(parcel)}

    @problem_told
    def suggest(self, answers: list[Answer], own: list[int], event: gr.EventData) -> Changes:
        """Keep what a reader holds to be wrong, with a way to take it back."""
        fields = sent_values(event)
        if "person" in fields:
            return self._suggest_of_people(fields, own)
        if fields.get("part") == ANSWER:
            return self._suggest_of_answer(answers, fields, own)
        old = self._statement(answers, fields)
        if old.source is None:
            raise InputError(GONE)
        number = self._desk.suggest(old, fields.get("part", ""), fields.get("value", ""))
        own, place = [*own, number], {"quote": old.source.id}
        return {
            self.page.pane: self._panes.evidence(old, place, own=own, newest=number),
            self.page.problem: thanks(number),
            self.page.own: own,
        }

    def _suggest_of_answer(
        self, answers: list[Answer], fields: Mapping[str, str], own: list[int]
    ) -> Changes:
        """Keep what is wrong with the answer of a turn."""
        try:
            question = answers[int(fields.get("turn", "")) - 1].question
        except (ValueError, IndexError) as error:
            raise InputError(GONE) from error
        fault = fields.get("fault", ""), fields.get("value", "")
        number = self._desk.suggest_of_answer(question, *fault)
        return {self.page.problem: thanks(number), self.page.own: [*own, number]}

    def _suggest_of_people(self, fields: Mapping[str, str], own: list[int]) -> Changes:
        """Keep that two names are one person's, or are not."""
        same = fields.get("part") == "same person"
        names = fields.get("person", ""), fields.get("other", "")
        number = self._desk.suggest_of_people(*names, same=same)
        return {self.page.problem: thanks(number), self.page.own: [*own, number]}

    def _statement(self, answers: list[Answer], fields: Mapping[str, str]) -> Citation:
        """What a control names: a statement of the index, or a citation of an answer.

        Raises InputError where there is none.
        """
        named = fields.get("quote")
        found = cited(answers, fields) if named is None else self._desk.statement(named)
        if found is None:
            raise InputError(GONE)
        return found

    def accept(self, answers: list[Answer], own: list[int], event: gr.EventData) -> Changes:
        """Make a suggestion hold."""
        return self._decided(answers, own, event, accept=True)

    def undo(self, answers: list[Answer], own: list[int], event: gr.EventData) -> Changes:
        """Take a suggestion back, accepted or not."""
        return self._decided(answers, own, event, accept=False)

    @problem_told
    def _decided(
        self, answers: list[Answer], own: list[int], event: gr.EventData, *, accept: bool
    ) -> Changes:
        """A suggestion accepted or undone, and what shows it as it reads now."""
        try:
            number = int(sent_values(event).get("id", ""))
            self._desk.decide(number, accept=accept, own=number in own)
            one = self._desk.suggestion(number)
            new = self._desk.statement(one.quote_id)
        except ValueError as error:
            raise InputError("expected a suggestion, found none; load it again") from error
        used = "Answers use it from now on." if one.part != ANSWER else "It changes no statement."
        told = f"Accepted. {used}" if accept else "Undone."
        done: Changes = {self.page.problem: said(told), self.page.review: self._panes.review()}
        if new is None:
            return done if not one.quote_id else {**done, self.page.pane: fresh(NOTHING)}
        every = mended(answers, new)
        pane = self._panes.evidence(new, {"quote": one.quote_id}, own=own)
        return {**done, self.page.pane: pane, self.page.answers: every, **self._chat(every)}

    def look_through(self) -> Changes:
        """What readers suggest, as it is now."""
        return {self.page.review: self._panes.review()}

    def no_filters(self) -> Changes:
        """Every filter empty."""
        return dict.fromkeys(self.page.filters.values(), "")

    def add_articles(self, files: list[dict[str, Any]] | None, *fields: str) -> Iterator[Changes]:
        """The progress of adding articles, and the report."""
        paste = dict(zip(self.page.paste, (f or "" for f in fields), strict=True))
        paths = [file["path"] for file in files or []]
        try:
            for html in added(paths, paste, self._desk.settings):
                yield {self.page.report: frame(html)}
        except Exception as error:
            yield {self.page.report: notice(failure_message(error))}
            return
        yield {self.page.files: None, self.page.paste["text"]: ""}


def thanks(number: int) -> str:
    """That a suggestion is kept, with a way to take it back."""
    take_back = button("undo", "Take it back", "quiet inline", id=number)
    return said(f"Thank you. It is kept as a suggestion until somebody checks it. {take_back}")


GONE = "That answer is no longer at hand: the page was restarted. Ask again."


def _slot(part: Any) -> Slot:
    if isinstance(part, gr.File):
        return Slot("files")
    if isinstance(part, gr.State):
        return Slot("kept")
    if isinstance(part, gr.Radio):
        return Slot("text", frozenset(value for _, value in part.choices))
    return Slot("text" if isinstance(part, gr.Textbox) else "any")


class _QuietTraceback:
    """Stands in for the module `traceback` within Gradio, whose tracebacks print the words of a
    visitor's request."""

    @staticmethod
    def print_exc() -> None:
        """Print one line that names the class of the error that is being handled."""
        kind = type(sys.exc_info()[1]).__name__
        print(f"onrecord: an event of the page failed ({kind})", file=sys.stderr)


def _start_page(_: object, name: str) -> tuple[str, None, None]:
    """Gradio's start page as its templates are read, with `STILL` and page.js before all else."""
    page = (Path(gradio.routes.STATIC_TEMPLATE_LIB) / name).read_text(encoding="utf-8")
    script = (HERE / "page.js").read_text(encoding="utf-8")
    return page.replace("<head>", f"<head><script>{{{STILL}}}\n{script}</script>", 1), None, None


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
    from fastapi.responses import Response

    wiring = Wiring(desk)
    bare = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _add_probes(bare, desk)

    @bare.get(FEED)
    def feed(speaker: str = "", addressee: str = "", topic: str = "") -> Response:
        """New statements for a feed reader."""
        try:
            found = desk.feed(Wanted(speaker, addressee, topic=topic))
        except Exception as error:
            return Response(failure_message(error), 503, media_type="text/plain")
        return Response(found, media_type="application/atom+xml")

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
        vars(module)["traceback"] = _QuietTraceback
    vars(gradio.routes.templates.env.loader)["get_source"] = _start_page
    uploads = None
    if desk.allow_add:
        uploads = Uploads(Path(get_upload_folder()))
        uploads.start()
    slots = wiring.slots()
    entrance = Entrance(slots, max(slots), desk.at_once, uploads)
    return Guard(served, uploads=limit if desk.allow_add else 0, entrance=entrance)
