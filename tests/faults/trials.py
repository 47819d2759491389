"""What happens to an index when processes are killed, disks fill up and bits flip.

    python tests/faults/trials.py            all measures, some minutes
    python tests/faults/trials.py --quick    fewer trials of each, for the suite

Each trial runs in a child that is forked once parser and embedder are loaded: a trial
costs a fraction of a second, and what dies is the child.  The parent never opens
Chroma, whose threads do not survive a fork.  Exit code 1 if a measure misses its target.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ |= {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}  # one thread: we fork

from index import extract_quotes
from index.__main__ import BUSY, FAILED, main
from index.build import add
from index.embed import load_embedder
from index.errors import CitationError, IndexUnusable, OnRecordError
from index.generation import GENERATIONS, Generation, current, writing
from index.health import status, verify
from index.settings import Settings
from index.store import TRUTH, Store
from index.store import examined as examined_truth

SEED = 20261124
ARTICLES = 8
EDITIONS = ("granite", "marble", "basalt", "slate", "limestone", "sandstone", "quartz")


@dataclass(frozen=True)
class Measure:
    """What was tried, what was found, and whether that is what was promised."""

    name: str
    found: str
    kept: bool


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code (minus the signal), and what it printed."""

    code: int
    out: str
    seconds: float


# --- children


def forked(work: Callable[[], object], until: Callable[[int], None] = lambda _: None) -> Ended:
    """Run ``work`` in a child; ``until`` gets its process id meanwhile, and may kill it."""
    with tempfile.TemporaryFile("w+b") as out:
        begun = time.monotonic()
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
                sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
                sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
                code = int(work() or 0)  # type: ignore[call-overload]
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        until(pid)
        _, wait = os.waitpid(pid, 0)
        out.seek(0)
        text = out.read().decode(errors="replace")
        return Ended(os.waitstatus_to_exitcode(wait), text, time.monotonic() - begun)


def killed_after(seconds: float) -> Callable[[int], None]:
    def until(pid: int) -> None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)

    return until


def articles(folder: Path, edition: str, count: int = ARTICLES) -> Path:
    """A folder of short articles that all say which edition they are of."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        (folder / f"bridge{n}.txt").write_text(
            f"Report {n} from the harbour\n\nMayor Ana Ruiz told Deniz Kaya that bridge number {n} "
            f"would be built of {edition}. “The {edition} is paid for,” Ruiz said.\n"
        )
    return folder


def adding(source: Path, index: Path) -> Callable[[], int]:
    """The command `add`, saying which articles were acknowledged as it goes."""

    def work() -> int:
        put = Store.put

        def acknowledged(self: Store, analysed: object, *rest: object) -> None:
            put(self, analysed, *rest)  # type: ignore[arg-type]
            os.write(1, f"ACK {analysed.article.id}\n".encode())  # type: ignore[attr-defined]

        Store.put = acknowledged  # type: ignore[method-assign,assignment]
        return main(["add", "--index", str(index), str(source)])

    return work


def state(index: Path, acknowledged: set[str], edition: str, before: str) -> list[str]:
    """What is wrong with an index after a fault; run in a child.

    Readers must see one whole edition, the acknowledged articles must be stored, and
    a second `add` must bring everything to where it was going.
    """
    wrong = []
    try:
        reader = Generation(index)
    except IndexUnusable as error:
        if before or "there is no index" not in str(error):
            wrong.append(f"unreadable: {error}")
    else:
        texts = [reader.catalog.article(i).text for i in reader.catalog.article_ids()]
        seen = {e for e in EDITIONS for t in texts if e in t}
        if len(seen) > 1 or len(texts) != ARTICLES:
            wrong.append(f"partial: {len(texts)} articles of editions {sorted(seen)}")
        reader.vectors.check(reader.catalog.records())
        reader.close()
    if (index / TRUTH).exists():
        with Store(index) as store:
            rows = store._db.execute("SELECT id, text FROM articles")
            found = {i for i, text in rows if edition in text}
            if lost := acknowledged - found:
                wrong.append(f"lost: {sorted(lost)}")
            if damaged := store.damaged():
                wrong.append(f"partial: {damaged}")
    return wrong


def examined(index: Path, source: Path, child: Ended, edition: str, before: str) -> list[str]:
    """What is wrong after a fault, and after the work is run again."""
    acknowledged = set(re.findall(r"^ACK (\S+)$", child.out, re.MULTILINE))

    def look() -> int:
        print(json.dumps(state(index, acknowledged, edition, before)))
        return 0

    def again() -> int:
        report = add([source], Settings(index))
        findings = [line for f in verify(Settings(index)) for line in f.wrong]
        left = sorted(p.name for p in (index / GENERATIONS).iterdir())
        if report.failed or findings or left != [current(index)]:
            print(report, findings, left)
            return 1
        return 0

    ended = forked(look)
    wrong = json.loads(ended.out.splitlines()[-1]) if ended.code == 0 else [ended.out[-300:]]
    recovered = forked(again)
    if recovered.code:
        wrong.append(f"not recovered: {recovered.out[-300:]}")
    return list(wrong)


@contextlib.contextmanager
def indexed(edition: str = EDITIONS[0]) -> Iterator[tuple[Path, Path]]:
    """A folder of articles and an index of its first edition."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        source, index = Path(name) / "in", Path(name) / "index"
        done = forked(adding(articles(source, edition), index))
        assert done.code == 0, done.out
        yield source, index


