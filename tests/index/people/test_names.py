"""Names become people: never two people under one name, and one person as far as is sure."""

from __future__ import annotations

import cProfile
import json
import pstats
from pathlib import Path

import pytest

from index.people.names import people, without_titles

TABLE = Path(__file__).parents[2] / "golden" / "name_pairs.jsonl"
PAIRS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]

NOT_YET: set[str] = set()
"""Pairs that are one person and are kept apart: a split list, not a wrong name."""


def merged(row: dict) -> bool:
    found = people(dict.fromkeys((row["a"], row["b"], *(row.get("context") or ())), 1))
    return found[row["a"]] == found[row["b"]]


@pytest.mark.parametrize("row", [r for r in PAIRS if not r["same"]], ids=lambda r: r["id"])
def test_two_people_are_never_one(row):
    assert not merged(row)


def test_one_person_is_one_but_for_the_cases_that_are_known():
    assert {r["id"] for r in PAIRS if r["same"] and not merged(r)} == NOT_YET


@pytest.mark.parametrize(
    ("given", "bare"),
    [
        ("Russian President Vladimir Putin", "Vladimir Putin"),
        ("Georgian Foreign Minister Gela Bezhuashvili", "Gela Bezhuashvili"),
        ("Marek Odell", "Marek Odell"),
    ],
)
def test_titles_and_what_leads_to_them_go(given, bare):
    assert without_titles(given) == bare


def test_a_body_keeps_all_of_its_name():
    name = "Presidential Communications Directorate"
    assert people({name: 2, "Directorate": 1})[name] == name


def test_bodies_that_every_country_has_are_not_merged():
    found = people({"Foreign Ministry": 3, "Norlandic Foreign Ministry": 1})
    assert len(set(found.values())) == 2


def test_descriptions_are_nobodys_names():
    found = people({"police officer": 2, "officer": 1, "Officer Ola Finch": 1})
    assert found["police officer"] == "police officer"
    assert found["officer"] == "officer"


@pytest.mark.parametrize(
    ("given", "bare"),
    [
        ("Republican Ida Falk", "Ida Falk"),
        ("Norland Sen. Lena Abiodun", "Lena Abiodun"),
        ("Potter Ines Galt", "Ines Galt"),
        ("Potter Galt", "Potter Galt"),
        ("Turkish Airlines", "Turkish Airlines"),
        ("Democratic Alliance", "Democratic Alliance"),
    ],
)
def test_a_word_that_is_a_title_only_beside_a_name_or_title_stays_elsewhere(given, bare):
    assert without_titles(given) == bare


def test_the_work_grows_with_the_number_of_bearers_of_one_surname_and_no_faster():
    def calls(count: int) -> int:
        letters = "bcdfghklmnprstvwz"
        names = {
            f"{a.upper()}{b}{c}a {''.join((c, b, a)).capitalize()}o Reyes": 1
            for a in letters for b in letters for c in letters
        }  # fmt: skip
        chosen = dict(list(names.items())[:: len(names) // count][:count])
        profile = cProfile.Profile()
        profile.runcall(people, chosen)
        return pstats.Stats(profile).total_calls

    calls(50)
    assert calls(400) < 5 * calls(100)
