"""The parts of the page, as Gradio lays them out."""

from __future__ import annotations

import gradio as gr

from index.ingest.loaders import LOADERS
from page.checking import PASTED
from page.evidence import NOTHING
from page.markup import frame
from page.statements import Wanted
from page.welcome import OPENING
from page.words import KINDS, kind_name

LISTENS = (
    "onrecord(element, trigger, watch);  // 'show_all', 'renew', 'restore', 'forget', 'accept'"
)
"""What each part runs: a function of page.js, which the page loads once.  Gradio finds the events
that it has no name for by looking for theirs in here, at each update, so that it is short."""

KIND_CHOICES = [("Any", ""), *((kind_name(kind), kind) for kind in KINDS)]


def masthead(menu: str = "") -> str:
    """The name of the page, and the way to other conversations."""
    return frame(
        '<header class="masthead"><h1>OnRecord</h1>'
        "<p>Who said what, to whom, according to whom.</p>"
        f'<nav aria-label="Conversations">{menu}</nav></header>'
    )


class Layout:
    """All parts by name; ``filters`` and ``paste`` by the names of what they hold."""

    def __init__(self, *, allow_add: bool, curate: bool) -> None:
        """Lay them out in the Blocks that is open."""
        self.answers = gr.State([])
        self.wanted = gr.State(Wanted())
        self.conversation = gr.State("")
        self.own = gr.State([])
        # The key is no secret: what is kept are questions, on the reader's own machine.
        self.kept = gr.BrowserState([], storage_key="onrecord", secret="onrecord")
        self.masthead = _part(masthead(), "masthead")
        self.names = _part("", "names")
        self.problem = _part("", "problem")
        with gr.Row(elem_id="panes", equal_height=False):
            with gr.Column(elem_id="left", scale=6, min_width=320), gr.Tabs(elem_id="tabs"):
                with gr.Tab("Ask", id="ask"):
                    self._lay_out_chat()
                with gr.Tab("Check a draft", id="check"):
                    self._lay_out_check()
                with gr.Tab("Corpus", id="corpus") as self.corpus_tab:
                    self.corpus = _part("", "corpus")
                with gr.Tab("Articles", id="articles") as self.articles_tab:
                    self.articles = _part("", "articles")
                with gr.Tab("Corrections", id="corrections", visible=curate) as self.review_tab:
                    self.review = _part("", "review")
                if allow_add:
                    with gr.Tab("Add", id="add"):
                        self._lay_out_adding()
            with gr.Column(elem_id="right", scale=5, min_width=320):
                self.pane = _part(frame(NOTHING), "evidence")

    def _lay_out_chat(self) -> None:
        self.past = _part(frame(OPENING), "past")
        self.latest = _part("", "latest")
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="line"):
                self.question = gr.Textbox(
                    label="Your question", placeholder="Who said what, to whom?", lines=1,
                    max_lines=6, max_length=2001, elem_id="question", autofocus=True, scale=1,
                    container=False,
                )  # fmt: skip
                self.send = gr.Button("Ask", variant="primary", elem_id="send", min_width=90)
                self.stop = gr.Button("Stop", elem_id="stop", min_width=90)
            with gr.Accordion("Filters", open=False, elem_id="filters"):
                with gr.Row():
                    speaker = _form_field(
                        "Speaker", elem_id="filter-speaker", placeholder="anybody"
                    )
                    addressee = _form_field("To", elem_id="filter-to", placeholder="anybody")
                    outlet = _form_field("Outlet", elem_id="filter-outlet", placeholder="any")
                with gr.Row():
                    hint = "like 2020-11"
                    since = _form_field("Published since", elem_id="filter-since", placeholder=hint)
                    until = _form_field("Published until", elem_id="filter-until", placeholder=hint)
                kind = gr.Radio(
                    KIND_CHOICES, label="Kind of quote", value="", elem_id="filter-kind"
                )
                self.clear = gr.Button("Clear filters", size="sm", elem_id="clear")
        self.filters = {
            "speaker": speaker, "addressee": addressee, "outlet": outlet,
            "since": since, "until": until, "kind": kind,
        }  # fmt: skip

    def _lay_out_check(self) -> None:
        with gr.Column(elem_id="checking"):
            self.draft = gr.Textbox(
                label="Your draft", lines=10, max_lines=24, max_length=PASTED + 1,
                elem_id="draft",
                placeholder="Paste a text: each quotation is compared with the archive.",
                info="It is not stored.",
            )  # fmt: skip
            self.check = gr.Button("Check", variant="primary", elem_id="check", scale=0)
        self.verdicts = _part("", "verdicts")

    def _lay_out_adding(self) -> None:
        with gr.Column(elem_id="adding"):
            self.files = gr.File(
                label=f"Files ({', '.join(LOADERS)})", file_count="multiple",
                file_types=list(LOADERS), elem_id="files", height=180,
            )  # fmt: skip
            title = gr.Textbox(label="Or paste an article: its title", max_length=300)
            with gr.Row():
                outlet = _form_field("Outlet", max_length=200)
                date = _form_field("Published", placeholder="2020-11-08")
                url = _form_field("Address", placeholder="https://…")
            text = gr.Textbox(label="Text", lines=8, max_lines=16, elem_id="pasted")
            self.add = gr.Button("Add to the index", variant="primary", elem_id="add", scale=0)
        self.paste = {"title": title, "outlet": outlet, "date": date, "url": url, "text": text}
        self.report = _part("", "report")


def _part(value: str, name: str) -> gr.HTML:
    """HTML of our own, whose controls page.js listens to."""
    return gr.HTML(value, elem_id=name, js_on_load=LISTENS, apply_default_css=False)


def _form_field(label: str, **more: str | int) -> gr.Textbox:
    """A field of one line."""
    return gr.Textbox(label=label, lines=1, max_lines=1, min_width=140, **more)
