"""The page in a browser: 40 tasks of a new user, what it costs to open it, and 20 users at once.

    PYTHONPATH=. python tests/benchmarks/browsing.py [--record] [--only WORD]

tasks    each in a fresh page: what a new user does, step by step (a click, a key, a field
         filled in), until what was wanted is on the screen
opening  first contentful paint, shift of the layout, blocked main thread and bytes, as
         Chromium counts them (Lighthouse takes its figures from the same places)
users    questions asked one after the other by one user, and by 20 at the same time

The index holds the seeds and two dozen articles of training/data.  Needs Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright
from record import heading, recorded

from index.indexing.build import add
from index.settings import Settings
from tests.browser.conftest import CHROMIUM, ROOT, Server

ARTICLES = ROOT / "training" / "data" / "articles.jsonl"
DESKTOP, PHONE = (1440, 900), (390, 844)
USERS = 20
QUESTIONS = (
    "what did Erdoğan tell Putin?",
    "What did Ilse Varkonyi say?",
    "who said “a gift”?",
    "What did Haruka Shimizu say about cotton?",
    "what did Putin tell Aliyev?",
    "What did Matteo Okonjo-Reyes say about the state?",
)
TOLD = QUESTIONS[0]
DRAFT = (
    "“There is no hidden drawer with ferry money in it,” Ilse Varkonyi told reporters. "
    "“We are asking for a gift,” Matteo Okonjo-Reyes said."
)


@dataclass
class User:
    """Somebody before an open page, whose steps are counted."""

    page: Page
    steps: int = 0
    errors: list[str] = field(default_factory=list)

    def click(self, control: Any) -> None:
        """One step."""
        if isinstance(control, str):
            control = self.page.locator(control)
        control.first.click()
        self.steps += 1

    def press(self, key: str) -> None:
        """One step."""
        self.page.keyboard.press(key)
        self.steps += 1

    def fill(self, selector: str, text: str) -> None:
        """One step."""
        self.page.locator(selector).first.fill(text)
        self.steps += 1

    def ask(self, question: str) -> Any:
        """Two steps, and the wait for the whole turn, which is returned."""
        self.fill("#question textarea", question)
        self.press("Enter")
        return self.turn(question)

    def turn(self, question: str = "") -> Any:
        """The latest turn, once it is whole."""
        found = self.page.locator("#latest .turn:not(.waiting)")
        if question:
            found = found.filter(has=self.page.locator(".asked", has_text=question))
        found.locator(".summary, .refusal").first.wait_for()
        return found

    def named(self, name: str, within: Any = None) -> Any:
        """A button by its name."""
        return (within or self.page).get_by_role("button", name=name).first

    def tab(self, name: str) -> None:
        """One step."""
        self.click(self.page.get_by_role("tab", name=name))

    def sees(self, selector: str, words: str = "") -> None:
        """Wait for something with these words in it; raises after some seconds."""
        self.page.locator(selector).filter(has_text=words).first.wait_for()

    def copied(self, words: str) -> None:
        """Wait until these words are in the clipboard."""
        self.page.wait_for_function(
            "w => navigator.clipboard.readText().then(t => t.includes(w))", arg=words
        )


Task = Callable[[User], None]
TASKS: list[tuple[str, str, tuple[int, int], Task]] = []


def task(kind: str, wanted: str, size: tuple[int, int] = DESKTOP) -> Callable[[Task], Task]:
    """Put what follows on the list of tasks."""

    def listed(does: Task) -> Task:
        TASKS.append((kind, wanted, size, does))
        return does

    return listed


@task("find", "what one person told another")
def _(user: User) -> None:
    assert "negotiation table" in user.ask(TOLD).locator(".summary").inner_text()


@task("find", "something to begin with")
def _(user: User) -> None:
    user.click(".welcome .example")
    user.turn().locator(".card").first.wait_for()


@task("find", "who said these words")
def _(user: User) -> None:
    assert "Okonjo-Reyes" in user.ask("who said “a gift”?").locator(".card").first.inner_text()


@task("find", "what somebody said, all of it")
def _(user: User) -> None:
    turn = user.ask("What did Haruka Shimizu say?")
    user.click(user.named("show all", turn))
    user.sees("#latest .count", "10 statements")


@task("find", "all statements of a person of an answer")
def _(user: User) -> None:
    user.ask(TOLD)
    user.click("#latest .card .person.speaker")
    user.sees("#evidence .statements", "What Recep Tayyip Erdoğan said")


@task("find", "what somebody was told")
def _(user: User) -> None:
    user.ask(TOLD)
    user.click("#latest .card .person.addressee")
    user.sees("#evidence .statements", "to Vladimir Putin")


@task("find", "whether there is nothing on record")
def _(user: User) -> None:
    assert "Nothing on record" in user.ask("what did Putin tell Aliyev?").inner_text()


@task("find", "something, where the question asked too much")
def _(user: User) -> None:
    turn = user.ask("what did Erdoğan tell Aliyev?")
    user.click(turn.locator(".choices .example"))
    user.sees(".turn[data-turn='2'] .card")


@task("find", "what can be asked")
def _(user: User) -> None:
    turn = user.ask("what can you do?")
    user.click(turn.locator(".examples .example"))
    user.sees(".turn[data-turn='2'] .card")


@task("find", "who speaks most")
def _(user: User) -> None:
    user.tab("Corpus")
    user.click("#corpus button.bar")
    user.sees("#evidence .statements .card")


@task("find", "an article by its title")
def _(user: User) -> None:
    user.tab("Articles")
    user.fill("#articles input[name=words]", "ferry subsidy")
    user.press("Enter")
    user.sees("#articles .note", "1 article")
    user.click("#articles button.title")
    user.sees("#evidence .statements .card")


@task("check", "a statement in its article")
def _(user: User) -> None:
    user.ask(TOLD)
    user.click("#latest .card .number")
    user.sees("#evidence mark.quote", "Armenian administration")


@task("check", "the second statement, by its number key")
def _(user: User) -> None:
    user.ask(TOLD)
    user.page.locator("#latest .card .number").first.focus()
    user.press("2")
    user.sees("#latest .card.open .number", "2")


@task("check", "a number in the sentence that answers")
def _(user: User) -> None:
    turn = user.ask(TOLD)
    user.click(turn.locator(".summary .ref"))
    user.sees("#evidence mark.quote", "Armenian administration")


@task("check", "how a name is known")
def _(user: User) -> None:
    user.ask("who said “a gift”?")
    user.sees("#latest .badges", "Name worked out")


@task("check", "what comes nearest, where nothing answers")
def _(user: User) -> None:
    turn = user.ask("what did Erdoğan tell Aliyev?")
    user.click(turn.locator(".nearest summary"))
    user.click(turn.locator(".nearest .number"))
    user.sees("#evidence mark.quote")


@task("check", "back to where one came from")
def _(user: User) -> None:
    user.ask(TOLD)
    user.click("#latest .card .number")
    user.sees("#evidence mark.quote:focus")
    user.press("Escape")
    user.sees("#latest .number:focus")


@task("follow up", "the same to somebody else")
def _(user: User) -> None:
    user.ask(TOLD)
    assert "none said to Aliyev" in user.ask("and to Aliyev?").inner_text()


@task("follow up", "a question that is offered")
def _(user: User) -> None:
    user.ask(TOLD)
    user.click("#latest .next .example")
    user.sees(".turn[data-turn='2'] .card")


@task("follow up", "thanks")
def _(user: User) -> None:
    user.ask(TOLD)
    assert "welcome" in user.ask("thanks").inner_text()


@task("follow up", "the question in other words")
def _(user: User) -> None:
    turn = user.ask("what did Erdoğan tell Aliyev?")
    turn.locator(".bubble").hover()
    user.click(user.named("Edit this question", turn))
    user.ask(TOLD).locator(".card").first.wait_for()


@task("follow up", "how it was read, put right")
def _(user: User) -> None:
    turn = user.ask("what did Erdoğan tell Aliyev?")
    user.click(turn.locator(".reading summary"))
    user.fill("#latest .fields input[name=to]", "Vladimir Putin")
    user.click(turn.locator(".fields .do"))
    user.sees(".turn[data-turn='2'] .card")


@task("follow up", "an earlier conversation")
def _(user: User) -> None:
    user.ask(TOLD)
    user.click(user.named("New conversation"))
    user.click("details.drawer summary")
    user.click("button.earlier")
    user.sees(".turn .card")


@task("filter", "by speaker")
def _(user: User) -> None:
    user.click("#filters button")
    user.fill("#filter-speaker input", "Ilse Varkonyi")
    assert "Varkonyi" in user.ask("what was said about money?").inner_text()


@task("filter", "by date")
def _(user: User) -> None:
    user.click("#filters button")
    user.fill("#filter-since input", "2030-05")
    turn = user.ask("what did Ilse Varkonyi say?")
    assert "March" not in " ".join(turn.locator(".origin time").all_inner_texts())


@task("filter", "none any more")
def _(user: User) -> None:
    user.click("#filters button")
    user.fill("#filter-outlet input", "Wire")
    user.click("#clear")
    user.page.wait_for_function("document.querySelector('#filter-outlet input').value === ''")


@task("filter", "one that left nothing, taken away")
def _(user: User) -> None:
    user.click("#filters button")
    user.fill("#filter-since input", "2040")
    turn = user.ask(TOLD)
    user.click(user.named("clear the date", turn))
    user.sees(".turn[data-turn='2'] .card")


@task("filter", "what somebody said on a topic, in order of time")
def _(user: User) -> None:
    user.ask("what did Ilse Varkonyi say?")
    user.click("#latest .card .person.speaker")
    user.sees("#evidence .statements")
    user.fill("#evidence input[name=topic]", "ferry")
    user.press("Enter")
    user.sees("#evidence .when", "first")


def _suggest(user: User) -> None:
    user.ask("who said “a gift”?").locator(".card").first.hover()
    user.click(user.named("Suggest a correction"))
    user.click("#evidence details.report input[value=speaker]")
    user.fill("#evidence details.report input[name=value]", "Torvald Brisk")
    user.click("#evidence details.report .do")
    user.sees("#problem .told", "Thank you")


@task("correct", "a wrong speaker, suggested")
def _(user: User) -> None:
    _suggest(user)
    user.sees("#evidence .mended", "nobody has checked it yet")


@task("correct", "a suggestion of one's own, taken back")
def _(user: User) -> None:
    _suggest(user)
    user.click(user.named("Take it back", user.page.locator("#problem")))
    user.sees("#problem .told", "Undone.")


@task("correct", "a suggestion, accepted and undone")
def _(user: User) -> None:
    _suggest(user)
    user.click(user.named("Accept", user.page.locator("#evidence .mended").last))
    user.sees("#problem .told", "Accepted.")
    user.click(user.named("Undo", user.page.locator("#evidence .mended", has_text="Corrected")))
    user.sees("#problem .told", "Undone.")


@task("correct", "all corrections, looked through")
def _(user: User) -> None:
    user.tab("Corrections")
    user.sees("#review", "to decide on")


@task("export", "a quote with its source, copied")
def _(user: User) -> None:
    user.ask(TOLD).locator(".card").first.hover()
    user.click(user.named("Copy quote"))
    user.copied("characters")


@task("export", "an answer, copied")
def _(user: User) -> None:
    turn = user.ask(TOLD)
    user.click(user.named("Copy answer", turn))
    user.copied("according to Presidential")


@task("export", "an answer as a table")
def _(user: User) -> None:
    turn = user.ask(TOLD)
    user.click(turn.locator(".actions details.menu summary"))
    with user.page.expect_download() as saved:
        user.click(user.named("CSV", turn))
    assert "Erdoğan" in Path(saved.value.path()).read_text(encoding="utf-8-sig")


@task("export", "all that somebody said, as Markdown")
def _(user: User) -> None:
    user.ask(TOLD)
    user.click("#latest .card .person.speaker")
    user.sees("#evidence .statements")
    user.click("#evidence .actions details.menu summary")
    with user.page.expect_download() as saved:
        user.click(user.named("Markdown", user.page.locator("#evidence")))
    assert saved.value.suggested_filename.endswith(".md")


@task("draft", "a draft, checked")
def _(user: User) -> None:
    user.tab("Check a draft")
    user.fill("#draft textarea", DRAFT)
    user.click("button#check")
    user.sees("#verdicts .label", "Altered (grave)")


@task("draft", "a verdict in its article, on a phone", PHONE)
def _(user: User) -> None:
    user.tab("Check a draft")
    user.fill("#draft textarea", DRAFT)
    user.click("button#check")
    user.click(user.named("Show in the article", user.page.locator("#verdicts")))
    user.sees("#evidence mark.quote", "gift")


@task("phone", "what was said, its article, and back", PHONE)
def _(user: User) -> None:
    user.ask(TOLD)
    user.click("#latest .card .number")
    user.sees("#panes.sheet-open mark.quote")
    user.click(user.named("Back to the answer"))
    user.page.locator("#panes:not(.sheet-open)").wait_for()


@task("phone", "a correction, suggested and taken back", PHONE)
def _(user: User) -> None:
    _suggest(user)
    user.click(user.named("Take it back", user.page.locator("#problem")))
    user.sees("#problem .told", "Undone.")


@contextmanager
def opened(browser: Browser, address: str, size: tuple[int, int]) -> Iterator[User]:
    """The page as a new user finds it."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    user = User(page)
    page.on("pageerror", lambda error: user.errors.append(str(error)))
    page.goto(address)
    page.wait_for_selector(".welcome", timeout=60_000)
    yield user
    context.close()


