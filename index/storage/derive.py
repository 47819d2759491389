"""A catalog is made of a snapshot of the truth: people, words, vectors, an outline.

Rows get numbers: passages in the order of the corpus, quotes by who speaks, so that what
one person said lies side by side, in the catalog as in the matrix of vectors.
"""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.embedding import tokens
from index.people.names import people
from index.people.regroup import regrouped
from index.search import bm25, columns, vectors
from index.storage.suggestions import person_changes
from index.text.folding import fold
from index.text.near_duplicates import originals
from index.types import spans_from_json

_DERIVED = """
CREATE TABLE people(name TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT;
CREATE INDEX people_person ON people(person);
CREATE TABLE descriptions(
  person TEXT NOT NULL, phrase TEXT NOT NULL, PRIMARY KEY(person, phrase)) STRICT;
CREATE VIRTUAL TABLE phrases USING fts5(
  phrase, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE TABLE copies(article_id TEXT PRIMARY KEY, original TEXT NOT NULL) STRICT;
CREATE INDEX copies_of ON copies(original);
CREATE TABLE outlets(
  number INTEGER PRIMARY KEY, outlet TEXT NOT NULL UNIQUE, articles INTEGER NOT NULL) STRICT;
INSERT INTO outlets SELECT row_number() OVER (ORDER BY count(*) DESC, outlet), outlet, count(*)
  FROM articles GROUP BY outlet;
CREATE TABLE stated(
  sentence INTEGER NOT NULL, quote INTEGER NOT NULL,
  PRIMARY KEY(sentence, quote)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
  folded, content='', tokenize='porter unicode61 remove_diacritics 2');
"""

# In place of the tables of the truth: with numbers, without vectors.
_NUMBERED = """
CREATE TABLE numbered_articles(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, title TEXT NOT NULL,
  url TEXT NOT NULL, outlet TEXT NOT NULL, author TEXT NOT NULL, published TEXT NOT NULL,
  language TEXT NOT NULL, licence TEXT NOT NULL, source TEXT NOT NULL) STRICT;
INSERT INTO numbered_articles
  SELECT row_number() OVER (ORDER BY id) - 1, id, text, title, url, outlet, author, published,
    language, licence, source
  FROM articles;
CREATE TABLE numbered_passages(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL,
  "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences TEXT NOT NULL) STRICT;
INSERT INTO numbered_passages
  SELECT row_number() OVER (ORDER BY article_id, "start") - 1, id, article_id, "start", "end",
    sentences
  FROM passages;
CREATE TABLE numbered_quotes(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL,
  content TEXT NOT NULL, sentence TEXT NOT NULL, kind TEXT NOT NULL, cue TEXT,
  act TEXT NOT NULL, modality TEXT NOT NULL, tier TEXT NOT NULL, time TEXT, place TEXT) STRICT;
INSERT INTO numbered_quotes
  SELECT row_number() OVER (ORDER BY coalesce(person, ''), id) - 1, id, article_id,
    content, sentence, kind, cue, act, modality, tier, time, place
  FROM quotes LEFT JOIN mentions ON quote_id = id AND role = 'speaker' AND position = 0
    LEFT JOIN people USING (name);
"""

_INDEXES = """
CREATE INDEX passages_of ON passages(article_id);
CREATE INDEX quotes_of ON quotes(article_id);
"""

_RENAMED = """
DROP TABLE {name};
ALTER TABLE numbered_{name} RENAME TO {name};
"""


