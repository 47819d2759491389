"""The steps of the write path in their order: load, attribute, segment, embed, store, publish."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from index.embedding.embed import Embedder, load_embedder
from index.errors import IndexUnusable
from index.indexing.analyse import analysed, embedded_again
from index.ingest.load import Failure, Known, Loaded, Options, Taken, load
from index.people.given_names import load_lists
from index.people.regroup import PersonChange
from index.search.chroma import load_library
from index.settings import EXTRACTOR, SCHEMA, Fingerprint, Settings
from index.storage.corrections import Correction
from index.storage.disk import disk_errors
from index.storage.held import EmbeddedBefore
from index.storage.made import EncodedArticle
from index.storage.publish import FORGET, count_removed, count_segments, publish, segments_to_merge
from index.storage.segments import REBUILD
from index.storage.snapshot import (
    GENERATIONS,
    Manifest,
    current,
    place,
    read_manifest,
    writing,
)
from index.storage.store import TRUTH, Analysed, Store, file_of
from index.storage.suggestions import (
    accept_suggestion,
    suggest,
    suggest_fault,
    suggest_person_change,
    undo_suggestion,
)
from index.text.segment import blocks
from index.types import Article, Span

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Ready:
    """An article that was analysed elsewhere, where it came from, and what is doubtful."""

    analysed: Analysed
    source: str
    doubt: str = ""

    @property
    def article(self) -> Article:
        return self.analysed.article


EngineResult = Loaded | Ready | Failure | Known | Taken

Engine = Callable[[Iterable[str | Path], Options, Store, Settings], Iterator[EngineResult]]
"""What finds the articles of files and folders.  Those that it gives back Loaded are
analysed here; what it knows to be stored as it is need not be Ready."""


def here(
    paths: Iterable[str | Path], options: Options, store: Store, _: Settings
) -> Iterator[EngineResult]:
    """The engine of one machine."""
    return load(paths, options, store.remembered)


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What became of the articles that were given, and what the index holds now.

    ``doubtful`` are articles that were taken in, but perhaps not all of them, or not as
    something that can be read.
    """

    added: int
    updated: int
    unchanged: int
    failed: tuple[Failure, ...]
    counts: dict[str, int]
    doubtful: tuple[Failure, ...] = ()

    def __str__(self) -> str:
        doubtful = f", {len(self.doubtful)} doubtful" if self.doubtful else ""
        return (
            f"{self.added} added, {self.updated} updated, {self.unchanged} unchanged, "
            f"{len(self.failed)} failed{doubtful}. The index holds {_totals(self.counts)}."
        )