def tried(browser: Browser, address: str, only: str) -> bool:
    """Print what became of each task; whether all were done."""
    heading("page: tasks of a new user")
    print(f"{'':3} {'kind':10}{'wanted':56}{'steps':>5}")
    steps, failed = list[int](), 0
    chosen = [t for t in TASKS if only in f"{t[0]} {t[1]}"]
    for number, (kind, wanted, size, does) in enumerate(chosen, 1):
        with opened(browser, address, size) as user:
            try:
                does(user)
                assert not user.errors, user.errors
                steps.append(user.steps)
                found = str(user.steps)
            except Exception as error:  # whatever it was, the task was not done
                failed += 1
                found = "not done"
                print(f"{wanted}: {error}", file=sys.stderr)
        print(f"{number:3} {kind:10}{wanted:56}{found:>5}", flush=True)
    print(f"done: {len(steps)} of {len(chosen)}", end="")
    if steps:
        print(f"; steps: median {statistics.median(steps):g}, at most {max(steps)}")
    return not failed


WATCH = """
window.shift = 0; window.blocked = 0;
new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) shift += e.value; }))
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => { blocked += e.duration - 50; }))
  .observe({type: 'longtask', buffered: true});
"""

PLACES = (0, 3, 0, 0, 0)
"""Digits behind the point of each figure."""

