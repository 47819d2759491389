"""A client of the Model Context Protocol starts the program and gets the same answers."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from rag.check.render import as_json
from rag.json_form import answer_json
from rag.mcp import EXTRA

ROOT = Path(__file__).parents[2]
HERE = importlib.util.find_spec("mcp") is not None
MISSING = f"MCP TEST SKIPPED: the extra is not installed; pip install {EXTRA}"

needs_extra = pytest.mark.skipif(not HERE, reason=MISSING)


def command(index: Path) -> list[str]:
    return [sys.executable, "-m", "rag", "--mcp", "--index", str(index)]


@needs_extra
async def test_a_client_finds_the_tools_and_gets_what_the_command_line_gives(golden_index, golden):
    from mcp import Client, StdioServerParameters

    program, *arguments = command(golden_index)
    started = StdioServerParameters(command=program, args=arguments, cwd=ROOT)
    question = "What did Jonas Thorne say about the gates?"
    async with Client(started, read_timeout_seconds=120) as client:
        tool, other = (await client.list_tools()).tools
        assert (tool.name, other.name) == ("answer", "check")
        assert "verbatim" in tool.description
        assert tool.input_schema["required"] == ["question"]

        found = await client.call_tool("answer", {"question": question})
        assert not found.is_error
        assert found.structured_content == answer_json(golden.answer(question))
        assert json.loads(found.content[0].text) == found.structured_content

        asked = {"question": question, "speaker": "Odell"}
        found = await client.call_tool("answer", asked)
        assert {c["speaker"] for c in found.structured_content["citations"]} == {"Marek Odell"}

        refused = await client.call_tool("answer", {"question": "What did Ottilie Kranz say?"})
        assert refused.structured_content["status"] == "no_answer"
        assert refused.structured_content["reason"] == "person not in the corpus"

        draft = "“The gates will never be opened by anybody here,” Jonas Thorne said."
        found = await client.call_tool("check", {"draft": draft})
        assert not found.is_error
        assert found.structured_content == as_json(golden.check(draft))
        bad = await client.call_tool("check", {"draft": " "})
        assert bad.is_error
        assert "expected a draft, found no text" in bad.content[0].text

        for wrong in ({"question": " "}, {**asked, "since": "soon"}, {**asked, "kind": "loud"}):
            bad = await client.call_tool("answer", wrong)
            assert bad.is_error
            assert "expected" in bad.content[0].text
            assert "Traceback" not in bad.content[0].text


def test_without_the_extra_it_is_one_clear_line(golden_index):
    hide = "import sys; sys.modules['mcp'] = None; from rag.__main__ import main; sys.exit(main())"
    run = subprocess.run(
        [sys.executable, "-c", hide, *command(golden_index)[3:]],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr == f"onrecord: the MCP tool needs a library; run: pip install {EXTRA}\n"
    assert run.stdout == ""


def test_the_line_names_the_version_of_the_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["optional-dependencies"]["mcp"] == [EXTRA]
