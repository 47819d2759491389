"""However an archive grew, it answers as if it had been made at once."""

from __future__ import annotations

import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from index.embedding.tokens import Coded, TokenVectors
from index.people.regroup import PersonChange
from index.search.columns import Fit
from index.search.statistics import statement_counts, statement_ids
from index.storage import publish as module
from index.storage.corrections import Correction, record
from index.storage.made import EncodedArticle
from index.storage.publish import publish
from index.storage.snapshot import Generation, Manifest, writing
from index.storage.store import Analysed, Store, digest
from index.storage.suggestions import (
    accept_suggestion,
    kept_suggestions,
    suggest_person_change,
    undo_suggestion,
)
from index.text.folding import stem, words
from index.types import Article, Quote, Span
from tests.derived import DIMENSION, MADE_WITH, analysed, corrected_parts, quote

NAMES = (
    "Ada Holm", "Holm", "Mr. Holm", "Ida Holm", "A. Holm", "Minister Ada Holm", "the minister",
    "The minister", "Bank of Norland (BON)", "BON", "bank of Norland", "Foreign Ministry",
    "Ministry of Foreign Affairs", "Recep Tayyip Erdoğan", "Erdogan", "Erdoğan", "Lady Tancred",
    "Lord Tancred", "Zoë Tancred", None,
)  # fmt: skip
LINES = (
    "The harbour of Æbeltoft was closed while Minister Ada Holm spoke in the rain of May.",
    "“We will not pay,” she said. “Not in May, and not for a harbour that nobody asked for.”",
    "He asked why; nobody knew, said Ida Holm, the head of the bank, in a short letter.",
    "U.N. officials said no. “Is it so?” asked the U.S. envoy, a friend of Lord Tancred.",
    "It rained in Łódź for the third day, and the grain stood in the water up to its ears.",
)
OUTLETS = ("", "Norland Wire", "Kestria Post")
DATES = ("", "2024-05-01", "2023-12-31", "2024-05-02")
ASKED = ("harbour", "grain may", "holm minister said", "letter", "æbeltoft rained")


def article_of(number: int, seed: int) -> Analysed:
    """One state of an article: its lines, date, outlet, statements, word pieces."""
    draw = np.random.default_rng(seed)
    lines = [LINES[n] for n in draw.integers(0, len(LINES), draw.integers(1, 6))]
    text = "\n\n".join(lines)
    article = Article(
        f"a{number}{'-x' * (number % 3)}",
        text,
        title=text[: draw.integers(0, 12)],
        outlet=OUTLETS[draw.integers(3)],
        published=DATES[draw.integers(4)],
    )
    quotes = []
    for n in range(draw.integers(0, 4)):
        start, end = sorted(draw.choice(len(text) + 1, 2, replace=False).tolist())
        who, told, by = (NAMES[k] for k in draw.integers(0, len(NAMES), 3))
        made = quote(
            article, text[0], [who], [told] if told else [], [by] if by and n else [],
            kind=("direct", "mixed")[draw.integers(2)], act=("say", "deny")[draw.integers(2)],
            tier=("speech", "nominal")[draw.integers(2)],
        )  # fmt: skip
        spans = Span(start, end)
        quotes.append(replace(made, id=f"{article.id}#{n}", content=(spans,), sentence=spans))
    found = analysed(article, quotes)
    vectors = [_alike(p.span.slice(text)) for p in found.passages]
    said = [_alike(q.span.slice(text)) for q in quotes]
    return replace(
        found,
        passage_vectors=np.array(vectors, np.float32).reshape(-1, DIMENSION),
        quote_vectors=np.array(said, np.float32).reshape(-1, DIMENSION),
        passage_tokens=tuple(_pieces(p.span.slice(text)) for p in found.passages),
        quote_tokens=(b"",) * len(quotes),
    )


def _alike(words_: str) -> np.ndarray:
    """The vector of some words; equal ones have equal ones, as in copies."""
    row = np.random.default_rng(zlib.crc32(words_.encode())).normal(size=DIMENSION)
    return row / np.linalg.norm(row)


