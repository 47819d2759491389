"""What comes from articles and questions stays text: no element, no request, no overlay."""

from __future__ import annotations

import json
import shutil

import pytest

from index.text.escape import is_hidden
from page.service import Desk
from tests.browser.conftest import ask, settle
from tests.browser.payloads import BEACON, PAYLOADS

PWNED = (
    "document.querySelectorAll('.pwned, .onrecord :is(script, style, img, iframe, video, audio, object, "
    "embed, link, meta, base, svg)').length + (window.pwned ? 1 : 0)"
)


ACTIVE_LINKS = (
    "[...document.querySelectorAll('#evidence a')].filter(a => !/^https?:/.test(a.href)).length"
)


@pytest.fixture(scope="module")
def hostile(seed_index, tmp_path_factory, serve):
    """A served index where every field of every article is a payload, and every speaker too."""
    from index.indexing.build import add, rebuild
    from index.settings import Settings
    from index.storage.corrections import Correction, record
    from index.storage.snapshot import Generation

    folder = tmp_path_factory.mktemp("hostile")
    index = folder / "index"
    shutil.copytree(seed_index, index)
    rows = [
        {"id": f"hostile-{n}", "title": f"{payload} {n}", "outlet": payload, "author": payload,
         "url": payload if n % 2 else f"javascript:window.pwned=1//{n}",
         "date": f"2020-0{1 + n % 2}-{n + 1:02}",
         "text": f"“Beware of {payload},” Minister Vera Quill told Envoy Abe Stone.\n\n{payload}\n\n"
        "“The bridge is open,” Minister Vera Quill told Envoy Abe Stone."}
        for n, payload in enumerate(PAYLOADS)
    ]  # fmt: skip
    file = folder / "hostile.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    report = add([file], Settings(index))
    assert report.added == len(PAYLOADS) >= 25
    generation = Generation(index)
    for n, payload in enumerate(PAYLOADS):
        catalog = generation.catalog
        article = catalog.article(f"hostile-{n}")
        for quote in catalog.quotes(catalog.quote_ids(article_ids=[article.id])):
            for part in ("speaker", "addressee"):
                record(index / "articles.sqlite3", Correction(quote, article, part, payload))
    generation.close()
    rebuild(Settings(index))
    return serve(Desk(index))


@pytest.fixture
def watched(open_page, hostile):
    """The hostile page, and all that it asked of any other address."""
    page = open_page(address=hostile.address)
    foreign: list[str] = []
    page.on(
        "request",
        lambda r: None if r.url.startswith((hostile.address, "data:")) else foreign.append(r.url),
    )
    page.on("dialog", lambda d: foreign.append(d.message))
    yield page
    assert foreign == []
    assert page.evaluate(PWNED) == 0


def hidden(page) -> list[str]:
    html = page.evaluate("document.querySelector('#panes').outerHTML")
    return sorted({f"U+{ord(c):04X}" for c in html if is_hidden(c)})


def test_articles_cannot_act(watched):
    page = watched
    for tab in ("Corpus", "Ask"):
        page.get_by_role("tab", name=tab).click()
    page.get_by_role("tab", name="Corpus").click()
    opened: set[str] = set()
    for month in ("2020-01", "2020-02"):
        mark = page.get_by_role("button", name=f"{month}: ")
        mark.click()
        settle(page, f"document.querySelector('#evidence h2')?.innerText.endsWith('{month}')")
        assert hidden(page) == []
        for n in range(page.locator("#evidence .card").count()):
            title = page.locator("#evidence .card cite").nth(n).inner_text()
            if title in opened:
                continue
            opened.add(title)
            page.locator("#evidence .card .number").nth(n).click()
            page.locator("#evidence .sheet").wait_for()
            assert page.evaluate(PWNED) == 0
            assert hidden(page) == []
            assert page.evaluate(ACTIVE_LINKS) == 0
            mark.click()
            page.locator("#evidence .statements").wait_for()
    assert len(opened) == len(PAYLOADS)


def test_questions_cannot_act(watched):
    page = watched
    for n, payload in enumerate(PAYLOADS):
        turn = ask(page, f"what did Vera Quill say about {payload}?")
        assert page.evaluate(PWNED) == 0, payload
        if n == len(PAYLOADS) - 1:
            turn.locator(".reading summary").click()
    assert hidden(page) == []
    overlay = page.evaluate(
        "document.elementFromPoint(innerWidth / 2, 20).closest('.masthead') !== null || document.elementFromPoint(60, 20).closest('.masthead') !== null"
    )
    assert overlay


def test_a_beacon_would_be_seen(open_page, hostile):
    """The watch itself works: an image that is let in is counted, and refused by the policy."""
    page = open_page(address=hostile.address)
    tried: list[str] = []
    page.on("request", lambda r: tried.append(r.url))
    page.evaluate(
        f"() => {{ const i = new Image(); i.className = 'pwned'; i.src = '{BEACON}'; document.body.append(i); }}"
    )
    settle(page, f"{PWNED} > 0")
    page.wait_for_timeout(300)
    blocked = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.name.includes('beacon') && e.transferSize > 0).length"
    )
    assert blocked == 0
