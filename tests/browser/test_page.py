"""What people do on the page, done in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.browser.conftest import ask, open_tab, settle

QUESTION = "what did Erdoğan tell Putin?"


MARKED = "[...document.querySelectorAll('#evidence mark.quote')].map(m => m.textContent).join('')"
"""The text of the evidence that is marked as the quote."""


def test_a_question_is_answered_with_numbered_cards(page):
    turn = ask(page, QUESTION)
    cards = turn.locator(".card")
    assert cards.count() >= 2
    assert [n.strip() for n in turn.locator(".card .number").all_inner_texts()] == [
        str(n) for n in range(1, cards.count() + 1)
    ]
    assert turn.locator(".reading .part").all_inner_texts()[:2] == [
        "speaker Recep Tayyip Erdoğan",
        "to Vladimir Putin",
    ]
    assert "Vladimir Putin" in cards.first.inner_text()


def test_a_number_opens_the_article_at_the_cited_words(page):
    turn = ask(page, QUESTION)
    for number in (2, 1):
        turn.locator(".card .number").nth(number - 1).click()
        words = turn.locator(".card blockquote").nth(number - 1).inner_text()
        settle(page, "!!document.querySelector('#evidence [data-passage=\"1\"]')")
        settle(
            page,
            f"{MARKED} === {json.dumps(words)}",
        )
        settle(
            page,
            "(() => { const m = document.querySelector('#evidence mark.quote').getBoundingClientRect(); return m.top >= 0 && m.bottom <= innerHeight; })()",
        )
    labels = page.locator("#evidence mark[data-label]").evaluate_all(
        "m => m.map(e => e.dataset.label)"
    )
    assert {"Quote", "Speaker", "Reporting words"} <= set(labels)


def test_a_card_opens_its_passage_and_shows_that_it_is_open(page):
    turn = ask(page, QUESTION)
    settle(page, "document.querySelector('#latest .card.open .number')?.dataset.number === '1'")
    turn.locator(".card .words").nth(1).click()
    settle(page, "document.querySelector('#latest .card.open .number')?.dataset.number === '2'")
    assert page.locator("[aria-current=true]").count() == 1
    words = turn.locator(".card blockquote").nth(1).inner_text()
    settle(page, f"{MARKED} === {json.dumps(words)}")
    ask(page, "what did Ida Lund tell Bo Strand?")
    assert turn.locator(".card.open").count() == 0
    settle(page, "document.querySelector('#latest .card.open') !== null")


def test_a_new_turn_begins_at_the_top_of_the_pane(page):
    ask(page, QUESTION)
    for question in ("what did Putin tell Aliyev?", "what did Ida Lund tell Bo Strand?"):
        ask(page, question)
        settle(
            page,
            "(() => { const top = document.querySelector('#latest .asked').getBoundingClientRect().top;"
            " const bar = document.querySelector('[role=tablist]').getBoundingClientRect().bottom;"
            " return top >= bar && top < bar + 60; })()",
        )


def test_the_question_leaves_its_field_but_a_draft_stays(page):
    ask(page, QUESTION)
    assert page.input_value("#question textarea") == ""
    page.fill("#question textarea", "a draft")
    page.locator("#latest .reading summary").click()
    page.locator("#latest .reading button.do").click()
    page.locator(".turn[data-turn='2'] .summary").wait_for()
    assert page.input_value("#question textarea") == "a draft"


def test_a_follow_up_keeps_the_people_of_the_turn_before(page):
    ask(page, QUESTION)
    turn = ask(page, "and what did Putin tell him?")
    assert "Vladimir Putin" in turn.locator(".attributed").first.inner_text()
    page.locator(".turn").first.locator(".number").first.click()
    settle(page, "document.querySelectorAll('#evidence mark.quote').length > 0")


def test_a_refusal_says_why_and_clears_the_evidence(page):
    ask(page, QUESTION)
    assert page.evaluate(MARKED)
    turn = ask(page, "what did Putin tell Aliyev?")
    assert "none said to" in turn.locator(".refusal").inner_text()
    assert re.search(r"Searched: \d+ articles, \d+ statements", turn.inner_text())
    turn.locator("details.nearest summary").click()
    assert turn.locator(".card.near .flag").first.inner_text() == "Not an answer"
    settle(page, "document.querySelector('#evidence').innerText.startsWith('No passage to show')")


def test_a_name_lists_everything_they_said(page):
    turn = ask(page, "what did Ida Lund tell Bo Strand?")
    turn.locator("button.person.speaker").first.click()
    listed = page.locator("#evidence .statements")
    listed.wait_for()
    assert listed.locator("h2").inner_text() == "What Ida Lund said"
    assert "We will read the contract" in listed.inner_text()
    listed.locator(".card .number").first.click()
    page.locator("#evidence .sheet").wait_for()
    page.locator("#evidence").get_by_text("Back to the list").click()
    listed.wait_for()
    assert listed.locator("h2").inner_text() == "What Ida Lund said"


def test_the_reading_can_be_changed_and_asked_again(page):
    turn = ask(page, QUESTION)
    turn.locator(".reading summary").click()
    turn.locator("input[name=speaker]").fill("Ida Lund")
    turn.locator("input[name=to]").fill("Bo Strand")
    turn.locator(".reading button.do").click()
    again = page.locator(".turn").nth(1)
    again.locator(".summary").wait_for()
    assert again.locator(".asked").inner_text() == "What did Ida Lund tell Bo Strand?"
    assert "The fees will fall" in again.locator(".card").first.inner_text()


def test_every_part_of_the_reading_can_be_changed(page):
    """What is put right holds, also against the filters that are set."""
    page.locator("#filters button").first.click()
    page.locator("#filter-speaker input, #filter-speaker textarea").fill("Erdoğan")
    page.get_by_label("Outlet").first.fill("Lantern")
    turn = ask(page, "what did Ida Lund say?")
    turn.locator(".reading summary").click()
    form = turn.locator(".reading form")
    form.get_by_label("Speaker").fill("Ida Lund")
    form.get_by_label("Outlet").fill("The Quay")
    form.get_by_label("From (date)").fill("2021-03")
    form.get_by_label("Kind of quote").select_option("direct")
    form.get_by_role("button", name="Ask again").click()
    again = page.locator(".turn[data-turn='2']:not(.waiting)")
    again.locator(".summary").wait_for()
    parts = dict(part.split(" ", 1) for part in again.locator(".reading .part").all_inner_texts())
    assert parts == {
        "speaker": "Ida Lund", "outlet": "The Quay", "kind": "Direct quote",
        "date": "since 2021-03",
    }  # fmt: skip
    assert set(again.locator(".cards .outlet").all_inner_texts()) == {"The Quay"}
    assert {b.split("\n")[0] for b in again.locator(".badge.direct").all_inner_texts()} == {
        "Direct quote"
    }


def test_filters_narrow_the_answer(page):
    page.locator("#filters button").first.click()
    page.get_by_label("Outlet").first.fill("Lantern")
    page.locator("#filters button").first.click()
    in_use = (
        "getComputedStyle(document.querySelector('#filters .label-wrap span'), '::after').content"
    )
    assert "in use" in page.evaluate(in_use)
    turn = ask(page, "what did Ida Lund say?")
    outlets = set(turn.locator(".cards .outlet").all_inner_texts())
    assert outlets == {"The Lantern"}
    page.locator("#filters button").first.click()
    page.get_by_label("Published since").fill("yesterday")
    page.fill("#question textarea", "what did Ida Lund say?")
    page.keyboard.press("Enter")
    page.locator(".failed .alert").wait_for()
    assert "expected since as an ISO date" in page.locator(".failed").inner_text()


def test_a_filter_by_addressee_leaves_only_what_was_said_to_them(page):
    page.locator("#filters button").first.click()
    page.locator("#filter-to input, #filter-to textarea").fill("Bo Strand")
    turn = ask(page, "what did Ida Lund say?")
    told = turn.locator(".cards button.person.addressee").all_inner_texts()
    assert told
    assert set(told) == {"Bo Strand"}


def test_a_quote_is_copied_with_its_attribution(page):
    turn = ask(page, "what did Ida Lund tell Bo Strand?")
    turn.get_by_role("button", name="Copy quote").first.click()
    settle(page, "navigator.clipboard.readText().then(t => t.length > 0)")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“The fees will fall by a third,”\n— Ida Lund to Bo Strand, The Quay")
    assert "characters 0 to 32, https://quay.example/fees#:~:text=" in copied
    assert "4 March 2021" in copied


def saved(page, menu, name: str) -> tuple[str, str]:
    menu.locator("summary").click()
    with page.expect_download() as download:
        menu.get_by_role("button", name=name, exact=True).click()
    path = Path(download.value.path())
    return download.value.suggested_filename, path.read_bytes().decode("utf-8-sig")


def test_an_export_holds_what_the_cards_show(page):
    turn = ask(page, QUESTION)
    quotes = [q.strip() for q in turn.locator(".card blockquote").all_inner_texts()]
    menu = turn.locator("details.menu")
    name, text = saved(page, menu, "CSV")
    assert name == "what-did-erdoğan-tell-putin.csv"
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["quote"] for row in rows] == quotes
    _, text = saved(page, menu, "JSON-LD")
    parts = json.loads(text)["hasPart"]
    assert [part["oa:hasSelector"][0]["oa:exact"] for part in parts] == quotes
    _, text = saved(page, menu, "Markdown")
    assert all(f"characters {row['start']} to {row['end']}" in text for row in rows)


def test_all_statements_of_a_person_are_exported(page):
    turn = ask(page, "what did Ida Lund tell Bo Strand?")
    turn.locator("button.person.speaker").first.click()
    page.locator("#evidence .statements").wait_for()
    shown = page.locator("#evidence .card").count()
    _, text = saved(page, page.locator("#evidence .actions details.menu"), "CSV")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == shown
    assert {row["speaker"] for row in rows} == {"Ida Lund"}


def test_the_corpus_view_leads_to_the_statements_behind_a_mark(page):
    page.get_by_role("tab", name="Corpus").click()
    page.get_by_role("button", name="Ida Lund to Bo Strand: ").click()
    page.locator("#evidence .statements").wait_for()
    assert "The fees will fall" in page.locator("#evidence").inner_text()
    page.get_by_role("button", name="2021-05: ").click()
    settle(page, "document.querySelector('#evidence h2')?.innerText === 'What was said in 2021-05'")
    marks = page.locator("#corpus :is(.bar, .cell)")
    assert marks.count() == page.locator("#corpus button[data-do=expand]").count() > 10
    assert set(page.locator("#evidence .outlet").all_inner_texts()) == {"The Lantern"}


def test_the_keyboard_is_enough(page):
    page.keyboard.type("what did Ida Lund tell Bo Strand?")
    page.keyboard.press("Enter")
    page.locator(".turn .summary").wait_for()
    page.locator(".turn .card .number").first.focus()
    page.keyboard.press("Enter")
    settle(page, "document.activeElement.matches('#evidence mark.quote')")
    page.locator(".turn .card .number").first.focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_two_tabs_do_not_share_their_conversation(open_page):
    one, two = open_page(), open_page()
    ask(one, QUESTION)
    ask(two, "what did Nora Hale say?")
    assert one.locator(".turn").count() == two.locator(".turn").count() == 1
    assert "Hale" not in one.locator(".turn .cards").inner_text()
    assert "Erdoğan" not in two.locator(".turn .cards").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1600])
def test_nothing_runs_out_of_the_window(open_page, width, scheme):
    page = open_page(width, 820, scheme)
    ask(page, QUESTION)
    for tab in ("Ask", "Corpus", "Add"):
        open_tab(page, tab)
        # Whatever is clipped counts too: the page hides what runs over.
        over = page.evaluate(
            "[...document.querySelectorAll('#panes *')].filter(e => e.checkVisibility() && "
            "!e.closest('.scroll, .unseen, .visually-hidden, .bar-title, .bar-name') && e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.outerHTML.slice(0, 90))"
        )
        assert over == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_the_article_leads_back_to_the_answer(open_page):
    page = open_page(380, 780)
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Show in the article", exact=True).nth(1).click()
    settle(page, "document.activeElement.matches('#evidence mark.quote')")
    settle(
        page,
        "(() => { const m = document.activeElement.getBoundingClientRect(); return m.top >= 0 && m.bottom <= innerHeight; })()",
    )
    back = page.get_by_role("button", name="Back to the answer")
    assert 0 <= back.bounding_box()["y"] < 160  # the head of the sheet
    back.click()
    settle(page, "document.activeElement.ariaLabel === 'Show in the article'")
