"""The page: a chat on this machine that answers with citations and shows the passages."""

from __future__ import annotations

import argparse
import html
import re
import sys
import uuid
from collections.abc import Sequence
from typing import Any

from index.errors import OnRecordError
from index.types import Span
from rag import Answer, Citation, OnRecord
from rag.json_form import answer_json

STYLE = """
.onrecord { max-width: 46rem; line-height: 1.55; }
.onrecord blockquote { font-family: Georgia, 'Times New Roman', serif; font-size: 1.1em;
  margin: .4rem 0; padding-left: .9rem; border-left: 3px solid currentColor; }
.onrecord article { border: 1px solid var(--border-color-primary); border-radius: 8px;
  padding: .7rem 1rem; margin: .6rem 0; }
.onrecord .asked { font-weight: 600; margin-top: 1.4rem; }
.onrecord .note { color: var(--body-text-color-subdued); font-size: .9em; }
.onrecord mark { background: #ffe9a8; color: #1b1b1b; padding: 0 .1em; scroll-margin: 6rem; }
.onrecord a:focus-visible { outline: 3px solid var(--color-accent); }
.onrecord .text { white-space: pre-wrap; font-family: Georgia, 'Times New Roman', serif; }
footer { display: none !important; }
"""

_HIDDEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def plain(text: str) -> str:
    """Text from outside, escaped, with hidden and direction-changing characters shown."""
    return _HIDDEN.sub(lambda m: f"[U+{ord(m[0]):04X}]", html.escape(text))


def cards(answer: Answer) -> str:
    """An answer as HTML: how the question was read, the answer, a card a statement."""
    parts = [f'<p class="asked">{plain(answer.question)}</p>', f"<p>{_numbered(answer)}</p>"]
    if answer.interpretation:
        parts.insert(1, f'<p class="note">{plain(reading(answer))}</p>')
    parts += [_card(c) for c in answer.citations]
    if answer.near_misses:
        parts.append('<p class="note">Nearest on record, <strong>not an answer</strong>:</p>')
        parts += [_card(c) for c in answer.near_misses]
    return "\n".join(parts)


def reading(answer: Answer) -> str:
    """How the question was read, in one line."""
    question = answer.interpretation
    if question is None:
        return ""
    slots = (
        ("speaker", ", ".join(question.speakers)),
        ("to", ", ".join(question.addressees)),
        ("about", question.topic),
        ("words", question.words),
    )
    found = " · ".join(f"{name}: {value}" for name, value in slots if value)
    return f"Read as {question.kind.replace('_', ' ')}" + (f" · {found}" if found else "")


def evidence(answer: Answer) -> str:
    """The cited articles, whole, with the cited words marked; empty without citations."""
    articles = {c.article.id: c.article for c in answer.citations}
    parts = []
    for article in articles.values():
        own = [c for c in answer.citations if c.article.id == article.id]
        about = " · ".join(filter(None, (article.outlet, article.published)))
        parts.append(
            f"<h3>{plain(article.title or article.id)}</h3>"
            f'<p class="note">{plain(about)}</p>'
            f'<div class="text">{_marked(article.text, own)}</div>'
        )
    return "\n".join(parts)


def _numbered(answer: Answer) -> str:
    known = {c.number for c in answer.citations}

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        return f'<a href="#cited-{number}">[{number}]</a>' if number in known else match[0]

    return re.sub(r"\[(\d+)\]", link, plain(answer.text))


def _card(citation: Citation) -> str:
    to = f" → {', '.join(citation.addressees)}" if citation.addressees else ""
    who = f"{citation.speaker or 'Speaker unknown'}{to}"
    facts = [citation.kind or "report", f"attribution {citation.attribution}"]
    if citation.cue:
        facts.append(f"cue: {citation.cue}")
    if citation.chain:
        facts.append(f"according to {', '.join(citation.chain)}")
    facts += [f for f in (citation.article.outlet, citation.article.published) if f]
    return (
        f"<article><strong>[{citation.number}] <bdi>{plain(who)}</bdi></strong>"
        f"<blockquote><bdi>{plain(citation.quote)}</bdi></blockquote>"
        f'<p class="note">{plain(" · ".join(facts))}</p></article>'
    )


