"""What one article more, one less and one corrected cost an index, as JSON.

    python tests/benchmarks/changes.py INDEX

Processor seconds of whole commands, Python's start and the models among them, on a copy of the
index.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from index.storage.snapshot import Generation

TEXT = (
    "Minister Pavel Orlov told Deniz Kaya on Monday that bridge number {n} would be closed. "
    "“We will open it again,” Orlov said. Kaya said the town had waited {n} years."
)

CORRECT = """
import sys
from pathlib import Path
from index.indexing.build import correct
from index.settings import Settings
from index.storage.corrections import Correction
from index.storage.snapshot import Generation
reader = Generation(Path(sys.argv[1]))
quote = reader.catalog.quotes(reader.catalog.quote_ids(article_ids=[sys.argv[2]]))[0]
article = reader.catalog.article(quote.article_id)
reader.close()
correct(Settings(Path(sys.argv[1])), Correction(quote, article, "speaker", ""))
"""


def main(index: str) -> int:
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as made:
        copy, new = Path(made) / "index", Path(made) / "new"
        shutil.copytree(index, copy)
        new.mkdir()
        at, command = ("--index", str(copy)), ("-m", "index")
        (new / "first.txt").write_text(TEXT.format(n=1), encoding="utf-8")
        spent(*command, "add", *at, str(new))  # the files of a copy are compared once
        (new / "second.txt").write_text(TEXT.format(n=2), encoding="utf-8")
        removed, corrected = _with_quotes(copy)
        figures = {
            "add one cpu s": spent(*command, "add", *at, str(new / "second.txt")),
            "remove one cpu s": spent(*command, "remove", *at, removed),
            "correct one cpu s": spent("-c", CORRECT, str(copy), corrected),
        }
        for number in range(100):
            (new / f"more{number}.txt").write_text(TEXT.format(n=number + 3), encoding="utf-8")
        figures["add 100 cpu s"] = spent(*command, "add", *at, str(new))
    print(json.dumps(figures))
    return 0


def _with_quotes(index: Path) -> list[str]:
    """The first two articles that say something, in the order of their ids."""
    reader = Generation(index)
    try:
        return sorted({row[0] for row in reader.catalog.rows("SELECT article_id FROM quotes")})[:2]
    finally:
        reader.close()


def spent(*arguments: str) -> float:
    """Processor seconds of one run of this Python and its children."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"failed with exit code {process.returncode}: python {' '.join(arguments)}")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
