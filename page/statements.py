"""A list of statements in the evidence pane: all that somebody said, or was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from page.cards import card
from page.escape import isolated
from page.markup import button
from page.turns import saving
from page.words import count
from rag.types import Citation


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose statements, to whom, and from which month (YYYY-MM); "" for any."""

    speaker: str = ""
    addressee: str = ""
    month: str = ""

    def __str__(self) -> str:
        said = f"What {self.speaker} said" if self.speaker else "What was said"
        to = f" to {self.addressee}" if self.addressee else ""
        when = f" in {self.month}" if self.month else ""
        return f"{said}{to}{when}"


def back(wanted: Wanted) -> str:
    """The way back from an article to the list that it was chosen from; "" if from none."""
    if wanted == Wanted():
        return ""
    place = {"speaker": wanted.speaker, "addressee": wanted.addressee, "month": wanted.month}
    return button("expand", "‹ Back to the list", "quiet", str(wanted), **place)


def statements(wanted: Wanted, found: Sequence[Citation], total: int) -> str:
    """The newest statements first, as cards; how many there are; a way to all; export."""
    place = {"speaker": wanted.speaker, "addressee": wanted.addressee, "month": wanted.month}
    cards = "".join(card(c, quote=c.source.id) for c in found if c.source)
    shown_of = f"{count(total, 'statement')} on record, newest first"
    if total > len(found):
        all_of = button("expand", "show all", "quiet inline", all=1, **place)
        shown_of = f"{len(found)} of {total:,} statements shown, newest first: {all_of}"
    return (
        f'<section class="statements"><p class="bar-line">'
        f"{button('back', 'Back to the answer', 'quiet back')}</p>"
        f'<h2 class="headline" data-top="1" tabindex="-1">{isolated(str(wanted))}</h2>'
        f'<p class="note count">{shown_of}</p>{saving("Save as", **place)}'
        f'<ol class="cards">{cards}</ol></section>'
    )