def copied(index: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(index, to)
    return to


# --- the measures


def random_kills(count: int) -> Measure:
    """kill -9 at random moments of an update of every article."""
    random.seed(SEED)
    wrong: list[str] = []
    with indexed() as (source, index):
        articles(source, EDITIONS[1])
        trial = index.parent / "trial"
        whole = forked(adding(source, copied(index, trial)))
        assert whole.code == 0, whole.out
        for _ in range(count):
            copied(index, trial)
            child = forked(adding(source, trial), killed_after(random.uniform(0, whole.seconds)))
            wrong += examined(trial, source, child, EDITIONS[1], "some")
    return judged(f"kill -9 at {count} random moments", wrong)


TRACED = "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate,mkdir"


def system_call_kills(of_ours: int | None, of_chroma: int) -> Measure:
    """kill -9 before each write, rename, sync or removal; ``None`` is every one of ours."""
    name = "kill -9 at writes, renames, syncs"
    if not shutil.which("strace"):
        return Measure(name, "not measured: strace is not installed", True)
    random.seed(SEED)
    wrong: list[str] = []
    with indexed() as (source, index):
        articles(source, EDITIONS[1], 3)
        trial, log = index.parent / "trial", index.parent / "log"
        copied(index, trial)
        traced(adding(source, trial), f"-y -o {log} -e trace={TRACED}")
        calls = seen_calls(log, trial)
        ours = [c for c in calls if "/chroma" not in c[2]]
        theirs = [c for c in calls if "/chroma" in c[2]]
        chosen = ours if of_ours is None else random.sample(ours, min(of_ours, len(ours)))
        chosen += random.sample(theirs, min(of_chroma, len(theirs)))
        killed = 0
        for call, number, _ in chosen:
            copied(index, trial)
            inject = f"-o /dev/null -e trace={call} -e inject={call}:signal=KILL:when={number}"
            child = traced(adding(source, trial), inject)
            killed += child.code == -signal.SIGKILL
            wrong += [f"{call} {number}: {w}" for w in mixed_editions(trial, source, child)]
    of = f"{len(ours)} of our files, {len(theirs)} of Chroma's"
    return judged(f"kill -9 at {killed} writes, renames, syncs (of {of})", wrong)


def failing_disk(count: int) -> Measure:
    """A write or a sync that the disk refuses: told in one line, and nothing is lost."""
    name = "writes and syncs that fail (EIO)"
    if not shutil.which("strace"):
        return Measure(name, "not measured: strace is not installed", True)
    random.seed(SEED)
    wrong: list[str] = []
    with indexed() as (source, index):
        articles(source, EDITIONS[1], 3)
        trial, log = index.parent / "trial", index.parent / "log"
        copied(index, trial)
        traced(adding(source, trial), f"-y -o {log} -e trace={TRACED}")
        calls = [c for c in seen_calls(log, trial) if c[0] in ("pwrite64", "fsync", "fdatasync")]
        refused = 0
        for call, number, _ in random.sample(calls, min(count, len(calls))):
            copied(index, trial)
            inject = f"-o /dev/null -e trace={call} -e inject={call}:error=EIO:when={number}"
            child = traced(adding(source, trial), inject)
            refused += child.code == FAILED
            if child.code not in (0, FAILED) or "Traceback" in child.out:
                wrong.append(f"{call} {number}: code {child.code}: {child.out[-300:]}")
            wrong += [f"{call} {number}: {w}" for w in mixed_editions(trial, source, child)]
    return judged(f"{count} {name} ({refused} refused in one line)", wrong)


def mixed_editions(trial: Path, source: Path, child: Ended) -> list[str]:
    """As `examined`, for an update of three articles of eight: two editions are right."""
    acknowledged = set(re.findall(r"^ACK (\S+)$", child.out, re.MULTILINE))

    def look() -> int:
        reader = Generation(trial)
        texts = [reader.catalog.article(i).text for i in reader.catalog.article_ids()]
        new = sum(EDITIONS[1] in t for t in texts)
        reader.vectors.check(reader.catalog.records())
        reader.close()
        with Store(trial) as store:
            rows = dict(store._db.execute("SELECT id, text FROM articles"))
            lost = [i for i in acknowledged if EDITIONS[1] not in rows.get(i, "")]
            whole = len(texts) == ARTICLES and new in (0, 3) and not lost and not store.damaged()
        report = add([source], Settings(trial))
        findings = [line for f in verify(Settings(trial)) for line in f.wrong]
        left = sorted(p.name for p in (trial / GENERATIONS).iterdir())
        print(new, len(texts), lost, report, findings, left)
        return 0 if whole and not report.failed and not findings and len(left) == 1 else 1

    ended = forked(look)
    return [] if ended.code == 0 else [ended.out[-300:]]


def traced(work: Callable[[], int], options: str) -> Ended:
    """Run work in a child under strace, which attaches before it begins."""

    def stopped() -> int:
        os.kill(os.getpid(), signal.SIGSTOP)
        return work()

    tracers: list[subprocess.Popen[str]] = []

    def attach(pid: int) -> None:
        os.waitpid(pid, os.WUNTRACED)
        command = ["strace", "-f", "-p", str(pid), *options.split()]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        tracers.append(tracer)
        os.kill(pid, signal.SIGCONT)

    ended = forked(stopped, attach)
    for tracer in tracers:
        tracer.communicate(timeout=60)
    return ended


def seen_calls(log: Path, index: Path) -> list[tuple[str, int, str]]:
    """The calls that changed the index: name, its number in its thread, and its line."""
    counts: dict[tuple[str, str], int] = {}
    found = []
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(\d+)\s+(\w+)\(", line)
        if not match:
            continue
        key = (match[1], match[2])
        counts[key] = counts.get(key, 0) + 1
        if str(index) in line:
            found.append((match[2], counts[key], line))
    return found


def full_disks(levels: int) -> Measure:
    """An update with less and less room; then the room comes back."""
    name = f"disk full at {levels} levels"
    wrong: list[str] = []
    told = 0
    with indexed() as (source, index), small_disk(24) as disk:
        if disk is None:
            return Measure(name, "not measured: no small disk may be mounted here", True)
        trial, filler = disk / "index", disk / "filler"
        articles(source, EDITIONS[1])
        need = 2 * sum(f.stat().st_size for f in index.rglob("*") if f.is_file())
        for level in range(levels):
            copied(index, trial)
            free = shutil.disk_usage(disk).free - need * level // levels
            with filler.open("wb") as stream:
                os.posix_fallocate(stream.fileno(), 0, free)
            child = forked(adding(source, trial) if level % 2 else unwarned(source, trial))
            clear = child.code == FAILED and "disk full: expected about" in child.out
            told += clear
            if child.code != 0 and (not clear or "Traceback" in child.out):
                wrong.append(f"level {level}: code {child.code}: {child.out[-300:]}")
            filler.unlink()
            wrong += examined(trial, source, child, EDITIONS[1], "some")
    return judged(f"{name} ({told} refused in one line)", wrong)


def unwarned(source: Path, index: Path) -> Callable[[], int]:
    """`add` without its look at the free room first, so that the writes themselves fail."""

    def work() -> int:
        import index.generation

        index.generation.require = lambda folder, needed: None
        return adding(source, where)()

    where = index
    return work


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A file system of its own in memory, or None where it may not be mounted."""
    with tempfile.TemporaryDirectory(prefix="faults-disk-") as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", name]
        if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
            yield None
            return
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def read_only_disk() -> Measure:
    """A server answers from a disk that it may not write to; the writer says why not."""
    name = "read-only disk"
    wrong: list[str] = []
    with indexed() as (source, index), small_disk(24) as disk:
        if disk is None:
            return Measure(name, "not measured: no small disk may be mounted here", True)
        trial = copied(index, disk / "index")
        articles(source, EDITIONS[1])
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for command in ("status", "list", "verify"):
            ended = forked(lambda c=command: main([c, "--index", str(trial)]))  # type: ignore[misc]
            if ended.code:
                wrong.append(f"{command}: {ended.out[-300:]}")
        ended = forked(adding(source, trial))
        if ended.code != FAILED or "Traceback" in ended.out or "expected to write" not in ended.out:
            wrong.append(ended.out[-300:])
    return judged(name, wrong)


def mutations(whole: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Sixteen ways in which a file goes bad; None is a file that is gone."""
    size, middle = len(whole), len(whole) // 2
    flip = random.Random(SEED)

    def flipped(*places: int) -> bytes:
        data = bytearray(whole)
        for place in places:
            data[place] ^= 1 << flip.randrange(8)
        return bytes(data)

    yield "deleted", None
    yield "empty", b""
    yield "one byte more", whole + b"\0"
    yield "a page more", whole + bytes(4096)
    yield "doubled", whole + whole
    yield "random bytes", flip.randbytes(max(size, 64))
    yield "text", b"not what was here\n" * max(1, size // 18)
    if size < 2:
        return
    yield "half", whole[:middle]
    yield "last byte cut", whole[:-1]
    yield "first bit", flipped(0)
    yield "middle bit", flipped(middle)
    yield "last bit", flipped(size - 1)
    yield "200 bits", flipped(*(flip.randrange(size) for _ in range(200)))
    yield "start zeroed", bytes(min(100, size)) + whole[100:]
    yield "middle zeroed", whole[:middle] + bytes(min(512, size - middle)) + whole[middle + 512 :]
    yield "halves swapped", whole[middle:] + whole[:middle]


def mutated_files(step: int) -> Measure:
    """Every file of an index, mutated in every way (or every ``step``-th), and then opened."""
    with indexed() as (_source, index):
        content = forked(lambda: print(status(Settings(index)).manifest.content)).out.strip()
        passing = ("writer", "-shm", "-wal")
        files = [f for f in sorted(index.rglob("*")) if f.is_file()]
        files = [f for f in files if not any(word in f.name for word in passing)]
        tried = harmless = 0
        wrong: list[str] = []
        for turn, file in enumerate(files):
            whole = file.read_bytes()
            for name, data in list(mutations(whole))[turn % step :: step]:
                if data == whole:
                    continue
                tried += 1
                if data is None:
                    file.unlink()
                else:
                    file.write_bytes(data)
                ended = forked(lambda: opened(index))
                if ended.code == 0 and ended.out.strip().endswith(content):
                    harmless += 1  # bytes that hold nothing: all articles read as before
                    if file.name != TRUTH:
                        wrong.append(f"{file.name}, {name}: not noticed")
                elif ended.code != FAILED or "REFUSED" not in ended.out:
                    wrong.append(f"{file.name}, {name}: {ended.code} {ended.out[-200:]}")
                file.write_bytes(whole)
                file.chmod(0o600)
                for extra in index.glob(f"{TRUTH}-*"):
                    extra.unlink()
    refused = tried - harmless - len(wrong)
    found = (
        f"{tried} mutations of {len(files)} files ({refused} refused, {harmless} without effect)"
    )
    return judged(found, wrong)


def opened(index: Path) -> int:
    """Open an index for reading and for writing, and compare all of it."""
    try:
        findings = [line for f in verify(Settings(index)) for line in f.wrong]
        with Store(index) as store:
            if store.count() != ARTICLES:
                raise IndexUnusable(f"{store.count()} articles")
        content = examined_truth(index)[2]
    except OnRecordError as error:
        print("REFUSED", error)
        return FAILED
    if findings:
        print("REFUSED", findings)
        return FAILED
    print(content)
    return 0


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
                ended = forked(lambda: main(["add", "--index", str(index), str(source)]))
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
                    answer = bot.answer("What did Ana Ruiz say about the bridge?")
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


def mutated_quotes(count: int) -> Measure:
    """Answers whose quotations were altered on their way, by whatever wrote them."""
    from rag.chain import Reader
    from rag.compose import compose
    from rag.question import read
    from rag.rank import Cast, rank
    from rag.retrieve import retrieve
    from rag.verify import verify as verified

    changes = random.Random(SEED)

    def work() -> int:
        generation = Generation(index)
        reader = Reader.of(generation, load_embedder())
        catalog = generation.catalog
        question = read("What did Ana Ruiz say about the bridge?", (), reader.directory)
        found = retrieve(question, generation, reader.embedder)
        draft = compose(question, rank(question, found, Cast(catalog.person_of)))
        cited = [e.article.text for e in draft.ranking.evidence]
        quotes = [e.span.slice(e.article.text).strip("“”") for e in draft.ranking.evidence]
        shown = tried = passed = 0
        passed += bool(verified(draft, catalog))
        while tried < count:
            altered = mutated(changes.choice(quotes), changes)
            if any(altered in text for text in cited):
                continue  # a part of the quotation: whole quotations are composed, never cut
            tried += 1
            marks = changes.choice(["“”", '""'])
            said = f"{draft.text} She said {marks[0]}{altered}{marks[1]} [1]."
            with contextlib.suppress(CitationError):
                verified(dataclasses.replace(draft, text=said), catalog)
                shown += 1
        print(json.dumps([shown, tried, passed]))
        return 0

    with indexed() as (_, index):
        ended = forked(work)
    if ended.code:
        return judged("mutated quotes", [ended.out[-500:]])
    shown, tried, passed = json.loads(ended.out.splitlines()[-1])
    name = f"{tried:,} mutated quotes ({shown} shown)"
    return judged(name, ["shown"] * shown + ["the true one refused"] * (not passed))


def mutated(words: str, changes: random.Random) -> str:
    """The words with one change: a letter, a word, a case, a mark, a "not"."""
    at = changes.randrange(len(words))
    parts = words.split(" ")
    place = changes.randrange(len(parts))
    kind = changes.randrange(8)
    if kind == 0:
        return words[:at] + words[at + 1 :]
    if kind == 1:
        return words[:at] + changes.choice("abcxyz ,’") + words[at:]
    if kind == 2:
        return words[:at] + words[at : at + 2][::-1] + words[at + 2 :]
    if kind == 3:
        return " ".join([*parts[:place], "not", *parts[place:]])
    if kind == 4:
        return words[:at] + words[at:].swapcase()
    if kind == 5:
        return " ".join([*parts[:place], changes.choice(EDITIONS), *parts[place + 1 :]])
    if kind == 6:
        return " ".join([*parts[:place], "…", *parts[place + 1 :]])
    return f"{words} {changes.choice(['indeed', 'again', '…', 'she said'])}"


def judged(name: str, wrong: list[str]) -> Measure:
    return Measure(
        name, f"{len(wrong)} wrong" + "".join(f"\n    {w}" for w in wrong[:8]), not wrong
    )


def measures(quick: bool) -> dict[str, Callable[[], Measure]]:
    return {
        "kills": lambda: random_kills(4 if quick else 100),
        "calls": lambda: system_call_kills(3 if quick else None, 1 if quick else 60),
        "failing": lambda: failing_disk(2 if quick else 60),
        "full": lambda: full_disks(3 if quick else 20),
        "read-only": read_only_disk,
        "mutations": lambda: mutated_files(7 if quick else 1),
        "indexers": lambda: two_indexers(2 if quick else 20),
        "servers": lambda: servers_and_indexer(30 if quick else 500, 1 if quick else 5),
        "three": three_times,
        "quotes": lambda: mutated_quotes(2_000 if quick else 100_000),
    }


def warm() -> None:
    """Load what every child needs, once; no Chroma client, whose threads a fork loses."""
    import chromadb  # noqa: F401
    import langchain_chroma  # noqa: F401

    from rag import OnRecord  # noqa: F401

    extract_quotes("Ana Ruiz said it was so.")
    load_embedder().embed(["once"])


def run() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer trials of each")
    parser.add_argument("--only", choices=list(measures(True)), help="one of the measures")
    arguments = parser.parse_args()
    warm()
    kept = True
    for name, measure in measures(arguments.quick).items():
        if arguments.only in (None, name):
            begun = time.monotonic()
            found = measure()
            kept &= found.kept
            verdict = "kept" if found.kept else "MISSED"
            seconds = time.monotonic() - begun
            print(f"{verdict:<7} {found.name}: {found.found} [{seconds:.0f} s]", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(run())