FIGURES = """() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
  const loads = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const bytes = found => found.reduce((sum, e) => sum + e.transferSize, 0) / 1000;
  return [paint, window.shift, window.blocked, bytes(loads.filter(e => e.responseEnd <= paint)), bytes(loads)];
}"""


def opening(browser: Browser, address: str) -> None:
    """Print what it costs to open the page, and to ask: medians of five."""
    heading("page: opening it")
    names = ("first paint ms", "layout shift", "blocked ms", "kB to first paint", "kB in all")
    print(f"{'':24}" + "".join(f"{name:>19}" for name in names))
    for what, size in (("laptop", DESKTOP), ("phone", PHONE)):
        rows = []
        for _ in range(5):
            context = browser.new_context(viewport={"width": size[0], "height": size[1]})
            context.add_init_script(WATCH)
            user = User(context.new_page())
            user.page.goto(address)
            user.page.wait_for_selector(".welcome", timeout=60_000)
            user.page.wait_for_timeout(500)
            empty = user.page.evaluate(FIGURES)
            user.ask(TOLD)
            user.page.wait_for_timeout(500)
            rows.append((empty, user.page.evaluate(FIGURES)))
            context.close()
        for state, found in zip(("opened", "asked"), zip(*rows, strict=True), strict=True):
            figures = map(statistics.median, zip(*found, strict=True))
            cells = (f"{value:19.{places}f}" for value, places in zip(figures, PLACES, strict=True))
            print(f"{f'{what}, {state}':24}" + "".join(cells))