@dataclass(frozen=True, slots=True)
class Removal:
    """Which articles are gone, which names nothing had, and what the index holds now."""

    removed: tuple[str, ...]
    unknown: tuple[str, ...]
    counts: dict[str, int]
    left: int = 0
    """Removed or replaced articles whose words are still in a file that nobody reads them from."""

    def __str__(self) -> str:
        said = f"{len(self.removed)} removed. The index holds {_totals(self.counts)}."
        if not self.left:
            return said
        return (
            f"{said} {self.left:,} that are gone are still on the disk, until the first change "
            f"after {FORGET.total_seconds() / 3600:.0f} hours; to have them gone now, run: "
            "python -m index merge"
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """Of how many segments an index was, and is made now; how many groups are left to merge."""

    before: int
    after: int
    left: int

    def __str__(self) -> str:
        said = f"{self.before} segments became {self.after}."
        return f"{said} {self.left} more to merge; run it again." if self.left else said


@dataclass(slots=True)
class _Tally:
    """What has become of the articles so far."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    taken: list[Taken] = field(default_factory=list)
    doubtful: list[Failure] = field(default_factory=list)

    def fail(self, source: str, failure: Failure) -> None:
        self.failed.append(failure)
        self.broken.add(file_of(source))

    def report(self, counts: dict[str, int]) -> IndexReport:
        found = (self.added, self.updated, self.unchanged, tuple(self.failed), counts)
        return IndexReport(*found, tuple(self.doubtful))


def _totals(counts: dict[str, int]) -> str:
    return ", ".join(f"{n:,} {what}" for what, n in counts.items())


def fingerprint(embedder: Embedder) -> Fingerprint:
    """What an index is made with today."""
    return Fingerprint(SCHEMA, EXTRACTOR, embedder.name, embedder.fingerprint, embedder.dimension)


def add(
    paths: Iterable[str | Path],
    settings: Settings,
    progress: Progress = lambda _: None,
    options: Options = Options(),  # noqa: B008 - a frozen value
    engine: Engine = here,
) -> IndexReport:
    """Index the articles of files and folders; those already there cost nothing.

    ``progress`` is called with the number of articles dealt with since the last call.
    Raises InputError for a path that is not there, IndexBusy, DiskError,
    ServerUnusable, or IndexUnusable if the index was made with other parts.
    """
    embedder = load_embedder(settings.embedder)
    now = fingerprint(embedder)
    with _store_to_change(settings) as store:
        if (made := store.fingerprint) is not None and made != now:
            raise IndexUnusable(
                f"the index was made with other parts ({made.differences(now)}); {REBUILD}"
            )
        store.stamp(now)
        before, tally = store.count(), _Tally()

        def keep(source: str, result: Analysed | Failure) -> None:
            progress(1)
            if isinstance(result, Failure):
                tally.fail(source, result)
            elif store.change(result.article, source) == "added":
                store.put(result, source, now)
                tally.added += 1
            else:
                store.put(result, source, now)
                tally.updated += 1

        def work() -> Iterator[Loaded]:
            for item in _changed(engine(paths, options, store, settings), store, tally, progress):
                if isinstance(item, Ready):
                    keep(item.source, item.analysed)
                else:
                    yield item

        ahead = _preparing(work(), embedder)
        with contextlib.closing(EmbeddedBefore(settings.index, store, now)) as known:
            for source, result in analysed(ahead, embedder, settings.processes, known):
                keep(source, result)
        if (found := store.count()) != before + tally.added:
            raise IndexUnusable(
                f"expected {before + tally.added} articles after adding {tally.added}, "
                f"found {found} in {store.file}; {REBUILD}"
            )
        for file in tally.taken:
            if file.path not in tally.broken:
                store.remember(file.path, file.state, file.articles)
        return tally.report(_published(settings, store, now))


def remove(names: Sequence[str], settings: Settings) -> Removal:
    """Take articles out, by their ids or by the files that they came from.

    Afterwards no file of the index has a word of them.  Raises IndexUnusable if there
    is no index, IndexBusy, DiskError, ServerUnusable.
    """
    _require(settings)
    with _store_to_change(settings) as store:
        removed, unknown = list[str](), list[str]()
        for name in dict.fromkeys(names):
            chosen = [
                i for i in (name, *store.ids_from(str(Path(name).resolve()))) if store.remove(i)
            ]
            removed += chosen
            if not chosen:
                unknown.append(name)
        store.empty_journal()
        made = store.fingerprint
        if made is None:
            raise IndexUnusable(f"{store.file} was never filled; run: python -m index add PATH")
        counts = _published(settings, store, made)
        return Removal(tuple(removed), tuple(unknown), counts, count_removed(settings.index))


def merge(settings: Settings, seconds: float = float("inf"), fewest: int = 2) -> Merged:
    """Write small segments together, and those with dead articles without them.

    One group is, and none is begun after so many seconds; small segments are left alone if
    they are fewer than ``fewest``.  Raises IndexUnusable if there is no index, IndexBusy,
    DiskError, ServerUnusable.
    """
    _require(settings)
    until = time.monotonic() + seconds
    with _store_to_change(settings) as store:
        made = _made_with(store)
        _published(settings, store, made)
        before, groups = count_segments(settings.index), segments_to_merge(settings.index, fewest)
        while groups:
            _publish(settings, store, made, dissolve=groups[0])
            groups = segments_to_merge(settings.index, fewest)
            if time.monotonic() >= until:
                break
        return Merged(before, count_segments(settings.index), len(groups))


def rebuild(settings: Settings, progress: Progress = lambda _: None) -> IndexReport:
    """Derive everything again from the stored articles.

    Articles that were analysed with other parts (rules, embedder) are analysed anew,
    and tables of an older version are brought up to date.  Raises IndexUnusable if
    there is nothing to rebuild from, IndexBusy, DiskError, ServerUnusable.
    """
    _require(settings)
    embedder = load_embedder(settings.embedder)
    now = fingerprint(embedder)
    with _store_to_change(settings, migrate=True) as store:
        store.stamp(now)
        tally = _Tally()

        work = (Loaded(article, source) for article, source in store.outdated(now))
        ahead = _preparing(work, embedder)
        with contextlib.closing(EmbeddedBefore(settings.index, store, now, anew=True)) as known:
            for source, result in analysed(ahead, embedder, settings.processes, known):
                progress(1)
                if isinstance(result, Failure):
                    tally.fail(source, result)
                else:
                    store.put(result, source, now)
                    tally.updated += 1
        tally.unchanged = store.count() - tally.updated - len(tally.failed)
        store.empty_journal()
        manifest = _publish(settings, store, now, whole=True)
        store.compact()
        return tally.report(manifest.counts)


def correct(settings: Settings, correction: Correction) -> Manifest:
    """Keep what a curator puts right, and publish an index that says so.

    Raises IndexBusy, DiskError, or IndexUnusable if there is no index.
    """
    _require(settings)
    with _store_to_change(settings) as store:
        made = _made_with(store)
        accept_suggestion(store.file, suggest(store.file, correction))
        return _publish(settings, store, made)


def suggest_correction(settings: Settings, correction: Correction) -> int:
    """Keep what a reader suggests beside the record, which stays as it is; returns its number.

    Raises IndexBusy, DiskError, or IndexUnusable if there is no index.
    """
    _require(settings)
    with _store_to_change(settings) as store:
        return suggest(store.file, correction)


def suggest_of_people(settings: Settings, name: str, other: str, *, same: bool) -> int:
    """As `suggest_correction`, that two names are one person's, or that ``name`` is not.

    Raises InputError for a name that is not on record, besides.
    """
    _require(settings)
    with _store_to_change(settings) as store:
        return suggest_person_change(store.file, PersonChange(name, other, same))


def suggest_of_answer(settings: Settings, question: str, fault: str) -> int:
    """As `suggest_correction`, what is wrong with the answer to a question."""
    _require(settings)
    with _store_to_change(settings) as store:
        return suggest_fault(store.file, question, fault)


def accept_correction(settings: Settings, number: int) -> None:
    """Make a correction of a suggestion, and publish an index that says so.

    Raises InputError for a number that is not pending, IndexBusy, IndexUnusable, DiskError.
    """
    _require(settings)
    with _store_to_change(settings) as store:
        if accept_suggestion(store.file, number):
            _published(settings, store, _made_with(store))


def undo_correction(settings: Settings, number: int) -> None:
    """Take a suggestion back; if it was accepted, publish an index as it was without it.

    Raises InputError for a number that there is not, IndexBusy, IndexUnusable, DiskError.
    """
    _require(settings)
    with _store_to_change(settings) as store:
        if undo_suggestion(store.file, number):
            _published(settings, store, _made_with(store))


@contextlib.contextmanager
def _store_to_change(settings: Settings, *, migrate: bool = False) -> Iterator[Store]:
    """The truth of an index, open for the one process that may write.

    Raises IndexBusy, and DiskError for a disk that is full, read-only or failing.
    """
    index = settings.index
    with writing(index, settings.wait), disk_errors(index), Store(index, migrate=migrate) as store:
        yield store


def _made_with(store: Store) -> Fingerprint:
    if (made := store.fingerprint) is None:
        raise IndexUnusable(f"the index at {store.file.parent} is empty; add articles first")
    return made


def _require(settings: Settings) -> None:
    if not (settings.index / TRUTH).exists():
        raise IndexUnusable(f"there is no index at {settings.index}; run: python -m index add PATH")


def _changed(
    items: Iterable[EngineResult],
    store: Store,
    tally: _Tally,
    progress: Progress,
) -> Iterator[Loaded | Ready]:
    """The articles that need work; the others are counted here."""
    for item in items:
        if isinstance(item, Taken):
            tally.taken.append(item)
        elif isinstance(item, Known):
            tally.unchanged += item.articles
            progress(item.articles)
        elif isinstance(item, Failure):
            tally.fail(item.source, item)
            progress(1)
        else:
            if isinstance(item, Loaded):
                item = dataclasses.replace(item, article=titled(item.article))
            try:
                change = store.change(item.article, item.source)
                if (first := tally.given.setdefault(item.article.id, item.source)) != item.source:
                    raise IndexUnusable(
                        f"the id {item.article.id!r} was just given by {first}; "
                        "give one of the two another name or id"
                    )
            except IndexUnusable as error:
                tally.fail(item.source, Failure(item.source, str(error)))
            else:
                if change != "unchanged":
                    if item.doubt:
                        tally.doubtful.append(Failure(item.source, f"doubtful: {item.doubt}"))
                    yield item
                    continue
                tally.unchanged += 1
            progress(1)


def titled(article: Article) -> Article:
    """The article with the title that its text begins with, if it was given none."""
    if article.title:
        return article
    found = next(
        (b.span.slice(article.text) for b in blocks(article.text) if b.kind == "title"), ""
    )
    return dataclasses.replace(article, title=" ".join(found.split()))


def _preparing(work: Iterable[Loaded], embedder: Embedder) -> Iterator[Loaded]:
    """The same articles.  With the first of them that is loaded which is needed later: the
    parsers are starting then, and this process would only wait for them."""

    def load_ahead() -> None:
        embedder.encode_document([""])
        load_library()
        load_lists()

    with ThreadPoolExecutor(1, thread_name_prefix="prepare") as aside:
        for number, item in enumerate(work):
            if not number:
                aside.submit(load_ahead)  # what fails here fails again where it is needed
            yield item


def _published(settings: Settings, store: Store, now: Fingerprint) -> dict[str, int]:
    """The counts of the current generation, made anew if the truth has moved on."""
    with contextlib.suppress(IndexUnusable):  # damaged: to publish anew is the cure
        if name := current(settings.index):
            manifest = read_manifest(settings.index / GENERATIONS / name)
            made = (manifest.revision, manifest.fingerprint, manifest.chroma)
            if made == (store.revision, now, place(settings.index, settings.chroma)):
                return manifest.counts
    return _publish(settings, store, now).counts


def _publish(
    settings: Settings,
    store: Store,
    made: Fingerprint,
    *,
    whole: bool = False,
    dissolve: Sequence[str] = (),
) -> Manifest:
    """Publish what is stored; vectors that are lost are made again by the model of the index."""

    def embed(
        text: str, passages: Sequence[Span], quotes: Sequence[Sequence[Span]]
    ) -> EncodedArticle:
        embedder = load_embedder(settings.embedder)
        if not fingerprint(embedder).is_same_model(made):
            raise IndexUnusable(
                f"vectors of the index are lost, which was made with the embedder "
                f"{made.embedder!r}, found {embedder.name!r}; {REBUILD}"
            )
        return embedded_again(embedder, text, passages, quotes)

    return publish(
        settings.index, store, made, settings.chroma, whole=whole, dissolve=dissolve, embed=embed
    )
