"""Files of questions with bad rows, whose runs are killed, cut short and out of room."""

from __future__ import annotations

import json
import random
import resource
from collections.abc import Callable
from pathlib import Path

from rag import batch
from rag.__main__ import FAILED, main
from tests.faults.children import SEED, Measure, forked, judged
from tests.faults.editions import indexed
from tests.faults.kills import killed_after

GOOD = (
    "What did Ana Ruiz say about the bridge?",
    "What did Ana Ruiz tell Deniz Kaya?",
    "What did Deniz Kaya tell Ana Ruiz?",
    "Who said that the granite is paid for?",
    "Ağrı’da ne dedi?",
)

BAD: tuple[bytes, ...] = (
    b"no json",
    b'{"id": "half a row", "question": "What',
    b"[]",
    b"{}",
    b"null",
    b'{"id": "number", "question": 5}',
    b'{"id": "history", "question": "x", "history": 5}',
    b'{"id": "turn", "question": "x", "history": [{"role": "system", "content": ""}]}',
    b'{"id": "filters", "question": "x", "filters": ["speaker"]}',
    b'{"id": "half a letter", "question": "x", "filters": {"speaker": "\\ud800"}}',
    b'{"id": "date", "question": "x", "filters": {"since": "soon"}}',
    b'{"id": "blank", "question": " \\t"}',
    b'{"id": "long", "question": "' + b"why " * 3000 + b'"}',
    b'{"id": [], "question": "x"}',
    b'{"id": NaN, "question": "x"}',
    b'{"id": "\\u001b]52;c;\\u0007", "question": null}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
)


def stopped_batches(count: int) -> Measure:
    """Batches that are killed at random moments, some cut within their last line and some
    stopped by a full disk; the runs after that must lose no line and double none."""
    chance = random.Random(SEED)
    wrong: list[str] = []
    stopped = refused = 0
    with indexed() as (_, index):
        questions, output = index.parent / "questions.jsonl", index.parent / "answers.jsonl"
        rows = written(questions, chance)
        whole = forked(asking(questions, output, index))
        assert whole.code == FAILED, whole.out  # it has bad rows
        expected = output.read_bytes()
        wrong += misjoined(expected, rows)
        for trial in range(count):
            output.unlink()
            if trial % 4 == 3:
                room = chance.randrange(len(expected))
                ended = forked(asking(questions, output, index, room))
                clear = ended.code == FAILED and "disk full: expected room for" in ended.out
                refused += clear
                if not clear or "Traceback" in ended.out:
                    wrong.append(f"room for {room} bytes: code {ended.code}: {ended.out[-300:]}")
            else:
                moment = killed_after(chance.uniform(0, whole.seconds))
                ended = forked(asking(questions, output, index), moment)
                stopped += ended.code < 0
                cut(output, chance)
            again = forked(asking(questions, output, index))
            found = output.read_bytes()
            if again.code != FAILED or found != expected:
                lost = len(set(expected.splitlines()) - set(found.splitlines()))
                more = len(found.splitlines()) - len(
                    set(found.splitlines()) & set(expected.splitlines())
                )
                wrong.append(f"{lost} lines lost, {more} doubled or made up: {again.out[-300:]}")
    bad = sum(row in BAD for row in rows)
    name = (
        f"{count} batches of {len(rows)} rows ({bad} bad), {stopped} killed, {refused} out of room"
    )
    return judged(name, wrong)


def written(questions: Path, chance: random.Random) -> list[bytes]:
    """A file of questions with every kind of bad row, each row another by its id."""
    rows = [
        json.dumps({"id": n, "question": chance.choice(GOOD)}, ensure_ascii=False).encode()
        for n in range(5 * len(BAD))
    ]
    rows += BAD
    chance.shuffle(rows)
    questions.write_bytes(b"\n".join(rows))
    return rows


def misjoined(output: bytes, rows: list[bytes]) -> list[str]:
    """The rows whose line is missing or another's."""
    lines = [json.loads(line) for line in output.splitlines()]
    wrong = [] if len(lines) == len(rows) else [f"{len(lines)} lines for {len(rows)} rows"]
    for number, (row, line) in enumerate(zip(rows, lines, strict=False), 1):
        if row in BAD:
            sound = set(line) == {"id", "error"} and line["error"].startswith(f"line {number}: ")
        else:
            asked = json.loads(row)
            sound = (line["id"], line.get("question")) == (asked["id"], asked["question"])
        if not sound:
            wrong.append(f"row {number}: {row[:60]!r} got {str(line)[:120]}")
    return wrong


def asking(questions: Path, output: Path, index: Path, room: int = 0) -> Callable[[], int]:
    """The command that answers the questions, with room for so many bytes if any are given."""

    def work() -> int:
        write = batch._write_all

        def limited(handle: int, data: bytes) -> None:  # not before the index is copied
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
            write(handle, data)

        if room:
            batch._write_all = limited
        at = ["--index", str(index)]
        return main(["--questions", str(questions), "--output", str(output), *at])

    return work


def cut(output: Path, chance: random.Random) -> None:
    """Now and then tear the last line, as a machine that loses its power does."""
    if output.exists() and chance.random() < 0.5:
        data = output.read_bytes()
        last = data.rfind(b"\n", 0, -1) + 1
        output.write_bytes(data[: chance.randrange(last, len(data) + 1)])
