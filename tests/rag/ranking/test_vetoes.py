"""What can never answer, however well its words fit: each veto with a table of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.types import Article, Span
from rag.question.reader import read
from rag.ranking import vetoes
from rag.ranking.participants import KnownPeople
from rag.retrieval.retrieve import retrieve
from rag.types import Evidence, Question

GATES = "two of the dam's six gates would be opened on March 10"
FARMERS = "her farmers could not wait so long"
ENGINEERS = "let foreign engineers inspect the dam"
HELD = "the water had been held back on purpose"
WELDS = "I was wrong about the welds"

TABLE = [
    # (veto, question, words of a statement, whether it may not answer)
    ("another_speaker", "What did Odell say about the gates?", GATES, False),
    ("another_speaker", "What did Davor Lund say about the gates?", GATES, True),
    ("another_speaker", "What did Liesel Thorne say about the gates?", GATES, True),
    ("another_speaker", "What did Thorne say about the farmers?", FARMERS, False),
    ("another_speaker", "What did Volmark say about the engineers?", ENGINEERS, False),
    ("another_speaker", "What did Volmark say about the gates?", GATES, True),
    ("another_speaker", "Who said that the gates would be opened?", GATES, False),
    ("another_speaker", "When did Davor Lund say that the gates would be opened?", GATES, True),
    ("another_office", "What did the mayor say about the gates?", GATES, True),
    ("another_office", "What did the president say about the gates?", GATES, False),
    ("another_office", "What did the man in the boat say about the gates?", GATES, False),
    ("another_addressee", "What did Odell tell Liesel Thorne about the gates?", GATES, False),
    ("another_addressee", "What did Odell tell Ottoline Reyes about the gates?", GATES, True),
    ("another_addressee", "Whom did Odell tell about the gates?", GATES, False),
    ("another_addressee", "What did Odell say about the gates?", GATES, False),
    ("another_addressee", "What did Bruno Falk tell Agnes Maddox about the welds?", WELDS, False),
    ("reversed_direction", "What did Odell tell Liesel Thorne?", ENGINEERS, True),
    ("reversed_direction", "What did Odell tell Liesel Thorne?", GATES, False),
    ("reversed_direction", "What did Liesel Thorne tell Odell?", GATES, True),
    ("reversed_direction", "What did Liesel Thorne tell Odell?", ENGINEERS, False),
    ("reversed_direction", "What was Odell told about the gates?", GATES, True),
    ("reversed_direction", "What did Odell and Liesel Thorne tell each other?", GATES, False),
    ("excluded", "Who spoke about the gates apart from Odell?", GATES, True),
    ("excluded", "Who spoke about the gates apart from Davor Lund?", GATES, False),
    ("about_another", "What did Odell say about Casimir Brand?", GATES, True),
    ("other_words", "Who said “the gates would be shut for ever and a day”?", GATES, True),
    ("other_words", "Who said “gates would be opened on March 10”?", GATES, False),
    ("other_words", "Who said “gates would be opend on march 10”?", GATES, False),
]


def candidate(golden, question: Question, words: str) -> Evidence:
    """The statement of the corpus that has these words, as a candidate for a question."""
    asked = replace(question, speakers=(), addressees=(), topic=words, outlet="", excluded=())
    found = retrieve(asked, golden.reader.generation, golden.reader.embedder, golden.reader.people)
    return next(
        c for c in found if c.quote and words in c.quote.sentence.slice(c.article.text)
        and words in " ".join(s.slice(c.article.text) for s in c.quote.content)
    )  # fmt: skip


@pytest.mark.parametrize(("veto", "asked", "words", "never"), TABLE)
def test_a_veto_holds_as_the_table_says(veto, asked, words, never, golden):
    question = read(asked, None, golden.reader.directory)
    item = candidate(golden, question, words)
    assert getattr(vetoes, veto)(question, item, golden.reader.people) is never
    if never:
        assert vetoes.vetoed(question, item, golden.reader.people)


@pytest.mark.parametrize("modality", ["asserted", "negated", "hypothetical"])
@pytest.mark.parametrize("act", ["", "refuse", "promise"])
def test_a_statement_that_was_not_made_answers_only_who_asks_for_a_refusal(modality, act, golden):
    question = Question("?", "said", speakers=("Marek Odell",), act=act)
    item = candidate(golden, question, GATES)
    item = replace(item, quote=replace(item.quote, modality=modality))
    never = modality != "asserted" and act != "refuse"
    assert vetoes.not_asserted(question, item, golden.reader.people) is never
    assert vetoes.vetoed(question, item, golden.reader.people) is never


def test_each_veto_has_a_row_that_it_holds_for_and_one_that_it_does_not():
    named = {v.__name__ for v in vetoes.VETOES} - {"not_asserted", "only_asked"}
    for name in named - {"about_another"}:
        assert {never for veto, _, _, never in TABLE if veto == name} == {True, False}, name
    assert {veto for veto, *_ in TABLE} == named


def test_nobody_is_vetoed_whose_words_the_asked_person_passed_on(golden):
    """Or who is not known by name."""
    question = Question("?", "said", speakers=("Casimir Brand",))
    item = candidate(golden, question, GATES)
    speaker = item.quote.speaker
    brand = replace(speaker, name="Casimir Brand")
    people: KnownPeople = golden.reader.people
    assert vetoes.another_speaker(question, item, people)
    passed_on = replace(item, quote=replace(item.quote, chain=(brand,)))
    assert not vetoes.another_speaker(question, passed_on, people)
    bare = replace(item, quote=None)
    assert not vetoes.vetoed(question, bare, people)


def test_an_addressee_that_is_only_inferred_is_no_veto(golden):
    question = Question("?", "said", speakers=("Marek Odell",), addressees=("Ottoline Reyes",))
    item = candidate(golden, question, GATES)
    assert vetoes.another_addressee(question, item, golden.reader.people)
    told = tuple(replace(m, basis="inferred") for m in item.quote.addressees)
    unsure = replace(item, quote=replace(item.quote, addressees=told))
    assert not vetoes.another_addressee(question, unsure, golden.reader.people)


def test_a_sentence_that_asks_never_answers(golden):
    """However well it repeats the question; one that somebody is quoted with may."""
    article = Article("x", "What did Odell say about the gates? He said nothing.")
    asked, told = Span(0, 35), Span(36, len(article.text))
    assert asked.slice(article.text).endswith("?")
    question = Question("What did Odell say about the gates?", "said", speakers=("Marek Odell",))
    people = golden.reader.people
    assert vetoes.only_asked(question, Evidence(article, asked, asked, None), people)
    assert not vetoes.only_asked(question, Evidence(article, told, told, None), people)
    quote = replace(candidate(golden, question, GATES).quote, kind="indirect")
    assert vetoes.only_asked(question, Evidence(article, asked, asked, quote), people)
    for kind in ("direct", "mixed"):
        said = Evidence(article, asked, asked, replace(quote, kind=kind))
        assert not vetoes.only_asked(question, said, people)
