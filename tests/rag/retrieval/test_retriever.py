"""The retriever keeps LangChain's contract."""

from __future__ import annotations

import pytest
from langchain_tests.integration_tests import RetrieversIntegrationTests

from rag.retriever import QuoteRetriever


class TestQuoteRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _reader(self, bot):
        type(self).bot = bot

    @property
    def retriever_constructor(self):
        return QuoteRetriever

    @property
    def retriever_constructor_params(self):
        return {"readers": lambda: self.bot.reader}

    @property
    def retriever_query_example(self):
        return "what did Erdoğan tell Putin?"
