"""Scores of the check of drafts: `make eval`, or by itself

    python tests/benchmarks/check.py [--bench DIR] [--each N] [--mutations N] [--passages N]
                                     [--errors FILE]

Drafts are written out of the statements of an archive by rules (mutations.py), so that what is
true of each paragraph is known.  The archive is made of the articles of DIR/qa, if there are
any, of seeds/ and of every other article of training/data; the statements of its remaining
articles are what nobody of the archive said.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from archive import archive, asked
from mutations import Case, Statement, cases, corrections, mutated, relayed, said, statements
from tqdm import tqdm

from index.indexing.build import add
from index.settings import Settings
from index.types import Span
from rag.check.desk import DraftChecker
from rag.check.draft import Claim
from rag.check.types import Check, Finding, Verdict
from rag.onrecord import OnRecord

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "training" / "data" / "articles.jsonl"
PARAPHRASES = Path(__file__).parent / "paraphrases"
PARAGRAPHS = 40
"""Of one draft."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--bench", type=Path, help="folder with qa/articles_dev.jsonl")
    parser.add_argument("--each", type=int, default=300, help="paragraphs of every kind")
    parser.add_argument("--mutations", type=int, default=0, help="further mutations, not parsed")
    parser.add_argument("--passages", type=int, default=0, help="size of an archive for the time")
    parser.add_argument("--kept", type=Path, default=ROOT / "build" / "bench", help="for that one")
    parser.add_argument(
        "--halves", nargs="*", default=["dev", "further", "held"], help="of the paraphrases"
    )
    parser.add_argument("--errors", type=Path, help="file for the cases that are not right")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onrecord-check-") as made:
        score(options, Path(made))
    return 0


def score(options: argparse.Namespace, work: Path) -> None:
    bot, foreign, further = opened(options.bench, work)
    with bot:
        desk = DraftChecker(bot.reader)
        known = statements(bot.reader.generation.catalog)
        known = [s for s in known if not s.id.startswith(("wrong-", "note-"))]
        made = [*cases(known, foreign, options.each, "drafts"), *further]
        judged = list(checked(desk, made))
        print(table(judged))
        if options.errors:
            keep(options.errors, judged)
        for half in options.halves:
            print(paraphrases(work, half, options.errors))
        if options.passages:
            print(timed(options.kept, options.passages))
        if options.mutations:
            print(unharmed(desk, known, options.mutations))


def opened(bench: Path | None, work: Path) -> tuple[OnRecord, list[str], list[Case]]:
    """The archive; the words of direct statements that are in none of its articles; and drafts
    with words that a note in it calls wrong.

    Of the reported statements of the other articles two kinds of short articles are made that
    real ones are too seldom: with words that somebody passes on, and with a correction.
    """
    rows = ARTICLES.read_text(encoding="utf-8").splitlines()
    mine, theirs = work / "mine.jsonl", work / "theirs.jsonl"
    mine.write_text("\n".join(rows[::2]), encoding="utf-8")
    theirs.write_text("\n".join(rows[1::2]), encoding="utf-8")
    given = [mine, ROOT / "seeds"]
    articles = bench / "qa" / "articles_dev.jsonl" if bench else None
    if articles and articles.exists():
        given = [mine, articles]  # which have the seed among them
    add([theirs], Settings(work / "other"))
    with OnRecord.open(work / "other", llm="") as other:
        found = statements(other.reader.generation.catalog)
    words = [s.words for s in found if s.kind == "direct" and len(s.words.split()) >= 5]
    told = [s.words.removeprefix("that ").rstrip(" .,;") for s in found if s.kind == "indirect"]
    told = [t[0].upper() + t[1:] for t in told if 6 <= len(t.split()) <= 25]
    noted, further = corrections(told[80:140], random.Random("notes"))
    rows = [json.dumps(row, ensure_ascii=False) for row in [*relayed(told[:80]), *noted]]
    (work / "made.jsonl").write_text("\n".join(rows), encoding="utf-8")
    report = add([*given, work / "made.jsonl"], Settings(work / "index"))
    assert not report.failed, report.failed
    return OnRecord.open(work / "index", llm=""), words, further


def checked(desk: DraftChecker, made: Sequence[Case]) -> Iterable[tuple[Case, Finding | None]]:
    """Each case with the finding on it, None where the draft's quotation was not found."""
    draw = random.Random("order")
    shuffled = draw.sample(list(made), len(made))
    for start in tqdm(range(0, len(shuffled), PARAGRAPHS), unit="draft", disable=None):
        part = shuffled[start : start + PARAGRAPHS]
        text, spans = "", list[Span]()
        for case in part:
            spans.append(Span(len(text), len(text) + len(case.text)))
            text += f"{case.text}\n\n"
        result = desk.check(text)
        yield from zip(part, found_in(result, spans), strict=True)


def found_in(check: Check, spans: Sequence[Span]) -> list[Finding | None]:
    """The worst finding on a quotation in each stretch of a draft."""
    found: list[Finding | None] = []
    for span in spans:
        inside = [f for f in check.worst_first if f.quoted and f.span in span]
        found.append(inside[0] if inside else None)
    return found


def is_right(case: Case, finding: Finding | None) -> bool:
    if finding is None or finding.verdict.value not in case.verdicts:
        return False
    return case.grave is None or finding.grave == case.grave


