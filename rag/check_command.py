"""`python -m rag --check DRAFT...`: drafts from files or the standard input, and exit codes that
a publishing pipeline can act on."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from tqdm import tqdm

from index.errors import InputError, OnRecordError
from index.indexing.build import add
from index.ingest.load import Failure, Loaded, load
from index.settings import Settings
from index.storage.scratch import Scratch
from index.text.escape import on_one_line
from index.text.terminal import complain, say, say_json
from rag.check.draft import LONGEST_DRAFT
from rag.check.render import as_json, as_markdown, as_text
from rag.check.types import Check
from rag.onrecord import OnRecord

PASSED, NOT_EXACT, BAD = 0, 1, 2
"""Exit codes: all is exact or supported; something is not; a draft or the archive could not be
read, whatever became of the others."""

STANDARD_INPUT = "-"

Form = Literal["text", "markdown", "json"]


def command(
    drafts: Sequence[str],
    against: Sequence[str],
    form: Form,
    index: str | None,
    embedder: str | None,
) -> int:
    """Check drafts against an index, or against files that are indexed for this alone; returns
    the exit code.  What cannot be read is told in one line each, the rest is checked."""
    if not drafts:
        complain("expected a draft to check, found none; name a file, or - for the standard input")
        return BAD
    checks, bad = list[Check](), 0
    try:
        with _archive(against, index, embedder) as bot:
            for given in drafts:
                for found in _drafts_at_path(given):
                    if isinstance(found, Failure):
                        bad += 1
                        complain(found)
                        continue
                    try:
                        checks.append(_check_with_progress(bot, *found))
                    except InputError as error:
                        bad += 1
                        complain(f"{found[0]}: {error}")
    except OnRecordError as error:
        complain(error)
        return BAD
    _print_checks(checks, form)
    if bad:
        return BAD
    return PASSED if all(check.passes for check in checks) else NOT_EXACT


def _check_with_progress(bot: OnRecord, name: str, text: str) -> Check:
    with tqdm(desc=on_one_line(name), unit="claim", leave=False, disable=None) as bar:

        def show(done: int, whole: int) -> None:
            bar.total = whole
            bar.update(done - bar.n)

        return bot.check(text, name=name, progress=show)


@contextlib.contextmanager
def _archive(against: Sequence[str], index: str | None, embedder: str | None) -> Iterator[OnRecord]:
    """The index that was named; or one of the files given, which is gone afterwards."""
    if not against:
        with OnRecord.open(index, embedder=embedder, llm="") as bot:
            _ = bot.reader  # raises now if the index cannot be read
            yield bot
        return
    with contextlib.closing(Scratch()) as scratch:
        folder = scratch.path / "index"
        report = add(against, Settings.from_environment(folder, embedder, chroma="none"))
        for failure in report.failed:
            complain(failure)
        if not report.counts.get("articles"):
            raise InputError("expected sources behind --against, found none that can be read")
        with OnRecord.open(folder, embedder=embedder, llm="") as bot:
            yield bot


def _drafts_at_path(given: str) -> Iterator[tuple[str, str] | Failure]:
    """The drafts of a path, each with its name; those of the standard input for "-"."""
    if given == STANDARD_INPUT:
        yield _standard_input()
        return
    for item in load([given]):
        if isinstance(item, Failure):
            yield item
        elif isinstance(item, Loaded):
            rows = item.source != str(Path(given).resolve())
            yield (f"{given}: {item.article.id}" if rows else given), item.article.text


def _standard_input() -> tuple[str, str] | Failure:
    data = sys.stdin.buffer.read(4 * LONGEST_DRAFT + 1)
    try:
        return "standard input", data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Failure("standard input", "expected UTF-8, found other bytes")


def _print_checks(checks: Sequence[Check], form: Form) -> None:
    """All checks; as JSON one object for one draft, a list for several."""
    if form == "json":
        whole: list[dict[str, Any]] = [as_json(check) for check in checks]
        say_json(whole[0] if len(whole) == 1 else whole)
        return
    for check in checks:
        if form == "text" and len(checks) > 1:
            say(f"{check.name}:")
        for line in (as_markdown if form == "markdown" else as_text)(check).split("\n"):
            say(line)
