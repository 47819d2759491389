"""What is known of each person's statements without reading them: which are worth reading.

An outline is one file: an entry for each name and each statement that the name has a part
in, the entries of one name side by side.  Whose a name is can change as an archive grows, so a
person's entries are those of all of the names.  It is mapped into memory, and what fits
a question is found by comparing whole columns: of the most quoted person too, in a
millisecond, where the tables of the catalog took thirty.
"""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.search.vectors import mapped

FILE = "outline.npy"

SPEAKS, IS_TOLD, RELAYS = 1, 2, 4

ENTRY = np.dtype(
    [
        ("quote", "<u4"),  # its number in the segment
        ("parts", "u1"),  # SPEAKS, IS_TOLD, RELAYS
        ("kind", "S8"),
        ("act", "S16"),
        ("tier", "S8"),
        ("day", "S10"),  # of publication, empty if that is not known
        ("outlet", "<u4"),  # its number in the segment
    ]
)

_ENTRIES = f"""
SELECT quotes.number, {SPEAKS} * max(role = 'speaker') + {IS_TOLD} * max(role = 'addressee')
  + {RELAYS} * max(role = 'relay'), CAST(kind AS BLOB), CAST(act AS BLOB), CAST(tier AS BLOB),
  CAST(substr(published, 1, 10) AS BLOB), outlets.number
FROM mentions JOIN quotes ON quotes.id = quote_id
  JOIN articles ON articles.id = article_id JOIN outlets USING (outlet)
WHERE name IS NOT NULL AND name != '' GROUP BY name, quotes.number ORDER BY name, quotes.number
"""

_PARTS = """
CREATE TABLE parts(
  name TEXT PRIMARY KEY, "first" INTEGER NOT NULL, "count" INTEGER NOT NULL) STRICT,
  WITHOUT ROWID;
INSERT INTO parts SELECT name, sum("count") OVER (ORDER BY name) - "count", "count" FROM (
  SELECT name, count(DISTINCT quote_id) AS "count" FROM mentions
  WHERE name IS NOT NULL AND name != '' GROUP BY name);
"""


def write_columns(db: sqlite3.Connection, folder: Path) -> None:
    """Write the outline of a segment whose quotes and outlets are numbered."""
    for statement in _PARTS.split(";"):
        db.execute(statement)
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
    """The outline of a segment, opened for reading.

    ``parts`` tells where the entries of each name begin and how many there are, ``outlets`` the
    number of each outlet.
    """

    def __init__(
        self,
        folder: Path,
        parts: Callable[[str], tuple[int, int]],
        outlets: Mapping[str, int],
    ) -> None:
        self._entries: NDArray[np.void] = mapped(folder / FILE)
        self._parts, self._outlets = parts, outlets
        self._live: NDArray[np.bool_] | None = None

    def without(self, live: NDArray[np.bool_] | None) -> Outline:
        """This outline without the statements that were removed.

        ``live`` has True for each statement that is left, by its number; None leaves all of them.
        """
        left = copy.copy(self)
        left._live = live
        return left

    def fitting(
        self, people: Sequence[tuple[Sequence[str], int]], fit: Fit
    ) -> tuple[NDArray[np.void], NDArray[np.int64]]:
        """One entry for each statement of these people, and its misfit: the lower, the better.

        ``people`` are the names of each person, and the parts (SPEAKS, IS_TOLD) that are asked
        for.  The misfit depends first on kind, outlet and period, then on who has an asked part,
        then on the act.
        """
        found, fits = [], []
        for names, asked in people:
            for name in names:
                first, count = self._parts(name)
                entries = self._entries[first : first + count]
                if self._live is not None:
                    entries = entries[self._live[entries["quote"]]]
                if len(entries):
                    found.append(entries)
                    fits.append(entries["parts"] & asked)
        if not found:
            return self._entries[:0], np.zeros(0, np.int64)
        entries, asked_for = np.concatenate(found), np.concatenate(fits)
        if len(found) > 1:  # a statement of one of them to another has two entries
            _, first_of, same = np.unique(entries["quote"], return_index=True, return_inverse=True)
            both = np.zeros(len(first_of), np.uint8)
            np.bitwise_or.at(both, same, asked_for)
            entries, asked_for = entries[first_of], both
        has = ((asked_for & SPEAKS) + (asked_for & IS_TOLD) // IS_TOLD).astype(np.int64)
        misfit = 8 * ~self._keeps(entries, fit) - 2 * has
        if fit.act:
            misfit += entries["act"] != fit.act.encode()
        return entries, misfit

    def _keeps(self, entries: NDArray[np.void], fit: Fit) -> NDArray[np.bool_]:
        """Which entries keep to kind, outlet and period."""
        kept = np.ones(len(entries), np.bool_)
        if fit.kind:
            kept &= entries["kind"] == fit.kind.encode()
        if fit.outlets:
            named = [self._outlets[o] for o in fit.outlets if o in self._outlets]
            kept &= np.isin(entries["outlet"], named)
        if fit.since:
            kept &= entries["day"] >= fit.since.encode()
        if fit.until:
            until = fit.until.encode()
            kept &= (entries["day"] != b"") & (entries["day"].astype(f"S{len(until)}") <= until)
        return kept
