"""The words that the page uses for the values of the index: one word for one thing."""

from __future__ import annotations

import datetime

KINDS = {
    "direct": ("Direct quote", "All of the words stand inside quotation marks in the article."),
    "indirect": (
        "Reported speech",
        "The article reports it in its own words, without quotation marks.",
    ),
    "mixed": ("Partly quoted", "Some of the words stand inside quotation marks in the article."),
}
"""What a kind of quote is called, and what that means."""


def kind_name(kind: str) -> str:
    """What a kind of quote is called; "" for none."""
    return KINDS[kind][0] if kind in KINDS else ""


BASES = {
    "explicit": ("Named", "The sentence itself names who speaks."),
    "coreference": ("Name worked out", "“He”, “she” or a description there stands for this name."),
    "inferred": ("Inferred", "No word of the sentence says so; its surroundings do."),
    "corrected": ("Corrected", "A reader of this index put this right."),
    "unknown": ("Speaker not stated", "The article does not let us tell who speaks."),
}
"""How it is known who speaks, and what that means."""


REASONS = {
    "no articles": "There are no articles to search.",
    "question not understood": "The question could not be read as one about statements.",
    "person not in the corpus": "Somebody asked about does not occur in these articles.",
    "never quoted": "No words of that person are reported in these articles.",
    "never to that addressee": "They are quoted, but never to that addressee.",
    "not about that": "They are quoted, but not about that.",
    "words not found": "These words do not stand in the articles.",
    "statements left out": "Statements that do not read as their article does were left out.",
    "sentences left out": "Sentences that the articles do not bear out were left out.",
}
"""Why nothing is on record, in a sentence."""

ROLES = {"speaker": "speaker", "addressee": "addressee", "words": "words"}
"""The parts of a statement that a reader can report as wrong."""


FAULTS = {
    "other": "It answers another question",
    "missing": "Something is missing",
    "wrong": "Something in it is wrong",
}
"""What a reader can report of a whole answer."""


def day_of(published: str) -> datetime.date | None:
    """The day of an ISO date or date-time; None of anything else."""
    try:
        return datetime.date.fromisoformat(published[:10])
    except ValueError:
        return None


def date(published: str) -> str:
    """An ISO date or date-time as '8 November 2020'; anything else as it is."""
    day = day_of(published)
    return f"{day.day} {day:%B} {day.year}" if day else published


def clock(moment: str) -> str:
    """The time of day of an ISO date-time, where the page is served: '19:20'."""
    return f"{datetime.datetime.fromisoformat(moment).astimezone():%H:%M}"


def count(number: int, one: str) -> str:
    """'1 quote', '1,204 quotes'."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
