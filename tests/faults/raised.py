"""Every statement that is stored, put into an answer to every kind of question."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from index.indexing.build import add
from index.search.catalog import Catalog
from index.settings import Settings
from index.storage.snapshot import Generation
from index.types import Quote
from tests.faults.children import Measure, forked, judged

ROOT = Path(__file__).parents[2]
SOURCES = (
    ROOT / "seeds",
    ROOT / "tests" / "browser" / "articles.jsonl",
    ROOT / "training" / "data" / "articles.jsonl",
)
TWO = 2
"""Statements of one article that are also put into one answer together."""


def raised(quick: bool) -> Measure:
    """Answers made of each stored statement: what raises, and what is not the article's."""

    def work() -> int:
        with tempfile.TemporaryDirectory(prefix="raised-") as folder:
            settings = Settings(Path(folder) / "index")
            report = add(list(SOURCES[:2] if quick else SOURCES), settings)
            assert not report.failed, report.failed
            generation = Generation(settings.index)
            tried, errors, wrong = _tried(generation.catalog)
            generation.close()
        print(json.dumps([tried, errors, wrong]))
        return 0

    ended = forked(work)
    if ended.code:
        return judged("statements in answers", [ended.out[-500:]])
    tried, errors, wrong = json.loads(ended.out.splitlines()[-1])
    name = f"{tried:,} answers of stored statements ({len(errors)} raised, {len(wrong)} differ)"
    return judged(name, [*errors, *wrong, *(["nothing was tried"] * (not tried))])


def _tried(catalog: Catalog) -> tuple[int, list[str], list[str]]:
    """How many answers were made, those that raised, and those that are not the article's."""
    from rag.answering.compose import compose
    from rag.answering.verify import verify_answer
    from rag.types import Question, Ranking, Slice

    tried, errors, wrong = 0, list[str](), list[str]()
    statements = catalog.quotes(catalog.quote_ids())
    by_article = itertools.groupby(statements, key=lambda q: q.article_id)
    for group in (list(g) for _, g in by_article):
        alone = ([q] for q in group)
        beside = (group[n : n + TWO] for n in range(len(group) - 1))
        for quotes, question in itertools.product((*alone, *beside), _questions(group, Question)):
            for whole in (False, True):
                tried += 1
                label = f"{[q.id for q in quotes]} asked {question.kind}"
                try:
                    evidence = tuple(_evidence(q, catalog, whole) for q in quotes)
                    found = verify_answer(compose(question, Ranking(evidence)), catalog)
                except Exception as error:
                    errors.append(f"{label}: {type(error).__name__}: {error}")
                    continue
                parts = [p for line in found.lines for p in line.parts if isinstance(p, Slice)]
                differ = any(
                    catalog.article(p.article).text[p.start : p.end] != p.text for p in parts
                )
                numbers = sorted(n for line in found.lines for n in line.numbers)
                kept = list(range(1, len(quotes) + 1))
                if differ or found.status != "answered" or numbers != kept:
                    wrong.append(f"{label}: {found.status}, numbers {numbers}")
    return tried, errors, wrong


def _questions(quotes: list[Quote], question: type) -> Iterator[object]:
    """A question of each kind, with and without the names of the first statement."""
    from rag.types import QuestionKind

    first = quotes[0]
    people = ((first.speaker,) if first.speaker else (), first.addressees)
    speakers, addressees = (tuple(m.name for m in ms if m.name) for ms in people)
    for kind in get_args(QuestionKind):
        if kind != "help":
            yield question("?", kind)
            yield question("?", kind, speakers=speakers, addressees=addressees or ("Nobody",))


def _evidence(quote: Quote, catalog: Catalog, whole: bool) -> object:
    """A stored statement as evidence: its words, or its whole sentence."""
    from rag.types import Evidence

    article = catalog.article(quote.article_id)
    return Evidence(article, quote.sentence if whole else quote.span, quote.sentence, quote)
