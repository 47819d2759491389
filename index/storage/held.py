"""Finds the stored encodings of articles: the vectors and word pieces that the model made of them.

The truth keeps the encoding of an article until a segment has it; from then on it is in the files
of the segment alone.  A segment that is written again takes encodings from wherever they are, and
an encoding that is lost is made again from the text.
"""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from index.errors import IndexUnusable
from index.search.vectors import COLLECTIONS
from index.settings import Fingerprint
from index.storage.made import EncodedArticle, EncodedText, is_whole
from index.storage.segments import Opened
from index.storage.snapshot import Generation
from index.storage.store import Store
from index.types import Span

Embed = Callable[[str, Sequence[Span], Sequence[Sequence[Span]]], EncodedArticle]
"""Encodes an article: its text, the spans of its passages, and the spans of each of its quotes."""


class EncodedArticles:
    """The encodings of the articles of the truth, read from the truth or from a segment."""

    def __init__(self, store: Store, parts: Sequence[Opened]) -> None:
        """``parts`` are segments with vectors of the model of today."""
        self._store, self._parts = store, parts
        self._places: dict[str, tuple[Opened, int]] = {}

    def find(self, contents: Mapping[str, str]) -> list[str]:
        """Look for the encodings of articles, given by id with the digests of their content.

        Returns the ids of those that have none; `of` gives the encodings of the others.
        """
        kept = {i for i in contents if is_whole(self._store.made(i))}
        wanted = {i: content for i, content in contents.items() if i not in kept}
        self._places |= _in_segments(self._parts, wanted)
        return sorted(wanted.keys() - self._places.keys())

    def of(self, article_id: str) -> EncodedArticle:
        """Return the encoding of an article that `find` found."""
        if is_whole(data := self._store.made(article_id)):
            return EncodedArticle.unpacked(data)
        return _made_in(*self._places[article_id], article_id)


def _in_segments(
    parts: Iterable[Opened], contents: Mapping[str, str]
) -> dict[str, tuple[Opened, int]]:
    """Segment and number of each of these articles; left out are those that no segment has with
    just this digest, be they dead or alive."""
    found: dict[str, tuple[Opened, int]] = {}
    ids = json.dumps([*contents])
    query = (
        "SELECT number, id, digest FROM main.articles WHERE id IN (SELECT value FROM json_each(?))"
    )
    for part in parts if contents else ():
        for number, article_id, content in part.rows(query, (ids,)):
            if contents[article_id] == content:
                found[article_id] = (part, number)
    return found


def _made_in(part: Opened, number: int, article_id: str) -> EncodedArticle:
    passages, quotes = (
        part.vectors.codes[name][_row_numbers(part, name, article_id)] for name in COLLECTIONS
    )
    return EncodedArticle(passages, quotes, part.tokens.of_article(number))


def _row_numbers(part: Opened, name: str, article_id: str) -> list[int]:
    """The numbers of an article's passages or quotes, in the order of their ids."""
    query = f"SELECT number FROM main.{name} WHERE article_id = ? ORDER BY id"
    return [number for (number,) in part.rows(query, (article_id,))]


class EmbeddedBefore:
    """A lookup from an article's id to the encodings of its texts, so that an article that comes
    again is not embedded again.

    The segments are opened at the first lookup, and closed by ``close``.
    """

    def __init__(
        self, folder: Path, store: Store, made_with: Fingerprint, *, anew: bool = False
    ) -> None:
        """``anew``: read all files of the segments to compare them, whatever is known of them."""
        self._folder, self._store, self._made_with = folder, store, made_with
        self._anew = anew
        self._closing = contextlib.ExitStack()

    def __call__(self, article_id: str) -> dict[str, EncodedText]:
        """Return the encodings of an article's passages and quotes by their words; an empty dict
        if the stored article has another text, or was embedded by another model."""
        if not self._store.is_made_with(article_id, self._made_with):
            return {}
        if self._held.find(self._store.contents([article_id])):
            return {}
        return self._held.of(article_id).by_text(*self._store.spans_of(article_id))

    @functools.cached_property
    def _held(self) -> EncodedArticles:
        generation = with_same_model(self._folder, self._made_with, anew=self._anew)
        if generation is not None:
            self._closing.callback(generation.close)
        return EncodedArticles(self._store, generation.parts if generation else ())

    def close(self) -> None:
        self._closing.close()


def with_same_model(
    folder: Path, made_with: Fingerprint, *, anew: bool = False
) -> Generation | None:
    """The current generation without the segments that are not as they were made; None if it
    cannot be read, or has the vectors of another model.  ``anew`` is as of Generation."""
    with contextlib.suppress(IndexUnusable):
        generation = Generation(folder, anew=anew, tell=False)
        if generation.manifest.fingerprint.is_same_model(made_with):
            return generation
        generation.close()
    return None
