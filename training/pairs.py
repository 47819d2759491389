"""Questions with right answers become cases: the features of every candidate, and which of
the candidates are right.

The questions are rows of the form that ``score_qa.py`` of the benchmark folder reads (see
``training/data/README.md``).  Beside those that were written there are synthetic ones that
nothing answers, made by rule from the written ones: the sentence that answers is taken out of
the candidates, the speaker is exchanged for somebody else, the direction is turned round, or
the question is put to the articles of another world.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.text.folding import words
from rag.onrecord import OnRecord
from rag.question.reader import conversation, read
from rag.ranking.features import best_match, features
from rag.ranking.rank import KnownPeople, candidates_to_weigh, is_listing
from rag.ranking.unquoted import with_speaker
from rag.retrieval.retrieve import retrieve
from rag.types import Evidence, Question, Turn

Record = dict[str, Any]

OVERLAP = 0.5
"""Share of the shorter of two spans that they have to have in common to be the same place."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One question with its candidates.

    ``table`` are their features, of shape (n, features), and ``right`` says which of them
    answer, of shape (n,); none does where nothing answers.  ``elsewhere`` is the best match
    among all that was found.  ``counts`` is how much the case weighs in fitting.  ``made`` is
    how a synthetic case was made, empty for a written one.
    """

    id: str
    question: Question
    table: NDArray[np.float64]
    right: NDArray[np.bool_]
    elsewhere: NDArray[np.float64]
    answerable: bool
    made: str = ""
    counts: float = 1.0


@dataclass(frozen=True, slots=True)
class World:
    """Articles that are indexed, and the questions about them."""

    name: str
    bot: OnRecord
    rows: Sequence[Record]


def records(file: Path) -> list[Record]:
    """Return the rows of a file of JSON lines."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def cases(world: World, others: Sequence[World], seed: int = 1) -> Iterator[Case]:
    """Yield the cases of a world: each written question, and synthetic ones made of it."""
    chance = random.Random(seed)
    reader = world.bot.reader
    people = [p.name for p in reader.generation.catalog.people if p.spoke and p.name[:1].isupper()]
    for row in world.rows:
        if row.get("small_talk"):
            continue
        question, found = _read(world, row)
        if question.kind == "help" or is_listing(question):
            continue
        yield _case(world, row["id"], row, question, found)
        if row["unanswerable"]:
            continue
        left = [c for c in found if not _touches(c, row)]
        yield _case(world, row["id"], None, question, left, "answer left out")
        if question.speakers and people:
            other = chance.choice([p for p in people if p not in question.speakers] or people)
            swapped = replace(question, speakers=(other,))
            found = _found(world, swapped)
            yield _case(world, row["id"], None, swapped, found, "another speaker")
        if question.speakers and question.addressees and not question.mutual:
            turned = replace(question, speakers=question.addressees, addressees=question.speakers)
            found = _found(world, turned)
            yield _case(world, row["id"], None, turned, found, "turned round")
    for other in others:  # asked of the articles of another world
        rows = [r for r in other.rows if not r["unanswerable"] and not r["history"]]
        for row in chance.sample(rows, min(len(rows), len(world.rows) // 2)):
            question, found = _read(world, row)
            if question.kind == "help" or is_listing(question):
                continue
            yield _case(world, row["id"], None, question, found, "another world")


def _read(world: World, row: Record) -> tuple[Question, list[Evidence]]:
    """Return a question as it is read, and its candidates."""
    reader = world.bot.reader
    history = [Turn(turn["role"], turn["content"]) for turn in row["history"]]
    earlier = conversation(history, reader.directory)
    question = read(row["question"], earlier, reader.directory)
    return question, _found(world, question)


def _found(world: World, question: Question) -> list[Evidence]:
    reader = world.bot.reader
    return retrieve(question, reader.generation, reader.embedder, reader.people)


def _case(
    world: World,
    name: str,
    row: Record | None,
    question: Question,
    found: Sequence[Evidence],
    made: str = "",
) -> Case:
    people: KnownPeople = world.bot.reader.people
    left = candidates_to_weigh([c for c in found if not c.vetoed])
    table = features(question, left, people)
    answerable = row is not None and not row["unanswerable"]
    right = np.zeros(len(left), dtype=bool)
    if row is not None and answerable:
        named = [_fit(c, row, found, question, people) for c in left]
        best = max(named, default=0)
        right = np.array([best > 0 and fit == best for fit in named], dtype=bool)
    return Case(f"{world.name}:{name}", question, table, right, best_match(found), answerable, made)


def _touches(item: Evidence, row: Record) -> bool:
    """Return whether a candidate's sentence has anything of what is right."""
    return any(
        s["doc"] == item.article.id
        and s["start"] < item.sentence.end
        and item.sentence.start < s["end"]
        for group in row["gold"]
        for s in group
    )


def _fit(
    item: Evidence, row: Record, found: Sequence[Evidence], question: Question, people: KnownPeople
) -> int:
    """Return 2 for a candidate that is right under the right name, 1 for one that is right without
    a name, and 0 for all others."""
    shown = with_speaker(item, found, people, question) if item.quote is None else item
    spans = [s for group in row["gold"] for s in group if s["doc"] == shown.article.id]
    if not any(_same_place(shown, s) for s in spans):
        return 0
    said = shown.quote.speaker if shown.quote else None
    name = people.person(said.name) if said and said.name else shown.speaker
    if not row["speaker"]:
        return 2 if shown.quote else 1
    if not name:
        return 1
    return 2 if any(_one_name(name, n) for n in (row["speaker"], *row["speaker_aliases"])) else 0


def _same_place(item: Evidence, span: Record) -> bool:
    common = min(item.span.end, span["end"]) - max(item.span.start, span["start"])
    return common >= OVERLAP * min(len(item.span), span["end"] - span["start"])


def _one_name(one: str, other: str) -> bool:
    """Return whether two names have the same last word, or all words of one stand in the other."""
    a, b = words(one), words(other)
    return a[-1:] == b[-1:] or set(a) <= set(b) or set(b) <= set(a)
