"""The command line of the write path: what is indexed, for as long as it is kept."""

from __future__ import annotations

import argparse
import datetime
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from index.errors import InputError
from index.ingest.load import Options, endings, estimate
from index.settings import CLOUD, NONE, WAIT, Settings
from index.text.escape import on_one_line
from index.text.terminal import BUSY as BUSY
from index.text.terminal import FAILED, Parser, complain, require_text, run, say

_Command = Callable[[argparse.Namespace, Settings], int]


def main(argv: Sequence[str] | None = None, called: str = "python -m index") -> int:
    """Run one command; returns the exit code.  ``called`` is its name in messages."""
    return run(
        lambda: _run_index_command(_index_parser(called).parse_args(argv)),
        stopped="stopped; what was stored is kept, run it again to go on",
    )


def _run_index_command(arguments: argparse.Namespace) -> int:
    require_text(arguments, paths={"paths", "folder", "output"})
    settings = Settings.from_environment(
        arguments.index,
        arguments.embedder,
        chroma=getattr(arguments, "chroma", ""),
        wait=getattr(arguments, "wait", WAIT),
    )
    return int(arguments.run(arguments, settings))


def _index_parser(called: str) -> argparse.ArgumentParser:
    parser = Parser(prog=called, description="Index news articles.")
    common = Parser(add_help=False)
    common.add_argument("--index", metavar="DIR", help="folder of the index")
    writing = Parser(add_help=False)
    writing.add_argument(
        "--wait",
        type=_seconds,
        default=WAIT,
        metavar="SECONDS",
        help=f"how long to wait for another writer ({WAIT:.0f})",
    )
    common.add_argument(
        "--embedder", metavar="NAME", help="a sentence-transformers model or folder"
    )
    loading = Parser(add_help=False)
    loading.add_argument(
        "--encoding", default="", help="of files that do not say theirs and are not UTF-8"
    )
    loading.add_argument("--allow-url", action="store_true", help="fetch the addresses given")
    placing = Parser(add_help=False)
    placing.add_argument(
        "--chroma",
        metavar="URL",
        help="put the vectors into the Chroma server at URL, into Chroma Cloud (cloud), back into "
        "Chroma's files in the folder (local), or into no Chroma (none)",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, does: _Command, help: str, *parents: Parser, under: Any = commands
    ) -> Parser:
        made: Parser = under.add_parser(name, parents=[common, *parents], help=help)
        made.set_defaults(run=does)
        return made

    add = command("add", _add, "add files or folders", loading, placing, writing)
    add.add_argument(
        "paths", nargs="+", metavar="PATH", help=f"a folder, or a file: {endings()}; an address"
    )
    add.add_argument(
        "--engine",
        choices=("here", "ray"),
        default="here",
        help="what loads, parses and embeds; ray needs onrecord[scale]",
    )
    remove = command("remove", _remove, "take articles out, everywhere", placing, writing)
    remove.add_argument("names", nargs="+", metavar="ID", help="an article's id, or its file")
    command("list", _list, "the articles, one a line")
    status = command("status", _status, "what the index holds")
    status.add_argument(
        "--max-age",
        type=_age,
        metavar="AGE",
        help="fail if nothing was taken in for so long: 90s, 15m, 1h, 2d",
    )
    command("verify", _verify, "compare all of it")
    command("rebuild", _rebuild, "derive everything again", placing, writing)
    small = "write small segments together, and what was removed out of them"
    merge = command("merge", _merge_segments, small, writing)
    merge.add_argument(
        "--seconds",
        type=_seconds,
        default=float("inf"),
        metavar="SECONDS",
        help="begin nothing more after so long",
    )
    export = command("export", _export, "the quotes as a table")
    export.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    export.add_argument("--output", metavar="FILE", help="instead of the standard output")

    corrections = commands.add_parser(
        "corrections", help="what readers suggest to put right: list, accept, undo, merge, split"
    )
    actions = corrections.add_subparsers(required=True, metavar="ACTION")
    command("list", _corrections, "all, one a line", under=actions)
    for name, does, meaning in (
        ("accept", _accept, "make one hold"),
        ("undo", _undo, "take one back"),
    ):
        action = command(name, does, meaning, under=actions)
        action.add_argument("number", type=int, metavar="NUMBER", help="as listed")
    for name, meaning in (
        ("merge", "suggest that two names are one person's"),
        ("split", "suggest that a name is not that other person's"),
    ):
        action = command(name, _suggest_of_people, meaning, under=actions)
        action.add_argument("name", metavar="NAME", help="as it stands on record")
        action.add_argument("other", metavar="OTHER")
        action.set_defaults(same=name == "merge")

    into = "add what is put into a folder, until stopped"
    watch = command("watch", _watch, into, loading, placing, writing)
    watch.add_argument("folder", metavar="FOLDER")
    return parser


