"""Earlier conversations, which the browser keeps: their questions, and never an answer.

An answer is made anew when a conversation is opened, so that nothing is shown that has left
the index, and nothing that the browser was made to keep is taken for an article's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from page.escape import isolated
from page.leads import leans, limits
from page.markup import button
from page.streaming import MOST_KEPT
from page.words import count
from rag.types import Answer

CONVERSATIONS = 20
TURNS = 20
"""Conversations, and turns of each, that are kept; older ones go."""

FIELDS = ("question", "alone", "speaker", "addressee", "outlet", "since", "until", "kind")

KeptQuestion: TypeAlias = dict[str, str]
"""A question, whether it was read by itself ("alone"), and its filters."""

Conversation: TypeAlias = tuple[str, list[KeptQuestion]]
"""The name of a conversation and its questions, oldest first."""


def earlier(value: object) -> list[Conversation]:
    """The conversations in what a browser sent, oldest first; anything else is left out."""
    found: list[Conversation] = []
    for each in value[-CONVERSATIONS:] if isinstance(value, list) else ():
        match each:
            case [str(name), list(turns)]:
                asked = [_kept_question(turn) for turn in turns[-TURNS:] if isinstance(turn, dict)]
                if kept := [turn for turn in asked if turn.get("question", "").strip()]:
                    found.append((name[:40], kept))
    return found


def _kept_question(turn: dict[object, object]) -> KeptQuestion:
    """The text fields of a turn, each as long as a question may be."""
    values = {name: turn.get(name) for name in FIELDS}
    return {k: v[:MOST_KEPT] for k, v in values.items() if isinstance(v, str) and v}


def with_turns(value: object, name: str, answers: Sequence[Answer]) -> list[Conversation]:
    """What the browser is to keep, with a conversation as it is now; the newest last."""
    turns = [_to_keep(answer) for answer in answers]
    others = [each for each in earlier(value) if each[0] != name]
    return [*others, (name, turns[-TURNS:])][-CONVERSATIONS:] if turns else others


def _to_keep(answer: Answer) -> KeptQuestion:
    alone = {} if leans(answer) else {"alone": "1"}
    return {"question": answer.question[:MOST_KEPT], **alone, **limits(answer.interpretation)}


def menu(value: object, now: str) -> str:
    """A way to begin anew, and to what was asked before in this browser."""
    rows = "".join(
        f"<li>{button('restore', _conversation_label(turns), 'earlier', name=name)}</li>"
        for name, turns in reversed(earlier(value))
        if name != now
    )
    forget = button("forget", "Forget all of them", "quiet")
    before = (
        f'<details class="menu drawer"><summary>Earlier</summary><div class="panel"><ul>{rows}'
        f'</ul><p class="note">Kept in this browser only. {forget}</p></div></details>'
    )
    return f"{button('renew', 'New conversation', 'quiet')}{before if rows else ''}"


def resumed(value: object) -> str:
    """A way to go on with the newest conversation; "" where there is none."""
    last = next(reversed(earlier(value)), None)
    if not last:
        return ""
    label = f"Go on with your last conversation: {_conversation_label(last[1])}"
    return f"<p>{button('restore', label, 'quiet', name=last[0])}</p>"


def _conversation_label(turns: Sequence[KeptQuestion]) -> str:
    more = f' <span class="aside">{count(len(turns), "question")}</span>'
    return f"{isolated(turns[0]['question'][:90])}{more}"
