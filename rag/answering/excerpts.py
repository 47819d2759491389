"""What of an article is shown for a piece of evidence: whole sentences and whole quotations."""

from __future__ import annotations

import re

from index.attribution.quotation_marks import quotations
from index.text.segment import sentences_in
from index.types import Span, hull
from rag.types import Evidence

MAX_QUOTATION_CHARACTERS = 1500
"""Characters of a quotation that is shown whole; longer ones keep to the sentence."""

MAX_PARAGRAPH_CHARACTERS = 4000
"""Characters on either side of a sentence in which its paragraph has to begin and end."""

_MARKS = re.compile(r"''|``|[“”„‟«»\"]")
_BULLET = re.compile(r"[–—•*-]\s+")


def excerpt(item: Evidence) -> Span:
    """Return the whole sentences that carry a piece of evidence, without a bullet before them.

    A quotation that goes on beyond them is taken in with all of its sentences: with one of
    its marks missing, a reader could not tell where the quoted words begin or end.
    """
    text, span, sentence = item.article.text, item.span, item.sentence
    around = hull((span, sentence))
    bullet = _BULLET.match(text, around.start, around.end)
    if bullet and bullet.end() <= span.start:
        around = Span(bullet.end(), around.end)
    if not _MARKS.search(text, around.start, around.end):
        return around
    low = max(text.rfind("\n", 0, around.start) + 1, 0)
    high = text.find("\n", around.end)
    paragraph = Span(low, high if high >= 0 else len(text))
    if (
        paragraph.start < around.start - MAX_PARAGRAPH_CHARACTERS
        or paragraph.end > around.end + MAX_PARAGRAPH_CHARACTERS
    ):
        return around
    return _with_whole_quotations(text, around, paragraph)


def _with_whole_quotations(text: str, around: Span, paragraph: Span) -> Span:
    """Return the stretch with the sentences of every quotation that only begins or ends in it."""
    start, end = around.start, around.end
    for found in quotations(paragraph.slice(text)):
        first = paragraph.start + found.span.start
        beyond = paragraph.start + found.span.end
        cut = first < around.start < beyond - 1 or first + 1 < around.end < beyond - 1
        if (
            found.marked
            and not found.single
            and cut
            and len(found.span) <= MAX_QUOTATION_CHARACTERS
        ):
            for sentence in sentences_in(text, paragraph):
                if sentence.start < beyond and first < sentence.end:
                    start, end = min(start, sentence.start), max(end, sentence.end)
    return Span(start, end)
