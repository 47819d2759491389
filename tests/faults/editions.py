"""An index whose articles all say of which edition they are, and what may be wrong with it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from index.__main__ import main
from index.errors import IndexUnusable
from index.indexing.build import add
from index.settings import Settings
from index.storage.health import check_chroma, status, verify
from index.storage.segments import SEGMENTS
from index.storage.snapshot import GENERATIONS, Generation, current
from index.storage.store import TRUTH, Store
from tests.faults.children import Ended, forked

ARTICLES = 8
EDITIONS = ("granite", "marble", "basalt", "slate", "limestone", "sandstone", "quartz")


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
        for part in reader.parts:
            check_chroma(part, "")
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

    ended = forked(look)
    wrong = json.loads(ended.out.splitlines()[-1]) if ended.code == 0 else [ended.out[-300:]]
    recovered = forked(lambda: finished(index, source))
    if recovered.code:
        wrong.append(f"not recovered: {recovered.out[-300:]}")
    return list(wrong)


def finished(index: Path, source: Path) -> int:
    """Run the work again; 0 if all of it is there then, and nothing else."""
    report = add([source], Settings(index))
    findings = [line for f in verify(Settings(index)) for line in f.wrong]
    left = sorted(p.name for p in (index / GENERATIONS).iterdir())
    named = {s.name for s in status(Settings(index)).manifest.segments}
    left += sorted({p.name for p in (index / SEGMENTS).iterdir()} ^ named)
    if report.failed or findings or left != [current(index)]:
        print(report, findings, left)
        return 1
    return 0


def mixed_editions(trial: Path, source: Path, child: Ended) -> list[str]:
    """As `examined`, for an update of three articles of eight: two editions are right."""
    acknowledged = set(re.findall(r"^ACK (\S+)$", child.out, re.MULTILINE))

    def look() -> int:
        reader = Generation(trial)
        texts = [reader.catalog.article(i).text for i in reader.catalog.article_ids()]
        new = sum(EDITIONS[1] in t for t in texts)
        for part in reader.parts:
            check_chroma(part, "")
        reader.close()
        with Store(trial) as store:
            rows = dict(store._db.execute("SELECT id, text FROM articles"))
            lost = [i for i in acknowledged if EDITIONS[1] not in rows.get(i, "")]
            whole = len(texts) == ARTICLES and new in (0, 3) and not lost and not store.damaged()
        print(new, len(texts), lost)
        return finished(trial, source) if whole else 1

    ended = forked(look)
    return [] if ended.code == 0 else [ended.out[-300:]]
