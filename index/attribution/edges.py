"""Where the words of a statement begin and end: at their quotation marks, not inside them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from index.attribution.quotation_marks import Quotation
from index.types import Span


def completed(text: str, spans: Sequence[Span], marks: Sequence[Quotation]) -> list[Span]:
    """Return the spans of a statement with the quotation marks that belong to them.

    A span that ends one mark short of a quotation is extended to include the mark; one that
    overlaps a quotation only in part is extended to all of it; spans that then touch become one.
    An aside in brackets of which a span holds only the beginning is left out.
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
        end = _before_open_bracket(text, start, end)
        if out and start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(end, out[-1].end))
        else:
            out.append(Span(start, end))
    return out


def _before_open_bracket(text: str, start: int, end: int) -> int:
    """Where a span ends, without an aside in brackets that it holds only the beginning of."""
    opened = text.rfind("(", start, end)
    if opened <= start or text.find(")", opened, end) >= 0:
        return end
    return start + len(text[start:opened].rstrip())


_EDGES = re.compile(r"[ \t\n\"'“”‘’«»„`.,;:!?…—–\-(\[)\]]*+")
