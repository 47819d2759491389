"""The time of day that stands beside what is written."""

from __future__ import annotations

import datetime


def now() -> str:
    """The local date and time to the second with its offset, in ISO 8601."""
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")
