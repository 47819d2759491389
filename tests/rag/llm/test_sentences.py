"""A sentence of a model stands or falls by the passages that it cites."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from index.text.folding import fold
from rag.llm.records import Record
from rag.llm.sentences import Checker, Unsupported

TABLE = Path(__file__).parents[2] / "golden" / "questions" / "questions.jsonl"


@pytest.fixture(scope="module")
def cases(golden):
    """(citation, records of its answer) for each golden answer with a known speaker."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = golden.answer(row["question"], history=row["history"])
        records = [Record.of(c) for c in answer.citations]
        found += [(c, records) for c in answer.citations if c.speaker]
    return found


def content(citation):
    """The words of a statement as a clause, without marks of quotation and without its sentence."""
    said, text = citation.source, citation.article.text
    words = " ".join(s.slice(text) for s in said.content) if said else citation.quote
    bare = re.sub(r"[“”\"‘„«»]", "", words).strip(" ,.;:?!’'")
    return bare if bare.startswith("that ") else f"that {bare}"


def true_ones(c):
    yield f"{c.speaker} said {content(c)} [{c.number}]."
    yield from (f"{c.speaker} told {to} {content(c)} [{c.number}]." for to in c.addressees[:1])
    yield from (
        f"According to {who}, {c.speaker} said {content(c)} [{c.number}]." for who in c.chain
    )


def false_ones(c, others):
    """Kind of lie and sentence: the right words under a wrong name, to a wrong ear, or worse."""
    n, says = c.number, content(c)
    for to in (name for name in c.addressees[:1] if name[:1].isupper()):
        yield "roles turned round", f"{to} told {c.speaker} {says} [{n}]."
        yield "roles turned round", f"{to} said {says} [{n}]."
        yield "in the passive", f"{c.speaker} was told by {to} {says} [{n}]."
        yield "only heard", f"{c.speaker} heard from {to} {says} [{n}]."
        yield "a relative clause", f"{c.speaker} called {to}, who said {says} [{n}]."
        yield "a relative clause", f"{c.speaker} called {to}, who listened and said {says} [{n}]."
        yield "sharing", f"{c.speaker} agreed with {to} in saying {says} [{n}]."
        yield "sharing", f"{c.speaker} echoed {to}, saying {says} [{n}]."
        yield "a second subject", f"{c.speaker} asked and {to} answered {says} [{n}]."
        yield "quoting", f"{c.speaker} said, quoting {to}, {says} [{n}]."
        yield "a statement inside", f"{c.speaker} said that {to} had stressed {says} [{n}]."
        yield (
            "a statement inside",
            f"{c.speaker} told {to} {says} and {to} told {c.speaker} so [{n}].",
        )
        yield "passed on", f"{c.speaker} passed on the word of {to} {says} [{n}]."
    for other in others:
        yield "another speaker", f"{other} said {says} [{n}]."
        yield "another speaker", f"{other.lower()} said {says} [{n}]."
        yield "another addressee", f"{c.speaker} told {other} {says} [{n}]."
        yield "another source", f"According to {other}, {c.speaker} said {says} [{n}]."
        yield "another source", f"{c.speaker} said {says}, according to {other} [{n}]."
        yield "a possessive", f"{other}’s spokesman said {says} [{n}]."
        yield "quoting", f"{c.speaker} said, quoting {other.lower()}, {says} [{n}]."
        yield "a second claim", f"{c.speaker} said {says} [{n}], and {other} said so too [{n}]."
        yield "behind the key", f"{says} [{n}], {other} said."
    yield "a possessive", f"{c.speaker}’s spokesman said {says} [{n}]."
    yield "a pronoun of nobody", f"He said {says} [{n}]."
    yield "nobody", f"It was said {says} [{n}]."
    yield "negation", f"{c.speaker} said it is not true {says} [{n}]."
    yield "negation", f"{c.speaker} never said {says} [{n}]."
    yield "not said at all", f"{c.speaker} refused to say {says} [{n}]."
    yield "not said at all", f"{c.speaker} might say {says} [{n}]."
    yield "not said at all", f"If {c.speaker} said {says} [{n}]."
    yield "an invention", f"{c.speaker} said that lizards staged the landing on the moon [{n}]."
    yield "a figure", f"{c.speaker} said 4711 times {says} [{n}]."
    yield "no such key", f"{c.speaker} said {says} [{n + 50}]."
    yield "no key", f"{c.speaker} said {says}."
    for quoted in ("“we burn it”", '"we burn it"', "'we burn it'", "«we burn it»", "‘we burn it’"):
        yield "an invented quotation", f"{c.speaker} said {quoted} and {says} [{n}]."


