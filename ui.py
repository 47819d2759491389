"""The page: a chat on this machine that answers with citations and shows the passages."""

from __future__ import annotations

import argparse
import contextlib
import re
import socket
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.errors import OnRecordError
from page.cards import card
from page.evidence import NO_EVIDENCE, NOTHING, evidence
from page.guard import Guard
from page.visible import isolated, shown
from page.words import count
from rag import Answer, OnRecord, Question
from rag.json_form import answer_json
from rag.types import Turn

STYLE = Path(__file__).parent / "page" / "style.css"


def conversation(answers: Sequence[Answer]) -> str:
    """All answers; the numbers of the last one lead to its evidence."""
    return "".join(_turn(a, n, live=n == len(answers)) for n, a in enumerate(answers, 1))


def passages(answers: Sequence[Answer]) -> str:
    """The evidence of the last answer: an article a citation, the first one shown."""
    if not answers:
        return NOTHING
    if not answers[-1].citations:
        return NO_EVIDENCE
    sections = (
        f'<section class="passage{" default" if c.number == 1 else ""}">'
        f"{evidence(c, _anchor(len(answers), c.number))}</section>"
        for c in answers[-1].citations
    )
    return f'<div class="sheets">{"".join(sections)}</div>'


def reading(question: Question) -> str:
    """How a question was read, in one line."""
    slots = (
        ("speaker", ", ".join(question.speakers)),
        ("to", ", ".join(question.addressees)),
        ("about", question.topic),
        ("words", question.words),
    )
    found = " · ".join(f"{name}: {value}" for name, value in slots if value)
    return f"Read as: {question.kind.replace('_', ' ')}" + (f" · {found}" if found else "")


def _turn(answer: Answer, turn: int, *, live: bool) -> str:
    read = answer.interpretation
    how = f'<p class="note">{isolated(reading(read))}</p>' if read else ""
    cards = "".join(card(c, _anchor(turn, c.number) if live else "") for c in answer.citations)
    near = "".join(card(c, near=True) for c in answer.near_misses)
    if near:
        near = f'<p class="note">Nearest on record:</p><ol class="cards">{near}</ol>'
    return (
        f'<h3 class="asked">{isolated(answer.question)}</h3>{how}'
        f"<p>{_numbered(answer, turn, live)}</p>"
        f'<ol class="cards">{cards}</ol>{near}'
    )


def _numbered(answer: Answer, turn: int, live: bool) -> str:
    """The text of an answer, its numbers as links where the evidence is at hand."""
    numbers = {c.number for c in answer.citations} if live else set()

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        anchor = _anchor(turn, number)
        return f'<a href="#{anchor}">[{number}]</a>' if number in numbers else match[0]

    return re.sub(r"\[(\d+)\]", link, shown(answer.text))


def _anchor(turn: int, number: int) -> str:
    return f"turn-{turn}-passage-{number}"


class Page:
    """What the page's events call; one for all visitors, who bring their own history."""

    def __init__(self, index: str | None) -> None:
        self._index = index
        self._bot: OnRecord | None = None

    def bot(self) -> OnRecord:
        """The opened index; OnRecordError while there is none."""
        if self._bot is None:
            self._bot = OnRecord.open(self._index)
        return self._bot

    def ask(self, question: str, answers: list[Answer]) -> tuple[str, list[Answer], str, str, str]:
        """Input, answers, conversation, evidence and notice after one more question."""
        history = [
            turn for a in answers for turn in (Turn("user", a.question), Turn("assistant", a.text))
        ]
        try:
            found = [*answers, self.bot().answer(question, history=history)]
        except OnRecordError as error:
            return question, answers, self.conversation(answers), frame(""), notice(str(error))
        except Exception as error:
            token = uuid.uuid4().hex[:8]
            print(f"onrecord: error {token}: {error!r}", file=sys.stderr)
            message = f"Something failed and nothing was lost; ask again (error {token})."
            return question, answers, self.conversation(answers), frame(""), notice(message)
        return "", found, self.conversation(found), frame(passages(found)), ""

    def conversation(self, answers: Sequence[Answer]) -> str:
        """The welcome and all answers."""
        return frame(self.welcome() + conversation(answers))

    def answer(self, question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        """The JSON form of an answer, for programs."""
        return answer_json(self.bot().answer(question, history=history))

    def welcome(self) -> str:
        """What the corpus holds, or what to do if there is nothing to ask."""
        try:
            catalog = self.bot().reader.generation.catalog
        except OnRecordError as error:
            return f'<p role="alert">{shown(str(error))}</p>'
        counts = catalog.counts()
        first, last = catalog.dates()
        held = ", ".join(
            (
                count(counts["articles"], "article"),
                count(counts["quotes"], "statement"),
                count(counts["speakers"], "speaker"),
            )
        )
        dates = f", {first} to {last}" if first else ""
        return f'<p class="note">On record here: {shown(held + dates)}.</p>'

    def examples(self) -> list[str]:
        """Up to four questions that the index at hand answers."""
        try:
            bot = self.bot()
        except OnRecordError:
            return []
        people = bot.reader.generation.catalog.people
        asked = [f"What did {p.name} say?" for p in people[:6] if p.spoke]
        for told in (p for p in people if p.addressed):
            asked[:0] = [f"What did {p.name} tell {told.name}?" for p in people[:3] if p != told]
        return [q for q in asked[:24] if bot.answer(q).status == "answered"][:4]


def frame(inner: str) -> str:
    """HTML that the style sheet applies to."""
    return f'<div class="onrecord">{inner}</div>'


def notice(message: str) -> str:
    """What went wrong, as plain text that a screen reader announces."""
    return frame(f'<p role="alert">{shown(message)}</p>')


def blocks(page: Page) -> Any:
    """The Gradio page, not yet served."""
    import gradio as gr

    with gr.Blocks(title="OnRecord", analytics_enabled=False) as found:
        answers = gr.State([])
        gr.Markdown("# OnRecord\nWho said what, to whom, according to whom.")
        with gr.Row():
            with gr.Column(scale=3):
                chat = gr.HTML(page.conversation([]))
                problem = gr.HTML("")
                asked = gr.Textbox(
                    label="Question", placeholder="What did A tell B about C?", lines=1
                )
                send = gr.Button("Ask", variant="primary")
                if examples := page.examples():
                    gr.Examples(examples, asked, api_visibility="private")
            with gr.Column(scale=2):
                gr.Markdown("## Evidence")
                passage = gr.HTML(frame(passages([])))
        for event in (asked.submit, send.click):
            event(
                page.ask,
                [asked, answers],
                [asked, answers, chat, passage, problem],
                api_visibility="private",
                concurrency_limit=4,
            )
        gr.api(page.answer, api_name="answer")
    return found


def application(page: Page) -> Guard:
    """The page as an ASGI application, behind the guard."""
    import gradio as gr
    from fastapi import FastAPI

    bare = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    served = gr.mount_gradio_app(
        bare,
        blocks(page),
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        css_paths=[STYLE],
    )
    return Guard(served)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the page on loopback until it is stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python ui.py", description="Chat with an index.")
    parser.add_argument("--index", metavar="DIR", help="folder of the index")
    parser.add_argument("--port", type=int, default=7860, help="7860 unless given; 0 for any")
    arguments = parser.parse_args(argv)
    try:
        listener = socket.create_server(("127.0.0.1", arguments.port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        print(
            f"onrecord: cannot serve on port {arguments.port} ({reason}); name another: --port N",
            file=sys.stderr,
        )
        return 1
    import uvicorn

    config = uvicorn.Config(application(Page(arguments.index)), log_level="error")
    print(f"OnRecord is at http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
