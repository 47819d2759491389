"""What is sent to a model: a prompt from a file, and evidence spotlighted as data.

Evidence stands between two lines with a random mark, after Hines et al. (2024,
"Spotlighting"): an article cannot close what it cannot guess.  Characters that cannot be
seen are left out.
"""

from __future__ import annotations

import functools
import re
import secrets
import unicodedata
from collections.abc import Sequence
from importlib.resources import files

from rag.llm.calls import Prompt
from rag.llm.records import Record
from rag.types import listed

VERSIONS = {"reading": 2, "choosing": 2, "prose": 2}
"""The version of each prompt that is in use; the others are kept to compare with."""

MOST_PASSAGES = 8
"""Passages that are sent for one question, best first."""


def reading_prompt(question: str) -> Prompt:
    """Asks how a question is to be read; nothing but the question is sent."""
    return _prompt("reading", f"Question: {_visible(question)}")


def choosing(question: str, records: Sequence[Record]) -> Prompt:
    """Asks for an order of statements."""
    return _prompt("choosing", _statements(question, records))


def prose(question: str, records: Sequence[Record]) -> Prompt:
    """Asks for sentences about statements."""
    return _prompt("prose", _statements(question, records))


def _prompt(use: str, data: str) -> Prompt:
    system, *examples = _prompt_parts(f"{use}-{VERSIONS[use]}.md")
    messages = [("system", system)]
    for asked, reply in zip(examples[::2], examples[1::2], strict=True):
        messages += [("human", _framed(asked)), ("ai", reply)]
    return Prompt((*messages, ("human", _framed(data))))


def _framed(data: str) -> str:
    mark = secrets.token_hex(6)
    return f"<<<{mark}\n{data}\n{mark}>>>"


@functools.cache
def _prompt_parts(name: str) -> list[str]:
    """Return the instructions of a prompt, and its examples, each of something asked and a
    reply."""
    text = files("rag.llm.prompts").joinpath(name).read_text(encoding="utf-8")
    return [part.strip() for part in re.split(r"^--- (?:example|reply) ---$", text, flags=re.M)]


def _statements(question: str, records: Sequence[Record]) -> str:
    return "\n".join([*map(_record_line, records), f"Question: {_visible(question)}"])


def _record_line(record: Record) -> str:
    """Return a record as a line for the model: "[1] A told B, according to C: the words"."""
    citation = record.citation
    speaker = listed(tuple(filter(None, (citation.speaker, *citation.co_speakers))))
    who = speaker or citation.article.outlet or "the article"
    told = f"told {listed(citation.addressees)}" if citation.addressees else "said"
    passed_on = listed(citation.chain)
    head = [
        f"{who} {told if speaker else 'reports'}",
        f", according to {passed_on}" if passed_on else "",
    ]
    return f"[{citation.number}] {_visible(''.join(head))}: {_visible(record.sent)}"


def _visible(text: str) -> str:
    """Return the text without hidden characters, on one line."""
    seen = (c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(seen).split())
