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
from typing import Any, Literal, get_args

from index.errors import InputError
from index.people.regroup import PersonChange
from index.storage.clock import now
from index.storage.corrections import CORRECTIONS_TABLE, Correction, keep
from index.storage.store import has_table, note_change

PersonPart = Literal["same person", "another person"]
"""What may be wrong with a person: two names are one person's, or a name is somebody else's."""

ANSWER = "answer"
"""The part of what is told of a whole answer.  Accepting it changes no record."""

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
(SELECT article_id, "start", "end", part FROM suggestions WHERE number = ?1 AND article_id != '')
"""
"""Condition of what concerns the part of a statement that a suggestion of this number does."""

_OF_THESE_NAMES = """
(article_id, min(words, value), max(words, value)) =
(SELECT article_id, min(words, value), max(words, value) FROM suggestions
 WHERE number = ?1 AND article_id = '')
"""
"""Condition of what concerns the two names that a suggestion of this number does."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a reader holds to be wrong with a statement, and what the article says instead.

    ``words`` are those of the statement, ``was`` is the part as the index had it, ``value``
    what it should be, "" for none; ``made`` is an ISO date-time.  Of a person, ``words`` and
    ``value`` are the two names, of an answer its question and what is wrong with it; there is
    neither article nor quote.
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

    @property
    def is_of_people(self) -> bool:
        """Whether it is about the names of people, and not about a statement."""
        return self.part in get_args(PersonPart)


def suggest(file: Path, correction: Correction) -> int:
    """Keep a suggestion in the truth and return its number; hold the index's lock.

    Raises InputError where too many wait.
    """
    quote, article = correction.quote, correction.article
    statement = (article.id, quote.span.start, quote.span.end, quote.span.slice(article.text))
    was = _as_it_was(correction)
    return _keep_row(file, (*statement, correction.part, was, correction.value, now(), quote.id))


def suggest_person_change(file: Path, change: PersonChange) -> int:
    """Keep in the truth that two names are one person's, or are not; returns the number of the
    suggestion.  Hold the index's lock.

    Raises InputError for a name that nobody on record has, and where too many wait.
    """
    if change.name == change.other:
        raise InputError(f"expected two names, found {change.name!r} twice")
    with closing(sqlite3.connect(file)) as db:
        for name in (change.name, change.other):
            if not db.execute("SELECT 1 FROM mentions WHERE name = ?", (name,)).fetchone():
                raise InputError(f"expected a name as it stands on record, found {name[:80]!r}")
    part: PersonPart = "same person" if change.same else "another person"
    return _keep_row(file, ("", 0, 0, change.name, part, "", change.other, now(), ""))


def suggest_fault(file: Path, question: str, fault: str) -> int:
    """Keep in the truth what is wrong with the answer to a question; returns the number of the
    suggestion.  Hold the index's lock.

    Raises InputError where too many wait.
    """
    return _keep_row(file, ("", 0, 0, question, ANSWER, "", fault, now(), ""))


def person_changes_of(file: Path) -> list[PersonChange]:
    """Return what is accepted in a truth about whose the names are."""
    of_people = "state = 'accepted' AND article_id = '' AND part != ?"
    rows = _read_rows(file, "words, value, part", of_people, (ANSWER,))
    return [PersonChange(name, other, part == "same person") for name, other, part in rows]


def _keep_row(file: Path, row: tuple[str | int, ...]) -> int:
    """Keep a suggestion, all but its number and state; returns the number."""
    with closing(sqlite3.connect(file)) as db, db:
        _prepare(db)
        waiting = db.execute("SELECT count(*) FROM suggestions WHERE state = 'pending'").fetchone()
        if waiting[0] >= MAX_PENDING:
            raise InputError(
                f"{MAX_PENDING:,} suggestions wait already; accept or undo some first "
                "(python -m index corrections list)"
            )
        made = db.execute(
            'INSERT INTO suggestions(article_id, "start", "end", words, part, was, value, made, '
            "quote_id, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
            row,
        )
        return int(made.lastrowid or 0)


