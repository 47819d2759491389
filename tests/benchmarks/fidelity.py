"""Statements as answers show them, drawn at random, for reading by hand.

    python tests/benchmarks/fidelity.py ARTICLES OUT.tsv [--articles N] [--seed SEED]

ARTICLES is a file of JSON lines with "id", "text" and maybe "title"; more than one may be
given.  Of the statements that the articles assert, so many are drawn of each stratum; each is
composed as the only evidence for "What did SPEAKER say?".  A row of OUT.tsv has what stands
before the sentence, the sentence, and the line of the answer with the cited words between ⟪ and
⟫; the columns "false", "broken" and "unprintable" are left to the reader.  The last line that is
printed has the size of each stratum, by which the rates are to be weighted.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

from measure import json_lines

from index.attribution.extract import extractions
from index.types import Article, Quote, Span
from rag.answering.compose import compose
from rag.types import Evidence, Line, Question, Ranking, Slice

Stratum = Literal["direct or mixed", "indirect", "related"]
"""A statement that is only named, or has an addressee or a source between, is a related one;
others are told apart by their marks."""

DRAWN: dict[Stratum, int] = {"direct or mixed": 80, "indirect": 100, "related": 60}

BEFORE = 500
"""Characters before a sentence that a reader sees."""

COLUMNS = (
    *("number", "stratum", "article", "before", "sentence", "line"),
    *("speaker", "to", "chain", "cue", "false", "broken", "unprintable", "cause"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="ARTICLES")
    parser.add_argument("out", type=Path, metavar="OUT.tsv")
    parser.add_argument("--articles", type=int, help="how many of each file are read, at most")
    parser.add_argument("--seed", default="fidelity")
    given = parser.parse_args()
    draw = random.Random(given.seed)
    articles = [a for file in given.files for a in _some(file, given.articles, draw)]
    strata: dict[Stratum, list[Evidence]] = {name: [] for name in DRAWN}
    for item in _statements(articles):
        if item.quote is not None:
            strata[stratum(item.quote)].append(item)
    with given.out.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(COLUMNS)
        number = 0
        for name, items in strata.items():
            for item in draw.sample(items, min(len(items), DRAWN[name])):
                number += 1
                rows.writerow((number, name, *_row(item), "", "", "", ""))
    print(json.dumps({name: len(items) for name, items in strata.items()}))
    return 0


def _some(file: Path, most: int | None, draw: random.Random) -> Iterator[Article]:
    """The articles of a file, or some of them drawn at random."""
    rows = json_lines(file)
    for row in rows if most is None or most >= len(rows) else draw.sample(rows, most):
        yield Article(str(row["id"]), row["text"], row.get("title") or "")


def _statements(articles: Iterable[Article]) -> Iterator[Evidence]:
    """The statements that the articles assert and that have a speaker, as evidence."""
    for article, found in extractions(articles):
        if isinstance(found, Exception):
            print(found, file=sys.stderr)
            continue
        for quote in found:
            if quote.modality == "asserted" and quote.speaker is not None:
                yield Evidence(article, quote.span, quote.sentence, quote)


def stratum(quote: Quote) -> Stratum:
    """The stratum that a statement is drawn in."""
    if quote.tier == "nominal" or quote.addressees or quote.chain:
        return "related"
    return "indirect" if quote.kind == "indirect" else "direct or mixed"


def line_of(item: Evidence) -> Line:
    """The line of an answer to "What did SPEAKER say?" whose only evidence is this."""
    speaker = _speaker(item)
    question = Question(f"What did {speaker} say?", "said", speakers=(speaker,))
    return compose(question, Ranking((item,))).lines[0]


def _speaker(item: Evidence) -> str:
    mention = item.quote.speaker if item.quote else None
    return (mention.name or mention.span.slice(item.article.text)) if mention else ""


def _row(item: Evidence) -> Iterator[str]:
    """The columns of a statement from the article's id to the cue."""
    text, quote = item.article.text, item.quote
    around = Span(min(item.span.start, item.sentence.start), max(item.span.end, item.sentence.end))
    yield item.article.id
    yield _flat(text[max(0, around.start - BEFORE) : around.start])
    yield _flat(around.slice(text))
    yield _flat(str(_marked(line_of(item))))
    yield _speaker(item)
    yield ", ".join(m.name or m.span.slice(text) for m in (quote.addressees if quote else ()))
    yield ", ".join(m.name or m.span.slice(text) for m in (quote.chain if quote else ()))
    yield quote.cue.slice(text) if quote and quote.cue else ""


def _marked(line: Line) -> Line:
    """The line with marks around its cited words."""
    return Line(
        tuple(
            replace(part, text=f"⟪{part.text}⟫")
            if isinstance(part, Slice) and part.quoted
            else part
            for part in line.parts
        )
    )


def _flat(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
