"""What happens to an index when processes are killed, disks fill up and bits flip, and what
reading costs as texts grow.

    python tests/faults/trials.py            all measures, some minutes
    python tests/faults/trials.py --quick    fewer trials of each, for the suite

Each trial runs in a child that is forked once parser and embedder are loaded: a trial
costs a fraction of a second, and what dies is the child.  The parent never opens
Chroma, whose threads do not survive a fork.  Exit code 1 if a measure misses its target.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable

os.environ |= {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}  # one thread: we fork

from index import extract_quotes
from index.embedding.embed import load_embedder
from tests.benchmarks.record import heading, recorded
from tests.faults.batches import stopped_batches
from tests.faults.children import Measure
from tests.faults.disks import full_disk_in_merges, full_disks, read_only_disk
from tests.faults.forged import forged_files
from tests.faults.grown import lost_segments, merge_kills, removal_kills
from tests.faults.growth import growth
from tests.faults.kills import failing_disk, random_kills, system_call_kills
from tests.faults.many import crowd, idle_server, servers_and_indexer, three_times, two_indexers
from tests.faults.mutations import mutated_files
from tests.faults.quotes import mutated_slices
from tests.faults.raised import raised


def measures(quick: bool) -> dict[str, Callable[[], Measure]]:
    return {
        "kills": lambda: random_kills(4 if quick else 100),
        "calls": lambda: system_call_kills(3 if quick else None, 1 if quick else 60),
        "failing": lambda: failing_disk(2 if quick else 60),
        "full": lambda: full_disks(3 if quick else 20),
        "read-only": read_only_disk,
        "mutations": lambda: mutated_files(7 if quick else 1),
        "segments": lambda: lost_segments(5 if quick else 1),
        "merges": lambda: merge_kills(4 if quick else None),
        "full merges": lambda: full_disk_in_merges(2 if quick else 20),
        "removals": lambda: removal_kills(4 if quick else None),
        "indexers": lambda: two_indexers(2 if quick else 20),
        "crowd": lambda: crowd(10 if quick else 600),
        "servers": lambda: servers_and_indexer(30 if quick else 500, 1 if quick else 5),
        "idle": lambda: idle_server(1 if quick else 5),
        "three": three_times,
        "batches": lambda: stopped_batches(4 if quick else 40),
        "forged": lambda: forged_files(quick),
        "growth": lambda: growth(quick),
        "quotes": lambda: mutated_slices(2_000 if quick else 100_000),
        "raised": lambda: raised(quick),
    }


def warm() -> None:
    """Load what every child needs, once; no Chroma client, whose threads a fork loses."""
    import chromadb  # noqa: F401

    from rag import OnRecord  # noqa: F401

    extract_quotes("Ana Ruiz said it was so.")
    load_embedder().encode_document(["once"])


def run() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer trials of each")
    parser.add_argument("--only", choices=list(measures(True)), help="one of the measures")
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    arguments = parser.parse_args()
    warm()
    whole = not arguments.quick and arguments.only is None
    with recorded("make faults", arguments.record and whole):
        return tried(arguments)


def tried(arguments: argparse.Namespace) -> int:
    """Try each measure, and print what came of it; 1 if one missed its target."""
    heading("faults")
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
