"""The page really serves: its endpoint answers, and what it shows is escaped."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from gradio_client import Client

import ui
from page.evidence import NO_EVIDENCE
from page.visible import shown
from rag.json_form import answer_json

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def address(seed_index):
    """The page, really served."""
    server = subprocess.Popen(
        [sys.executable, "ui.py", "--index", str(seed_index), "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert found
        yield found[0]
    finally:
        server.terminate()
        server.wait(10)


def test_the_endpoint_gives_the_json_form_and_is_the_only_one(address, bot):
    client = Client(address, verbose=False)
    question = "what did Erdoğan tell Putin?"
    assert client.predict(question, [], api_name="/answer") == answer_json(bot.answer(question))
    assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/answer"]


def test_every_answer_of_the_server_has_the_headers(address):
    for path in ("/", "/config", "/nowhere"):
        headers = httpx.get(address + path, timeout=30).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_foreign_hosts_and_origins_are_turned_away(address):
    assert httpx.get(address, headers={"host": "evil.example"}).status_code == 400
    for origin in ("http://evil.example", "null"):
        assert httpx.get(f"{address}/config", headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/upload", "/gradio_api/proxy=http://x", "/openapi.json", "/monitoring",
     "/gradio_api/file=/etc/passwd", "/gradio_api/openapi.json"],
)  # fmt: skip
def test_what_the_page_does_not_need_is_not_there(address, path):
    assert httpx.get(address + path).status_code == 404


def test_a_large_body_is_refused_at_once(address):
    sent = httpx.post(f"{address}/gradio_api/queue/join", content=b"x" * 1_000_000)
    assert sent.status_code == 413


def test_a_taken_port_is_one_clear_line(address):
    port = address.rpartition(":")[2]
    run = subprocess.run(
        [sys.executable, "ui.py", "--port", port], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr.startswith(f"onrecord: cannot serve on port {port}")
    assert run.stderr.count("\n") == 1


def test_what_comes_from_outside_never_becomes_markup(bot):
    found = bot.answer("<img src=x onerror=alert(1)> \u202e what did Putin say?")
    shown = ui.conversation([found])
    assert "<img" not in shown
    assert "\u202e" not in shown


def test_the_evidence_marks_exactly_the_cited_words(bot):
    found = bot.answer("what did Erdoğan tell Putin?")
    pane = ui.passages([found])
    for citation in found.citations:
        anchor = f'id="turn-1-passage-{citation.number}"'
        (words,) = re.findall(rf"<mark[^>]*{anchor}[^>]*>(.*?)</mark>", pane, re.DOTALL)
        assert words == shown(citation.quote)
        assert f"#turn-1-passage-{citation.number}" in ui.conversation([found])


def test_a_refusal_clears_the_evidence(bot):
    answers = [bot.answer("what did Erdoğan tell Putin?"), bot.answer("what did Biden say?")]
    assert ui.passages(answers) == NO_EVIDENCE


def test_a_missing_index_is_told_on_the_page(tmp_path):
    page = ui.Page(str(tmp_path))
    assert "there is no index" in page.welcome()
    question, answers, _, _, problem = page.ask("what did A say?", [])
    assert (question, answers) == ("what did A say?", [])
    assert "there is no index" in problem


def test_a_question_that_cannot_be_read_is_a_plain_notice(seed_index):
    page = ui.Page(str(seed_index))
    assert "expected a question" in page.ask(" ", [])[-1]
    assert "at most 2,000 characters" in page.ask("a" * 10_000, [])[-1]
