"""The console command: `onrecord add | ask | chat | status | ...`.

Each command is one that `python -m index`, `python -m rag` or `python ui.py` has as well, and
takes the options that it takes there.  `python -m onrecord` is this command in a checkout.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from index.text.terminal import FAILED, complain, run, say

OURS = {"index", "rag", "page", "ui"}
"""The names that the wheel installs; any other that is missing is a library."""

USAGE_ERROR = 2
"""Exit code for a command that there is not, as argparse has it."""


@dataclass(frozen=True, slots=True)
class Command:
    """The module whose ``main`` runs a command, what ``main`` is given before the user's
    arguments, and what the command does, in a few words."""

    module: str
    first: tuple[str, ...]
    about: str


def _of_index(name: str, about: str) -> Command:
    return Command("index.__main__", (name,), about)


COMMANDS = {
    "add": _of_index("add", "index files, folders and, where allowed, addresses"),
    "ask": Command("rag.__main__", (), "answer a question, or a file of them"),
    "chat": Command("ui", (), "serve the page, on this machine only"),
    "check": Command("rag.__main__", ("--check",), "check a draft before it is printed"),
    "mcp": Command("rag.__main__", ("--mcp",), "be tools of a Model Context Protocol client"),
    "status": _of_index("status", "say what the index holds"),
    "list": _of_index("list", "list the articles, one a line"),
    "watch": _of_index("watch", "index what is put into a folder, until stopped"),
    "merge": _of_index("merge", "write small segments together, and forget what was removed"),
    "remove": _of_index("remove", "take articles out of answers and files"),
    "corrections": _of_index(
        "corrections", "what readers put right: list, accept, undo, merge, split"
    ),
    "export": _of_index("export", "write every quote as CSV or JSON lines"),
    "verify": _of_index("verify", "compare all of the index with what was stored"),
    "rebuild": _of_index("rebuild", "derive everything again from the stored articles"),
}
"""Every command by its name, in the order in which `onrecord --help` lists them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 2 for a command that there is not."""
    given = list(sys.argv[1:] if argv is None else argv)
    name = given[0] if given else "--help"
    if name in ("-h", "--help"):
        return run(_help)
    command = COMMANDS.get(name)
    if command is None:
        complain(f"expected a command ({', '.join(COMMANDS)}), found {name}; see: onrecord --help")
        return USAGE_ERROR
    # The parser of index adds the name of its command to what it calls itself.
    called = "onrecord" if command.module == "index.__main__" else f"onrecord {name}"
    try:
        module = importlib.import_module(command.module)
        return int(module.main([*command.first, *given[1:]], called))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in OURS:
            raise
        complain(f"the library {error.name} is not installed; run: pip install onrecord")
        return FAILED


def _help() -> int:
    say("usage: onrecord COMMAND ...")
    say("")
    say("Ask news articles who said what, to whom, and according to whom.")
    say("")
    for name, command in COMMANDS.items():
        say(f"  {name:<9} {command.about}")
    say("")
    say("onrecord COMMAND --help tells the options of one.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
