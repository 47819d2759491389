"""Citations for reference managers and word processors: BibTeX, CSL-JSON, DOCX.

Each keeps the attributed quote with all its doubts as a note beside the article's data.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from typing import Any

import docx

from index.text.escape import on_one_line
from page.escape import hidden_named, web_address
from page.quoting import attributed_quote, passage_address, source_line
from page.words import day_of
from rag.types import Citation

_BIBTEX = {
    **{char: f"\\{char}" for char in "{}%&#_$"},
    **{"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"},
}


def bibtex(title: str, text: str, citations: Sequence[Citation]) -> str:
    """An entry for each statement: its article, the attributed quote as its note."""
    return "\n".join(map(_entry, citations))


def _entry(c: Citation) -> str:
    article = c.article
    fields = {
        "author": _bibtex(article.author),
        "title": _bibtex(article.title or article.id),
        "howpublished": _bibtex(article.outlet),
        "date": _bibtex(article.published[:10]),
        "url": re.sub(r"[{}\\]", "", web_address(article.url)),
        "note": _bibtex(attributed_quote(c)),
    }
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    key = re.sub(r"[^a-z0-9]+", "-", article.id.casefold()).strip("-") or "article"
    return f"@misc{{{key}-{c.start}-{c.number},\n{rows}}}\n"


def _bibtex(text: str) -> str:
    return "".join(_BIBTEX.get(char, char) for char in on_one_line(hidden_named(text)))


def csl_json(title: str, text: str, citations: Sequence[Citation]) -> str:
    """An item for each statement, as citeproc reads it (CSL 1.0.2)."""
    return json.dumps([_item(c) for c in citations], ensure_ascii=False, indent=2) + "\n"


def _item(c: Citation) -> dict[str, Any]:
    article = c.article
    found = {
        "id": f"{article.id}#{c.start}-{c.end}",
        "type": "article-newspaper",
        "title": article.title or article.id,
        "author": [{"literal": article.author}] if article.author else [],
        "container-title": article.outlet,
        "issued": _date_parts(article.published),
        "URL": passage_address(c),
        "note": attributed_quote(c),
    }
    return {name: value for name, value in found.items() if value}


def _date_parts(published: str) -> dict[str, list[list[int]]]:
    day = day_of(published)
    return {"date-parts": [[day.year, day.month, day.day]]} if day else {}


def word_document(title: str, text: str, citations: Sequence[Citation]) -> bytes:
    """A Word document: each quote as such, what is known of it below."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""
    document.add_heading(hidden_named(title), 1)
    for c in citations:
        document.add_paragraph(hidden_named(f"[{c.number}] {c.quote}"), "Quote")
        document.add_paragraph(hidden_named(source_line(c)))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
