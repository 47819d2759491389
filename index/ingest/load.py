"""Files, folders and addresses become Articles; a bad one becomes a Failure, nothing else is lost.

What there is to read is found here; it is read by the loaders, in a child process.  The
text is decoded once, there, and never changed again: every offset counts in it.
"""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import InputError
from index.ingest.loaders import LOADERS, File
from index.ingest.sandbox import Sandbox
from index.ingest.web import fetch, is_address
from index.lang import READ
from index.languages import spoken, unread_names
from index.storage.disk import sha256, temporary
from index.types import Article

_VERSION = 2
"""Of the loaders; raise it when one gives other text for the same bytes."""

_MOST_ENTRIES = 200
"""Pages that are fetched for one feed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be taken in: where it stood, and why, in one line each."""

    source: str
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """An article, the file (and line) that it came from, and why it is doubtful that it was
    read as it should be, "" if nothing is."""

    article: Article
    source: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A file that was taken in before, byte for byte as it is: it was not opened again."""

    articles: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was read to its end; ``state`` tells its bytes and how it was read."""

    path: str
    state: str
    articles: int


@dataclass(frozen=True, slots=True)
class Place:
    """A file to load, and its path below the folder that was given."""

    file: Path
    name: str


@dataclass(frozen=True, slots=True)
class Options:
    """``encoding``: of files that do not say theirs and are not UTF-8.  ``allow_url``:
    whether addresses are fetched, the one thing that uses the network."""

    encoding: str = ""
    allow_url: bool = False


Remembered = Callable[[str, str], int | None]
LoadResults = Iterator[Loaded | Failure | Known | Taken]


def load(
    paths: Iterable[str | Path],
    options: Options = Options(),
    known: Remembered = lambda _path, _state: None,
) -> LoadResults:
    """The articles of files, folders and addresses, folders in the order of their names.

    ``known`` tells how many articles a path gave in a state, if it was taken in so.
    Raises InputError if a path does not exist, a folder holds nothing to load, or an
    address is given without leave to fetch it.
    """
    sandbox = Sandbox()
    try:
        for place in places(paths, options):
            if isinstance(place, Failure):
                yield place
            elif isinstance(place, str):
                yield from _address(place, options, sandbox)
            else:
                yield from load_file(place, options, known, sandbox)
    finally:
        sandbox.close()


def places(paths: Iterable[str | Path], options: Options) -> Iterator[Place | Failure | str]:
    """The files that there are to load, and the addresses as they are.  Raises as `load`."""
    for given in paths:
        path = Path(given)
        if is_address(str(given)):
            if not options.allow_url:
                raise InputError(
                    f"expected a file, found the address {given}; "
                    "give --allow-url (in Python: allow_url=True)"
                )
            yield str(given)
        elif path.is_dir():
            yield from _folder(path)
        elif path.exists():
            yield Place(path, path.name)
        else:
            raise InputError(f"expected a file or a folder, found nothing at {path}")


def estimate(paths: Iterable[str | Path]) -> int:
    """About how many articles there are to load: what a progress bar needs to know."""
    return sum(
        _lines(file) if LOADERS[file.suffix.lower()].rows else 1
        for path in map(Path, paths)
        for file in (_loadable(path) if path.is_dir() else [path])
        if file.suffix.lower() in LOADERS
    )


def endings() -> str:
    """The file names that there are loaders for."""
    return ", ".join(LOADERS)


def _lines(file: Path) -> int:
    try:
        with file.open("rb") as stream:
            return sum(1 for line in stream if line.strip())
    except OSError:
        return 1


def _folder(folder: Path) -> Iterator[Place | Failure]:
    files = _loadable(folder)
    if not files:
        raise InputError(f"expected {endings()} files, found none in {folder}")
    root = folder.resolve()
    for file in files:
        if file.resolve().is_relative_to(root):
            yield Place(file, file.relative_to(folder).as_posix())
        else:
            yield Failure(
                _printable_path(file), "expected a file of this folder, found a link out of it"
            )


