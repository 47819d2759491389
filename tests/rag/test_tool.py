"""The retriever as a tool that an agent can call."""

from __future__ import annotations


def test_the_tool_gives_text_to_read_and_documents_as_its_artifact(golden):
    tool = golden.as_tool(k=3)
    call = {"name": tool.name, "type": "tool_call", "id": "1"}
    message = tool.invoke({**call, "args": {"query": "What did Davor Lund deny?"}})
    assert tool.response_format == "content_and_artifact"
    assert "Davor Lund" in message.content
    assert 1 <= len(message.artifact) <= 3
    for document in message.artifact:
        text = golden.reader.generation.catalog.article(document.metadata["article"]).text
        assert text[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_the_tool_says_what_it_is_for(golden):
    tool = golden.as_tool()
    assert tool.name == "search_quotes"
    assert "verbatim" in tool.description
    assert set(tool.args) == {"query"}