def _as_it_was(correction: Correction) -> str:
    quote, text = correction.quote, correction.article.text
    if correction.part == "words":
        return quote.span.slice(text)
    mentions = (quote.speaker,) if correction.part == "speaker" else quote.addressees
    return ", ".join(m.name or m.span.slice(text) for m in mentions if m)


def accept_suggestion(file: Path, number: int) -> bool:
    """Make a correction of a suggestion; returns whether the record changes, which is then to be
    published.  Hold the index's lock.

    One that was accepted before for the same part of the statement, or for the same two names,
    counts as undone.  Raises InputError for a number that is not pending.
    """
    with closing(sqlite3.connect(file)) as db, db:
        _prepare(db)
        _require_state(db, number, ("pending",))
        row = db.execute(
            'SELECT article_id, "start", "end", words, part, value FROM suggestions '
            "WHERE number = ?",
            (number,),
        ).fetchone()
        changes = bool(row[4] != ANSWER)
        if changes:
            db.execute(
                "UPDATE suggestions SET state = 'undone' WHERE state = 'accepted' "
                f"AND (({_OF_THAT_PART}) OR {_OF_THESE_NAMES})",
                (number,),
            )
        db.execute("UPDATE suggestions SET state = 'accepted' WHERE number = ?", (number,))
        if row[0]:
            keep(db, row)
        elif changes:
            note_change(db, "")  # no article changes, but whose a name is
        return changes


def undo_suggestion(file: Path, number: int) -> bool:
    """Take a suggestion back; returns whether it had been accepted and the record changes by it.

    Hold the index's lock.  Raises InputError for a number that there is not, or that was
    undone already.
    """
    with closing(sqlite3.connect(file)) as db, db:
        _prepare(db)
        state = _require_state(db, number, ("pending", "accepted"))
        article_id, part = db.execute(
            "SELECT article_id, part FROM suggestions WHERE number = ?", (number,)
        ).fetchone()
        changes = state == "accepted" and part != ANSWER
        if changes:
            db.execute(f"DELETE FROM corrections WHERE {_OF_THAT_PART}", (number,))
            note_change(db, article_id)
        db.execute("UPDATE suggestions SET state = 'undone' WHERE number = ?", (number,))
        return changes


def kept_suggestions(file: Path, **of: str | int) -> list[Suggestion]:
    """The suggestions that have the values ``of`` some of their fields (``quote_id="..."``), the
    newest last; all of them without any, and none without a truth."""
    if not file.exists():
        return []
    columns = "number, article_id, words, part, was, value, made, quote_id, state"
    where = " AND ".join(f"{name} = ?" for name in of) or "1"
    return [Suggestion(*row) for row in _read_rows(file, columns, where, tuple(of.values()))]


def _read_rows(
    file: Path, columns: str, where: str, values: tuple[str | int, ...]
) -> list[tuple[Any, ...]]:
    """Return the suggestions of a truth that fulfil a condition, in the order of their numbers."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
        query = f"SELECT {columns} FROM suggestions WHERE {where} ORDER BY number"
        return db.execute(query, values).fetchall() if has_table(db, "suggestions") else []


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA synchronous=FULL")
    if has_table(db, "suggestions"):
        return
    db.execute(CORRECTIONS_TABLE)
    db.execute(_SUGGESTIONS_TABLE)
    db.execute(_CORRECTIONS_OF_BEFORE)


def _require_state(db: sqlite3.Connection, number: int, states: tuple[str, ...]) -> str:
    row = db.execute("SELECT state FROM suggestions WHERE number = ?", (number,)).fetchone()
    if row is None or row[0] not in states:
        found = f"it is {row[0]}" if row else "there is none"
        raise InputError(
            f"expected the number of a suggestion that is {' or '.join(states)}, found {number}: "
            f"{found}; see: python -m index corrections list"
        )
    return str(row[0])
