"""Citations as files: Markdown to read, CSV for a table, JSON-LD for machines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence

from index.types import Span
from page.words import KINDS, date, listed
from rag.types import Citation

_CONTEXT = 32
"""Characters before and after a passage that help to find it again (TextQuoteSelector)."""

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula."""


def markdown(asked: str, text: str, citations: Sequence[Citation]) -> str:
    """The question, the answer and its quotations, every special character escaped."""
    lines = [f"# {_plain(asked)}", ""]
    lines += [_plain(text), ""] if text else []
    for c in citations:
        kind = KINDS[c.kind][0] if c.kind else "Passage"
        who = " → ".join(filter(None, [c.speaker or "", listed(c.addressees)]))
        chain = f"according to {listed(c.chain)}" if c.chain else ""
        place = ", ".join(
            filter(None, (c.article.outlet, c.article.title or c.article.id, date(c.article.published)))
        )
        lines.append(f"{c.number}. " + " ".join(f"> {_plain(c.quote)}".split("\n")))
        about = [who, chain, kind, place, c.article.url, f"characters {c.start} to {c.end}"]
        lines += ["", "   " + _plain("; ".join(filter(None, about))), ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+!|&~" else c for c in text.replace("\n", " "))


def table(asked: str, text: str, citations: Sequence[Citation]) -> str:
    """One row a citation; no cell that a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        "number quote speaker addressees cue kind according_to attribution outlet title date url "
        "article start end".split()
    )
    for c in citations:
        a = c.article
        row = (
            *(c.number, c.quote, c.speaker or "", "; ".join(c.addressees), c.cue or ""),
            *(c.kind or "", "; ".join(c.chain), c.attribution, a.outlet, a.title, a.published),
            *(a.url, a.id, c.start, c.end),
        )
        writer.writerow([_cell(str(value)) for value in row])
    return out.getvalue()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_ACTIVE) else value


def linked_data(asked: str, text: str, citations: Sequence[Citation]) -> str:
    """schema.org Quotations, each with a W3C TextQuoteSelector into its article."""
    return json.dumps(
        {
            "@context": ["https://schema.org", "http://www.w3.org/ns/anno.jsonld"],
            "@type": "Collection",
            "name": asked,
            "hasPart": [_quotation(c) for c in citations],
        },
        ensure_ascii=False,
        indent=1,
    )


def _quotation(c: Citation) -> dict[str, object]:
    article, text = c.article, c.article.text
    before, after = max(0, c.start - _CONTEXT), min(len(text), c.end + _CONTEXT)
    found: dict[str, object] = {
        "@type": "Quotation",
        "text": c.quote,
        "isPartOf": {
            "@type": "NewsArticle",
            "identifier": article.id,
            "headline": article.title,
            "url": article.url,
            "datePublished": article.published,
            "publisher": article.outlet,
        },
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": c.quote,
                "prefix": text[before : c.start],
                "suffix": Span(c.end, after).slice(text) if after > c.end else "",
            },
            {"type": "TextPositionSelector", "start": c.start, "end": c.end},
        ],
    }
    if c.speaker:
        found["spokenByCharacter"] = {"@type": "Thing", "name": c.speaker}
    if c.addressees:
        found["recipient"] = [{"@type": "Thing", "name": name} for name in c.addressees]
    return found


FORMS: dict[str, tuple[str, Callable[[str, str, Sequence[Citation]], str]]] = {
    "md": ("text/markdown", markdown),
    "csv": ("text/csv", table),
    "jsonld": ("application/ld+json", linked_data),
}
"""Each form of an export: its media type, and what writes it."""