async def _asks(client: httpx.AsyncClient, address: str, event: dict[str, Any], first: int,
                each: int, took: list[float]) -> None:  # fmt: skip
    """One user: the questions in turn, each as the page sends it, until it is answered."""
    session = uuid.uuid4().hex[:10]
    for number in range(first, first + each):
        values = [QUESTIONS[number % len(QUESTIONS)] if q else None for q in event["question"]]
        begun = time.monotonic()
        told = {"data": values, "event_data": None, "fn_index": event["id"],
                "trigger_id": event["trigger"], "session_hash": session}  # fmt: skip
        (await client.post(f"{address}/gradio_api/queue/join", json=told)).raise_for_status()
        stream = f"{address}/gradio_api/queue/data?session_hash={session}"
        async with client.stream("GET", stream) as lines:
            async for line in lines.aiter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    assert message["success"], message
                    break
        took.append(time.monotonic() - begun)


async def _together(address: str, users: int, each: int) -> list[float]:
    """How long each answer took, in seconds, shortest first."""
    async with httpx.AsyncClient(timeout=120, limits=httpx.Limits(max_connections=200)) as client:
        config = (await client.get(f"{address}/config")).json()
        named = {c["id"]: c["props"].get("elem_id") for c in config["components"]}
        asks = next(d for d in config["dependencies"]
                    if any(named.get(t[0]) == "question" for t in d["targets"]))  # fmt: skip
        event = {"id": asks["id"], "trigger": asks["targets"][0][0],
                 "question": [named[i] == "question" for i in asks["inputs"]]}  # fmt: skip
        took = list[float]()
        asking = (_asks(client, address, event, n, each, took) for n in range(users))
        await asyncio.gather(*asking)
    return sorted(took)


