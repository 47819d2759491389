"""Slices of articles that were altered on their way into an answer."""

from __future__ import annotations

import dataclasses
import json
import random

from index.embedding.embed import load_embedder
from index.storage.snapshot import Generation
from tests.faults.children import SEED, Measure, forked, judged
from tests.faults.editions import EDITIONS, indexed


def mutated_slices(count: int) -> Measure:
    """Answers in whose drafts a slice was altered, its text or its place, by whatever wrote them."""
    from rag.answering.compose import compose
    from rag.answering.verify import verify_answer as verified
    from rag.pipeline import Reader
    from rag.question.reader import read
    from rag.ranking.rank import rank
    from rag.retrieval.retrieve import retrieve
    from rag.types import Line, Slice

    changes = random.Random(SEED)

    def work() -> int:
        generation = Generation(index)
        reader = Reader.of(generation, load_embedder())
        catalog = generation.catalog
        question = read("What did Ana Ruiz say?", None, reader.directory)
        found = retrieve(question, generation, reader.embedder, reader.people)
        draft = compose(question, rank(question, found, reader.people))
        others = [p for line in draft.lines for p in line.parts if isinstance(p, Slice)]
        places = [
            (n, at)
            for n, line in enumerate(draft.lines)
            for at, part in enumerate(line.parts)
            if isinstance(part, Slice)
        ]
        whole = verified(draft, catalog)
        passed = whole.status == "answered" and whole.lines == draft.lines
        shown = tried = moved = lost = 0
        while tried < count:
            n, at = changes.choice(places)
            line = draft.lines[n]
            part = line.parts[at]
            altered = mutated_slice(part, changes.choice(others), changes)
            text = catalog.article(part.article).text
            same = text[max(0, altered.start) : altered.end] == altered.text
            if same and altered.start >= 0 and altered.article == part.article:
                continue  # another slice, but a true one
            tried += 1
            moved += altered.text == part.text
            bad = Line((*line.parts[:at], altered, *line.parts[at + 1 :]))
            lines = (*draft.lines[:n], bad, *draft.lines[n + 1 :])
            answer = verified(dataclasses.replace(draft, lines=lines), catalog)
            shown += bad in answer.lines or bool(
                {c.number for c in answer.citations} & set(line.numbers)
            )
            lost += answer.lines != (*draft.lines[:n], *draft.lines[n + 1 :])
        print(json.dumps([shown, tried, passed, moved, lost]))
        return 0

    with indexed() as (_, index):
        ended = forked(work)
    if ended.code:
        return judged("mutated slices", [ended.out[-500:]])
    shown, tried, passed, moved, lost = json.loads(ended.out.splitlines()[-1])
    name = f"{tried:,} mutated slices, {moved:,} of them only moved ({shown} shown)"
    wrong = ["shown"] * shown + ["another line was lost"] * lost
    return judged(name, wrong + ["the true draft was not shown whole"] * (not passed))


def mutated_slice(part, other, changes: random.Random):
    """A slice with another text, at another place, of another article, or of its neighbour."""
    kind, step = changes.randrange(8), changes.choice((-7, -2, -1, 1, 2, 7))
    if kind == 0:
        return dataclasses.replace(part, start=part.start + step)
    if kind == 1:
        return dataclasses.replace(part, end=part.end + step)
    if kind == 2:
        return dataclasses.replace(part, start=part.start + step, end=part.end + step)
    if kind == 3:
        return dataclasses.replace(
            part, article=changes.choice(("", "nothing", f"{part.article}x"))
        )
    if kind == 4:
        return dataclasses.replace(part, text=other.text)
    return dataclasses.replace(part, text=mutated(part.text, other.text, changes))


def mutated(words: str, other: str, changes: random.Random) -> str:
    """The words with one change: a letter, a word, a case, a mark, a "not"; a part of them;
    or the beginning of one quotation with the end of another."""
    at = changes.randrange(len(words))
    parts = words.split(" ")
    place = changes.randrange(len(parts))
    kind = changes.randrange(10)
    if kind == 0:
        return words[:at] + words[at + 1 :]
    if kind == 1:
        return words[:at] + changes.choice("abcxyz ,’") + words[at:]
    if kind == 2:
        return words[:at] + words[at : at + 2][::-1] + words[at + 2 :]
    if kind == 3:
        return " ".join([*parts[:place], "not", *parts[place:]])
    if kind == 4:
        return words[:at] + words[at:].swapcase()
    if kind == 5:
        return " ".join([*parts[:place], changes.choice(EDITIONS), *parts[place + 1 :]])
    if kind == 6:
        return " ".join([*parts[:place], "…", *parts[place + 1 :]])
    if kind == 7:
        return words[at : changes.randrange(at, len(words)) + 1].strip() or words[1:]
    if kind == 8:
        return " ".join([*parts[: place + 1], *other.split(" ")[place + 1 :]])
    return f"{words} {changes.choice(['indeed', 'again', '…', 'she said'])}"
