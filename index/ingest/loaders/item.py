"""What loaders give: articles and refusals, each with its line; and what all of them check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import InputError
from index.ingest.loaders import TEXT_BYTES
from index.types import Article


@dataclass(frozen=True, slots=True)
class Item:
    """An article, or why there is none; ``line`` is 0 where the file is one article.

    ``doubt`` says why what was taken may not be all of the article, "" where nothing does.
    """

    found: Article | str
    line: int = 0
    doubt: str = ""


Items = Iterator[Item]


def storable(article: Article) -> Article:
    """The article, if it has a text and all of it can be stored.  Raises InputError."""
    if not article.text.strip():
        raise InputError("expected an article, found no text")
    if len(article.text) > TEXT_BYTES:
        raise InputError(f"expected at most {TEXT_BYTES:,} characters of text; split it")
    for field in article.__dataclass_fields__:
        value = getattr(article, field)
        if (at := value.find("\0")) >= 0:
            raise InputError(f"expected text, found a NUL character at {at}")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InputError(
                f"expected Unicode text, found half a character (a lone surrogate) at {error.start}"
            ) from error
    return article


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())
