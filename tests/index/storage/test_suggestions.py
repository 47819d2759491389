"""A suggestion changes nothing until it is accepted, and every one can be taken back."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing

import pytest

from index.__main__ import main
from index.errors import DiskError, InputError
from index.indexing import build
from index.indexing.build import (
    accept_correction,
    correct,
    rebuild,
    remove,
    suggest_correction,
    suggest_of_answer,
    suggest_of_people,
    undo_correction,
)
from index.storage import suggestions as storage
from index.storage.corrections import Correction
from index.storage.health import verify
from index.storage.snapshot import Generation, current
from index.storage.store import TRUTH
from index.storage.suggestions import kept_suggestions, person_changes_of
from tests.index.storage import test_corrections
from tests.index.storage.test_corrections import look

settings = test_corrections.settings
"""An index with one article of our own."""


def suggested(settings, value="Tove Ask", part="speaker"):
    quote, article, _ = look(settings)
    return suggest_correction(settings, Correction(quote, article, part, value))


def kept(settings):
    return kept_suggestions(settings.index / TRUTH)


def speaker(settings):
    return look(settings)[0].speaker.name


def test_a_suggestion_leaves_the_record_as_it_is(settings):
    before = current(settings.index)
    number = suggested(settings)
    assert current(settings.index) == before
    assert speaker(settings) == "Ulla Brand"
    (one,) = kept(settings)
    assert (one.number, one.state, one.part) == (number, "pending", "speaker")
    assert (one.was, one.value) == ("Ulla Brand", "Tove Ask")


def test_what_is_wrong_with_an_answer_changes_no_record_whatever_becomes_of_it(settings):
    before = current(settings.index)
    number = suggest_of_answer(settings, "what did Ulla Brand say?", "Something is missing")
    for decide, state in ((accept_correction, "accepted"), (undo_correction, "undone")):
        decide(settings, number)
        (one,) = kept(settings)
        assert (one.state, one.words, one.quote_id) == (state, "what did Ulla Brand say?", "")
        assert person_changes_of(settings.index / TRUTH) == []
    assert current(settings.index) == before
    assert speaker(settings) == "Ulla Brand"


def test_an_accepted_one_holds_and_undone_the_original_stands_again(settings):
    number = suggested(settings)
    accept_correction(settings, number)
    assert speaker(settings) == "Tove Ask"
    assert look(settings)[2] == ("speaker",)
    assert [one.state for one in kept(settings)] == ["accepted"]
    undo_correction(settings, number)
    assert speaker(settings) == "Ulla Brand"
    assert look(settings)[2] == ()
    assert [one.state for one in kept(settings)] == ["undone"]
    assert not any(finding.wrong for finding in verify(settings))


def test_one_that_waits_is_withdrawn_without_a_new_generation(settings):
    before, number = current(settings.index), suggested(settings)
    undo_correction(settings, number)
    assert current(settings.index) == before
    assert [one.state for one in kept(settings)] == ["undone"]


def test_a_later_one_takes_the_place_of_one_before(settings):
    first, second = suggested(settings), suggested(settings, "Otto Vann")
    accept_correction(settings, first)
    accept_correction(settings, second)
    assert speaker(settings) == "Otto Vann"
    assert [one.state for one in kept(settings)] == ["undone", "accepted"]
    undo_correction(settings, second)
    assert speaker(settings) == "Ulla Brand"


def test_what_was_corrected_at_once_is_undone_as_well(settings):
    quote, article, _ = look(settings)
    correct(settings, Correction(quote, article, "speaker", "Tove Ask"))
    (one,) = kept(settings)
    undo_correction(settings, one.number)
    assert speaker(settings) == "Ulla Brand"


def test_a_correction_of_an_older_index_can_be_undone(settings):
    quote, article, _ = look(settings)
    correct(settings, Correction(quote, article, "speaker", "Tove Ask"))
    with closing(sqlite3.connect(settings.index / TRUTH)) as db:
        db.execute("DROP TABLE suggestions")
    number = suggested(settings, "Otto Vann")
    assert [one.state for one in kept(settings)] == ["accepted", "pending"]
    undo_correction(settings, number - 1)
    assert speaker(settings) == "Ulla Brand"


@pytest.mark.parametrize("change", [accept_correction, undo_correction])
def test_a_number_that_there_is_not_is_refused_in_a_line(settings, change):
    number = suggested(settings)
    with pytest.raises(InputError, match="there is none"):
        change(settings, number + 1)
    undo_correction(settings, number)
    with pytest.raises(InputError, match="it is undone"):
        change(settings, number)


def test_only_so_many_wait(settings, monkeypatch):
    monkeypatch.setattr(storage, "MAX_PENDING", 2)
    for _ in range(2):
        suggested(settings)
    with pytest.raises(InputError, match="2 suggestions wait already"):
        suggested(settings)


def test_suggestions_go_with_their_article(settings):
    suggested(settings)
    remove(["weir"], settings)
    assert kept(settings) == []


def test_they_are_listed_accepted_and_undone_on_the_command_line(settings, capsys):
    number = suggested(settings)
    at = ["--index", str(settings.index)]
    assert main(["corrections", "list", *at]) == 0
    listed = capsys.readouterr().out
    assert "pending" in listed
    assert "'Ulla Brand' -> 'Tove Ask'" in listed
    assert main(["corrections", "accept", *at, str(number)]) == 0
    assert speaker(settings) == "Tove Ask"
    assert main(["corrections", "undo", *at, str(number)]) == 0
    assert speaker(settings) == "Ulla Brand"
    assert main(["corrections", "undo", *at, "99"]) == 1
    assert "there is none" in capsys.readouterr().err


@pytest.mark.parametrize("change", [accept_correction, undo_correction])
def test_a_full_disk_is_one_line_and_the_record_stays(settings, monkeypatch, change):
    number = suggested(settings)
    if change is undo_correction:
        accept_correction(settings, number)
    before = speaker(settings)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(DiskError, match="disk full"):
        patched.setattr(build, "_published", full)
        change(settings, number)
    assert speaker(settings) == before


NAMES = ("Ulla Brand", "Otto Vann")


def person_of(settings):
    generation = Generation(settings.index)
    try:
        return {name: generation.catalog.person_of[name] for name in NAMES}
    finally:
        generation.close()


def test_people_are_merged_and_split_in_any_order_and_every_step_is_undone(settings):
    """All orders of accepting and undoing end where the accepted ones say."""
    apart = person_of(settings)
    assert len(set(apart.values())) == 2
    merging = suggest_of_people(settings, *NAMES, same=True)
    assert person_of(settings) == apart
    accept_correction(settings, merging)
    together = person_of(settings)
    assert len(set(together.values())) == 1
    assert not any(finding.wrong for finding in verify(settings))
    rebuild(settings)
    assert person_of(settings) == together
    splitting = suggest_of_people(settings, *reversed(NAMES), same=False)
    accept_correction(settings, splitting)
    assert person_of(settings) == apart
    assert [one.state for one in kept(settings)] == ["undone", "accepted"]
    undo_correction(settings, splitting)
    assert person_of(settings) == apart
    again = suggest_of_people(settings, *NAMES, same=True)
    accept_correction(settings, again)
    assert person_of(settings) == together
    undo_correction(settings, again)
    assert person_of(settings) == apart


def test_a_change_of_people_stands_beside_corrections_of_statements(settings):
    merging = suggest_of_people(settings, *NAMES, same=True)
    number = suggested(settings)
    accept_correction(settings, number)
    accept_correction(settings, merging)
    assert speaker(settings) == "Tove Ask"
    assert [one.state for one in kept(settings)] == ["accepted", "accepted"]
    undo_correction(settings, merging)
    assert speaker(settings) == "Tove Ask"
    assert look(settings)[2] == ("speaker",)


@pytest.mark.parametrize("other", ["Nobody Inside", "Ulla Brand", ""])
def test_names_that_are_not_two_on_record_are_refused_in_a_line(settings, other):
    with pytest.raises(InputError, match="expected"):
        suggest_of_people(settings, "Ulla Brand", other, same=True)
    assert kept(settings) == []


def test_what_is_said_of_names_goes_with_them(settings):
    accept_correction(settings, suggest_of_people(settings, *NAMES, same=True))
    remove(["weir"], settings)
    assert kept(settings) == []


def test_people_are_merged_on_the_command_line(settings, capsys):
    at = ["--index", str(settings.index)]
    assert main(["corrections", "merge", *at, *NAMES]) == 0
    (one,) = kept(settings)
    assert f"corrections accept {one.number}" in capsys.readouterr().out
    assert main(["corrections", "list", *at]) == 0
    assert "same person: 'Ulla Brand', 'Otto Vann'" in capsys.readouterr().out
    assert main(["corrections", "accept", *at, str(one.number)]) == 0
    assert len(set(person_of(settings).values())) == 1
    assert main(["corrections", "split", *at, *NAMES]) == 0
    assert [one.part for one in kept(settings)] == ["same person", "another person"]
