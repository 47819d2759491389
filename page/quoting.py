"""A citation as plain text: words with their attribution, to paste into an article."""

from __future__ import annotations

from page.escape import address_at
from page.words import BASES, date
from rag.types import Answer, Citation, listed


def attributed_quote(citation: Citation) -> str:
    """The words verbatim, then who said them to whom, how that is known, where it was reported
    and where it stands there.

    Nothing is put inside quotation marks that the article did not put there.
    """
    return f"{citation.quote}\n— {source_line(citation)}"


def source_line(citation: Citation) -> str:
    """Who said it to whom, how that is known, where it was reported and where it stands there."""
    return ", ".join(filter(None, [who(citation), *_source_parts(citation)]))


def answer_text(answer: Answer) -> str:
    """An answer as plain text: the question, and each statement with its attribution."""
    quotes = (f"[{c.number}] {attributed_quote(c)}" for c in answer.citations)
    left_out = [f"{answer.more} further statements are not shown."] if answer.more else []
    return "\n\n".join([answer.question, *quotes, *left_out])


def who(citation: Citation) -> str:
    """'A (inferred) to B (reported speech), according to C'; "" for a bare sentence."""
    if citation.kind is None:
        return ""
    found = listed(speakers(citation))
    found = f"{found or 'speaker not stated'}{_doubt(citation.attribution)}"
    if citation.addressees:
        found += f" to {listed(citation.addressees)}"
        found += "".join(_doubt(basis) for basis in addressees_known(citation))
    if citation.kind == "indirect":
        found += " (reported speech)"
    if citation.chain:
        found += f", according to {listed(citation.chain)}"
    return found


def speakers(citation: Citation) -> tuple[str, ...]:
    """Everybody who says it: more than one in a joint statement, nobody where none is named."""
    return tuple(filter(None, (citation.speaker, *citation.co_speakers)))


def addressees_known(citation: Citation) -> tuple[str, ...]:
    """The ways in which the addressees are known, each once."""
    mentions = citation.source.addressees if citation.source else ()
    return tuple(dict.fromkeys(m.basis for m in mentions))


def _doubt(basis: str) -> str:
    """What has to be said of a name that the sentence does not give by itself."""
    return f" ({BASES[basis][0].lower()})" if basis in DOUBTFUL else ""


DOUBTFUL = ("coreference", "inferred", "corrected")
"""Ways to know a name that a copy must not lose."""


def _source_parts(citation: Citation) -> list[str]:
    article = citation.article
    return [
        article.outlet,
        article.title or article.id,
        date(article.published),
        f"characters {citation.start} to {citation.end}",
        passage_address(citation),
    ]


def passage_address(citation: Citation) -> str:
    """The address of the words in their article, as a text fragment; "" without an address."""
    return address_at(citation.article.url, citation.quote)
