"""What a generation knows: a read-only copy of the truth with people and words beside it.

The copy is complete in itself, so that a reader sees one state of the index for as long
as it is open, on a read-only disk as well, while a writer goes on next to it.
"""

from __future__ import annotations

import functools
import json
import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.languages import READ, unread_names
from index.search.bm25 import AMONG, POSTINGS_FOLDER, WordIndex
from index.text.folding import stem
from index.types import Article, Mention, Quote, Role, Span, spans_from_json

_MAX_STATEMENTS_KEPT = 8192
"""Statements that are kept after they were read: the next question comes back to many."""


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
class CatalogSentence:
    """A sentence, with the numbers that it, its article and its passage have in the catalog."""

    number: int
    article: int
    span: Span
    passage: int


class _Connection:
    """A thread's connection, closed when the thread ends: a server's threads come and go."""

    def __init__(self, uri: str) -> None:
        self.db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self.db.execute("PRAGMA trusted_schema=OFF")  # functions named in a file are not called
        # Sorting leaves no files behind, and no full disk is taken for a fault of the index.
        self.db.execute("PRAGMA temp_store=MEMORY")
        weakref.finalize(self, self.db.close)


class Catalog:
    """One generation's articles, quotes, people and words, for reading from any thread."""

    def __init__(self, file: Path) -> None:
        self._uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        self.words = WordIndex(file.parent / POSTINGS_FOLDER, self.rows)
        self._local = threading.local()
        self._connections: weakref.WeakSet[_Connection] = weakref.WeakSet()
        # A question comes back to each of its articles a dozen times, the next question
        # to many of the same statements.
        self._articles = functools.lru_cache(maxsize=1024)(self._read_article)
        self._quotes: dict[int, Quote] = {}
        self._numbers = functools.lru_cache(maxsize=65536)(self._read_number)

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
        rows = self._db.execute("SELECT outlet FROM outlets WHERE outlet != '' ORDER BY number")
        return [row[0] for row in rows]

    def unread(self) -> dict[str, int]:
        """The languages of which no statement is found, by name, with the number of articles
        that are in them, or partly so; most first."""
        rows = self._db.execute(
            "SELECT language, count(*) FROM articles WHERE language != ? GROUP BY language", (READ,)
        )
        found: Counter[str] = Counter()
        for languages, count in rows:
            for name in unread_names(languages):
                found[name] += count
        return dict(found.most_common())

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

    def number_of(self, article_id: str) -> int:
        """The number of an article by its id; KeyError if there is none."""
        return self._numbers(article_id)

    def article(self, article_id: str) -> Article:
        """An article by its id; KeyError if there is none."""
        return self._articles(self._numbers(article_id))

    def article_at(self, number: int) -> Article:
        """An article by its number; KeyError if there is none."""
        return self._articles(number)

    def _read_number(self, article_id: str) -> int:
        row = self._db.execute("SELECT number FROM articles WHERE id = ?", (article_id,)).fetchone()
        if row is None:
            raise KeyError(article_id)
        return int(row[0])

    def _read_article(self, number: int) -> Article:
        row = self._db.execute(
            "SELECT id, text, title, url, outlet, author, published, language, licence "
            "FROM articles WHERE number = ?",
            (number,),
        ).fetchone()
        if row is None:
            raise KeyError(number)
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

    def part_of(self, person: str) -> tuple[int, int]:
        """The first of a person's entries in the outline, and how many there are."""
        row: tuple[int, int] | None = self._db.execute(
            'SELECT "first", "count" FROM parts WHERE person = ?', (person,)
        ).fetchone()
        return row or (0, 0)

    def quotes(self, ids: Iterable[str]) -> list[Quote]:
        """The quotes of these ids, in their order; unknown ids are left out."""
        once = list(dict.fromkeys(ids))
        found = dict(self._in("SELECT id, number FROM quotes WHERE id", once))
        return self.quotes_at([found[i] for i in once if i in found])

    def quotes_at(self, numbers: Sequence[int]) -> list[Quote]:
        """The quotes of these numbers, in their order; KeyError for one that is not there."""
        if len(self._quotes) > _MAX_STATEMENTS_KEPT:
            self._quotes = {}  # other threads go on with the one that they hold
        held = self._quotes
        if missing := [n for n in dict.fromkeys(numbers) if n not in held]:
            held.update(self._read_quotes(missing))
        return [held[n] for n in numbers]

    def _read_quotes(self, numbers: Sequence[int]) -> dict[int, Quote]:
        mentions: dict[str, dict[Role, list[Mention]]] = {}
        for quote_id, role, start, end, name, basis in self._in(
            'SELECT quote_id, role, mentions."start", mentions."end", name, basis FROM quotes '
            "JOIN mentions ON quote_id = id WHERE number",
            numbers,
            "ORDER BY quote_id, role, position",
        ):
            by_role = mentions.setdefault(quote_id, {})
            by_role.setdefault(role, []).append(Mention(Span(start, end), name, basis))
        return {
            number: _quote(row, mentions.get(row[0], {}))
            for number, *row in self._in(
                "SELECT number, id, article_id, content, sentence, kind, cue, act, modality, "
                "tier, time, place FROM quotes WHERE number",
                numbers,
            )
        }

    def _in(self, query: str, values: Collection[Any], order: str = "") -> sqlite3.Cursor:
        """What a query that ends in a column finds for these values of it."""
        return self._db.execute(f"{query} {AMONG} {order}", (json.dumps(list(values)),))

    def quotes_in(self, sentences: Collection[int]) -> list[int]:
        """Numbers of the quotes that touch these sentences, in order."""
        rows = self._in(
            "SELECT DISTINCT quote FROM stated WHERE sentence", sentences, "ORDER BY quote"
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
                    f"AND person {AMONG})"
                )
                values += [role, json.dumps(chosen)]
        if chosen := list(article_ids):
            where.append(f"article_id {AMONG}")
            values.append(json.dumps(chosen))
        sql = f"SELECT id FROM quotes WHERE {' AND '.join(where)} ORDER BY id"
        return [row[0] for row in self._db.execute(sql, values)]

    def speakers_in(self, articles: Iterable[int]) -> set[str]:
        """The people who say something in the articles of these numbers."""
        rows = self._in(
            "SELECT DISTINCT person FROM articles JOIN quotes ON article_id = articles.id "
            "JOIN mentions ON quote_id = quotes.id JOIN people USING (name) "
            "WHERE role = 'speaker' AND articles.number",
            sorted(articles),
        )
        return {row[0] for row in rows}

    def sentence(self, number: int) -> CatalogSentence:
        """The sentence of a number; IndexError if there is none."""
        words = self.words
        span = Span(int(words.start[number]), int(words.end[number]))
        return CatalogSentence(number, int(words.article[number]), span, int(words.passage[number]))

    def sentences(self, words: Iterable[str], limit: int) -> list[CatalogSentence]:
        """Sentences with any of these folded words, best match first (BM25)."""
        return [self.sentence(n) for n in self.words.best({stem(w) for w in words}, limit)]

    def is_phrase(self, words: Sequence[str]) -> bool:
        """Whether these folded words stand next to each other anywhere, in this order."""
        phrase = " ".join(word for word in words if '"' not in word)
        if not phrase.strip():
            return False
        query = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1"
        return self._db.execute(query, (f'"{phrase}"',)).fetchone() is not None


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
