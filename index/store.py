"""The truth: articles, passages, quotes and vectors in one SQLite file.

Written by one process, one transaction an article, synced in full, so that an article
is there whole or not at all, whatever kills the process.  Everything else on disk is
derived from this file (see ``generation.py``) and can be made again from it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnusable
from index.settings import SCHEMA, Fingerprint
from index.types import Article, Mention, Passage, Quote, Span

TRUTH = "articles.sqlite3"

Change = Literal["added", "updated", "unchanged"]
Role = Literal["speaker", "addressee", "relay"]

TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE articles(
  id TEXT PRIMARY KEY, text TEXT NOT NULL, title TEXT NOT NULL, url TEXT NOT NULL,
  outlet TEXT NOT NULL, author TEXT NOT NULL, published TEXT NOT NULL,
  language TEXT NOT NULL, licence TEXT NOT NULL,
  digest TEXT NOT NULL, made_with TEXT NOT NULL, source TEXT NOT NULL) STRICT;
CREATE TABLE passages(
  id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
  "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences TEXT NOT NULL,
  vector BLOB NOT NULL) STRICT;
CREATE TABLE quotes(
  id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
  content TEXT NOT NULL, sentence TEXT NOT NULL, kind TEXT NOT NULL, cue TEXT,
  act TEXT NOT NULL, modality TEXT NOT NULL, tier TEXT NOT NULL,
  time TEXT, place TEXT, vector BLOB NOT NULL) STRICT;
CREATE TABLE mentions(
  quote_id TEXT NOT NULL REFERENCES quotes ON DELETE CASCADE, role TEXT NOT NULL,
  position INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
  name TEXT, basis TEXT NOT NULL, PRIMARY KEY(quote_id, role, position)) STRICT;
CREATE INDEX passages_of ON passages(article_id);
CREATE INDEX quotes_of ON quotes(article_id);
CREATE INDEX mentions_named ON mentions(name, role);
"""

_ARTICLE = ("id", "text", "title", "url", "outlet", "author", "published", "language", "licence")


@dataclass(frozen=True, slots=True)
class Analysed:
    """An article with what was found in it: a vector for each passage and each quote."""

    article: Article
    passages: tuple[Passage, ...]
    quotes: tuple[Quote, ...]
    passage_vectors: NDArray[np.float32]
    quote_vectors: NDArray[np.float32]


def digest(article: Article) -> str:
    """sha256 over all fields of an article: equal ones need no second look."""
    return hashlib.sha256(json.dumps(asdict(article), sort_keys=True).encode()).hexdigest()


