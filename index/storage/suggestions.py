"""Corrections that readers suggest: kept beside the record until a curator accepts them.

A suggestion changes nothing by itself.  Accepted, it becomes a correction
(index/storage/corrections.py); undone, the correction goes and what the index extracted
stands again.  Both stay listed, so that each step can be followed.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.errors import InputError
from index.storage.clock import now
from index.storage.corrections import CORRECTIONS_TABLE, Correction, keep
from index.storage.store import note_change

SuggestionState = Literal["pending", "accepted", "undone"]

MAX_PENDING = 1000
"""Suggestions that wait at the same time: whoever reads the page may make one."""

_SUGGESTIONS_TABLE = """
CREATE TABLE IF NOT EXISTS suggestions(
  number INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL, "start" INTEGER NOT NULL,
  "end" INTEGER NOT NULL, words TEXT NOT NULL, part TEXT NOT NULL, was TEXT NOT NULL,
  value TEXT NOT NULL, made TEXT NOT NULL, quote_id TEXT NOT NULL, state TEXT NOT NULL) STRICT
"""

_CORRECTIONS_OF_BEFORE = """
INSERT INTO suggestions(article_id, "start", "end", words, part, was, value, made, quote_id, state)
SELECT article_id, "start", "end", words, part, '', value, made, coalesce(quote_id, ''), 'accepted'
FROM corrections ORDER BY made, rowid
"""
"""Corrections that were made before there were suggestions can be undone, too."""

_OF_THAT_PART = """
(article_id, "start", "end", part) =
(SELECT article_id, "start", "end", part FROM suggestions WHERE number = ?)
"""
"""Condition of what concerns the part of a statement that a suggestion of this number does."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a reader holds to be wrong with a statement, and what the article says instead.

    ``words`` are those of the statement, ``was`` is the part as the index had it, ``value``
    what it should be, "" for none; ``made`` is an ISO date-time.
    """

    number: int
    article_id: str
    words: str
    part: str
    was: str
    value: str
    made: str
    quote_id: str
    state: SuggestionState


def suggest(file: Path, correction: Correction) -> int:
    """Keep a suggestion in the truth and return its number; hold the index's lock.

    Raises InputError where too many wait.
    """
    quote, article = correction.quote, correction.article
    with closing(sqlite3.connect(file)) as db, db:
        _prepare(db)
        waiting = db.execute("SELECT count(*) FROM suggestions WHERE state = 'pending'").fetchone()
        if waiting[0] >= MAX_PENDING:
            raise InputError(
                f"{MAX_PENDING:,} suggestions wait already; accept or undo some first "
                "(python -m index corrections list)"
            )
        row = db.execute(
            'INSERT INTO suggestions(article_id, "start", "end", words, part, was, value, made, '
            "quote_id, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
            (
                *(article.id, quote.span.start, quote.span.end, quote.span.slice(article.text)),
                *(correction.part, _as_it_was(correction), correction.value, now(), quote.id),
            ),
        )
        return int(row.lastrowid or 0)


def _as_it_was(correction: Correction) -> str:
    quote, text = correction.quote, correction.article.text
    if correction.part == "words":
        return quote.span.slice(text)
    mentions = (quote.speaker,) if correction.part == "speaker" else quote.addressees
    return ", ".join(m.name or m.span.slice(text) for m in mentions if m)


def accept_suggestion(file: Path, number: int) -> None:
    """Make a correction of a suggestion; hold the index's lock, and publish afterwards.

    One that was accepted before for the same part of the statement counts as undone.
    Raises InputError for a number that is not pending.
    """
    with closing(sqlite3.connect(file)) as db, db:
        _prepare(db)
        _require_state(db, number, ("pending",))
        row = db.execute(
            'SELECT article_id, "start", "end", words, part, value FROM suggestions '
            "WHERE number = ?",
            (number,),
        ).fetchone()
        db.execute(
            f"UPDATE suggestions SET state = 'undone' WHERE state = 'accepted' AND {_OF_THAT_PART}",
            (number,),
        )
        db.execute("UPDATE suggestions SET state = 'accepted' WHERE number = ?", (number,))
        keep(db, row)


def undo_suggestion(file: Path, number: int) -> bool:
    """Take a suggestion back; returns whether it had been accepted, so that the record changes.

    Hold the index's lock.  Raises InputError for a number that there is not, or that was
    undone already.
    """
    with closing(sqlite3.connect(file)) as db, db:
        _prepare(db)
        state = _require_state(db, number, ("pending", "accepted"))
        if state == "accepted":
            db.execute(f"DELETE FROM corrections WHERE {_OF_THAT_PART}", (number,))
            (article_id,) = db.execute(
                "SELECT article_id FROM suggestions WHERE number = ?", (number,)
            ).fetchone()
            note_change(db, article_id)
        db.execute("UPDATE suggestions SET state = 'undone' WHERE number = ?", (number,))
        return state == "accepted"


def all_suggestions(file: Path) -> list[Suggestion]:
    """All suggestions, the newest last; none without a truth."""
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
        if not _are_kept(db):
            return []
        return [
            Suggestion(*row)
            for row in db.execute(
                "SELECT number, article_id, words, part, was, value, made, quote_id, state "
                "FROM suggestions ORDER BY number"
            )
        ]


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA synchronous=FULL")
    if _are_kept(db):
        return
    db.execute(CORRECTIONS_TABLE)
    db.execute(_SUGGESTIONS_TABLE)
    db.execute(_CORRECTIONS_OF_BEFORE)


def _are_kept(db: sqlite3.Connection) -> bool:
    """Whether there is a table of suggestions, which comes with the first of them."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'suggestions'").fetchone())


def _require_state(db: sqlite3.Connection, number: int, states: tuple[str, ...]) -> str:
    row = db.execute("SELECT state FROM suggestions WHERE number = ?", (number,)).fetchone()
    if row is None or row[0] not in states:
        found = f"it is {row[0]}" if row else "there is none"
        raise InputError(
            f"expected the number of a suggestion that is {' or '.join(states)}, found {number}: "
            f"{found}; see: python -m index corrections list"
        )
    return str(row[0])
