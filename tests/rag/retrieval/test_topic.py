"""How much of a topic a statement has is what reading its article would say."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.search.bm25 import CONTEXT_CHARACTERS
from index.settings import Settings
from index.text.folding import plain_words, stem
from index.types import Article, Span
from rag.lang import asking
from rag.people import akin, content_stems
from rag.retrieval.topic import ANYWHERE, TITLE, UNHEARD, WEIGHT_AROUND, Topic
from tests.derived import Derived, analysed, derived, quote

VOCABULARY = (
    "georgia georgian georgians grain harbour harbor election elections elected Łódź straße "
    "U.N. Zürich tax taxes ferry ferries of and naïve Çarşamba treaty said"
).split()
QUESTIONS = (*VOCABULARY, "georgina", "elektion", "wheat", "it's", "100%", "x" * 5000, "georg")

some_words = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=5).map(" ".join)
sentences = st.tuples(some_words, st.sampled_from((1, 60, 200))).map(
    lambda parts: f"Then {parts[0]} {'w' * parts[1]} came."
)
texts = st.lists(st.lists(sentences, min_size=1, max_size=4), min_size=1, max_size=4).map(
    lambda paragraphs: "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
)
corpora = st.lists(st.tuples(some_words | st.just(""), texts), max_size=4)
topics = st.lists(st.sampled_from(QUESTIONS), max_size=4).map(" ".join)


@contextmanager
def made(rows: Sequence[tuple[str, str]]) -> Iterator[tuple[Derived, list[Article]]]:
    """An index of articles of these titles and texts."""
    articles = [Article(f"a{n}", text, title=title) for n, (title, text) in enumerate(rows)]
    with (
        tempfile.TemporaryDirectory() as folder,
        derived(Path(folder) / "index", [analysed(a) for a in articles]) as found,
    ):
        yield found, articles


def stems(text: str) -> set[str]:
    return {stem(w) for w in plain_words(text)}


def has(article: Article, word: str, where: Sequence[Span]) -> bool:
    """Whether any of these stretches has a word, or that of its country or people."""
    there = set[str]().union(*(stems(s.slice(article.text)) for s in where))
    return any(akin(word, t) for t in there)


class Reading:
    """The same from the words of every sentence, one after the other."""

    def __init__(self, about: str, articles: Sequence[Article]) -> None:
        self.spans = {
            a.id: [s for p in analysed(a).passages for s in p.sentences] for a in articles
        }
        every = [stems(s.slice(a.text)) for a in articles for s in self.spans[a.id]]
        self.known = set[str]().union(*every)
        self.weights: dict[str, float] = {}
        for word in content_stems(about) - {stem(w) for w in asking().speech_words}:
            spelt = self.spelt(word)
            count = sum(spelt in one for one in every)
            weight = math.log(1 + (len(every) + 1) / (count + 1))
            self.weights[spelt] = weight if count else weight * UNHEARD

    def spelt(self, word: str) -> str:
        if word in self.known or len(word) < 5:
            return word
        near = [t for t in self.known if t[0] == word[0] and OSA.distance(word, t) <= 1]
        return min(near, default=word)

    def inside(self, article: Article, spans: Sequence[Span]) -> float:
        """Of the words in these sentences alone."""
        found = sum(w for word, w in self.weights.items() if has(article, word, spans))
        return found / (sum(self.weights.values()) or 1.0)

    def overlap(self, article: Article, spans: Sequence[Span], start: int) -> float:
        """Of these sentences, the first of which begins there."""
        near = [
            s
            for s in self.spans[article.id]
            if s.start < start and s.end > start - CONTEXT_CHARACTERS
        ]
        found = 0.0
        for word, weight in self.weights.items():
            if has(article, word, spans):
                found += weight
            elif any(akin(word, t) for t in stems(article.title)):
                found += TITLE * weight
            elif has(article, word, near):
                found += WEIGHT_AROUND * weight
            elif has(article, word, self.spans[article.id]):
                found += ANYWHERE * weight
        return found / (sum(self.weights.values()) or 1.0)


@settings(deadline=None, max_examples=30)
@given(corpora, st.lists(topics, min_size=1, max_size=4), st.data())
def test_every_run_of_sentences_has_what_reading_it_says(rows, abouts, data):
    with made(rows) as (found, articles):
        words = found.catalog.words
        runs = []
        for number, article in enumerate(articles):
            begins, ends = words.of_articles([number])[0].tolist()
            for first in range(begins, ends):
                runs.append((number, article, first, data.draw(st.integers(first + 1, ends))))
        columns = [np.array(c, np.uint32) for c in ([r[i] for r in runs] for i in (0, 2, 3))]
        for about in abouts:
            topic, reading = Topic(about, words), Reading(about, articles)
            assert topic.weights == pytest.approx(reading.weights)
            overlaps, insides = topic.overlaps(*columns)
            assert overlaps.shape == insides.shape == (len(runs),)
            assert ((insides >= 0) & (insides <= overlaps) & (overlaps <= 1 + 1e-12)).all()
            for (number, article, first, beyond), overlap, inside in zip(
                runs, overlaps, insides, strict=True
            ):
                begins = int(words.of_articles([number])[0][0])
                spans = reading.spans[article.id][first - begins : beyond - begins]
                expected = reading.overlap(article, spans, spans[0].start)
                assert overlap == pytest.approx(expected), (about, number, first, beyond)
                within = reading.inside(article, spans)
                assert inside == pytest.approx(within), (about, number, first, beyond)


@pytest.mark.parametrize("about", ["", "of and the", "said", "grain", "“%_'\"”", "x" * 5000])
def test_an_empty_index_overlaps_with_nothing(about):
    none = np.zeros(0, np.uint32)
    with made([]) as (found, _):
        assert Topic(about, found.catalog.words).overlaps(none, none, none)[0].shape == (0,)


def test_a_topic_without_a_word_that_tells_overlaps_with_nothing():
    with made([("Grain", "The grain came. It said so.")]) as (found, _):
        words = found.catalog.words
        for about in ("", "of and the", "said"):
            assert not Topic(about, words).weights
            assert Topic(about, words).overlaps(*words.of_quotes([]).T)[0].shape == (0,)
            every = (np.array(c, np.uint32) for c in ([0, 0], [0, 1], [1, 2]))
            assert Topic(about, words).overlaps(*every)[0].tolist() == [0, 0]


def test_where_a_word_stands_decides_how_much_it_counts():
    """In the statement, in the title, right before, elsewhere, nowhere; in this order."""
    far = "Much else came by. " * 20
    rows = [
        ("", f"The grain came. {far}"),
        ("Grain", f"The dawn came. {far}"),
        ("", f"The grain came. The dawn came. {far}"),
        ("", f"The dawn came. {far} The grain came."),
        ("", f"The dawn came. {far}"),
    ]
    with made(rows) as (found, _):
        words = found.catalog.words
        first = words.of_articles(range(5))[:, 0] + np.array([0, 0, 1, 0, 0])
        articles = np.arange(5, dtype=np.uint32)
        got, inside = Topic("grain", words).overlaps(articles, first, first + np.uint32(1))
        assert got.tolist() == pytest.approx([1, TITLE, WEIGHT_AROUND, ANYWHERE, 0])
        assert inside.tolist() == pytest.approx([1, 0, 0, 0, 0])


def test_a_statement_in_no_sentence_has_what_its_article_has():
    """A heading is in no passage; at the end of an article no sentence follows it either, nor
    does any stand in an article of headings, the last one of an index included."""
    article = Article("a", "The dawn came. The grain came.")
    with tempfile.TemporaryDirectory() as folder:
        cut = analysed(article, [quote(article, "The", ["Ada Holm"])])
        blank = Article("b", "Grain\u2029", title="Grain")
        said = quote(blank, "Grain", ["Ada Holm"])
        bare = analysed(blank, [said])
        bare = type(bare)(blank, (), (said,), bare.passage_vectors[:0], bare.quote_vectors)
        with derived(Path(folder) / "index", [cut, bare]) as found:
            words = found.catalog.words
            quotes = words.of_quotes(range(2))
            assert quotes.tolist() == [[0, 0, 1], [1, 2, 2]]
            assert Topic("grain", words).overlaps(*quotes.T)[0].tolist() == [ANYWHERE, TITLE]
            behind = (np.array([n], np.uint32) for n in (0, 2, 2))
            assert Topic("grain", words).overlaps(*behind)[0].tolist() == [ANYWHERE]
        with derived(Path(folder) / "headings", [bare]) as found:
            words = found.catalog.words
            quotes = words.of_quotes([0])
            assert (words.count, quotes.tolist()) == (0, [[0, 0, 0]])
            assert Topic("grain", words).overlaps(*quotes.T)[0].tolist() == [TITLE]


def test_the_people_of_a_country_are_found_in_a_title_too():
    """Also where no sentence of the corpus has them."""
    with made([("Georgian vote", "The dawn came.")]) as (found, _):
        runs = (np.array([n], np.uint32) for n in (0, 0, 1))
        assert Topic("Georgia", found.catalog.words).overlaps(*runs)[0] == pytest.approx([TITLE])


@pytest.mark.xfail(reason="a heading is in no passage, and only sentences of these have words")
def test_a_heading_is_a_part_of_its_article():
    with made([("", "The dawn came up.\n\nGrain prices\n\nThe day came too.")]) as (found, _):
        runs = (np.array([n], np.uint32) for n in (0, 0, 1))
        assert Topic("grain", found.catalog.words).overlaps(*runs)[0] == pytest.approx([ANYWHERE])


@pytest.mark.xfail(reason="stems are indexed without the words that they come from")
def test_a_word_that_tells_nothing_is_not_the_topic_that_shares_its_stem():
    """ "According to" names no accord."""
    with made([("", "According to her it rained."), ("", "The accord held.")]) as (found, _):
        runs = (np.array(c, np.uint32) for c in ([0, 1], [0, 1], [1, 2]))
        assert Topic("accord", found.catalog.words).overlaps(*runs)[0].tolist() == [0, 1]


def test_an_index_from_which_all_articles_were_taken_still_answers(tmp_path):
    """That there is nothing, and not with an error."""
    from index.embedding.embed import load_embedder
    from index.indexing.build import fingerprint
    from index.storage.publish import publish
    from index.storage.snapshot import writing
    from index.storage.store import Store
    from rag import OnRecord

    folder = tmp_path / "index"
    made_with = fingerprint(load_embedder())
    with writing(folder), Store(folder, migrate=True) as store:
        store.stamp(made_with)
        publish(folder, store, made_with)
    with OnRecord(Settings(folder)) as bot:
        for asked in ("What did Ada Holm say about grain?", "Who said that grain is dear?"):
            assert bot.answer(asked).status == "no_answer"
