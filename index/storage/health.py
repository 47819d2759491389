"""What an index holds, and whether all of it is as it was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import DiskError, IndexUnusable, ServerUnusable
from index.search.chroma import Collections
from index.settings import NONE, Settings
from index.storage.disk import copy_folder, size
from index.storage.scratch import Scratch
from index.storage.segments import CHROMA, SEGMENTS, Opened
from index.storage.snapshot import CURRENT, GENERATIONS, Generation, Manifest
from index.storage.store import TRUTH, examined, revision
from index.text.confusables import oddity
from index.types import Article


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index holds; ``dead`` counts articles that are gone and still in a segment,
    ``lost`` says what is wrong with segments that are not read; ``waiting`` tells whether
    articles are stored but not published, ``size`` is in bytes, ``odd_names`` are names
    that look like others, ``unread`` the languages other than English with the number of
    articles in them."""

    folder: Path
    manifest: Manifest
    dates: tuple[str, str]
    copies: int
    size: int
    waiting: bool
    odd_names: tuple[tuple[str, str], ...]
    unread: tuple[tuple[str, int], ...] = ()
    dead: int = 0
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """An article with the file it came from, its quotes, and how many copies it has."""

    article: Article
    source: str
    quotes: int
    copies: int


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """One thing that was examined, and what is wrong with it: nothing, or a line each."""

    what: str
    wrong: tuple[str, ...]


def status(settings: Settings) -> IndexStatus:
    """What the index holds.  Raises IndexUnusable as readers do."""
    generation = Generation(settings.index)
    try:
        return IndexStatus(
            folder=settings.index,
            manifest=generation.manifest,
            dates=generation.catalog.dates(),
            copies=len(generation.catalog.original_of),
            size=size(settings.index),
            waiting=revision(settings.index) != generation.manifest.revision,
            odd_names=tuple(
                (name, odd)
                for person in generation.catalog.people
                for name in person.names
                if (odd := oddity(name))
            ),
            unread=tuple(generation.catalog.unread().items()),
            dead=sum(len(part.dead) for part in generation.parts),
            lost=tuple(generation.lost),
        )
    finally:
        generation.close()


def listing(settings: Settings) -> list[Listed]:
    """The articles that readers see, in the order of their ids."""
    generation = Generation(settings.index)
    try:
        catalog = generation.catalog
        return [
            Listed(catalog.article(i), source, quotes, len(catalog.copies_of(i)))
            for i, (source, quotes) in sorted(catalog.sources().items())
        ]
    finally:
        generation.close()


def verify(settings: Settings) -> list[HealthFinding]:
    """Return what comparing all that can be compared finds: the truth with its seals, the current
    generation with its manifest and the truth, Chroma with the vectors, and the file modes."""
    examinations: dict[str, Callable[[Path], list[str]]] = {
        "the stored articles, compared with their seals": lambda folder: examined(folder)[0],
        "the generation that is read, compared with them": _reader,
        "files and folders, closed to other users": _open_to_others,
    }
    return [HealthFinding(what, _problems(by, settings)) for what, by in examinations.items()]


def _problems(examine: Callable[[Path], list[str]], settings: Settings) -> tuple[str, ...]:
    try:
        return tuple(examine(settings.index))
    except (DiskError, IndexUnusable, ServerUnusable) as error:
        return (str(error),)
    except OSError as error:
        where = error.filename or settings.index
        return (f"{where} cannot be read ({error.strerror or error}); give this user the right",)


def _reader(folder: Path) -> list[str]:
    generation = Generation(folder, anew=True)
    try:
        catalog, manifest = generation.catalog, generation.manifest
        wrong = list(generation.lost)
        if not wrong and (counts := catalog.counts()) != manifest.counts:
            wrong.append(f"expected {manifest.counts}, found {counts}")
        _, stored, content = examined(folder)
        if stored != manifest.revision:
            wrong.append("articles are stored but not published; run: python -m index rebuild")
        elif content != manifest.content:
            wrong.append("what is published is not what is stored; run: python -m index rebuild")
        for part in generation.parts:
            check_chroma(part, manifest.chroma)
        return wrong
    finally:
        generation.close()


def check_chroma(part: Opened, chroma: str) -> None:
    """Raise IndexUnusable or ServerUnusable unless Chroma has just the vectors of a segment.

    Chroma writes to what it opens, so it is given a copy.  ``chroma`` is as in a manifest.
    """
    if chroma == NONE:
        return
    if part.remote is not None:
        part.remote.check(part.vectors.matrices)
        return
    scratch = Scratch()
    try:
        copy_folder(part.segment.folder / CHROMA, scratch.path / CHROMA)
        collections = Collections(scratch.path / CHROMA)
        try:
            collections.check(part.vectors.matrices)
        finally:
            collections.close()
    finally:
        scratch.close()


def _open_to_others(folder: Path) -> list[str]:
    ours = [folder / CURRENT, *folder.glob(f"{TRUTH}*")]
    ours += [p for name in (GENERATIONS, SEGMENTS) for p in (folder / name).rglob("*")]
    return [
        f"{path} can be read by others; run: chmod go= {path}"
        for path in ours
        if path.exists() and path.stat().st_mode & 0o077
    ]
