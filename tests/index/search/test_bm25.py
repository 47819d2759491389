"""The inverted index finds and weighs what reading every sentence would, and FTS5 does."""

from __future__ import annotations

import math
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.search import bm25 as module
from index.search.across import WordsAcross
from index.search.bm25 import CONTEXT_CHARACTERS, PostingsWriter, WordIndex
from index.text.folding import plain_words, stem
from index.types import Span

Corpus = Sequence[tuple[str, Sequence[Sequence[str]]]]
"""Of each article the title, and its passages as sentences."""

VOCABULARY = (
    "grain grains harbour harbours Erdoğan Łódź straße U.N. Zürich the it a100 x_y Ægir "
    "naïve 2024 minister ministers 北京 don't"
).split()

some_words = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join)
passage_lists = st.lists(st.lists(some_words, min_size=1, max_size=4), max_size=4)
corpora = st.lists(st.tuples(some_words | st.just(""), passage_lists), max_size=5)
questions = st.sets(st.sampled_from([stem(w) for v in VOCABULARY for w in plain_words(v)]))


def laid_out(passages: Sequence[Sequence[str]]) -> tuple[str, list[list[Span]]]:
    """A text of these sentences, and where they stand."""
    text, spans = "", []
    for passage in passages:
        spans.append(list[Span]())
        for sentence in passage:
            spans[-1].append(Span(len(text), len(text) + len(sentence)))
            text += f"{sentence} "
        text += "\n\n"
    return text, spans


@contextmanager
def indexed(corpus: Corpus, quotes: Sequence[tuple[int, ...]] = ()) -> Iterator[WordsAcross]:
    writer = PostingsWriter()
    with tempfile.TemporaryDirectory() as folder:
        for title, passages in corpus:
            text, spans = laid_out(passages)
            assert writer.add(text, title, spans) == [s for passage in spans for s in passage]
        writer.write(Path(folder) / "words", quotes)
        yield of_one_segment(Path(folder) / "words", len(corpus))


def of_one_segment(folder: Path, articles: int) -> WordsAcross:
    """The words of an index that has one segment."""
    ids = np.array([f"a{n:05}".encode() for n in range(articles)], "S6")
    return WordsAcross([SimpleNamespace(words=WordIndex(folder), ids=ids)])


def sentences(corpus: Corpus) -> list[Counter[str]]:
    """The stems of every sentence, with how often each stands there."""
    every = (s for _, passages in corpus for passage in passages for s in passage)
    return [Counter(map(stem, plain_words(sentence))) for sentence in every]


def bm25(counts: Sequence[Counter[str]], stems: Collection[str]) -> dict[int, float]:
    """The score of each sentence that has any of the stems, by the formula as it is printed."""
    mean = sum(c.total() for c in counts) / len(counts) if counts else 1
    scores: dict[int, float] = {}
    for wanted in stems:
        having = [n for n, c in enumerate(counts) if c[wanted]]
        idf = max(math.log((len(counts) - len(having) + 0.5) / (len(having) + 0.5)), 1e-6)
        for n in having:
            tf, length = counts[n][wanted], counts[n].total()
            weight = idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / mean))
            scores[n] = scores.get(n, 0.0) + weight
    return scores


def assert_best(found: Sequence[int], scores: dict[int, float], limit: int) -> None:
    """As many as there are, none twice, the best, best first."""
    assert len(found) == len(set(found)) == min(limit, len(scores))
    got = [scores[n] for n in found]
    assert got == pytest.approx(sorted(scores.values(), reverse=True)[:limit], rel=1e-5)


@settings(deadline=None, max_examples=100)
@given(corpora, questions)
def test_what_is_found_is_what_reading_every_sentence_finds(corpus, stems):
    counts = sentences(corpus)
    titles = [set(map(stem, plain_words(title))) for title, _ in corpus]
    with indexed(corpus) as words:
        assert words.count == len(counts)
        assert words.having(stems).tolist() == [n for n, c in enumerate(counts) if stems & c.keys()]
        assert words.titled(stems).tolist() == [n for n, t in enumerate(titles) if stems & t]
        expected = Counter(s for c in counts for s in c if s in stems)
        assert words.frequencies(stems) == expected
        known = sorted({s for c in counts for s in c})
        for beginning in ("", "g", "har", "北", "zur", "nowhere"):
            assert words.terms(beginning) == [t for t in known if t.startswith(beginning)]
            in_titles = sorted(t for t in set[str]().union(*titles) if t.startswith(beginning))
            assert words.title_terms(beginning) == in_titles


