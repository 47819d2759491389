"""Questions put to an index by one process, as JSON: how long they take, in how much memory.

python tests/benchmarks/asking.py INDEX QUESTIONS
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from measure import highest, percentile

from rag import OnRecord


def main(index: str, questions: str) -> int:
    asked = Path(questions).read_text(encoding="utf-8").splitlines()
    start = time.perf_counter()
    bot = OnRecord.open(index)
    opening = time.perf_counter() - start
    bot.answer(asked[-1])  # models and the lazy parts are loaded with the first one
    took = []
    for question in asked:
        start = time.perf_counter()
        bot.answer(question)
        took.append(1000 * (time.perf_counter() - start))
    figures = {"p50 ms": percentile(took, 0.5), "p95 ms": percentile(took, 0.95)}
    print(json.dumps({**figures, "open s": opening, "peak MB": highest()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
