"""Vectors and outlines find what comparing one statement after the other would."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lang import language
from index.search.columns import ENTRY, Fit
from index.search.vectors import COLLECTIONS, Vectors, byte_codes, nearest, new_codes
from index.types import Article, Kind, Quote, Tier
from tests.derived import DIMENSION, Derived, analysed, derived, quote

PEOPLE = ("Ada Holm", "Łucja Żak", "Recep Tayyip Erdoğan", "Erdogan", "Sinéad Ó Briain", "王小明")
NOBODY = "Ottoline Wexcombe"
OUTLETS = ("", "Norland Wire", "norland wire", "Ærø Avis")
ACTS = ("say", "deny", "criticise", "apologise")
DATES = (
    *("", "2024", "2024-05", "2024-05-01", "2024-05-31", "2023-12-31T23:59:00+02:00"),
    *("2024-05-01T10:30:00Z", "Mittwoch", "Çarşamba günü", "水曜日", "1 May 2024", "٢٠٢٤-٠٥-٠١"),
)
PERIODS = ("", "2023", "2024", "2024-05", "2024-05-01", "2024-06")

statements = st.builds(
    dict,
    speakers=st.lists(st.sampled_from((*PEOPLE, None)), max_size=3),
    addressees=st.lists(st.sampled_from(PEOPLE), max_size=2),
    relays=st.lists(st.sampled_from(PEOPLE), max_size=1),
    kind=st.sampled_from(get_args(Kind)),
    act=st.sampled_from(ACTS),
    tier=st.sampled_from(get_args(Tier)),
)
articles_of = st.lists(
    st.tuples(st.sampled_from(OUTLETS), st.sampled_from(DATES), st.lists(statements, max_size=5)),
    max_size=5,
)
some_people = st.lists(st.sampled_from((*PEOPLE, NOBODY)), max_size=3)


@contextmanager
def made(rows: Sequence[tuple[str, str, Sequence[dict]]]) -> Iterator[tuple[Derived, list[Quote]]]:
    """An index of articles with these outlets, dates and statements, and the latter in the
    order of their numbers."""
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for number, (outlet, published, said) in enumerate(rows):
            text = (
                "\n\n".join(f"“Words {n} of it,” she said." for n in range(len(said))) + "\n\nEnd."
            )
            article = Article(f"a{number}", text, outlet=outlet, published=published)
            quotes = [
                quote(article, f"“Words {n} of it,” she said.", **s) for n, s in enumerate(said)
            ]
            parts.append(analysed(article, quotes))
        with derived(Path(folder) / "index", parts) as found:
            count = found.catalog.counts()["quotes"]
            yield found, found.catalog.quotes_at(range(count))


def in_period(day: str, fit: Fit) -> bool:
    """As the search says it of one statement (`rag/retrieval/retrieve.py`)."""
    if not (fit.since or fit.until):
        return True
    after = day[: len(fit.since)] >= fit.since
    before = not fit.until or day[: len(fit.until)] <= fit.until
    return bool(day) and after and before


def one_by_one(
    found: Derived, quotes: Sequence[Quote], people: Sequence[str], fit: Fit, vector=None
) -> list[int]:
    """Every statement of these people, in the order that `foremost` promises."""
    person_of, rows = found.catalog.person_of, []
    for number, q in enumerate(quotes):
        spoke = {q.speaker, *q.co_speakers} - {None}
        parts = [
            {person_of[m.name] for m in mentions if m.name}
            for mentions in (spoke, q.addressees, q.chain)
        ]
        if not any(set(people) & part for part in parts):
            continue
        article = found.catalog.article(q.article_id)
        keeps = (
            (not fit.kind or q.kind == fit.kind)
            and (not fit.outlets or article.outlet in fit.outlets)
            and in_period(article.published, fit)
        )
        has = bool(parts[0] & set(fit.speakers) & set(people)) + bool(
            parts[1] & set(fit.addressees) & set(people)
        )
        acts = not fit.act or q.act == fit.act
        last = (
            q.tier != "speech"
            if vector is None
            else -float(np.vecdot(found.matrices["quotes"][number], vector))
        )
        rows.append((not keeps, -has, not acts, last, q.article_id, q.id, number))
    return [row[-1] for row in sorted(rows)]


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_what_fits_is_what_looking_at_every_statement_finds(data):
    with made(data.draw(articles_of)) as (found, quotes):
        outlets = [o for (o,) in found.catalog.rows("SELECT outlet FROM outlets ORDER BY number")]
        for _ in range(8):
            people = data.draw(some_people)
            fit = Fit(
                speakers=tuple(data.draw(some_people)),
                addressees=tuple(data.draw(some_people)),
                act=data.draw(st.sampled_from(("", *ACTS, "refuse"))),
                kind=data.draw(st.sampled_from(("", *get_args(Kind)))),
                outlets=tuple(data.draw(st.sets(st.sampled_from(outlets)))) if outlets else (),
                since=data.draw(st.sampled_from(PERIODS)),
                until=data.draw(st.sampled_from(PERIODS)),
            )
            vector = data.draw(st.sampled_from((None, *np.eye(DIMENSION, dtype=np.float32)[:2])))
            limit = data.draw(st.sampled_from((0, 1, 2, 3, 5, 100)))
            expected = one_by_one(found, quotes, people, fit, vector)
            assert found.outline.foremost(people, fit, limit, vector) == expected[:limit]


def test_of_many_statements_those_that_fit_best_are_taken():
    """At each limit there are as many as may be, also where many fit equally well."""
    draw = np.random.default_rng(0)

    def some(values: Sequence, most: int) -> list:
        return draw.choice(values, draw.integers(0, most + 1), replace=False).tolist()

    def one(values: Sequence[str]) -> str:
        return str(draw.choice(values))

    kinds, tiers = get_args(Kind), get_args(Tier)
    rows = [
        (one(OUTLETS), one(DATES), [
            {"speakers": some(PEOPLE[:2], 2), "addressees": some(PEOPLE[:2], 1),
             "act": one(ACTS), "kind": one(kinds), "tier": one(tiers)}
            for _ in range(5)
        ])
        for _ in range(30)
    ]  # fmt: skip
    with made(rows) as (found, quotes):
        for _ in range(100):
            people, vector = some(PEOPLE[:2], 2), draw.normal(size=DIMENSION).astype(np.float32)
            fit = Fit(
                speakers=tuple(some(PEOPLE[:2], 2)),
                addressees=tuple(some(PEOPLE[:2], 1)),
                act=one(("", *ACTS)),
                kind=one(("", *kinds)),
                outlets=tuple(some(OUTLETS, 2)),
                since=one(PERIODS),
                until=one(PERIODS),
            )
            for near in (None, vector):
                expected = one_by_one(found, quotes, people, fit, near)
                for limit in (1, 2, 7, 30, 31, 60, 149):
                    assert found.outline.foremost(people, fit, limit, near) == expected[:limit]


def test_an_empty_index_has_no_statements():
    with made([]) as (found, _):
        assert found.outline.foremost(["Ada Holm"], Fit(speakers=("Ada Holm",)), 5) == []
        assert found.outline.foremost([], Fit(), 5) == []
        assert found.catalog.quotes_in([0]) == []
        for name in COLLECTIONS:
            assert found.matrices[name].shape == (0, DIMENSION)
            assert found.vectors.nearest(name, np.ones(DIMENSION, np.float32), 3) == []
            assert found.vectors.similarities(name, [], np.ones(DIMENSION, np.float32)).size == 0


def test_somebody_who_speaks_to_himself_has_one_entry_with_both_parts():
    said = {"speakers": ["Ada Holm"], "addressees": ["Ada Holm"], "relays": ["Ada Holm"]}
    other = {"speakers": ["Ada Holm"], "addressees": ["Łucja Żak"]}
    with made([("", "", [other, said])]) as (found, quotes):
        fit = Fit(speakers=("Ada Holm",), addressees=("Ada Holm",))
        first, second = found.outline.foremost(["Ada Holm", "Ada Holm"], fit, 5)
        assert quotes[first].addressees[0].name == "Ada Holm"
        assert quotes[second].addressees[0].name == "Łucja Żak"


def test_no_value_is_longer_than_its_place_in_an_entry():
    """NumPy cuts longer ones without a word, and they would never be found again."""
    acts = {*language().acts, *language().verb_acts.values()}
    acts |= set(language().noun_acts.values())
    for name, values in (("act", acts), ("kind", get_args(Kind)), ("tier", get_args(Tier))):
        assert max(len(value.encode()) for value in values) <= ENTRY[name].itemsize


@pytest.mark.parametrize("published", DATES)
def test_a_period_is_compared_as_letters_are(published):
    """Dates come as the source gave them; what is no date is before or after by its letters."""
    misfit, asked = ({"speakers": ["Ada Holm"], "kind": kind} for kind in ("indirect", "direct"))
    with made([("", published, [misfit]), ("", published, [asked])]) as (found, _):
        for since, until in itertools.product(PERIODS, PERIODS):
            fit = Fit(kind="direct", since=since, until=until)
            order = [1, 0] if in_period(published, fit) else [0, 1]
            assert found.outline.foremost(["Ada Holm"], fit, 2) == order


vector_rows = st.integers(0, 12).flatmap(
    lambda count: st.lists(
        st.lists(st.sampled_from((-1.0, -0.5, 0.0, 0.25, 1.0)), min_size=4, max_size=4),
        min_size=count,
        max_size=count,
    )
)


@contextmanager
def matrices(rows: np.ndarray) -> Iterator[Vectors]:
    with tempfile.TemporaryDirectory() as folder:
        for name in COLLECTIONS:
            new_codes(Path(folder), name, *rows.shape)[:] = byte_codes(rows)
        yield Vectors(Path(folder))


@settings(deadline=None, max_examples=100)
@given(vector_rows, st.integers(0, 15))
def test_the_nearest_are_those_of_a_whole_sort(rows, k):
    """Zero vectors among them; of equal ones the first."""
    matrix = np.array(rows, np.float32).reshape(-1, 4)
    vector = np.array([0.5, 1.0, -0.25, 0.125], np.float32)
    with matrices(matrix) as found:
        similar = [found.similarities("quotes", [n], vector).item() for n in range(len(matrix))]
        assert np.allclose(similar, found.matrices["quotes"] @ vector, atol=1e-5)
        expected = sorted(range(len(matrix)), key=lambda n: (-similar[n], n))[:k]
        assert found.nearest("quotes", vector, k) == expected
        asked = [*expected, *expected]
        got = found.similarities("passages", asked, vector)
        assert got.tolist() == [similar[n] for n in asked]


def test_vectors_read_back_nearly_as_they_were_and_are_coded_as_before():
    rows = np.random.default_rng(0).normal(size=(70, 384)).astype(np.float32)
    with matrices(rows) as found:
        for name in COLLECTIONS:
            assert not found.codes[name].flags.writeable
            read = found.matrices[name]
            assert np.array_equal(byte_codes(read), found.codes[name])
            assert np.allclose(np.linalg.norm(read, axis=1), 1, atol=1e-6)
            cosines = np.vecdot(rows, read) / np.linalg.norm(rows, axis=1)
            assert cosines.min() > 0.9999


@pytest.mark.parametrize("count", [2, 3, 5, 17, 33, 150])
def test_equal_vectors_are_equally_near_wherever_they_stand(count):
    """Wire copies have them; a last bit must not decide which of them comes first."""
    draw = np.random.default_rng(count)
    matrix = np.tile(draw.normal(size=384).astype(np.float32), (count, 1))
    with matrices(matrix) as found:
        for _ in range(20):
            vector = draw.normal(size=384).astype(np.float32)
            assert found.nearest("quotes", vector, count) == list(range(count))
            assert found.nearest("quotes", vector, 1) == [0]
            assert len(set(found.similarities("quotes", range(count), vector).tolist())) == 1
            some = found.similarities("quotes", [count - 1], vector)
            assert some == found.similarities("quotes", range(count), vector)[0]


def test_what_is_no_number_comes_last():
    """A model that fails on a text gives such a row, and the others are found all the same."""
    similar = np.array([0.1, np.nan, 0.9, np.nan, 0.5], np.float32)
    assert nearest(similar, 1) == [2]
    assert nearest(similar, 3) == [2, 4, 0]
    assert nearest(similar, 5)[:3] == [2, 4, 0]
    assert sorted(nearest(similar, 9)) == [0, 1, 2, 3, 4]
    assert nearest(np.full(3, np.nan, np.float32), 2) == [0, 1]


def test_the_order_of_adding_makes_no_difference():
    """Ties are broken by the ids of the statements, of which each index has the same."""
    speech = {"speakers": ["Ada Holm"], "addressees": ["Łucja Żak"]}
    articles = []
    for number in range(4):
        article = Article(f"a{number}", "“Words of it,” she said.\n\nEnd.", outlet="Wire")
        parts = analysed(article, [quote(article, "“Words of it,” she said.", **speech)])
        same = np.full((1, DIMENSION), DIMENSION**-0.5, np.float32)
        articles.append(replace(parts, quote_vectors=same))
    answers = []
    for order in itertools.islice(itertools.permutations(articles), 0, None, 11):
        with (
            tempfile.TemporaryDirectory() as folder,
            derived(Path(folder) / "index", order) as found,
        ):
            vector = np.linspace(0.1, 0.9, DIMENSION, dtype=np.float32)
            for near in (None, vector):
                for limit in (2, 9):
                    numbers = found.outline.foremost(PEOPLE, Fit(speakers=PEOPLE), limit, near)
                    answers.append((limit, [q.id for q in found.catalog.quotes_at(numbers)]))
            near = found.vectors.nearest("quotes", vector, 4)
            answers.append((9, [q.id for q in found.catalog.quotes_at(near)]))
    ids = [quote.id for parts in articles for quote in parts.quotes]
    assert all(found == ids[:limit] for limit, found in answers)
