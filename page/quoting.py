"""A citation as plain text: words with their attribution, to paste into an article."""

from __future__ import annotations

from page.words import date
from rag.types import Citation, listed


def attributed_quote(citation: Citation) -> str:
    """The words verbatim, then who said them to whom, and where that was reported.

    Nothing is put inside quotation marks that the article did not put there.
    """
    return (
        f"{citation.quote}\n— {', '.join(filter(None, [who(citation), *_source_parts(citation)]))}"
    )


def who(citation: Citation) -> str:
    """'A to B (reported speech), according to C'; "" for a bare sentence."""
    if citation.kind is None:
        return ""
    found = citation.speaker or "speaker not stated"
    if citation.addressees:
        found += f" to {listed(citation.addressees)}"
    if citation.kind == "indirect":
        found += " (reported speech)"
    if citation.chain:
        found += f", according to {listed(citation.chain)}"
    return found


def _source_parts(citation: Citation) -> list[str]:
    article = citation.article
    return [article.outlet, article.title or article.id, date(article.published), article.url]
