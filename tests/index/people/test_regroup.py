"""People who are merged and split by hand: whatever the order of the changes."""

from __future__ import annotations

from itertools import permutations

import pytest

from index.people.regroup import PersonChange, regrouped

PERSONS = {
    **dict.fromkeys(("Ida Lund", "Lund"), "Ida Lund"),
    **dict.fromkeys(("Bo Strand", "Strand", "B. Strand"), "Bo Strand"),
    **dict.fromkeys(("the mayor", "Mayor Lund"), "Mayor"),
    "Nora Hale": "Nora Hale",
}
COUNTS = {"Ida Lund": 4, "Lund": 9, "Bo Strand": 3, "Strand": 1, "B. Strand": 2, "the mayor": 5}


def merged(name, other):
    return PersonChange(name, other, same=True)


def split(name, other):
    return PersonChange(name, other, same=False)


def test_without_a_change_everybody_is_who_they_were():
    assert regrouped(PERSONS, COUNTS, []) == PERSONS


def test_two_people_become_one_under_the_best_known_name_that_was_a_person():
    found = regrouped(PERSONS, COUNTS, [merged("Lund", "the mayor")])
    assert {name for name, person in found.items() if person == "Ida Lund"} == {
        "Ida Lund", "Lund", "the mayor", "Mayor Lund",
    }  # fmt: skip
    assert found["Strand"] == "Bo Strand"


def test_a_name_is_taken_out_and_the_others_stay_together():
    found = regrouped(PERSONS, COUNTS, [split("B. Strand", "Bo Strand")])
    assert (found["B. Strand"], found["Strand"], found["Bo Strand"]) == (
        "B. Strand", "Bo Strand", "Bo Strand",
    )  # fmt: skip


def test_who_loses_the_name_they_were_called_by_has_another():
    found = regrouped(PERSONS, COUNTS, [split("Bo Strand", "Strand")])
    assert found["Bo Strand"] == "Bo Strand"
    assert found["Strand"] == found["B. Strand"] == "B. Strand"


def test_what_was_split_off_can_be_somebody_elses():
    found = regrouped(PERSONS, COUNTS, [split("Lund", "Ida Lund"), merged("Lund", "Nora Hale")])
    assert found["Lund"] == found["Nora Hale"] == "Nora Hale"
    assert found["Ida Lund"] == "Ida Lund"


def test_a_name_that_is_gone_changes_nothing():
    changes = [merged("Gone", "Lund"), split("Gone", "Lund")]
    assert regrouped(PERSONS, COUNTS, changes) == PERSONS


@pytest.mark.parametrize("left_out", range(4))
def test_the_order_of_changes_makes_no_difference(left_out):
    changes = [
        merged("Lund", "the mayor"),
        split("B. Strand", "Bo Strand"),
        merged("B. Strand", "Nora Hale"),
        merged("Nora Hale", "Mayor Lund"),
    ]
    del changes[left_out]
    found = [regrouped(PERSONS, COUNTS, order) for order in permutations(changes)]
    assert all(each == found[0] for each in found)
    assert found[0] != PERSONS
    persons = set(found[0].values())
    assert persons <= set(PERSONS) | set(PERSONS.values())
