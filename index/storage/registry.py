"""The registry of a generation: what no segment knows by itself.

Whose a name is, how often it is named, which articles are copies, how many articles an outlet
has.  It is kept and not made anew: what comes or goes can change only what hangs together with
it, and that alone is worked out again, with the result of working out everything:

- names hang together by what they share (`names.ties`), and by what somebody has said of them
  (`PersonChange`);
- articles hang together by the bands of their sketches and by who was a copy of whom.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.people.names import people, ties
from index.people.regroup import PersonChange, regrouped
from index.storage.derive import Mentions
from index.text.near_duplicates import bands, originals

REGISTRY_FILE = "registry.sqlite3"

_REGISTRY_TABLES = """
CREATE TABLE people(
  number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, person TEXT NOT NULL,
  spoke INTEGER NOT NULL, addressed INTEGER NOT NULL, relayed INTEGER NOT NULL) STRICT;
CREATE INDEX people_person ON people(person);
CREATE TABLE ties(
  tie INTEGER NOT NULL, name INTEGER NOT NULL, PRIMARY KEY(tie, name)) STRICT, WITHOUT ROWID;
CREATE TABLE person_changes(
  name TEXT NOT NULL, other TEXT NOT NULL, same INTEGER NOT NULL,
  PRIMARY KEY(name, other, same)) STRICT, WITHOUT ROWID;
