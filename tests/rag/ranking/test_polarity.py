"""Whether what was said is the reverse of a claim that is asked for."""

from __future__ import annotations

import pytest

from rag.ranking.polarity import are_opposites, claim_of, is_denied, is_negation, reverses
from rag.types import Question

TABLE = [
    # (claim, what was said, whether the speaker denies it, whether that is the reverse)
    ("the ferry would sail on Sunday", "the ferry would not sail on Sunday", False, True),
    ("the ferry would sail on Sunday", "the ferry would sail on Sunday", False, False),
    ("the ferry would not sail on Sunday", "the ferry would sail on Sunday", False, True),
    ("the ferry won't sail on Sunday", "the ferry would not sail on Sunday", False, False),
    ("the pier is legal", "the pier is illegal, he added", False, True),
    ("the pier is unsafe", "I find the pier safe", False, True),
    ("the pier is unsafe", "the pier is not safe", False, False),
    ("the school would close", "the school would stay open", False, True),
    ("the school would be closed", "the school would be open", False, True),
    ("wages would rise", "wages would fall", False, True),
    ("he had read the letter", "that he had read her letter", True, True),
    ("he had not read the letter", "that he had read her letter", True, False),
    ("everybody had been invited", "nobody had been invited", False, True),
    ("nobody had been invited", "everybody had been invited", False, True),
    ("the crew was paid", "the crew refused to be paid", False, True),
    ("the town would pay the bill", "the town failed to pay the bill", False, True),
    ("the ferry would sail", "the ferry would not sail today, but the ferry would sail on May 2",
     False, False),
    ("the boats would sail", "not all boats would sail", False, False),
    ("the boats would sail", "no doubt the boats would sail", False, False),
    ("the boats would sail", "No, the boats would sail", False, False),
    ("the boats would sail", "the boats would not only sail, they would race", False, False),
    ("the boats would sail", "the boats would sail and not wait", False, False),
    ("the boats would sail", "the crews would not sail", False, False),  # of others
    ("the boats would sail", "we do not doubt the boats would sail", False, False),
    ("the strike was lawful", "Nobody asked me. The strike was lawful.", False, False),
    ("the offer was accepted", "the offer was rejected", False, True),
    ("the offer was rejected", "the offer was accepted", False, True),
    ("the offer was not accepted", "the offer was rejected", False, False),
    ("prices rose", "prices had fallen", False, True),
    ("prices rose", "prices had risen", False, False),
    ("prices increased", "prices fell", False, True),
    ("the pier has a roof", "the pier lacks a roof", False, True),
    ("talks were possible", "talks were ruled out", False, False),  # of what, it does not say
    ("the boats were rare", "the boats won't be rare", False, True),
    ("the boats lost", "the boats won't sail", False, False),
    ("fees would rise by no more than a tenth", "fees would rise by a tenth", False, False),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "said", "denied", "expected"), TABLE)
def test_a_statement_is_the_reverse_of_a_claim_as_the_table_says(claim, said, denied, expected):
    assert reverses(claim, said, asked=is_denied(claim), denied=denied) is expected


CLAIMS = [
    ("who said the pier was safe?", "the pier was safe", "the pier was safe"),
    ("who agreed to sign the lease?", "sign the lease", "sign the lease"),
    ("who expects rents to fall?", "rents to fall", "rents to fall"),
    ("who spoke about the pier?", "the pier", ""),
    ("who spoke about the pier that was shut?", "the pier that was shut", ""),
    ("who turned to the pier that was shut?", "the pier that was shut", ""),
    ("who said yes?", "yes", ""),
]


@pytest.mark.parametrize(("text", "topic", "expected"), CLAIMS)
def test_only_a_clause_is_a_claim(text, topic, expected):
    assert claim_of(Question(text, "who_said", topic=topic)) == expected


NOBODY_SAID = """Quay hearing

Harbour master Ines Falk told the council the quay was unsafe.

Builder Otto Grahn refused to sign the lease. Treasurer Mia Sund said nobody had signed the lease.
"""


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("who said the quay was safe?", None),
        ("who said the quay was unsafe?", "Ines Falk"),
        ("who agreed to sign the lease?", None),
        ("who said everybody had signed the lease?", None),
        ("who said nobody had signed the lease?", "Mia Sund"),
    ],
)
def test_nobody_is_named_for_the_reverse_of_what_was_said(tmp_path, question, speaker):
    from index.indexing.build import add
    from index.settings import Settings
    from rag import OnRecord

    (tmp_path / "quay.txt").write_text(NOBODY_SAID, encoding="utf-8")
    settings = Settings(tmp_path / "index")
    add([tmp_path / "quay.txt"], settings)
    answer = OnRecord.open(settings.index).answer(question)
    assert {c.speaker for c in answer.citations} == ({speaker} if speaker else set())


@pytest.mark.parametrize("text", ["", "…", "“ ”", "100", "not"])
def test_a_clause_of_a_word_or_none_denies_by_its_negations_alone(text):
    assert is_denied(text) is (text == "not")


@pytest.mark.parametrize(
    ("one", "other", "opposite"),
    [
        ("safe", "unsafe", True),
        ("rose", "fallen", True),
        ("rising", "drops", True),
        ("closed", "open", True),
        ("closing", "closure", False),
        ("safe", "safer", False),
        ("union", "on", False),
    ],
)
def test_opposites_are_told_in_any_form_and_either_way(one, other, opposite):
    assert are_opposites(one, other) is are_opposites(other, one) is opposite


@pytest.mark.parametrize("word", "not never won't without denied refuses lacked nowhere".split())
def test_a_word_that_denies_is_a_negation(word):
    assert is_negation(word)


@pytest.mark.parametrize("word", "won note knot denim a".split())
def test_a_word_that_only_looks_like_one_is_none(word):
    assert not is_negation(word)
