"""What the generated archives say of themselves is true."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import load_embedder
from index.fit import Fit, foremost

sys.path.insert(0, str(Path(__file__).parent))

import archive
import corpus


@pytest.fixture(scope="module")
def made():
    return corpus.Corpus(load_embedder())


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return archive.archive(tmp_path_factory.mktemp("bench"), 250)


@pytest.fixture(scope="module")
def catalog(index):
    from index.catalog import Catalog
    from index.generation import CATALOG, GENERATIONS, current

    opened = Catalog(index / GENERATIONS / current(index) / CATALOG)
    yield opened
    opened.close()


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


def speakers_of(catalog, ids):
    person_of = catalog.person_of
    return {person_of[q.speaker.name] for q in catalog.quotes(ids)}


def test_the_foremost_statements_keep_to_who_when_and_how(catalog):
    person = catalog.people[0].name
    every = catalog.quote_ids(speakers=[person])
    assert len(every) > 8
    assert speakers_of(catalog, foremost(catalog, [person], Fit(speakers=(person,)), 8)) == {person}

    direct = foremost(catalog, [person], Fit(speakers=(person,), kind="direct"), 3)
    assert {q.kind for q in catalog.quotes(direct)} == {"direct"}

    days = sorted(catalog.article(q.article_id).published for q in catalog.quotes(every))
    late = foremost(catalog, [person], Fit(speakers=(person,), since=days[-3][:7]), 3)
    assert all(
        catalog.article(q.article_id).published >= days[-3][:7] for q in catalog.quotes(late)
    )

    told = next(q for q in catalog.quotes(catalog.quote_ids()) if q.addressees and q.speaker)
    pair = [catalog.person_of[m.name] for m in (told.speaker, told.addressees[0])]
    both = Fit(speakers=(pair[0],), addressees=(pair[1],))
    first = catalog.quotes(foremost(catalog, pair, both, 1))[0]
    assert (first.speaker.name, first.addressees[0].name) == (
        told.speaker.name,
        told.addressees[0].name,
    )


def test_the_foremost_statements_are_the_nearest_ones(catalog):
    person = catalog.people[0].name
    every = catalog.vectors("quotes", catalog.quote_ids(speakers=[person]))
    vector = next(iter(every.values()))
    nearest = sorted(every, key=lambda i: (-float(every[i] @ vector), i))[:5]
    assert foremost(catalog, [person], Fit(speakers=(person,)), 5, vector) == nearest
