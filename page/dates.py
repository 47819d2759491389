"""Dates as people type them into a filter."""

from __future__ import annotations

import calendar
import re

from index.errors import InputError

_TYPED = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def day(typed: str, *, last: bool = False) -> str:
    """An ISO day from a year, a month or a day: its first one, or its last; "" from nothing.

    Raises InputError for anything else.
    """
    text = typed.strip()
    if not text:
        return ""
    match = _TYPED.fullmatch(text)
    if match:
        year = int(match[1])
        month = int(match[2] or (12 if last else 1))
        if year and 1 <= month <= 12:
            longest = calendar.monthrange(year, month)[1]
            date = int(match[3] or (longest if last else 1))
            if 1 <= date <= longest:
                return f"{year:04}-{month:02}-{date:02}"
    raise InputError(f"expected a date like 2020, 2020-11 or 2020-11-08, found {text[:40]!r}")
