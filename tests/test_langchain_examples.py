"""The examples of docs/langchain.md run as they stand, with a scripted model for the agent."""

from __future__ import annotations

import re
from pathlib import Path

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

PAGE = (Path(__file__).parent.parent / "docs" / "langchain.md").read_text(encoding="utf-8")
MESSAGE, AGENT = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CITED = "that ending the conflict with a lasting solution"


class Scripted(GenericFakeChatModel):
    """A chat model that says what it was given to say, whatever tools it is offered."""

    def bind_tools(self, tools, **_):
        assert [tool.name for tool in tools] == ["answer_on_record"]
        return self


def test_an_answer_as_a_message(seed_index, monkeypatch, capsys):
    monkeypatch.setenv("ONRECORD_INDEX", str(seed_index))
    exec(MESSAGE, {})
    printed = capsys.readouterr().out
    assert "Recep Tayyip Erdoğan -> ['Vladimir Putin']" in printed
    assert CITED in printed


def test_an_agent_hands_on_the_answer_word_for_word(seed_index, monkeypatch, capsys):
    monkeypatch.setenv("ONRECORD_INDEX", str(seed_index))
    call = {
        "name": "answer_on_record",
        "args": {"question": "what did Erdoğan tell Putin?"},
        "id": "1",
        "type": "tool_call",
    }
    unused = AIMessage("Erdoğan told Putin that all is well.")
    model = Scripted(messages=iter([AIMessage("", tool_calls=[call]), unused]))
    exec(AGENT, {"model": model})
    printed = capsys.readouterr().out
    assert CITED in printed
    assert "all is well" not in printed