def together(address: str) -> None:
    """Print how long an answer takes one user, and each of many who never pause."""
    heading("page: users at once")
    asyncio.run(_together(address, 4, len(QUESTIONS)))  # each question once, and warm
    print(f"{'users':>5}{'answers':>9}{'p50 ms':>9}{'p95 ms':>9}{'a second':>10}")
    slow = list[float]()
    for users, each in ((1, 60), (USERS, 12)):
        begun = time.monotonic()
        took = asyncio.run(_together(address, users, each))
        rate = len(took) / (time.monotonic() - begun)
        half, slowest = (1000 * took[int(share * (len(took) - 1))] for share in (0.5, 0.95))
        slow.append(slowest)
        print(f"{users:5}{len(took):9}{half:9.0f}{slowest:9.0f}{rate:10.1f}")
    print(f"p95 of {USERS} users over that of one: {slow[1] / slow[0]:.1f}")


def lay_out(folder: Path) -> Path:
    """An index of the seeds and of two dozen articles of training/data."""
    lines = ARTICLES.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if json.loads(line)["id"].startswith(("amber", "fern"))]
    file = folder / "articles.jsonl"
    file.write_text("\n".join(kept), encoding="utf-8")
    report = add([ROOT / "seeds", file], Settings(folder / "index"))
    assert report.added == len(kept) + 1, report
    return folder / "index"


def main() -> int:
    """Print the three tables; 1 if a task was not done."""
    first, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=first, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    parser.add_argument("--only", default="", metavar="WORD", help="tasks with this word, alone")
    options = parser.parse_args()
    if not CHROMIUM:
        parser.error("expected Chromium, found none; apt-get install chromium, or name: CHROMIUM")
    with tempfile.TemporaryDirectory(prefix="onrecord-page-") as folder:
        server = Server(lay_out(Path(folder)), "--curate")
        try:
            with recorded("make trial", options.record):
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(
                        executable_path=CHROMIUM, args=["--no-sandbox"]
                    )
                    done = tried(browser, server.address, options.only)
                    if not options.only:
                        opening(browser, server.address)
                    browser.close()
                if not options.only:
                    together(server.address)
        finally:
            server.stop()
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
