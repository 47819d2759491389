"""Correction notices: what an article takes back of itself, mostly at its end.

A quotation that a notice gives to somebody else is no longer its first speaker's.  A statement
that has a word or a number which a notice speaks of is one that it corrects.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.attribution.quotation_marks import quotations
from index.text.folding import fold
from index.types import Mention, Quote, Span

_NOTICE = re.compile(
    r"[*\[(]?(?:"
    r"(?:Correction|Clarification|Amendment|Erratum|CORRECTION|CLARIFICATION)s?\b[^\n]{0,60}?[:.—–-]"
    r"|(?:Editor[’']?s[’']? note|EDITOR[’']?S NOTE|Note|Update)\b[^\n]{0,40}?[:—–-]"
    r"(?=[^\n]*\b(?:correct|amend|earlier version))"
    r"|(?:This|The) (?:article|story|piece|report|headline)\b[^\n]{0,40}\b(?:was|has been|were)"
    r" (?:corrected|amended|updated to correct)"
    r"|(?:An|In an) (?:earlier|previous|original) version of this (?:article|story|piece|report))"
)
_TERM = re.compile(r"\d[\d.,]*|(?<![.!?:“\"] )(?<!^)\b[^\W\d_a-z][\w’'-]*")
_OF_NAMES = re.compile(r"\b(?:misspel|mis-spel|name[sd]?\b|misidentif|title\b)", re.IGNORECASE)
_MISATTRIBUTED = re.compile(r"\bmis-?attribut|\bwrongly attribut|\bwho said\b", re.IGNORECASE)
_CLEFT = re.compile(
    r"\b[Ii]t was (?P<name>[^\W\d_][^,“”\"\n]{1,60}?)(?:,? (?:and |rather than |instead of )?"
    r"(?:not )?[^,“”\"\n]{2,60},)? who (?:said|told|wrote|made)\b[^“”\"\n]{0,60}$"
)
_BOILERPLATE = re.compile(r"(?:An|In an) (?:earlier|previous|original) version of this \w+")


def notices(text: str) -> list[Span]:
    """The paragraphs that are correction notices, in order.  Linear in the text."""
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if _NOTICE.match(body):
            at = start + line.index(body)
            found.append(Span(at, at + len(body)))
        start += len(line)
    return found


def correcting(text: str, statement: Span, speakers: Sequence[str]) -> Span | None:
    """The notice that speaks of a word or a number of a statement, or of its speaker's name."""
    said = statement.slice(text)
    words = {fold(w) for w in re.findall(r"\w[\w’'-]*", said)}
    names = {fold(w) for name in speakers for w in name.split()}
    for notice in notices(text):
        if notice.overlaps(statement):
            continue
        told = _BOILERPLATE.sub("", notice.slice(text))
        terms = {fold(t).rstrip(".,") for t in _TERM.findall(told)}
        if (terms - names) & words or (terms & names and _OF_NAMES.search(told)):
            return notice
    return None


def withdrawn(
    text: str, quotes: Sequence[Quote], labelled: Callable[[str], str | None]
) -> list[Quote]:
    """The quotes; those whose very words a notice gives to another speaker as not said.

    ``labelled`` tells whom a name as it stands in the notice means.
    """
    found = [n for n in notices(text) if _MISATTRIBUTED.search(text, n.start, n.end)]
    if not found:
        return list(quotes)
    starts = [n.start for n in found]

    def around(quote: Quote) -> Span | None:
        at = bisect_right(starts, quote.span.start) - 1
        return found[at] if at >= 0 and quote.span in found[at] else None

    quotes = [
        q if (notice := around(q)) is None else _set_right(text, q, notice, labelled)
        for q in quotes
    ]
    disputed = {
        _without_edge_marks(q.inner.slice(notice.slice(text)))
        for notice in found
        for q in quotations(notice.slice(text))
    } - {""}
    right = {
        _without_edge_marks(span.slice(text)): q.speaker.name
        for q in quotes
        if around(q) is not None and q.speaker and q.speaker.name
        for span in q.content
    }
    out = []
    for quote in quotes:
        speaker = quote.speaker
        if speaker is not None and around(quote) is None:
            said = {_without_edge_marks(span.slice(text)) for span in quote.content}
            if any(right.get(words) != speaker.name for words in said & disputed):
                quote = replace(quote, modality="negated")
        out.append(quote)
    return out


def _set_right(
    text: str, quote: Quote, notice: Span, labelled: Callable[[str], str | None]
) -> Quote:
    """A quotation in a notice, by whom the notice says: "It was X, not Y, who said ..."."""
    before = max(text.rfind(". ", notice.start, quote.span.start) + 1, notice.start)
    told = _CLEFT.search(text[before : quote.span.start])
    if told is None:
        return quote
    span = Span(before + told.start("name"), before + told.end("name"))
    speaker = Mention(span, labelled(told["name"]), "explicit")
    return replace(quote, speaker=speaker, co_speakers=())


def _without_edge_marks(words: str) -> str:
    return fold(words).strip("“”\"'‘’.,!?;: ")