def _pieces(text: str) -> bytes:
    starts = [
        n for n, letter in enumerate(text) if letter.isalnum() and not text[n - 1 : n].isalnum()
    ]
    ids = [zlib.crc32(text[n : n + 3].encode()) % 50 for n in starts]
    codes = [[zlib.crc32(text[n : n + 3].encode()) % 256, 7] for n in starts]
    whole = (np.array(starts, np.int64), np.array(ids, np.int64), np.array(codes, np.uint8))
    return Coded(whole[0], whole[1], whole[2].reshape(-1, 2)).packed() if starts else b""


def answers(generation: Generation) -> dict[str, object]:
    """What readers find in many ways, by ids and places, whatever the numbers are."""
    catalog, every = generation.catalog, {}
    quotes = {q.id: q for i in catalog.article_ids() for q in _quotes_of(catalog, i)}
    every["content"], every["counts"] = generation.manifest.content, generation.manifest.counts
    every["counted"] = catalog.counts()
    for name in ("article_ids", "outlets", "published", "dates", "sources"):
        every[name] = getattr(catalog, name)()
    every["articles"] = [catalog.article(i) for i in catalog.article_ids()]
    every["people"], every["person_of"] = catalog.people, catalog.person_of
    every["copies"] = catalog.original_of
    every["copies_of"] = [catalog.copies_of(i) for i in catalog.article_ids()]
    every["quotes"] = quotes
    every["described"] = {p.name: catalog.descriptions(p.name) for p in catalog.people}
    every["called"] = sorted(catalog.described([["minister", "head"]]))
    every["counts"] = statement_counts(catalog)
    every["statements"] = statement_ids(catalog, outlet="wire"), statement_ids(catalog)
    every["corrected"] = corrected_parts(catalog, list(quotes))
    every["phrases"] = [catalog.is_phrase(p.split()) for p in ("grain stood", "of may", "no yes")]
    stems = sorted({stem(w) for line in LINES for w in words(line)})
    every["frequencies"] = catalog.words.frequencies(stems), catalog.words.count
    for asked in ASKED:
        found = catalog.sentences(asked.split(), 4)
        every[asked] = [(catalog.article_at(s.article).id, s.span) for s in found]
        stood = catalog.quotes_at(catalog.quotes_in([s.number for s in found]))
        every[f"{asked}: quotes"] = [q.id for q in stood]
        rows = generation.nearest("passages", _alike(asked).astype(np.float32), 4)
        every[f"{asked}: near"] = [
            (catalog.article_at(a).id, start, end)
            for first, beyond in catalog.words.of_passages(rows).tolist() if beyond > first
            for a, start, end, *_ in catalog.words.rows([first]).tolist()
        ]  # fmt: skip
        near = generation.nearest("quotes", _alike(LINES[0]).astype(np.float32), 3)
        every[f"{asked}: near quotes"] = [q.id for q in catalog.quotes_at(near)]
    for limit in (1, 3, 50):
        for vector in (None, _alike("x").astype(np.float32)):
            for fit in (Fit(), Fit(outlets=("Norland Wire",), act="deny", since="2024")):
                people = [p.name for p in catalog.people[:2]]
                chosen = generation.outline.foremost(people, fit, limit, vector)
                every[f"{limit} {vector} {fit}"] = [q.id for q in catalog.quotes_at(chosen)]
    _ask_tokens(generation, every)
    return every


def _quotes_of(catalog, article_id: str) -> Sequence[Quote]:
    return catalog.quotes(catalog.quote_ids(article_ids=[article_id]))


def _ask_tokens(generation: Generation, every: dict[str, object]) -> None:
    ids = np.arange(60)
    vectors = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    none = np.zeros(60, bool)
    question = TokenVectors(vectors, ids, ids + 1, ids, none)
    every["weights"] = generation.tokens.weights(question).tolist()
    spans = [(i, 0, 40) for i in generation.catalog.article_ids()]
    every["tokens"] = generation.tokens.similarities(question, spans).tolist()


