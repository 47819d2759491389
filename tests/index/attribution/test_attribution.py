"""The golden tables of attribution: who said which words to whom, via whom, and by what cue."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from index import extract_quotes

GOLDEN = Path(__file__).parents[2] / "golden"

OPEN = frozenset(
    """ac004 ac009 ac025 ac040 ac057 ac071 ac076 ac084
    ac087 ac089 ac090 ac092 ac094 ac095""".split()
)
"""Rows that the extractor does not get yet: strict, so whoever gets one strikes it here."""


def rows(name: str) -> list[dict]:
    lines = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def found(text: str) -> list[dict]:
    """The statements, without nominal reports, as the table writes them."""
    return [
        {
            "content": [words(s.slice(text)) for s in q.content],
            "speaker": words(q.speaker.span.slice(text)) if q.speaker else None,
            "name": q.speaker.name if q.speaker else None,
            "addressees": [m.name or m.span.slice(text) for m in q.addressees],
            "chain": [m.name or m.span.slice(text) for m in q.chain],
            "cue": q.cue.slice(text) if q.cue else None,
            "kind": q.kind,
            "modality": q.modality,
        }
        for q in extract_quotes(text)
        if q.tier == "speech"
    ]


def expected(row: dict) -> list[dict]:
    return [
        {
            **{key: quote[key] for key in ("name", "cue", "kind", "modality")},
            "content": [words(c) for c in quote["content"]],
            "speaker": words(quote["speaker"]) if quote["speaker"] else None,
            "addressees": quote["addressees"],
            "chain": quote["chain"],
        }
        for quote in row["quotes"]
    ]


def differences(want: dict, got: dict) -> list[str]:
    out = [k for k in ("content", "speaker", "cue", "kind", "modality") if want[k] != got[k]]
    if want["name"] is not None and got["name"] != want["name"]:
        out.append("name")
    for key in ("addressees", "chain"):
        heads = [words(name)[-1:] for name in got[key]]
        if heads != [words(name)[-1:] for name in want[key]]:
            out.append(key)
    return out


def test_the_row_to_copy_has_the_fields_of_the_table():
    guide = (GOLDEN / "README.md").read_text(encoding="utf-8")
    row = json.loads(guide.partition("```json\n")[2].partition("\n```")[0])
    first = rows("attribution_cases.jsonl")[0]
    assert row.keys() == first.keys()
    assert row["quotes"][0].keys() == first["quotes"][0].keys()


def cases() -> list:
    return [
        pytest.param(
            row,
            id=f"{row['id']}-{row['class']}",
            marks=[pytest.mark.xfail(strict=True)] if row["id"] in OPEN else [],
        )
        for row in rows("attribution_cases.jsonl")
    ]


@pytest.mark.parametrize("row", cases())
def test_a_case_is_attributed(row):
    got, want = found(row["text"]), expected(row)
    wrong = {}
    for quote in want:
        if not got:
            wrong[str(quote["content"])] = "missing"
            continue
        best = min(
            got, key=lambda g: len(differences(quote, g)) + 5 * (g["content"] != quote["content"])
        )
        if diff := differences(quote, best):
            wrong[" ".join(quote["content"][0])] = [(k, quote[k], best[k]) for k in diff]
    if len(got) != len(want):
        wrong["number"] = [g["content"] for g in got]
    assert not wrong, wrong


def score(table: str) -> tuple[float, list[tuple]]:
    """F1 of the addressees of a table, and the rows that are wrong.

    An addressee is right if the mention or its name holds the head word of the table's.
    """
    hits = false = missed = 0
    wrong = []
    for row in rows(table):
        text = row["text"]
        start = text.index(row["quote"])
        end = start + len(row["quote"])
        told = set()
        for quote in extract_quotes(text):
            inside = any(s.start < end and start < s.end for s in quote.content)
            if inside and quote.modality == "asserted":
                told |= {f"{m.name} {m.span.slice(text)}" for m in quote.addressees}
        want = {words(name)[-1] for name in row["addressees"]}
        met = {name for name in want if any(name in words(t) for t in told)}
        extra = [t for t in told if not any(name in words(t) for name in want)]
        hits += len(met)
        false += len(extra)
        missed += len(want - met)
        if extra or met != want:
            wrong.append((row["id"], sorted(want), sorted(told)))
    return 2 * hits / (2 * hits + false + missed), wrong


@pytest.mark.parametrize(
    "table, least", [("addressees_dev.jsonl", 0.97), ("addressees_held.jsonl", 0.85)]
)
def test_who_was_told_it(table, least):
    measured, wrong = score(table)
    assert measured >= least, wrong
