"""Whatever a provider does, the answer without it is there, in time and with a note."""

from __future__ import annotations

import json
import logging
import socket
import struct
import time

import pytest

from rag.json_form import answer_json
from rag.llm.calls import LONGEST_WAIT, Breaker, Unanswered
from rag.llm.settings import GuestSettings

ASKED = "what did Erdoğan tell Putin?"
DEADLINE = 2.0
TRUE = (
    "Erdoğan told Putin that the Armenian administration should be convinced to come to the "
    "negotiation table [1]."
)


def hangs(talk):
    talk.server.hung_up.wait(20)


def hangs_after_headers(talk):
    talk.begins()
    talk.server.hung_up.wait(20)


def hangs_in_the_middle(talk):
    talk.begins()
    talk.delta({"content": "Erdoğan told Putin"})
    talk.server.hung_up.wait(20)


def drips(talk):
    talk.begins()
    for _ in range(400):
        talk.raw(b": ping\n\n")
        time.sleep(0.05)


def drips_headers(talk):
    talk.raw(b"HTTP/1.1 200 OK\r\n")
    for n in range(400):
        talk.raw(b"x-%d: y\r\n" % n)
        time.sleep(0.05)


def resets(talk):
    linger = struct.pack("ii", 1, 0)
    talk.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    talk.connection.close()


