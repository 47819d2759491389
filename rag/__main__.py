"""The command line of the read path: one question, or a file of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from index.errors import InputError
from index.settings import Settings
from index.text.escape import on_one_line
from index.text.terminal import FAILED, Parser, complain, require_text, run, say, say_json
from rag.llm.settings import USES, GuestSettings
from rag.requests import FILTER_HELP
from rag.types import Answer


def main(argv: Sequence[str] | None = None, called: str = "python -m rag") -> int:
    """Answer what was asked; returns the exit code.  ``called`` is its name in messages."""
    return run(
        lambda: _run_ask_command(_ask_parser(called).parse_args(argv)),
        stopped="stopped; the lines that were written are kept, run it again to go on",
    )


def _run_ask_command(arguments: argparse.Namespace) -> int:
    require_text(arguments, paths={"questions", "output", "check", "against"})
    if arguments.check is not None:
        return _check(arguments)
    if arguments.against or arguments.markdown:
        raise InputError("expected --check DRAFT beside --against and --markdown, found none")
    if arguments.mcp:
        return _serve(arguments)
    if arguments.port is not None:
        raise InputError("expected --mcp beside --port, found none")
    if arguments.questions:
        return _many(arguments)
    if arguments.output or arguments.restart:
        raise InputError("expected --questions FILE beside --output and --restart, found none")
    return _ask_one(arguments)


def _ask_parser(called: str) -> argparse.ArgumentParser:
    parser = Parser(prog=called, description="Ask who said what, to whom, according to whom.")
    parser.add_argument("question", nargs="?", default="", metavar="QUESTION")
    parser.add_argument("--index", metavar="DIR", help="folder of the index")
    parser.add_argument("--embedder", metavar="NAME", help="the model that the index was made with")
    for name, help_ in FILTER_HELP.items():
        parser.add_argument(f"--{name}", default="", help=help_)
    parser.add_argument(
        "-k",
        type=int,
        default=8,
        metavar="N",
        help="statements that are shown at most; 8 unless given",
    )
    add_llm_options(parser)
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument(
        "--check",
        nargs="*",
        metavar="DRAFT",
        help="check the quotations of drafts, files or - for the standard input; exit code 1 if "
        "one is not exact, 2 if a draft cannot be read",
    )
    parser.add_argument(
        "--against", nargs="+", metavar="FILE", help="check against these files, and no index"
    )
    parser.add_argument("--markdown", action="store_true", help="print the check as Markdown")
    parser.add_argument("--questions", metavar="FILE", help="a JSONL file of questions")
    parser.add_argument("--output", metavar="FILE", help="where their answers go, one a line")
    parser.add_argument(
        "--restart", action="store_true", help="drop the answers in --output and begin anew"
    )
    parser.add_argument(
        "--mcp", action="store_true", help="be a tool of the MCP client that started this program"
    )
    parser.add_argument(
        "--port",
        type=int,
        metavar="N",
        help="with --mcp: serve any client of this machine over HTTP, at this port; 0 for any",
    )
    return parser


def _check(arguments: argparse.Namespace) -> int:
    if arguments.question or arguments.questions:
        raise InputError("expected a question or --check, found both")
    if arguments.json and arguments.markdown:
        raise InputError("expected --json or --markdown, found both")
    from rag.check_command import command

    return command(
        arguments.check,
        arguments.against or (),
        "json" if arguments.json else "markdown" if arguments.markdown else "text",
        arguments.index,
        arguments.embedder,
    )


def _serve(arguments: argparse.Namespace) -> int:
    from rag.mcp import serve
    from rag.onrecord import OnRecord

    bot = OnRecord.open(arguments.index, embedder=arguments.embedder, llm=llm_settings(arguments))
    serve(bot, arguments.port)
    return 0


def add_llm_options(parser: argparse.ArgumentParser) -> None:
    """The options that name a language model; `llm_settings` reads them."""
    parser.add_argument(
        "--llm", metavar="PROVIDER:MODEL", help="a language model for reading and connecting prose"
    )
    parser.add_argument("--llm-url", metavar="URL", help="its server, if not the provider's own")
    parser.add_argument("--llm-uses", metavar="USES", help=f"some of {','.join(USES)}")


def llm_settings(arguments: argparse.Namespace) -> GuestSettings | Literal[""]:
    """Return the language model of the options, else of the environment; "" for none."""
    found = GuestSettings.from_environment(arguments.llm, arguments.llm_url, arguments.llm_uses)
    return found or ""


def _ask_one(arguments: argparse.Namespace) -> int:
    if not arguments.question.strip():
        raise InputError("expected a question, found no text")
    from rag.json_form import answer_json
    from rag.onrecord import OnRecord

    bot = OnRecord.open(arguments.index, embedder=arguments.embedder, llm=llm_settings(arguments))
    found = bot.answer(arguments.question, filters=_filters(arguments), k=arguments.k)
    if arguments.json:
        say_json(answer_json(found))
    else:
        for line in _readable(found).split("\n"):
            say(line)
    return 0


def _filters(arguments: argparse.Namespace) -> dict[str, str]:
    return {name: getattr(arguments, name) for name in FILTER_HELP}


def _readable(found: Answer) -> str:
    """Return the answer for a reader; what comes from articles adds no line to it."""
    lines = [found.text]
    for citation in found.citations:
        lines += [
            "",
            f"[{citation.number}] {_source(citation)}",
            f"    {on_one_line(citation.quote)}",
        ]
    if found.near_misses:
        lines += ["", "Nearest on record (not an answer):"]
        lines += [
            f"  - {c.speaker or 'unknown'}: {on_one_line(c.quote)}" for c in found.near_misses
        ]
    if found.llm:
        lines += ["", f"Language model: {on_one_line(str(found.llm))}"]
    return "\n".join(lines)


def _source(citation: Any) -> str:
    article = citation.article
    where = ", ".join(
        filter(None, (article.outlet, article.title or article.id, article.published))
    )
    at = f", at {citation.recorded_at}" if citation.recorded_at else ""
    return f"{on_one_line(where)}{at}, characters {citation.start} to {citation.end}"


def _many(arguments: argparse.Namespace) -> int:
    """Answer a file of questions, one line out for each row in; bad rows are named."""
    if not arguments.output:
        raise InputError("expected --output FILE beside --questions, found none")
    if arguments.question:
        raise InputError(f"expected a question or --questions, found both: {arguments.question}")
    from index.languages import load_detector
    from rag.batch import answer_all
    from rag.onrecord import OnRecord

    def opened() -> OnRecord:
        bot = OnRecord.open(
            arguments.index, embedder=arguments.embedder, llm=llm_settings(arguments)
        )
        _ = bot.reader  # raises now if the index cannot be read
        load_detector()  # and if there is no room for it, which would change single answers
        return bot

    count = answer_all(
        Path(arguments.questions),
        Path(arguments.output),
        Settings.from_environment(arguments.index, arguments.embedder).index,
        opened,
        _filters(arguments),
        restart=arguments.restart,
        failed=lambda error: complain(f"{arguments.questions}: {error}"),
    )
    complain(count)
    return FAILED if count.errors else 0


if __name__ == "__main__":
    sys.exit(main())
