"""The page really serves: its endpoint answers, and what it shows is escaped."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from gradio_client import Client

import ui
from page.evidence import NO_EVIDENCE
from page.visible import shown
from rag.json_form import answer_json

ROOT = Path(__file__).parent.parent


def test_the_page_serves_and_its_endpoint_gives_the_json_form(seed_index, bot):
    server = subprocess.Popen(
        [sys.executable, "ui.py", "--index", str(seed_index), "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert address
        client = Client(address[0], verbose=False)
        question = "what did Erdoğan tell Putin?"
        assert client.predict(question, [], api_name="/answer") == answer_json(bot.answer(question))
        assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/answer"]
    finally:
        server.terminate()
        server.wait(10)


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
