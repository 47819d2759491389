"""Who said certain words: however plain they are, and however many said them."""

from __future__ import annotations

import pytest

NOTES = """Notes from the quay

“We are in,” said Ines Falk, captain of the Tern.

Otto Grahn, captain of the Gull, came later. “We are in,” said Grahn.

“Not now,” said Mia Sund. “We will not sell a single boat,” she told the council.

Falk agreed to paint the shed. Grahn agreed to paint the shed too. Sund agreed to sweep the shed.
"""


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    from index.indexing.build import add
    from index.settings import Settings
    from rag import OnRecord

    folder = tmp_path_factory.mktemp("notes")
    (folder / "notes.txt").write_text(NOTES, encoding="utf-8")
    settings = Settings(folder / "index")
    add([folder / "notes.txt"], settings)
    return OnRecord.open(settings.index)


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ('who said "We are in"?', {"Ines Falk", "Otto Grahn"}),
        ('who said "Not now"?', {"Mia Sund"}),
        ('who said "Now then"?', set()),
        ('did Otto Grahn say "We are in"?', {"Otto Grahn"}),
        ('did Ines Falk say "We will not sell a single boat"?', {"Mia Sund"}),
        ("who agreed to paint the shed?", {"Ines Falk", "Otto Grahn"}),
        ("who agreed to sweep the shed?", {"Mia Sund"}),
    ],
)
def test_words_are_given_to_all_who_said_them_and_to_nobody_else(notes, question, speakers):
    assert {c.speaker for c in notes.answer(question).citations} == speakers


LETTERS = """Letters

The county should be ashamed of the bridge.

Jon Regan

The ferry was late, the ministry said in a letter. It added that no fines would be paid.

Ada Lund told the board the pier was sound.
"""


@pytest.mark.parametrize(
    ("question", "has"),
    [
        ("what did Jon Regan say?", "report no words of Jon Regan"),
        ("what did Ida Holm say?", "Ida Holm does not appear"),
        ("who said no fines would be paid?", "It [the ministry] added"),
    ],
)
def test_who_is_only_named_is_not_said_to_be_absent(tmp_path, question, has):
    from index.indexing.build import add
    from index.settings import Settings
    from rag import OnRecord

    (tmp_path / "letters.txt").write_text(LETTERS, encoding="utf-8")
    settings = Settings(tmp_path / "index")
    add([tmp_path / "letters.txt"], settings)
    assert has in OnRecord.open(settings.index).answer(question).text