@settings(deadline=None, max_examples=100)
@given(corpora, questions, st.integers(0, 12))
def test_the_best_are_those_of_bm25_and_equal_ones_keep_their_order(corpus, stems, limit):
    counts = sentences(corpus)
    with indexed(corpus) as words:
        found = words.best(stems, limit)
    assert_best(found, bm25(counts, stems), limit)
    told = {n: ([counts[n][s] for s in sorted(stems)], counts[n].total()) for n in found}
    assert all(told[n] != told[m] or n < m for n, m in pairwise(found))


@settings(deadline=None, max_examples=60)
@given(corpora, questions, st.integers(1, 12))
def test_too_many_sentences_to_weigh_leave_out_the_plainest_words(corpus, stems, most):
    counts = sentences(corpus)
    every = Counter(s for c in counts for s in c if s in stems)
    kept, left = set[str](), most
    for count, wanted in sorted((count, s) for s, count in every.items()):
        if list(every.values()).count(count) > 1:
            return  # which of two equally rare words is left out, the index may choose
        left -= count
        kept |= {wanted} if left >= 0 or not kept else set()
    with pytest.MonkeyPatch.context() as patch, indexed(corpus) as words:
        patch.setattr(module, "MAX_SENTENCES_WEIGHED", most)
        assert_best(words.best(stems, 100), bm25(counts, kept), 100)


@settings(deadline=None, max_examples=60)
@given(st.lists(passage_lists, max_size=5), st.integers(1, 120))
def test_every_sentence_is_known_by_where_it_stands(texts, longer):
    """The longer words, the fewer sentences stand in the characters before one."""
    corpus = [("", [[s + "x" * longer for s in p] for p in passages]) for passages in texts]
    with indexed(corpus) as words:
        number = passage = 0
        for article, (_, passages) in enumerate(corpus):
            first, (_, spans) = number, laid_out(passages)
            every = [s for p in spans for s in p]
            for sentences_of in spans:
                assert words.of_passages([passage])[0].tolist() == [
                    number,
                    number + len(sentences_of),
                ]
                for span in sentences_of:
                    near = [
                        first + n
                        for n, s in enumerate(every)
                        if s.end > span.start - CONTEXT_CHARACTERS
                    ]
                    row = [article, span.start, span.end, passage, min(near)]
                    assert words.rows([number])[0].tolist() == row
                    assert words.before([number]).tolist() == [min(near)]
                    number += 1
                passage += 1
            assert words.of_articles([article])[0].tolist() == [first, number]
        assert number == words.count


@pytest.mark.parametrize(
    ("most", "found"), [(1, {0}), (4, {0}), (5, {0, 1, 2, 3, 4}), (11, {0, 1, 2, 3, 4})]
)
def test_as_many_sentences_are_weighed_as_may_be(monkeypatch, most, found):
    """Of the rarest word all, of the next all or none, and then none of a plainer one."""
    monkeypatch.setattr(module, "MAX_SENTENCES_WEIGHED", most)
    with indexed([("", [["rare"], *[["grain"]] * 4, *[["harbour"]] * 7])]) as words:
        assert set(words.best({stem("rare"), "grain", "harbour"}, 100)) == found
        assert set(words.best({"harbour"}, 100)) == set(range(5, 12))


def test_an_empty_corpus_has_no_words():
    with indexed([]) as words:
        assert words.count == 0
        assert words.best({"grain"}, 5) == []
        assert words.having({"grain"}).tolist() == words.titled({"grain"}).tolist() == []
        assert words.frequencies({"grain"}) == {}
        assert words.terms("g") == []
        assert words.of_articles([]).shape == words.of_passages([]).shape == (0, 2)
        assert words.of_quotes([]).shape == (0, 3)


def test_sentences_without_a_word_are_counted_and_never_found():
    corpus = [("…", [["…", "?!"], ["— —"]])]
    with indexed(corpus) as words:
        assert words.count == 3
        assert words.terms("") == []
        assert words.best({"", "…"}, 5) == []


