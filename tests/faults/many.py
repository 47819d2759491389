"""Many at once, or one after the other: writers, readers, orders of adding."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from index.__main__ import BUSY, main
from index.indexing.build import add
from index.settings import Settings
from index.storage.health import listing, status, verify
from index.storage.snapshot import writing
from tests.faults.children import Measure, forked, judged
from tests.faults.editions import ARTICLES, EDITIONS, adding, articles, indexed

if TYPE_CHECKING:
    from rag import OnRecord


def two_indexers(count: int) -> Measure:
    """A second writer is told who the first one is, and since when, within a second."""
    wrong: list[str] = []
    slowest = 0.0
    with indexed() as (source, index):
        for _ in range(count):
            ready, go = os.pipe()

            def hold(go: int = go) -> int:
                with writing(index):
                    os.write(go, b"x")
                    time.sleep(60)
                return 0

            def second(pid: int, ready: int = ready) -> None:
                nonlocal slowest
                os.read(ready, 1)
                ended = forked(
                    lambda: main(["add", "--wait", "0", "--index", str(index), str(source)])
                )
                slowest = max(slowest, ended.seconds)
                said = f"by process {pid} since 20" in ended.out
                if ended.code != BUSY or not said or ended.seconds > 1:
                    wrong.append(f"{ended.code} after {ended.seconds:.1f} s: {ended.out[-200:]}")
                os.kill(pid, signal.SIGKILL)

            forked(hold, second)
            taken = forked(lambda: main(["add", "--index", str(index), str(source)]))
            if taken.code:
                wrong.append(f"stale lock: {taken.out[-200:]}")
            os.close(ready)
            os.close(go)
    return judged(f"two indexers, {count} times (slowest {slowest:.2f} s)", wrong)


def servers_and_indexer(questions: int, publishes: int) -> Measure:
    """Two servers answer while editions are published: each answer is of one of them."""
    from rag import OnRecord

    with indexed() as (source, index):
        log = index.parent / "answers"
        server_count, each = 2, questions // 2

        def serve() -> int:
            bot = OnRecord.open(index)
            with log.open("a") as out:
                for _ in range(each):
                    answer = bot.answer("What did Ana Ruiz tell Deniz Kaya?")
                    cited = " ".join(c.article.text for c in answer.citations)
                    seen = [e for e in EDITIONS if e in cited]
                    out.write(json.dumps([time.monotonic(), os.getpid(), seen]) + "\n")
                    out.flush()
                    time.sleep(pause)
            return 0

        pause = max(0.0, 3.0 * publishes / each - 0.03)
        published: list[tuple[float, str]] = []

        def publish(_pid: int) -> None:
            time.sleep(2)
            for edition in EDITIONS[1 : publishes + 1]:
                articles(source, edition)
                done = forked(adding(source, index))
                assert done.code == 0, done.out
                published.append((time.monotonic(), edition))
                time.sleep(0.8)

        def both() -> int:
            pids = []
            for _ in range(server_count):
                pid = os.fork()
                if pid == 0:
                    os._exit(serve())
                pids.append(pid)
            return max(os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in pids)

        ended = forked(both, publish)
        rows = [json.loads(line) for line in log.read_text().splitlines()]
        wrong = [f"mixed: {seen}" for _, _, seen in rows if len(seen) != 1]
        if ended.code or len(rows) != server_count * each:
            wrong.append(f"{len(rows)} answers, code {ended.code}: {ended.out[-500:]}")
        late = switch = 0.0
        for when, edition in published:
            for pid in {row[1] for row in rows}:
                later = [t for t, p, seen in rows if p == pid and t > when and seen == [edition]]
                older = EDITIONS[: EDITIONS.index(edition)]
                old = [t for t, p, seen in rows if p == pid and t > when and {*seen} & {*older}]
                late = max(late, max(old, default=when) - when)
                switch = max(switch, min(later, default=when) - when)
        if late > 10:
            wrong.append(f"an old edition {late:.1f} s after the next was published")
        name = f"{len(rows)} questions to 2 servers over {len(published)} publishes"
    return judged(f"{name} (an old edition for {late:.1f} s at most)", wrong)


def crowd(seconds: float) -> Measure:
    """Three writers that wait for each other and two readers: what is acknowledged is there at
    the end, nobody is turned away, and every question is answered meanwhile."""
    from rag import OnRecord

    with indexed() as (_, index):
        until, log = time.monotonic() + seconds, index.parent / "log"

        def say(*row: object) -> None:
            with log.open("a") as out:  # in one write: whole lines, whoever writes beside it
                out.write(json.dumps(row) + "\n")

        def write(number: int) -> int:
            """Add articles one by one, and remove every third again; says what was done."""
            folder, turn = index.parent / f"writer{number}", 0
            folder.mkdir()
            while time.monotonic() < until:
                turn += 1
                name = f"quay{number}-{turn}"
                (folder / f"{name}.txt").write_text(
                    f"Harbour master Deniz Kaya said quay {turn} of {number} was shut.\n"
                )
                at = ["--index", str(index)]
                say("added", name, main(["add", *at, str(folder / f"{name}.txt")]))
                if turn % 3 == 0:
                    say("removed", name, main(["remove", *at, name]))
            return 0

        def read(number: int) -> int:
            """Ask the whole time; says how often that was, and what was not answered."""
            asked = 0
            with OnRecord.open(index) as bot:
                while time.monotonic() < until:
                    answer = bot.answer("What did Ana Ruiz tell Deniz Kaya?")
                    asked += 1
                    if answer.status != "answered":
                        say("unanswered", number, answer.reason)
                    time.sleep(0.05)
            say("asked", number, asked)
            return 0

        def everybody() -> int:
            pids = []
            for work in (
                *[lambda n=n: write(n) for n in range(3)],
                lambda: read(0),
                lambda: read(1),
            ):
                pid = os.fork()
                if pid == 0:
                    code = 70
                    try:
                        code = work()
                    finally:
                        sys.stdout.flush()
                        os._exit(code)
                pids.append(pid)
            return max(os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in pids)

        ended = forked(everybody)
        done = [json.loads(line) for line in log.read_text().splitlines()]
        wrong = [f"{what} {name}: {rest}" for what, name, rest in done if what == "unanswered"]
        turned_away = sum(what in ("added", "removed") and code != 0 for what, _, code in done)
        wrong += (
            [f"{turned_away} turned away: {ended.out[-500:]}"] if turned_away or ended.code else []
        )
        kept = {name for what, name, code in done if (what, code) == ("added", 0)}
        kept -= {name for what, name, code in done if (what, code) == ("removed", 0)}

        def look() -> int:
            found = {listed.article.id for listed in listing(Settings(index))}
            quays = {i for i in found if i.startswith("quay")}
            findings = [line for f in verify(Settings(index)) for line in f.wrong]
            print(sorted(kept ^ quays), len(found - quays), findings)
            return int(quays != kept or len(found - quays) != ARTICLES or bool(findings))

        looked = forked(look)
        wrong += [looked.out[-500:]] if looked.code else []
        changes = sum(what in ("added", "removed") for what, _, _ in done)
        asked = sum(count for what, _, count in done if what == "asked")
        name = f"3 writers and 2 readers for {seconds:.0f} s"
    return judged(f"{name} ({changes} changes, {asked:,} questions)", wrong)


def idle_server(publishes: int) -> Measure:
    """A server that nobody asks moves on to each edition, and keeps no copy of the last."""
    from rag import OnRecord

    with indexed() as (source, index):
        log = index.parent / "followed"

        def serve() -> int:
            bot = OnRecord.open(index)
            with log.open("a") as out:
                for edition in EDITIONS[1 : publishes + 1]:
                    until = time.monotonic() + 30
                    while not (moved := _only(bot, index, edition)) and time.monotonic() < until:
                        time.sleep(0.05)
                    out.write(json.dumps([time.monotonic(), moved]) + "\n")
                    out.flush()
            bot.close()
            return 0

        published: list[float] = []

        def publish(_pid: int) -> None:
            time.sleep(2)
            for edition in EDITIONS[1 : publishes + 1]:
                done = forked(adding(articles(source, edition), index))
                assert done.code == 0, done.out
                published.append(time.monotonic())
                until = published[-1] + 30
                while time.monotonic() < until and (
                    not log.exists() or log.read_text().count("\n") < len(published)
                ):
                    time.sleep(0.05)

        ended = forked(serve, publish)
        rows = [json.loads(line) for line in log.read_text().splitlines()]
        late = max((row[0] - at for row, at in zip(rows, published, strict=True)), default=99.0)
        wrong = [ended.out[-500:]] if ended.code or not all(row[1] for row in rows) else []
        if late > 10:
            wrong.append(f"an old edition {late:.1f} s after the next was published")
    return judged(f"idle server, {publishes} publishes (an old copy for {late:.1f} s)", wrong)


def _only(bot: OnRecord, index: Path, edition: str) -> bool:
    """Whether an idle reader has articles of this edition alone, and no file open of another."""
    reader = bot._reader
    assert reader is not None
    catalog = reader.generation.catalog
    texts = [catalog.article(i).text for i in catalog.article_ids()]
    links = []
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            links.append(str(link.readlink()))
    gone = [n for n in links if n.startswith(str(index)) and n.endswith("(deleted)")]
    return all(edition in text for text in texts) and not gone


def three_times() -> Measure:
    """The same articles, indexed three times in three orders: one content."""
    found = set()
    for turn in range(3):
        with tempfile.TemporaryDirectory(prefix="faults-") as name:
            source, index = articles(Path(name) / "in", EDITIONS[0]), Path(name) / "index"
            files = sorted(source.iterdir())
            random.Random(turn).shuffle(files)
            half = len(files) // (turn + 1)

            def work(files: list[Path] = files, half: int = half, index: Path = index) -> None:
                add(files[:half], Settings(index))
                add(files, Settings(index))
                print(status(Settings(index)).manifest.content)

            ended = forked(work)
            found.add(ended.out.split()[-1])
    return judged("indexed three times in three orders", [] if len(found) == 1 else [str(found)])
