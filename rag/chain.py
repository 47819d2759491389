"""The read path as a LangChain runnable: read, retrieve, rank, compose, verify."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.prompts import PromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langchain_core.tools import StructuredTool, create_retriever_tool
from pydantic import ConfigDict

from index.embedding.embed import Embedder
from index.search.catalog import Catalog
from index.storage.snapshot import Generation
from rag.answering.compose import compose
from rag.answering.examples import SUGGESTED, examples
from rag.answering.verify import findings, verify
from rag.people import Directory
from rag.question.reader import conversation, read
from rag.ranking.duplicates import with_copies
from rag.ranking.rank import Cast, joined_rankings, points_back, rank
from rag.retrieval.retrieve import retrieve
from rag.types import Answer, Draft, Event, Evidence, Prose, Question, Ranking, Reading

K = 8
"""Citations of an answer at most, unless another number is asked for."""

if TYPE_CHECKING:
    from rag.llm.guest import Visit


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Reader:
    """What the steps read from: one generation, its people, and the embedder."""

    generation: Generation
    directory: Directory
    cast: Cast
    embedder: Embedder

    @classmethod
    def of(cls, generation: Generation, embedder: Embedder) -> Reader:
        catalog = generation.catalog
        return cls(generation, Directory(catalog), Cast(catalog.person_of), embedder)


def chain(reader: Reader, visit: Visit | None = None) -> Runnable[dict[str, Any], Answer]:
    """The runnable: {"text": str, "history": Sequence[Turn], "filters": Filters or None,
    "k": int} -> Answer."""
    return _Chain(steps(reader, visit))


def steps(reader: Reader, visit: Visit | None = None) -> list[Runnable[Any, Any]]:
    """The steps in their order.

    Each but the last adds its result under its own name; the last gives the Answer.  They
    run in the caller's thread: a step a thread would open SQLite anew.  ``visit`` is that of
    a language model: with one, the last step gives the answer at once, and again with each
    sentence that is added to it.
    """
    generation, directory = reader.generation, reader.directory
    catalog = generation.catalog
    return [
        _step("earlier", lambda x: conversation(x["history"], directory)),
        _step("question", lambda x: read(x["text"], x["earlier"], directory, x.get("filters"))),
        _step("context", lambda x: _evidence(reader, x["question"], x["earlier"])),
        _step("candidates", lambda x: _candidates(reader, x["question"])),
        _step(
            "ranking",
            lambda x: _at_most(
                x.get("k", K),
                _ranking(reader, x["question"], x["candidates"], x["context"]),
            ),
        ),
        _step("ranking", lambda x: with_copies(x["ranking"], catalog)),
        *([_Step("visit", lambda x: _visited(reader, x, visit))] if visit else []),
        _step("findings", lambda x: findings(x["ranking"], catalog)),
        _step("draft", lambda x: _answer_draft(reader, x["question"], x["ranking"])),
        _growing(catalog, visit)
        if visit
        else _Step("answer", lambda x: verify(x["draft"], catalog)),
    ]


def stream(reader: Reader, asked: dict[str, Any], visit: Visit | None = None) -> Iterator[Event]:
    """What the steps find, as soon as they have found it; the last event is the Answer.

    Whoever stops reading stops the work: no step runs ahead of its reader.
    """
    *before, last = steps(reader, visit)
    state = asked
    read: Question | None = None
    for step in before:
        state = step.invoke(state)
        if (question := state.get("question")) is not read:  # a language model may read it anew
            read = question
            yield Reading(question)
        if step.get_name() == "findings":
            yield state["findings"]
    answer: Answer | None = None
    for answer in last.stream(state):
        yield Prose(answer.text, answer.lines)
    if answer is not None:
        yield answer


def _candidates(reader: Reader, question: Question) -> list[Evidence]:
    """What may answer a question; nothing is looked for where help is asked for."""
    if question.kind == "help":
        return []
    return retrieve(question, reader.generation, reader.embedder, reader.cast)


def _answer_draft(reader: Reader, question: Question, ranking: Ranking) -> Draft:
    """The draft of an answer; of help with questions that the index answers."""
    wanted = question.kind == "help"
    return compose(question, ranking, suggestions(reader) if wanted else ())


def suggestions(reader: Reader, limit: int = SUGGESTED) -> tuple[str, ...]:
    """At most ``limit`` questions that the index answers."""
    empty: dict[str, Any] = {"history": (), "filters": None}

    def answers(question: str) -> bool:
        found: Answer = chain(reader).invoke({**empty, "text": question})
        return found.status == "answered"

    return examples(reader.generation, answers, limit)


def _at_most(k: int, ranking: Ranking) -> Ranking:
    """A ranking with at most k pieces of evidence, and as many that come near."""
    left = max(0, len(ranking.evidence) - k)
    return replace(ranking, evidence=ranking.evidence[:k], near=ranking.near[:k], more=left)


def _ranking(
    reader: Reader,
    question: Question,
    candidates: Sequence[Evidence],
    context: Sequence[Evidence],
) -> Ranking:
    """What answers the question, and what answers others that were put in the same breath."""
    first = rank(question, candidates, reader.cast, context)
    if not first.evidence:
        unread = reader.generation.catalog.unread()
        first = replace(first, unread=tuple(unread.items()))
    if not question.also:
        return first
    further = (
        rank(also, _candidates(reader, also), reader.cast, first.evidence) for also in question.also
    )
    return joined_rankings([first, *further])


def _growing(catalog: Catalog, visit: Visit) -> Runnable[dict[str, Any], Answer]:
    """The last step with a language model: the answer as it grows, of which the last stands."""

    def answers(state: dict[str, Any]) -> Iterator[Answer]:
        yield from visit.answers(verify(state["draft"], catalog))

    return RunnableLambda(answers, name="answer")


def _visited(reader: Reader, state: dict[str, Any], visit: Visit) -> dict[str, Any]:
    """The state with what a language model made of it: a reading that finds more, an order."""
    question, ranking = state["question"], state["ranking"]
    if other := visit.reading(question, ranking):
        candidates = _candidates(reader, other)
        found = _at_most(state.get("k", K), _ranking(reader, other, candidates, state["context"]))
        if found.evidence:
            question, ranking = other, found
            state = {**state, "question": question, "candidates": candidates}
    evidence = visit.ordered(question, ranking.evidence)
    return {**state, "ranking": replace(ranking, evidence=evidence)}


def _evidence(reader: Reader, question: Question, earlier: Question | None) -> tuple[Evidence, ...]:
    """What the turn before was answered with, if the question points back to it."""
    if earlier is None or not points_back(question):
        return ()
    found = _candidates(reader, earlier)
    return rank(earlier, found, reader.cast).evidence


class _Chain(Runnable[dict[str, Any], Any]):
    """Steps one after the other, as LangChain runs a sequence; plain calls if nobody listens."""

    name = "answer"

    def __init__(self, steps: Sequence[Runnable[Any, Any]]) -> None:
        self._steps = steps

    def invoke(self, input: dict[str, Any], config: RunnableConfig | None = None, **_: Any) -> Any:
        if _listened(config):
            return self._sequence().invoke(input, config)
        return functools.reduce(lambda state, step: step.invoke(state), self._steps, input)

    def stream(
        self, input: dict[str, Any], config: RunnableConfig | None = None, **_: Any
    ) -> Iterator[Any]:
        yield from self._sequence().stream(input, config)

    def _sequence(self) -> Runnable[dict[str, Any], Any]:
        return functools.reduce(operator.or_, self._steps)


class _Step(Runnable[dict[str, Any], Any]):
    """A step of the chain, traced like any other if somebody listens.

    If nobody does it is a plain call: the machinery of seven steps took 0.6 ms.
    """

    def __init__(self, name: str, function: Callable[[dict[str, Any]], Any]) -> None:
        self.name = name
        self._function = function

    def invoke(self, input: dict[str, Any], config: RunnableConfig | None = None, **_: Any) -> Any:
        if not _listened(config):
            return self._function(input)
        return self._call_with_config(self._function, input, config)


def _listened(config: RunnableConfig | None) -> bool:
    """Whether anybody wants to be told of the steps."""
    callbacks = (config or {}).get("callbacks")
    return bool(getattr(callbacks, "handlers", callbacks))


def _step(name: str, function: Callable[[dict[str, Any]], Any]) -> _Step:
    """A step that adds its result under its name."""
    return _Step(name, lambda state: {**state, name: function(state)})


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
        question = read(query, None, reader.directory)
        found = retrieve(question, reader.generation, reader.embedder, reader.cast)
        ranking = rank(question, found, reader.cast)
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
