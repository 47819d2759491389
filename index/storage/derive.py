"""A segment is made of the truth: some articles with their words, vectors and outline.

Their vectors come from wherever they are (held.py).

Rows get numbers: articles by their ids, passages in the order of these, quotes by who speaks,
so that what one person said lies side by side, in the catalog as in the matrix of vectors.
What depends on other segments, such as whose a name is, is not in it (registry.py).

    catalog.sqlite3          articles, passages, statements, phrases
    words/ vectors/ tokens/  arrays (bm25.py, vectors.py, tokens.py)
    outline.npy              columns.py
    ids.npy, ranks.npy       the articles' ids in UTF-8; the places of quotes in the order of theirs
    sketches.npy, bands.npy  what tells copies (near_duplicates.py), in the order of the articles
"""

from __future__ import annotations

import json
import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding import tokens
from index.errors import IndexUnusable
from index.search import bm25, columns, vectors
from index.search.vectors import COLLECTIONS
from index.storage import corrections
from index.storage.made import EncodedArticle
from index.text.folding import fold
from index.text.near_duplicates import SKETCH, bands
from index.types import spans_from_json

CATALOG = "catalog.sqlite3"
SKETCHES = "sketches.npy"
IDS, RANKS = "ids.npy", "ranks.npy"
BANDS = "bands.npy"

BAND = np.dtype([("band", "<u8"), ("article", "<u4")])

Mentions = Counter[tuple[str, str]]
"""How often each name stands in each role."""

_TABLES = """
CREATE TABLE articles(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, title TEXT NOT NULL,
  url TEXT NOT NULL, outlet TEXT NOT NULL, author TEXT NOT NULL, published TEXT NOT NULL,
  language TEXT NOT NULL, licence TEXT NOT NULL, source TEXT NOT NULL,
  digest TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE passages(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL,
  "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences TEXT NOT NULL) STRICT;
CREATE TABLE mentions(
  quote_id TEXT NOT NULL, role TEXT NOT NULL, position INTEGER NOT NULL,
  "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, name TEXT, basis TEXT NOT NULL,
  PRIMARY KEY(quote_id, role, position)) STRICT, WITHOUT ROWID;
CREATE TABLE outlets(number INTEGER PRIMARY KEY, outlet TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE descriptions(
  number INTEGER PRIMARY KEY, name TEXT NOT NULL, phrase TEXT NOT NULL,
  UNIQUE(name, phrase)) STRICT;
CREATE TABLE described_in(
  description INTEGER NOT NULL, article INTEGER NOT NULL,
  PRIMARY KEY(description, article)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE phrases USING fts5(
  phrase, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE TABLE stated(
  sentence INTEGER NOT NULL, quote INTEGER NOT NULL,
  PRIMARY KEY(sentence, quote)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
  folded, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE TABLE temp.quotes(
  id TEXT PRIMARY KEY, article_id TEXT NOT NULL, content TEXT NOT NULL, sentence TEXT NOT NULL,
  kind TEXT NOT NULL, cue TEXT, act TEXT NOT NULL, modality TEXT NOT NULL, tier TEXT NOT NULL,
  time TEXT, place TEXT) STRICT;
CREATE TABLE temp.chosen(id TEXT PRIMARY KEY) STRICT;
"""

_COPIED = """
INSERT INTO articles
  SELECT row_number() OVER (ORDER BY id) - 1, id, text, title, url, outlet, author, published,
    language, licence, source, ''
  FROM truth.articles WHERE id IN chosen;
INSERT INTO passages
  SELECT row_number() OVER (ORDER BY article_id, "start") - 1, id, article_id, "start", "end",
    sentences
  FROM truth.passages WHERE article_id IN chosen;
INSERT INTO quotes
  SELECT id, article_id, content, sentence, kind, cue, act, modality, tier, time, place
  FROM truth.quotes WHERE article_id IN chosen;
INSERT INTO mentions SELECT * FROM truth.mentions WHERE quote_id IN (SELECT id FROM quotes);
INSERT INTO outlets SELECT row_number() OVER (ORDER BY outlet) - 1, outlet
  FROM (SELECT DISTINCT outlet FROM articles);
INSERT INTO corrections
  SELECT article_id, "start", "end", words, part, value, made, NULL FROM truth.corrections
  WHERE article_id IN chosen ORDER BY truth.corrections.rowid
"""

