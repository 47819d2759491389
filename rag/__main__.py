"""The command line of the read path: one question, or a file of them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index.errors import InputError, OnRecordError
from rag.given import FILTER_HELP
from rag.types import Answer

FAILED = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Answer what was asked; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.mcp:
            return _serve(arguments)
        if arguments.questions:
            return _many(arguments)
        return _one(arguments)
    except OnRecordError as error:
        print(f"onrecord: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # whoever read the output has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - the last thing done
        return FAILED
    except KeyboardInterrupt:
        print("onrecord: stopped", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag", description="Ask who said what, to whom, according to whom."
    )
    parser.add_argument("question", nargs="?", default="", metavar="QUESTION")
    parser.add_argument("--index", metavar="DIR", help="folder of the index")
    parser.add_argument("--embedder", metavar="NAME", help="the model that the index was made with")
    for name, help_ in FILTER_HELP.items():
        parser.add_argument(f"--{name}", default="", help=help_)
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--questions", metavar="FILE", help="a JSONL file of questions")
    parser.add_argument("--output", metavar="FILE", help="where their answers go, one a line")
    parser.add_argument(
        "--mcp", action="store_true", help="be a tool of the MCP client that started this program"
    )
    return parser


def _serve(arguments: argparse.Namespace) -> int:
    from rag.mcp import serve
    from rag.onrecord import OnRecord

    serve(OnRecord.open(arguments.index, embedder=arguments.embedder))
    return 0


def _one(arguments: argparse.Namespace) -> int:
    if not arguments.question.strip():
        raise InputError("expected a question, found no text")
    from rag.json_form import answer_json
    from rag.onrecord import OnRecord

    bot = OnRecord.open(arguments.index, embedder=arguments.embedder)
    found = bot.answer(arguments.question, filters=_filters(arguments))
    if arguments.json:
        print(json.dumps(answer_json(found), ensure_ascii=False, indent=2))
    else:
        print(_readable(found))
    return 0


def _filters(arguments: argparse.Namespace) -> dict[str, str]:
    return {name: getattr(arguments, name) for name in FILTER_HELP}


def _readable(found: Answer) -> str:
    lines = [found.text]
    for citation in found.citations:
        lines += ["", f"[{citation.number}] {_source(citation)}", f"    {citation.sentence}"]
    if found.near_misses:
        lines += ["", "Nearest on record (not an answer):"]
        lines += [f"  - {c.speaker or 'unknown'}: {c.quote}" for c in found.near_misses]
    return "\n".join(lines)


def _source(citation: Any) -> str:
    article = citation.article
    where = ", ".join(
        filter(None, (article.outlet, article.title or article.id, article.published))
    )
    return f"{where}, characters {citation.start} to {citation.end}"


def _many(arguments: argparse.Namespace) -> int:
    """Answer a file of questions, one line out for each line in; bad lines are named."""
    if not arguments.output:
        raise InputError("expected --output FILE beside --questions, found none")
    from rag.json_form import answer_json
    from rag.onrecord import OnRecord

    bad = 0
    rows = list(_rows(Path(arguments.questions)))
    bot = OnRecord.open(arguments.index, embedder=arguments.embedder)
    try:
        output = Path(arguments.output).open("w", encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        raise InputError(f"cannot write {arguments.output}: {error.strerror}") from error
    with output:
        for number, row in rows:
            try:
                if isinstance(row, InputError):
                    raise row
                found = bot.answer(
                    row["question"],
                    history=row.get("history"),
                    filters=row.get("filters") or _filters(arguments),
                )
            except InputError as error:
                bad += 1
                print(f"onrecord: {arguments.questions}:{number}: {error}", file=sys.stderr)
            else:
                line = json.dumps(answer_json(found, row.get("id")), ensure_ascii=False)
                print(line, file=output, flush=True)
    return FAILED if bad else 0


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the questions in {file}: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict) and isinstance(row.get("question"), str):
            yield number, row
        else:
            yield number, InputError('expected a JSON object with "question", found something else')


if __name__ == "__main__":
    sys.exit(main())
