"""What a generation knows: the tables of its segments, with the people of its registry.

Neither is ever written to again, so that a reader sees one state of the index for as long as
it is open, on a read-only disk as well, while a writer goes on next to it.
"""

from __future__ import annotations

import functools
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.lang import READ
from index.languages import unread_names
from index.search.across import Places, SegmentPart, WordsAcross
from index.search.bm25 import AMONG
from index.text.folding import stem
from index.types import Article, Mention, Quote, Role, Span

_MAX_ARTICLES_KEPT = 1024
"""Articles that are kept after they were read, and those of the question at hand."""

_MAX_STATEMENTS_KEPT = 8192
"""Statements that are kept after they were read: the next question comes back to many."""


_COLUMNS_OF_SPANS = 5
"""The last columns that are read of a quote: content, sentence, cue, time and place."""


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


class Rows:
    """The tables of one segment beside those of the registry, for reading from any thread.

    Articles that were removed since it was made are in none of them: each table that has
    something of theirs is hidden behind a view without it.
    """

    def __init__(self, segment: Path, registry: Path, dead: Sequence[int] = ()) -> None:
        self._db = connected(segment)
        self._db.execute("ATTACH ? AS registry", (uri_of(registry),))
        self._lock = threading.Lock()
        if dead:
            self._hide(dead)

    def _hide(self, dead: Sequence[int]) -> None:
        self._db.executescript(_HIDING)
        self._db.executemany("INSERT INTO dead(number) VALUES (?)", ((n,) for n in dead))
        for statement in _HIDING_VIEWS.split(";"):
            self._db.execute(statement)
        self._db.commit()

    def __call__(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds; nothing can be written."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._db.close()


_HIDING = """
CREATE TEMP TABLE dead(number INTEGER PRIMARY KEY, id TEXT);
CREATE TEMP TABLE dead_quotes(number INTEGER PRIMARY KEY, id TEXT UNIQUE);
"""

_HIDING_VIEWS = """
UPDATE dead SET id = (SELECT id FROM main.articles WHERE number = dead.number);
INSERT INTO dead_quotes
  SELECT quotes.number, quotes.id FROM dead JOIN main.quotes ON article_id = dead.id;
CREATE TEMP VIEW articles AS SELECT * FROM main.articles WHERE number NOT IN (
  SELECT number FROM dead);
CREATE TEMP VIEW passages AS SELECT * FROM main.passages WHERE article_id NOT IN (
  SELECT id FROM dead);
CREATE TEMP VIEW quotes AS SELECT * FROM main.quotes WHERE number NOT IN (
  SELECT number FROM dead_quotes);
CREATE TEMP VIEW mentions AS SELECT * FROM main.mentions WHERE quote_id NOT IN (
  SELECT id FROM dead_quotes);
CREATE TEMP VIEW corrections AS SELECT * FROM main.corrections WHERE article_id NOT IN (
  SELECT id FROM dead);
CREATE TEMP VIEW stated AS SELECT * FROM main.stated WHERE quote NOT IN (
  SELECT number FROM dead_quotes);
CREATE TEMP VIEW descriptions AS SELECT * FROM main.descriptions WHERE number IN (
  SELECT description FROM described_in WHERE article NOT IN (SELECT number FROM dead))
"""


def uri_of(file: Path) -> str:
    """A file that SQLite is told to be never written to."""
    return f"{file.resolve().as_uri()}?mode=ro&immutable=1"


def connected(file: Path) -> sqlite3.Connection:
    """A connection to such a file, which threads may share."""
    db = sqlite3.connect(uri_of(file), uri=True, check_same_thread=False)
    db.execute("PRAGMA trusted_schema=OFF")  # functions named in a file are not called
    # Sorting leaves no files behind, and no full disk is taken for a fault of the index.
    db.execute("PRAGMA temp_store=MEMORY")
    return db


class Catalog:
    """One generation's articles, quotes, people and words, for reading from any thread."""

    def __init__(
        self,
        registry: Path,
        segments: Sequence[Rows],
        words: WordsAcross,
        parts: Sequence[SegmentPart],
    ) -> None:
        self.words = words
        self._segments, self._parts = segments, parts
        self._registry = connected(registry)
        self._lock = threading.Lock()
        # A question comes back to each of its articles a dozen times, the next question
        # to many of the same statements.
        self._articles: dict[int, Article] = {}
        self._quotes: dict[int, Quote] = {}
        self._numbers: dict[str, int] = {}

    def close(self) -> None:
        for rows in self.__dict__.get("_segments", ()):
            rows.close()
        # Who refers to the catalog in a ring would keep all files mapped until it is collected.
        for name in ("words", "_parts", "_segments"):
            self.__dict__.pop(name, None)
        with self._lock:
            self._registry.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query of another module finds in each segment, one segment after the other."""
        return [row for segment in self._segments for row in segment(query, values)]

    def _of_all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds in the registry."""
        with self._lock:
            return self._registry.execute(query, values).fetchall()

    def _split(
        self, places: Places, numbers: Iterable[int]
    ) -> Iterator[tuple[int, Rows, list[int]]]:
        """The segments of these numbers: each with its first number, and its own of them,
        counted from there; KeyError for one that is nowhere."""
        try:
            for part, _, local in places.split([*numbers]):
                yield int(places.firsts[part]), self._segments[part], local.tolist()
        except IndexError as error:
            raise KeyError(str(error)) from error

    def counts(self) -> dict[str, int]:
        """How many articles, passages, quotes and speakers there are."""
        tables = ("articles", "passages", "quotes")
        found = {t: sum(n for (n,) in self.rows(f"SELECT count(*) FROM {t}")) for t in tables}
        query = "SELECT count(DISTINCT person) FROM people WHERE spoke > 0"
        ((found["speakers"],),) = self._of_all(query)
        return found

    def dates(self) -> tuple[str, str]:
        """The first and the last publication date, empty where none is known."""
        rows = self.rows(
            "SELECT min(published), max(published) FROM articles WHERE published != ''"
        )
        known = [(first, last) for first, last in rows if first]
        return min((f for f, _ in known), default=""), max((t for _, t in known), default="")

    def published(self) -> list[str]:
        """The publication dates that are known, each once, in order."""
        rows = self.rows("SELECT DISTINCT published FROM articles WHERE published != ''")
        return sorted({row[0] for row in rows})

    def outlets(self) -> list[str]:
        """The outlets, most articles first."""
        query = "SELECT outlet FROM outlets WHERE outlet != '' ORDER BY articles DESC, outlet"
        return [row[0] for row in self._of_all(query)]

    def unread(self) -> dict[str, int]:
        """The languages of which no statement is found, by name, with the number of articles
        that are in them, or partly so; most first."""
        return dict(self._unread)

    @functools.cached_property
    def _unread(self) -> dict[str, int]:
        """What `unread` gives: all articles are counted for it, once."""
        rows = self.rows(
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
            for row in self.rows(
                "SELECT articles.id, source, count(quotes.id) FROM articles "
                "LEFT JOIN quotes ON article_id = articles.id GROUP BY articles.id"
            )
        }

    @functools.cached_property
    def original_of(self) -> dict[str, str]:
        """Each article that has near-identical copies, and the earliest of them (itself
        for that one): articles with the same original answer once."""
        return dict(self._of_all("SELECT article_id, original FROM copies"))

    def copies_of(self, article_id: str) -> list[str]:
        """The other articles that are near-identical copies of this one, earliest first."""
        rows = self._of_all(
            "SELECT article_id FROM copies WHERE article_id != ?1 AND original = "
            "(SELECT original FROM copies WHERE article_id = ?1)",
            (article_id,),
        )
        query = f"SELECT id, published FROM articles WHERE id {AMONG}"
        dates = dict(self.rows(query, (json.dumps([i for (i,) in rows]),)))
        return sorted(dates, key=lambda i: (dates[i] == "", dates[i], i))

    def article_ids(self) -> list[str]:
        """All articles, in the order of their ids."""
        return sorted(row[0] for row in self.rows("SELECT id FROM articles"))

    def number_of(self, article_id: str) -> int:
        """The number of an article by its id; KeyError if there is none."""
        if article_id not in self._numbers:
            if len(self._numbers) > _MAX_STATEMENTS_KEPT:
                self._numbers = {}
            self._numbers[article_id] = self._read_number(article_id)
        return self._numbers[article_id]

    def article(self, article_id: str) -> Article:
        """An article by its id; KeyError if there is none."""
        return self.article_at(self.number_of(article_id))

    def article_at(self, number: int) -> Article:
        """An article by its number; KeyError if there is none."""
        found = self._articles.get(number)
        return found if found is not None else self.articles_at([number])[0]

    def articles_at(self, numbers: Sequence[int]) -> list[Article]:
        """The articles of these numbers, in their order; KeyError for one that is not there."""
        if len(self._articles) > _MAX_ARTICLES_KEPT:
            self._articles = {}  # other threads go on with the one that they hold
        held = self._articles
        if missing := [n for n in dict.fromkeys(numbers) if n not in held]:
            held.update(self._read_articles(missing))
        return [held[n] for n in numbers]

    def _read_number(self, article_id: str) -> int:
        query = "SELECT number FROM articles WHERE id = ?"
        for rows, first in zip(self._segments, self.words.articles.firsts, strict=False):
            if found := rows(query, (article_id,)):
                return int(first) + int(found[0][0])
        raise KeyError(article_id)

    def _read_articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        found: dict[int, Article] = {}
        for first, rows, local in self._split(self.words.articles, numbers):
            for number, *row in rows(
                "SELECT number, id, text, title, url, outlet, author, published, language, licence "
                f"FROM articles WHERE number {AMONG}",
                (json.dumps(local),),
            ):
                found[first + number] = Article(*row)
                self._numbers[row[0]] = first + number
        return found

    @functools.cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody who takes part in a quote, most quoted first."""
        found: dict[str, tuple[list[str], list[int], list[int]]] = {}
        for person, name, spoke, addressed in self._of_all(
            "SELECT person, name, spoke, addressed FROM people ORDER BY name"
        ):
            names, *counts = found.setdefault(person, ([], [], []))
            names.append(name)
            counts[0].append(spoke)
            counts[1].append(addressed)
        everybody = [
            Person(person, tuple(names), sum(spoke), sum(addressed))
            for person, (names, spoke, addressed) in found.items()
        ]
        return tuple(sorted(everybody, key=lambda p: (-p.spoke, -p.addressed, p.name)))

    def descriptions(self, person: str) -> list[str]:
        """Every folded phrase by which an article calls a person, in order."""
        rows = self.rows(
            "SELECT phrase FROM people JOIN descriptions USING (name) WHERE person = ?", (person,)
        )
        return sorted({row[0] for row in rows})

    def described(self, words: Sequence[Iterable[str]]) -> Iterator[tuple[str, str]]:
        """Each person with the folded phrases that have a word of every group, as they are
        found.  A word is found in any of its forms; several are found next to each other."""
        groups = (" OR ".join(f'"{word}"' for word in sorted(group)) for group in words)
        found = self.rows(
            "SELECT person, descriptions.phrase FROM phrases "
            "CROSS JOIN descriptions ON descriptions.number = phrases.rowid "
            "JOIN people USING (name) WHERE phrases MATCH ?",
            (" AND ".join(f"({group})" for group in groups),),
        )
        yield from dict.fromkeys((person, phrase) for person, phrase in found)

    @functools.cached_property
    def person_of(self) -> dict[str, str]:
        """Each spelling of a name, and the person whose it is."""
        return dict(self._of_all("SELECT name, person FROM people"))

    def names_of(self, person: str) -> list[str]:
        """The spellings of a person's name, in order."""
        rows = self._of_all("SELECT name FROM people WHERE person = ? ORDER BY name", (person,))
        return [row[0] for row in rows]

    def quotes(self, ids: Iterable[str]) -> list[Quote]:
        """The quotes of these ids, in their order; unknown ids are left out."""
        once = list(dict.fromkeys(ids))
        query, values = f"SELECT id, number FROM quotes WHERE id {AMONG}", (json.dumps(once),)
        found = {
            i: int(first) + number
            for rows, first in zip(self._segments, self.words.quotes.firsts, strict=False)
            for i, number in rows(query, values)
        }
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
        found: dict[int, Quote] = {}
        for first, rows, local in self._split(self.words.quotes, numbers):
            wanted = (json.dumps(local),)
            mentions: dict[str, dict[Role, list[Mention]]] = {}
            for quote_id, role, start, end, name, basis in rows(
                'SELECT quote_id, role, mentions."start", mentions."end", name, basis FROM quotes '
                f"CROSS JOIN mentions ON quote_id = id WHERE number {AMONG} "
                "ORDER BY quote_id, role, position",
                wanted,
            ):
                by_role = mentions.setdefault(quote_id, {})
                by_role.setdefault(role, []).append(Mention(Span(start, end), name, basis))
            table = rows(
                "SELECT number, id, article_id, kind, act, modality, tier, content, sentence, cue, "
                f"time, place FROM quotes WHERE number {AMONG}",
                wanted,
            )
            # All spans of all rows at once: to parse each by itself takes three times as long.
            texts = (text for row in table for text in row[-_COLUMNS_OF_SPANS:])
            ends = iter(json.loads(f"[{','.join(text or 'null' for text in texts)}]"))
            for number, quote_id, *row in table:
                own = [next(ends) or () for _ in range(_COLUMNS_OF_SPANS)]
                spoken = mentions.get(quote_id, {})
                found[first + number] = _quote(quote_id, row[:-_COLUMNS_OF_SPANS], own, spoken)
        return found

    def quotes_in(self, sentences: Collection[int]) -> list[int]:
        """Numbers of the quotes that touch these sentences, by who speaks, and then by id."""
        query = f"SELECT DISTINCT quote FROM stated WHERE sentence {AMONG} ORDER BY quote"
        found = list[int]()
        within = [n for n in sentences if 0 <= n < len(self.words.sentences)]
        for part, _, local in self.words.sentences.split(within):
            first = int(self.words.quotes.firsts[part])
            values = (json.dumps(local.tolist()),)
            found += [first + number for (number,) in self._segments[part](query, values)]
        if len(self._segments) < 2:
            return found  # numbered in this order
        return self.in_order(found)

    def in_order(self, numbers: Sequence[int]) -> list[int]:
        """These quotes by who speaks, and then by id."""
        keys = {
            number: (self.person_of.get(q.speaker.name or "", "") if q.speaker else "", q.id)
            for number, q in zip(numbers, self.quotes_at(numbers), strict=True)
        }
        return sorted(keys, key=keys.__getitem__)

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
        sql = f"SELECT id FROM quotes WHERE {' AND '.join(where)}"
        return sorted(row[0] for row in self.rows(sql, values))

    def speakers_in(self, articles: Iterable[int]) -> set[str]:
        """The people who say something in the articles of these numbers."""
        query = (
            "SELECT DISTINCT person FROM articles CROSS JOIN quotes ON article_id = articles.id "
            "CROSS JOIN mentions ON quote_id = quotes.id JOIN people USING (name) "
            f"WHERE role = 'speaker' AND articles.number {AMONG}"
        )
        there = [n for n in articles if 0 <= n < len(self.words.articles)]
        found = self._split(self.words.articles, there)
        return {p for _, rows, local in found for (p,) in rows(query, (json.dumps(local),))}

    def sentence(self, number: int) -> CatalogSentence:
        """The sentence of a number; IndexError if there is none."""
        ((article, start, end, passage, _),) = self.words.rows([number]).tolist()
        return CatalogSentence(number, article, Span(start, end), passage)

    def sentences(self, words: Iterable[str], limit: int) -> list[CatalogSentence]:
        """Sentences with any of these folded words, best match first (BM25)."""
        found = self.words.best({stem(w) for w in words}, limit)
        rows = zip(found, self.words.rows(found).tolist(), strict=True)
        return [CatalogSentence(n, a, Span(start, end), p) for n, (a, start, end, p, _) in rows]

    def is_phrase(self, words: Sequence[str]) -> bool:
        """Whether these folded words stand next to each other anywhere, in this order."""
        phrase = " ".join(word for word in words if '"' not in word)
        if not phrase.strip():
            return False
        query = "SELECT rowid FROM words WHERE words MATCH ?"
        for rows, part in zip(self._segments, self._parts, strict=True):
            live = part.words.live
            limit = " LIMIT 1" if live is None else ""
            found = rows(f"{query}{limit}", (f'"{phrase}"',))
            if any(live is None or live[number] for (number,) in found):
                return True
        return False


def _quote(
    quote_id: str,
    row: Sequence[str],
    ends: Sequence[Sequence[tuple[int, int]]],
    mentions: Mapping[Role, Sequence[Mention]],
) -> Quote:
    """A quote of its plain columns, those with the ends of spans, and who has a part in it."""
    article_id, kind, act, modality, tier = row
    content, (sentence,), *rest = ends
    cue, time, place = [Span(*found[0]) if found else None for found in rest]
    speakers = mentions.get("speaker", ())
    return Quote(
        id=quote_id,
        article_id=article_id,
        content=tuple([Span(start, end) for start, end in content]),
        sentence=Span(*sentence),
        kind=kind,  # type: ignore[arg-type]  # written from the same Literal
        cue=cue,
        act=act,
        speaker=speakers[0] if speakers else None,
        co_speakers=tuple(speakers[1:]),
        addressees=tuple(mentions.get("addressee", ())),
        chain=tuple(mentions.get("relay", ())),
        modality=modality,  # type: ignore[arg-type]
        tier=tier,  # type: ignore[arg-type]
        time=time,
        place=place,
    )
