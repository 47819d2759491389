"""The tables of the truth, and what tells that a row is still what was stored.

A generation's catalog is a copy of these tables, so both can be compared with the
seals: SQLite's own check finds broken pages, not a letter that changed inside one.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator

_FOUND = """
CREATE TABLE passages(
  id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
  "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE quotes(
  id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
  content TEXT NOT NULL, sentence TEXT NOT NULL, kind TEXT NOT NULL, cue TEXT,
  act TEXT NOT NULL, modality TEXT NOT NULL, tier TEXT NOT NULL,
  time TEXT, place TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE mentions(
  quote_id TEXT NOT NULL REFERENCES quotes ON DELETE CASCADE, role TEXT NOT NULL,
  position INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
  name TEXT, basis TEXT NOT NULL, PRIMARY KEY(quote_id, role, position)) STRICT, WITHOUT ROWID;
CREATE INDEX passages_of ON passages(article_id);
CREATE INDEX quotes_of ON quotes(article_id);
CREATE INDEX mentions_named ON mentions(name, role);
CREATE TABLE made(
  article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, data BLOB NOT NULL) STRICT;
"""

TABLES = f"""
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE articles(
  id TEXT PRIMARY KEY, text TEXT NOT NULL, title TEXT NOT NULL, url TEXT NOT NULL,
  outlet TEXT NOT NULL, author TEXT NOT NULL, published TEXT NOT NULL,
  language TEXT NOT NULL, licence TEXT NOT NULL,
  digest TEXT NOT NULL, made_with TEXT NOT NULL, source TEXT NOT NULL,
  sketch BLOB NOT NULL DEFAULT x'', seal TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE files(
  path TEXT PRIMARY KEY, state TEXT NOT NULL, articles INTEGER NOT NULL) STRICT;
CREATE TABLE changes(revision INTEGER PRIMARY KEY, article TEXT NOT NULL) STRICT;
{_FOUND}"""

MIGRATIONS = {
    # From a schema to the next.  An article without a seal is analysed anew.
    1: """
ALTER TABLE articles ADD COLUMN sketch BLOB NOT NULL DEFAULT x'';
ALTER TABLE articles ADD COLUMN seal TEXT NOT NULL DEFAULT '';
CREATE TABLE files(
  path TEXT PRIMARY KEY, state TEXT NOT NULL, articles INTEGER NOT NULL) STRICT;
UPDATE articles SET made_with = '';
""",
    2: "",  # only tables that are derived have changed
    3: "",
    # Articles without vectors of tokens were made with other weights: they are analysed anew.
    4: """
ALTER TABLE passages ADD COLUMN tokens BLOB NOT NULL DEFAULT x'';
ALTER TABLE quotes ADD COLUMN tokens BLOB NOT NULL DEFAULT x'';
""",
    5: """
CREATE TABLE changes(revision INTEGER PRIMARY KEY, article TEXT NOT NULL) STRICT;
""",
    # Vectors are no longer kept here: all articles are analysed anew.
    6: f"""
DROP TABLE mentions;
DROP TABLE quotes;
DROP TABLE passages;
UPDATE articles SET seal = '';
{_FOUND}""",
}

_WORDS = (
    "SELECT id, text, title, url, outlet, author, published, language, licence, digest "
    "FROM articles WHERE id = ?",
    'SELECT id, "start", "end", sentences FROM passages WHERE article_id = ? ORDER BY id',
    "SELECT id, content, sentence, kind, cue, act, modality, tier, time, place "
    "FROM quotes WHERE article_id = ? ORDER BY id",
    'SELECT quote_id, role, position, mentions."start", mentions."end", name, basis '
    "FROM mentions JOIN quotes ON quotes.id = quote_id WHERE article_id = ? "
    "ORDER BY quote_id, role, position",
)
_MADE = ("SELECT made_with, source, sketch FROM articles WHERE id = ?",)


def seal(db: sqlite3.Connection, article_id: str) -> str:
    """sha256 over an article and what was found in it, vectors apart."""
    return _digest(_stored_values(db, article_id, _WORDS + _MADE))


def damaged(db: sqlite3.Connection) -> list[str]:
    """The articles that are not as they were sealed, in the order of their ids."""
    rows = db.execute("SELECT id, seal FROM articles ORDER BY id").fetchall()
    return [article_id for article_id, sealed in rows if seal(db, article_id) != sealed]


def content_of(db: sqlite3.Connection, article_id: str) -> str:
    """sha256 over an article and what was found in it, vectors and sources apart."""
    return _digest(_stored_values(db, article_id, _WORDS))


def content_digest(db: sqlite3.Connection) -> str:
    """A digest of all articles and what was found in them, vectors and sources apart.

    Equal for equal articles, in whatever order and batches they were added.
    """
    rows = db.execute("SELECT id FROM articles").fetchall()
    return sum_of_digests(content_of(db, article_id) for (article_id,) in rows)


def sum_of_digests(digests: Iterable[str]) -> str:
    """The digest of a set of articles by theirs: their sum, which one article more or less
    changes without the others being read (Bellare & Micciancio 1997, AdHash).  What has a minus
    before it is taken out."""
    return f"{sum(int(one, 16) for one in digests) % (1 << 256):064x}"


def _stored_values(
    db: sqlite3.Connection, article_id: str, queries: Iterable[str]
) -> Iterator[str | bytes | int | None]:
    for query in queries:
        for row in db.execute(query, (article_id,)):
            yield from row
        yield None  # so that no row can move from one table to the next unseen


def _digest(values: Iterable[str | bytes | int | None]) -> str:
    hashed = hashlib.sha256()
    for value in values:
        data = value if isinstance(value, bytes) else str(value).encode()
        hashed.update(f"{type(value).__name__}{len(data)}:".encode())
        hashed.update(data)
    return hashed.hexdigest()
