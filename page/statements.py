"""A list of statements in the evidence pane: all that somebody said, or was told, or that stands
in an article; and what was said on one topic, in the order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from index.text.folding import words
from page.cards import card
from page.escape import attribute, isolated, typed
from page.markup import button, data
from page.server.guard import FEED, FEED_FIELDS
from page.turns import saving
from page.words import count, date
from rag.types import Citation

SAID_AGAIN = 0.7
"""Share of the words of two statements that both have, from which one repeats the other."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose statements, to whom, from which month (YYYY-MM), on what, in which article; "" for
    any."""

    speaker: str = ""
    addressee: str = ""
    month: str = ""
    topic: str = ""
    article: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Wanted:
        """What a control asks for."""
        return cls(**{name: fields.get(name, "").strip()[:200] for name in cls.__slots__})

    def __str__(self) -> str:
        if self.article:
            return "What this article reports"
        said = f"What {self.speaker} said" if self.speaker else "What was said"
        to = f" to {self.addressee}" if self.addressee else ""
        about = f" about “{self.topic}”" if self.topic else ""
        when = f" in {self.month}" if self.month else ""
        return f"{said}{to}{about}{when}"

    @property
    def place(self) -> dict[str, str | int]:
        """The fields by which a control asks for this."""
        return asdict(self)


def back(wanted: Wanted) -> str:
    """The way back from an article to the list that it was chosen from; "" if from none."""
    if wanted == Wanted():
        return ""
    return button("expand", "‹ Back to the list", "quiet", str(wanted), **wanted.place)


def statements(
    wanted: Wanted, found: Sequence[Citation], total: int, spellings: Sequence[str] = ()
) -> str:
    """The newest statements first, or on a topic the oldest; how many; a way to all; export.

    ``spellings`` are the names on record of the person who speaks.
    """
    order = "oldest first" if wanted.topic else "newest first"
    order = "as they stand in it" if wanted.article else order
    shown_of = f"{count(total, 'statement')} on record, {order}"
    if total > len(found):
        all_of = button("expand", "show all", "quiet inline", all=1, **wanted.place)
        shown_of = f"{len(found)} of {total:,} statements shown, {order}: {all_of}"
    notes = _timeline(found) if wanted.topic else [""] * len(found)
    items = "".join(
        f"{note}{card(c, quote=c.source.id)}"
        for c, note in zip(found, notes, strict=True)
        if c.source
    )
    return (
        f'<section class="statements"><p class="bar-line">'
        f"{button('back', 'Back to the answer', 'quiet back')}</p>"
        f'<h2 class="headline" data-top="1" tabindex="-1">{isolated(str(wanted))}</h2>'
        f'<p class="note count">{shown_of}</p>{_narrowing(wanted)}'
        f'<div class="actions">{saving("Save as", **wanted.place)}{_watching(wanted)}</div>'
        f"{_names_form(spellings)}"
        f'<ol class="cards">{items}</ol></section>'
    )


def _names_form(spellings: Sequence[str]) -> str:
    """The names that count as one person's, and ways to suggest that they are not all, or not
    the only ones."""
    if not spellings:
        return ""
    first = max(spellings, key=len)
    others = "".join(
        f"<li>{isolated(name)} {button('apply', 'somebody else', 'quiet', **split)}</li>"
        for name in spellings
        if name != first
        for split in [{"person": name, "other": first, "part": "another person"}]
    )
    known = f"<p>{isolated(first)}, also written:</p><ul>{others}</ul>" if others else ""
    joined = data(do="apply", person=first, part="same person")
    return (
        f'<details class="menu names"><summary>Names of this person</summary>{known}'
        f'<form class="search"{joined}><label>The same person as<input name="other" list="people" '
        'maxlength="200" autocomplete="off" required></label><button type="submit" class="do">'
        "Suggest</button></form></details>"
    )


def _narrowing(wanted: Wanted) -> str:
    """A field for a topic."""
    if wanted.article:
        return ""
    place = {name: value for name, value in wanted.place.items() if name != "topic"}
    return (
        f'<form class="search"{data(do="expand", **place)}><label>On the topic'
        f'<input name="topic" value="{typed(wanted.topic)}" maxlength="200" autocomplete="off">'
        '</label><button type="submit" class="do">In order of time</button>'
        f"{button('expand', 'Any topic', 'quiet', **place) if wanted.topic else ''}</form>"
    )


def _watching(wanted: Wanted) -> str:
    """A link to the feed of new statements of this kind, for a feed reader."""
    named = {k: v for k, v in wanted.place.items() if v and k in FEED_FIELDS}
    if not named or wanted.article or wanted.month:
        return ""
    return f'<a class="publisher" href="{FEED}?{attribute(urlencode(named))}">Watch (feed)</a>'


def _timeline(found: Sequence[Citation]) -> list[str]:
    """Before each statement, when it was made, and whether its words were said before."""
    notes, before = [], list[tuple[frozenset[str], str]]()
    for c in found:
        now = frozenset(words(c.quote))
        same = [day for said, day in before if _shared(said, now) >= SAID_AGAIN]
        when = date(c.article.published) or "without a date"
        told = f"said again, as {same[0]}" if same else "new words" if before else "first"
        before.append((now, when))
        notes.append(f'<li class="when"><b>{isolated(when)}</b>, {isolated(told)}</li>')
    return notes


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard index of two sets of words."""
    return len(one & other) / max(1, len(one | other))
