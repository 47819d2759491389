"""A real model, which invents freely, by the path that a user takes: nothing of it is shown
that the articles do not bear out, and the answers stay what they are without it."""

from __future__ import annotations

import copy
import importlib.util
import re
import warnings
from collections import Counter
from pathlib import Path

import pytest

from rag.llm import invited
from rag.llm.settings import GuestSettings

QUESTIONS = [
    "what did Erdoğan tell Putin?",
    "what did Putin say?",
    "what did Putin tell Aliyev?",
    'who said "We are close to victory"?',
    "according to whom did Erdoğan say that Armenia must withdraw?",
    "give me the gist of Putin's briefing",
    "who did Erdoğan speak to earlier on Nov. 7?",
    "what did Biden say?",
]


def smollm():
    file = Path(__file__).with_name("smollm.py")
    spec = importlib.util.spec_from_file_location("smollm", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def server():
    module = smollm()
    if why := module.missing():
        warnings.warn(f"no real language model was tested: {why}", stacklevel=1)
        pytest.skip(why)
    running = module.serve()
    yield running
    del running


def test_a_model_that_invents_freely_shows_nothing_that_is_not_borne_out(bot, server, capsys):
    """Eight questions of the seeds, with all three uses; what was left out is counted."""
    settings = GuestSettings(
        "openai:smollm2",
        url=f"{server.listening_address}/v1",
        uses=("reading", "choosing", "prose"),
        deadline=60,
        reply_tokens=60,
    )
    hosted = copy.copy(bot)
    hosted._guest = invited(settings)
    left_out, kept, asked = Counter(), 0, 0
    for question in QUESTIONS:
        plain, found = bot.answer(question), hosted.answer(question)
        asked += bool(found.llm.asked)
        left_out.update(found.llm.left_out)
        kept += len(re.findall(r"\.(?: |$)", found.llm.prose))
        if plain.citations:
            places = {(c.article.id, c.start, c.end, c.speaker) for c in plain.citations}
            assert {(c.article.id, c.start, c.end, c.speaker) for c in found.citations} == places
            assert plain.text.partition(" [")[0] in found.text or len(places) > 1
        assert not re.search(r"[“”\"«»<>*`]|https?:", found.llm.prose)
        assert all(c.article.text[c.start : c.end] == c.quote for c in found.citations)
    with capsys.disabled():
        shown = ", ".join(f"{reason} {n}" for reason, n in left_out.most_common())
        print(f"\nSmolLM2-135M: {kept} sentences kept, {left_out.total()} left out ({shown})")
    assert asked >= 5
    assert kept + left_out.total() > 0
