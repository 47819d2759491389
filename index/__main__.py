"""The command line of the write path: add, status, rebuild."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from index.errors import IndexBusy, OnRecordError
from index.load import estimate
from index.settings import Settings

FAILED, BUSY = 1, 3
"""Exit codes: something was not done; another process is writing."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    settings = Settings.from_environment(arguments.index, arguments.embedder)
    try:
        return int(arguments.run(arguments, settings))
    except OnRecordError as error:
        print(f"onrecord: {error}", file=sys.stderr)
        return BUSY if isinstance(error, IndexBusy) else FAILED
    except BrokenPipeError:  # whoever read the output has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - the last thing done
        return FAILED
    except KeyboardInterrupt:
        print("onrecord: stopped; what was stored is kept, run it again to go on", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="Index news articles.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--index", metavar="DIR", help="folder of the index")
    common.add_argument(
        "--embedder", metavar="NAME", help="a sentence-transformers model or folder"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("add", parents=[common], help="add files or folders of articles")
    add.add_argument("paths", nargs="+", metavar="PATH", help="a .txt or .jsonl file, or a folder")
    add.set_defaults(run=_add)
    status = commands.add_parser("status", parents=[common], help="what the index holds")
    status.set_defaults(run=_status)
    rebuild = commands.add_parser("rebuild", parents=[common], help="derive everything again")
    rebuild.set_defaults(run=_rebuild)
    return parser


def _add(arguments: argparse.Namespace, settings: Settings) -> int:
    from tqdm import tqdm

    from index.build import add

    total = estimate(arguments.paths)
    with tqdm(total=total, unit="article", disable=None, dynamic_ncols=True) as bar:
        report = add(arguments.paths, settings, bar.update)
    for failure in report.failed:
        print(f"onrecord: {failure}", file=sys.stderr)
    print(report)
    return FAILED if report.failed else 0


def _status(_: argparse.Namespace, settings: Settings) -> int:
    from index.build import status

    found = status(settings)
    made = found.manifest.fingerprint
    first, last = found.dates
    print(f"folder      {found.folder}")
    for what, count in found.manifest.counts.items():
        print(f"{what:<11} {count:,}")
    print(f"dates       {f'{first} to {last}' if first else 'none given'}")
    print(f"embedder    {made.embedder} ({made.dimension} dimensions, {made.weights[:12]}…)")
    print(f"versions    schema {made.schema}, extractor {made.extractor}")
    print(f"generation  of {found.manifest.made}, every file as it was built")
    if found.waiting:
        print("waiting     articles are stored but not published; run: python -m index rebuild")
    return 0


def _rebuild(_: argparse.Namespace, settings: Settings) -> int:
    from tqdm import tqdm

    from index.build import rebuild

    with tqdm(unit="article", disable=None, dynamic_ncols=True) as bar:
        report = rebuild(settings, bar.update)
    for failure in report.failed:
        print(f"onrecord: {failure}", file=sys.stderr)
    print(report)
    return FAILED if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
