"""Load, parse and embed on Ray: `python -m index add --engine ray`.

Ray Data maps the same steps over files and then over articles, on as many workers as it
has processors: its own of this machine, or those of the cluster that RAY_ADDRESS names,
all of which have to see the files and have this package.  What is found comes back to the
one process that writes.  Nothing of it depends on the order or the number of workers.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import pickle
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.embedding.embed import load_embedder
from index.errors import MissingExtra, OnRecordError
from index.indexing.analyse import analysed
from index.indexing.build import EngineResult, Ready, titled
from index.ingest.load import Failure, Loaded, Options, Place, load, load_file, places
from index.ingest.sandbox import Sandbox
from index.settings import Settings
from index.storage.store import Analysed, Store, digest

FILES_PER_ROUND = 2000
"""Files that are given to Ray at once; their articles come back as they are done."""

FILES_A_TASK = 16
BLOCK = 64_000
"""Bytes that go from task to worker at once: some twenty articles, be they of many files
or of one."""

READS, WORKS = 0.1, 0.9
"""Processors that a task which loads, and a worker which parses and embeds, is counted
with: together one, so that neither waits for the other for ever."""

TASK_RETRIES = 2
"""Of a task whose worker died."""

_ON_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Ray's own switch, on by default on other systems only: without it the ports of this
machine's Ray, which ask for no password, face the network."""

RayRow = dict[str, Any]


def on_ray(
    paths: Iterable[str | Path], options: Options, store: Store, settings: Settings
) -> Iterator[EngineResult]:
    """The engine: articles come Ready.  Raises MissingExtra without Ray, and as `load`."""
    ray, workers = _started(settings.processes)
    try:
        found = iter(places(paths, options))
        while some := list(itertools.islice(found, FILES_PER_ROUND)):
            for place in some:
                if isinstance(place, Failure):
                    yield place
                elif isinstance(place, str):  # an address: fetched here and nowhere else
                    yield from load([place], options, store.remembered)
            files = [_given(p, options, store, settings) for p in some if isinstance(p, Place)]
            if files:
                yield from _mapped(ray, files, workers)
    except ray.exceptions.RayError as error:
        cause = getattr(error, "cause", None)
        if isinstance(cause, OnRecordError):
            raise cause from error
        why = next(iter(str(error).strip().splitlines()), "no reason given")
        raise OnRecordError(
            f"Ray stopped ({why}); what was stored is kept, run it again to go on, "
            "or without --engine ray"
        ) from error
    finally:
        ray.shutdown()


def _given(place: Place, options: Options, store: Store, settings: Settings) -> RayRow:
    """What a task is told of a file; a worker may run in another folder."""
    there = Place(place.file.absolute(), place.name)
    known = store.known_of(str(place.file.resolve()))
    return {"it": pickle.dumps((there, options, *known)), "embedder": settings.embedder}


def _started(processes: int) -> tuple[Any, int]:
    """Ray, and how many workers it is to have; nothing is told to anybody."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what fails is raised as well
    alone = not os.environ.get("RAY_ADDRESS")
    if alone:
        os.environ.update(_ON_LOOPBACK)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtra("Ray is not installed; run: pip install 'onrecord[scale]'") from error
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    if alone:
        with _environment_of_ray():
            ray.init("local", num_cpus=processes, include_dashboard=False, **quiet)
    else:
        ray.init(**quiet)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=ray.util.annotations.RayDeprecationWarning)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = BLOCK
    context.execution_options.preserve_order = True  # of two with one id the first is taken
    return ray, max(1, int(ray.cluster_resources().get("CPU", 1)))


@contextlib.contextmanager
def _environment_of_ray() -> Iterator[None]:
    """What is started meanwhile finds this package, and reaches over HTTP this machine alone:
    one of Ray's processes asks the cloud's metadata services where it runs, even where it
    may not report it."""
    before = dict(os.environ)
    here = str(Path(__file__).parents[2])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, before.get("PYTHONPATH", "")]))
    os.environ |= {"http_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1,localhost"}
    try:
        yield
    finally:
        for name in ("PYTHONPATH", "http_proxy", "no_proxy"):
            os.environ.pop(name)
            os.environ |= {name: before[name]} if name in before else {}


def _mapped(ray: Any, files: list[RayRow], workers: int) -> Iterator[EngineResult]:
    again = {"max_restarts": TASK_RETRIES, "max_task_retries": TASK_RETRIES}  # else: for ever
    articles = (
        ray.data.from_items(files, override_num_blocks=-(-len(files) // FILES_A_TASK))
        .map_batches(_loaded, num_cpus=READS, max_retries=TASK_RETRIES)
        .map_batches(
            _Analyst,
            num_cpus=WORKS,
            compute=ray.data.ActorPoolStrategy(size=workers),
            **again,
        )
    )
    for row in articles.iter_rows():
        yield pickle.loads(row["it"])


def _loaded(batch: RayRow) -> Iterator[RayRow]:
    """The items of some files, each with whether it is an article that needs work."""
    sandbox = Sandbox()
    try:
        for given, embedder in zip(batch["it"], batch["embedder"], strict=True):
            place, options, file, digests = pickle.loads(given)

            def known(_: str, state: str, file: tuple[str, int] | None = file) -> int | None:
                return file[1] if file and file[0] == state else None

            for item in load_file(place, options, known, sandbox):
                pair: tuple[EngineResult, bool] = (item, False)
                if isinstance(item, Loaded):
                    article = titled(item.article)
                    new = digests.get(article.id) != digest(article)
                    pair = (replace(item, article=article), new)
                yield {"it": [pickle.dumps(pair)], "embedder": [embedder]}
    finally:
        sandbox.close()


class _Analyst:
    """A worker: it loads the parser and the embedder once, with the first article."""

    def __call__(self, batch: RayRow) -> RayRow:
        """The same items; those that needed work are Ready, or Failures."""
        given: list[tuple[EngineResult, bool]] = [pickle.loads(pair) for pair in batch["it"]]
        fresh = [item for item, new in given if new and isinstance(item, Loaded)]
        doubts = {item.source: item.doubt for item in fresh}
        results = analysed(fresh, load_embedder(batch["embedder"][0]), processes=1)
        return {
            "it": [pickle.dumps(_ready(*next(results), doubts) if new else it) for it, new in given]
        }


def _ready(source: str, result: Analysed | Failure, doubts: Mapping[str, str]) -> Ready | Failure:
    return result if isinstance(result, Failure) else Ready(result, source, doubts[source])
