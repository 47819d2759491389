"""What indexing and asking cost, and how that grows: `make bench`.

    python tests/benchmarks/bench.py [--bench DIR] [--quick] [--rounds N]

Everything is measured beside a pipeline as tutorials write it, in turns, so that a slow
moment of the machine hits both, and given as the median of the rounds, with ratios.

small    articles of DIR (of seeds/ without it): indexing, cold start, questions, memory
growth   generated archives of 1,000, 10,000 and 100,000 passages (see corpus.py): questions,
         opening, and what an article more, less or corrected costs
speaker  one speaker's ten nearest quotes in the largest one, and Chroma's `where`
engine   one process on one processor, the same with its parsers on two, and `--engine ray`
         with two workers (left out where Ray is absent)

--quick: archives up to 10,000 passages.  The archives are kept in build/bench/, and made
anew when the code that makes them has changed (some ten minutes for 100,000 passages).
Wall times include starting Python and loading the models.  The figures are kept in
build/bench.json, and drawn in docs/growth.png unless --quick is given.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import charts
import small
from growth import Size
from measure import ROOT, Figures, medians
from record import heading, recorded

KEPT = ROOT / "build" / "bench.json"
SIZES = (1_000, 10_000, 100_000)
PARTS = ("small", "growth", "speaker", "engine")


def main() -> int:
    options = arguments()
    found: dict[str, Any] = {}
    with (
        recorded("make bench", options.record),
        tempfile.TemporaryDirectory(prefix="onrecord-bench-") as made,
    ):
        work = Path(made)
        articles, questions, count = small.lay_out(options.bench, options.articles, work)
        if "small" in options.parts:
            peer = options.bench / "perf" / "naive_peer.py"
            rounds: dict[str, list[Figures]] = {"onrecord": [], "peer": []}
            for number in turns(options.rounds, "small"):
                at = work / f"index-{number}"
                rounds["onrecord"].append(small.ours(articles, questions, at, count))
                if peer.is_file() and options.peer:
                    store = work / f"peer-{number}"
                    rounds["peer"].append(small.theirs(peer, articles, questions, store, count))
            found["small"] = {who: medians(runs) for who, runs in rounds.items() if runs}
            heading("small archive")
            compare(f"{count} articles", found["small"])
        if {"growth", "speaker"} & options.parts:
            found |= grown(options)
        if "engine" in options.parts:
            found |= mapped(options, work)
    keep(found, options)
    return 0


def arguments() -> argparse.Namespace:
    first, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=first, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--articles", type=int, default=60, help="how many (default 60)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each (default 5)")
    parser.add_argument("--quick", action="store_true", help="archives up to 10,000 passages")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="only these")
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    options = parser.parse_args()
    options.bench = options.bench.resolve()
    options.sizes = SIZES[:-1] if options.quick else SIZES
    options.parts = set(options.parts)
    options.peer = all(map(importlib.util.find_spec, ("langchain_huggingface", "torch")))
    return options


def grown(options: argparse.Namespace) -> dict[str, Any]:
    kept = ROOT / "build" / "bench"
    kept.mkdir(parents=True, exist_ok=True)
    sizes = [Size(kept, passages, peer=options.peer) for passages in options.sizes]
    found: dict[str, Any] = {}
    if "growth" in options.parts:
        for _ in turns(options.rounds, "growth"):
            for size in sizes:
                size.round()
        found["growth"] = {size.passages: size.medians() for size in sizes}
        heading("growing archives")
        for passages, figures in found["growth"].items():
            compare(f"{passages:,} passages", figures)
        first, last = (
            found["growth"][n]["onrecord"] for n in (sizes[0].passages, sizes[-1].passages)
        )
        print(f"\nfrom {sizes[0].passages:,} to {sizes[-1].passages:,} passages:", end="")
        print(*(f" {what} x {last[what] / first[what]:.2f}" for what in first), sep=",")
        if not options.quick:
            charts.draw(found["growth"], ROOT / "docs" / "growth.png")
    if "speaker" in options.parts and options.peer:
        found["speaker"] = spoken = sizes[-1].one_speaker(options.rounds)
        heading("one speaker")
        print(f"one speaker's ten nearest quotes among {sizes[-1].passages:,} passages, p50:")
        for number, who in enumerate(("most quoted", "in the middle")):
            ours, theirs = spoken[f"{number} onrecord ms"], spoken[f"{number} where ms"]
            print(f"  {who} ({spoken[f'{number} quotes']:,} quotes): {ours:.2f} ms, ", end="")
            print(f"Chroma's where {theirs:.2f} ms, ratio 1/{theirs / ours:.0f}")
    return found


def mapped(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    if not importlib.util.find_spec("ray"):
        print("\nRay is not installed: its engine was not measured")
        return {}
    (work / "more").mkdir()
    articles, _, count = small.lay_out(options.bench, 4 * options.articles, work / "more")
    runs = []
    for number in turns(options.rounds, "engine"):
        at = work / f"engine-{number}"
        at.mkdir()
        runs.append(small.engines(articles, at, count))
    found = medians(runs)
    heading("engines")
    print(f"{count} articles a second:{'wall':>14}{'warm':>8}{'over one processor':>22}")
    base = [found[f"{next(iter(small.ENGINES))}, articles/s, {how}"] for how in ("wall", "warm")]
    for who in small.ENGINES:
        rates = [found[f"{who}, articles/s, {how}"] for how in ("wall", "warm")]
        over = "".join(f"{rate / one:11.2f}" for rate, one in zip(rates, base, strict=True))
        print(f"  {who:28}{rates[0]:8.2f}{rates[1]:8.2f}{over}")
    return {"engine": found}


def turns(rounds: int, what: str) -> Any:
    for number in range(rounds):
        print(f"{what}: round {number + 1} of {rounds} ...", file=sys.stderr)
        yield number


def compare(what: str, found: dict[str, Figures]) -> None:
    peer = found.get("peer")
    print(f"\n{what:18}{'onrecord':>12}" + (f"{'naive peer':>12}{'ratio':>8}" if peer else ""))
    for name, value in found["onrecord"].items():
        beside = f"{peer[name]:12.2f}{value / peer[name]:8.2f}" if peer and name in peer else ""
        print(f"{name:18}{value:12.2f}{beside}")


def keep(found: dict[str, Any], options: argparse.Namespace) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    kept = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {**machine, "cpus": os.cpu_count()},
        "rounds": options.rounds,
        **found,
    }
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"\nmedians of {options.rounds} rounds in turns, {os.cpu_count()} CPUs; ", end="")
    print(f"ratio = onrecord / naive peer; kept in {KEPT.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
