"""What the generated archives say of themselves is true."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from index.embedding.embed import load_embedder
from index.search.columns import Fit

sys.path.insert(0, str(Path(__file__).parent))

import archive
import corpus
import peer


@pytest.fixture(scope="module")
def made():
    return corpus.Corpus(load_embedder())


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return archive.archive(tmp_path_factory.mktemp("bench"), 250)


@pytest.fixture(scope="module")
def generation(index):
    opened = peer.opened(index)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def catalog(generation):
    return generation.catalog


@pytest.fixture(scope="module")
def outline(generation):
    return generation.outline


def test_every_quote_is_where_it_says(made):
    for analysed in made.analysed(range(20)):
        text = analysed.article.text
        for quote in analysed.quotes:
            words, sentence = quote.content[0].slice(text), quote.sentence.slice(text)
            assert words in sentence
            assert words.startswith("“" if quote.kind == "direct" else "that ")
            assert quote.cue and quote.cue.slice(text) in sentence
            assert quote.speaker.name.split()[-1] in quote.speaker.span.slice(text)
            assert quote.speaker.name not in {m.name for m in quote.addressees}
        assert np.allclose(np.linalg.norm(analysed.quote_vectors, axis=1), 1, atol=1e-5)


def test_an_article_is_the_same_in_every_archive(made):
    (alone,) = made.analysed(range(7, 8))
    among = list(made.analysed(range(9)))[7]
    assert alone.article == among.article
    assert alone.quotes == among.quotes
    assert np.array_equal(alone.passage_vectors, among.passage_vectors)


def test_questions_find_what_they_were_made_of(index):
    from rag import OnRecord

    bot = OnRecord.open(index)
    said = [q for q in archive.asked(index, 24).questions if q.startswith("Who said “")]
    assert said
    for question in said:
        assert bot.answer(question).citations


def test_the_foremost_statements_keep_to_who_when_and_how(catalog, outline):
    def quotes(*asked):
        return catalog.quotes_at(outline.foremost(*asked))

    person = catalog.people[0].name
    every = catalog.quotes(catalog.quote_ids(speakers=[person]))
    assert len(every) > 8
    theirs = quotes([person], Fit(speakers=(person,)), 8)
    assert {catalog.person_of[q.speaker.name] for q in theirs} == {person}

    assert {q.kind for q in quotes([person], Fit(speakers=(person,), kind="direct"), 3)} == {
        "direct"
    }

    days = sorted(catalog.article(q.article_id).published for q in every)
    late = quotes([person], Fit(speakers=(person,), since=days[-3][:7]), 3)
    assert all(catalog.article(q.article_id).published >= days[-3][:7] for q in late)

    told = next(q for q in catalog.quotes(catalog.quote_ids()) if q.addressees and q.speaker)
    pair = [catalog.person_of[m.name] for m in (told.speaker, told.addressees[0])]
    first = quotes(pair, Fit(speakers=(pair[0],), addressees=(pair[1],)), 1)[0]
    assert (first.speaker.name, first.addressees[0].name) == (
        told.speaker.name,
        told.addressees[0].name,
    )


def test_the_foremost_statements_are_the_nearest_ones(generation, catalog, outline):
    person = catalog.people[0].name
    theirs = set(catalog.quote_ids(speakers=[person]))
    rows = generation.parts[0].vectors.matrices["quotes"]
    own = [n for n, q in enumerate(catalog.quotes_at(range(len(rows)))) if q.id in theirs]
    vector = rows[own[0]]
    nearest = sorted(own, key=lambda n: (-float(rows[n] @ vector), n))[:5]
    assert outline.foremost([person], Fit(speakers=(person,)), 5, vector) == nearest
