"""A folder is watched: what is put into it or changed in it is indexed a moment later."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from index.errors import DiskError, IndexBusy, ServerUnusable
from index.indexing.build import IndexReport, add, merge
from index.ingest.load import Options, estimate
from index.settings import Settings
from index.storage.publish import FEW, segments_to_merge

QUIET_MILLISECONDS = 2000
"""Milliseconds without a change before a batch is indexed: files are copied in groups."""

_LONGEST = 60_000
"""Milliseconds after which a batch is indexed although files keep coming."""

_AGAIN = 10.0
"""Seconds until the next attempt while another process writes, the disk is full, or a Chroma
server is away."""


def watch(
    folder: Path,
    settings: Settings,
    options: Options,
    stop: threading.Event,
    failed: Callable[[Exception], object],
) -> Iterator[IndexReport]:
    """Index a folder now and after each change to it, until ``stop`` is set.

    A file that is deleted stays indexed: a folder that is unmounted must not empty the
    index.  ``failed`` is told of an index that is busy, a disk that is full or a
    Chroma server that fails; the work is then tried again.  Raises what ``add`` raises otherwise.
    """
    import watchfiles

    # The watcher collects while a batch is indexed, so that no change falls between two.
    pending, small = True, False
    for changes in watchfiles.watch(
        folder,
        debounce=_LONGEST,
        step=QUIET_MILLISECONDS,
        rust_timeout=1000,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=True,
    ):
        pending = pending or bool(changes)
        if not estimate([folder]):
            continue
        try:
            if pending:
                yield add([folder], settings, options=options)
                pending, small = False, bool(segments_to_merge(settings.index, FEW))
            elif small:  # a group at a time, while nothing comes
                small = bool(merge(settings, 0, FEW).left)
        except (IndexBusy, DiskError, ServerUnusable) as error:
            failed(error)
            stop.wait(_AGAIN)
