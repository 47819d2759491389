"""Too much, too fast, or gone: a plain message, and the page works again."""

from __future__ import annotations

import httpx
import pytest

from tests.browser.conftest import Server, ask, settle

BAD = (
    " ", "?", "\u200b", "😀😀😀", "'; DROP TABLE articles; --", "(((((", '{"question": 1}', "%s %n {0}",
    "what did \x00 say?", "a" * 1999, "Erdoğan Putin'e ne söyledi?", "谁说了什么？", "what did what say what?",
)  # fmt: skip


@pytest.mark.parametrize("question", BAD)
def test_odd_questions_get_an_answer_or_a_plain_line(page, question):
    page.fill("#question textarea", question)
    page.click("#send")
    settle(
        page,
        "document.querySelectorAll('.turn:not(.waiting) :is(.summary, .refusal), #problem .alert').length > 0",
        15,
    )
    assert "error " not in page.locator("#problem").inner_text()
    assert page.locator("#send").is_visible()


def test_a_paste_of_three_megabytes_is_refused_in_a_line(page):
    page.evaluate("navigator.clipboard.writeText('word '.repeat(600_000))")
    page.focus("#question textarea")
    page.keyboard.press("Control+V")
    page.keyboard.press("Enter")
    page.locator("#problem .alert").wait_for()
    assert "at most 2,000 characters" in page.locator("#problem").inner_text()
    page.fill("#question textarea", "")
    ask(page, "what did Erdoğan tell Putin?")


def test_an_upload_of_200_megabytes_is_refused_and_not_kept(page, server, tmp_path):
    big = tmp_path / "big.txt"
    with big.open("wb") as file:
        file.truncate(200_000_000)
    before = sorted(server.uploads.rglob("*")) if server.uploads.exists() else []
    with big.open("rb") as file:
        sent = httpx.post(f"{server.address}/gradio_api/upload", files={"files": file}, timeout=30)
    assert sent.status_code == 413
    page.get_by_role("tab", name="Add articles").click()
    page.locator("#files input[type=file]").set_input_files(big)
    page.wait_for_timeout(1500)
    after = sorted(server.uploads.rglob("*")) if server.uploads.exists() else []
    assert after == before
    page.get_by_role("tab", name="Ask").click()
    ask(page, "what did Erdoğan tell Putin?")


def chunks(total: int):
    yield (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="f.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\n"
    )
    for _ in range(total // 1_000_000):
        yield b"a" * 1_000_000
    yield b"\r\n--x--\r\n"


def test_an_upload_that_does_not_tell_its_size_is_refused(server):
    before = sorted(server.uploads.rglob("*")) if server.uploads.exists() else []
    sent = httpx.post(
        f"{server.address}/gradio_api/upload", content=chunks(3_000_000), timeout=30,
        headers={"content-type": "multipart/form-data; boundary=x"},
    )  # fmt: skip
    assert sent.status_code == 411
    after = sorted(server.uploads.rglob("*")) if server.uploads.exists() else []
    assert [f for f in after if f not in before and f.is_file()] == []


def test_without_allow_add_there_is_no_upload(seed_index, open_page):
    other = Server(seed_index)
    try:
        sent = httpx.post(f"{other.address}/gradio_api/upload", files={"files": b"x"})
        assert sent.status_code == 404
        page = open_page(address=other.address)
        assert page.get_by_role("tab", name="Add articles").count() == 0
    finally:
        other.stop()


def test_a_restarted_server_is_told_and_found_again(seed_index, open_page):
    other = Server(seed_index)
    try:
        page = open_page(address=other.address)
        ask(page, "what did Erdoğan tell Putin?")
        other.stop()
        page.fill("#question textarea", "what did Putin say?")
        page.click("#send")
        page.get_by_text("Connection to the server was lost").wait_for()
        other.start()
        page.locator(".welcome").wait_for(timeout=60_000)
        turn = ask(page, "what did Erdoğan tell Putin?")
        assert "Armenian administration" in turn.inner_text()
    finally:
        other.stop()


def test_an_empty_index_says_what_to_do(open_page, tmp_path):
    empty = Server(tmp_path / "nothing")
    try:
        page = open_page(address=empty.address)
        assert "there is no index" in page.locator(".welcome").inner_text()
        page.fill("#question textarea", "what did Erdoğan say?")
        page.click("#send")
        page.locator("#problem .alert").wait_for()
        assert "there is no index" in page.locator("#problem").inner_text()
    finally:
        empty.stop()
