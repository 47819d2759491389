"""The evidence for a question as a LangChain retriever, and as a tool for agents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.prompts import PromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import StructuredTool, create_retriever_tool
from pydantic import ConfigDict

from rag.pipeline import Reader
from rag.question.reader import read
from rag.ranking.rank import rank
from rag.retrieval.retrieve import retrieve
from rag.types import Evidence


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
        found = retrieve(question, reader.generation, reader.embedder, reader.people)
        ranking = rank(question, found, reader.people)
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
    """Return the retriever as a tool for agents.

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
