"""Articles that a visitor brings: files, or pasted text."""

from __future__ import annotations

import hashlib
import json
import queue
import re
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import InputError
from index.settings import Settings
from index.storage.disk import temporary
from index.text.escape import on_one_line
from page.escape import shown, web_address
from page.words import count, day_of

if TYPE_CHECKING:
    from index.indexing.build import IndexReport

PASTE = 200_000
"""Characters of a pasted article; longer texts come as files."""

BEAT = 0.25
"""Seconds between two looks at the progress."""


def pasted(folder: Path, fields: Mapping[str, str]) -> Path:
    """A pasted article as a file that the index can load.  Raises InputError if it is none."""
    text = fields.get("text", "").replace("\r\n", "\n").strip()
    if len(text) > PASTE:
        raise InputError(
            f"expected at most {PASTE:,} pasted characters, found {len(text):,}; add it as a file"
        )
    if not text:
        raise InputError("expected files or pasted text, found neither")
    url = fields.get("url", "").strip()
    if url and not web_address(url):
        raise InputError("expected an address that begins with http:// or https://")
    date = fields.get("date", "").strip()
    if date and not day_of(date):
        raise InputError(f"expected a date like 2020-11-08, found {date[:40]!r}")
    title = on_one_line(fields.get("title", ""))[:300]
    slug = re.sub(r"[^\w]+", "-", (title or text[:60]).casefold()).strip("-")[:60]
    identity = f"{slug}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"
    article = {
        **{"id": identity, "title": title, "text": text, "url": url},
        **{"outlet": on_one_line(fields.get("outlet", ""))[:200]},
        **{"date": date},
    }
    file = folder / f"{identity}.jsonl"
    file.write_text(json.dumps(article), encoding="utf-8")
    return file


def added(
    files: Sequence[str | Path], fields: Mapping[str, str], settings: Settings
) -> Iterator[str]:
    """HTML of the progress, and last of the report.

    The given files are deleted, whatever becomes of them.  Raises OnRecordError.
    """
    from index.indexing.build import add
    from index.ingest.load import estimate

    with temporary():
        folder = tempfile.TemporaryDirectory(prefix="onrecord-add-")
    with folder as scratch:
        paths = [Path(f) for f in files]
        try:
            if fields.get("text", "").strip() or not paths:
                with temporary():
                    paths.append(pasted(Path(scratch), fields))
            total = max(1, estimate(paths))
            done = 0
            results: queue.Queue[IndexReport | BaseException] = queue.Queue()
            lock = threading.Lock()

            def step(n: int) -> None:
                nonlocal done
                with lock:
                    done += n

            def work() -> None:
                try:
                    results.put(add(paths, settings, step))
                except BaseException as error:  # handed to the visitor's thread, raised there
                    results.put(error)

            threading.Thread(target=work, daemon=True).start()
            yield _indexing_progress(0, total)
            while results.empty():
                time.sleep(BEAT)
                yield _indexing_progress(done, total)
            report = results.get()
            if isinstance(report, BaseException):
                raise report
            yield _added_html(report)
        finally:
            for file in files:
                Path(file).unlink(missing_ok=True)


def _indexing_progress(done: int, total: int) -> str:
    stage = "Reading and attributing" if done < total else "Publishing the index"
    return (
        f'<p class="stage" role="status">{stage}: {done:,} of {count(total, "article")}</p>'
        f'<progress max="{total}" value="{min(done, total)}" aria-label="Articles indexed">'
        "</progress>"
    )


def _added_html(report: IndexReport) -> str:
    lines = (*report.failed, *report.doubtful)
    bad = "".join(f"<li>{shown(_without_folder(str(line)))}</li>" for line in lines)
    refused = f'<ul class="failures">{bad}</ul>' if bad else ""
    doubtful = f", {len(report.doubtful):,} doubtful" if report.doubtful else ""
    return (
        f'<p class="told" role="status">{count(report.added, "article")} added, '
        f"{report.updated:,} updated, {report.unchanged:,} unchanged, "
        f"{len(report.failed):,} failed{doubtful}.</p>{refused}"
    )


def _without_folder(message: str) -> str:
    """The message without the folder that an upload lay in."""
    return re.sub(r"(?:/[^/\s:]+)+/(?=[^/\s:]+)", "", message)