def _add(arguments: argparse.Namespace, settings: Settings) -> int:
    from tqdm import tqdm

    from index.indexing.build import add, here
    from index.indexing.distribute import on_ray

    engine = on_ray if arguments.engine == "ray" else here
    total = estimate(arguments.paths)
    with tqdm(total=total, unit="article", disable=None, dynamic_ncols=True) as bar:
        report = add(arguments.paths, settings, bar.update, _options(arguments), engine)
    for failure in (*report.failed, *report.doubtful):
        complain(failure)
    say(report)
    return FAILED if report.failed else 0


def _remove(arguments: argparse.Namespace, settings: Settings) -> int:
    from index.indexing.build import remove

    report = remove(arguments.names, settings)
    for name in report.unknown:
        complain(f"no article has the id {name!r} or came from such a file; see: list")
    say(report)
    return FAILED if report.unknown else 0


def _list(_: argparse.Namespace, settings: Settings) -> int:
    from index.storage.health import listing

    for item in listing(settings):
        about = (item.article.published[:10], item.article.outlet, item.article.title)
        copies = f"; {item.copies} copies" if item.copies else ""
        facts = " · ".join(on_one_line(fact) for fact in about if fact)
        say(item.article.id, f"{facts} ({item.quotes} quotes{copies}) from {item.source}")
    return 0


def _status(arguments: argparse.Namespace, settings: Settings) -> int:
    from index.storage.health import status

    found = status(settings)
    made = found.manifest.fingerprint
    first, last = found.dates
    say(f"folder      {found.folder} ({found.size / 1e6:,.1f} MB)")
    for what, count in found.manifest.counts.items():
        say(f"{what:<11} {count:,}")
    say(f"copies      {found.copies:,} articles are near-identical to another")
    for language, count in found.unread:
        say(f"unread      {count:,} articles have words in {language}")
    say(f"dates       {f'{first} to {last}' if first else 'none given'}")
    say(f"embedder    {made.embedder} ({made.dimension} dimensions, {made.weights[:12]}…)")
    say(f"vectors     {_server_place(found.manifest.chroma)}")
    say(f"versions    schema {made.schema}, extractor {made.extractor}")
    say(f"content     {found.manifest.content}")
    manifest = found.manifest
    say(f"generation  of {manifest.made}, no file changed since it was compared with it")
    say(f"segments    {len(manifest.segments):,}, {found.dead:,} articles in them gone")
    say(f"fresh       last change taken in {manifest.taken}, newest article {last or 'undated'}")
    for line in found.lost:
        say(f"damaged     {line}")
    for name, odd in found.odd_names:
        say(f"odd name    {name}: {odd}")
    if found.waiting:
        say("waiting     articles are stored but not published; run: python -m index rebuild")
    age = datetime.datetime.now().astimezone() - datetime.datetime.fromisoformat(manifest.taken)
    if arguments.max_age is not None and age > arguments.max_age:
        complain(
            f"expected a change within {arguments.max_age}, found the last one {manifest.taken}; "
            "see whether the articles still come in"
        )
        return FAILED
    return FAILED if found.lost else 0


def _server_place(server: str) -> str:
    if server in ("", NONE):
        return "in this folder" if not server else "in this folder, and not in Chroma"
    return "in Chroma Cloud" if server == CLOUD else f"in the Chroma server at {server}"


