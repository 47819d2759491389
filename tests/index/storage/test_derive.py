"""What a catalog has beside the truth is what reading the truth would find."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.search import catalog as module
from index.search.vectors import byte_codes, unit_rows
from index.storage.store import Analysed
from index.types import Article, Quote, Span
from tests.derived import Derived, analysed, derived, quote

PEOPLE = ("Ada Holm", "Łucja Żak", "Recep Tayyip Erdoğan")

lines = st.lists(
    st.sampled_from(
        (
            "The harbour of Æbeltoft was closed.",
            "“We will not pay,” she said. “Not in May.”",
            "He asked why; nobody knew. It rained in Łódź.",
            "A Heading About Grain",
            "• One item",
            "…",
            "U.N. officials said no. “Is it so?” asked the U.S. envoy.",
        )
    ),
    min_size=1,
    max_size=7,
).map("\n\n".join)


def said_somewhere(article: Article, draw: np.random.Generator, count: int) -> Analysed:
    """An article with statements wherever they fall: in headings, over several sentences."""
    quotes = []
    for number in range(count):
        start, end = sorted(draw.choice(len(article.text) + 1, 2, replace=False).tolist())
        speakers = [None, *PEOPLE][draw.integers(4)], PEOPLE[draw.integers(3)]
        base = quote(article, article.text[0], speakers, [PEOPLE[draw.integers(3)]])
        span = Span(start, end)
        quotes.append(replace(base, id=f"{article.id}#{number}", content=(span,), sentence=span))
    return analysed(article, quotes)


corpora = st.lists(
    st.tuples(lines, st.integers(0, 4), st.integers(0, 1 << 30)), min_size=0, max_size=5
).map(
    lambda rows: [
        said_somewhere(Article(f"a{n}", text, title=text[:9]), np.random.default_rng(seed), count)
        for n, (text, count, seed) in enumerate(rows)
    ]
)


@settings(deadline=None, max_examples=40)
@given(corpora, st.randoms(use_true_random=False))
def test_numbers_sentences_and_statements_are_those_of_the_truth(parts, draw):
    articles = {a.article.id: a for a in parts}
    shuffled = [
        replace(a, passages=a.passages[::-1], passage_vectors=a.passage_vectors[::-1])
        for a in draw.sample(parts, len(parts))
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        derived(Path(folder) / "index", shuffled) as found,
    ):
        catalog, words = found.catalog, found.catalog.words
        assert catalog.article_ids() == sorted(articles)
        passages = [p for i in sorted(articles) for p in articles[i].passages]
        rows = [v for i in sorted(articles) for v in articles[i].passage_vectors]
        assert catalog.rows("SELECT number, id FROM passages ORDER BY number") == [
            (n, p.id) for n, p in enumerate(passages)
        ]
        stored = unit_rows(byte_codes(np.array(rows, np.float32).reshape(-1, 8)))
        assert np.array_equal(found.matrices["passages"], stored)
        sentences = [(p.article_id, s, n) for n, p in enumerate(passages) for s in p.sentences]
        assert words.count == len(sentences)
        for number, (article_id, span, passage) in enumerate(sentences):
            one = catalog.sentence(number)
            held = catalog.article_at(one.article).id
            assert (one.number, held, one.span, one.passage) == (number, article_id, span, passage)
        check_statements(found, articles, [(a, s) for a, s, _ in sentences])


def check_statements(
    found: Derived, articles: dict[str, Analysed], sentences: Sequence[tuple[str, Span]]
) -> None:
    """Quotes are numbered by who speaks, and stand in just the sentences that they touch."""
    catalog = found.catalog

    def place(q: Quote) -> tuple[str, str]:
        name = q.speaker.name if q.speaker else None
        return (catalog.person_of[name] if name else "", q.id)

    every = sorted((q for a in articles.values() for q in a.quotes), key=place)
    assert catalog.quotes_at(range(len(every))) == every
    assert catalog.quotes([q.id for q in every]) == every
    vectors = {
        q.id: v for a in articles.values() for q, v in zip(a.quotes, a.quote_vectors, strict=True)
    }
    for number, q in enumerate(every):
        assert np.array_equal(
            found.matrices["quotes"][number], unit_rows(byte_codes(vectors[q.id][None]))[0]
        )
        touched = [
            n
            for n, (article_id, span) in enumerate(sentences)
            if article_id == q.article_id and span.overlaps(q.sentence)
        ]
        article, first, beyond = catalog.words.of_quotes([number])[0].tolist()
        assert catalog.article_ids()[article] == q.article_id
        assert list(range(first, beyond)) == touched
        begins, ends = catalog.words.of_articles([article])[0].tolist()
        assert begins <= first <= beyond <= ends
    places = catalog.words.of_quotes(range(len(every))).tolist()
    for n in range(len(sentences)):
        there = [k for k, (_, f, b) in enumerate(places) if f <= n < b]
        assert catalog.quotes_in([n]) == there


def test_an_empty_truth_gives_an_empty_catalog(tmp_path):
    with derived(tmp_path / "index", []) as found:
        catalog = found.catalog
        assert set(catalog.counts().values()) == {0}
        assert catalog.people == ()
        assert catalog.outlets() == catalog.published() == catalog.article_ids() == []
        assert catalog.quotes_at([]) == catalog.quotes([]) == catalog.quotes_in([]) == []
        assert catalog.sentences(["grain"], 5) == []
        assert not catalog.is_phrase(["grain"])
        with pytest.raises(IndexError):
            catalog.sentence(0)
        with pytest.raises(KeyError):
            catalog.quotes_at([0])


def test_articles_without_quotes_sentences_or_more_than_a_line(tmp_path):
    texts = {"a-line": "It rained.", "b-mark": "…", "c-blank": " ", "d-heading": "Rain\n\nIt fell."}
    with derived(tmp_path / "index", [analysed(Article(i, t)) for i, t in texts.items()]) as found:
        words = found.catalog.words
        read = [found.catalog.sentence(n) for n in range(words.count)]
        names = [found.catalog.article_at(s.article).id for s in read]
        assert [(i, s.span.slice(texts[i])) for i, s in zip(names, read, strict=True)] == [
            ("a-line", "It rained."), ("b-mark", "…"), ("d-heading", "It fell."),
        ]  # fmt: skip
        assert words.of_articles(range(4)).tolist() == [[0, 1], [1, 2], [2, 2], [2, 3]]
        assert words.best({"rain"}, 5) == [0]


def test_a_statement_in_a_heading_stands_in_no_sentence(tmp_path):
    text = "It rained.\n\n“No Grain” Says Holm Again And\n\nIt rained on.\n\n“We pay,” Holm Says"
    article = Article("a", text)
    cut = analysed(article)
    quotes = [quote(article, "“No Grain”", ["Ada Holm"]), quote(article, "rained", ["Ada Holm"])]
    kept = [s for p in cut.passages for s in p.sentences if "Grain" not in s.slice(text)]
    passage = replace(cut.passages[0], sentences=tuple(kept))
    parts = replace(
        analysed(article, quotes),
        passages=(passage,),
        passage_vectors=np.eye(1, 8, dtype=np.float32),
    )
    with derived(tmp_path / "index", [parts]) as found:
        numbers = {q.id: n for n, q in enumerate(found.catalog.quotes_at(range(2)))}
        heading, sentence = (
            found.catalog.words.of_quotes([numbers[q.id]])[0].tolist() for q in quotes
        )
        assert heading == [0, 1, 1]
        assert sentence == [0, 0, 1]
        assert found.catalog.quotes_in(range(len(kept))) == [numbers[quotes[1].id]]


@pytest.mark.parametrize("most", [1001, 32_767, 40_000])
def test_any_number_of_values_goes_into_one_call(tmp_path, most):
    """SQLite takes 32,766 values in a query at least, and may take no more."""
    article = Article("a", "“Words of it,” she said. It rained.")
    said = quote(article, "“Words of it,” she said.", ["Ada Holm"])
    with derived(tmp_path / "index", [analysed(article, [said])]) as found:
        catalog = found.catalog
        for rows in catalog._segments:
            rows._db.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)
        names = [f"nobody {n}" for n in range(most)]
        assert catalog.quotes([*names, said.id]) == [said]
        assert catalog.quotes_in([*range(most), 0]) == [0]
        assert catalog.quotes_in(range(1, most)) == []
        assert catalog.quote_ids(speakers=[*names, "Ada Holm"], article_ids=[*names, "a"]) == [
            said.id
        ]
        assert catalog.speakers_in([*range(1, most), 0]) == {"Ada Holm"}
        assert catalog.quotes_at([0] * most) == [said] * most
        with pytest.raises(KeyError):
            catalog.quotes_at(range(most))
        assert [s.number for s in catalog.sentences([*names, "rained"], 5)] == [1]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """An index of 1,500 statements, and these in the order of their numbers."""
    parts = []
    for number in range(150):
        lines = (f"“Words {n} of it,” she said." for n in range(10))
        text = "\n\n".join(("Rain was falling over the whole valley.", *lines))
        article = Article(f"a{number:03}", text, outlet="Wire")
        quotes = [
            quote(article, f"“Words {n} of it,” she said.", [PEOPLE[n % 3]], [PEOPLE[number % 3]])
            for n in range(10)
        ]
        parts.append(analysed(article, quotes))
    with derived(tmp_path_factory.mktemp("many") / "index", parts) as found:
        every = [q for a in parts for q in a.quotes]
        yield found, sorted(every, key=lambda q: (q.speaker.name, q.id))


def test_more_than_a_thousand_statements_are_read_in_one_call(many):
    found, every = many
    order = np.random.default_rng(0).permutation(len(every)).tolist()
    assert found.catalog.quotes_at([*order, *order]) == [every[n] for n in (*order, *order)]
    assert found.catalog.quotes(every[n].id for n in order) == [every[n] for n in order]
    assert found.catalog.quotes_in(range(found.catalog.words.count)) == list(range(len(every)))


def test_threads_share_a_catalog_whose_cache_is_replaced_all_the_time(many, monkeypatch):
    found, every = many
    monkeypatch.setattr(module, "_MAX_STATEMENTS_KEPT", 40)

    def ask(seed: int) -> None:
        draw = np.random.default_rng(seed)
        for _ in range(60):
            numbers = draw.integers(0, len(every), draw.integers(1, 60)).tolist()
            assert found.catalog.quotes_at(numbers) == [every[n] for n in numbers]
            stems = {"word", str(draw.integers(0, 10))}
            assert len(found.catalog.words.best(stems, 7)) == 7

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))


def test_the_order_of_adding_makes_no_difference_to_any_file(tmp_path):
    """Built three times, all that is mapped is the same to the byte, and so are the tables."""
    draw = np.random.default_rng(0)
    texts = ["“We will pay,” she said. It rained.\n\nRain\n\nIt rained on in May."] * 4
    parts = [
        said_somewhere(Article(f"a{n}", text, "Rain", outlet=("Wire", "wire")[n % 2]), draw, 3)
        for n, text in enumerate(texts)
    ]
    made = []
    for number, order in enumerate(itertools.islice(itertools.permutations(parts), 0, 24, 9)):
        folder = tmp_path / str(number)
        with derived(folder, order) as found:
            tables = ("people", "outlets", "copies", "quotes", "passages", "stated", "parts",
                      "descriptions", "described_in")  # fmt: skip
            rows = {t: found.catalog.rows(f"SELECT * FROM {t} ORDER BY 1, 2") for t in tables}
        (segment,) = (folder / "segments").iterdir()
        files = {
            str(f.relative_to(segment)): f.read_bytes() for f in sorted(segment.rglob("*.npy"))
        }
        assert len(files) == 27
        made.append((files, rows))
    assert made[0] == made[1] == made[2]