@pytest.mark.parametrize(
    ("strangers", "least"), [(2, 1500), pytest.param(6, 3000, marks=pytest.mark.soak)]
)
def test_no_lie_about_the_golden_answers_is_let_through(cases, golden, strangers, least):
    """Lies with the words, names and keys of a true answer, so many with each stranger's name."""
    people = [p.name for p in golden.reader.generation.catalog.people if p.name[:1].isupper()]
    tried, through = Counter(), []
    for citation, records in cases:
        taken = {citation.speaker, *citation.co_speakers, *citation.addressees, *citation.chain}
        taken = {fold(name) for name in taken}
        others = [p for p in people if fold(p) not in taken][:strangers]
        for kind, sentence in false_ones(citation, others):
            tried[kind] += 1
            with contextlib.suppress(Unsupported):
                checker = Checker(records, golden.reader.directory.named_in)
                through.append(checker.checked(sentence))
    assert sum(tried.values()) > least
    assert through == []


def test_nobody_is_quoted_who_was_only_described_as_listening(golden):
    answer = golden.answer("What did Thole say about the fuel?")
    (citation,) = (c for c in answer.citations if "press briefing" in c.addressees)
    checker = Checker([Record.of(citation)], golden.reader.directory.named_in)
    said = f"Ingmar Thole said, quoting press briefing, {content(citation)} [{citation.number}]."
    with pytest.raises(Unsupported):
        checker.checked(said)


def test_what_is_true_of_the_golden_answers_is_let_through(cases, golden):
    """A checker that leaves everything out would be of no use."""
    tried, kept = 0, 0
    for citation, records in cases:
        for sentence in true_ones(citation):
            tried += 1
            try:
                Checker(records, golden.reader.directory.named_in).checked(sentence)
                kept += 1
            except Unsupported:
                pass
    assert kept >= 0.95 * tried


FLUENT = [
    "Erdoğan told Putin that the Armenian administration may come to the negotiation table [1].",
    "In a phone call with Putin, Erdoğan said that ending the conflict was vital [4].",
    "Erdoğan pressed Putin to get the Armenian administration to the negotiation table, and "
    "stressed that a lasting solution and stability were of vital importance [1, 4].",
    "Erdoğan urged Putin to convince the Armenian administration to come to the negotiation "
    "table [1], and underscored that a lasting solution was of vital importance [4].",
    "Recep Tayyip Erdoğan told Vladimir Putin that the Armenian administration should be "
    "convinced to come to the negotiation table with common sense [1].",
]


@pytest.fixture
def checker(bot):
    """A checker for what Erdoğan told Putin, in the seeds."""
    answer = bot.answer("what did Erdoğan tell Putin?")
    return Checker([Record.of(c) for c in answer.citations], bot.reader.directory.named_in)


@pytest.mark.parametrize("sentence", FLUENT)
def test_a_fluent_sentence_that_is_borne_out_is_kept(sentence, checker):
    assert checker.checked(sentence).startswith(sentence[:60])


def test_a_pronoun_is_read_by_the_sentence_before(checker):
    with pytest.raises(Unsupported):
        checker.checked("He underscored that a lasting solution was of vital importance [4].")
    checker.checked(FLUENT[-1])
    checker.checked("He underscored that a lasting solution was of vital importance [4].")


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("See https://evil.example for what Erdoğan told Putin [1].", "address"),
        ("Erdoğan told Putin of evil.example [1].", "address"),
        ("Erdoğan told Putin <b>that</b> the administration should come [1].", "markup"),
        ("![Erdoğan](x) told Putin that the administration should come [1].", "markup"),
        ("**Erdoğan** told Putin that the administration should come [1].", "markup"),
        ("Erdoğan told Putin\u202e that the administration should come [1].", "markup"),
        ("Erdoğan told Putin that the administration should come [1][99].", "unknown key"),
        ("Erdoğan told Putin that the administration should come [one].", "markup"),
        ("The Turkish president told Putin that the administration should come [1].", "name"),
        ("Erdoğan told Putin of 12 conditions for the negotiation table [1].", "figure"),
        ("Erdoğan told Putin of twelve conditions for the negotiation table [1].", "figure"),
        (
            "Erdoğan told Putin that " + "the administration should come and " * 20 + "[1].",
            "too long",
        ),
        ("[1].", "no words before the key"),
    ],
)
def test_a_sentence_is_left_out_for_a_reason_that_is_told(sentence, reason, checker):
    with pytest.raises(Unsupported, match=reason):
        checker.checked(sentence)


def test_a_sentence_is_said_once(checker):
    checker.checked(FLUENT[-1])
    with pytest.raises(Unsupported, match="repeated"):
        checker.checked(FLUENT[-1])


def test_the_day_of_publication_is_no_day_of_what_was_said(golden):
    """A model said that a ceasefire would begin on the day on which its article appeared."""
    answer = golden.answer("What did Odell tell Liesel Thorne about the gates?")
    citation = answer.citations[0]
    day = citation.article.published[:10]
    assert day
    said = f"Marek Odell told Liesel Thorne that two of the gates would be opened on {day} [1]."
    checker = Checker([Record.of(citation)], golden.reader.directory.named_in)
    with pytest.raises(Unsupported, match="figure"):
        checker.checked(said)
    checker.checked(said.replace(day, "March 10"))
