"""An answer comes about in events: how it was read, what is cited, the prose, the whole."""

from __future__ import annotations

import pytest
from langchain_core.callbacks import BaseCallbackHandler

from index.errors import InputError
from rag import Answer, Findings, Prose, Reading, pipeline
from rag.chain import chain
from rag.pipeline import Request

QUESTION = "What has Bruno Falk said about the welds?"


def test_reading_and_findings_come_before_any_prose_and_the_answer_last(golden):
    events = list(golden.stream(QUESTION))
    assert [type(e) for e in events] == [Reading, Findings, Prose, Answer]
    reading, findings, prose, answer = events
    assert answer == golden.answer(QUESTION)
    assert reading.question == answer.interpretation
    assert findings.citations == answer.citations
    assert prose.text == answer.text


def test_a_refusal_streams_its_reason_and_what_comes_near(golden):
    _, findings, _, answer = golden.stream("What did Ottilie Kranz say?")
    assert not findings.citations
    assert findings.reason == answer.reason == "person not in the corpus"
    assert findings.near_misses == answer.near_misses


def test_filters_history_and_k_hold_in_a_stream_too(golden):
    asked = {"filters": {"until": "2021-05-31"}, "k": 1}
    *_, answer = golden.stream(QUESTION, **asked)
    assert answer == golden.answer(QUESTION, **asked)
    assert {c.article.id for c in answer.citations} == {"halden-january"}
    history = [{"role": "user", "content": QUESTION}]
    *_, answer = golden.stream("and what did he say in 2021?", history=history)
    assert answer.interpretation.speakers == ("Bruno Falk",)


def test_a_stream_that_is_read_no_further_does_no_more_work(golden, monkeypatch):
    ranked = []
    monkeypatch.setattr(pipeline, "rank", lambda *a: ranked.append(a))
    events = golden.stream(QUESTION)
    assert isinstance(next(events), Reading)
    events.close()
    assert ranked == []


class Growing:
    """A language model's visit that makes an answer grow."""

    def __init__(self, *answers):
        self._answers = answers

    def reading(self, _question, _ranking):
        return None

    def ordered(self, _question, evidence):
        return tuple(evidence)

    def answers(self, answer):
        yield from (*self._answers, answer)


def test_an_answer_that_grows_is_streamed_as_it_grows(golden):
    """A visit that gives several answers makes a Prose of each; invoked, it gives one."""
    whole = golden.answer(QUESTION)
    grown = [Answer(QUESTION, whole.text[:n], "answered", "", None, whole.citations)
             for n in (20, 60)]  # fmt: skip
    visit = Growing(*grown)
    events = list(pipeline.stream(golden.reader, Request(QUESTION), visit))
    assert [e.text for e in events if isinstance(e, Prose)] == [
        *(a.text for a in grown), whole.text,
    ]  # fmt: skip
    assert events[-1] == whole
    runnable = chain(golden.reader, visit)
    assert list(runnable.stream(Request(QUESTION))) == [*grown, whole]
    assert runnable.invoke(Request(QUESTION)) == whole


class Runs(BaseCallbackHandler):
    """The names of the runs that LangChain tells of, in their order."""

    def __init__(self):
        self.names = []

    def on_chain_start(self, *_, name, **__):
        self.names.append(name)


def test_each_step_is_a_run_to_whoever_listens(golden):
    runs = Runs()
    answer = chain(golden.reader).invoke(Request(QUESTION), {"callbacks": [runs]})
    assert answer == golden.answer(QUESTION)
    assert runs.names[1:] == ["understand", "gather", "order", "write", "confirm"]


def test_the_chain_can_be_extended_by_a_step(golden):
    shouting = chain(golden.reader) | (lambda answer: answer.text.upper())
    assert shouting.invoke(Request(QUESTION)) == golden.answer(QUESTION).text.upper()


@pytest.mark.parametrize("k", [1, 2, 8])
def test_at_most_k_are_cited_and_numbered(golden, k):
    everything = golden.answer("What did Ottoline Reyes say?")
    found = golden.answer("What did Ottoline Reyes say?", k=k)
    assert len(everything.citations) > 2
    assert found.citations == everything.citations[:k]
    assert f"[{k + 1}]" not in found.text


@pytest.mark.parametrize("k", [0, -1, "8", None])
def test_what_is_no_number_of_citations_is_one_clear_line(golden, k):
    with pytest.raises(InputError, match=r"^expected k as a number of citations"):
        golden.answer(QUESTION, k=k)
    with pytest.raises(InputError, match=r"^expected k as a number of citations"):
        golden.stream(QUESTION, k=k)
