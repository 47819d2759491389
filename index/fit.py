"""Which of the many statements of somebody are worth reading whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog


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


def foremost(
    catalog: Catalog,
    people: Sequence[str],
    fit: Fit,
    limit: int,
    vector: NDArray[np.float32] | None = None,
) -> list[str]:
    """Ids of the statements in which one of these people has a part, those that fit best.

    First by kind, outlet and period, then by who has the part that was asked for, then
    by the act; then the nearest to a vector, or without one spoken words before what
    is only named, in the order of the ids.  Reads all of them, but little of each.
    """
    values = list[str]()

    def among(column: str, chosen: Sequence[str]) -> str:
        values.extend(chosen)
        return f"{column} IN ({','.join('?' * len(chosen))})"

    parts = (
        f"SELECT quote_id, max(role = 'speaker' AND {among('person', fit.speakers)}) + "
        f"max(role = 'addressee' AND {among('person', fit.addressees)}) AS fits FROM people "
        f"JOIN mentions USING (name) WHERE {among('person', people)} GROUP BY quote_id"
    )
    tests = {
        "kind = ?": fit.kind,
        "published >= ?": fit.since,
        f"published != '' AND substr(published, 1, {len(fit.until)}) <= ?": fit.until,
    }
    kept = [test for test, value in tests.items() if value]
    values += filter(None, tests.values())
    kept += [among("outlet", fit.outlets)] if fit.outlets else []
    values += [fit.act, fit.act]
    rows = catalog.rows(
        f"WITH parts AS ({parts}) SELECT quotes.id, "
        f"8 * (1 - ({' AND '.join(kept) or '1'})) - 2 * fits + (? != '' AND act != ?) AS misfit, "
        f"{'tier' if vector is None else 'vector'} "
        "FROM parts JOIN quotes ON quotes.id = quote_id "
        + ("JOIN articles ON articles.id = article_id " if kept else "")
        + (f"ORDER BY misfit, tier DESC, quotes.id LIMIT {limit}" if vector is None else ""),
        values,
    )
    if vector is None or not rows:
        return [row[0] for row in rows]
    rows.sort()  # here: SQLite would carry the vectors along
    near = np.frombuffer(b"".join(row[2] for row in rows), np.float32).reshape(len(rows), -1)
    order = np.lexsort((-(near @ vector), np.array([row[1] for row in rows])))
    return [rows[at][0] for at in order[:limit]]
