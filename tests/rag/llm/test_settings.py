"""A language model is asked only where somebody named one, and says so when it cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from index.errors import InputError, MissingExtra
from rag import OnRecord
from rag.llm import invited
from rag.llm.settings import DEFAULT_USES, GuestSettings
from tests.running import run_python

ROOT = Path(__file__).parents[3]


def test_a_key_alone_switches_nothing_on(monkeypatch, bot):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL", "OLLAMA_HOST"):
        monkeypatch.setenv(name, "sk-none")
    assert invited() is None
    assert bot.answer("what did Putin say?").llm is None


def test_the_environment_names_a_model_and_an_empty_name_none(monkeypatch):
    environment = {
        "ONRECORD_LLM": "openai:x",
        "ONRECORD_LLM_URL": "http://127.0.0.1:9/v1",
        "ONRECORD_LLM_USES": "prose, choosing",
        "ONRECORD_LLM_DEADLINE": "7.5",
    }
    found = GuestSettings.from_environment(environment=environment)
    assert found == GuestSettings("openai:x", "http://127.0.0.1:9/v1", ("prose", "choosing"), 7.5)
    assert GuestSettings.from_environment("", environment=environment) is None
    assert GuestSettings.from_environment("ollama:y", environment={}).uses == DEFAULT_USES
    monkeypatch.setenv("ONRECORD_LLM", "openai:x")
    assert invited("") is None


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"ONRECORD_LLM": "gpt"}, "expected a language model as provider:model, found 'gpt'"),
        ({"ONRECORD_LLM": "x:"}, "expected a language model as provider:model, found 'x:'"),
        ({"ONRECORD_LLM": "a:b", "ONRECORD_LLM_USES": "all"}, "expected uses reading, choosing"),
        ({"ONRECORD_LLM": "a:b", "ONRECORD_LLM_DEADLINE": "soon"}, "found 'soon'"),
        ({"ONRECORD_LLM": "a:b", "ONRECORD_LLM_DEADLINE": "1e9"}, "0 to 600 seconds"),
        ({"ONRECORD_LLM": "a:b", "ONRECORD_LLM_TOTAL_TOKENS": "-1"}, "found '-1'"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_one_clear_line(environment, expected):
    with pytest.raises(InputError, match=expected):
        GuestSettings.from_environment(environment=environment)


def test_a_provider_that_there_is_not_is_one_clear_line():
    with pytest.raises(InputError, match="expected a provider that LangChain has, found 'nobody'"):
        invited("nobody:x")


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)
    with pytest.raises(MissingExtra, match=r"pip install 'onrecord\[anthropic\]'"):
        invited("anthropic:x")


def test_a_missing_key_is_one_clear_line(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(InputError, match="is its key in the environment") as caught:
        invited("openai:x")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("door", [["-m", "rag", "what did Putin say?"], ["ui.py", "--port", "0"]])
def test_both_doors_refuse_a_bad_model_in_one_line(door, seed_index):
    run = run_python(*door, "--index", seed_index, "--llm", "gpt")
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.startswith("onrecord: expected a language model as provider:model")
    assert run.stderr.count("\n") == 1


def test_a_chat_model_that_is_made_already_may_be_given(seed_index):
    said = "Putin informed about his contacts with the leaders of Azerbaijan and Armenia [1]."
    model = GenericFakeChatModel(messages=iter([AIMessage(said)]))
    found = OnRecord.open(seed_index, llm=model).answer("what did Putin say?")
    assert found.llm.prose == said
    assert found.llm.provider.startswith("generic-fake")


def test_the_page_asks_nothing_by_itself(seed_index, bot, provider, hosting):
    from page.service import Desk

    desk = Desk(seed_index, guest=hosting(bot)._guest)
    assert desk.examples()
    assert not provider.requests
    provider.script = lambda talk: talk.says("Putin said so.")
    (*_, last) = desk.ask("what did Putin say?", [], {})
    assert len(provider.requests) == 1
    assert last.llm.sent


def test_the_command_line_prints_what_was_asked_and_sent(bot, provider, hosting, capsys):
    from rag.__main__ import _readable

    provider.script = lambda talk: talk.says("Putin said so.")
    found = hosting(bot).answer("what did Putin say?")
    last = _readable(found).splitlines()[-1]
    assert last.startswith("Language model: openai:scripted at 127.0.0.1")
    assert "was sent the question and 1 passage, for prose. Left out: 1 sentence (no key)." in last
