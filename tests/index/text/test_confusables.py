"""Names with letters of another alphabet: never somebody else's, and told to be odd."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import extract_quotes
from index.__main__ import main
from index.indexing.build import add
from index.people.names import people, same_person
from index.settings import Settings
from index.text.confusables import oddity
from rag import OnRecord
from rag.answering.compose import compose
from rag.types import Evidence, Question, Ranking

TABLE = Path(__file__).parents[2] / "golden" / "look_alike_names.jsonl"
PAIRS = [
    (row["real"], row["fake"])
    for row in map(json.loads, TABLE.read_text(encoding="utf-8").splitlines())
]


def surname(name: str) -> str:
    return name.split()[-1]


def test_there_are_fifty_pairs_that_differ():
    assert len(set(PAIRS)) == 50
    assert all(real != fake and len(real) == len(fake) for real, fake in PAIRS)


@pytest.mark.parametrize(("real", "fake"), PAIRS)
def test_a_look_alike_is_never_merged_with_the_real_name(real, fake):
    for one, other in ((real, fake), (real, surname(fake)), (surname(real), fake)):
        found = people({one: 5, other: 1})
        assert found[one] != found[other]
        assert not same_person(one, other)
    assert oddity(fake)
    assert not oddity(real)


@pytest.mark.parametrize(("real", "fake"), PAIRS)
def test_a_look_alike_in_the_same_article_is_not_the_real_one(real, fake):
    text = (
        f"Mayor {real} told Edda Lund that the bridge would open in May.\n\n"
        f"“The bridge is a lie,” {fake} said. {surname(fake)} told Edda Lund that it was shut."
    )
    for quote in extract_quotes(text):
        words = " ".join(span.slice(text) for span in quote.content)
        if "lie" in words or "shut" in words:
            assert quote.speaker is None or quote.speaker.name != real


@pytest.fixture(scope="module")
def fakes(tmp_path_factory) -> Settings:
    """An index in which only the look-alikes speak."""
    folder = tmp_path_factory.mktemp("fakes")
    rows = [
        {"id": f"{n}", "text": f"Mayor {fake} told Edda Lund that bridge {n} would open in May."}
        for n, (_, fake) in enumerate(PAIRS)
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    settings = Settings(folder / "index")
    assert add([folder / "a.jsonl"], settings).added == len(PAIRS)
    return settings


def test_who_asks_for_the_real_one_never_gets_the_look_alikes_words(fakes):
    with OnRecord(fakes) as bot:
        for real, fake in PAIRS:
            for name in (real, surname(real)):
                assert not bot.answer(f"what did {name} say?").citations, (name, fake)


def test_an_answer_and_the_status_say_that_a_name_is_odd(fakes, capsys):
    with OnRecord(fakes) as bot:
        fake = PAIRS[3][1]
        found = bot.answer(f"what did {fake} say?")
        assert f"Note the name {fake}: letters of Cyrillic and Latin: " in found.text
        (citation,) = found.citations
        bare = Evidence(citation.article, citation.source.sentence, citation.source.sentence, None)
        noted = compose(Question("?", "fact"), Ranking((bare,))).lines[-1]
        assert str(noted).startswith(
            f"Note the name {surname(fake)}: letters of Cyrillic and Latin"
        )
    assert main(["status", "--index", str(fakes.index)]) == 0
    told = capsys.readouterr().out
    named = [p for p in PAIRS if f"odd name    {p[1]}: " in told]
    assert len(named) >= 45  # those that the parser takes for names


@pytest.mark.parametrize(
    "name",
    ["Recep Tayyip Erdoğan", "Владимир Путин", "習近平", "トヨタ自動車", "Al-Sharaʼa", "O’Neill", "Xi Jinping 習近平",
     "김정은", "Zo\u0065\u0308 Müller", "محمد بن سلمان", "Νίκος Παππάς", "NATO", "3M", ""],
)  # fmt: skip
def test_ordinary_names_are_not_odd(name):
    assert oddity(name) == ""
