"""The page really serves: its endpoint answers, and what it shows is escaped."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from gradio_client import Client

import ui
from rag.json_form import answer_json

ROOT = Path(__file__).parent.parent


@contextlib.contextmanager
def serving(index: Path) -> Iterator[str]:
    """The page, really served; gives its address."""
    server = subprocess.Popen(
        [sys.executable, "ui.py", "--index", str(index), "--port", "0"],
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


@pytest.fixture(scope="module")
def address(seed_index):
    with serving(seed_index) as found:
        yield found


def test_the_endpoint_gives_the_json_form_and_is_the_only_one(address, bot):
    client = Client(address, verbose=False)
    question = "what did Erdoğan tell Putin?"
    assert client.predict(question, [], api_name="/answer") == answer_json(bot.answer(question))
    assert client.predict(question, api_name="/answer")["text"] == bot.answer(question).text
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


def test_a_body_of_unknown_length_is_refused(address):
    sent = httpx.post(f"{address}/gradio_api/queue/join", content=iter([b"x"]))
    assert sent.status_code == 411


def test_help_costs_no_model(capsys):
    with pytest.raises(SystemExit) as stopped:
        ui.main(["--help"])
    assert stopped.value.code == 0
    assert "--allow-add" in capsys.readouterr().out
