"""A conversation: its turns, what leads on, what is kept, and that it fits a phone and a keyboard."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest

from tests.browser.conftest import ask, settle
from tests.browser.payloads import PAYLOADS
from tests.browser.test_page import QUESTION

SHIFTS = (
    "() => { window.shifted = 0; new PerformanceObserver(list => list.getEntries().forEach(e => "
    "{ if (!e.hadRecentInput) window.shifted += e.value; })).observe({type: 'layout-shift', buffered: true}); }"
)

SMALL = (
    "[...document.querySelectorAll('#past :is(button, summary), #latest :is(button, summary), .masthead button, "
    "#composer button, [role=tab]')].filter(e => e.checkVisibility()).filter(e => { const r = e.getBoundingClientRect(), "
    "a = getComputedStyle(e, '::after'); return Math.max(r.height, a.content === '\"\"' ? parseFloat(a.height) || 0 : 0) < 44; })"
    ".map(e => e.outerHTML.slice(0, 90))"
)
"""What a thumb would miss: visible controls that are less than 44 px high, with the area around."""


IN_ORDER = (
    "['.asked', '.summary', '.card', '.card:last-child', '.reading', '.next'].map(name => "
    "document.querySelector(`#latest ${name}`).getBoundingClientRect().top)"
)
"""Where the parts of a turn begin, all at one moment: the pane may be scrolling."""


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_the_answer_stands_first_and_the_question_box_stays_in_sight(open_page, width):
    page = open_page(width, 844)
    page.evaluate(SHIFTS)
    for _ in range(2):
        box = page.locator("#question textarea").bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] <= 844
        ask(page, QUESTION)
        page.locator("#latest .next").wait_for()
    places = page.evaluate(IN_ORDER)
    assert places == sorted(places)
    assert page.evaluate("window.shifted") <= 0.1
    if width == 390:
        assert page.evaluate(SMALL) == []


def test_what_leads_on_is_asked_in_one_click_and_answered(page):
    turn = ask(page, QUESTION)
    offered = turn.locator(".next button")
    offered.first.wait_for()
    question = offered.first.inner_text()
    offered.first.click()
    again = page.locator(".turn[data-turn='2']:not(.waiting)")
    again.locator(".card").first.wait_for()
    assert again.locator(".asked").inner_text() == question


def test_a_filter_that_leaves_nothing_is_cleared_in_one_click(page):
    page.locator("#filters button").first.click()
    page.get_by_label("Published since").fill("2030")
    turn = ask(page, "what did Ida Lund say?")
    turn.get_by_role("button", name="clear the date").click()
    again = page.locator(".turn[data-turn='2']:not(.waiting)")
    again.locator(".card").first.wait_for()
    assert page.get_by_label("Published since").input_value() == ""


def test_an_earlier_conversation_comes_back_and_the_browser_keeps_no_answer(page):
    turn = ask(page, QUESTION)
    words = turn.locator(".card blockquote").all_inner_texts()
    page.get_by_role("button", name="New conversation").click()
    page.locator(".welcome").wait_for()
    assert page.locator(".turn").count() == 0
    page.reload()
    page.locator("details.drawer summary").click()
    page.locator("button.earlier", has_text=QUESTION).click()
    page.locator(".turn .card").first.wait_for()
    assert page.locator(".turn .card blockquote").all_inner_texts() == words
    page.get_by_role("button", name="New conversation").click()
    page.locator("details.drawer summary").click()
    page.get_by_role("button", name="Forget all of them").click()
    page.locator("details.drawer").wait_for(state="detached")


def test_a_page_that_is_loaded_again_leads_back_to_where_one_was(page):
    before = page.evaluate("localStorage.getItem('onrecord')")
    ask(page, QUESTION)
    settle(page, f"localStorage.getItem('onrecord') !== {json.dumps(before)}")
    page.reload()
    page.locator(".welcome").get_by_role("button", name="Go on with your last").click()
    page.locator(".turn .card").first.wait_for()
    assert page.locator(".asked").inner_text() == QUESTION


def test_fields_of_the_filters_suggest_names_and_mark_what_is_no_date(page):
    page.locator("#filters button").first.click()
    page.locator("#filter-speaker input").click()
    names = page.evaluate("[...document.activeElement.list.options].map(o => o.value)")
    assert "Ida Lund" in names
    page.fill("#filter-since input", "last June")
    assert page.locator("#filters input:invalid").count() == 1
    page.fill("#question textarea", "what did Ida Lund say?")
    page.keyboard.press("Enter")
    page.locator(".turn.failed", has_text="expected since as an ISO date").wait_for()
    page.fill("#filter-since input", "2020")
    page.keyboard.press("Enter")
    assert page.locator("#filters input:invalid").count() == 0


def test_a_page_at_rest_draws_no_frames(open_page):
    page = open_page()
    ask(page, QUESTION)
    page.wait_for_timeout(1500)
    page.evaluate(
        "window.frames_asked = 0; const now = performance.now.bind(performance);"
        "performance.now = () => { window.frames_asked += 1; return now(); }"
    )
    page.wait_for_timeout(1000)
    assert page.evaluate("window.frames_asked") < 10


def test_a_link_asks_its_question_and_tells_the_server_nothing_by_its_address(open_page, server):
    page = open_page()
    turn = ask(page, "what did Ida Lund tell Bo Strand?")
    turn.get_by_role("button", name="Copy link").click()
    settle(page, "navigator.clipboard.readText().then(t => t.includes('#ask='))")
    link = page.evaluate("navigator.clipboard.readText()")
    requested: list[str] = []
    page.on("request", lambda r: requested.append(r.url))
    page.goto("about:blank")
    page.goto(link)
    page.locator(".turn .card").first.wait_for(timeout=30_000)
    assert page.locator(".asked").inner_text() == "what did Ida Lund tell Bo Strand?"
    assert not any("Lund" in url.partition("#")[0] for url in requested)


def test_a_question_is_edited_and_an_answer_copied_with_every_quote(page):
    turn = ask(page, "what did Ida Lund tell Bo Strand?")
    turn.hover()
    turn.get_by_role("button", name="Edit this question").click()
    assert page.input_value("#question textarea") == "what did Ida Lund tell Bo Strand?"
    turn.get_by_role("button", name="Copy answer").click()
    settle(page, "navigator.clipboard.readText().then(t => t.startsWith('what did'))")
    copied = page.evaluate("navigator.clipboard.readText()")
    for words in turn.locator(".card blockquote").all_inner_texts():
        assert words in copied


def test_number_keys_open_statements_and_escape_leads_back(open_page):
    page = open_page(390, 844)
    ask(page, QUESTION)
    page.locator("#latest .card .number").nth(1).focus()
    page.keyboard.press("2")
    settle(page, "document.querySelector('#latest .card.open .number')?.dataset.number === '2'")
    settle(page, "document.activeElement.matches('#evidence mark.quote')")
    page.keyboard.press("Escape")
    settle(page, "!document.querySelector('#panes.sheet-open')")
    assert not page.locator("#right").is_visible()
    page.fill("#question textarea", "")
    page.keyboard.type("in 2021")
    assert page.input_value("#question textarea") == "in 2021"


def test_no_word_of_the_workshop_stands_before_readers(page):
    turn = ask(page, QUESTION)
    turn.locator(".card .number").first.click()
    page.locator("#evidence .sheet").wait_for()
    shown = page.locator("#panes").inner_text()
    jargon = ("Cue", "Pronoun resolved", "index add", "addressee", "corpus view")
    assert [word for word in jargon if word in shown] == []


def test_questions_that_are_kept_come_back_as_text(open_page, server):
    page = open_page()
    foreign: list[str] = []
    page.on(
        "request",
        lambda r: (
            foreign.append(r.url) if not r.url.startswith((server.address, "data:")) else None
        ),
    )
    for payload in PAYLOADS[:6]:
        ask(page, f"what did Ida Lund say about {payload}?")
        page.get_by_role("button", name="New conversation").click()
        page.locator(".welcome").wait_for()
    page.reload()
    page.locator("details.drawer summary").click()
    assert page.locator("button.earlier").count() >= 6
    assert page.evaluate("document.querySelectorAll('.pwned').length + (window.pwned ? 1 : 0)") == 0
    assert foreign == []


CHATBOT = """
import sys
import gradio as gr

with gr.Blocks(analytics_enabled=False) as blocks:
    gr.Chatbot([{"role": "assistant", "content": "<img class=pwned src=data:, alt=x>"}])
blocks.launch(server_port=int(sys.argv[1]), ssr_mode=False, quiet=True)
"""


def test_what_a_message_of_the_chatbot_lets_through(browser):
    """Why the turns are ours: the chatbot draws foreign images.  If this fails, look again at
    docs/decisions/0016-what-gradio-carries.md.

    It is served by a process of its own: Gradio keeps things in the process, and clicks on the
    pages that were served after it in this one were lost."""
    from playwright.sync_api import Error

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-c", CHATBOT, str(port)]) as served:
        try:
            page = browser.new_page()
            for _ in range(300):  # until it is there
                try:
                    page.goto(f"http://127.0.0.1:{port}")
                    break
                except Error:
                    page.wait_for_timeout(100)
            page.locator(".bot img").first.wait_for(state="attached", timeout=30_000)
            page.close()
        finally:
            served.terminate()
