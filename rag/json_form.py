"""The one JSON form of an answer: command line, files and HTTP all give this."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rag.types import Answer, Citation, Question


def answer_json(answer: Answer, id: str | int | None = None) -> dict[str, Any]:
    """Return an answer as JSON values; offsets are code points in the article's text."""
    return {
        "id": id,
        "question": answer.question,
        "text": answer.text,
        "status": answer.status,
        "reason": answer.reason or None,
        "interpretation": _interpretation(answer.interpretation),
        "citations": [citation_json(c) for c in answer.citations],
        "more": answer.more,
        "suggestions": list(answer.suggestions),
        "near_misses": [citation_json(c) for c in answer.near_misses],
        "llm": asdict(answer.llm) if answer.llm else None,
    }


def _interpretation(question: Question | None) -> dict[str, Any]:
    if question is None:
        return {}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(question).items()}


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation as JSON values."""
    article = citation.article
    return {
        "number": citation.number,
        "article": {
            "id": article.id,
            "title": article.title,
            "date": article.published,
            "outlet": article.outlet,
            "url": article.url,
        },
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "sentence": citation.sentence,
        "speaker": citation.speaker,
        "co_speakers": list(citation.co_speakers),
        "addressees": list(citation.addressees),
        "cue": citation.cue,
        "kind": citation.kind,
        "chain": list(citation.chain),
        "attribution": citation.attribution,
        "recorded_at": citation.recorded_at,
        "copies": [{"id": a.id, "outlet": a.outlet, "date": a.published} for a in citation.copies],
    }
