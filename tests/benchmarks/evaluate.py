"""Scores of answers and of quotes over a benchmark folder: `make eval`.

    python tests/benchmarks/evaluate.py --bench DIR [--only qa|quotes|check] [--errors DIR]
                                        [--llm PROVIDER:MODEL [--llm-url URL]]

DIR holds `qa/` and `qa_handout/` (articles, questions, score_qa.py), `everyday/` and
`fidelity/` (rows, score.py), and `quotes/` (texts with gold quotes, score.py).  The scorers run
as they are; this file only makes their input, through the same doors that a user has.  Where
DIR is absent, it says so and exits 0.

With --llm the answers are scored once more with a language model, whose uses, limits and
key come from the environment as always.

The questions go in without their gold.  The tables go to standard output, everything
else to standard error.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from tqdm import tqdm

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from index import Quote, Span, extract_quotes  # noqa: E402 - the checkout's own
from tests.benchmarks.record import heading, recorded  # noqa: E402 - training imports this file

Record = dict[str, Any]

HERE = Path(__file__).parent
QUESTIONS = HERE / "questions"
QUOTE_SETS = ("polnear_dev", "gum_news_dev")


def main() -> int:
    options = arguments()
    if not (options.bench / "qa").is_dir() and not (options.bench / "quotes").is_dir():
        print(f"no benchmark at {options.bench}: nothing to score (EVAL=DIR names another)")
        return 0
    if options.errors:
        options.errors.mkdir(parents=True, exist_ok=True)
    with (
        recorded("make eval", options.record),
        tempfile.TemporaryDirectory(prefix="onrecord-eval-") as made,
    ):
        work = options.errors or Path(made)
        if options.only in (None, "qa"):
            score_answers(options.bench / "qa", work, Path(made) / "index", options)
            if (options.bench / "quotes").is_dir():
                score_others(options, Path(made))
            score_own(options.bench / "qa", Path(made))
            if (options.bench / "qa_handout").is_dir():
                score_handout(options.bench, Path(made))
            if (options.bench / "everyday").is_dir():
                score_everyday(options.bench / "everyday", Path(made))
            if (options.bench / "fidelity").is_dir():
                score_fidelity(options.bench / "fidelity")
        if options.only in (None, "check"):
            heading("drafts checked against the archive they were made of")
            rows = ("--bench", str(options.bench), "--mutations", "100000")
            python(str(HERE / "check.py"), *rows, show=True)
        if options.only in (None, "quotes"):
            score_quotes(options.bench / "quotes", work, options)
    return 0


def arguments() -> argparse.Namespace:
    first, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(description=first, epilog=rest)
    parser.add_argument("--bench", type=Path, required=True, help="folder with qa/ and quotes/")
    parser.add_argument("--only", choices=("qa", "quotes", "check"), help="score only these")
    parser.add_argument(
        "--kind-table", choices=("on", "off"), default="on", help="a line for each kind of question"
    )
    parser.add_argument(
        "--tier", choices=("all", "speech"), default="all", help="which quotes are handed in"
    )
    parser.add_argument(
        "--errors", type=Path, help="keep answers, scores and errors in this folder"
    )
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    parser.add_argument("--llm", metavar="PROVIDER:MODEL", help="score the answers with it, too")
    parser.add_argument("--llm-url", metavar="URL", help="its server, if not the provider's own")
    options = parser.parse_args()
    options.bench = options.bench.resolve()
    options.errors = options.errors and options.errors.resolve()
    return options


# -- answers ---------------------------------------------------------------------------


def score_answers(bench: Path, work: Path, index: Path, options: argparse.Namespace) -> None:
    gold_file, articles = bench / "questions_dev.jsonl", bench / "articles_dev.jsonl"
    gold = list(records(gold_file))
    python("-m", "index", "add", str(articles), "--index", str(index))
    brief = ["--brief"] if options.kind_table == "off" else []
    files = (gold_file, articles, index)
    heading("answers: questions_dev")
    answered, scores = asked(bench, work, files, "", brief, [""])
    if options.llm:
        guest = [options.llm, *(("--llm-url", options.llm_url) if options.llm_url else ())]
        heading(f"answers: questions_dev, with {options.llm}")
        with_model, _ = asked(bench, work, files, "llm_", brief, guest)
        print(consulted(records(with_model)))
    if options.errors:
        shown = work / "qa_errors.txt"
        texts = {article["doc"]: article["text"] for article in records(articles)}
        shown.write_text(
            "\n\n".join(failures(gold, records(answered), load_json(scores), texts)),
            encoding="utf-8",
        )
        say(f"kept {answered}, {scores}, {shown}")


def asked(
    bench: Path,
    work: Path,
    files: tuple[Path, Path, Path],
    name: str,
    brief: list[str],
    guest: list[str],
) -> tuple[Path, Path]:
    """Ask the questions of a gold file of an index, and print the table of their scores; the
    files of answers and scores, whose names begin with ``name``."""
    gold_file, articles, index = files
    questions, answered = work / f"{name}questions.jsonl", work / f"{name}answers.jsonl"
    predictions, scores = work / f"{name}qa_predictions.jsonl", work / f"{name}qa_scores.json"
    write(questions, ({k: q[k] for k in ("id", "question", "history")} for q in records(gold_file)))
    answered.unlink(missing_ok=True)
    at = ["--index", str(index), "--llm", *guest]
    python("-m", "rag", "--questions", str(questions), "--output", str(answered), *at)
    write(predictions, map(prediction, records(answered)))
    python(
        str(bench / "score_qa.py"),
        *("--gold", str(gold_file), "--articles", str(articles), "--json", str(scores), *brief),
        str(predictions),
        show=True,
    )
    return answered, scores


def score_others(options: argparse.Namespace, work: Path) -> None:
    """The questions by other authors (questions/README.md), each half by itself."""
    for name in ("over_qa", "over_quotes"):
        gold = list(records(QUESTIONS / f"{name}.jsonl"))
        articles, index = work / f"{name}_articles.jsonl", work / f"{name}_index"
        docs = {span["doc"] for q in gold for group in q["gold"] for span in group}
        write(articles, articles_of(options.bench, docs))
        python("-m", "index", "add", str(articles), "--index", str(index))
        for half in ("dev", "held"):
            gold_file = work / f"{name}_{half}.jsonl"
            write(gold_file, (q for q in gold if q["split"] == half))
            heading(f"answers: {name} by other authors, half {half!r}")
            files = (gold_file, articles, index)
            asked(options.bench / "qa", work, files, f"{name}_{half}_", ["--brief"], [""])


def score_own(bench: Path, work: Path) -> None:
    """The questions that the judge learns from (training/data), and those put away."""
    data, index = ROOT / "training" / "data", work / "own_index"
    articles = data / "articles.jsonl"
    python("-m", "index", "add", str(articles), "--index", str(index))
    for half in ("dev", "held"):
        heading(f"answers: training/data by fresh authors, half {half!r}")
        files = (data / f"questions_{half}.jsonl", articles, index)
        answered, _ = asked(bench, work, files, f"own_{half}_", ["--brief"], [""])
        talk = {q["id"] for q in records(files[0]) if q["small_talk"]}
        helped = sum(a["status"] == "help" for a in records(answered) if a["id"] in talk)
        print(f"small talk that got help: {helped} of {len(talk)}")


def score_handout(bench: Path, work: Path) -> None:
    """The questions over fictional articles for the classes of failure."""
    folder, index = bench / "qa_handout", work / "handout_index"
    python("-m", "index", "add", str(folder / "articles.jsonl"), "--index", str(index))
    heading("answers: qa_handout")
    files = (folder / "questions.jsonl", folder / "articles.jsonl", index)
    asked(bench / "qa", work, files, "handout_", ["--brief"], [""])


def score_everyday(folder: Path, work: Path) -> None:
    """The everyday questions about the example article."""
    index, answered = work / "seeds_index", work / "everyday_answers.jsonl"
    questions = folder / "questions.jsonl"
    python("-m", "index", "add", "seeds", "--index", str(index))
    at = ["--index", str(index), "--llm", ""]
    python("-m", "rag", "--questions", str(questions), "--output", str(answered), *at)
    heading("everyday questions about the example article")
    python(str(folder / "score.py"), str(questions), str(answered), show=True)


def score_fidelity(folder: Path) -> None:
    """Whether composed sentences say what the article says, for the kinds that once failed."""
    heading("fidelity of composed sentences")
    rows = ("--python", sys.executable, "--project", str(ROOT))
    python(str(folder / "score.py"), str(folder / "rows.jsonl"), *rows, show=True)


def articles_of(bench: Path, docs: set[str]) -> Iterator[Record]:
    """The articles with these ids, from wherever in the benchmark folder they are."""
    for article in records(bench / "qa" / "articles_dev.jsonl"):
        if article["doc"] in docs:
            yield article
    for name, before, ours in (
        ("polnear_train", "", "polnear-"),
        ("gum_news_dev", "GUM_news_", "wikinews-"),
    ):
        for text in records(bench / "quotes" / f"{name}.jsonl"):
            doc = ours + text["id"].removeprefix(before)
            if doc in docs:
                kept = {k: text.get(k) or "" for k in ("title", "date", "text")}
                yield {"id": doc, "doc": doc, **kept}


def consulted(answers: Iterable[Record]) -> str:
    """What a language model was asked for, and what of it was shown, in a few lines."""
    asked, left_out, notes = Counter(), Counter(), Counter()
    total = with_prose = partial = 0
    for answer in answers:
        account = answer["llm"] or {}
        total += 1
        asked.update(account.get("asked", ()))
        left_out.update(account.get("left_out", ()))
        notes.update(filter(None, [account.get("note")]))
        with_prose += bool(account.get("prose"))
        partial += answer["status"] == "partial"
    rows = [
        ("questions", str(total)),
        ("asked for", counted(asked)),
        ("answers with its prose", str(with_prose)),
        ("answers with sentences left out", str(partial)),
        ("sentences left out", counted(left_out)),
        ("went wrong", counted(notes)),
    ]
    return "\n".join(f"{name:32} {value}" for name, value in rows)


def counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.most_common()) or "nothing"


def prediction(answer: Record) -> Record:
    """The scorer's form of an answer in our JSON form."""
    return {
        "id": answer["id"],
        "text": answer["text"],
        "abstained": answer["status"] in ("no_answer", "help"),
        "citations": [
            {
                "doc": citation["article"]["id"],
                "start": citation["start"],
                "end": citation["end"],
                "speaker": citation["speaker"],
                "quote": citation["quote"],
            }
            for citation in answer["citations"]
        ],
    }


