"""What people change from the page: articles that they add, errors that they report."""

from __future__ import annotations

from tests.browser.conftest import ask, settle


def test_an_article_is_added_and_asked_about(page):
    page.get_by_role("tab", name="Add articles").click()
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
    page.get_by_role("tab", name="Add articles").click()
    page.locator("#files input[type=file]").set_input_files([good, bad])
    page.locator("#files").get_by_text("weir").first.wait_for()
    page.click("#add")
    page.locator("#report .told").wait_for(timeout=60_000)
    report = page.locator("#report").inner_text()
    assert "1 article added" in report
    assert "1 failed" in report
    assert "empty.txt" in report


def test_nothing_to_add_is_said_plainly(page):
    page.get_by_role("tab", name="Add articles").click()
    page.click("#add")
    page.locator("#report .alert").wait_for()
    assert "expected files or pasted text" in page.locator("#report").inner_text()


def test_a_reported_speaker_is_corrected_and_stays_so_after_a_rebuild(page, server):
    from index.indexing.build import rebuild
    from index.settings import Settings

    question = "who said “A promise is not a pier”?"
    turn = ask(page, question)
    turn.get_by_role("button", name="Report an error").first.click()
    form = page.locator("#evidence details.report")
    settle(page, "document.activeElement.matches('#evidence details.report summary')")
    assert 0 < form.bounding_box()["y"] < 500
    form.get_by_label("Wrong speaker").check()
    form.get_by_label("What the article says instead").fill("Nobody Inside")
    form.get_by_role("button", name="Save the correction").click()
    page.locator("#problem .alert").wait_for()
    assert "does not stand in the article" in page.locator("#problem").inner_text()
    form.get_by_label("What the article says instead").fill("Ida Lund")
    form.get_by_role("button", name="Save the correction").click()
    page.locator("#problem .told").wait_for(timeout=60_000)
    assert "corrected" in page.locator("#evidence .legend").inner_text()
    assert "Ida Lund" in turn.locator(".attributed").first.inner_text()
    assert "Corrected" in turn.locator(".badges").first.inner_text()

    rebuild(Settings(server.index))
    again = ask(page, question)
    assert "Ida Lund" in again.locator(".attributed").first.inner_text()
    assert "Corrected" in again.locator(".badges").first.inner_text()