_NUMBERED = """
CREATE TABLE main.quotes(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL,
  content TEXT NOT NULL, sentence TEXT NOT NULL, kind TEXT NOT NULL, cue TEXT,
  act TEXT NOT NULL, modality TEXT NOT NULL, tier TEXT NOT NULL, time TEXT, place TEXT) STRICT;
INSERT INTO main.quotes
  SELECT row_number() OVER (ORDER BY coalesce(person, ''), id) - 1, id, article_id,
    content, sentence, kind, cue, act, modality, tier, time, place
  FROM temp.quotes LEFT JOIN mentions ON quote_id = id AND role = 'speaker' AND position = 0
    LEFT JOIN registry.people USING (name);
DROP TABLE temp.quotes;
CREATE INDEX passages_of ON passages(article_id);
CREATE INDEX quotes_of ON quotes(article_id);
CREATE INDEX mentions_named ON mentions(name, role);
"""


class SegmentWriter:
    """Writes a segment in two steps, between which the registry is brought up to date.

    The constructor copies the articles and their quotes, and `mentions`, `outlets`, `contents` and
    `dated` tell the registry what is in them.  The registry then says which names are one person,
    and `finish` writes all that depends on people: descriptions, columns, orders.
    """

    def __init__(self, folder: Path, truth: Path, contents: Mapping[str, str]) -> None:
        """``contents`` are the articles that it is made of, by id, with their digests."""
        self.folder = folder
        self._db = sqlite3.connect(folder / CATALOG, isolation_level=None, uri=True)
        run = self._db.execute
        run("PRAGMA journal_mode=OFF")  # nobody reads it before it is whole
        run("PRAGMA synchronous=OFF")  # and then all of it is synced
        run("PRAGMA temp_store=MEMORY")
        run("ATTACH ? AS truth", (f"{truth.resolve().as_uri()}?mode=ro",))
        self._db.executescript(_TABLES)
        run(corrections.CORRECTIONS_TABLE)
        run("BEGIN")
        self._db.executemany("INSERT INTO chosen VALUES (?)", ((i,) for i in sorted(contents)))
        for statement in _COPIED.split(";"):
            run(statement)
        self._db.executemany(
            "UPDATE articles SET digest = ? WHERE id = ?", ((c, i) for i, c in contents.items())
        )
        corrections.apply(self._db)

    def mentions(self) -> Mentions:
        """How often each name stands in each role, corrections applied."""
        return mentions_in(lambda *query: self._db.execute(*query).fetchall())

    def outlets(self) -> Counter[str]:
        """How many articles each outlet has."""
        return Counter(outlet for (outlet,) in self._db.execute("SELECT outlet FROM articles"))

    def contents(self) -> list[str]:
        """The digests of its articles."""
        return [digest for (digest,) in self._db.execute("SELECT digest FROM articles")]

    def dated(self) -> list[tuple[int, str, str]]:
        """Number, id and publication date of its articles."""
        return self._db.execute("SELECT number, id, published FROM articles").fetchall()

    def finish(self, registry: Path, dimension: int, made: Callable[[str], EncodedArticle]) -> None:
        """Write the rest, in the order that the registry gives to people; ``made`` gives what the
        model made of an article."""
        db = self._db
        db.execute("COMMIT")
        db.execute("ATTACH ? AS registry", (f"{registry.resolve().as_uri()}?mode=ro",))
        db.execute("BEGIN")
        for statement in _NUMBERED.split(";"):
            db.execute(statement)
        _keep_made(db, self.folder, dimension, made)
        for number, article_id, text in db.execute(
            "SELECT number, id, text FROM articles ORDER BY number"
        ).fetchall():
            _describe_people(db, number, article_id, text)
        db.execute("INSERT INTO phrases(rowid, phrase) SELECT number, phrase FROM descriptions")
        _derive_sentences(db, self.folder / bm25.POSTINGS_FOLDER)
        db.execute("INSERT INTO phrases(phrases) VALUES ('optimize')")
        db.execute("INSERT INTO words(words) VALUES ('optimize')")
        columns.write_columns(db, self.folder)
        _keep_order(db, self.folder)
        db.execute("COMMIT")
        db.execute("VACUUM")  # what `optimize` wrote again left as much room free

    def sketch(self) -> None:
        """Write what tells copies, of which the registry has to be told, too."""
        rows = self._db.execute(
            "SELECT number, sketch FROM articles JOIN truth.articles AS there USING (id) "
            "ORDER BY number"
        ).fetchall()
        keep_sketches(self.folder, [data for _, data in rows])

    def close(self) -> None:
        self._db.close()


