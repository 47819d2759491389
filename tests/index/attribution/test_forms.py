"""Kinds of sentences that once were read wrongly: whose the words are, to whom, and whether they
were said at all."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from index import Quote, extract_quotes

TABLE = Path(__file__).parents[2] / "golden" / "forms.jsonl"
ROWS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]

NOT_YET: dict[str, str] = {}


def words_of(text: str, quote: Quote) -> str:
    return " ".join(span.slice(text) for span in quote.content)


def the_quote(row: dict) -> Quote | None:
    """The statement with exactly these words (one of several pieces will do), or None."""
    text, wanted = row["text"], row["words"]
    for quote in extract_quotes(text):
        if wanted == words_of(text, quote) or wanted in (s.slice(text) for s in quote.content):
            return quote
    return None


def told(row: dict, quote: Quote) -> dict:
    """What the table says of a statement, as the extractor has it."""
    text = row["text"]
    found = {
        "speaker": quote.speaker.name if quote.speaker else None,
        "addressees": [m.name or m.span.slice(text) for m in quote.addressees],
        "together": [m.name or m.span.slice(text) for m in quote.co_speakers],
        "chain": [m.name or m.span.slice(text) for m in quote.chain],
        "act": quote.act,
        "kind": quote.kind,
    }
    heads = ("addressees", "together", "chain")
    return {k: [n.split()[-1] for n in v] if k in heads else v for k, v in found.items()}


def rows():
    for row in ROWS:
        known = NOT_YET.get(row["id"])
        marks = [pytest.mark.xfail(strict=True, reason=known)] if known else []
        yield pytest.param(row, id=f"{row['id']}-{row['class']}", marks=marks)


@pytest.mark.parametrize("row", rows())
def test_a_form_is_read_as_a_reader_reads_it(row):
    text = row["text"]
    if row.get("absent"):
        assert not [q for q in extract_quotes(text) if row["words"] in words_of(text, q)]
        return
    if row.get("asserted") is False:
        holding = [q for q in extract_quotes(text) if row["words"] in words_of(text, q)]
        assert all(q.modality != "asserted" for q in holding)
        return
    quote = the_quote(row)
    assert quote is not None, [words_of(text, q) for q in extract_quotes(text)]
    found = told(row, quote)
    wanted = {k: row[k] for k in found if k in row}
    for key in ("addressees", "together", "chain"):
        if key in wanted:
            wanted[key] = [name.split()[-1] for name in wanted[key]]
    assert {k: found[k] for k in wanted} == wanted


def test_each_kind_has_several_rows():
    kinds = Counter(row["class"] for row in ROWS)
    assert min(kinds.values()) >= 3
    assert len(ROWS) >= 110
