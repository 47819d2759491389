"""Where the words of a statement begin and end: at their quotation marks, not inside them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from index.attribution.quotation_marks import Quotation
from index.types import Span


def completed(text: str, spans: Sequence[Span], marks: Sequence[Quotation]) -> list[Span]:
    """Return the spans of a statement with the quotation marks that belong to them.

    ``marks`` are the quotations of the text, in its order.  A span that overlaps one is widened to
    its end, and to its beginning where nothing but punctuation stands between; spans that overlap
    or touch then are joined.
    """
    out: list[Span] = []
    for span in sorted(spans):
        start, end = span.start, span.end
        at = max(0, bisect_left(marks, start, key=lambda q: q.span.end))
        while at < len(marks) and marks[at].span.start < end:
            mark = marks[at].span
            if mark.start < start and _EDGES.fullmatch(text, mark.start, start):
                start = mark.start
            end = max(end, mark.end)
            at += 1
        if out and start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(end, out[-1].end))
        else:
            out.append(Span(start, end))
    return out


_EDGES = re.compile(r"[ \t\n\"'“”‘’«»„`.,;:!?…—–\-(\[)\]]*+")