def derive(snapshot: Path, folder: Path, dimension: int) -> None:
    """Add people, numbers, sentences and words to a fresh snapshot, and take the vectors out
    of it: these and the outline become files in ``folder``."""
    db = sqlite3.connect(snapshot, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=OFF")  # nobody reads it before it is whole
        db.executescript(_DERIVED + bm25.POSTINGS_TABLES)
        db.execute("BEGIN")
        names = Counter(
            {n: c for n, c in db.execute("SELECT name, count(*) FROM mentions GROUP BY name") if n}
        )
        persons = regrouped(people(names), names, person_changes(db))
        db.executemany("INSERT INTO people VALUES (?, ?)", sorted(persons.items()))
        db.execute("DROP TABLE IF EXISTS suggestions")  # nothing that is only suggested
        sketches = db.execute(
            "SELECT id, sketch FROM articles ORDER BY published = '', published, id"
        ).fetchall()
        db.executemany("INSERT INTO copies VALUES (?, ?)", sorted(originals(sketches).items()))
        _keep_tokens(db, folder / tokens.TOKENS_FOLDER)
        _number_rows(db, folder / vectors.VECTORS_FOLDER, dimension)
        for article_id, text in db.execute("SELECT id, text FROM articles ORDER BY id").fetchall():
            _describe_people(db, article_id, text)
        db.execute("INSERT INTO phrases(rowid, phrase) SELECT rowid, phrase FROM descriptions")
        _derive_sentences(db, folder / bm25.POSTINGS_FOLDER)
        db.execute("COMMIT")
        columns.write_columns(db, folder)
        db.execute("VACUUM")
    finally:
        db.close()


def _number_rows(db: sqlite3.Connection, folder: Path, dimension: int) -> None:
    """Give passages and quotes their numbers, and write their vectors in this order."""
    for statement in _NUMBERED.split(";"):
        db.execute(statement)
    for name in vectors.COLLECTIONS:
        ((count,),) = db.execute(f"SELECT count(*) FROM {name}")
        rows = db.execute(
            f"SELECT vector FROM numbered_{name} JOIN {name} USING (id) "
            f"ORDER BY numbered_{name}.number"
        )
        vectors.write_matrix(folder, name, (row[0] for row in rows), count, dimension)
    for name in ("articles", *vectors.COLLECTIONS):
        for statement in _RENAMED.format(name=name).split(";"):
            db.execute(statement)
    for statement in _INDEXES.split(";"):
        db.execute(statement)


def _keep_tokens(db: sqlite3.Connection, folder: Path) -> None:
    """Write the word pieces of each article: those of its passages, then what only quotes
    have of it."""
    writer = tokens.TokensWriter(folder)
    for (article_id,) in db.execute("SELECT id FROM articles ORDER BY id").fetchall():
        passages = db.execute(
            'SELECT json_array(json_array("start", "end")), tokens, sentences FROM passages '
            'WHERE article_id = ? ORDER BY "start"',
            (article_id,),
        ).fetchall()
        quotes = db.execute(
            "SELECT content, tokens FROM quotes WHERE article_id = ? AND tokens != x'' ORDER BY id",
            (article_id,),
        ).fetchall()
        parts = [(spans, data) for spans, data, _ in passages] + quotes
        found = (
            tokens.moved(tokens.Coded.unpacked(data), spans_from_json(spans))
            for spans, data in parts
        )
        sentences = [span.start for *_, cut in passages for span in spans_from_json(cut)]
        writer.add(found, sorted(sentences))
    writer.write()


def _describe_people(db: sqlite3.Connection, article_id: str, text: str) -> None:
    """Keep the phrases by which an article calls each person, folded: names with roles."""
    mentions = db.execute(
        'SELECT person, mentions.name, mentions."start", mentions."end" FROM mentions '
        "JOIN people USING (name) JOIN quotes ON quotes.id = quote_id WHERE article_id = ?",
        (article_id,),
    ).fetchall()
    phrases = {(person, fold(text[start:end])) for person, _, start, end in mentions}
    for person, name in {(person, name) for person, name, _, _ in mentions}:
        phrases |= {(person, fold(phrase)) for phrase in _roles_beside(name, text)}
    db.executemany("INSERT OR IGNORE INTO descriptions VALUES (?, ?)", sorted(phrases))


"""A word from its beginning: tried from each letter of a long run without blanks, a pattern
takes the square of its length, and a million letters never come to an end."""


def _roles_beside(name: str, text: str) -> Iterator[str]:
    """What stands right before a name ("Georgia's Prime Minister X") or after it (", the
    head of the division,") wherever an article has it."""
    if not name[:1].isupper():
        return
    ends = re.compile(rf"(?:[\w'’.-]+[ ]){{1,6}}{re.escape(name)}")
    at, since = text.find(name), 0
    while at >= 0:
        # From there on, and not from every letter before.
        before = _WORDS_BACKWARDS.match(text[since:at][::-1])
        found = ends.match(text, at - len(before[0])) if before else None
        if found:
            yield found[0]
            since = found.end()
        at = text.find(name, since if found else at + 1)
    at = text.find(f"{name}, ")
    while at >= 0:
        if found := _APPOSITION.match(text, at + len(name)):
            yield f"{name} {found[1]}"
        at = text.find(f"{name}, ", found.end() if found else at + 1)


_WORDS_BACKWARDS = re.compile(r"(?:[ ][\w'’.-]+){1,6}")
_APPOSITION = re.compile(r",[ ]([^,.;:\"“”\n]{3,80}),")


def _derive_sentences(db: sqlite3.Connection, folder: Path) -> None:
    """Keep the sentences, their words, and which statements stand in them."""
    writer, number = bm25.PostingsWriter(), 0
    ((count,),) = db.execute("SELECT count(*) FROM quotes")
    stated = [(0, 0, 0)] * count
    for article, article_id, text, title in db.execute(
        "SELECT number, id, text, title FROM articles ORDER BY number"
    ).fetchall():
        passages = db.execute(
            "SELECT sentences FROM passages WHERE article_id = ? ORDER BY number", (article_id,)
        )
        spans = writer.add(text, title, [spans_from_json(row[0]) for row in passages])
        db.executemany(
            "INSERT INTO words(rowid, folded) VALUES (?, ?)",
            [(number + n, fold(span.slice(text))) for n, span in enumerate(spans)],
        )
        for quote, whole in db.execute(
            "SELECT number, sentence FROM quotes WHERE article_id = ?", (article_id,)
        ).fetchall():
            (around,) = spans_from_json(whole)
            first = bisect_right(spans, around.start, key=lambda s: s.end)
            beyond = max(first, bisect_left(spans, around.end, key=lambda s: s.start))
            stated[quote] = (article, number + first, number + beyond)
            db.executemany(
                "INSERT INTO stated VALUES (?, ?)",
                [(number + n, quote) for n in range(first, beyond)],
            )
        number += len(spans)
    writer.write(db, folder, stated)