def failures(
    gold: list[Record], answers: Iterable[Record], scores: Record, texts: dict[str, str]
) -> Iterator[str]:
    """One readable paragraph for each question whose answer is not fully right."""
    given = {answer["id"]: answer for answer in answers}
    for question in gold:
        score, answer = scores[question["id"]], given.get(question["id"])
        if score["full"] == 1:
            continue
        yield "\n".join(
            [
                f"[{question['id']}] {question['kind']}: {question['question']}",
                *(f"  before: {turn['content']}" for turn in question["history"]),
                *(
                    f"  gold {s['start']}-{s['end']}: {texts[s['doc']][s['start'] : s['end']]}"
                    for group in question["gold"]
                    for s in group[:1]
                ),
                f"  gold speaker: {question['speaker']}; unanswerable: {question['unanswerable']}",
                f"  scores: { {k: v for k, v in score.items() if v is not None} }",
                *(answer_lines(answer) if answer else ["  no answer was given"]),
            ]
        )


def answer_lines(answer: Record) -> Iterator[str]:
    yield f"  {answer['status']} {answer['reason']}: {answer['text']}"
    yield f"  read as: {json.dumps(answer['interpretation'], ensure_ascii=False)}"
    for citation in answer["citations"]:
        where = f"{citation['article']['id']} {citation['start']}-{citation['end']}"
        yield f"  cited {where} {citation['speaker']}: {citation['quote']}"


