"""A client of the Model Context Protocol starts the program and gets the same answers."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rag.json_form import answer_json
from rag.mcp import EXTRA
from tests.running import run_python

ROOT = Path(__file__).parents[2]
HERE = importlib.util.find_spec("mcp") is not None
MISSING = f"MCP TEST SKIPPED: the extra is not installed; pip install {EXTRA}"

needs_extra = pytest.mark.skipif(not HERE, reason=MISSING)
QUESTION = "What did Jonas Thorne say about the gates?"


def command(index: Path) -> list[str]:
    return [sys.executable, "-m", "rag", "--mcp", "--index", str(index)]


@pytest.fixture(scope="module")
def address(golden_index) -> Iterator[str]:
    """Where the tools are served over HTTP."""
    program = [*command(golden_index), "--port", "0"]
    with subprocess.Popen(program, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        found = re.search(r"http://127\.0\.0\.1:\d+/mcp", server.stderr.readline())
        assert found
        yield found[0]
        server.terminate()


@pytest.fixture(params=["stdio", "http"])
def started(request, golden_index):
    """What a client is given to reach the tools."""
    if request.param == "http":
        return request.getfixturevalue("address")
    from mcp import StdioServerParameters

    program, *arguments = command(golden_index)
    return StdioServerParameters(command=program, args=arguments, cwd=ROOT)


@needs_extra
async def test_a_client_gets_what_the_command_line_gives(started, golden):
    from mcp import Client

    async with Client(started, read_timeout_seconds=120) as client:
        found = await client.call_tool("answer", {"question": QUESTION})
        assert not found.is_error
        assert found.structured_content == answer_json(golden.answer(QUESTION))
        assert json.loads(found.content[0].text) == found.structured_content

        asked = {"question": QUESTION, "speaker": "Odell"}
        found = await client.call_tool("answer", asked)
        assert {c["speaker"] for c in found.structured_content["citations"]} == {"Marek Odell"}

        refused = await client.call_tool("answer", {"question": "What did Ottilie Kranz say?"})
        assert refused.structured_content["status"] == "no_answer"
        assert refused.structured_content["reason"] == "person not in the corpus"

        for wrong in ({"question": " "}, {**asked, "since": "soon"}, {**asked, "kind": "loud"}):
            bad = await client.call_tool("answer", wrong)
            assert bad.is_error
            assert "expected" in bad.content[0].text
            assert "Traceback" not in bad.content[0].text


@needs_extra
async def test_the_tools_say_what_they_give_and_that_they_change_nothing(started):
    from mcp import Client

    async with Client(started, read_timeout_seconds=120) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"answer", "quotes", "status"}
    assert "verbatim" in tools["answer"].description
    assert tools["answer"].input_schema["required"] == ["question"]
    for tool in tools.values():
        hints = tool.annotations
        assert (hints.read_only_hint, hints.destructive_hint) == (True, False)
        assert (hints.idempotent_hint, hints.open_world_hint) == (True, False)
        assert tool.title
    schemas = {name: tool.output_schema for name, tool in tools.items()}
    citation = schemas["answer"]["$defs"]["CitationForm"]["properties"]
    assert citation["start"]["type"] == "integer"
    assert "verbatim" in citation["quote"]["description"]
    assert schemas["quotes"]["properties"]["quotes"]["items"] == {"$ref": "#/$defs/CitationForm"}
    assert schemas["status"]["properties"]["articles"] == {"title": "Articles", "type": "integer"}


@needs_extra
async def test_statements_and_holdings_are_those_of_the_index(started, golden):
    from mcp import Client

    catalog = golden.reader.generation.catalog
    async with Client(started, read_timeout_seconds=120) as client:
        found = (await client.call_tool("quotes", {"speaker": "Odell"})).structured_content
        expected = golden.quotes(speaker="Odell")
        assert found["total"] == len(expected) > 0
        assert [c["start"] for c in found["quotes"]] == [q.span.start for q in expected]
        for cited in found["quotes"]:
            text = catalog.article(cited["article"]["id"]).text
            assert text[cited["start"] : cited["end"]] == cited["quote"]
            assert cited["speaker"] == "Marek Odell"

        some = (await client.call_tool("quotes", {"limit": 3})).structured_content
        assert (len(some["quotes"]), some["total"]) == (3, len(golden.quotes()))

        held = (await client.call_tool("status", {})).structured_content
        assert {k: held[k] for k in catalog.counts()} == catalog.counts()

        for wrong in ({"limit": 0}, {"limit": 9999}, {"since": "soon"}, {"kind": "loud"}):
            assert (await client.call_tool("quotes", wrong)).is_error


@needs_extra
@pytest.mark.parametrize(
    "headers", [{"host": "evil.example"}, {"origin": "http://evil.example"}, {"origin": "null"}]
)
def test_over_http_a_web_page_reads_nothing(address, headers):
    """A name that was rebound to this machine is none of its names."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accepted = {"accept": "application/json, text/event-stream"}
    sent = httpx.post(address, json=call, headers={**accepted, **headers})
    assert sent.status_code in (403, 421)
    assert "answer" not in sent.text


@needs_extra
def test_a_port_that_is_taken_is_one_clear_line(address, golden_index):
    port = address.split(":")[2].split("/")[0]
    run = run_python(*command(golden_index)[1:], "--port", port)
    assert run.returncode == 1
    assert run.stderr.startswith(f"onrecord: cannot serve on port {port}")
    assert run.stderr.count("\n") == 1


def test_a_port_without_mcp_is_one_clear_line(golden_index):
    run = run_python("-m", "rag", "--port", "0", "--index", golden_index, "who?")
    assert (run.returncode, run.stderr) == (
        1,
        "onrecord: expected --mcp beside --port, found none\n",
    )


def test_without_the_extra_it_is_one_clear_line(golden_index):
    hide = "import sys; sys.modules['mcp'] = None; from rag.__main__ import main; sys.exit(main())"
    run = run_python("-c", hide, *command(golden_index)[3:])
    assert run.returncode == 1
    assert run.stderr == f"onrecord: the MCP tool needs a library; run: pip install {EXTRA}\n"
    assert run.stdout == ""


def test_the_line_names_the_version_of_the_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["optional-dependencies"]["mcp"] == [EXTRA]
