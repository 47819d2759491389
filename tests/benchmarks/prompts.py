"""Which version of a prompt gets the most of a model's sentences past the check.

    python tests/benchmarks/prompts.py --llm PROVIDER:MODEL [--llm-url URL] [--versions 1 2]

It asks the golden questions, whose articles are part of this repository, once with each
version of the prose prompt.  `kept` sentences were shown, the others left out.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tqdm import tqdm

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from index.indexing.build import add  # noqa: E402 - the checkout's own, whatever is installed
from index.settings import Settings  # noqa: E402
from rag import OnRecord  # noqa: E402
from rag.llm import invited, prompting  # noqa: E402
from rag.llm.settings import GuestSettings  # noqa: E402

GOLDEN = ROOT / "tests" / "golden" / "questions"


def main() -> int:
    first, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(description=first, epilog=rest)
    parser.add_argument("--llm", required=True, metavar="PROVIDER:MODEL")
    parser.add_argument("--llm-url", metavar="URL")
    parser.add_argument("--versions", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    settings = GuestSettings.from_environment(options.llm, options.llm_url, "prose")
    assert settings is not None
    rows = [
        json.loads(line) for line in (GOLDEN / "questions.jsonl").read_text("utf-8").splitlines()
    ]
    with tempfile.TemporaryDirectory(prefix="onrecord-prompts-") as folder:
        add([ROOT / "seeds", GOLDEN / "articles.jsonl"], Settings(Path(folder)))
        bot = OnRecord.open(folder, llm="")
        print(
            f"{'prompt':12} {'answers':>8} {'with prose':>11} {'kept':>6} {'left out':>9}  s/answer"
        )
        for version in options.versions:
            print(line(bot, settings, rows, version), flush=True)
    return 0


def line(bot: OnRecord, settings: GuestSettings, rows: list[dict], version: int) -> str:
    """The figures of one version, and why sentences were left out."""
    prompting.VERSIONS["prose"] = version
    hosted = copy.copy(bot)
    hosted._guest = invited(settings)
    left_out: Counter[str] = Counter()
    asked = with_prose = kept = 0
    began = time.monotonic()
    for row in tqdm(rows, desc=f"prose-{version}", unit="question", disable=None):
        account = hosted.answer(row["question"], history=row["history"]).llm
        asked += bool(account.asked)
        with_prose += bool(account.prose)
        kept += account.prose.count("]. ") + account.prose.endswith("].")
        left_out.update(account.left_out)
    seconds = (time.monotonic() - began) / max(1, asked)
    reasons = ", ".join(f"{reason} {n}" for reason, n in left_out.most_common())
    return (
        f"prose-{version:<6} {asked:8} {with_prose:11} {kept:6} {left_out.total():9}  {seconds:8.1f}"
        f"  {reasons}"
    )


if __name__ == "__main__":
    sys.exit(main())
