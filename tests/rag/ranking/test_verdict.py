"""A question for yes or no gets one only where the statement leaves no doubt."""

from __future__ import annotations

import pytest

GOLDEN = [
    ("Did Davor Lund deny that the water was held back on purpose?", "Yes"),
    ("Did Davor Lund say that the water was held back on purpose?", "No"),
    ("Did Erdoğan say they are close to victory?", "Yes"),
    ("Did Erdoğan say that they are not close to victory?", "No"),
    ("Did Erdoğan say Azerbaijan lost?", ""),  # of what he said of Azerbaijan this is no part
    ("Did Erdoğan say that Armenia must withdraw from the Azerbaijani lands?", "Yes"),
    ("Did Erdoğan say that Armenia may withdraw from the Azerbaijani lands?", ""),  # "must"
    ("Did Erdoğan say that the Azerbaijani lands must withdraw from Armenia?", ""),  # who does what
    ("Did Odell tell Liesel Thorne that two of the gates would be opened?", "Yes"),
    ("Did Odell tell Liesel Thorne that two of the gates would not be opened?", "No"),
    ("Did Odell say that only two of the gates would be opened?", ""),
    ("Did Odell say that two of the gates would be opened if it rains?", ""),
    ("Did Odell say anything about the gates?", "Yes"),
    ("Did Odell say nothing about the gates?", ""),
    ("Did Bruno Falk say that he was wrong about the welds?", "Yes"),
    ("Did Bruno Falk say that he was not wrong about the welds?", "No"),
    ("Has Odell said that Kestria would pay for any harvest that was lost?", "Yes"),
    ("Did Liesel Thorne tell Odell that foreign engineers inspect the dam?", ""),  # she asked
    ("Did Thorne say that her farmers could not wait so long?", ""),  # one of two
    ("Did Liesel Thorne say that her farmers could not wait so long?", "Yes"),
    ("Did Liesel Thorne say that her farmers could wait so long?", "No"),
    ("What did Erdoğan say about victory?", ""),  # not for yes or no
    ("Did Odell reply to that request?", ""),
]
"""Questions to the golden articles, and how the answer begins."""


def begins(answer):
    """The yes or no that an answer begins with, "" if it has none."""
    word, colon, _ = answer.text.partition(": ")
    return word if colon and word in ("Yes", "No") else ""


@pytest.mark.parametrize(("question", "expected"), GOLDEN)
def test_yes_or_no_stands_first_where_it_is_sure(golden, question, expected):
    answer = golden.answer(question)
    assert begins(answer) == expected, answer.text
    assert bool(answer.citations) or not expected


def test_two_statements_of_which_one_denies_the_other_give_neither(tmp_path):
    """The same person said both: whoever reads has to see both."""
    from index.indexing.build import add
    from index.settings import Settings
    from rag import OnRecord

    said = "Mayor Ana Ruiz said that the old bridge would {}be closed. It was raining in Varna.\n"
    for name, denied in (("first", ""), ("second", "not ")):
        (tmp_path / f"{name}.txt").write_text(said.format(denied))
    question = "Did Ana Ruiz say that the old bridge would be closed?"
    for files, expected in ((["first"], "Yes"), (["second"], "No"), (["first", "second"], "")):
        settings = Settings(tmp_path / "-".join(files))
        add([tmp_path / f"{name}.txt" for name in files], settings)
        with OnRecord(settings) as bot:
            assert begins(bot.answer(question)) == expected