@contextmanager
def opened(folder: Path) -> Iterator[Generation]:
    generation = Generation(folder)
    try:
        yield generation
    finally:
        generation.close()


def embedded(
    text: str, passages: Sequence[Span], quotes: Sequence[Sequence[Span]]
) -> EncodedArticle:
    """What the model makes of an article again: what article_of says."""
    return EncodedArticle.of(
        [(span, _alike(span.slice(text)), _pieces(span.slice(text))) for span in passages],
        [(content, _alike(content[0].slice(text)), b"") for content in quotes],
        DIMENSION,
    )


def published(folder: Path, steps: Sequence[tuple[str, int, int]]) -> Manifest:
    """Take these steps and publish what they lead to."""
    with writing(folder), Store(folder) as store:
        store._db.execute("PRAGMA synchronous=OFF")
        for what, number, seed in steps:
            one = article_of(number, seed)
            if what == "remove":
                store.remove(one.article.id)
            elif what == "correct":
                _correct(store, number, seed)
            elif what == "regroup":
                _regroup(store, number, seed)
            elif store.change(one.article, "here") != "unchanged":
                store.put(one, "here", MADE_WITH)
        return publish(folder, store, MADE_WITH, embed=embedded)


def _correct(store: Store, number: int, seed: int) -> None:
    """Put right a statement of the article, if it has one and the article says so."""
    article_id = article_of(number, 0).article.id
    row = store._db.execute("SELECT digest FROM articles WHERE id = ?", (article_id,)).fetchone()
    states = (article_of(number, s) for s in range(SEEDS))
    state = next((s for s in states if row and digest(s.article) == row[0]), None)
    if state is None or not state.quotes:
        return
    value = ("harbour", "Holm", "")[seed % 3]
    if value in state.article.text:
        part = ("speaker", "addressee")[seed % 2]
        record(store.file, Correction(state.quotes[0], state.article, part, value))


def _regroup(store: Store, number: int, seed: int) -> None:
    """Say that two names are one person's, or are not, or take back what was said last."""
    accepted = [s for s in kept_suggestions(store.file, state="accepted") if s.is_of_people]
    if accepted and seed % 3 == 0:
        undo_suggestion(store.file, accepted[-1].number)
        return
    rows = store._db.execute("SELECT DISTINCT name FROM mentions WHERE name != '' ORDER BY name")
    names = [name for (name,) in rows]
    if len(names) > 1:
        other = names[(number + 1 + seed % (len(names) - 1)) % len(names)]
        change = PersonChange(names[number % len(names)], other, same=seed % 2 == 0)
        accept_suggestion(store.file, suggest_person_change(store.file, change))


SEEDS = 12

steps = st.lists(
    st.tuples(
        st.sampled_from(("put", "put", "put", "remove", "correct", "regroup")),
        st.integers(0, 7),
        st.integers(0, SEEDS - 1),
    ),
    min_size=1,
    max_size=24,
)


@settings(deadline=None, max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(steps, st.lists(st.integers(1, 6), min_size=1, max_size=12), st.sampled_from((1, 3, 9)))
def test_any_order_and_any_split_answer_as_one_build(taken, cuts, small):
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        grown, whole = Path(name) / "grown", Path(name) / "whole"
        patch.setattr(module, "OPEN", small)
        patch.setattr(module, "SEALED", 4 * small)
        at = 0
        for cut in [*cuts, len(taken)]:
            if taken[at : at + cut]:
                published(grown, taken[at : at + cut])
            at += cut
        whole.mkdir()
        shutil.copy(grown / "articles.sqlite3", whole)
        patch.setattr(module, "SEALED", 10_000)
        published(whole, [])
        with opened(grown) as one, opened(whole) as other:
            assert len(other.parts) <= 1
            found, expected = answers(one), answers(other)
            for key in expected:
                assert found[key] == expected[key], key
