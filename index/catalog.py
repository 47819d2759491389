"""What a generation knows: a read-only copy of the truth with people and words beside it.

The copy is complete in itself, so that a reader sees one state of the index for as long
as it is open, on a read-only disk as well, while a writer goes on next to it.
"""

from __future__ import annotations

import functools
import re
import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.copies import originals
from index.folding import fold
from index.names import people
from index.store import Role, spans_from_json
from index.types import Article, Mention, Passage, Quote, Span
from index.vectors import COLLECTIONS, Record

DERIVED = """
CREATE TABLE people(name TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT;
CREATE INDEX people_person ON people(person);
CREATE TABLE descriptions(
  person TEXT NOT NULL, phrase TEXT NOT NULL, PRIMARY KEY(person, phrase)) STRICT;
CREATE TABLE copies(article_id TEXT PRIMARY KEY, original TEXT NOT NULL) STRICT;
CREATE INDEX copies_of ON copies(original);
CREATE TABLE sentences(
  id INTEGER PRIMARY KEY, article_id TEXT NOT NULL, "start" INTEGER NOT NULL,
  "end" INTEGER NOT NULL) STRICT;
CREATE INDEX sentences_of ON sentences(article_id);
CREATE VIRTUAL TABLE words USING fts5(
  folded, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row);
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody (or some body) that speaks or is spoken to in the corpus.

    ``names`` are all spellings; the counts are of quotes.
    """

    name: str
    names: tuple[str, ...]
    spoke: int
    addressed: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence found by its words; ``score`` grows with the match (BM25, negated)."""

    article_id: str
    span: Span
    score: float


def derive(file: Path) -> dict[str, list[Record]]:
    """Add people, sentences and words to a fresh snapshot; returns the vectors to build."""
    db = sqlite3.connect(file, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=DELETE")
        db.executescript(DERIVED)
        db.execute("BEGIN")
        names = Counter(
            {n: c for n, c in db.execute("SELECT name, count(*) FROM mentions GROUP BY name") if n}
        )
        db.executemany("INSERT INTO people VALUES (?, ?)", sorted(people(names).items()))
        sketches = db.execute(
            "SELECT id, sketch FROM articles ORDER BY published = '', published, id"
        ).fetchall()
        db.executemany("INSERT INTO copies VALUES (?, ?)", sorted(originals(sketches).items()))
        articles = db.execute("SELECT id, text FROM articles ORDER BY id").fetchall()
        for article_id, text in articles:
            _describe_people(db, article_id, text)
            _derive_sentences(db, article_id, text)
        db.execute("COMMIT")
        return _records(db)
    finally:
        db.close()


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


_WORD = r"(?<![\w'’.-])[\w'’.-]{1,60}"
"""A word from its beginning: tried from each letter of a long run without blanks, a pattern
takes the square of its length, and a million letters never come to an end."""


def _roles_beside(name: str, text: str) -> Iterator[str]:
    """What stands right before a name ("Georgia's Prime Minister X") or after it (", the
    head of the division,") wherever an article has it."""
    if not name[:1].isupper():
        return
    for found in re.finditer(rf"((?:{_WORD}[ ]){{1,6}}){re.escape(name)}", text):
        yield found[0]
    for found in re.finditer(rf"{re.escape(name)},[ ]([^,.;:\"“”\n]{{3,80}}),", text):
        yield f"{name} {found[1]}"


def _derive_sentences(db: sqlite3.Connection, article_id: str, text: str) -> None:
    for (sentences,) in db.execute(
        'SELECT sentences FROM passages WHERE article_id = ? ORDER BY "start"', (article_id,)
    ).fetchall():
        for span in spans_from_json(sentences):
            rowid = db.execute(
                "INSERT INTO sentences(article_id, start, end) VALUES (?, ?, ?)",
                (article_id, span.start, span.end),
            ).lastrowid
            db.execute(
                "INSERT INTO words(rowid, folded) VALUES (?, ?)", (rowid, fold(span.slice(text)))
            )


def _records(db: sqlite3.Connection) -> dict[str, list[Record]]:
    """What the Chroma collections hold: each passage and each quote with its vector."""
    records: dict[str, list[Record]] = {"passages": [], "quotes": []}
    for article_id, text in db.execute("SELECT id, text FROM articles ORDER BY id"):
        for passage_id, start, end, vector in db.execute(
            'SELECT id, "start", "end", vector FROM passages WHERE article_id = ? ORDER BY "start"',
            (article_id,),
        ):
            row = np.frombuffer(vector, np.float32)
            records["passages"].append(Record(passage_id, article_id, text[start:end], row))
        for quote_id, spans, vector in db.execute(
            "SELECT id, content, vector FROM quotes WHERE article_id = ? ORDER BY id",
            (article_id,),
        ):
            words = " ".join(span.slice(text) for span in spans_from_json(spans))
            row = np.frombuffer(vector, np.float32)
            records["quotes"].append(Record(quote_id, article_id, words, row))
    return records


class _Connection:
    """A thread's connection, closed when the thread ends: a server's threads come and go."""

    def __init__(self, uri: str) -> None:
        self.db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self.db.execute("PRAGMA trusted_schema=OFF")  # functions named in a file are not called
        weakref.finalize(self, self.db.close)


class Catalog:
    """One generation's articles, quotes, people and words, for reading from any thread."""

    def __init__(self, file: Path) -> None:
        self._uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self._connections: weakref.WeakSet[_Connection] = weakref.WeakSet()
        # A question comes back to each of its articles a dozen times.
        self._articles = functools.lru_cache(maxsize=512)(self._read_article)

    @property
    def _db(self) -> sqlite3.Connection:
        own: _Connection | None = getattr(self._local, "connection", None)
        if own is None:
            own = self._local.connection = _Connection(self._uri)
            self._connections.add(own)
        return own.db

    def close(self) -> None:
        for connection in list(self._connections):
            connection.db.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query of another room finds; nothing can be written."""
        return self._db.execute(query, values).fetchall()

    def counts(self) -> dict[str, int]:
        """How many articles, passages, quotes and speakers there are."""
        tables = {t: f"SELECT count(*) FROM {t}" for t in ("articles", "passages", "quotes")}
        tables["speakers"] = (
            "SELECT count(DISTINCT person) FROM mentions JOIN people USING (name) "
            "WHERE role = 'speaker'"
        )
        return {name: int(self._db.execute(sql).fetchone()[0]) for name, sql in tables.items()}

    def dates(self) -> tuple[str, str]:
        """The first and the last publication date, empty where none is known."""
        row = self._db.execute(
            "SELECT min(published), max(published) FROM articles WHERE published != ''"
        ).fetchone()
        return row[0] or "", row[1] or ""

    def published(self) -> list[str]:
        """The publication dates that are known, each once, in order."""
        rows = self._db.execute(
            "SELECT DISTINCT published FROM articles WHERE published != '' ORDER BY published"
        )
        return [row[0] for row in rows]

    def outlets(self) -> list[str]:
        """The outlets, most articles first."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT outlet FROM articles WHERE outlet != '' "
                "GROUP BY outlet ORDER BY count(*) DESC, outlet"
            )
        ]

    def records(self) -> dict[str, list[Record]]:
        """What the Chroma collections have to hold."""
        return _records(self._db)

    def sources(self) -> dict[str, tuple[str, int]]:
        """The file each article came from, and how many quotes it has."""
        return {
            row[0]: (row[1], row[2])
            for row in self._db.execute(
                "SELECT articles.id, source, count(quotes.id) FROM articles "
                "LEFT JOIN quotes ON article_id = articles.id GROUP BY articles.id"
            )
        }

    @functools.cached_property
    def original_of(self) -> dict[str, str]:
        """Each article that has near-identical copies, and the earliest of them (itself
        for that one): articles with the same original answer once."""
        return dict(self._db.execute("SELECT article_id, original FROM copies"))

    def copies_of(self, article_id: str) -> list[str]:
        """The other articles that are near-identical copies of this one, earliest first."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT article_id FROM copies JOIN articles ON articles.id = article_id "
                "WHERE original = (SELECT original FROM copies WHERE article_id = ?) "
                "AND article_id != ? ORDER BY published = '', published, article_id",
                (article_id, article_id),
            )
        ]

    def article_ids(self) -> list[str]:
        """All articles, in the order of their ids."""
        return [row[0] for row in self._db.execute("SELECT id FROM articles ORDER BY id")]

    def article(self, article_id: str) -> Article:
        """An article by its id; KeyError if there is none."""
        return self._articles(article_id)

    def _read_article(self, article_id: str) -> Article:
        row = self._db.execute(
            "SELECT id, text, title, url, outlet, author, published, language, licence "
            "FROM articles WHERE id = ?",
            (article_id,),
        ).fetchone()
        if row is None:
            raise KeyError(article_id)
        return Article(*row)

    @functools.cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody who takes part in a quote, most quoted first."""
        names: dict[str, list[str]] = {}
        for name, person in self._db.execute("SELECT name, person FROM people ORDER BY name"):
            names.setdefault(person, []).append(name)
        counts: dict[tuple[str, str], int] = {
            (person, role): n
            for person, role, n in self._db.execute(
                "SELECT person, role, count(*) FROM mentions JOIN people USING (name) "
                "GROUP BY person, role"
            )
        }
        found = [
            Person(
                person,
                tuple(spellings),
                counts.get((person, "speaker"), 0),
                counts.get((person, "addressee"), 0),
            )
            for person, spellings in names.items()
        ]
        return tuple(sorted(found, key=lambda p: (-p.spoke, -p.addressed, p.name)))

    def descriptions(self) -> list[tuple[str, str]]:
        """Each person with every folded phrase by which an article calls them."""
        return list(self._db.execute("SELECT person, phrase FROM descriptions ORDER BY 1, 2"))

    @functools.cached_property
    def person_of(self) -> dict[str, str]:
        """Each spelling of a name, and the person whose it is."""
        return dict(self._db.execute("SELECT name, person FROM people"))

    def quote_vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of these quotes."""
        return self._vectors("quotes", ids)

    def passage_vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of these passages."""
        return self._vectors("passages", ids)

    def matrix(self, table: str) -> tuple[list[str], NDArray[np.float32]]:
        """All ids of passages or quotes, in order, and their vectors as rows."""
        if table not in COLLECTIONS:
            raise ValueError(f"expected one of {COLLECTIONS}, found {table!r}")
        rows = self._db.execute(f"SELECT id, vector FROM {table} ORDER BY id").fetchall()
        flat = np.frombuffer(b"".join(row[1] for row in rows), np.float32)
        return [row[0] for row in rows], flat.reshape(len(rows), -1) if rows else flat

    def _vectors(self, table: str, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        marks = ",".join("?" * len(ids))
        rows = self._db.execute(f"SELECT id, vector FROM {table} WHERE id IN ({marks})", ids)
        return {row[0]: np.frombuffer(row[1], np.float32) for row in rows}

    def quotes(self, ids: Sequence[str]) -> list[Quote]:
        """The quotes of these ids, in their order; unknown ids are left out."""
        marks = ",".join("?" * len(ids))
        rows = {
            row[0]: row
            for row in self._db.execute(
                "SELECT id, article_id, content, sentence, kind, cue, act, modality, tier, "
                f"time, place FROM quotes WHERE id IN ({marks})",
                ids,
            )
        }
        mentions: dict[tuple[str, Role], list[Mention]] = {}
        for quote_id, role, start, end, name, basis in self._db.execute(
            'SELECT quote_id, role, "start", "end", name, basis FROM mentions '
            f"WHERE quote_id IN ({marks}) ORDER BY quote_id, role, position",
            ids,
        ):
            mention = Mention(Span(start, end), name, basis)
            mentions.setdefault((quote_id, role), []).append(mention)
        return [_quote(rows[i], mentions) for i in dict.fromkeys(ids) if i in rows]

    def quote_places(self, article_ids: Iterable[str]) -> list[tuple[str, str, Span]]:
        """Of these articles' quotes, in order: id, article, and the sentence they stand in."""
        wanted = sorted(article_ids)
        rows = self._db.execute(
            "SELECT id, article_id, sentence FROM quotes "
            f"WHERE article_id IN ({','.join('?' * len(wanted))}) ORDER BY id",
            wanted,
        )
        return [(row[0], row[1], spans_from_json(row[2])[0]) for row in rows]

    def quote_ids(
        self,
        *,
        speakers: Iterable[str] = (),
        addressees: Iterable[str] = (),
        relays: Iterable[str] = (),
        article_ids: Iterable[str] = (),
    ) -> list[str]:
        """Ids of the quotes that have one of the given people in each role that is given."""
        where, values = ["1"], list[str]()
        for role, wanted in (("speaker", speakers), ("addressee", addressees), ("relay", relays)):
            if chosen := list(wanted):
                where.append(
                    "id IN (SELECT quote_id FROM mentions JOIN people USING (name) WHERE role = ? "
                    f"AND person IN ({','.join('?' * len(chosen))}))"
                )
                values += [role, *chosen]
        if chosen := list(article_ids):
            where.append(f"article_id IN ({','.join('?' * len(chosen))})")
            values += chosen
        sql = f"SELECT id FROM quotes WHERE {' AND '.join(where)} ORDER BY id"
        return [row[0] for row in self._db.execute(sql, values)]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages of these ids, in their order; unknown ids are left out."""
        rows = {
            row[0]: Passage(row[0], row[1], Span(row[2], row[3]), spans_from_json(row[4]))
            for row in self._db.execute(
                'SELECT id, article_id, "start", "end", sentences FROM passages '
                f"WHERE id IN ({','.join('?' * len(ids))})",
                ids,
            )
        }
        return [rows[i] for i in dict.fromkeys(ids) if i in rows]

    def passages_of(self, article_ids: Iterable[str]) -> list[Passage]:
        """All passages of these articles, in the order of their ids."""
        wanted = sorted(set(article_ids))
        marks = ",".join("?" * len(wanted))
        rows = self._db.execute(
            f"SELECT id FROM passages WHERE article_id IN ({marks}) ORDER BY id", wanted
        )
        return self.passages([row[0] for row in rows])

    def sentences(self, words: Sequence[str], limit: int) -> list[Sentence]:
        """Sentences with any of these folded words, best match first (BM25 of FTS5)."""
        query = " OR ".join(f'"{word}"' for word in words if word and '"' not in word)
        return self._matching(query, limit) if query else []

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many sentences each of these Porter stems stands; absent ones left out."""
        wanted = list(stems)
        return dict(
            self._db.execute(
                f"SELECT term, doc FROM vocabulary WHERE term IN ({','.join('?' * len(wanted))})",
                wanted,
            )
        )

    def terms(self, beginning: str) -> list[str]:
        """The Porter stems in the corpus that begin so, in order."""
        rows = self._db.execute(
            "SELECT term FROM vocabulary WHERE term >= ? AND term < ? ORDER BY term",
            (beginning, f"{beginning}\U0010ffff"),
        )
        return [row[0] for row in rows]

    def phrase(self, words: Sequence[str], limit: int = 20) -> list[Sentence]:
        """Sentences that have these folded words next to each other, in this order."""
        phrase = " ".join(word for word in words if '"' not in word)
        return self._matching(f'"{phrase}"', limit) if phrase.strip() else []

    def sentence_count(self) -> int:
        """How many sentences can be found by their words."""
        return int(self._db.execute("SELECT count(*) FROM sentences").fetchone()[0])

    def _matching(self, query: str, limit: int) -> list[Sentence]:
        rows = self._db.execute(
            'SELECT article_id, "start", "end", -bm25(words) AS score FROM words '
            "JOIN sentences ON sentences.id = words.rowid WHERE words MATCH ? "
            "ORDER BY score DESC, sentences.id LIMIT ?",
            (query, limit),
        )
        return [Sentence(a, Span(start, end), score) for a, start, end, score in rows]


def _quote(row: Sequence[str], mentions: dict[tuple[str, Role], list[Mention]]) -> Quote:
    def one(column: str) -> Span | None:
        return spans_from_json(column)[0] if column else None

    quote_id, article_id, content, sentence, kind, cue, act, modality, tier, time, place = row
    speakers = mentions.get((quote_id, "speaker"), [])
    return Quote(
        id=quote_id,
        article_id=article_id,
        content=spans_from_json(content),
        sentence=spans_from_json(sentence)[0],
        kind=kind,  # type: ignore[arg-type]  # written from the same Literal
        cue=one(cue),
        act=act,
        speaker=speakers[0] if speakers else None,
        co_speakers=tuple(speakers[1:]),
        addressees=tuple(mentions.get((quote_id, "addressee"), ())),
        chain=tuple(mentions.get((quote_id, "relay"), ())),
        modality=modality,  # type: ignore[arg-type]
        tier=tier,  # type: ignore[arg-type]
        time=one(time),
        place=one(place),
    )
