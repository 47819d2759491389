"""Who a pronoun, a description or a short name means; and nobody, where nobody can tell."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from index import extract_quotes

TABLE = Path(__file__).parents[2] / "golden" / "coreference.jsonl"
ROWS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]

NOT_YET = {
    "co062": "a transitive verb between two men, and the subject is not the one who speaks",
}


def speaker(row: dict):
    """The speaker of the quote that the row asks about: the innermost one that has it."""
    text = row["text"]
    quotes = [
        q for q in extract_quotes(text) if any(row["quote"] in s.slice(text) for s in q.content)
    ]
    assert quotes, f"no quote has {row['quote']!r}"
    return quotes[-1].speaker


def rows():
    for row in ROWS:
        known = NOT_YET.get(row["id"])
        marks = [pytest.mark.xfail(strict=True, reason=known)] if known else []
        yield pytest.param(row, id=row["id"], marks=marks)


@pytest.mark.parametrize("row", rows())
def test_a_mention_means_whom_a_reader_takes_it_for(row):
    found = speaker(row)
    assert (found.name if found else None) == row["name"]


def test_half_of_the_table_are_traps():
    assert len(ROWS) >= 40
    assert 2 * sum(row["trap"] for row in ROWS) >= len(ROWS)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Dagny Roos closed the pier. Dagny Roos said the ice was thin.", "explicit"),
        ("Dagny Roos closed the pier. She said the ice was thin.", "coreference"),
        ("Mayor Dagny Roos closed the pier. The mayor said the ice was thin.", "coreference"),
        ("Emil Strand and Oskar Lund met. He said the ice was thin.", "unknown"),
    ],
)
def test_it_is_kept_how_a_speaker_is_known(text, basis):
    (quote,) = extract_quotes(text)
    assert quote.attribution == basis


def test_an_article_of_five_thousand_names_takes_linear_time():
    """Every name is weighed for every pronoun only as far as a reader looks back."""

    def article(size: int) -> str:
        lines = (
            f"{_word(n)} {_word(n * 7 + 3)} met {_word(n + 1)} {_word(n * 5 + 1)}. He said it was."
            for n in range(size)
        )
        return "\n\n".join(lines)

    def seconds(size: int) -> float:
        text = article(size)
        began = time.perf_counter()
        extract_quotes(text)
        return time.perf_counter() - began

    seconds(20)
    small, large = seconds(250), seconds(2500)
    assert large < 25 * small


def test_a_sentence_of_a_thousand_names_is_read():
    names = ", ".join(f"{_word(n)} {_word(n * 7 + 3)}" for n in range(1000))
    assert extract_quotes(f"{names} and Ida Falk met. He said it was cold.")


def _word(number: int) -> str:
    """A pronounceable name, another one for each number."""
    out = ""
    number += 40
    while number:
        number, rest = divmod(number, 60)
        out += "bdfgklmnprst"[rest % 12] + "aeiou"[rest // 12]
    return out.capitalize() + "n"
