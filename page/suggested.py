"""What readers suggest to put right: beside the statement, and as a list for a curator."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.storage.suggestions import ANSWER, Suggestion
from page.escape import isolated
from page.markup import button, data
from page.words import ROLES, count, date

FIRST = f'{data(top=1)} tabindex="-1"'
"""Attributes of what page.js scrolls to and gives the focus."""


def suggested(
    about: Sequence[Suggestion], curate: bool, own: Collection[int] = (), newest: int = 0
) -> str:
    """Notes on one statement: what was corrected in it, and what waits for a curator.

    ``own`` are the numbers of those that this reader may take back; the one with the number
    ``newest`` is what the pane shows first.
    """
    return "".join(
        f'<p class="mended"{FIRST if one.number == newest else ""}>{_change(one)} {_state(one)}'
        f"{_choices(one) if curate else _take_back(one) if one.number in own else ''}</p>"
        for one in about
        if one.state != "undone"
    )


def reviewed(every: Sequence[Suggestion]) -> str:
    """All suggestions for a curator, those that wait first, then the newest."""
    waiting = sum(one.state == "pending" for one in every)
    rows = "".join(map(_row, sorted(every, key=lambda one: (one.state != "pending", -one.number))))
    lead = f"{count(waiting, 'suggested correction')} to decide on."
    return f'<p class="note" role="status">{lead}</p><ul class="suggestions">{rows}</ul>'


def _row(one: Suggestion) -> str:
    quote = article = ""
    if one.quote_id:
        quote = f'<blockquote class="words">{isolated(one.words)}</blockquote>'
        article = button("select", "Article", "quiet", "Show in the article", quote=one.quote_id)
    return (
        f'<li class="suggestion {one.state}">{quote}<p>{_change(one)} {_state(one)}</p>'
        f'<p class="actions">{_choices(one)}{article}</p></li>'
    )


def _change(one: Suggestion) -> str:
    """What was, and what should be, as the article has it; or which names are whose."""
    if one.is_of_people:
        names = f"<b>{isolated(one.words)}</b> and <b>{isolated(one.value)}</b>"
        means = "are one person" if one.part == "same person" else "are not one person"
        return f"{names} {means}."
    if one.part == ANSWER:
        return f"The answer to “{isolated(one.words)}”: <b>{isolated(one.value)}</b>."
    was = isolated(one.was) if one.was else "not stated"
    value = isolated(one.value) if one.value else "not stated"
    return f"Wrong {ROLES.get(one.part, one.part)}: <s>{was}</s> should be <b>{value}</b>."


def _state(one: Suggestion) -> str:
    means = {
        "pending": "A reader suggests it; nobody has checked it yet.",
        "accepted": "Found right."
        if one.part == ANSWER
        else f"Corrected: {ROLES.get(one.part, 'names')}.",
        "undone": "Undone: the record is as the article was read.",
    }
    return f'<span class="note">{means[one.state]} {isolated(date(one.made))}.</span>'


def _choices(one: Suggestion) -> str:
    accept = button("accept", "Accept", "quiet", f"Accept suggestion {one.number}", id=one.number)
    undo = button("undo", "Undo", "quiet", f"Undo suggestion {one.number}", id=one.number)
    return f" {accept if one.state == 'pending' else ''} {undo if one.state != 'undone' else ''} "


def _take_back(one: Suggestion) -> str:
    if one.state != "pending":
        return ""
    title = f"Take suggestion {one.number} back"
    return f" {button('undo', 'Take it back', 'quiet', title, id=one.number)}"
