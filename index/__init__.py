"""The write path: articles become passages and attributed quotes, stored and checked.

``extract_quotes`` needs neither a store nor an embedder.  Nothing heavy is imported
until it is called.
"""

from __future__ import annotations

from index.errors import OnRecordError
from index.privacy import stay_local
from index.types import Article, Mention, Passage, Quote, Span

__all__ = ["Article", "Mention", "OnRecordError", "Passage", "Quote", "Span", "extract_quotes"]

stay_local()


def extract_quotes(text: str) -> list[Quote]:
    """The quotes of one article's text, in the order in which they stand.

    Empty text gives an empty list.  The parser is loaded at the first call.
    Raises MissingExtra if it is not installed.
    """
    from index.attribution.extract import extract

    return list(extract(Article(id="", text=text)))
