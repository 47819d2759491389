"""What the panes show: pieces of the other rooms, put together from what the desk has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from index.errors import OnRecordError
from page.articles import articles
from page.corpus import corpus
from page.escape import attribute, shown
from page.evidence import NO_EVIDENCE, evidence
from page.exports import FORMS
from page.leads import Leads
from page.markup import alert, data_address, frame, fresh, said
from page.service import Desk, Parcel
from page.statements import Wanted, statements
from page.streaming import Growing, failed
from page.suggested import reviewed, suggested
from page.turns import Holdings, conversation_html, turn
from page.welcome import empty, rebuilding, welcome
from rag.types import Answer, Citation


class Panes:
    """HTML of each pane.

    The chat is in two parts: the turns before, and the latest one.  So that only the latter
    is drawn and read out while it comes about.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def past(self, answers: Sequence[Answer], last: str = "") -> str:
        """All turns but the latest; before the first one, what there is to ask, and ``last``."""
        inner = conversation_html(answers, self._holdings()) if answers else self._greeting(last)
        return frame(inner, classes="chat")

    def latest(
        self, answer: Answer, number: int, leads: Leads | None = None, *, whole: bool = True
    ) -> str:
        """The turn that was asked last, and what it leads to.

        One that is not yet ``whole`` waits for that, and no other question is taken until then.
        """
        note = rebuilding(self._desk.busy())
        found = turn(answer, number, self._holdings(), note, leads)
        return _log_region(
            found if whole else found.replace('class="turn"', 'class="turn waiting"', 1)
        )

    def growing(self, turn: Growing) -> str:
        """The turn that is being answered."""
        return _log_region(str(turn))

    def failed(self, question: str, number: int, message: str) -> str:
        """A turn that came to nothing, what to do about it, and the question once more."""
        return _log_region(failed(question, number, message))

    def _greeting(self, last: str) -> str:
        desk, busy = self._desk, self._desk.busy()
        add = desk.allow_add
        try:
            held, examples = desk.holdings().line, desk.examples()
            return welcome(held, examples, allow_add=add, busy=busy, last=last)
        except OnRecordError as error:
            return empty(str(error), allow_add=add, busy=busy)

    def _holdings(self) -> Holdings:
        """What the corpus holds; nothing while there is none."""
        try:
            return self._desk.holdings()
        except OnRecordError:
            return Holdings()

    def corpus(self) -> str:
        """Who speaks how often, to whom and when."""
        try:
            inner = corpus(self._desk.counts(), self._desk.holdings().line)
        except OnRecordError as error:
            inner = alert(str(error))
        return frame(inner, classes="corpus")

    def articles(self, asked: str = "", outlet: str = "") -> str:
        """The articles whose titles have these words."""
        try:
            found, total = self._desk.articles(asked, outlet)
        except OnRecordError as error:
            return frame(alert(str(error)))
        return frame(articles(found, total, asked, outlet), classes="corpus")

    def review(self) -> str:
        """What readers suggest, for a curator."""
        return fresh(reviewed(self._desk.suggestions()), classes="corpus")

    def statements(self, wanted: Wanted, found: Sequence[Citation], total: int) -> str:
        """What somebody said, newest first."""
        spellings = self._desk.spellings(wanted.speaker) if wanted.speaker else ()
        return fresh(statements(wanted, found, total, spellings), classes="pane")

    def first(self, citations: Sequence[Citation], turn: int) -> str:
        """The article of the first citation, without the focus; or that there is none."""
        if not citations:
            return fresh(NO_EVIDENCE)
        return self.evidence(citations[0], {"turn": turn, "number": 1}, calm=True)

    def evidence(
        self,
        citation: Citation,
        place: Mapping[str, str | int],
        *,
        report: bool = False,
        listed: str = "",
        calm: bool = False,
        own: Collection[int] = (),
        newest: int = 0,
    ) -> str:
        """The article of a citation; ``calm`` shows it without taking the focus there.

        ``own`` and ``newest`` are numbers of suggestions, as in `page/suggested.py`.
        """
        source = citation.source
        about = self._desk.suggestions(quote_id=source.id) if source else []
        inner = suggested(about, self._desk.curate, own, newest) + evidence(
            citation, report=report, listed=listed, **place
        )
        found = fresh(inner, classes="pane")
        return found.replace(' data-passage="1"', ' data-passage="quiet"', 1) if calm else found


def saved(parcel: Parcel) -> str:
    """A file as a link that saves itself."""
    href = data_address(FORMS[parcel.form].media, parcel.content)
    return said(
        f'Saved <a data-parcel="1" download="{attribute(parcel.name)}" href="{href}">'
        f"{shown(parcel.name)}</a>."
    )


def _log_region(inner: str) -> str:
    """A turn that a screen reader reads out as it comes about."""
    return f'<div class="onrecord chat" role="log" aria-label="Answer">{inner}</div>'
