"""What the page shows before the first question, or while there is nothing to ask."""

from __future__ import annotations

from collections.abc import Sequence

from page.escape import shown, typed
from page.markup import alert
from page.turns import questions
from page.words import clock

OPENING = (
    '<section class="opening"><p class="stage" role="status"><span class="pulse" '
    'aria-hidden="true"></span>Opening the index …</p></section>'
)
"""Until the index is there; the models that read questions take some seconds."""


def welcome(
    holdings: str, examples: Sequence[str], *, allow_add: bool, busy: str = "", last: str = ""
) -> str:
    """What can be asked, with examples that work; ``last`` is a way back to what was asked before,
    as HTML."""
    chips = questions(examples)
    tried = f'<p class="note">Try one:</p><ul class="examples">{chips}</ul>' if chips else ""
    return (
        '<section class="welcome"><p class="lead">Ask what somebody said, to whom, or '
        "according to whom. Every answer is an article’s own words, with the place where "
        f'they stand.</p>{last}{tried}<p class="note">On record here: {shown(holdings)}. '
        f"{'More articles: under Add.' if allow_add else ''}</p>{rebuilding(busy)}</section>"
    )


def empty(reason: str, *, allow_add: bool, busy: str = "") -> str:
    """Why nothing can be asked, and what to do."""
    now = "The index is being made just now; ask when it is done." if busy else reason
    who = "More articles: under Add." if allow_add else "Whoever runs this page can add some."
    return (
        '<section class="welcome"><p class="lead">Nothing is on record yet.</p>'
        f'{alert(now)}<p class="note">{who}</p></section>'
    )


def rebuilding(busy: str) -> str:
    """A line while another process changes the index; "" otherwise."""
    if not busy:
        return ""
    return (
        f'<p class="note rebuilding" role="status">The index is being changed since '
        f"{clock(busy)}. Until that is done, answers come from how it was before.</p>"
    )


def name_suggestions(people: Sequence[str], outlets: Sequence[str]) -> str:
    """The names that fields of forms suggest while one types."""
    lists = (("people", people), ("outlets", outlets))
    return "".join(
        f'<datalist id="{name}">'
        + "".join(f'<option value="{typed(v)}"></option>' for v in values)
        + "</datalist>"
        for name, values in lists
    )
