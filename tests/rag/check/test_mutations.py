"""No alteration is ever called exact, and no kept quotation anything else."""

from __future__ import annotations

import random

import pytest

from index.types import Span
from rag.check.desk import DraftChecker
from rag.check.draft import Claim
from rag.check.types import Finding, Verdict
from tests.benchmarks.mutations import (
    is_negation,
    is_number,
    mutated,
    said,
    statements,
    typography,
)

MUTATIONS = 2000
KEPT = 120


@pytest.fixture(scope="module")
def desk(press) -> DraftChecker:
    return DraftChecker(press.reader)


@pytest.fixture(scope="module")
def direct(press):
    corrected = ("quay-03", "mill-01")
    known = statements(press.reader.generation.catalog)
    return [s for s in known if s.kind == "direct" and not s.id.startswith(corrected)]


def finding(desk: DraftChecker, words: str, speaker: str) -> Finding | None:
    text = f"“{words}”"
    whole = Span(0, len(text))
    claim = Claim(whole, (Span(1, len(text) - 1),), whole, speaker=speaker)
    (found,) = desk.quotation(claim, text)
    return found if isinstance(found, Finding) else None


def test_no_alteration_is_ever_called_exact(desk, direct):
    draw = random.Random(7)
    known = {s.words for s in direct}
    for _ in range(MUTATIONS):
        statement = draw.choice(direct)
        words, step = mutated(statement.words, draw)
        found = finding(desk, words, statement.speaker)
        assert found is None or found.verdict is not Verdict.EXACT or words in known, (step, words)


def test_what_is_kept_is_exact_in_any_typography(press, direct):
    draw = random.Random(8)
    for statement in draw.sample(direct, min(KEPT, len(direct))):
        if statement.chain:
            continue
        for draft in (
            said(statement.words, statement.speaker),
            typography(statement.words, statement.speaker, draw),
        ):
            found = [f for f in press.check(draft).findings if f.quoted]
            assert [f.verdict for f in found] == [Verdict.EXACT], (draft, found)


def test_a_dropped_negation_or_a_changed_number_is_grave(desk, direct):
    draw = random.Random(9)
    tried = 0
    for statement in direct:
        words = statement.words.split()
        for at, word in enumerate(words):
            if is_negation(word) and len(words) > 3:
                altered = " ".join([*words[:at], *words[at + 1 :]])
            elif is_number(word) and any(c.isdigit() for c in word):
                figure = next(c for c in word if c.isdigit())
                other = draw.choice([d for d in "123456789" if d != figure])
                altered = " ".join([*words[:at], word.replace(figure, other, 1), *words[at + 1 :]])
            else:
                continue
            found = finding(desk, altered, statement.speaker)
            assert found is not None
            assert found.grave, (altered, found)
            tried += 1
    assert tried > 20


def test_a_swapped_speaker_is_another_speaker(press, direct):
    draw = random.Random(10)
    people = sorted({s.speaker for s in direct})
    for statement in draw.sample(direct, min(60, len(direct))):
        other = draw.choice([p for p in people if p.split()[-1] != statement.speaker.split()[-1]])
        found = [f for f in press.check(said(statement.words, other)).findings if f.quoted]
        assert [f.verdict for f in found] == [Verdict.OTHER_SPEAKER], statement
        assert all(f.grave for f in found)
