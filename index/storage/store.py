"""The truth: articles, passages, quotes and vectors in one SQLite file.

Written by one process, one transaction an article, synced in full, so that an article
is there whole or not at all, whatever kills the process.  Everything else on disk is
derived from this file (see ``snapshot.py``) and can be made again from it.  What the model made
of an article is here only until it is in a segment: vectors come again from there, or from the
text (``held.py``).
"""

from __future__ import annotations

import contextlib
import functools
import glob
import hashlib
import json
import sqlite3
import stat
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnusable
from index.settings import SCHEMA, Fingerprint
from index.storage.disk import disk_errors
from index.storage.made import EncodedArticle
from index.storage.tables import MIGRATIONS, TABLES, content_digest, content_of, damaged, seal
from index.text.near_duplicates import sketch
from index.types import Article, Mention, Passage, Quote, Role, Span, spans_from_json

TRUTH = "articles.sqlite3"

Change = Literal["added", "updated", "unchanged"]

_COMPACT = "auto_vacuum=INCREMENTAL"

_ARTICLE = ("id", "text", "title", "url", "outlet", "author", "published", "language", "licence")


@dataclass(frozen=True, slots=True)
class Analysed:
    """An article with what was found in it: a vector for each passage and each quote.

    ``passage_tokens`` are the word pieces of each passage, packed (tokens.py), and
    ``quote_tokens`` those of each quote that passages do not have; empty where there are none.
    """

    article: Article
    passages: tuple[Passage, ...]
    quotes: tuple[Quote, ...]
    passage_vectors: NDArray[np.float32]
    quote_vectors: NDArray[np.float32]
    passage_tokens: tuple[bytes, ...] = ()
    quote_tokens: tuple[bytes, ...] = ()

    def made(self) -> EncodedArticle:
        """What the model made of the article, in the order of the ids."""
        passages, quotes = self.passages, self.quotes
        pieces = self.passage_tokens or (b"",) * len(passages)
        own = self.quote_tokens or (b"",) * len(quotes)
        parts = zip(passages, self.passage_vectors, pieces, strict=True)
        said = zip(quotes, self.quote_vectors, own, strict=True)
        return EncodedArticle.of(
            [(p.span, *made) for p, *made in sorted(parts, key=lambda part: part[0].id)],
            [(q.content, *made) for q, *made in sorted(said, key=lambda one: one[0].id)],
            self.passage_vectors.shape[1],
        )


def digest(article: Article) -> str:
    """sha256 over all fields of an article: equal ones need no second look."""
    return hashlib.sha256(json.dumps(asdict(article), sort_keys=True).encode()).hexdigest()


