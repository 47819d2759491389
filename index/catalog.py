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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.copies import originals
from index.folding import fold, stem
from index.names import people
from index.store import Role, spans_from_json
from index.types import Article, Mention, Quote, Span
from index.vectors import COLLECTIONS, Record

DERIVED = """
CREATE TABLE people(name TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT;
CREATE INDEX people_person ON people(person);
CREATE TABLE descriptions(
  person TEXT NOT NULL, phrase TEXT NOT NULL, PRIMARY KEY(person, phrase)) STRICT;
CREATE VIRTUAL TABLE phrases USING fts5(
  phrase, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE TABLE copies(article_id TEXT PRIMARY KEY, original TEXT NOT NULL) STRICT;
CREATE INDEX copies_of ON copies(original);
CREATE TABLE sentences(
  id INTEGER PRIMARY KEY, article_id TEXT NOT NULL, "start" INTEGER NOT NULL,
  "end" INTEGER NOT NULL, passage_id TEXT NOT NULL) STRICT;
CREATE INDEX sentences_of ON sentences(passage_id);
CREATE TABLE stated(
  sentence INTEGER NOT NULL, quote_id TEXT NOT NULL,
  PRIMARY KEY(sentence, quote_id)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
  folded, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row);
CREATE TABLE terms(term TEXT PRIMARY KEY, sentences INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""

WEIGHED = 10_000
"""Sentences that a search for words weighs at most, if its rarest word has no more."""


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
    """A sentence of a passage; ``id`` is its number in the catalog."""

    id: int
    article_id: str
    span: Span
    passage_id: str


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
        db.execute("INSERT INTO phrases(rowid, phrase) SELECT rowid, phrase FROM descriptions")
        # The vocabulary counts the sentences of a term anew each time that it is asked.
        db.execute("INSERT INTO terms SELECT term, doc FROM vocabulary")
        db.execute("DROP TABLE vocabulary")
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


def _derive_sentences(db: sqlite3.Connection, article_id: str, text: str) -> None:
    """Keep its sentences, their words, and which statements stand in them."""
    numbered = list[tuple[int, Span]]()
    for passage_id, sentences in db.execute(
        'SELECT id, sentences FROM passages WHERE article_id = ? ORDER BY "start"', (article_id,)
    ).fetchall():
        for span in spans_from_json(sentences):
            rowid = db.execute(
                "INSERT INTO sentences VALUES (NULL, ?, ?, ?, ?)",
                (article_id, span.start, span.end, passage_id),
            ).lastrowid
            assert rowid is not None
            numbered.append((rowid, span))
    db.executemany(
        "INSERT INTO words(rowid, folded) VALUES (?, ?)",
        [(rowid, fold(span.slice(text))) for rowid, span in numbered],
    )
    for quote_id, whole in db.execute(
        "SELECT id, sentence FROM quotes WHERE article_id = ?", (article_id,)
    ).fetchall():
        (around,) = spans_from_json(whole)
        db.executemany(
            "INSERT INTO stated VALUES (?, ?)",
            [(rowid, quote_id) for rowid, span in numbered if span.overlaps(around)],
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
        # A question comes back to each of its articles a dozen times, the next question
        # to many of the same statements.
        self._articles = functools.lru_cache(maxsize=1024)(self._read_article)
        self._quotes = functools.lru_cache(maxsize=8192)(self._read_quote)
        self._sentences = functools.lru_cache(maxsize=8192)(self._read_sentence)

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

    def descriptions(self, person: str) -> list[str]:
        """Every folded phrase by which an article calls a person, in order."""
        rows = self._db.execute(
            "SELECT phrase FROM descriptions WHERE person = ? ORDER BY phrase", (person,)
        )
        return [row[0] for row in rows]

    def described(self, words: Sequence[Iterable[str]]) -> Iterator[tuple[str, str]]:
        """Each person with the folded phrases that have a word of every group, as they are
        found.  A word is found in any of its forms; several are found next to each other."""
        groups = (" OR ".join(f'"{word}"' for word in sorted(group)) for group in words)
        yield from self._db.execute(
            "SELECT person, descriptions.phrase FROM phrases "
            "JOIN descriptions ON descriptions.rowid = phrases.rowid WHERE phrases MATCH ?",
            (" AND ".join(f"({group})" for group in groups),),
        )

    @functools.cached_property
    def person_of(self) -> dict[str, str]:
        """Each spelling of a name, and the person whose it is."""
        return dict(self._db.execute("SELECT name, person FROM people"))

    def matrix(self, table: str) -> tuple[list[str], NDArray[np.float32]]:
        """All ids of passages or quotes, in order, and their vectors as rows."""
        if table not in COLLECTIONS:
            raise ValueError(f"expected one of {COLLECTIONS}, found {table!r}")
        rows = self._db.execute(f"SELECT id, vector FROM {table} ORDER BY id").fetchall()
        flat = np.frombuffer(b"".join(row[1] for row in rows), np.float32)
        return [row[0] for row in rows], flat.reshape(len(rows), -1) if rows else flat

    def vectors(self, table: str, ids: Collection[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of these passages or quotes."""
        if table not in COLLECTIONS:
            raise ValueError(f"expected one of {COLLECTIONS}, found {table!r}")
        marks = ",".join("?" * len(ids))
        rows = self._db.execute(f"SELECT id, vector FROM {table} WHERE id IN ({marks})", tuple(ids))
        return {row[0]: np.frombuffer(row[1], np.float32) for row in rows}

    def quotes(self, ids: Iterable[str]) -> list[Quote]:
        """The quotes of these ids, in their order; unknown ids are left out."""
        found = (self._quotes(quote_id) for quote_id in dict.fromkeys(ids))
        return [quote for quote in found if quote is not None]

    def _read_quote(self, quote_id: str) -> Quote | None:
        row = self._db.execute(
            "SELECT id, article_id, content, sentence, kind, cue, act, modality, tier, "
            "time, place FROM quotes WHERE id = ?",
            (quote_id,),
        ).fetchone()
        if row is None:
            return None
        mentions: dict[Role, list[Mention]] = {}
        for role, start, end, name, basis in self._db.execute(
            'SELECT role, "start", "end", name, basis FROM mentions '
            "WHERE quote_id = ? ORDER BY role, position",
            (quote_id,),
        ):
            mentions.setdefault(role, []).append(Mention(Span(start, end), name, basis))
        return _quote(row, mentions)

    def quotes_in(self, sentences: Collection[int]) -> list[str]:
        """Ids of the quotes that touch these sentences, in order."""
        rows = self._db.execute(
            "SELECT DISTINCT quote_id FROM stated "
            f"WHERE sentence IN ({','.join('?' * len(sentences))}) ORDER BY quote_id",
            tuple(sentences),
        )
        return [row[0] for row in rows]

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

    def speakers_in(self, article_ids: Iterable[str]) -> set[str]:
        """The people who say something in these articles."""
        wanted = sorted(article_ids)
        rows = self._db.execute(
            "SELECT DISTINCT person FROM quotes JOIN mentions ON quote_id = quotes.id "
            "JOIN people USING (name) WHERE role = 'speaker' "
            f"AND article_id IN ({','.join('?' * len(wanted))})",
            wanted,
        )
        return {row[0] for row in rows}

    def sentence(self, number: int) -> Sentence:
        """The sentence of a number; KeyError if there is none."""
        return self._sentences(number)

    def _read_sentence(self, number: int) -> Sentence:
        row = self._db.execute(
            'SELECT article_id, "start", "end", passage_id FROM sentences WHERE id = ?', (number,)
        ).fetchone()
        if row is None:
            raise KeyError(number)
        return Sentence(number, row[0], Span(row[1], row[2]), row[3])

    def sentences_of(self, passage_ids: Collection[str]) -> list[Sentence]:
        """The sentences of these passages, in the order of the corpus."""
        rows = self._db.execute(
            "SELECT id FROM sentences "
            f"WHERE passage_id IN ({','.join('?' * len(passage_ids))}) ORDER BY id",
            tuple(passage_ids),
        )
        return [self._sentences(row[0]) for row in rows]

    def sentences(self, words: Sequence[str], limit: int) -> list[Sentence]:
        """Sentences with any of these folded words, best match first (BM25 of FTS5).

        Every sentence that has one is weighed, so the rarest words come first, and those
        are left out with which they would be more than WEIGHED: they tell least.
        """
        query = " OR ".join(f'"{word}"' for word in self._telling(words))
        return self._matching(query, limit) if query else []

    def _telling(self, words: Sequence[str]) -> list[str]:
        """The given words without quotation marks, and without the plainest beside rarer."""
        given = [word for word in words if word and '"' not in word]
        often = self.frequencies({stem(word) for word in given})
        left, found = WEIGHED, list[str]()
        for word in sorted(given, key=lambda w: often.get(stem(w), 0)):
            left -= often.get(stem(word), 0)
            if left >= 0 or not found:
                found.append(word)
        return found

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many sentences each of these Porter stems stands; absent ones left out."""
        wanted = list(stems)
        return dict(
            self._db.execute(
                f"SELECT term, sentences FROM terms WHERE term IN ({','.join('?' * len(wanted))})",
                wanted,
            )
        )

    def terms(self, beginning: str) -> list[str]:
        """The Porter stems in the corpus that begin so, in order."""
        rows = self._db.execute(
            "SELECT term FROM terms WHERE term >= ? AND term < ? ORDER BY term",
            (beginning, f"{beginning}\U0010ffff"),
        )
        return [row[0] for row in rows]

    def phrase(self, words: Sequence[str], limit: int = 20) -> list[Sentence]:
        """Sentences that have these folded words next to each other, in this order."""
        phrase = " ".join(word for word in words if '"' not in word)
        return self._matching(f'"{phrase}"', limit) if phrase.strip() else []

    def is_phrase(self, words: Sequence[str]) -> bool:
        """Whether these folded words stand next to each other anywhere, in this order."""
        phrase = " ".join(word for word in words if '"' not in word)
        if not phrase.strip():
            return False
        query = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1"
        return self._db.execute(query, (f'"{phrase}"',)).fetchone() is not None

    @functools.cached_property
    def sentence_count(self) -> int:
        """How many sentences can be found by their words."""
        return int(self._db.execute("SELECT count(*) FROM sentences").fetchone()[0])

    def _matching(self, query: str, limit: int) -> list[Sentence]:
        rows = self._db.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words), rowid LIMIT ?",
            (query, limit),
        )
        return [self._sentences(row[0]) for row in rows]


def _quote(row: Sequence[str], mentions: Mapping[Role, Sequence[Mention]]) -> Quote:
    def one(column: str) -> Span | None:
        return spans_from_json(column)[0] if column else None

    quote_id, article_id, content, sentence, kind, cue, act, modality, tier, time, place = row
    speakers = mentions.get("speaker", ())
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
        addressees=tuple(mentions.get("addressee", ())),
        chain=tuple(mentions.get("relay", ())),
        modality=modality,  # type: ignore[arg-type]
        tier=tier,  # type: ignore[arg-type]
        time=one(time),
        place=one(place),
    )
