"""Wire copies answer once, with the others named; what differs in substance stays apart."""

from __future__ import annotations

import json

import pytest

from index.indexing.build import add
from index.settings import Settings
from rag import OnRecord

FILL = " ".join(
    f"The port of Varna handled {n} ships in week number {n * 7}, and the harbour stayed open."
    for n in range(40)
)
SAID = "Mayor Ana Ruiz told Deniz Kaya that the old bridge over the river would be opened again in May."


def story(said: str) -> str:
    return f"{FILL[:1500]}\n\n{said}\n\n{FILL[1500:]}"


ARTICLES = {
    "wire": (story(SAID), "2020-01-01"),
    "same": (story(SAID), "2020-01-02"),
    "cut": (story(SAID)[:2600], "2020-01-03"),
    "edited": (
        story(SAID.replace("opened again in May", "open again in May")),
        "2020-01-04",
    ),
    "figure": (story(SAID.replace("in May", "in nine days")), "2020-01-05"),
    "figures": (story(SAID.replace("in May", "in ten days")), "2020-01-06"),
    "denial": (story(SAID.replace("would be", "would not be")), "2020-01-07"),
    "rival": (story(SAID.replace("Mayor Ana Ruiz", "Minister Pavel Orlov")), "2020-01-08"),
    "other": ("Ana Ruiz told Deniz Kaya that the tunnel under the hill was too wet.", "2020-02-01"),
}


@pytest.fixture(scope="module")
def wire(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wire")
    rows = [{"id": i, "text": text, "date": day} for i, (text, day) in ARTICLES.items()]
    rows += [
        {"id": f"late{n:02}", "text": story(SAID), "date": f"2021-01-{n + 1:02}"} for n in range(30)
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    settings = Settings(folder / "index")
    assert add([folder / "a.jsonl"], settings).added == len(rows)
    with OnRecord(settings) as bot:
        yield bot


def told(answer) -> list[set[str]]:
    """The articles of each citation, its own and its copies'."""
    return [{c.article.id, *(a.id for a in c.copies)} for c in answer.citations]


LATE = {f"late{n:02}" for n in range(30)}


@pytest.mark.parametrize(
    "question",
    [
        "what did Ana Ruiz tell Deniz Kaya about the old bridge?",
        "who said that the old bridge would be opened again in May?",
        'who said "the old bridge over the river would be opened again in May"?',
        "what did Ana Ruiz say about the bridge over time?",
    ],
)
def test_near_identical_copies_answer_once_and_all_are_named(wire, question):
    answer = wire.answer(question)
    assert max(told(answer), key=len) == {"wire", "same", "cut", "edited"} | LATE
    assert "(also in 33 others)" in answer.text
    assert not any(a & b for n, a in enumerate(told(answer)) for b in told(answer)[n + 1 :])


@pytest.mark.parametrize(
    "question",
    [
        "who said that the old bridge would be opened again in May?",
        'who said "the old bridge over the river would be opened again in May"?',
        "when would the old bridge be opened again?",
    ],
)
def test_the_same_words_by_two_speakers_are_shown_under_both_names(wire, question):
    """The one of most articles first; a figure or a "not" that differs makes other words."""
    answer = wire.answer(question)
    assert [c.speaker for c in answer.citations] == ["Ana Ruiz", "Pavel Orlov"]
    first, second = answer.text.splitlines()[:2]
    assert "Ana Ruiz" in first
    assert "Pavel Orlov" in second
    assert told(answer)[1] == {"rival"}


def test_who_is_asked_for_by_name_speaks_alone(wire):
    asked = "when did Ana Ruiz say the old bridge would be opened again?"
    assert {c.speaker for c in wire.answer(asked).citations} == {"Ana Ruiz"}


def test_a_sentence_that_is_cited_whole_names_its_copies_too(wire):
    (first, *_) = told(wire.answer("when would the old bridge be opened again?"))
    assert first >= {"wire", "same", "cut"} | LATE


def test_a_figure_a_denial_or_another_speaker_is_no_copy(wire):
    everything = [
        found
        for question in ("what did Ana Ruiz say about the bridge?", "who spoke about the bridge?")
        for found in told(wire.answer(question))
    ]
    for group in everything:
        assert len(group & {"figure", "figures", "denial", "rival", "other"}) <= 1
        assert not group & {"figure", "figures", "denial", "rival"} or len(group) == 1


def test_one_whom_a_copy_names_otherwise_is_another_speaker(wire):
    (found,) = told(wire.answer("what did Pavel Orlov tell Deniz Kaya?"))
    assert found == {"rival"}


def test_an_outlet_or_a_day_that_is_asked_for_is_the_one_that_is_cited(wire):
    answer = wire.answer(
        "what did Ana Ruiz say about the bridge?",
        filters={"since": "2021-01-05", "until": "2021-01-05"},
    )
    assert [c.article.id for c in answer.citations] == ["late04"]
    assert len(answer.citations[0].copies) == 33
