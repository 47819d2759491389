"""What people change from the page: articles that they add, errors that they report."""

from __future__ import annotations

import pytest

from tests.browser.conftest import ask, settle


def test_an_article_is_added_and_asked_about(page):
    page.get_by_role("tab", name="Add").click()
    page.get_by_label("Or paste an article: its title").fill("Mill reopens")
    page.get_by_label("Published", exact=True).fill("2021-06-01")
    page.get_by_label("Text", exact=True).fill(
        "“The wheel turns again,” Miller Tove Ask told Baker Finn Rye."
    )
    page.click("#add")
    page.locator("#report .told").wait_for(timeout=60_000)
    assert "1 article added" in page.locator("#report").inner_text()
    page.get_by_role("tab", name="Ask").click()
    assert "The wheel turns again" in ask(page, "what did Tove Ask tell Finn Rye?").inner_text()


def test_a_file_is_added_and_an_unreadable_one_is_named(page, tmp_path):
    good, bad = tmp_path / "weir.txt", tmp_path / "empty.txt"
    good.write_text("Weir holds\n\n“The weir holds,” Keeper Ulla Brand told Clerk Otto Vann.")
    bad.write_text("   ")
    page.get_by_role("tab", name="Add").click()
    page.locator("#files input[type=file]").set_input_files([good, bad])
    page.locator("#files").get_by_text("weir").first.wait_for()
    page.click("#add")
    page.locator("#report .told").wait_for(timeout=60_000)
    report = page.locator("#report").inner_text()
    assert "1 article added" in report
    assert "1 failed" in report
    assert "empty.txt" in report


def test_nothing_to_add_is_said_plainly(page):
    page.get_by_role("tab", name="Add").click()
    page.click("#add")
    page.locator("#report .alert").wait_for()
    assert "expected files or pasted text" in page.locator("#report").inner_text()


def reported(page, value: str):
    """Report another speaker for the first statement of an answer; returns the turn."""
    turn = ask(page, "who said “A promise is not a pier”?")
    turn.get_by_role("button", name="Suggest a correction").first.click()
    form = page.locator("#evidence details.report")
    settle(page, "document.activeElement.matches('#evidence details.report summary')")
    assert 0 < form.bounding_box()["y"] < 500
    form.get_by_label("Wrong speaker").check()
    form.get_by_label("What the article says instead").fill(value)
    form.get_by_role("button", name="Send the suggestion").click()
    return turn


def test_a_report_is_a_suggestion_until_a_curator_accepts_it_and_can_be_undone(page, server):
    from index.indexing.build import rebuild
    from index.settings import Settings

    turn = reported(page, "Nobody Inside")
    page.locator("#problem .alert").wait_for()
    assert "does not stand in the article" in page.locator("#problem").inner_text()
    form = page.locator("#evidence details.report")
    form.get_by_label("What the article says instead").fill("Ida Lund")
    form.get_by_role("button", name="Send the suggestion").click()
    page.locator("#problem .told").wait_for(timeout=60_000)
    assert "kept as a suggestion" in page.locator("#problem").inner_text()
    assert "nobody has checked it yet" in page.locator("#evidence .mended").inner_text()
    assert "Bo Strand" in turn.locator(".attributed").first.inner_text()

    page.locator("#evidence .mended").get_by_role("button", name="Accept").click()
    page.get_by_text("Accepted.").wait_for(timeout=60_000)
    assert "Corrected: speaker" in page.locator("#evidence .mended").inner_text()
    assert "Ida Lund" in turn.locator(".attributed").first.inner_text()
    assert "Corrected" in turn.locator(".badges").first.inner_text()
    rebuild(Settings(server.index))
    again = ask(page, "who said “A promise is not a pier”?")
    assert "Ida Lund" in again.locator(".attributed").first.inner_text()

    page.get_by_role("tab", name="Corrections").click()
    listed = page.locator("#review .suggestion.accepted")
    listed.get_by_role("button", name="Undo").click()
    page.locator("#review .suggestion.undone").wait_for(timeout=60_000)
    page.get_by_role("tab", name="Ask").click()
    anew = ask(page, "who said “A promise is not a pier”?")
    assert "Bo Strand" in anew.locator(".attributed").first.inner_text()


def test_people_are_merged_as_statements_are_corrected(page):
    turn = ask(page, "what did Ida Lund tell Bo Strand?")
    turn.locator(".person.speaker").first.click()
    page.locator("details.names summary").click()
    page.get_by_label("The same person as").fill("Nobody Inside")
    page.locator("details.names .do").click()
    page.locator("#problem .alert").wait_for()
    page.get_by_label("The same person as").fill("Nora Hale")
    page.locator("details.names .do").click()
    page.locator("#problem .told").wait_for()
    page.get_by_role("tab", name="Corrections").click()
    listed = page.locator("#review .suggestion.pending").filter(has_text="are one person")
    assert "Nora Hale" in listed.inner_text()
    listed.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone.").first.wait_for(timeout=30_000)


@pytest.mark.parametrize("width", [390, 1280])
def test_whoever_reports_can_take_it_back(open_page, corpus, width):
    from index.storage.store import TRUTH
    from index.storage.suggestions import kept_suggestions

    page = open_page(width, 844)
    reported(page, "Ida Lund")
    page.locator("#problem").get_by_role("button", name="Take it back").click()
    page.get_by_text("Undone.").wait_for(timeout=30_000)
    assert [one.state for one in kept_suggestions(corpus / TRUTH)][-1] == "undone"


def test_what_is_wrong_with_an_answer_is_told_and_looked_through(page):
    turn = ask(page, "what did Putin tell Aliyev?")
    turn.locator("details.wrong summary").click()
    turn.get_by_label("It answers another question").check()
    turn.get_by_label("In your words").fill("<b>ask</b> Lund")
    turn.locator("details.wrong .do").click()
    page.locator("#problem .told", has_text="Thank you").wait_for()
    assert not turn.locator("details.wrong form").is_visible()
    page.get_by_role("tab", name="Corrections").click()
    listed = page.locator("#review .suggestion.pending").filter(has_text="what did Putin tell")
    assert "It answers another question: <b>ask</b> Lund" in listed.inner_text()
    listed.get_by_role("button", name="Accept").click()
    page.locator("#problem", has_text="It changes no statement").wait_for(timeout=30_000)