def keep_sketches(folder: Path, sketches: Iterable[bytes]) -> None:
    """Write the sketches of articles in their order, rows of zeros for those without words, and
    the articles that each band has."""
    data = [sketch or bytes(SKETCH) for sketch in sketches]
    table = np.frombuffer(b"".join(data), "<u4").reshape(len(data), -1)
    np.save(folder / SKETCHES, table)
    held = [(n, bands(row)) for n, row in enumerate(table) if row.any()]
    found = np.zeros(sum(len(row) for _, row in held), BAND)
    if held:
        found["band"] = np.concatenate([row for _, row in held])
        found["article"] = np.repeat([n for n, _ in held], [len(row) for _, row in held])
    np.save(folder / BANDS, np.sort(found))


def mentions_in(
    rows: Callable[..., list[tuple[Any, ...]]], among: Iterable[str] | None = None
) -> Mentions:
    """How often each name stands in each role, in all quotes or in those of some articles;
    ``rows`` gives what a query finds."""
    where = (
        "AND quote_id IN (SELECT quotes.id FROM quotes WHERE article_id IN "
        "(SELECT value FROM json_each(?)))"
    )
    return Counter(
        {
            (name, role): count
            for name, role, count in rows(
                "SELECT name, role, count(*) FROM mentions WHERE name IS NOT NULL AND name != '' "
                f"{'' if among is None else where} GROUP BY name, role",
                () if among is None else (json.dumps(list(among)),),
            )
        }
    )


def _keep_order(db: sqlite3.Connection, folder: Path) -> None:
    """Write by what rows of several segments are put in one order."""
    ids = [i.encode() for (i,) in db.execute("SELECT id FROM articles ORDER BY number")]
    np.save(folder / IDS, np.array(ids, f"S{max(map(len, ids), default=1)}"))
    ranks = db.execute("SELECT row_number() OVER (ORDER BY id) - 1 FROM quotes ORDER BY number")
    np.save(folder / RANKS, np.fromiter((row[0] for row in ranks), np.uint32))


def _keep_made(
    db: sqlite3.Connection, folder: Path, dimension: int, made: Callable[[str], EncodedArticle]
) -> None:
    """Write what the model made of each article: the vectors of passages and quotes by their
    numbers, and the word pieces."""
    counts = [db.execute(f"SELECT count(*) FROM main.{n}").fetchone()[0] for n in COLLECTIONS]
    rows = {
        name: vectors.new_codes(folder / vectors.VECTORS_FOLDER, name, count, dimension)
        for name, count in zip(COLLECTIONS, counts, strict=True)
    }
    writer = tokens.TokensWriter(folder / tokens.TOKENS_FOLDER)
    for (article_id,) in db.execute("SELECT id FROM articles ORDER BY number").fetchall():
        found = made(article_id)
        for name, codes in zip(COLLECTIONS, (found.passages, found.quotes), strict=True):
            numbers = db.execute(
                f"SELECT number FROM main.{name} WHERE article_id = ? ORDER BY id", (article_id,)
            ).fetchall()
            if codes.shape != (len(numbers), dimension):
                raise IndexUnusable(
                    f"expected {len(numbers)} vectors of {dimension} dimensions for the {name} of "
                    f"article {article_id!r}, found {codes.shape}; run: python -m index rebuild"
                )
            rows[name][[number for (number,) in numbers]] = codes
        cut = db.execute("SELECT sentences FROM passages WHERE article_id = ?", (article_id,))
        sentences = [span.start for (spans,) in cut for span in spans_from_json(spans)]
        writer.add([found.pieces], sorted(sentences))
    writer.write()


def _describe_people(db: sqlite3.Connection, number: int, article_id: str, text: str) -> None:
    """Keep the phrases by which an article calls each name, folded: names with roles."""
    mentions = db.execute(
        'SELECT name, mentions."start", mentions."end" FROM quotes '
        "CROSS JOIN mentions ON quotes.id = quote_id "
        "WHERE article_id = ? AND name IS NOT NULL AND name != ''",
        (article_id,),
    ).fetchall()
    phrases = {(name, fold(text[start:end])) for name, start, end in mentions}
    for name in {name for name, _, _ in mentions}:
        phrases |= {(name, fold(phrase)) for phrase in _roles_beside(name, text)}
    found = sorted(phrases)
    db.executemany("INSERT OR IGNORE INTO descriptions(name, phrase) VALUES (?, ?)", found)
    db.executemany(
        "INSERT INTO described_in SELECT number, ? FROM descriptions WHERE name = ? AND phrase = ?",
        ((number, name, phrase) for name, phrase in found),
    )


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
    writer.write(folder, stated)