def _loadable(folder: Path) -> list[Path]:
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in LOADERS
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]


def load_file(place: Place, options: Options, known: Remembered, sandbox: Sandbox) -> LoadResults:
    """The articles of one file, by a loader in the sandbox."""
    file, name, path = place.file, place.name, str(place.file.resolve())
    try:
        path.encode()
        refusal = _why_not_opened(file)
        state = "" if refusal else f"{_VERSION} {name} {options.encoding} {sha256(file)}"
    except UnicodeEncodeError:
        refusal = "expected a path in UTF-8, found other bytes; rename the file or its folder"
    except OSError as error:
        refusal = f"cannot be read: {error.strerror or error}"
    if refusal:
        yield Failure(_printable_path(file), refusal)
    elif (before := known(path, state)) is not None:
        yield Known(before)
    else:
        given = File(file.resolve(), name, options.encoding)
        articles = 0
        for item in _parsed_file(file.suffix.lower(), given, path, sandbox):
            articles += isinstance(item, Loaded)
            yield item
        yield Taken(path, state, articles)


def _why_not_opened(file: Path) -> str:
    """Why a file is not even opened, "" if it may be."""
    loader = LOADERS.get(file.suffix.lower())
    if loader is None:
        return f"expected one of {endings()}, found {file.suffix or 'no ending'}"
    about = file.stat()
    if not stat.S_ISREG(about.st_mode):
        return "expected a regular file, found something else"
    if about.st_size > loader.most:
        return f"expected at most {loader.most:,} bytes, found {about.st_size:,}; split it"
    return ""


def _parsed_file(
    ending: str, file: File, source: str, sandbox: Sandbox
) -> Iterator[Loaded | Failure]:
    for line, found, doubt in sandbox.items(LOADERS[ending], file):
        where = f"{source}:{line}" if line else source
        yield Failure(where, found) if isinstance(found, str) else _noted(found, where, doubt)


def _noted(article: Article, source: str, doubt: str) -> Loaded:
    """An article with the languages that it is in, named where they are not read."""
    if article.language == READ:
        article = replace(article, language=spoken(article.text))
    if others := unread_names(article.language):
        part = "a part of it is" if READ in article.language.split(", ") else "it is"
        listed = " and ".join(filter(None, (", ".join(others[:-1]), others[-1])))
        doubts = (doubt, f"{part} in {listed}, whose statements are not read")
        doubt = "; ".join(filter(None, doubts))
    return Loaded(article, source, doubt)


def _address(address: str, options: Options, sandbox: Sandbox) -> Iterator[Loaded | Failure]:
    """The article of a page; for a feed, those of the pages that it names."""
    entries = []
    for item in _fetched(address, options, sandbox):
        if isinstance(item, Loaded) and item.source != address and is_address(item.article.url):
            entries.append(item)
        else:
            yield item
    for entry in entries[:_MOST_ENTRIES]:
        pages = list(_fetched(entry.article.url, options, sandbox))
        whole = len(pages) == 1 and isinstance(pages[0], Loaded)
        yield from pages if whole else [entry]  # its summary, where the page cannot be had


def _fetched(address: str, options: Options, sandbox: Sandbox) -> Iterator[Loaded | Failure]:
    try:
        page = fetch(address)
    except InputError as error:
        yield Failure(address, str(error))
        return
    with temporary():
        made = tempfile.TemporaryDirectory(prefix="onrecord-page-")
    with made as folder:
        path = Path(folder) / f"page{page.ending}"
        with temporary():
            path.write_bytes(page.data)
        article_id = page.url.partition("#")[0]
        file = File(path, path.name, options.encoding, page.charset, article_id)
        yield from _parsed_file(page.ending, file, address, sandbox)


def _printable_path(file: Path) -> str:
    return str(file.resolve()).encode(errors="replace").decode()
