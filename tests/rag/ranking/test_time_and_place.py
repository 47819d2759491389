"""Times and places as a sentence tells them."""

from __future__ import annotations

import pytest

from index.types import Span
from rag.ranking.time_and_place import place_in, time_in


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("She called late on Nov. 7, he said.", "late on Nov. 7"),
        ("It was signed on March 10, 2021.", "March 10, 2021"),
        ("The ferry sails in May.", "in May"),
        *(
            (f"It froze on {month}. 3.", f"{month}. 3")
            for month in "Jan Feb Aug Sept Oct Dec".split()
        ),
        ("They met on Tuesday evening.", "Tuesday evening"),
        ("Three weeks ago the dam was whole.", "Three weeks ago"),
        ("It has been dry since August 2019.", "since August 2019"),
        ("He may come.", None),
        ("Route 10 marches on.", None),
        ("The second half was dull.", None),
    ],
)
def test_a_time_is_told(sentence, told):
    found = time_in(sentence, Span(0, len(sentence)))
    assert (found and found.slice(sentence)) == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("He spoke in the border town of Hask.", "in the border town of Hask"),
        ("She told reporters at the Ministry of Health.", "at the Ministry of Health"),
        ("They met in Velden on Monday.", "in Velden"),
        ("It was said in March.", None),
        ("It was said in passing.", None),
    ],
)
def test_a_place_is_told(sentence, told):
    found = place_in(sentence, Span(0, len(sentence)))
    assert (found and found.slice(sentence)) == told


def test_nothing_outside_the_stretch_is_told():
    text = "In May it rained in Velden. He came."
    rest = Span(text.index("He"), len(text))
    assert time_in(text, rest) is place_in(text, rest) is None
