"""docs/measured.md is written by what measures: `make eval`, `make bench`, `make trial`,
`make faults`.

A measuring program prints headings (`heading`) and tables below them.  Run with ``--record`` it
puts each table into the block of docs/measured.md that has its heading for a title, with the
day, the machine and the command.  A table without a block gets one at the end of the file.

    <!-- measured: TITLE -->
    ...
    <!-- end -->

The figures of the README are a block as well, made from these tables.
"""

from __future__ import annotations

import contextlib
import io
import os
import platform
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEASURED = ROOT / "docs" / "measured.md"
README = ROOT / "README.md"

FIGURES = "figures"
"""The title of the block of the README."""

_BLOCK = r"<!-- measured: {} -->\n.*?<!-- end -->"

_SECTION = re.compile(r"^(.+)\n-{3,}\n", re.MULTILINE)

_ALL_ROW = r"^ALL +\d+(?: +[\d.-]+){5} +[\d.]+ +(?P<wrong>[\d.]+)(?: +[\d.-]+){5} +(?P<full>[\d.]+)"
_WARM_ROW = r"^warm p50 ms +(?P<ms>[\d.]+)"


def heading(words: str) -> None:
    """Print a heading, which is the title of the table that is printed below it."""
    print(f"\n{_underlined(words)}", end="")


def _underlined(words: str) -> str:
    return f"{words}\n{'-' * max(3, len(words))}\n"


class _Tee(io.StringIO):
    """Keeps what is printed, and prints it."""

    def __init__(self) -> None:
        super().__init__()
        self._out = sys.stdout

    def write(self, text: str) -> int:
        self._out.write(text)
        return super().write(text)

    def flush(self) -> None:
        self._out.flush()


@contextlib.contextmanager
def recorded(command: str, wanted: bool) -> Iterator[None]:
    """Record, if it is wanted, what is printed until the end; nothing if it ends in an error."""
    if not wanted:
        yield
        return
    with contextlib.redirect_stdout(_Tee()) as tee:
        yield
    record(tee.getvalue(), made_by(command))


def made_by(command: str) -> str:
    """The day, the machine and the command, in a line."""
    day, cores = datetime.now(UTC).date().isoformat(), os.cpu_count()
    return f"{day}, {cores} cores, {platform.system()} {platform.machine()}, `{command}`"


def record(printed: str, about: str, measured: Path = MEASURED, readme: Path = README) -> None:
    """Put every table of a program's output into its block, and the figures into the README."""
    text = measured.read_text(encoding="utf-8")
    for title, table in tables(printed):
        text = _with_block(text, title, f"{about}:\n\n```\n{table}\n```")
    measured.write_text(text, encoding="utf-8")
    front = readme.read_text(encoding="utf-8")
    readme.write_text(_with_block(front, FIGURES, figures(text)), encoding="utf-8")


def tables(printed: str) -> Iterator[tuple[str, str]]:
    """The titles and tables of a program's output, in order; a heading without one is left out."""
    found = [m for m in _SECTION.finditer(printed) if m[0] == _underlined(m[1])]
    ends = [match.start() for match in found[1:]] + [len(printed)]
    for match, end in zip(found, ends, strict=True):
        if table := printed[match.end() : end].strip("\n"):
            yield match[1], table


def block(text: str, title: str) -> str:
    """What a block of a file holds, with the day and command; empty if there is none."""
    found = re.search(_BLOCK.format(re.escape(title)), text, re.DOTALL)
    return found[0].partition("\n")[2].rpartition("\n")[0] if found else ""


def figures(measured: str) -> str:
    """The three figures of the README, from the tables of docs/measured.md."""
    answers = re.search(_ALL_ROW, block(measured, "answers: questions_dev"), re.MULTILINE)
    warm = re.search(_WARM_ROW, block(measured, "small archive"), re.MULTILINE)
    if not answers or not warm:
        return "Nothing is measured yet."
    return (
        f"| questions answered fully right | wrong names | a question, warm |\n"
        f"|---|---|---|\n"
        f"| {answers['full']} | {answers['wrong']} | {float(warm['ms']):.0f} ms |"
    )


def _with_block(text: str, title: str, content: str) -> str:
    made = f"<!-- measured: {title} -->\n{content}\n<!-- end -->"
    pattern = re.compile(_BLOCK.format(re.escape(title)), re.DOTALL)
    if pattern.search(text):
        return pattern.sub(lambda _: made, text, count=1)
    return f"{text.rstrip()}\n\n{made}\n"
