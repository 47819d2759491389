"""The steps of the write path in their order: load, attribute, segment, embed, store, publish."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.corrections import Correction, record
from index.embed import Embedder, load_embedder
from index.errors import IndexUnusable, OnRecordError
from index.extract import Extraction, extractions
from index.generation import (
    GENERATIONS,
    REBUILD,
    Generation,
    Manifest,
    current,
    publish,
    read_manifest,
    writing,
)
from index.load import Failure, Loaded, load
from index.segment import blocks, passages
from index.settings import EXTRACTOR, SCHEMA, Fingerprint, Settings
from index.store import TRUTH, Analysed, Store
from index.types import Article

BATCH = 16
"""Articles that are parsed, embedded and stored together; an interrupted build loses no more."""

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What became of the articles that were given, and what the index holds now."""

    added: int
    updated: int
    unchanged: int
    failed: tuple[Failure, ...]
    counts: dict[str, int]

    def __str__(self) -> str:
        totals = ", ".join(f"{n:,} {what}" for what, n in self.counts.items())
        return (
            f"{self.added} added, {self.updated} updated, {self.unchanged} unchanged, "
            f"{len(self.failed)} failed. The index holds {totals}."
        )


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds; ``waiting`` tells whether articles are stored but not published."""

    folder: Path
    manifest: Manifest
    dates: tuple[str, str]
    waiting: bool


def fingerprint(embedder: Embedder) -> Fingerprint:
    """What an index is made with today."""
    return Fingerprint(SCHEMA, EXTRACTOR, embedder.name, embedder.weights, embedder.dimension)


def add(
    paths: Iterable[str | Path], settings: Settings, progress: Progress = lambda _: None
) -> IndexReport:
    """Index the articles of files and folders; those already there cost nothing.

    ``progress`` is called with the number of articles dealt with since the last call.
    Raises InputError for a path that is not there, IndexBusy, or IndexUnusable if the
    index was made with other parts.
    """
    embedder = load_embedder(settings.embedder)
    now = fingerprint(embedder)
    with writing(settings.index), Store(settings.index) as store:
        if (made := store.fingerprint) is not None and made != now:
            raise IndexUnusable(
                f"the index was made with other parts ({made.differences(now)}); {REBUILD}"
            )
        store.stamp(now)
        changes = {"added": 0, "updated": 0, "unchanged": 0}
        failed: list[Failure] = []
        work = _changed(load(paths), store, changes, failed, progress)
        for source, result in _analysed(work, embedder, settings.processes):
            progress(1)
            if isinstance(result, Failure):
                failed.append(result)
            else:
                change = store.change(result.article, source)
                store.put(result, source, now)
                changes[change] += 1
        return IndexReport(**changes, failed=tuple(failed), counts=_published(settings, store, now))


def rebuild(settings: Settings, progress: Progress = lambda _: None) -> IndexReport:
    """Derive everything again from the stored articles.

    Articles that were analysed with other parts (rules, embedder) are analysed anew.
    Raises IndexUnusable if there is nothing to rebuild from, or IndexBusy.
    """
    if not (settings.index / TRUTH).exists():
        raise IndexUnusable(f"there is no index at {settings.index}; run: python -m index add PATH")
    embedder = load_embedder(settings.embedder)
    now = fingerprint(embedder)
    with writing(settings.index), Store(settings.index) as store:
        store.stamp(now)
        failed: list[Failure] = []
        updated = 0
        work = (Loaded(article, source) for article, source in store.outdated(now))
        for source, result in _analysed(work, embedder, settings.processes):
            progress(1)
            if isinstance(result, Failure):
                failed.append(result)
            else:
                store.put(result, source, now)
                updated += 1
        manifest = publish(settings.index, store, now)
        unchanged = store.count() - updated - len(failed)
        return IndexReport(0, updated, unchanged, tuple(failed), manifest.counts)


def correct(settings: Settings, correction: Correction) -> Manifest:
    """Keep what a reader put right, and publish an index that says so.

    Raises IndexBusy, or IndexUnusable if there is no index.
    """
    if not (settings.index / TRUTH).exists():
        raise IndexUnusable(f"there is no index at {settings.index}; run: python -m index add PATH")
    with writing(settings.index), Store(settings.index) as store:
        if (made := store.fingerprint) is None:
            raise IndexUnusable(f"the index at {settings.index} is empty; add articles first")
        record(store.file, correction)
        return publish(settings.index, store, made)


def status(settings: Settings) -> Status:
    """What the index holds, every file of it checked.  Raises IndexUnusable as readers do."""
    generation = Generation(settings.index)
    try:
        dates = generation.catalog.dates()
    finally:
        generation.close()
    with Store(settings.index) as store:
        waiting = store.revision != generation.manifest.revision
    return Status(settings.index, generation.manifest, dates, waiting)


def _changed(
    loaded: Iterable[Loaded | Failure],
    store: Store,
    changes: dict[str, int],
    failed: list[Failure],
    progress: Progress,
) -> Iterator[Loaded]:
    """The articles that need work; the others are counted here."""
    for item in loaded:
        if isinstance(item, Failure):
            failed.append(item)
        else:
            article = _titled(item.article)
            try:
                change = store.change(article, item.source)
            except IndexUnusable as error:
                failed.append(Failure(item.source, str(error)))
            else:
                if change != "unchanged":
                    yield Loaded(article, item.source)
                    continue
                changes[change] += 1
        progress(1)


def _titled(article: Article) -> Article:
    """The article with the title that its text begins with, if it was given none."""
    if article.title:
        return article
    found = next(
        (b.span.slice(article.text) for b in blocks(article.text) if b.kind == "title"), ""
    )
    return dataclasses.replace(article, title=" ".join(found.split()))


def _analysed(
    work: Iterable[Loaded], embedder: Embedder, processes: int
) -> Iterator[tuple[str, Analysed | Failure]]:
    work = iter(work)
    while batch := list(itertools.islice(work, BATCH)):
        sources = {item.article.id: item.source for item in batch}
        parsed = extractions([item.article for item in batch], processes=processes)
        for article, result in parsed:
            source = sources[article.id]
            if isinstance(result, OnRecordError):
                yield source, Failure(source, str(result))
            else:
                yield source, _embedded(article, result, embedder)


def _embedded(article: Article, extraction: Extraction, embedder: Embedder) -> Analysed:
    found = passages(article, extraction.sentences, extraction.quotations)
    texts = [p.span.slice(article.text) for p in found]
    words = [" ".join(s.slice(article.text) for s in q.content) for q in extraction.quotes]
    rows = embedder.embed([*texts, *words])
    return Analysed(
        article, tuple(found), extraction.quotes, rows[: len(texts)], rows[len(texts) :]
    )


def _published(settings: Settings, store: Store, now: Fingerprint) -> dict[str, int]:
    """The counts of the current generation, made anew if the truth has moved on."""
    name = current(settings.index)
    if name:
        try:
            manifest = read_manifest(settings.index / GENERATIONS / name)
        except IndexUnusable:  # damaged: what add does next is the cure
            manifest = None
        if manifest and (manifest.revision, manifest.fingerprint) == (store.revision, now):
            return manifest.counts
    return publish(settings.index, store, now).counts