def table(judged: Sequence[tuple[Case, Finding | None]]) -> str:
    """A line for each kind: how many are right, and which verdicts the others got."""
    kinds: dict[str, list[tuple[Case, Finding | None]]] = defaultdict(list)
    for case, finding in judged:
        kinds[case.kind].append((case, finding))
    lines = [f"{'kind':32}{'n':>6}{'right':>8}{'exact':>7}  verdicts"]
    for kind in dict.fromkeys(c.kind for c, _ in sorted(judged, key=lambda p: p[0].kind)):
        rows = kinds[kind]
        right = sum(is_right(*row) for row in rows) / len(rows)
        exact = sum(f is not None and f.verdict is Verdict.EXACT for _, f in rows)
        told = Counter(
            f"{f.verdict.value}{'!' * f.grave}" if f else "no quotation" for _, f in rows
        )
        verdicts = ", ".join(f"{name} {n}" for name, n in told.most_common())
        lines.append(f"{kind:32}{len(rows):6}{right:8.3f}{exact:7}  {verdicts}")
    return "\n".join(lines)


def keep(file: Path, judged: Sequence[tuple[Case, Finding | None]]) -> None:
    """The cases that are not right, a JSON object a line."""
    with file.open("w", encoding="utf-8") as stream:
        for case, finding in sorted(judged, key=lambda p: p[0].kind):
            if not is_right(case, finding):
                row = {
                    "kind": case.kind,
                    "text": case.text,
                    "verdict": finding.verdict.value if finding else None,
                    "grave": finding.grave if finding else None,
                    "speaker": finding.speaker if finding else None,
                    "passage": [(p.speaker, p.quote, p.chain) for p in finding.passages[:2]]
                    if finding
                    else None,
                    "diff": [
                        (p.change, p.draft, p.archive, p.weight)
                        for p in finding.diff
                        if p.change != "same"
                    ]
                    if finding
                    else None,
                    "notes": finding.notes if finding else None,
                }
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def paraphrases(work: Path, half: str, errors: Path | None) -> str:
    """How many of the paraphrases of a half are told rightly from what nobody said."""
    add([ARTICLES, PARAPHRASES / "articles.jsonl"], Settings(work / "own"))
    right, wrong = Counter[str](), list[str]()
    rows = [json.loads(line) for line in (PARAPHRASES / f"{half}.jsonl").open(encoding="utf-8")]
    with OnRecord.open(work / "own", llm="") as bot:
        desk = DraftChecker(bot.reader)
        for row in rows:
            found = [f for f in desk.check(row["draft"]).worst_first if not f.quoted]
            supported = bool(found) and found[0].verdict is Verdict.SUPPORTED
            right[row["kind"]] += supported == row["supported"]
            if supported != row["supported"]:
                told = found[0].verdict.value if found else "no statement"
                wrong.append(f"{row['id']} {row['kind']}: {told}: {row['draft']}")
    if errors:
        errors.with_suffix(f".{half}.txt").write_text("\n".join(wrong), encoding="utf-8")
    kinds = Counter(row["kind"] for row in rows)
    told = ", ".join(f"{kind} {right[kind]}/{n}" for kind, n in kinds.most_common())
    return f"paraphrases, {half}: {right.total() / len(rows):.3f} of {len(rows)}: {told}"


def unharmed(desk: DraftChecker, known: Sequence[Statement], count: int) -> str:
    """Mutations that are called exact, of so many; the draft's parse is passed over."""
    draw = random.Random("mutations")
    direct = [s for s in known if s.kind == "direct"]
    whole = {" ".join(s.words.split()) for s in direct}
    called, started = list[str](), time.monotonic()
    for _ in tqdm(range(count), unit="mutation", disable=None):
        statement = draw.choice(direct)
        words, step = mutated(statement.words, draw)
        if words in whole:
            continue
        verdict = verdict_on(desk, words, statement.speaker)
        if verdict is Verdict.EXACT:
            called.append(f"{step}: {words} <- {statement.words}")
    seconds = time.monotonic() - started
    lines = [f"mutations called exact: {len(called)} of {count:,} ({seconds:.0f} s)", *called[:20]]
    return "\n".join(lines)


def timed(kept: Path, passages: int) -> str:
    """Seconds for a draft of some 2,000 words, every fifth paragraph told in other words, beside
    those for a question, both against an archive of so many passages."""
    index = archive(kept, passages)
    questions = asked(index, 40).questions
    with OnRecord.open(index, llm="") as bot:
        known = statements(bot.reader.generation.catalog)
        draw = random.Random("time")
        text = ""
        while len(text.split()) < WORDS:
            statement = draw.choice(known)
            words = statement.words.removeprefix("that ")
            other = f"{statement.speaker} said that {words}."
            text += f"{other if draw.random() < 0.2 else said(words, statement.speaker)}\n\n"
        bot.check(text[:400])
        for question in questions[:10]:
            bot.answer(question)
        started = time.monotonic()
        for question in questions[10:]:
            bot.answer(question)
        one = (time.monotonic() - started) / len(questions[10:])
        started = time.monotonic()
        found = bot.check(text)
        seconds = time.monotonic() - started
    return (
        f"{len(text.split()):,} words against {passages:,} passages: {seconds:.2f} s for "
        f"{len(found.findings)} findings, {one * 1000:.0f} ms for a question: {seconds / one:.0f} x"
    )


WORDS = 2000


def verdict_on(desk: DraftChecker, words: str, speaker: str) -> Verdict | None:
    """The verdict on these words as a quotation by itself, None if it is not checked."""
    text = f"“{words}”"
    claim = Claim(
        Span(0, len(text)), (Span(1, len(text) - 1),), Span(0, len(text)), speaker=speaker
    )
    (found,) = desk.quotation(claim, text)
    return found.verdict if isinstance(found, Finding) else None


if __name__ == "__main__":
    raise SystemExit(main())
