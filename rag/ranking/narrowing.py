"""A citation is cut down to the piece, or the sentence, that was asked for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import replace

from index.types import Quote, Span, hull
from rag.people import content_stems
from rag.ranking.unquoted import MAX_WHOLE_CHARACTERS
from rag.types import Evidence, Question


def narrowed(question: Question, evidence: Evidence) -> Evidence:
    """Return evidence cut down to the piece that holds the words asked for, or, if it is very long,
    to the sentence with most of the topic."""
    quote, text = evidence.quote, evidence.article.text
    if quote is None or evidence.span != quote.span:
        return evidence
    asked = content_stems(f"{question.topic} {question.words}") or content_stems(question.context)
    held = [len(content_stems(p.slice(text)) & asked) for p in quote.content]
    if len(held) > 1 and max(held) and re.search(r"[.!?]\s", _words_between(quote, text)):
        kept = [p for p, n in zip(quote.content, held, strict=True) if 2 * n >= max(held)]
        quote = replace(quote, content=tuple(kept))
        evidence = replace(evidence, span=quote.span, quote=quote)
    if len(evidence.span) <= MAX_WHOLE_CHARACTERS:
        return evidence
    pieces = list(_cut_at_full_stops(evidence.span, text))
    best = max(pieces, key=lambda s: (len(content_stems(s.slice(text)) & asked), -s.start))
    return replace(evidence, span=best, quote=replace(quote, content=(best,)))


def with_verb(evidence: Evidence) -> Evidence:
    """Return evidence that is only named with the verb that names it: "pressing for a change" says
    what "a change" does not.  A single word is cited with its whole sentence."""
    quote, text = evidence.quote, evidence.article.text
    if quote is None or quote.tier != "nominal" or evidence.span != quote.span or not quote.cue:
        return evidence
    if len(evidence.span.slice(text).split()) == 1:
        return replace(evidence, span=evidence.sentence)
    before = quote.cue in evidence.sentence and quote.cue.end <= evidence.span.start
    return replace(evidence, span=hull((quote.cue, evidence.span))) if before else evidence


def _words_between(quote: Quote, text: str) -> str:
    """Return what stands between the pieces of a quotation."""
    pairs = itertools.pairwise(quote.content)
    return " ".join(text[a.end : b.start] for a, b in pairs)


def _cut_at_full_stops(span: Span, text: str) -> Iterable[Span]:
    """Yield a stretch of text cut behind full stops: enough to shorten an overlong quotation."""
    start = span.start
    for match in re.finditer(r"[.!?][\"”’']*\s+", text[span.start : span.end]):
        end = span.start + match.end()
        yield Span(start, span.start + len(text[span.start : end].rstrip()))
        start = end
    if start < span.end:
        yield Span(start, span.end)
