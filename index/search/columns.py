"""What is known of each person's statements without reading them: which are worth reading.

An outline is one file: an entry for each person and each statement that the person has a
part in, the entries of one person side by side.  It is mapped into memory, and what fits
a question is found by comparing whole columns: of the most quoted person too, in a
millisecond, where the tables of the catalog took thirty.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.search.catalog import Catalog
from index.search.vectors import Matrix, Vectors, mapped

FILE = "outline.npy"

SPEAKS, IS_TOLD, RELAYS = 1, 2, 4

ENTRY = np.dtype(
    [
        ("quote", "<u4"),  # its number in the catalog
        ("parts", "u1"),  # SPEAKS, IS_TOLD, RELAYS
        ("kind", "S8"),
        ("act", "S16"),
        ("tier", "S8"),
        ("day", "S10"),  # of publication, empty if that is not known
        ("outlet", "<u4"),  # its number in the catalog
    ]
)

_ENTRIES = f"""
SELECT quotes.number, {SPEAKS} * max(role = 'speaker') + {IS_TOLD} * max(role = 'addressee')
  + {RELAYS} * max(role = 'relay'), CAST(kind AS BLOB), CAST(act AS BLOB), CAST(tier AS BLOB),
  CAST(substr(published, 1, 10) AS BLOB), outlets.number
FROM people JOIN mentions USING (name) JOIN quotes ON quotes.id = quote_id
  JOIN articles ON articles.id = article_id JOIN outlets USING (outlet)
GROUP BY person, quotes.number ORDER BY person, quotes.number
"""

_PARTS = """
CREATE TABLE parts(
  person TEXT PRIMARY KEY, "first" INTEGER NOT NULL, "count" INTEGER NOT NULL) STRICT,
  WITHOUT ROWID;
INSERT INTO parts SELECT person, sum("count") OVER (ORDER BY person) - "count", "count" FROM (
  SELECT person, count(DISTINCT quote_id) AS "count" FROM people JOIN mentions USING (name)
  GROUP BY person);
"""


def write_columns(db: sqlite3.Connection, folder: Path) -> None:
    """Write the outline of a catalog whose quotes and outlets are numbered."""
    db.executescript(_PARTS)
    np.save(folder / FILE, np.fromiter(db.execute(_ENTRIES), ENTRY))


@dataclass(frozen=True, slots=True)
class Fit:
    """What a statement may fit; what is empty fits all of them.

    ``since`` and ``until`` are the first and the last day, month or year of publication.
    """

    speakers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    act: str = ""
    kind: str = ""
    outlets: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


class Outline:
    """The outline of a generation, opened for reading."""

    def __init__(self, folder: Path, catalog: Catalog, vectors: Vectors) -> None:
        self._entries: NDArray[np.void] = mapped(folder / FILE)
        self._catalog = catalog
        self._vectors = vectors

    def foremost(
        self, people: Sequence[str], fit: Fit, limit: int, vector: Matrix | None = None
    ) -> list[int]:
        """Numbers of the statements in which one of these people has a part, those that fit
        best, best first.

        First by kind, outlet and period, then by who has the part that was asked for, then
        by the act; then the nearest to a vector, or without one spoken words before what
        is only named; then in the order of the catalog.
        """
        if not people:
            return []
        entries, fits = self._of(people, fit)
        misfit = 8 * ~self._keeps(entries, fit) - 2 * fits
        if fit.act:
            misfit += entries["act"] != fit.act.encode()
        if limit < len(entries):  # of the others neither vector nor tier is looked at
            chosen = np.flatnonzero(misfit <= np.partition(misfit, limit - 1)[limit - 1])
            entries, misfit = entries[chosen], misfit[chosen]
        quotes = entries["quote"]
        last = (
            entries["tier"] != b"speech"
            if vector is None
            else -self._vectors.similarities("quotes", quotes, vector)
        )
        found: list[int] = quotes[np.lexsort((quotes, last, misfit))[:limit]].tolist()
        return found

    def _of(self, people: Sequence[str], fit: Fit) -> tuple[NDArray[np.void], NDArray[np.int8]]:
        """The entries of these people, of each statement one, and how many of the asked parts
        (speaker, addressee) they have in it."""
        found, fits = [], []
        for person in people:
            first, count = self._catalog.part_of(person)
            entries = self._entries[first : first + count]
            asked = SPEAKS * (person in fit.speakers) + IS_TOLD * (person in fit.addressees)
            found.append(entries)
            fits.append(entries["parts"] & asked)
        every, asked_for = np.concatenate(found), np.concatenate(fits)
        if len(people) > 1:  # a statement of one of them to another has two entries
            _, first_of, same = np.unique(every["quote"], return_index=True, return_inverse=True)
            both = np.zeros(len(first_of), np.uint8)
            np.bitwise_or.at(both, same, asked_for)
            every, asked_for = every[first_of], both
        return every, ((asked_for & SPEAKS) + (asked_for & IS_TOLD) // IS_TOLD).astype(np.int8)

    def _keeps(self, entries: NDArray[np.void], fit: Fit) -> NDArray[np.bool_]:
        """Which entries keep to kind, outlet and period."""
        kept = np.ones(len(entries), np.bool_)
        if fit.kind:
            kept &= entries["kind"] == fit.kind.encode()
        if fit.outlets:
            kept &= np.isin(entries["outlet"], [self._outlet[o] for o in fit.outlets])
        if fit.since:
            kept &= entries["day"] >= fit.since.encode()
        if fit.until:
            until = fit.until.encode()
            kept &= (entries["day"] != b"") & (entries["day"].astype(f"S{len(until)}") <= until)
        return kept

    @functools.cached_property
    def _outlet(self) -> dict[str, int]:
        return dict(self._catalog.rows("SELECT outlet, number FROM outlets"))