class Store:
    """The truth, opened for writing.  Hold the index's lock while one is open."""

    def __init__(self, folder: Path, *, migrate: bool = False) -> None:
        """Open or create the file; an older one is brought up to date if ``migrate``.

        Raises IndexUnusable if it is damaged, foreign, newer, or older, DiskError.
        """
        self.file = folder / TRUTH
        if self.file.exists() or self.file.is_symlink():
            _require_file(folder, self.file)
        with disk_errors(folder):
            self.file.touch(mode=0o600)
            self.file.chmod(0o600)
            self._db = sqlite3.connect(self.file, isolation_level=None)
            try:
                self._open(migrate)
            except sqlite3.DatabaseError as error:
                self._db.close()
                if isinstance(error, sqlite3.OperationalError):
                    raise
                raise IndexUnusable(
                    f"{self.file} is damaged ({error}); restore it from a backup, "
                    "or delete the index folder and add the articles again"
                ) from error
            except IndexUnusable:
                self._db.close()
                raise

    def _open(self, migrate: bool) -> None:
        # What is deleted is overwritten, in the file and (at close) in its journal.
        # Pages of what is deleted are given back (_COMPACT), and not kept for what comes.
        for setting in (_COMPACT, "secure_delete=ON", "journal_mode=WAL", "synchronous=FULL"):
            self._db.execute(f"PRAGMA {setting}")
        self._db.execute("PRAGMA foreign_keys=ON")
        if not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            with self._transaction():
                self._run(TABLES)
                self._set("schema", str(SCHEMA))
                self._set("revision", "0")
        if (state := self._db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(state)
        found = self._get("schema") if has_table(self._db, "meta") else ""
        if not found.isdigit():
            raise IndexUnusable(f"{self.file} is not a file of OnRecord; use another folder")
        if int(found) > SCHEMA:
            raise IndexUnusable(
                f"{self.file} has schema {found}, this version reads {SCHEMA}; "
                "use the version that made it, or another folder"
            )
        if int(found) < SCHEMA and not migrate:
            raise IndexUnusable(
                f"{self.file} has the older schema {found}, this version reads {SCHEMA}; "
                "run: python -m index rebuild"
            )
        for schema in range(int(found), SCHEMA):
            with self._transaction():
                self._run(MIGRATIONS[schema])
                self._set("schema", str(schema + 1))

    def _run(self, statements: str) -> None:
        for statement in statements.split(";"):
            self._db.execute(statement)

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
        return _revision(self._db, self.file)

    @property
    def fingerprint(self) -> Fingerprint | None:
        """What the articles were analysed with; None before the first one."""
        row = self._get("fingerprint")
        try:
            return Fingerprint(**json.loads(row)) if row else None
        except (ValueError, TypeError) as error:
            raise IndexUnusable(
                f"{self.file} is damaged: no readable fingerprint; run: python -m index rebuild"
            ) from error

    def stamp(self, fingerprint: Fingerprint) -> None:
        """Note what the articles are analysed with from now on."""
        with self._transaction():
            self._set("fingerprint", json.dumps(asdict(fingerprint)))

    @property
    def identity(self) -> str:
        """Tells this index from all others that use the same Chroma server, and from those
        that it was copied from."""
        found, _, file = self._get("identity").partition(" ")
        if file != (here := str(self.file.stat().st_ino)):
            found = uuid.uuid4().hex[:12]
            with self._transaction():
                self._set("identity", f"{found} {here}")
        return found

    @property
    def collections(self) -> list[tuple[str, str]]:
        """What this index may have on Chroma servers: the server, and what the names of the
        collections there begin with; oldest first."""
        try:
            return [(str(a), str(b)) for a, b in json.loads(self._get("collections") or "[]")]
        except (ValueError, TypeError) as error:
            raise IndexUnusable(
                f"{self.file} is damaged: no readable list of collections; restore it from a backup"
            ) from error

    def note_collections(self, collections: Sequence[tuple[str, str]]) -> None:
        """Note what this index may have on Chroma servers from now on."""
        with self._transaction():
            self._set("collections", json.dumps(collections))

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
        if file_of(row[1]) != file_of(source):
            raise IndexUnusable(
                f"the id {article.id!r} already belongs to another text, from {row[1]}; "
                "give one of the two another name or id, or remove the first"
            )
        return "updated"

    def put(self, analysed: Analysed, source: str, made_with: Fingerprint) -> None:
        """Store an article and all that was found in it, in place of what its id had."""
        article = analysed.article
        fields = (*_ARTICLE, "digest", "made_with", "source", "sketch")
        updates = ", ".join(f"{field} = excluded.{field}" for field in fields[1:])
        with self._transaction():
            for table in ("passages", "quotes"):
                self._db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article.id,))
            # Not a delete and an insert: rows of other tables may refer to the article.
            self._db.execute(
                f"INSERT INTO articles({', '.join(fields)}) "
                f"VALUES ({', '.join('?' * len(fields))}) ON CONFLICT(id) DO UPDATE SET {updates}",
                (
                    *(getattr(article, field) for field in _ARTICLE),
                    digest(article),
                    json.dumps(asdict(made_with)),
                    source,
                    sketch(article.text),
                ),
            )
            for passage in analysed.passages:
                self._db.execute(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
                    (
                        passage.id,
                        article.id,
                        passage.span.start,
                        passage.span.end,
                        _spans_json(passage.sentences),
                    ),
                )
            for quote in analysed.quotes:
                self._put_quote(quote)
            self.keep_made(article.id, analysed.made())
            self._db.execute(
                "UPDATE articles SET seal = ? WHERE id = ?",
                (seal(self._db, article.id), article.id),
            )
            note_change(self._db, article.id)

    def _put_quote(self, quote: Quote) -> None:
        self._db.execute(
            "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        """The articles (and their sources) that were analysed with other parts.

        A schema is none of these: what changed with it is done by the migration.
        """
        ids = self._db.execute(
            "SELECT id FROM articles WHERE seal = '' OR NOT json_valid(made_with) "
            "OR json_remove(made_with, '$.schema') != json_remove(?, '$.schema') ORDER BY id",
            (json.dumps(asdict(made_with)),),
        ).fetchall()
        for (article_id,) in ids:
            row = self._db.execute(
                f"SELECT {', '.join(_ARTICLE)}, source FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
            yield Article(*row[:-1]), row[-1]

    def keep_made(self, article_id: str, made: EncodedArticle) -> None:
        """Keep what the model made of an article until it is in a segment."""
        self._db.execute("INSERT OR REPLACE INTO made VALUES (?, ?)", (article_id, made.packed()))

    def made(self, article_id: str) -> bytes:
        """What is kept of that, packed; empty if nothing is."""
        row = self._db.execute("SELECT data FROM made WHERE article_id = ?", (article_id,))
        return next((bytes(data) for (data,) in row), b"")

    def forget_made(self) -> None:
        """Drop all of that: it is in segments now."""
        with self._transaction():
            self._db.execute("DELETE FROM made")
        self._db.executescript("PRAGMA incremental_vacuum")  # `execute` takes one step of it

    def compact(self) -> None:
        """Give back the room of what is gone; a file of an older version cannot do it bit by
        bit before this was done to it."""
        self._db.execute(f"PRAGMA {_COMPACT}")
        self._db.execute("VACUUM")

    def spans_of(self, article_id: str) -> tuple[str, list[Span], list[tuple[Span, ...]]]:
        """The text of an article, its passages and what its quotes say, in the order of ids."""
        ((text,),) = self._db.execute("SELECT text FROM articles WHERE id = ?", (article_id,))
        passages = self._db.execute(
            'SELECT "start", "end" FROM passages WHERE article_id = ? ORDER BY id', (article_id,)
        )
        quotes = self._db.execute(
            "SELECT content FROM quotes WHERE article_id = ? ORDER BY id", (article_id,)
        )
        return (
            text,
            [Span(*ends) for ends in passages],
            [spans_from_json(content) for (content,) in quotes],
        )

    def is_made_with(self, article_id: str, made_with: Fingerprint) -> bool:
        """Whether an article is as it was stored, and its vectors are those of this model."""
        row = self._db.execute(
            "SELECT made_with, seal FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return bool(row) and _same_model(row[0], made_with) and row[1] == seal(self._db, article_id)

    def remove(self, article_id: str) -> bool:
        """Delete an article and all that was found in it; False if there is none."""
        with self._transaction():
            row = self._db.execute(
                "DELETE FROM articles WHERE id = ? RETURNING source", (article_id,)
            ).fetchone()
            if row is None:
                return False
            for table in self._tables_about_articles():
                self._db.execute(f'DELETE FROM "{table}" WHERE article_id = ?', (article_id,))
            self._db.execute("DELETE FROM files WHERE path = ?", (file_of(row[0]),))
            note_change(self._db, article_id)
        return True

    def _tables_about_articles(self) -> list[str]:
        """Other rooms keep tables here too; what they say of an article goes with it."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
                "WHERE m.type = 'table' AND c.name = 'article_id'"
            )
        ]

    def ids_from(self, path: str) -> list[str]:
        """The articles that came from a file."""
        rows = self._db.execute("SELECT id, source FROM articles ORDER BY id")
        return [i for i, source in rows if path in (source, file_of(source))]

    def empty_journal(self) -> None:
        """Write the journal back and cut it to nothing: no deleted word stays in it."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def remember(self, path: str, state: str, articles: int) -> None:
        """Note that a file in this state was taken in whole: ``articles`` of them."""
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (path, state, articles)
            )

    def remembered(self, path: str, state: str) -> int | None:
        """How many articles a file gave that was taken in whole in this very state."""
        row = self._db.execute(
            "SELECT articles FROM files WHERE path = ? AND state = ?", (path, state)
        ).fetchone()
        return int(row[0]) if row else None

    def known_of(self, path: str) -> tuple[tuple[str, int] | None, dict[str, str]]:
        """What there is of a file: the state in which it was taken in whole, with the number
        of its articles; and the digest of each article that came from it."""
        row = self._db.execute("SELECT state, articles FROM files WHERE path = ?", (path,))
        rows = self._db.execute(
            "SELECT id, digest FROM articles WHERE source = ? OR source GLOB ?",
            (path, f"{glob.escape(path)}:[0-9]*"),
        )
        return row.fetchone(), dict(rows)

    def count(self) -> int:
        """How many articles there are."""
        return int(self._db.execute("SELECT count(*) FROM articles").fetchone()[0])

    def damaged(self) -> list[str]:
        """The articles that are not as they were stored."""
        return damaged(self._db)

    def counts(self) -> dict[str, int]:
        """How many articles, passages and quotes there are."""
        return {
            table: int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in ("articles", "passages", "quotes")
        }

    def contents(self, ids: Sequence[str]) -> dict[str, str]:
        """The digest of each of these articles and of what was found in it, vectors apart.

        Raises IndexUnusable for one that is not as it was stored.
        """
        for i in ids:
            row = self._db.execute("SELECT seal FROM articles WHERE id = ?", (i,)).fetchone()
            if row is None or row[0] != seal(self._db, i):
                raise IndexUnusable(
                    f"article {i!r} in {self.file} is not as it was stored; "
                    "remove it and add it again, or restore the file from a backup"
                )
        return {i: content_of(self._db, i) for i in ids}

    def changed_since(self, revision: int) -> list[str] | None:
        """The articles that were put, removed or corrected after a revision; None if that is
        not known for all of the time."""
        rows = self._db.execute(
            "SELECT article FROM changes WHERE revision > ? ORDER BY revision", (revision,)
        ).fetchall()
        if not 0 <= revision <= self.revision or len(rows) != self.revision - revision:
            return None
        return list(dict.fromkeys(row[0] for row in rows))

    def forget_changes(self, revision: int) -> None:
        """Drop the list of changes up to a revision."""
        with self._transaction():
            self._db.execute("DELETE FROM changes WHERE revision <= ?", (revision,))

    def passages_of(self, ids: Sequence[str] | None = None) -> dict[str, int]:
        """How many passages each of these articles has, or each of all, in the order of their
        ids; those that are not there are left out."""
        among = "WHERE articles.id IN (SELECT value FROM json_each(?))" if ids is not None else ""
        return dict(
            self._db.execute(
                "SELECT articles.id, count(passages.id) FROM articles "
                f"LEFT JOIN passages ON article_id = articles.id {among} "
                "GROUP BY articles.id ORDER BY articles.id",
                () if ids is None else (json.dumps(ids),),
            )
        )


def note_change(db: sqlite3.Connection, article_id: str) -> None:
    """Count a transaction that changed an article, within it."""
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")
    db.execute(
        "INSERT INTO changes SELECT CAST(value AS INTEGER), ? FROM meta WHERE key = 'revision'",
        (article_id,),
    )


@contextlib.contextmanager
def _reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """The truth without a lock, as it was at one moment; works on a read-only disk.

    Raises IndexUnusable if it is absent, cannot be opened, or is damaged.
    """
    file = folder / TRUTH
    _require_file(folder, file)
    uri = f"{file.resolve().as_uri()}?mode=ro"
    db: sqlite3.Connection | None = None
    try:
        try:
            db = sqlite3.connect(uri, uri=True, isolation_level=None)
            db.execute("BEGIN")
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:  # no right to write: then nobody else writes either
            if db is not None:
                db.close()
            db = sqlite3.connect(f"{uri}&immutable=1", uri=True, isolation_level=None)
        yield db
    except (sqlite3.DatabaseError, ValueError, TypeError) as error:
        raise IndexUnusable(f"{file} is damaged ({error}); restore it from a backup") from error
    finally:
        if db is not None:
            db.close()


def _require_file(folder: Path, file: Path) -> None:
    """Raise IndexUnusable unless a regular file is there that this user may read."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise IndexUnusable(
                f"expected {file} to be a file, found something else; restore it from a backup"
            )
        with file.open("rb"):
            return
    except FileNotFoundError as error:
        raise IndexUnusable(
            f"there is no index at {folder}; run: python -m index add PATH"
        ) from error
    except OSError as error:
        raise IndexUnusable(
            f"expected a file of articles at {file}, found one that cannot be read "
            f"({error.strerror or error}); give this user the right, or restore it from a backup"
        ) from error


