"""A question that is being answered, or that came to nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from page.escape import shown
from page.markup import button, data
from page.turns import answer_sentence, asked, cards, reading_html
from rag.types import Citation, Event, Findings, Line, Prose, Question, Reading

MOST_KEPT = 2000
"""Characters of a question that the page puts back to be asked again; no longer one is asked."""


@dataclass(frozen=True, slots=True)
class Growing:
    """An answer that is still being made: what the events that have come so far tell of it.

    ``str`` of it is its HTML.  ``number`` is the number of the turn in the conversation.
    """

    question: str
    number: int
    read: Question | None = None
    citations: tuple[Citation, ...] = ()
    text: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def is_help(self) -> bool:
        """Whether nothing was asked about the articles."""
        return self.read is not None and self.read.kind == "help"

    def after(self, event: Event) -> Growing:
        """Return this state with what one more event tells."""
        match event:
            case Reading(question):
                return replace(self, read=question)
            case Findings(citations):
                return replace(self, citations=citations)
            case Prose(text, lines):
                return replace(self, text=text, lines=lines)
        return self

    def __str__(self) -> str:
        """Return the HTML of what is known so far, with a line that names the step at work."""
        stage = "Reading the question …"
        if self.read:
            stage = "Looking through the articles …"
        if self.citations:
            stage = "Writing the answer …"
        wait = (
            '<p class="stage" role="status"><span class="pulse" aria-hidden="true"></span>'
            f"{stage}</p>"
        )
        parts = [
            asked(self.question),
            answer_sentence(self.lines, self.number) if self.lines and self.citations else wait,
            cards(self.citations, self.number) if self.citations else "",
            reading_html(self.read, self.number) if self.read else "",
        ]
        inner = "".join(parts)
        kept = data(turn=self.number, question=self.question[:MOST_KEPT])
        return f'<section class="turn waiting"{kept}>{inner}</section>'


def failed(question: str, number: int, message: str) -> str:
    """A question that came to nothing: why, and a way to put it again."""
    head = question if len(question) <= MOST_KEPT else f"{question[:200]} …"
    kept = question[:MOST_KEPT]
    again = button("example_select", "Try again", "quiet", question=kept) if kept.strip() else ""
    return (
        f'<section class="turn failed"{data(turn=number, question=kept)}>'
        f"{asked(head) if head.strip() else ''}"
        f'<div class="alert" role="alert"><p>{shown(message)}</p></div>'
        f'<p class="actions">{again}</p></section>'
    )
