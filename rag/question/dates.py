"""Days, months and years in a question become a period of publication."""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Sequence

from rag.lang import asking


def period(text: str, published: Sequence[str]) -> tuple[str, str, str]:
    """Return the first and last day that a question names, and the question without them.

    Both are empty if it names none, or none on which an article was published: then it
    speaks of the event and not of the report.  A month without a year is the last such
    month with articles.  "since" and "before" leave the other end open.
    """
    named = list(_pattern().finditer(text))
    if not named:  # most questions; an archive has many days
        return "", "", text
    days = sorted(day[:10] for day in published if re.match(r"\d{4}-\d\d-\d\d", day))
    matches = [(match, span) for match in named if (span := _named_period(match, days))]
    found = [(match, span) for match, span in matches if any(span[0] <= d <= span[1] for d in days)]
    if not found:
        return "", "", text
    rest = text
    for match, _ in reversed(found):
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    since, until = min(s[0] for _, s in found), max(s[1] for _, s in found)
    how = (found[0][0]["how"] or "").casefold()
    if how in ("since", "after", "from"):
        until = "" if len(found) == 1 else until
    elif how in ("before", "until", "till", "by"):
        since = "" if len(found) == 1 else since
    return since, until, " ".join(rest.split())


def _named_period(match: re.Match[str], days: Sequence[str]) -> tuple[str, str] | None:
    """Return the first and last day of what one phrase names; None for what is no date."""
    if match["iso"]:
        return match["iso"], match["iso"]
    name, year = match["month"], match["year"] or match["only"] or ""
    day = match["before"] or match["after"]
    if not name:
        return (f"{year}-01-01", f"{year}-12-31") if match["how"] else None
    if not (year or day or match["how"]):  # "may" is rarely the month
        return None
    month = asking().months[name.casefold()]
    year = year or max((d[:4] for d in days if d[5:7] == f"{month:02}"), default="")
    if not year:
        return None
    last = calendar.monthrange(int(year), month)[1]
    if day and not 1 <= int(day) <= last:
        return None
    start, end = (int(day), int(day)) if day else (1, last)
    return f"{year}-{month:02}-{start:02}", f"{year}-{month:02}-{end:02}"


@functools.cache
def _pattern() -> re.Pattern[str]:
    month = "|".join(sorted(asking().months, key=len, reverse=True))
    return re.compile(
        rf"""(?:\b(?P<how>in|on|during|since|after|from|before|until|till|by|and|between)\s)?
        (?:(?:early|mid|late)[ -])?\b(?:
            (?P<iso>\d{{4}}-\d\d-\d\d)
          | (?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\ (?:of\ )?)?(?P<month>{month})\b\.?
            (?:\ (?P<after>\d{{1,2}})(?:st|nd|rd|th)?\b)?
            (?:,?\ (?P<year>(?:19|20)\d\d))?
          | (?P<only>(?:19|20)\d\d)
        )\b""",
        re.IGNORECASE | re.VERBOSE,
    )
