"""Who speaks how often, to whom and when: counts over one generation's statements.

Only what an article says was said is counted; "he did not say" is not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.search.catalog import Catalog
from index.text.folding import fold

_OF_PERSON = (
    "quotes.id IN (SELECT quote_id FROM mentions JOIN people USING (name) "
    "WHERE role = ? AND person IN ({marks}))"
)


@dataclass(frozen=True, slots=True)
class StatementCounts:
    """How many statements there are in a corpus, each counted where it was asserted.

    ``speakers``: (name, statements), most first.  ``pairs``: (speaker, addressee,
    statements), most first.  ``months``: (YYYY-MM, statements) in order; statements of
    articles without a date are in ``undated``.
    """

    speakers: tuple[tuple[str, int], ...]
    pairs: tuple[tuple[str, str, int], ...]
    months: tuple[tuple[str, int], ...]
    undated: int


def statement_counts(catalog: Catalog, limit: int = 400) -> StatementCounts:
    """Return the counts of one generation, with at most ``limit`` speakers and as many pairs."""
    speakers = _summed(
        catalog,
        "SELECT person, count(DISTINCT quote_id) FROM mentions JOIN people USING (name) "
        "JOIN quotes ON quotes.id = quote_id WHERE role = 'speaker' AND modality = 'asserted' "
        "GROUP BY person",
    )
    pairs = _summed(
        catalog,
        "SELECT by.person, told.person, count(DISTINCT s.quote_id) FROM mentions s "
        "JOIN mentions a ON a.quote_id = s.quote_id AND a.role = 'addressee' "
        "JOIN people by ON by.name = s.name JOIN people told ON told.name = a.name "
        "JOIN quotes ON quotes.id = s.quote_id "
        "WHERE s.role = 'speaker' AND modality = 'asserted' GROUP BY 1, 2",
    )
    months = _summed(
        catalog,
        "SELECT CASE WHEN published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]*' "
        "THEN substr(published, 1, 7) ELSE '' END AS month, count(*) FROM quotes "
        "JOIN articles ON articles.id = article_id WHERE modality = 'asserted' GROUP BY month",
    )
    undated = sum(count for month, count in months if not month)
    return StatementCounts(
        tuple(sorted(speakers, key=lambda row: (-row[-1], row))[:limit]),
        tuple(sorted(pairs, key=lambda row: (-row[-1], row))[:limit]),
        tuple(sorted(row for row in months if row[0])),
        undated,
    )


def _summed(catalog: Catalog, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query with the counts in their last column summed over the segments."""
    sums = Counter[tuple[Any, ...]]()
    for *key, count in catalog.rows(query):
        sums[tuple(key)] += count
    return [(*key, count) for key, count in sums.items()]


def statement_ids(
    catalog: Catalog,
    *,
    speakers: Sequence[str] = (),
    addressees: Sequence[str] = (),
    since: str = "",
    until: str = "",
    outlet: str = "",
    kind: str = "",
    article: str = "",
) -> list[str]:
    """Ids of the statements of these people, to these people: of the newest articles first, and
    in each in the order of its text.

    ``since`` and ``until`` are the first and last day, month or year of publication
    ("2020-11"); articles without a date are then left out.  ``outlet`` is a part of its
    name, ``article`` an id.
    """
    where, values = ["modality = 'asserted'"], list[str]()
    for role, people in (("speaker", speakers), ("addressee", addressees)):
        if people:
            where.append(_OF_PERSON.format(marks=",".join("?" * len(people))))
            values += [role, *people]
    for day, keeps in ((since, ">="), (until, "<=")):
        if day:
            where.append(f"published != '' AND substr(published, 1, {len(day)}) {keeps} ?")
            values.append(day)
    if outlet:
        named = [name for name in catalog.outlets() if fold(outlet) in fold(name)]
        where.append(f"outlet IN ({','.join('?' * len(named))})")
        values += named
    for column, value in (("kind", kind), ("article_id", article)):
        if value:
            where.append(f"{column} = ?")
            values.append(value)
    rows = catalog.rows(
        "SELECT article_id, content, quotes.id, published FROM quotes "
        f"JOIN articles ON articles.id = article_id WHERE {' AND '.join(where)}",
        values,
    )
    by_place = sorted(rows, key=lambda row: (row[0], json.loads(row[1])[0][0], row[1]))
    newest_first = sorted(by_place, key=lambda row: row[3], reverse=True)
    return [row[2] for row in newest_first]