# -- quotes ----------------------------------------------------------------------------


def score_quotes(bench: Path, work: Path, options: argparse.Namespace) -> None:
    for name in QUOTE_SETS:
        gold, predictions = bench / f"{name}.jsonl", work / f"{name}.predictions.jsonl"
        texts = list(records(gold))
        write(predictions, predicted(texts, name, options.tier))
        heading(f"quotes: {name}")
        errors = work / f"{name}.errors.jsonl"
        python(
            str(bench / "score.py"),
            *(str(gold), str(predictions), "--errors", str(errors)),
            show=True,
        )
        if options.errors:
            say(f"kept {predictions}, {errors}")
    heading("quotes: error classes (exact words; spk = wrong speaker; +n = too many)")
    scorer = load_module(bench / "score.py")
    cases = list(records(bench / "error_classes.jsonl"))
    results = [
        (case["id"], verdict(scorer, case, found["quotes"]))
        for case, found in zip(cases, predicted(cases, "error_classes", options.tier), strict=True)
    ]
    for name, result in results:
        print(f"{name:32} {result}")
    print(f"{'passed':32} {sum(r == 'ok' for _, r in results)} of {len(results)}")


def predicted(texts: list[Record], name: str, tier: str) -> Iterator[Record]:
    """The scorer's form of what is extracted from each text."""
    for record in tqdm(texts, desc=name, unit="text", disable=None):
        quotes = extract_quotes(record["text"])
        yield {
            "id": record["id"],
            "quotes": [quote_record(q) for q in quotes if tier == "all" or q.tier == "speech"],
        }


