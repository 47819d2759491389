"""Citations as files: Markdown and DOCX to read, CSV for tables, BibTeX and CSL-JSON for
reference managers, JSON-LD for machines.

Every form keeps each quote with its source and its offsets, so that it can be checked.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from index.storage.export import guarded
from index.text.escape import markdown
from page.escape import web_address
from page.quoting import addressees_known, passage_address, speakers, who
from page.references import bibtex, csl_json, word_document
from page.words import date
from rag.types import Citation

CITATION_COLUMNS = (
    *("number", "quote", "speaker", "addressees", "cue", "kind", "attribution", "according_to"),
    *("outlet", "date", "title", "url", "article", "start", "end", "addressees_known", "link"),
)

CONTEXT = 40
"""Characters before and after a quote in its selector."""


@dataclass(frozen=True, slots=True)
class FileForm:
    """What statements can be saved as: its name, its media type, and what writes it, as bytes
    or as text to encode."""

    name: str
    media: str
    write: Callable[[str, str, Sequence[Citation]], str | bytes]
    encoding: str = "utf-8"


def exported(form: str, title: str, text: str, citations: Sequence[Citation]) -> bytes:
    """The citations under a title in one of `FORMS`; KeyError for another one."""
    found = FORMS[form]
    content = found.write(title, text, citations)
    return (
        content if isinstance(content, bytes) else content.encode(found.encoding, "surrogatepass")
    )


def file_name(title: str, form: str) -> str:
    """A file name that every system takes."""
    words = re.sub(r"[^\w-]+", "-", title.casefold()).strip("-_")[:60].strip("-")
    return f"{words or 'onrecord'}.{form}"


def _markdown(title: str, text: str, citations: Sequence[Citation]) -> str:
    blocks = [f"# {markdown(title)}", *([markdown(text)] if text else [])]
    for c in citations:
        article = c.article
        facts = (
            markdown(article.outlet),
            f"*{markdown(article.title or article.id)}*",
            markdown(date(article.published)),
            f"<{address}>" if (address := passage_address(c)) else "",
            f"characters {c.start} to {c.end}",
        )
        source = ", ".join(filter(None, facts))
        quoted = "\n".join(f"> {markdown(line)}" for line in c.quote.splitlines())
        attribution = f"{markdown(who(c))}. " if who(c) else ""
        blocks.append(f"\\[{c.number}\\]\n\n{quoted}\n\n{attribution}{source}")
    return "\n\n".join(blocks) + "\n"


def _csv(title: str, text: str, citations: Sequence[Citation]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(CITATION_COLUMNS)
    for c in citations:
        article = c.article
        row: tuple[object, ...] = (
            *(c.number, c.quote, "; ".join(speakers(c)), "; ".join(c.addressees), c.cue or ""),
            *(c.kind or "", c.attribution, "; ".join(c.chain), article.outlet),
            *(article.published, article.title, article.url, article.id, c.start, c.end),
            *("; ".join(addressees_known(c)), passage_address(c)),
        )
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()


def _json_ld(title: str, text: str, citations: Sequence[Citation]) -> str:
    whole = {
        "@context": ["https://schema.org", {"oa": "http://www.w3.org/ns/oa#"}],
        "@type": "Collection",
        "name": title,
        **({"description": text} if text else {}),
        "hasPart": [_quotation(c) for c in citations],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _quotation(c: Citation) -> dict[str, Any]:
    article, body = c.article, c.article.text
    source = {
        "@type": "NewsArticle",
        "identifier": article.id,
        "headline": article.title,
        "datePublished": article.published,
        "url": web_address(article.url),
        "publisher": article.outlet,
    }
    selectors = [
        {
            "@type": "oa:TextQuoteSelector",
            "oa:exact": c.quote,
            "oa:prefix": body[max(0, c.start - CONTEXT) : c.start],
            "oa:suffix": body[c.end : c.end + CONTEXT],
        },
        {"@type": "oa:TextPositionSelector", "oa:start": c.start, "oa:end": c.end},
    ]
    found = {
        "@type": "Quotation",
        "position": c.number,
        "text": c.quote,
        "spokenByCharacter": [{"@type": "Thing", "name": name} for name in speakers(c)],
        "audience": [{"@type": "Audience", "name": name} for name in c.addressees],
        "additionalType": c.kind,
        "url": passage_address(c) or None,
        "isBasedOn": {k: v for k, v in source.items() if v},
        "oa:hasSelector": selectors,
        "keywords": [f"attribution: {c.attribution}", *(f"according to: {n}" for n in c.chain)]
        + [f"addressees: {basis}" for basis in addressees_known(c)],
    }
    return {k: v for k, v in found.items() if v not in (None, [])}


FORMS = {
    "md": FileForm("Markdown", "text/markdown;charset=utf-8", _markdown),
    "docx": FileForm(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        word_document,
    ),
    # A table begins with the mark by which spreadsheets know UTF-8.
    "csv": FileForm("CSV", "text/csv;charset=utf-8", _csv, "utf-8-sig"),
    "bib": FileForm("BibTeX", "application/x-bibtex;charset=utf-8", bibtex),
    "json": FileForm("CSL-JSON", "application/vnd.citationstyles.csl+json;charset=utf-8", csl_json),
    "jsonld": FileForm("JSON-LD", "application/ld+json;charset=utf-8", _json_ld),
}
"""The forms by their file ending, in the order in which the page offers them."""
