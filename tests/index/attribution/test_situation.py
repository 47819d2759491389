"""When, where and with whom something was said; and statements that the layout attributes."""

from __future__ import annotations

import pytest

from index import extract_quotes


@pytest.mark.parametrize(
    "text, time, place",
    [
        (
            "Lindqvist told reporters on Thursday in Geneva that the talks would resume.",
            "on Thursday",
            "in Geneva",
        ),
        (
            "In an interview with the Gazette on Monday, Castro said the plan was dead.",
            "on Monday",
            "In an interview with the Gazette",
        ),
        ("Speaking late Nov. 7 in Velden, Orlov said that he had a call.", "late Nov. 7", "in Velden"),
        ("“We will win,” Reed said at a rally in Osterby yesterday.", "yesterday", "at a rally in Osterby"),
        ("Orlov said that he met them in June in Minsk.", None, None),
        ("Falk said the strike, which began on Monday, was over.", None, None),
    ],
)  # fmt: skip
def test_time_and_place_are_those_of_the_saying(text, time, place):
    (quote,) = [q for q in extract_quotes(text) if q.tier == "speech"]
    assert (quote.time.slice(text) if quote.time else None) == time
    assert (quote.place.slice(text) if quote.place else None) == place


def test_those_who_speak_together_are_all_named():
    text = "Ida Dolan, Ivo Noll and Mayor Lena Falk announced on Friday that the port would close."
    (quote,) = extract_quotes(text)
    assert quote.speaker.name == "Ida Dolan"
    assert [m.name for m in quote.co_speakers] == ["Ivo Noll", "Lena Falk"]


def said(text: str) -> list[tuple[str, str | None]]:
    return [
        (" ".join(s.slice(text) for s in q.content), q.speaker.name if q.speaker else None)
        for q in extract_quotes(text)
        if q.tier == "speech"
    ]


def test_a_name_after_a_dash_signs_the_quotation_before_it():
    text = "“It scares me.” ― Ada Correa\n“He talks of walls.” ― Esther Tapia\n“A disgrace.” ― Ivo Noll"
    assert said(text) == [
        ("“It scares me.”", "Ada Correa"),
        ("“He talks of walls.”", "Esther Tapia"),
        ("“A disgrace.”", "Ivo Noll"),
    ]


def test_a_paragraph_after_a_colon_is_a_quotation_without_marks():
    text = (
        "Governor Ida Falk was angry. The governor added:\n\n"
        "It is typical of them. They know nothing.\n\nOthers stayed calm."
    )
    assert said(text) == [("It is typical of them. They know nothing.", "Ida Falk")]


@pytest.mark.parametrize(
    "line",
    ["MINSK, Nov. 7 (TASS) - ", "VELDEN (Reuters) — ", "OSTERBY -- ", "Velden, Tarn (AP) – "],
)
def test_a_dateline_is_no_part_of_the_speaker(line):
    text = f"{line}President Ana Ruiz said the border would reopen."
    (quote,) = extract_quotes(text)
    assert quote.speaker.span.slice(text) == "President Ana Ruiz"
    assert quote.content[0].slice(text) == "the border would reopen"


@pytest.mark.parametrize(
    "text, kept",
    [
        ("Falk declined to say whether the chief had resigned.", ["negated"]),
        ("Tell us what you think. Don't blame Falk.", []),
        ("A road called Miracle Run leads to the mine.", []),
        ("Falk wants to discuss the budget with the mayor.", []),
        ("Moss asked the crowd to welcome the governor.", ["asserted"]),
    ],
)
def test_a_verb_that_tells_of_no_statement_reports_none(text, kept):
    assert [q.modality for q in extract_quotes(text)] == kept