CREATE TABLE copies(article_id TEXT PRIMARY KEY, original TEXT NOT NULL) STRICT;
CREATE INDEX copies_of ON copies(original);
CREATE TABLE outlets(outlet TEXT PRIMARY KEY, articles INTEGER NOT NULL) STRICT;
"""

_COUNT_COLUMNS = {"speaker": "spoke", "addressee": "addressed", "relay": "relayed"}

_AMONG = "IN (SELECT value FROM json_each(?))"


class Sketches(Protocol):
    """The sketches of all articles that are there now."""

    def sharing(self, wanted: NDArray[np.uint64]) -> dict[int, list[str]]:
        """The articles that have each of these bands."""
        ...

    def of(self, ids: Sequence[str]) -> dict[str, tuple[str, NDArray[np.uint32]]]:
        """The publication date and the sketch of each of these articles."""
        ...


class Registry:
    """The registry of a generation that is being made."""

    def __init__(self, file: Path) -> None:
        """``file`` is a copy of the registry before, or is not there yet."""
        self.file = file
        new = not file.exists()
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")  # nobody reads it before it is whole
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA secure_delete=ON")
        if new:
            self._db.executescript(_REGISTRY_TABLES)
        self._db.execute("BEGIN")

    def close(self) -> None:
        self._db.execute("COMMIT")
        self._db.close()

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def speakers(self) -> int:
        """How many people speak."""
        query = "SELECT count(DISTINCT person) FROM people WHERE spoke > 0"
        return int(self._db.execute(query).fetchone()[0])

    def count_outlets(self, more: Counter[str]) -> None:
        """Take in how many articles more or less each outlet has."""
        self._db.executemany(
            "INSERT INTO outlets VALUES (?, ?) "
            "ON CONFLICT(outlet) DO UPDATE SET articles = articles + excluded.articles",
            more.items(),
        )
        self._db.execute("DELETE FROM outlets WHERE articles = 0")

    def count_mentions(self, more: Mentions, changes: Iterable[PersonChange] = ()) -> None:
        """Take in how much more or less often names stand in each role, and all that somebody has
        said of whose the names are."""
        changed = {name for (name, _), count in more.items() if count}
        known_changes = self._keep_changes(changes)
        known = {name for (name,) in self._among("SELECT name FROM people WHERE name", changed)}
        for name in sorted(changed - known):
            self._db.execute(
                "INSERT INTO people(name, person, spoke, addressed, relayed) "
                "VALUES (?, '', 0, 0, 0)",
                (name,),
            )
            self._db.executemany(
                "INSERT OR IGNORE INTO ties SELECT ?, number FROM people WHERE name = ?",
                ((_number(tie), name) for tie in ties(name)),
            )
        for role, column in _COUNT_COLUMNS.items():
            self._db.executemany(
                f"UPDATE people SET {column} = {column} + ? WHERE name = ?",
                ((count, name) for (name, r), count in more.items() if r == role and count),
            )
        touched = self._hanging_together(changed | known_changes)
        gone = "spoke = 0 AND addressed = 0 AND relayed = 0"
        rows = self._among(
            "SELECT name, spoke + addressed + relayed FROM people WHERE number", touched
        )
        names = Counter({name: count for name, count in rows if count})
        if len(names) < len(rows):
            self._db.execute(
                f"DELETE FROM ties WHERE name IN (SELECT number FROM people WHERE {gone})"
            )
            self._db.execute(f"DELETE FROM people WHERE {gone}")
        self._db.executemany(
            "UPDATE people SET person = ? WHERE name = ?",
            ((person, name) for name, person in self._regrouped(names).items()),
        )

    def _keep_changes(self, changes: Iterable[PersonChange]) -> set[str]:
        """Keep these changes in place of those before; returns the names of which another thing is
        said now."""
        now = {(change.name, change.other, change.same) for change in changes}
        before = {(name, other, bool(same)) for name, other, same in self._changes()}
        self._db.execute("DELETE FROM person_changes")
        self._db.executemany("INSERT INTO person_changes VALUES (?, ?, ?)", sorted(now))
        return {name for one, other, _ in now ^ before for name in (one, other)}

    def _changes(self) -> list[tuple[str, str, int]]:
        query = "SELECT name, other, same FROM person_changes ORDER BY name, other, same"
        return self._db.execute(query).fetchall()

    def _regrouped(self, names: Counter[str]) -> dict[str, str]:
        """The person of each of these names, by the rules and by what has been said."""
        changes = [PersonChange(one, other, bool(same)) for one, other, same in self._changes()]
        about = [c for c in changes if c.name in names or c.other in names]
        return regrouped(people(names), names, about)

    def _hanging_together(self, names: Iterable[str]) -> set[int]:
        """The numbers of these names, and of all that hang together with them."""
        rows = self._among("SELECT number FROM people WHERE name", names)
        found, new, followed = set[int](), {row[0] for row in rows}, set[int]()
        while new:
            found |= new
            held = self._among("SELECT DISTINCT tie FROM ties WHERE name", new)
            more = {row[0] for row in held} - followed
            followed |= more
            tied = {row[0] for row in self._among("SELECT name FROM ties WHERE tie", more)}
            new = (tied | self._said_to_be_one(new)) - found
        return found

    def _said_to_be_one(self, numbers: set[int]) -> set[int]:
        """The numbers of the names that are said to be one person's with one of these."""
        names = {row[0] for row in self._among("SELECT name FROM people WHERE number", numbers)}
        pairs = [(one, other) for one, other, same in self._changes() if same]
        others = {other for pair in pairs for other in pair if names & {*pair}}
        return {row[0] for row in self._among("SELECT number FROM people WHERE name", others)}

    def _among(self, query: str, values: Iterable[str] | Iterable[int]) -> list[tuple[Any, ...]]:
        listed = json.dumps(list(values))
        return self._db.execute(f"{query} {_AMONG}", (listed,)).fetchall()

    def find_copies(
        self, come: Iterable[str], gone: Mapping[str, NDArray[np.uint32]], sketches: Sketches
    ) -> None:
        """Tell copies again where articles came (``come``) or went: ``gone`` has the sketches
        of those, of the state before.  An article that changed is in both."""
        come = list(come)
        rows = [*gone.values(), *(row for _, row in sketches.of(come).values())]
        shared = sketches.sharing(_bands_of(rows))
        near = {*come, *itertools.chain.from_iterable(shared.values())}
        near |= self._clusters(near | gone.keys())
        near -= gone.keys() - set(come)
        about = sketches.of(sorted(near))
        compared = {
            i: about[i][1] for i in sorted(about, key=lambda i: _date_order(i, about[i][0]))
        }
        buckets = sketches.sharing(_bands_of(compared.values()))
        others = sketches.of(
            sorted({*itertools.chain.from_iterable(buckets.values())} - about.keys())
        )
        dates = {i: date for i, (date, _) in itertools.chain(about.items(), others.items())}
        for ids in buckets.values():
            ids.sort(key=lambda i: _date_order(i, dates[i]))
        found = originals({i: row for i, row in compared.items() if row.any()}, buckets)
        stale = json.dumps([*near, *gone])
        self._db.execute(f"DELETE FROM copies WHERE article_id {_AMONG}", (stale,))
        self._db.executemany("INSERT INTO copies VALUES (?, ?)", sorted(found.items()))

    def _clusters(self, ids: Iterable[str]) -> set[str]:
        """These articles' copies."""
        rows = self._db.execute(
            "SELECT article_id FROM copies WHERE original IN "
            f"(SELECT original FROM copies WHERE article_id {_AMONG})",
            (json.dumps(list(ids)),),
        )
        return {row[0] for row in rows}


def _date_order(article_id: str, published: str) -> tuple[bool, str, str]:
    """The earliest first, those without a date last."""
    return (published == "", published, article_id)


def _bands_of(rows: Iterable[NDArray[np.uint32]]) -> NDArray[np.uint64]:
    found = [bands(row) for row in rows if row.any()]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)


def _number(tie: str) -> int:
    """A tie as a number of 8 bytes: that two are one would only join what need not be."""
    return int.from_bytes(hashlib.blake2b(tie.encode(), digest_size=8).digest(), signed=True)
