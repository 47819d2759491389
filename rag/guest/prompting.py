"""What is sent to a model: a prompt from a file, and evidence spotlighted as data.

Evidence stands between two lines with a random mark, after Hines et al. (2024,
"Spotlighting"): an article cannot close what it cannot guess.  Characters that cannot be
seen are left out.
"""

from __future__ import annotations

import functools
import json
import secrets
import unicodedata
from collections.abc import Sequence
from importlib.resources import files

from rag.guest.calls import Prompt
from rag.guest.records import Record

VERSIONS = {"reading": 1, "choosing": 1, "prose": 1}
"""The version of each prompt that is in use; the others are kept to compare with."""

MOST_PASSAGES = 8
"""Passages that are sent for one question, best first."""


def reading(question: str) -> Prompt:
    """Asks how a question is to be read; nothing but the question is sent."""
    return _prompt("reading", f"Question: {_visible(question)}")


def choosing(question: str, records: Sequence[Record]) -> Prompt:
    """Asks for an order of statements."""
    return _prompt("choosing", _statements(question, records))


def prose(question: str, records: Sequence[Record]) -> Prompt:
    """Asks for sentences about statements."""
    return _prompt("prose", _statements(question, records))


def _prompt(use: str, data: str) -> Prompt:
    mark = secrets.token_hex(6)
    return Prompt(system=_file(use), user=f"<<<{mark}\n{data}\n{mark}>>>")


@functools.cache
def _file(use: str) -> str:
    name = f"{use}-{VERSIONS[use]}.md"
    return files("rag.guest.prompts").joinpath(name).read_text(encoding="utf-8").strip()


def _statements(question: str, records: Sequence[Record]) -> str:
    return "\n".join([*map(_statement, records), f"Question: {_visible(question)}"])


def _statement(record: Record) -> str:
    citation = record.citation
    fields = {
        "speaker": ", ".join(filter(None, (citation.speaker, *citation.co_speakers))),
        "to": ", ".join(citation.addressees),
        "according to": ", ".join(citation.chain),
        "outlet": citation.article.outlet,
        "date": citation.article.published[:10],
        "words": citation.quote if citation.kind else "",
        "passage": record.passage,
    }
    kept = {name: _visible(value) for name, value in fields.items() if value}
    return f"[{citation.number}] {json.dumps(kept, ensure_ascii=False)}"


def _visible(text: str) -> str:
    """The text without hidden characters, on one line."""
    seen = (c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(seen).split())