def quote_record(quote: Quote) -> Record:
    speaker = quote.speaker
    return {
        "content": [pair(span) for span in quote.content],
        "speaker": [pair(speaker.span)] if speaker else [],
        "cue": [pair(quote.cue)] if quote.cue else [],
        "speaker_name": speaker.name if speaker else None,
    }


def pair(span: Span) -> list[int]:
    return [span.start, span.end]


def verdict(scorer: ModuleType, case: Record, found: list[Record]) -> str:
    """`ok`, `spk`, or found/gold with the number of quotes that gold does not have."""
    text, gold = case["text"], case["quotes"]
    matched, used, _, _ = scorer.match(text, gold, found, 1.0)
    extra = f"+{len(found) - len(used)}" if len(found) > len(used) else ""
    if len(matched) < len(gold):
        return f"{len(matched)}/{len(gold)}{extra}"
    right = Counter(
        scorer.speaker_ok(text, gold[i], found[j])
        if gold[i]["speaker"]
        else not found[j]["speaker"]
        for i, j in matched.items()
    )
    if right[False]:
        return f"spk{extra}"
    return extra or "ok"


# -- files and processes ---------------------------------------------------------------


def records(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def write(path: Path, lines: Iterable[Record]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def load_json(path: Path) -> Record:
    loaded: Record = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def load_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def python(*arguments: str, show: bool = False) -> None:
    """Run this Python on the arguments; what it prints is shown only if asked for."""
    out = subprocess.PIPE if show else sys.stderr
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, stdout=out, text=True, check=False
    )
    if show:
        print(done.stdout, end="", flush=True)
    if done.returncode:
        sys.exit(f"failed with exit code {done.returncode}: python {' '.join(arguments)}")


def say(words: str) -> None:
    print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
