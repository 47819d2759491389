"""Quotations that were altered on their way."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import random
import re

from index.embed import load_embedder
from index.errors import CitationError
from index.generation import Generation
from tests.faults.children import SEED, Measure, forked, judged
from tests.faults.editions import EDITIONS, indexed


def mutated_quotes(count: int) -> Measure:
    """Answers whose quotations were altered on their way, by whatever wrote them."""
    from rag.chain import Reader
    from rag.compose import compose
    from rag.question import read
    from rag.rank import Cast, rank
    from rag.retrieve import retrieve
    from rag.verify import verify as verified

    changes = random.Random(SEED)

    def work() -> int:
        generation = Generation(index)
        reader = Reader.of(generation, load_embedder())
        catalog = generation.catalog
        question = read("What did Ana Ruiz say about the bridge?", (), reader.directory)
        found = retrieve(question, generation, reader.embedder)
        draft = compose(question, rank(question, found, Cast(catalog.person_of)))
        cited = [e.article.text for e in draft.ranking.evidence]
        quotes = [e.span.slice(e.article.text).strip("“”") for e in draft.ranking.evidence]
        whole = {q.strip(" .,;:!?") for text in cited for q in re.findall("“(.*?)”", text)}
        shown = tried = passed = parts = 0
        passed += bool(verified(draft, catalog))
        while tried < count:
            altered = mutated(changes.choice(quotes), changes.choice(quotes), changes)
            if altered.strip(" .,;:!?") in whole:
                continue  # nothing but a mark at its end is another one
            tried += 1
            parts += any(altered in text for text in cited)
            marks = changes.choice(["“”", '""'])
            said = f"{draft.text} She said {marks[0]}{altered}{marks[1]} [1]."
            with contextlib.suppress(CitationError):
                verified(dataclasses.replace(draft, text=said), catalog)
                shown += 1
        print(json.dumps([shown, tried, passed, parts]))
        return 0

    with indexed() as (_, index):
        ended = forked(work)
    if ended.code:
        return judged("mutated quotes", [ended.out[-500:]])
    shown, tried, passed, parts = json.loads(ended.out.splitlines()[-1])
    name = f"{tried:,} mutated quotes, {parts:,} of them only cut ({shown} shown)"
    return judged(name, ["shown"] * shown + ["the true one refused"] * (not passed))


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
