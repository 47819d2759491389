"""An index of several segments: one of them is lost, or a merge of them is killed."""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from index.__main__ import main
from index.indexing.build import add, merge, rebuild
from index.settings import Settings
from index.storage import publish
from index.storage.health import status, verify
from index.storage.segments import SEGMENTS, Opened
from index.storage.snapshot import Generation
from tests.faults.children import SEED, Measure, forked, judged
from tests.faults.editions import ARTICLES, EDITIONS, articles, copied, indexed
from tests.faults.kills import NO_STRACE, TRACED, seen_calls, traced

FEW = 2
"""Articles of a segment."""


@contextlib.contextmanager
def grown() -> Iterator[Path]:
    """An index of segments of FEW articles, with one article dead in one of them."""
    with indexed() as (source, index):
        shutil.rmtree(index)
        files = sorted(articles(source, EDITIONS[0]).iterdir())

        def work() -> int:
            publish.OPEN = 1
            for at in range(0, ARTICLES, FEW):
                add(files[at : at + FEW], Settings(index))
            articles(source, EDITIONS[1], 1)
            add(files[:1], Settings(index))
            return 0

        done = forked(work)
        assert done.code == 0, done.out
        yield index


def lost_segments(step: int) -> Measure:
    """Each file of a segment, lost or flipped: it is named, the others answer, a rebuild mends it."""
    wrong: list[str] = []
    with grown() as index:
        segments = sorted((index / SEGMENTS).iterdir())
        (own,) = (
            len(part.ids) - len(part.dead)
            for part in _opened(index)
            if part.segment.name == segments[1].name
        )
        files = [f for f in sorted(segments[1].rglob("*")) if f.is_file()][::step]
        for turn, file in enumerate(files):
            trial = copied(index, index.parent / "trial")
            there = trial / file.relative_to(index)
            data = bytearray(there.read_bytes())
            if turn % 2 or not data:
                there.unlink()
            else:
                data[len(data) // 2] ^= 1
                there.write_bytes(data)
            ended = forked(lambda trial=trial: _mended(trial, segments[1].name, own))
            if ended.code:
                wrong.append(f"{there.name}: {ended.out[-300:]}")
    return judged(f"{len(files)} files of one segment of {len(segments)}, lost or flipped", wrong)


def content_of(index: Path) -> str:
    """The digest of what an index holds."""
    return forked(lambda: print(status(Settings(index)).manifest.content)).out.strip()


def _opened(index: Path) -> list[Opened]:
    reader = Generation(index)
    reader.close()
    return reader.parts


def _mended(index: Path, name: str, own: int) -> int:
    """0 if the segment is named, the rest answers, and a rebuild brings all of it back."""
    reader = Generation(index)
    left, named = reader.catalog.article_ids(), [line for line in reader.lost if name in line]
    reader.close()
    told = main(["status", "--index", str(index)])
    rebuild(Settings(index))
    whole = Generation(index)
    found = len(whole.catalog.article_ids())
    whole.close()
    wrong = [line for finding in verify(Settings(index)) for line in finding.wrong]
    print(left, named, told, found, wrong)
    return int(
        not (len(left) == ARTICLES - own and named and told == 1 and found == ARTICLES)
        or bool(wrong)
    )


def merge_kills(count: int | None) -> Measure:
    """kill -9 before each write, rename, sync or removal of a merge; ``None`` is every one."""
    with grown() as index:
        content = content_of(index)
        return _killed(index, "a merge", merging, lambda trial: whole(trial, content), count)


def removal_kills(count: int | None) -> Measure:
    """kill -9 before each of these of a removal that marks an article in its segment: while the
    mark, the registry, the manifest or the pointer is written; ``None`` is every one."""
    with grown() as index:
        parts = _opened(index)
        dead = sum(len(part.dead) for part in parts)
        largest = max(parts, key=lambda part: len(part.ids) - len(part.dead))
        name = next(i.decode() for n, i in enumerate(largest.ids) if n not in largest.dead)

        def removing(trial: Path) -> Callable[[], int]:
            def work() -> int:
                publish.OPEN = 0
                return main(["remove", "--index", str(trial), name])

            return work

        def marked(trial: Path) -> int:
            """0 if the others are read, before and after the removal is done again, and all is
            as it was stored."""
            before = _ids(trial)
            removing(trial)()
            left, found = _ids(trial), status(Settings(trial))
            wrong = [line for finding in verify(Settings(trial)) for line in finding.wrong]
            print(len(before), len(left), found.dead, wrong)
            held = len(left) == ARTICLES - 1 and before - {name} == left and name not in left
            return int(not (held and found.dead == dead + 1) or bool(wrong))

        return _killed(index, "a removal", removing, marked, count)


def _ids(index: Path) -> set[str]:
    reader = Generation(index)
    try:
        return set(reader.catalog.article_ids())
    finally:
        reader.close()


def _killed(
    index: Path,
    what: str,
    work: Callable[[Path], Callable[[], int]],
    judge: Callable[[Path], int],
    count: int | None,
) -> Measure:
    """Do some work on copies of an index, and kill it before each of its system calls."""
    if not shutil.which("strace"):
        return Measure(f"kill -9 in {what}", NO_STRACE, True)
    random.seed(SEED)
    wrong: list[str] = []
    trial, log = copied(index, index.parent / "trial"), index.parent / "log"
    traced(work(trial), f"-y -o {log} -e trace={TRACED}")
    calls = [c for c in seen_calls(log, trial) if "/chroma" not in c[2]]
    chosen = calls if count is None else random.sample(calls, min(count, len(calls)))
    killed = 0
    for call, number, _ in chosen:
        copied(index, trial)
        inject = f"-o /dev/null -e trace={call} -e inject={call}:signal=KILL:when={number}"
        killed += traced(work(trial), inject).code == -signal.SIGKILL
        ended = forked(lambda: judge(trial))
        if ended.code:
            wrong.append(f"{call} {number}: {ended.out[-300:]}")
    return judged(f"kill -9 at {killed} writes, renames, syncs of {what} (of {len(calls)})", wrong)


def merging(index: Path) -> Callable[[], int]:
    return lambda: main(["merge", "--index", str(index)])


def whole(index: Path, content: str) -> int:
    """0 if all articles are read, before and after the merge is done again, from one segment."""
    reader = Generation(index)
    texts = [reader.catalog.article(i).text for i in reader.catalog.article_ids()]
    reader.close()
    merge(Settings(index))
    found = status(Settings(index))
    wrong = [line for finding in verify(Settings(index)) for line in finding.wrong]
    print(len(texts), len(found.manifest.segments), found.dead, found.manifest.content, wrong)
    held = len(texts) == ARTICLES and sum(EDITIONS[1] in text for text in texts) == 1
    merged = (len(found.manifest.segments), found.dead) == (1, 0)
    left = len(list((index / SEGMENTS).iterdir()))
    return int(
        not (held and merged and left == 1 and found.manifest.content == content) or bool(wrong)
    )
