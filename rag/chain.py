"""The read path as a LangChain runnable: read, retrieve, rank, compose, verify."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.prompts import PromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import StructuredTool, create_retriever_tool
from pydantic import ConfigDict

from index.embed import Embedder
from index.generation import Generation
from rag.compose import compose
from rag.people import Directory
from rag.question import conversation, read
from rag.rank import rank
from rag.ranking.copies import with_copies
from rag.retrieve import retrieve
from rag.types import Answer, Event, Evidence, Prose, Question, Ranking, Reading
from rag.verify import findings, verify

K = 8
"""Citations of an answer at most, unless another number is asked for."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Reader:
    """What the steps read from: one generation, its people, and the embedder."""

    generation: Generation
    directory: Directory
    embedder: Embedder

    @classmethod
    def of(cls, generation: Generation, embedder: Embedder) -> Reader:
        return cls(generation, Directory(generation.catalog), embedder)


def chain(reader: Reader) -> Runnable[dict[str, Any], Answer]:
    """The runnable: {"text": str, "history": Sequence[Turn], "filters": Filters or None,
    "k": int} -> Answer."""
    return functools.reduce(operator.or_, steps(reader))


def steps(reader: Reader) -> list[Runnable[Any, Any]]:
    """The steps in their order.

    Each but the last adds its result under its own name; the last gives the Answer, and
    may give it several times, growing.  They run in the caller's thread: a step a thread
    would open SQLite anew.
    """
    generation, directory, embedder = reader.generation, reader.directory, reader.embedder
    catalog = generation.catalog
    return [
        _step("earlier", lambda x: conversation(x["history"], directory)),
        _step("question", lambda x: read(x["text"], x["earlier"], directory, x.get("filters"))),
        _step("context", lambda x: _evidence(reader, x["question"], x["earlier"])),
        _step("candidates", lambda x: retrieve(x["question"], generation, embedder)),
        _step(
            "ranking",
            lambda x: _first(
                x.get("k", K),
                rank(x["question"], x["candidates"], catalog.person_of, x["context"]),
            ),
        ),
        _step("ranking", lambda x: with_copies(x["ranking"], catalog)),
        _step("findings", lambda x: findings(x["ranking"], catalog)),
        _step("draft", lambda x: compose(x["question"], x["ranking"])),
        RunnableLambda(lambda x: verify(x["draft"], catalog), name="answer"),
    ]


def stream(reader: Reader, asked: dict[str, Any]) -> Iterator[Event]:
    """What the steps find, as soon as they have found it; the last event is the Answer.

    Whoever stops reading stops the work: no step runs ahead of its reader.
    """
    *before, last = steps(reader)
    state = asked
    for step in before:
        state = step.invoke(state)
        if step.get_name() == "question":
            yield Reading(state["question"])
        elif step.get_name() == "findings":
            yield state["findings"]
    answer: Answer | None = None
    for answer in last.stream(state):
        yield Prose(answer.text)
    if answer is not None:
        yield answer


def _first(k: int, ranking: Ranking) -> Ranking:
    """A ranking with at most k pieces of evidence, and as many that come near."""
    return replace(ranking, evidence=ranking.evidence[:k], near=ranking.near[:k])


def _evidence(reader: Reader, question: Question, earlier: Question | None) -> tuple[Evidence, ...]:
    """What the turn before was answered with, if the question falls back upon it."""
    if earlier is None or not question.follow_up:
        return ()
    found = retrieve(earlier, reader.generation, reader.embedder)
    return rank(earlier, found, reader.generation.catalog.person_of).evidence


def _step(name: str, function: Callable[[dict[str, Any]], Any]) -> Runnable[Any, dict[str, Any]]:
    return RunnableLambda(lambda state: {**state, name: function(state)}, name=name)


class QuoteRetriever(BaseRetriever):
    """The statements and sentences nearest to a question, as LangChain documents.

    ``readers`` gives the generation to read, anew for each question.  ``page_content``
    is verbatim; ``metadata`` has article id, offsets, speaker, addressees, cue and kind.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    readers: Callable[[], Reader]
    k: int = 8

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        **_: Any,
    ) -> list[Document]:
        reader = self.readers()
        person_of = reader.generation.catalog.person_of
        question = read(query, None, reader.directory)
        found = retrieve(question, reader.generation, reader.embedder)
        ranking = rank(question, found, person_of)
        rest = sorted(found, key=lambda e: (-(e.overlap + e.similarity), e.article.id, e.span))
        first: dict[tuple[str, int, int], Evidence] = {}
        for item in (*ranking.evidence, *ranking.near, *rest):
            first.setdefault((item.article.id, item.span.start, item.span.end), item)
        return [_document(e) for e in list(first.values())[: self.k if k is None else k]]


def _document(evidence: Evidence) -> Document:
    quote, text = evidence.quote, evidence.article.text
    return Document(
        id=f"{evidence.article.id}#{evidence.span.start}-{evidence.span.end}",
        page_content=evidence.span.slice(text),
        metadata={
            "article": evidence.article.id,
            "start": evidence.span.start,
            "end": evidence.span.end,
            "title": evidence.article.title,
            "speaker": quote.speaker.name if quote and quote.speaker else None,
            "addressees": [m.name for m in quote.addressees if m.name] if quote else [],
            "cue": quote.cue.slice(text) if quote and quote.cue else None,
            "kind": quote.kind if quote else None,
        },
    )


QuoteTool = StructuredTool


def retriever_tool(retriever: QuoteRetriever) -> QuoteTool:
    """The retriever as a tool for agents.

    The model reads the statements with who says them and where; the documents, with
    their offsets, come along as the artifact.
    """
    return create_retriever_tool(
        retriever,
        "search_quotes",
        "Finds what people are on record as saying in the indexed news articles: verbatim "
        "words with speaker, addressees, article and offsets. Ask in plain English, for "
        "instance: what did A tell B about C?",
        document_prompt=PromptTemplate.from_template(
            "[{article} {start}-{end}] {speaker} ({kind}, to {addressees}): {page_content}"
        ),
        response_format="content_and_artifact",
    )