def _marked(text: str, citations: Sequence[Citation]) -> str:
    """The text with each citation marked; of overlapping ones the first stays."""
    parts, at = [], 0
    for citation in sorted(citations, key=lambda c: (c.start, c.number)):
        span = Span(citation.start, citation.end)
        if span.start < at:
            continue
        label = f"quote {citation.number}" + (f", {citation.speaker}" if citation.speaker else "")
        parts += [
            plain(text[at : span.start]),
            f'<mark id="cited-{citation.number}" title="{plain(label)}">'
            f"{plain(span.slice(text))}</mark>",
        ]
        at = span.end
    return "".join([*parts, plain(text[at:])])


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

    def ask(
        self, question: str, history: list[dict[str, str]], shown: str
    ) -> tuple[str, list[dict[str, str]], str, str]:
        """Cleared input, history, conversation and evidence after one more question."""
        try:
            answer = self.bot().answer(question, history=history)
        except OnRecordError as error:
            return question, history, _notice(shown, str(error)), ""
        except Exception as error:
            token = uuid.uuid4().hex[:8]
            print(f"onrecord: error {token}: {error!r}", file=sys.stderr)
            return question, history, _notice(shown, f"Something failed; try again ({token})."), ""
        history = [
            *history,
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer.text},
        ]
        return "", history, _frame(shown, cards(answer)), _frame("", evidence(answer))

    def answer(self, question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        """The JSON form of an answer, for programs."""
        return answer_json(self.bot().answer(question, history=history))

    def welcome(self) -> str:
        """What the corpus holds, or what to do if there is nothing to ask."""
        try:
            catalog = self.bot().reader.generation.catalog
        except OnRecordError as error:
            return _frame("", f"<p>{plain(str(error))}</p>")
        counts = catalog.counts()
        first, last = catalog.dates()
        dates = f", {first} to {last}" if first else ""
        return _frame(
            "",
            f'<p class="note">{counts["articles"]:,} articles, {counts["quotes"]:,} statements by '
            f"{counts['speakers']:,} speakers{plain(dates)}. Ask who said what, to whom.</p>",
        )

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


def _frame(shown: str, more: str) -> str:
    inner = shown.removeprefix('<div class="onrecord">').removesuffix("</div>") if shown else ""
    return f'<div class="onrecord">{inner}{more}</div>'


def _notice(shown: str, message: str) -> str:
    return _frame(shown, f'<p class="note" role="alert">{plain(message)}</p>')


def blocks(page: Page) -> Any:
    """The Gradio page, not yet served."""
    import gradio as gr

    with gr.Blocks(title="OnRecord", analytics_enabled=False) as found:
        history = gr.State([])
        gr.Markdown("# OnRecord\nWho said what, to whom, according to whom.")
        with gr.Row():
            with gr.Column(scale=3):
                chat = gr.HTML(page.welcome())
                asked = gr.Textbox(
                    label="Question", placeholder="What did Erdoğan tell Putin?", max_length=4000
                )
                send = gr.Button("Ask", variant="primary")
                if examples := page.examples():
                    gr.Examples(examples, asked, api_visibility="private")
            with gr.Column(scale=2):
                gr.Markdown("## Evidence")
                passage = gr.HTML("")
        for event in (asked.submit, send.click):
            event(
                page.ask,
                [asked, history, chat],
                [asked, history, chat, passage],
                api_visibility="private",
                concurrency_limit=4,
            )
        gr.api(page.answer, api_name="answer")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the page on loopback until it is stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python ui.py", description="Chat with an index.")
    parser.add_argument("--index", metavar="DIR", help="folder of the index")
    parser.add_argument("--port", type=int, default=7860, help="7860 unless given; 0 for any")
    arguments = parser.parse_args(argv)
    page = blocks(Page(arguments.index))
    try:
        _, address, _ = page.launch(
            server_name="127.0.0.1",
            server_port=arguments.port or None,
            share=False,
            quiet=True,
            css=STYLE,
            footer_links=[],
            prevent_thread_lock=True,
        )
    except OSError as error:
        print(f"onrecord: cannot serve on port {arguments.port}: {error}", file=sys.stderr)
        return 1
    print(f"OnRecord is at {address}", flush=True)
    page.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