class Store:
    """The truth, opened for writing.  Hold the index's lock while one is open."""

    def __init__(self, folder: Path) -> None:
        """Open or create the file.  Raises IndexUnusable if it is damaged or foreign."""
        self.file = folder / TRUTH
        new = not self.file.exists()
        self._db = sqlite3.connect(self.file, isolation_level=None)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA foreign_keys=ON")
            if new or not _tables(self._db):
                with self._transaction():
                    for statement in TABLES.split(";"):
                        self._db.execute(statement)
                    self._set("schema", str(SCHEMA))
                    self._set("revision", "0")
            self._check()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise IndexUnusable(
                f"{self.file} is damaged ({error}); restore it from a backup, "
                "or delete the index folder and add the articles again"
            ) from error
        except IndexUnusable:
            self._db.close()
            raise

    def _check(self) -> None:
        found = self._get("schema")
        if found != str(SCHEMA):
            raise IndexUnusable(
                f"{self.file} has schema {found or 'unknown'}, this version reads {SCHEMA}; "
                "use the version that made it, or a new folder"
            )
        if (state := self._db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(state)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _get(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def _set(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def revision(self) -> int:
        """Counts the transactions that changed an article."""
        return int(self._get("revision"))

    @property
    def fingerprint(self) -> Fingerprint | None:
        """What the articles were analysed with; None before the first one."""
        row = self._get("fingerprint")
        return Fingerprint(**json.loads(row)) if row else None

    def stamp(self, fingerprint: Fingerprint) -> None:
        """Note what the articles are analysed with from now on."""
        with self._transaction():
            self._set("fingerprint", json.dumps(asdict(fingerprint)))

    def change(self, article: Article, source: str) -> Change:
        """What putting this article would do.

        Raises IndexUnusable if another file's article already has its id.
        """
        row = self._db.execute(
            "SELECT digest, source FROM articles WHERE id = ?", (article.id,)
        ).fetchone()
        if row is None:
            return "added"
        if row[0] == digest(article):
            return "unchanged"
        if _file_of(row[1]) != _file_of(source):
            raise IndexUnusable(
                f"the id {article.id!r} already belongs to another text, from {row[1]}; "
                "give one of the two another name or id"
            )
        return "updated"

    def put(self, analysed: Analysed, source: str, made_with: Fingerprint) -> None:
        """Store an article and all that was found in it, in place of what its id had."""
        article = analysed.article
        with self._transaction():
            self._db.execute("DELETE FROM articles WHERE id = ?", (article.id,))
            self._db.execute(
                f"INSERT INTO articles VALUES ({', '.join('?' * (len(_ARTICLE) + 3))})",
                (
                    *(getattr(article, field) for field in _ARTICLE),
                    digest(article),
                    json.dumps(asdict(made_with)),
                    source,
                ),
            )
            for passage, vector in zip(analysed.passages, analysed.passage_vectors, strict=True):
                self._db.execute(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        passage.id,
                        article.id,
                        passage.span.start,
                        passage.span.end,
                        _spans_json(passage.sentences),
                        vector.tobytes(),
                    ),
                )
            for quote, vector in zip(analysed.quotes, analysed.quote_vectors, strict=True):
                self._put_quote(quote, vector)
            self._set("revision", str(self.revision + 1))

    def _put_quote(self, quote: Quote, vector: NDArray[np.float32]) -> None:
        self._db.execute(
            "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                quote.id,
                quote.article_id,
                _spans_json(quote.content),
                _spans_json((quote.sentence,)),
                quote.kind,
                _spans_json((quote.cue,)) if quote.cue else None,
                quote.act,
                quote.modality,
                quote.tier,
                _spans_json((quote.time,)) if quote.time else None,
                _spans_json((quote.place,)) if quote.place else None,
                vector.tobytes(),
            ),
        )
        roles: dict[Role, Sequence[Mention]] = {
            "speaker": (quote.speaker, *quote.co_speakers) if quote.speaker else (),
            "addressee": quote.addressees,
            "relay": quote.chain,
        }
        for role, mentions in roles.items():
            self._db.executemany(
                "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (quote.id, role, i, m.span.start, m.span.end, m.name, m.basis)
                    for i, m in enumerate(mentions)
                ],
            )

    def outdated(self, made_with: Fingerprint) -> Iterator[tuple[Article, str]]:
        """The articles (and their sources) that were analysed with other parts."""
        ids = self._db.execute(
            "SELECT id FROM articles WHERE made_with != ? ORDER BY id",
            (json.dumps(asdict(made_with)),),
        ).fetchall()
        for (article_id,) in ids:
            row = self._db.execute(
                f"SELECT {', '.join(_ARTICLE)}, source FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
            yield Article(*row[:-1]), row[-1]

    def count(self) -> int:
        """How many articles there are."""
        return int(self._db.execute("SELECT count(*) FROM articles").fetchone()[0])

    def snapshot(self, file: Path) -> None:
        """A compact copy of the whole truth, as of now, in a new file."""
        self._db.execute("VACUUM INTO ?", (str(file),))


def _tables(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _file_of(source: str) -> str:
    """The file of a source that may carry a line number."""
    name, _, line = source.rpartition(":")
    return name if name and line.isdigit() else source


def _spans_json(spans: Sequence[Span]) -> str:
    return json.dumps([[s.start, s.end] for s in spans], separators=(",", ":"))


def spans_from_json(text: str) -> tuple[Span, ...]:
    """The spans that a column holds."""
    return tuple(Span(start, end) for start, end in json.loads(text))


def roles() -> tuple[str, ...]:
    """The roles in which somebody stands in a quote."""
    return get_args(Role)
