"""The page in a real browser: Debian's Chromium, driven by Playwright, and a served index."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from page.service import Desk
from page.wiring import application
from tests.conftest import CHROMIUM, NO_CHROMIUM

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.fixture(scope="module")
def browser():
    """Chromium; for a module, since Playwright keeps an event loop running meanwhile."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


class Server:
    """The page, served in its own process on a port that stays the same."""

    def __init__(self, index: Path, *options: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.index, self.options = index, options
        self.uploads = index.parent / "uploads"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "ui.py", "--index", str(self.index), "--port", str(self.port),
             *self.options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "GRADIO_TEMP_DIR": str(self.uploads)},
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert re.search(self.address, line), line

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


class Local:
    """The page, served by a thread of this process: the models are loaded already."""

    def __init__(self, desk: Desk) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.desk = desk
        self.start()

    def start(self) -> None:
        app = application(self.desk, 20_000_000)
        config = uvicorn.Config(
            app, port=self.port, log_level="critical", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.05)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Desk], Local]]:
    """Serves a desk until the end of the run."""
    served: list[Local] = []

    def started(desk: Desk) -> Local:
        served.append(Local(desk))
        return served[-1]

    yield started
    for local in served:
        local.stop()


@pytest.fixture(scope="session")
def corpus(seed_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds and two dated articles of our own, in an index that tests may change."""
    from index.indexing.build import add
    from index.settings import Settings

    folder = tmp_path_factory.mktemp("browser") / "index"
    shutil.copytree(seed_index, folder)
    report = add([HERE / "articles.jsonl"], Settings(folder))
    assert report.added == 2
    return folder


@pytest.fixture(scope="session")
def server(corpus: Path) -> Iterator[Server]:
    found = Server(corpus, "--allow-add", "--curate")
    yield found
    found.stop()


def shown(page, address: str) -> None:
    """Go to an address and wait until the page can be used; a cold server loads its models."""
    page.goto(address)
    page.wait_for_selector(".welcome", timeout=60_000)


@pytest.fixture
def open_page(browser, server):
    """Opens the page in a context of its own; what reaches its console as an error fails the test."""
    contexts, errors = [], []

    def opened(width=1280, height=860, scheme="light", address=""):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        shown(page, address or server.address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="module")
def tab(browser):
    """A tab that the tests of a module use one after the other: a new one costs half a second."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(tab, server):
    """The page as a new visitor sees it: no cookie, and nothing kept by the browser."""
    errors: list[str] = []

    def noted(error) -> None:
        errors.append(str(error))

    tab.context.clear_cookies()
    tab.goto(f"{server.address}/livez")  # of this origin, without a script that keeps things
    tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    tab.set_viewport_size({"width": 1280, "height": 860})
    tab.on("pageerror", noted)
    shown(tab, server.address)
    yield tab
    tab.remove_listener("pageerror", noted)
    assert errors == []


def ask(page, question: str):
    """Ask, wait until the turn is whole, return it."""
    page.evaluate("document.querySelector('#latest .turn')?.setAttribute('data-seen', '')")
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    turn = page.locator("#latest .turn:not([data-seen], .waiting)")
    turn.locator(".summary, .refusal").wait_for()
    return page.locator(f".turn[data-turn='{turn.get_attribute('data-turn')}']")


def open_tab(page, name: str) -> None:
    """Choose a tab; on a phone, those that find no room are behind a button."""
    tab = page.get_by_role("tab", name=name)
    if not tab.count() or not tab.first.is_visible():
        page.locator(".overflow-menu > button").click()
        tab = page.locator(".overflow-dropdown").get_by_role("button", name=name)
    tab.first.click()


def settle(page, ready: str, seconds: float = 15) -> None:
    """Wait until a JavaScript expression holds."""
    until = time.monotonic() + seconds
    while not page.evaluate(ready):
        assert time.monotonic() < until, f"still not so: {ready}"
        time.sleep(0.05)
