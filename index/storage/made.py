"""The encoding of an article, as it is stored: the codes of its vectors, and its word pieces."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.embedding.tokens import Coded, in_text_order, moved
from index.search.vectors import Codes, Matrix, byte_codes, unit_rows
from index.types import Span

_SHA256 = 32
"""Bytes of the digest before what is packed."""


@dataclass(frozen=True, slots=True)
class EncodedText:
    """The encoding of one passage or quote: its vector of shape (d,), and its word pieces as bytes
    (`Coded.packed`), empty for a quote."""

    vector: Matrix
    tokens: bytes = b""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedArticle:
    """The encoding of an article with n passages and m quotes.

    ``passages`` and ``quotes`` are the codes of their vectors, of shape (n, d) and (m, d), in the
    order of their ids; ``pieces`` are all word pieces with their offsets in the article's text.
    """

    passages: Codes
    quotes: Codes
    pieces: Coded

    @classmethod
    def of(
        cls,
        passages: Sequence[tuple[Span, Matrix, bytes]],
        quotes: Sequence[tuple[Sequence[Span], Matrix, bytes]],
        dimension: int,
    ) -> Self:
        """Return the encoding made of passages and quotes, each with its spans, its vector and its
        packed word pieces, in the order of their ids.

        Where word pieces of a passage and of a quote overlap, those of the passage are kept.
        """
        pieces = [moved(Coded.unpacked(data), [span]) for span, _, data in passages]
        pieces += [moved(Coded.unpacked(data), spans) for spans, _, data in quotes if data]
        return cls(
            byte_codes(np.array([v for _, v, _ in passages], np.float32).reshape(-1, dimension)),
            byte_codes(np.array([v for _, v, _ in quotes], np.float32).reshape(-1, dimension)),
            in_text_order(pieces),
        )

    def packed(self) -> bytes:
        """Return the encoding as bytes, behind their SHA-256."""
        stream = io.BytesIO()
        np.savez(
            stream,
            passages=self.passages,
            quotes=self.quotes,
            starts=self.pieces.starts.astype(np.uint32),
            ids=self.pieces.ids.astype(np.uint32),
            codes=self.pieces.codes,
        )
        data = stream.getvalue()
        return hashlib.sha256(data).digest() + data

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Return the encoding that `packed` gave these bytes for."""
        found = np.load(io.BytesIO(data[_SHA256:]), allow_pickle=False)
        starts, ids = (found[name].astype(np.int64) for name in ("starts", "ids"))
        return cls(found["passages"], found["quotes"], Coded(starts, ids, found["codes"]))

    def by_text(
        self, text: str, passages: Sequence[Span], quotes: Sequence[Sequence[Span]]
    ) -> dict[str, EncodedText]:
        """Return the encoding of each passage and quote by its words.

        ``text`` is the article's; the spans are in the order of the ids, as in `of`.
        """
        found = {
            " ".join(span.slice(text) for span in spans): EncodedText(row)
            for spans, row in zip(quotes, unit_rows(self.quotes), strict=True)
        }
        for span, row in zip(passages, unit_rows(self.passages), strict=True):
            inside = (self.pieces.starts >= span.start) & (self.pieces.starts < span.end)
            pieces = Coded(
                self.pieces.starts[inside] - span.start,
                self.pieces.ids[inside],
                self.pieces.codes[inside],
            )
            found[span.slice(text)] = EncodedText(row, pieces.packed())
        return found


def is_whole(packed: bytes) -> bool:
    """Return whether packed bytes agree with the SHA-256 before them."""
    return hashlib.sha256(packed[_SHA256:]).digest() == packed[:_SHA256]
