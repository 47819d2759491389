"""The page really serves: its endpoint answers, and what it shows is escaped."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from gradio_client import Client

import ui
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
    shown = ui.cards(found)
    assert "<img" not in shown
    assert "\u202e" not in shown


def test_the_evidence_marks_exactly_the_cited_words(bot):
    found = bot.answer("what did Erdoğan tell Putin?")
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", ui.evidence(found), re.DOTALL)
    assert marked == [ui.plain(c.quote) for c in sorted(found.citations, key=lambda c: c.start)]


def test_a_missing_index_is_told_on_the_page(tmp_path):
    page = ui.Page(str(tmp_path))
    assert "there is no index" in page.welcome()
    assert "there is no index" in page.ask("what did A say?", [], "")[2]