def test_nothing_asked_or_nothing_known_finds_nothing():
    with indexed([("grain", [["grain in the harbour"]])]) as words:
        for stems in ((), {"unheard"}, {"unheard", "of"}):
            assert words.best(stems, 10) == []
            assert words.having(stems).tolist() == []
            assert words.titled(stems).tolist() == []
            assert words.frequencies(stems) == {}


@pytest.mark.parametrize(
    "strange",
    ["it's", 'a"b', "'; DROP TABLE terms; --", "100%", "%", "_", "*", "x" * 5000, "\0", "ü\u0301"],
)
def test_a_strange_stem_is_a_word_like_any_other(strange):
    with indexed([("", [["100 percent of it", "x" * 5000 + " it"]])]) as words:
        known = strange == "x" * 5000
        assert words.frequencies({strange}) == ({strange: 1} if known else {})
        assert words.having([strange]).tolist() == ([1] if known else [])
        assert words.best([strange], 3) == ([1] if known else [])
        assert words.terms(strange) == ([strange] if known else [])
        assert words.frequencies({"it"}) == {"it": 2}


def test_a_word_of_nearly_every_sentence_weighs_least_and_still_finds():
    corpus = [("", [["the grain"], *[["the harbour"]] * 20, ["the grain the grain"]])]
    with indexed(corpus) as words:
        assert words.best({"the", "grain"}, 2) == [21, 0]
        assert set(words.best({"the"}, 100)) == set(range(22))


def test_any_number_of_stems_can_be_looked_up():
    writer = PostingsWriter()
    text = "grain in harbour"
    writer.add(text, "grain", [[Span(0, len(text))]])
    many = [*(f"w{n}" for n in range(40_000)), "grain"]
    with tempfile.TemporaryDirectory() as folder:
        writer.write(Path(folder) / "words", [])
        words = of_one_segment(Path(folder) / "words", 1)
        assert words.frequencies(many) == {"grain": 1}
        assert words.having(many).tolist() == [0]
        assert words.titled(many).tolist() == [0]
        assert words.best(many, 5) == [0]


def test_a_long_article_takes_time_by_its_length():
    """Not by the square of it: an article may have five million letters."""

    def spent(sentences_of: int) -> float:
        spans = [[Span(9 * n, 9 * n + 8)] for n in range(sentences_of)]
        began = time.process_time()
        PostingsWriter().add("One two. " * sentences_of, "", spans)
        return time.process_time() - began

    short, long = (min(spent(n) for _ in range(3)) for n in (2000, 16_000))
    assert long < 8 * 3 * short  # 16,000 took 57 times as long as 2,000


def ascii_corpus(draw: np.random.Generator) -> Corpus:
    """Sentences of plain words, with frequencies as in a language."""
    vocabulary = (
        "minister grain harbour harbours treaty tax taxes negotiation negotiating relational "
        "prices priced ferry ferries happy happiness election elected running generously hopping"
    ).split()
    shares = 1 / np.arange(1, len(vocabulary) + 1)
    shares /= shares.sum()
    text = [
        [" ".join(draw.choice(vocabulary, size=draw.integers(2, 25), p=shares)) for _ in range(5)]
        for _ in range(60)
    ]
    return [("", text[n : n + 6]) for n in range(0, 60, 6)]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_is_that_of_fts5(seed):
    draw = np.random.default_rng(seed)
    corpus = ascii_corpus(draw)
    counts = sentences(corpus)
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE t USING fts5(folded, tokenize='porter unicode61 remove_diacritics 2')"
    )
    plain = [s for _, passages in corpus for p in passages for s in p]
    db.executemany("INSERT INTO t(rowid, folded) VALUES (?, ?)", enumerate(plain))
    every = sorted({w for s in plain for w in s.split()})
    with indexed(corpus) as words:
        for _ in range(25):
            asked = draw.choice(every, size=draw.integers(1, 5), replace=False).tolist()
            scores = {
                n: -score
                for n, score in db.execute(
                    "SELECT rowid, bm25(t) FROM t WHERE t MATCH ?",
                    (" OR ".join(f'"{w}"' for w in {stem(w): w for w in asked}.values()),),
                )
            }
            stems = {stem(w) for w in asked}
            assert scores == pytest.approx(bm25(counts, stems), rel=1e-5)
            assert_best(words.best(stems, 20), scores, 20)
    db.close()