def _verify(_: argparse.Namespace, settings: Settings) -> int:
    from index.storage.health import verify

    findings = verify(settings)
    for finding in findings:
        say(f"{'not ok' if finding.wrong else 'ok':<7} {finding.what}")
        for line in finding.wrong:
            say(f"        {line}")
    return FAILED if any(finding.wrong for finding in findings) else 0


def _rebuild(_: argparse.Namespace, settings: Settings) -> int:
    from tqdm import tqdm

    from index.indexing.build import rebuild

    with tqdm(unit="article", disable=None, dynamic_ncols=True) as bar:
        report = rebuild(settings, bar.update)
    for failure in report.failed:
        complain(failure)
    say(report)
    return FAILED if report.failed else 0


def _merge_segments(arguments: argparse.Namespace, settings: Settings) -> int:
    from index.indexing.build import merge

    say(merge(settings, arguments.seconds))
    return 0


def _seconds(text: str) -> float:
    """A number of seconds, 0 or more."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        raise argparse.ArgumentTypeError(f"expected seconds, 0 or more, found {text!r}")
    return seconds


_SECONDS_OF_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def _age(text: str) -> datetime.timedelta:
    """A time such as 90s, 15m, 1h or 2d."""
    found = re.fullmatch(r"(\d{1,9})([smhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"expected an age such as 15m, 1h or 2d, found {text!r}")
    return datetime.timedelta(seconds=int(found[1]) * _SECONDS_OF_UNIT[found[2]])


def _export(arguments: argparse.Namespace, settings: Settings) -> int:
    from index.storage.export import export, export_to

    if not arguments.output:
        if sys.stdout is not None:
            export(settings.index, sys.stdout, arguments.format)
        return 0
    output = Path(arguments.output)
    count = export_to(settings.index, output, arguments.format)
    say(f"{count:,} quotes in {output}")
    return 0


def _corrections(_: argparse.Namespace, settings: Settings) -> int:
    from index.storage.store import TRUTH
    from index.storage.suggestions import kept_suggestions

    for one in kept_suggestions(settings.index / TRUTH):
        change = f"{one.part} {one.was or 'none'!r} -> {one.value or 'none'!r}"
        where = f"in {one.words!r}"
        if not one.article_id:
            change, where = f"{one.part}: {one.words!r}, {one.value!r}", ""
        facts = filter(None, (one.state, one.made[:10], one.article_id, change, where))
        say(f"{one.number}", " · ".join(on_one_line(fact) for fact in facts))
    return 0


def _suggest_of_people(arguments: argparse.Namespace, settings: Settings) -> int:
    from index.indexing.build import suggest_of_people

    names = arguments.name, arguments.other
    number = suggest_of_people(settings, *names, same=arguments.same)
    say(f"suggestion {number} waits; make it hold with: corrections accept {number}")
    return 0


def _accept(arguments: argparse.Namespace, settings: Settings) -> int:
    from index.indexing.build import accept_correction

    accept_correction(settings, arguments.number)
    say(f"suggestion {arguments.number} holds from now on; undo it with: corrections undo")
    return 0


def _undo(arguments: argparse.Namespace, settings: Settings) -> int:
    from index.indexing.build import undo_correction

    undo_correction(settings, arguments.number)
    say(f"suggestion {arguments.number} is undone; the record is as the article was read")
    return 0


def _watch(arguments: argparse.Namespace, settings: Settings) -> int:
    from index.indexing.watch import watch

    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise InputError(f"expected a folder to watch, found none at {folder}")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    say(f"watching {folder}; Ctrl-C stops")
    told = set[str]()
    for report in watch(folder, settings, _options(arguments), stop, complain):
        lines = [str(failure) for failure in (*report.failed, *report.doubtful)]
        for line in lines:
            if line not in told:
                complain(line)
        told = set(lines)
        say(report)
    return 0


def _options(arguments: argparse.Namespace) -> Options:
    return Options(arguments.encoding, arguments.allow_url)


if __name__ == "__main__":
    sys.exit(main())
