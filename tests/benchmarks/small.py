"""A small archive of real articles: indexing, cold start and questions, ours and the peer's.

Ours: `python -m index add`; one `python -m rag` from a cold start; the questions one after
the other in one warm process.  Peer: DIR/perf/naive_peer.py, which splits, embeds, stores
and searches, and neither attributes nor checks anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from measure import HERE, ROOT, Figures, json_lines, timed, told

QUESTIONS = ("what did Erdoğan tell Putin?", 'who said "We are close to victory"?')


def lay_out(bench: Path, limit: int, work: Path) -> tuple[Path, Path, int]:
    """A folder of text files, a file of questions, and how many articles there are."""
    articles, questions = work / "articles", work / "questions.txt"
    articles.mkdir()
    texts = list(_texts(bench, limit))
    for number, text in enumerate(texts):
        (articles / f"{number:05d}.txt").write_text(text, encoding="utf-8")
    asked = bench / "qa" / "questions_dev.jsonl"
    lines = [q["question"] for q in json_lines(asked)] if asked.is_file() else list(QUESTIONS)
    questions.write_text("\n".join(lines), encoding="utf-8")
    return articles, questions, len(texts)


def _texts(bench: Path, limit: int) -> Iterator[str]:
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


def ours(articles: Path, questions: Path, index: Path, count: int) -> Figures:
    at = ["--index", str(index)]
    one = sorted(articles.glob("*.txt"))[0]
    one_s, _ = timed("-m", "index", "add", str(one), "--index", str(index.with_suffix(".one")))
    index_s, index_mb = timed("-m", "index", "add", str(articles), *at)
    first = questions.read_text(encoding="utf-8").splitlines()[0]
    cold_s, _ = timed("-m", "rag", *at, "--", first, allowed=(0, 1))
    warm = told(str(HERE / "asking.py"), str(index), str(questions))
    return {
        "index wall s": index_s,
        "articles/s, wall": count / index_s,
        # What one more article costs; a single one tells nothing.
        "articles/s, warm": (count - 1) / (index_s - one_s) if count > 1 else math.nan,
        "index MB": index_mb,
        "cold ask s": cold_s,
        "warm p50 ms": warm["p50 ms"],
        "warm p95 ms": warm["p95 ms"],
        "asking MB": warm["peak MB"],
    }


def theirs(peer: Path, articles: Path, questions: Path, store: Path, count: int) -> Figures:
    """The peer prints its own figures; its cold ask is start, model and first search."""
    found = told(str(peer), str(articles), str(questions), "--db", str(store))
    start = found["import_s"] + found["model_load_s"]
    warm = told(str(HERE / "peer.py"), "ask", str(store), str(questions))
    return {
        "index wall s": start + found["index_s"],
        "articles/s, wall": count / (start + found["index_s"]),
        "articles/s, warm": found["articles_per_s"],
        "index MB": found["rss_mb"],
        "cold ask s": start + found["first_query_ms"] / 1000,
        "warm p50 ms": found["query_p50_ms"],
        "warm p95 ms": found["query_p95_ms"],
        "asking MB": warm["peak MB"],
    }


ENGINES = {
    "one process, one processor": ("here", 1),
    "one process and its parser": ("here", 2),
    "Ray, two workers": ("ray", 2),
}
"""Engine and processors: what does the work, and on how many of them."""


def engines(articles: Path, work: Path, count: int) -> Figures:
    """Articles a second of each engine; with starting it, and by what each further article
    costs."""
    one = sorted(articles.glob("*.txt"))[0]
    found: Figures = {}
    for who, (engine, processors) in ENGINES.items():
        took = []
        for number, what in enumerate((one, articles)):
            index = str(work / f"{engine}-{processors}-{number}")
            at = ["-m", "index", "add", str(what), "--index", index, "--engine", engine]
            took.append(timed(*at, processors=processors)[0])
        found[f"{who}, articles/s, wall"] = count / took[1]
        found[f"{who}, articles/s, warm"] = (count - 1) / (took[1] - took[0])
    return found
