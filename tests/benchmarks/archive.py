"""Indexes of generated articles, made once and kept: `archive(folder, 100_000)`.

They go through the real store, are published by the real code, and are what `python -m
index` and `python -m rag` read.  Only loading, parsing and embedding are passed over.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import Corpus

from index.embedding.embed import load_embedder
from index.errors import IndexUnusable
from index.indexing.build import fingerprint
from index.storage.publish import publish
from index.storage.snapshot import Generation, writing
from index.storage.store import Store

HERE = Path(__file__).parent
INDEX = HERE.parents[1] / "index"

PASSAGES_AN_ARTICLE = 5

UNKNOWN = ("Ottoline Wexcombe", "Barnabas Thistlewood", "Philippa Quarrington")
"""People of whom no archive has heard."""


def archive(kept: Path, passages: int) -> Path:
    """The index of at least so many passages, in ``kept``; made if it is not there as the
    code of today makes it.  Larger archives hold all that smaller ones do."""
    index = kept / f"archive-{passages}"
    stamp = index / "made-by.json"
    stored = f"{_hash([HERE / 'corpus.py', INDEX / 'storage' / 'tables.py'])}, {load_embedder().fingerprint}"
    derived = _hash(INDEX.rglob("*.py"))
    with contextlib.suppress(OSError, ValueError):
        made = json.loads(stamp.read_text(encoding="ascii"))
        if made == [stored, derived]:
            return index
        if made[0] != stored or not _is_read(index):  # its vectors are in its segments alone
            shutil.rmtree(index)
    _fill(index, passages)
    stamp.write_text(json.dumps([stored, derived]), encoding="ascii")
    return index


def _is_read(index: Path) -> bool:
    """Whether the code of today reads what is there."""
    with contextlib.suppress(IndexUnusable):
        Generation(index).close()
        return True
    return False


def _hash(files: Iterator[Path] | list[Path]) -> str:
    return hashlib.sha256(b"".join(f.read_bytes() for f in sorted(files))).hexdigest()


def _fill(index: Path, passages: int) -> None:
    embedder = load_embedder()
    made = fingerprint(embedder)
    with writing(index), Store(index, migrate=True) as store:
        store.stamp(made)
        store._db.execute("PRAGMA synchronous=OFF")  # nothing here is dear
        missing = range(store.count(), passages // PASSAGES_AN_ARTICLE)
        for analysed in Corpus(embedder).analysed(missing):
            store.put(analysed, f"generated/{analysed.article.id}.txt", made)
        publish(index, store, made, whole=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """``questions`` of every kind; ``speakers``: who is quoted most, and somebody quoted
    as often as the middle one of all quotes is."""

    questions: tuple[str, ...]
    speakers: tuple[str, str]


def asked(index: Path, count: int) -> Asked:
    """Questions about statements of an archive, drawn evenly over all of its quotes, so
    that people, topics and words are asked for as often as they occur."""
    generation = Generation(index)
    catalog = generation.catalog
    draw = random.Random("questions")
    try:
        ids = sorted(catalog.rows("SELECT id FROM quotes"))
        chosen = [ids[draw.randrange(len(ids))][0] for _ in range(count)]
        quotes = {quote.id: quote for quote in catalog.quotes(chosen)}
        questions = []
        for number, quote_id in enumerate(chosen):
            quote = quotes[quote_id]
            text = catalog.article(quote.article_id).text
            words = quote.content[0].slice(text).strip("“”,").removeprefix("that ")
            title = catalog.article(quote.article_id).title
            topic = " ".join(title.split(" weighs ")[1].split(" after ")[0].split())
            office = quote.speaker.span.slice(text) if quote.speaker else ""
            name = quote.speaker.name if quote.speaker else ""
            told = quote.addressees[0].name if quote.addressees else draw.choice(UNKNOWN)
            forms = (
                f"What did {name} say about the {topic}?",
                f"What did {name} tell {told}?",
                f"What did {name} say?",
                f"Who said “{words}”?",
                f"Who said that {words}?",
                f"Who talked about the {topic}?",
                f"What did {office} say about the {topic}?",
                f"When did {name} speak about the {topic}?",
                f"To whom did {name} say that {words}?",
                f"What did {draw.choice(UNKNOWN)} say about the {topic}?",
                f"What happened with the {topic}?",
                f"According to whom did {name} say that {words}?",
            )
            questions.append(forms[number % len(forms)])
        speakers = [(person.name, person.spoke) for person in catalog.people if person.spoke]
        upto = itertools.accumulate(count for _, count in speakers)
        half = sum(count for _, count in speakers) / 2
        middle = next(
            person for (person, _), so_far in zip(speakers, upto, strict=True) if so_far >= half
        )
    finally:
        generation.close()
    return Asked(tuple(questions), (speakers[0][0], middle))