def revision(folder: Path) -> int:
    """The revision of an index's truth.  Raises IndexUnusable if it is absent or damaged."""
    with _reading(folder) as db:
        return _revision(db, folder / TRUTH)


def examined(folder: Path) -> tuple[list[str], int, str]:
    """What is wrong with the truth, a line each; its revision; the digest of its content.

    Raises IndexUnusable if it cannot be read at all.
    """
    with _reading(folder) as db:
        wrong = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        wrong += [
            f"table {row[0]} refers to a row that is not there"
            for row in db.execute("PRAGMA foreign_key_check").fetchmany(5)
        ]
        wrong += [f"article {i!r} is not as it was stored" for i in damaged(db)]
        return wrong, _revision(db, folder / TRUTH), content_digest(db)


def _revision(db: sqlite3.Connection, file: Path) -> int:
    row = db.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()
    if row is None or not str(row[0]).isdigit():
        raise IndexUnusable(f"{file} is damaged: it has no revision; restore it from a backup")
    return int(row[0])


def has_table(db: sqlite3.Connection, name: str) -> bool:
    """Return whether a database has a table of this name."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone())


def _same_model(made: str, made_with: Fingerprint) -> bool:
    """Whether the fingerprint of an article, as JSON, names the same embedder."""
    found = json.loads(made or "{}")
    return all(
        found.get(part) == getattr(made_with, part) for part in ("embedder", "weights", "dimension")
    )


def file_of(source: str) -> str:
    """The file of a source that may carry a line number."""
    name, _, line = source.rpartition(":")
    return name if name and line.isdigit() else source


def _spans_json(spans: Sequence[Span]) -> str:
    return json.dumps([[s.start, s.end] for s in spans], separators=(",", ":"))


@functools.lru_cache(maxsize=65536)
def roles() -> tuple[str, ...]:
    """The roles in which somebody stands in a quote."""
    return get_args(Role)