FAULTS = {
    # script: the most requests that may be made of it
    "hangs": (hangs, 1),
    "hangs after headers": (hangs_after_headers, 1),
    "hangs in the middle": (hangs_in_the_middle, 1),
    "drips": (drips, 1),
    "drips headers": (drips_headers, 1),
    "resets": (resets, 3),
    "400": (lambda talk: talk.fails(400), 1),
    "401": (lambda talk: talk.fails(401), 1),
    "403": (lambda talk: talk.fails(403), 1),
    "404": (lambda talk: talk.fails(404), 1),
    "429": (lambda talk: talk.fails(429), 3),
    "429, again in a day": (lambda talk: talk.fails(429, Retry_After="86400"), 1),
    "500": (lambda talk: talk.fails(500), 3),
    "503": (lambda talk: talk.fails(503), 3),
    "elsewhere": (lambda talk: talk.fails(302, Location="http://host.invalid/"), 3),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_answer_is_there_in_time(fault, bot, provider, hosting, key, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    provider.script, most = FAULTS[fault]
    plain = bot.answer(ASKED)
    hosted = hosting(bot, deadline=DEADLINE)
    asked_at = time.monotonic()
    found = hosted.answer(ASKED)
    took = time.monotonic() - asked_at
    provider.hung_up.set()
    assert took <= DEADLINE + 1
    assert 1 <= len(provider.requests) <= most
    assert found.citations == plain.citations
    assert found.text == plain.text
    assert found.status == plain.status == "answered"
    assert found.llm.note
    assert not found.llm.prose
    assert provider.keys[0] == f"Bearer {key}"  # it was there to be printed
    printed = "".join(
        [*capfd.readouterr(), caplog.text, json.dumps(answer_json(found)), str(found.llm)]
    )
    assert key not in printed
    assert "Traceback" not in printed


def test_no_such_host_is_no_harm(bot, hosting):
    hosted = hosting(bot)
    settings = GuestSettings("openai:x", url="http://host.invalid/v1", deadline=DEADLINE)
    from rag.llm import invited

    hosted._guest = invited(settings)
    asked_at = time.monotonic()
    found = hosted.answer(ASKED)
    assert time.monotonic() - asked_at <= DEADLINE + 1
    assert found.text == bot.answer(ASKED).text
    assert found.llm.note


def test_retry_after_is_waited_for(bot, provider, hosting):
    def later(talk):
        if len(provider.requests) == 1:
            talk.fails(429, Retry_After="1")
        else:
            talk.says(TRUE)

    provider.script = later
    found = hosting(bot, deadline=20).answer(ASKED)
    assert found.llm.prose == TRUE
    first, second = provider.times
    assert 1.0 <= second - first <= LONGEST_WAIT


def test_a_reply_that_has_begun_is_not_asked_for_again(bot, provider, hosting):
    def breaks_off(talk):
        talk.begins()
        talk.delta({"content": f"{TRUE} Putin said "})
        resets(talk)

    provider.script = breaks_off
    found = hosting(bot).answer(ASKED)
    assert len(provider.requests) == 1
    assert found.text.endswith(bot.answer(ASKED).text)


def test_after_failures_in_a_row_the_provider_is_left_in_peace(bot, provider, hosting):
    provider.script = FAULTS["401"][0]
    hosted = hosting(bot)
    for _ in range(6):
        found = hosted.answer(ASKED)
    assert len(provider.requests) == 3
    assert "not asked" in str(found.llm)
    assert not found.llm.sent


def test_the_rest_ends_with_one_question_that_tries_again():
    breaker = Breaker(failures=2, rest=0.2)
    for _ in range(2):
        breaker.check()
        breaker.note(failed=True)
    with pytest.raises(Unanswered):
        breaker.check()
    time.sleep(0.25)
    breaker.check()
    with pytest.raises(Unanswered):
        breaker.check()  # one at a time
    breaker.note(failed=False)
    breaker.check()


def test_a_provider_that_wants_a_day_of_peace_gets_it(bot, provider, hosting):
    provider.script = FAULTS["429, again in a day"][0]
    hosted = hosting(bot)
    hosted.answer(ASKED)
    hosted.answer(ASKED)
    assert len(provider.requests) == 1


def test_once_the_tokens_are_spent_nothing_is_asked(bot, provider, hosting):
    provider.script = lambda talk: talk.says(TRUE)
    hosted = hosting(bot, total_tokens=100)
    assert hosted.answer(ASKED).llm.prose
    spent = hosted.answer(ASKED)
    assert len(provider.requests) == 1
    assert "spent" in spent.llm.note
    assert spent.text == bot.answer(ASKED).text


def test_the_limits_are_sent_to_the_provider(bot, provider, hosting):
    provider.script = lambda talk: talk.says(TRUE)
    hosting(bot, reply_tokens=77).answer(ASKED)
    assert provider.requests[0]["max_completion_tokens"] == 77


def test_the_answer_comes_at_once_and_grows(bot, provider, hosting):
    """The first answer of the last step is there before the provider says a word."""
    from rag.chain import chain
    from rag.pipeline import Request

    provider.script = lambda talk: talk.says(
        TRUE + " He underscored that ending the conflict was of vital importance [4]."
    )
    hosted = hosting(bot)
    visit = hosted._guest.visit(bot.reader.directory, bot.reader.generation.catalog)
    grown = list(chain(bot.reader, visit).stream(Request(ASKED)))
    assert grown[0].text == bot.answer(ASKED).text
    proses = [answer.llm.prose for answer in grown[1:]]
    assert proses[0] == TRUE
    assert len(proses) == 3
    assert proses[1] == proses[2]
    assert proses[2].startswith(TRUE + " He underscored")


def test_the_page_gets_cards_at_once_and_then_each_sentence(bot, provider, hosting):
    """The events of a stream: cards come before the provider is asked at all."""
    from rag import Answer, Findings, Prose, Reading

    provider.script = lambda talk: talk.says(
        TRUE + " He underscored that ending the conflict was of vital importance [4]."
    )
    events = hosting(bot).stream(ASKED)
    assert isinstance(next(events), Reading)
    assert isinstance(next(events), Findings)
    assert not provider.requests
    assert next(events).text == bot.answer(ASKED).text
    *proses, last = events
    assert all(isinstance(prose, Prose) for prose in proses)
    assert isinstance(last, Answer)
    assert proses[0].text.startswith(f"By a language model: {TRUE}\n\nOn record: ")
    assert last.llm.prose.startswith(f"{TRUE} He underscored")


def test_a_question_that_a_model_reads_is_streamed_with_that_reading(bot, provider, hosting):
    from rag import Reading

    question = "main thrust of Putin's briefing"
    reading = {"kind": "said", "speaker": "Putin", "addressee": "", "topic": ""}
    provider.script = lambda talk: talk.says(json.dumps(reading))
    events = list(hosting(bot, uses=("reading",)).stream(question))
    readings = [event.question for event in events if isinstance(event, Reading)]
    assert [(r.kind, r.topic) for r in readings] == [("fact", question), ("said", "")]
    assert events[-1].citations
