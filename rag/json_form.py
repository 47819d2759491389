"""The one JSON form of an answer: command line, files, HTTP and MCP all give this.

The classes are its description, too: what an MCP client reads as the output schema of a tool,
and what the page's OpenAPI description shows.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, Field

from index.types import Article, Kind
from rag.types import Answer, Citation, Status


class ArticleForm(BaseModel):
    """The article that a citation stands in; empty text where something is not known."""

    id: str
    title: str
    date: str = Field(description="of publication, ISO 8601")
    outlet: str
    url: str


class CopyForm(BaseModel):
    """Another article with the same words."""

    id: str
    outlet: str
    date: str


class CitationForm(BaseModel):
    """Words of an article, where they stand, and who said them to whom."""

    number: int
    article: ArticleForm
    start: int = Field(description="offset in the article's text, in code points")
    end: int = Field(description="offset beyond the last code point")
    quote: str = Field(description="the article's text from start to end, verbatim")
    sentence: str = Field(description="the sentences around it, verbatim")
    speaker: str | None = Field(description="null where the index does not know")
    co_speakers: list[str]
    addressees: list[str]
    cue: str | None = Field(description="the reporting words, verbatim")
    kind: Kind | None = Field(description="null for a sentence from which no quote was taken")
    chain: list[str] = Field(description="who passed the words on, the last one first")
    attribution: str = Field(description="how the speaker is known")
    recorded_at: str = Field(description="time code in the recording, empty where there is none")
    copies: list[CopyForm]


class ModelForm(BaseModel):
    """What a language model was asked, what it was sent, and what became of it."""

    provider: str
    asked: list[str]
    sent: list[str]
    prose: str
    left_out: list[str]
    note: str


class AsOfForm(BaseModel):
    """How fresh the archive was that was asked."""

    newest: str = Field(description="last date of publication in it, empty where none is known")
    taken: str = Field(description="when an article was last added, changed or removed, ISO 8601")


class AnswerForm(BaseModel):
    """An answer: citations, or the reason why there are none."""

    id: str | int | None = Field(description="of the row in a file of questions")
    question: str
    text: str
    status: Status
    reason: str | None = Field(description="why there is no, or not the full, answer")
    interpretation: dict[str, Any] = Field(description="how the question was read")
    citations: list[CitationForm]
    more: int = Field(description="statements that answer as well and are not cited")
    suggestions: list[str] = Field(description="questions that the index answers, for help")
    near_misses: list[CitationForm] = Field(description="what comes near; no answers")
    llm: ModelForm | None = Field(description="null where no language model is configured")
    as_of: AsOfForm | None = Field(description="how fresh the archive was that was asked")


def answer_json(answer: Answer, id: str | int | None = None) -> dict[str, Any]:
    """Return an answer as JSON values; offsets are code points in the article's text."""
    return answer_form(answer, id).model_dump()


def answer_form(answer: Answer, id: str | int | None = None) -> AnswerForm:
    """Return an answer in its JSON form; ``id`` is that of the row that asked."""
    llm = answer.llm
    return AnswerForm(
        id=id,
        question=answer.question,
        text=answer.text,
        status=answer.status,
        reason=answer.reason or None,
        interpretation=_with_lists(asdict(read)) if (read := answer.interpretation) else {},
        citations=[citation_form(c) for c in answer.citations],
        more=answer.more,
        suggestions=list(answer.suggestions),
        near_misses=[citation_form(c) for c in answer.near_misses],
        llm=ModelForm.model_validate(_with_lists(asdict(llm))) if llm else None,
        as_of=AsOfForm.model_validate(asdict(answer.as_of)) if answer.as_of else None,
    )


def _with_lists(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()}


def citation_form(citation: Citation) -> CitationForm:
    """Return a citation in its JSON form."""
    return CitationForm(
        number=citation.number,
        article=_article_form(citation.article),
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        sentence=citation.sentence,
        speaker=citation.speaker,
        co_speakers=list(citation.co_speakers),
        addressees=list(citation.addressees),
        cue=citation.cue,
        kind=citation.kind,
        chain=list(citation.chain),
        attribution=citation.attribution,
        recorded_at=citation.recorded_at,
        copies=[CopyForm(id=a.id, outlet=a.outlet, date=a.published) for a in citation.copies],
    )


def _article_form(article: Article) -> ArticleForm:
    return ArticleForm(
        id=article.id,
        title=article.title,
        date=article.published,
        outlet=article.outlet,
        url=article.url,
    )
