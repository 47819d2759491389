"""The page for everybody: axe-core finds nothing serious, in light and in dark, in every state."""

from __future__ import annotations

from importlib import resources

import pytest

from tests.browser.conftest import ask, open_tab

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page) -> list[str]:
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(r => r.violations)")
    return [
        f"{v['impact']}: {v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 768, 1440])
def test_axe_finds_no_serious_violation(open_page, width, scheme):
    page = open_page(width, 900, scheme)
    assert violations(page) == []
    turn = ask(page, "what did Erdoğan tell Putin?")
    turn.locator(".reading summary").click()
    turn.locator("details.menu summary").click()
    turn.locator("details.wrong summary").click()
    turn.get_by_role("button", name="Suggest a correction").first.click()
    page.locator("details.report[open]").wait_for()
    page.wait_for_timeout(300)
    assert violations(page) == []
    page.keyboard.press("Escape")  # on a phone, the sheet goes down
    page.locator("#filters button").first.click()
    page.wait_for_timeout(500)
    ask(page, "what did Putin tell Aliyev?")
    page.locator("button.person").first.click()
    page.locator(".statements").wait_for()
    page.wait_for_timeout(300)
    assert violations(page) == []
    page.keyboard.press("Escape")
    ask(page, "thanks")
    assert violations(page) == []
    page.fill("#question textarea", " ")
    page.keyboard.press("Enter")
    page.locator(".failed").wait_for()
    assert violations(page) == []
    for tab in ("Corpus", "Articles", "Corrections", "Add"):
        open_tab(page, tab)
        page.wait_for_timeout(300)
        assert violations(page) == []


def test_motion_is_off_for_those_who_ask(browser, server):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(server.address)
    page.locator(".welcome").wait_for(timeout=60_000)
    page.wait_for_timeout(300)
    moving = page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length")
    context.close()
    assert moving == 0
