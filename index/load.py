"""Files and folders become Articles; a bad one becomes a Failure and nothing else is lost.

The text is decoded once, here, and never changed again: every offset counts in it.
To add a format, write a function ``path -> Iterator[Article | Failure]`` and give it a
line in LOADERS.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.disk import sha256
from index.errors import InputError
from index.types import Article

MAX_BYTES = 5_000_000
"""Of one article.  The longest real ones have a tenth of that; more is not an article."""

_VERSION = 1
"""Of the loaders; raise it when one gives other text for the same bytes."""

_TEXT_FIELDS = {"title": "title", "date": "published", "url": "url", "outlet": "outlet"}
_TEXT_FIELDS |= {"author": "author", "language": "language", "licence": "licence"}


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be taken in: where it stood, and why, in one line each."""

    source: str
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """An article, and the file (and line) that it came from."""

    article: Article
    source: str


@dataclass(frozen=True, slots=True)
class Known:
    """A file that was taken in before, byte for byte as it is: it was not opened again."""

    articles: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was read to its end without a failure; ``state`` tells its bytes."""

    path: str
    state: str
    articles: int


@dataclass(frozen=True, slots=True)
class Options:
    """``encoding``: of files that do not say theirs and are not UTF-8."""

    encoding: str = ""


def load(
    paths: Iterable[str | Path],
    options: Options = Options(),
    known: Callable[[str, str], int | None] = lambda _path, _state: None,
) -> Iterator[Loaded | Failure | Known | Taken]:
    """The articles of files and folders, folders in the order of their names.

    ``known`` tells how many articles a path gave in a state, if it was taken in so.
    Raises InputError if a path does not exist or a folder holds nothing to load.
    """
    for given in paths:
        path = Path(given)
        if path.is_dir():
            yield from _folder(path, options, known)
        elif path.exists():
            yield from _file(path, path.name, options, known)
        else:
            raise InputError(f"expected a file or a folder, found nothing at {path}")


def estimate(paths: Iterable[str | Path]) -> int:
    """About how many articles there are to load: what a progress bar needs to know."""
    return sum(
        _lines(file) if file.suffix.lower() == ".jsonl" else 1
        for path in map(Path, paths)
        for file in (_loadable(path) if path.is_dir() else [path])
    )


def _lines(file: Path) -> int:
    try:
        with file.open("rb") as stream:
            return sum(1 for line in stream if line.strip())
    except OSError:
        return 1


Remembered = Callable[[str, str], int | None]
Items = Iterator[Loaded | Failure | Known | Taken]


def _folder(folder: Path, options: Options, known: Remembered) -> Items:
    files = _loadable(folder)
    if not files:
        raise InputError(f"expected {endings()} files, found none in {folder}")
    for file in files:
        yield from _file(file, file.relative_to(folder).as_posix(), options, known)


def _loadable(folder: Path) -> list[Path]:
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in LOADERS
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]


def _file(file: Path, name: str, options: Options, known: Remembered) -> Items:
    loader = LOADERS.get(file.suffix.lower())
    path = str(file.resolve())
    if loader is None:
        yield Failure(path, f"expected one of {endings()}, found {file.suffix or 'no ending'}")
    elif not file.is_file():
        yield Failure(path, "expected a regular file, found something else")
    else:
        try:
            state = f"{_VERSION} {name} {options.encoding} {sha256(file)}"
            if (before := known(path, state)) is not None:
                yield Known(before)
                return
            articles = 0
            for item in loader(Path(path), name):
                articles += isinstance(item, Loaded)
                yield item
            yield Taken(path, state, articles)
        except OSError as error:
            yield Failure(path, f"cannot be read: {error.strerror or error}")


def endings() -> str:
    """The file names that there are loaders for."""
    return ", ".join(LOADERS)


def _plain_text(file: Path, name: str) -> Iterator[Loaded | Failure]:
    if (size := file.stat().st_size) > MAX_BYTES:
        yield Failure(str(file), f"expected at most {MAX_BYTES:,} bytes, found {size:,}; split it")
        return
    try:
        text = _decode(file.read_bytes())
        article = Article(id=name.removesuffix(file.suffix), text=_article_text(text))
    except InputError as error:
        yield Failure(str(file), str(error))
    else:
        yield Loaded(article, str(file))


def _json_lines(file: Path, _name: str) -> Iterator[Loaded | Failure]:
    lines_of: dict[str, int] = {}
    with file.open("rb") as stream:
        number = 0
        while line := stream.readline(MAX_BYTES + 1):
            number += 1
            source = f"{file}:{number}"
            if len(line) > MAX_BYTES:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MAX_BYTES)
                yield Failure(source, f"expected at most {MAX_BYTES:,} bytes a line; split it")
                continue
            if not line.strip():
                continue
            try:
                article = _from_json(_decode(line))
                if (first := lines_of.setdefault(article.id, number)) != number:
                    raise InputError(
                        f"expected one article an id, found {article.id!r} of line {first}"
                    )
            except InputError as error:
                yield Failure(source, str(error))
            else:
                yield Loaded(article, source)
    if not number:
        yield Failure(str(file), "expected one JSON object a line, found an empty file")


def _from_json(line: str) -> Article:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply")
        raise InputError(f"expected a JSON object, found something else ({reason})") from error
    if not isinstance(row, dict):
        raise InputError(f"expected a JSON object, found {type(row).__name__}")
    if not isinstance(text := row.get("text"), str):
        raise InputError('expected an article text under "text", found none')
    given = row.get("id")
    if given is None:
        given = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    if not isinstance(given, str | int) or not str(given).strip():
        raise InputError(f'expected a string under "id", found {given!r}')
    fields = {
        field: _field(key, value)
        for key, field in _TEXT_FIELDS.items()
        if (value := row.get(key)) is not None
    }
    return Article(id=_storable(str(given)), text=_article_text(text), **fields)


def _field(key: str, value: object) -> str:
    if not isinstance(value, str | int | float):
        raise InputError(f'expected a string under "{key}", found {type(value).__name__}')
    return _storable(str(value))


def _decode(data: bytes) -> str:
    """Strict UTF-8, with or without a byte order mark: a guess would be a wrong word."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"expected UTF-8 text, found byte 0x{data[error.start]:02x} at {error.start}; "
            "convert the file to UTF-8"
        ) from error


def _article_text(text: str) -> str:
    if not text.strip():
        raise InputError("expected an article, found no text")
    return _storable(text)


def _storable(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"expected Unicode text, found half a character (a lone surrogate) at {error.start}"
        ) from error
    return text


LOADERS: dict[str, Callable[[Path, str], Iterator[Loaded | Failure]]] = {
    ".txt": _plain_text,
    ".jsonl": _json_lines,
}
