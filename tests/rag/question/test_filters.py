"""What the asker fixes holds, whatever the question says, and shows in the interpretation."""

from __future__ import annotations

import json

import pytest

from index.errors import InputError
from rag import Filters
from rag.__main__ import main

ABOUT_GATES = "What did Jonas Thorne say about the gates?"


def test_a_speaker_takes_the_place_of_the_one_that_was_read(golden):
    found = golden.answer(ABOUT_GATES, filters={"speaker": "Odell"})
    assert found.interpretation.speakers == ("Marek Odell",)
    assert {c.speaker for c in found.citations} == {"Marek Odell"}


def test_a_speaker_nobody_knows_is_refused(golden):
    found = golden.answer(ABOUT_GATES, filters=Filters(speaker="Ottilie Kranz"))
    assert found.reason == "person not in the corpus"
    assert found.interpretation.unknown == ("Ottilie Kranz",)


def test_an_addressee_is_added(golden):
    found = golden.answer("What did Odell say?", filters={"addressee": "River Commission"})
    assert found.interpretation.addressees == ("River Commission",)
    assert found.citations
    assert all("River Commission" in c.addressees for c in found.citations)


def test_an_outlet_keeps_others_out(golden):
    found = golden.answer("What did Ottoline Reyes say?", filters={"outlet": "herald"})
    assert found.interpretation.outlet == "herald"
    assert {c.article.outlet for c in found.citations} == {"Volmark Herald"}


@pytest.mark.parametrize(
    ("filters", "article"),
    [
        ({"since": "2021-06"}, "halden-inquiry"),
        ({"until": "2021-05-31"}, "halden-january"),
        ({"since": "2021-01-19", "until": "2021-01-19"}, "halden-january"),
    ],
)
def test_dates_are_those_of_publication_both_ends_included(golden, filters, article):
    found = golden.answer("What has Bruno Falk said about the welds?", filters=filters)
    assert found.interpretation.since == filters.get("since", "")
    assert {c.article.id for c in found.citations} == {article}


def test_a_kind_of_quote_keeps_others_out(golden):
    found = golden.answer("What did Ottoline Reyes say?", filters={"kind": "indirect"})
    assert {c.kind for c in found.citations} == {"indirect"}


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"spaeker": "Odell"}, "found spaeker"),
        ({"since": "last week"}, "expected since as an ISO date"),
        ({"until": "2021-13"}, "expected until as an ISO date"),
        ({"kind": "loud"}, "expected kind direct, indirect, mixed, found 'loud'"),
        ({"speaker": 7}, "expected text for speaker, found int"),
        ("Odell", "expected filters as a mapping, found str"),
    ],
)
def test_what_is_no_filter_is_one_clear_line(golden, filters, says):
    with pytest.raises(InputError, match=says):
        golden.answer(ABOUT_GATES, filters=filters)


def test_empty_filters_change_nothing(golden):
    assert golden.answer(ABOUT_GATES, filters={"speaker": ""}) == golden.answer(ABOUT_GATES)


def test_the_command_line_has_the_same_filters(golden_index, capsys):
    command = [ABOUT_GATES, "--index", str(golden_index), "--json"]
    assert main([*command, "--speaker", "Odell", "--until", "2021-03-02"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["interpretation"]["speakers"] == ["Marek Odell"]
    assert found["interpretation"]["until"] == "2021-03-02"
    assert {c["article"]["id"] for c in found["citations"]} == {"sorn-call"}
    assert main([*command, "--since", "soon"]) == 1
    assert capsys.readouterr().err.startswith("onrecord: expected since as an ISO date")
