"""A draft is pasted and checked: what must not be printed, and why, is seen at once."""

from __future__ import annotations

import pytest

from tests.browser.test_access import violations
from tests.page.test_checking import DRAFT


def check(page, draft: str):
    page.get_by_role("tab", name="Check a draft").click()
    page.fill("#draft textarea", draft)
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#verdicts .outcome, #verdicts .alert").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 768, 1440])
def test_a_checked_draft_is_readable_for_everybody(open_page, width, scheme):
    page = open_page(width, 900, scheme)
    check(page, DRAFT)
    assert page.locator("#verdicts h4").first.text_content() == "Other speaker (grave)"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_a_verdict_leads_to_the_article_at_the_passage(page):
    check(page, DRAFT)
    page.locator("#verdicts").get_by_role("button", name="Show in the article").first.click()
    page.locator("#evidence [data-passage]").wait_for()
    assert "Armenia must withdraw" in page.locator("#evidence [data-passage]").text_content()


def test_the_archives_words_can_be_copied(page):
    check(page, DRAFT)
    page.locator("#verdicts").get_by_role("button", name="Copy the archive's words").first.click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“that Armenia must withdraw")
    assert "Recep Tayyip Erdoğan" in copied


def test_an_empty_draft_is_one_clear_line(page):
    check(page, "  ")
    assert page.locator("#verdicts .alert").text_content() == "expected a draft, found no text"
