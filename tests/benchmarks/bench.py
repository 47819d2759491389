"""What indexing and asking cost, beside a naive pipeline if there is one: `make bench`.

    python tests/benchmarks/bench.py [--bench DIR] [--articles N] [--rounds N]

Ours: `python -m index add` of N articles; one `python -m rag` from a cold start; the
questions one after the other in one warm process.  Peer: DIR/perf/naive_peer.py, which
splits, embeds, stores and searches, and neither attributes nor checks anything.  Both
get the same articles and questions, in turns, so that a slow moment of the machine hits
both.  Wall times include starting Python and loading the models.

Without DIR the articles are those of seeds/, which is too little to tell a rate.
The figures are printed and kept in build/bench.json.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "bench.json"
QUESTIONS = ("what did Erdoğan tell Putin?", 'who said "We are close to victory"?')

WARM = """
import json, sys, time
from pathlib import Path
from rag import answer
index, questions = sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
answer(questions[0], index=index)
took = []
for question in questions:
    start = time.perf_counter()
    answer(question, index=index)
    took.append(1000 * (time.perf_counter() - start))
print(json.dumps(took))
"""


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as made:
        work = Path(made)
        articles, questions = work / "articles", work / "questions.txt"
        count = lay_out(options, articles, questions)
        peer = options.bench / "perf" / "naive_peer.py"
        rounds: dict[str, list[dict[str, float]]] = {"onrecord": [], "naive peer": []}
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds} ...", file=sys.stderr)
            rounds["onrecord"].append(ours(articles, questions, work / f"index-{number}", count))
            if peer.is_file():
                rounds["naive peer"].append(theirs(peer, articles, questions))
            print({who: runs[-1] for who, runs in rounds.items() if runs}, file=sys.stderr)
    best = {who: medians(runs) for who, runs in rounds.items() if runs}
    report(best, count, options.rounds)
    keep(best, rounds, count)
    return 0


def arguments() -> argparse.Namespace:
    first, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(description=first, epilog=rest)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--articles", type=int, default=60, help="how many (default 60)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each (default 3)")
    options = parser.parse_args()
    options.bench = options.bench.resolve()
    return options


def lay_out(options: argparse.Namespace, articles: Path, questions: Path) -> int:
    """A folder of text files and a file of questions, the same for both; how many articles."""
    articles.mkdir()
    texts = list(texts_of(options.bench, options.articles))
    for number, text in enumerate(texts):
        (articles / f"{number:05d}.txt").write_text(text, encoding="utf-8")
    asked = options.bench / "qa" / "questions_dev.jsonl"
    lines = [q["question"] for q in json_lines(asked)] if asked.is_file() else list(QUESTIONS)
    questions.write_text("\n".join(lines), encoding="utf-8")
    return len(texts)


def texts_of(bench: Path, limit: int) -> Iterator[str]:
    """The articles that the questions are about first, then others, to the limit."""
    left = limit
    for source in (bench / "qa" / "articles_dev.jsonl", bench / "quotes" / "polnear_train.jsonl"):
        if source.is_file():
            for record in json_lines(source)[:left]:
                left -= 1
                yield record["text"]
    if left == limit:
        for path in sorted((ROOT / "seeds").glob("*.txt")):
            yield path.read_text(encoding="utf-8")


def ours(articles: Path, questions: Path, index: Path, count: int) -> dict[str, float]:
    at = ["--index", str(index)]
    one = sorted(articles.glob("*.txt"))[0]
    one_s, _ = timed("-m", "index", "add", str(one), "--index", str(index.with_suffix(".one")))
    index_s, index_mb = timed("-m", "index", "add", str(articles), *at)
    first = questions.read_text(encoding="utf-8").splitlines()[0]
    cold_s, cold_mb = timed("-m", "rag", *at, "--", first, allowed=(0, 1))
    warm = subprocess.run(
        [sys.executable, "-c", WARM, str(index), str(questions)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    took = sorted(json.loads(warm.stdout))
    return {
        "index wall s": index_s,
        "articles/s, wall": count / index_s,
        # What one more article costs; a single one tells nothing.
        "articles/s, warm": (count - 1) / (index_s - one_s) if count > 1 else math.nan,
        "index MB": index_mb,
        "cold ask s": cold_s,
        "cold ask MB": cold_mb,
        "warm p50 ms": statistics.median(took),
        "warm p95 ms": took[min(len(took) - 1, int(0.95 * len(took)))],
    }


def theirs(peer: Path, articles: Path, questions: Path) -> dict[str, float]:
    """The peer prints its own figures; its cold ask is start, model and first search."""
    command = [sys.executable, str(peer), str(articles), str(questions)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    start = told["import_s"] + told["model_load_s"]
    return {
        "index wall s": start + told["index_s"],
        "articles/s, wall": told["articles"] / (start + told["index_s"]),
        "articles/s, warm": told["articles_per_s"],
        "index MB": told["rss_mb"],
        "cold ask s": start + told["first_query_ms"] / 1000,
        "warm p50 ms": told["query_p50_ms"],
        "warm p95 ms": told["query_p95_ms"],
    }


def timed(*arguments: str, allowed: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """Wall seconds and the peak of memory in MB of one run of this Python and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak, ended = 0.0, 0
    while not ended:
        peak = max(peak, resident(process.pid))
        time.sleep(0.05)
        ended, status = os.waitpid(process.pid, os.WNOHANG)
    took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        sys.exit(f"failed with exit code {process.returncode}: python {' '.join(arguments)}")
    return took, peak


def resident(pid: int) -> float:
    """MB in the memory of a process and of all below it; pages that they share count once."""
    try:
        parts = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").split("Pss:")
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it has just ended
        return 0.0
    own = int(parts[1].split()[0]) / 1024 if len(parts) > 1 else 0.0
    return own + sum(resident(int(child)) for child in below)


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]}


def report(best: dict[str, dict[str, float]], count: int, rounds: int) -> None:
    print(f"{count} articles, median of {rounds} interleaved rounds, {os.cpu_count()} CPUs")
    peer = best.get("naive peer")
    print(f"{'':18}{'onrecord':>12}" + (f"{'naive peer':>12}{'ratio':>8}" if peer else ""))
    for name, value in best["onrecord"].items():
        beside = f"{peer[name]:12.2f}{value / peer[name]:8.2f}" if peer and name in peer else ""
        print(f"{name:18}{value:12.2f}{beside}")
    if peer:
        print("ratio = onrecord / naive peer; the peer searches only: no quotes, no speakers")
    else:
        print("no naive peer found; only our own figures")


def keep(best: dict[str, Any], rounds: dict[str, Any], count: int) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    kept = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {**machine, "cpus": os.cpu_count()},
        "articles": count,
        "medians": best,
        "rounds": rounds,
    }
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"kept in {KEPT.relative_to(ROOT)}")


def json_lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
