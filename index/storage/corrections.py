"""What readers put right: kept beside the truth, applied to every generation made of it.

A correction names a statement by its words and where they stand, not by an id, so that
it finds the statement again when the rules cut it a little differently.  What the index
extracted stays as it was; only the copy that readers open is corrected.
"""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from index.errors import InputError
from index.storage.clock import now
from index.storage.store import has_table, note_change
from index.types import Article, Quote, Span

QuotePart = Literal["speaker", "addressee", "words"]

CORRECTIONS_TABLE = """
CREATE TABLE IF NOT EXISTS corrections(
  article_id TEXT NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
  words TEXT NOT NULL, part TEXT NOT NULL, value TEXT NOT NULL, made TEXT NOT NULL,
  quote_id TEXT, PRIMARY KEY(article_id, "start", "end", part)) STRICT
"""

MAX_PART_CHARACTERS = 2000
"""Characters of a corrected part: a statement's words have fewer."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is wrong with a statement, and what it should be.

    ``value`` is a name, or the words, as the article has them; "" takes the speaker or
    the addressee away.
    """

    quote: Quote
    article: Article
    part: QuotePart
    value: str

    def __post_init__(self) -> None:
        """Raises InputError for what the article does not have."""
        if self.part not in get_args(QuotePart):
            raise InputError(
                f"expected speaker, addressee or words to be wrong, found {self.part!r}"
            )
        if len(self.value) > MAX_PART_CHARACTERS:
            raise InputError(
                f"expected at most {MAX_PART_CHARACTERS:,} characters, found {len(self.value):,}"
            )
        if not self.value and self.part == "words":
            raise InputError("expected the right words, found none")
        if (
            self.value
            and _nearest_place(self.article.text, self.value, self.quote.span.start) is None
        ):
            raise InputError(
                f"{self.value!r} does not stand in the article; write it as the article does"
            )


def record(file: Path, correction: Correction) -> None:
    """Keep a correction in the truth; hold the index's lock.  A later one replaces it."""
    article, span = correction.article, correction.quote.span
    row = (article.id, span.start, span.end, span.slice(article.text))
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA synchronous=FULL")
        with db:
            keep(db, (*row, correction.part, correction.value))


def keep(db: sqlite3.Connection, row: tuple[str, int, int, str, str, str]) -> None:
    """Keep a correction: article, start and end of the statement, its words, part, value."""
    db.execute(CORRECTIONS_TABLE)
    values = (*row, now())
    db.execute("INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", values)
    note_change(db, row[0])


_OF_GONE_NAMES = """
DELETE FROM suggestions WHERE article_id = '' AND NOT (
  EXISTS (SELECT 1 FROM mentions WHERE name = words)
  AND EXISTS (SELECT 1 FROM mentions WHERE name = value))
"""


def drop_orphans(file: Path) -> None:
    """Drop the corrections of articles that are gone from the truth, and suggestions about names
    that are: they hold words of theirs."""
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA secure_delete=ON")
        db.execute(CORRECTIONS_TABLE)
        db.execute("DELETE FROM corrections WHERE article_id NOT IN (SELECT id FROM articles)")
        if has_table(db, "suggestions"):
            db.execute(_OF_GONE_NAMES)


def apply(db: sqlite3.Connection) -> None:
    """Correct the statements of a segment that is being made; ``corrections`` has those of its
    articles."""
    rows = db.execute(
        'SELECT rowid, article_id, "start", "end", words, part, value FROM corrections '
        "ORDER BY made, rowid"
    ).fetchall()
    # Words last: a changed span would hide the statement from the other corrections.
    for rowid, article_id, start, end, words, part, value in sorted(
        rows, key=lambda row: row[5] == "words"
    ):
        (text,) = db.execute("SELECT text FROM articles WHERE id = ?", (article_id,)).fetchone()
        quote_id = _statement(db, article_id, text, Span(start, end), words)
        if quote_id is not None and _corrected(db, quote_id, text, part, value, start):
            db.execute("UPDATE corrections SET quote_id = ? WHERE rowid = ?", (quote_id, rowid))


def _statement(
    db: sqlite3.Connection, article_id: str, text: str, span: Span, words: str
) -> str | None:
    """The id of the statement that has these words now, None if none has."""
    at = _nearest_place(text, words, span.start)
    if at is None:
        return None
    best, shared = None, 0
    for quote_id, content in db.execute(
        "SELECT id, content FROM quotes WHERE article_id = ? ORDER BY id", (article_id,)
    ):
        spans = json.loads(content)
        low, high = spans[0][0], spans[-1][1]
        common = min(high, at.end) - max(low, at.start)
        # More than half of both: a neighbour that merely touches is another statement.
        if common > shared and 2 * common > max(high - low, len(at)):
            best, shared = quote_id, common
    return best


def _corrected(
    db: sqlite3.Connection, quote_id: str, text: str, part: str, value: str, near: int
) -> bool:
    """Change one part of a statement; False if the article has the value no more."""
    at = _nearest_place(text, value, near) if value else None
    if value and at is None:
        return False
    if part == "words":
        assert at is not None  # words are never empty
        _set_words(db, quote_id, text, at)
        return True
    db.execute("DELETE FROM mentions WHERE quote_id = ? AND role = ?", (quote_id, part))
    if at is not None:
        db.execute(
            "INSERT INTO mentions VALUES (?, ?, 0, ?, ?, ?, 'corrected')",
            (quote_id, part, at.start, at.end, value),
        )
    return True


def _set_words(db: sqlite3.Connection, quote_id: str, text: str, at: Span) -> None:
    ((low, high),) = json.loads(
        db.execute("SELECT sentence FROM quotes WHERE id = ?", (quote_id,)).fetchone()[0]
    )
    (passages,) = zip(
        *db.execute(
            "SELECT sentences FROM passages JOIN quotes USING (article_id) WHERE quotes.id = ?",
            (quote_id,),
        ),
        strict=True,
    )
    around = [s for row in passages for s in json.loads(row) if s[0] < at.end and at.start < s[1]]
    around.append([low, high] if low < at.end and at.start < high else [at.start, at.end])
    sentence = [min(s[0] for s in around), max(s[1] for s in around)]
    values: tuple[Any, ...] = (
        json.dumps([[at.start, at.end]]),
        json.dumps([sentence]),
        _kind_of_words(at.slice(text)),
        quote_id,
    )
    db.execute("UPDATE quotes SET content = ?, sentence = ?, kind = ? WHERE id = ?", values)


def _kind_of_words(words: str) -> str:
    if words[0] in '“"«„' and words.rstrip(".,")[-1] in '”"»“':
        return "direct"
    return "mixed" if re.search(r"[“”\"«»„]", words) else "indirect"


def _nearest_place(text: str, words: str, near: int) -> Span | None:
    """Where the words stand (line breaks count as blanks), nearest to a place; None if nowhere."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    whole = rf"(?<!\w){pattern}(?!\w)" if words[:1].isalnum() else pattern
    found = [Span(*match.span()) for match in re.finditer(whole, text)] if pattern else []
    return min(found, key=lambda span: abs(span.start - near), default=None)
