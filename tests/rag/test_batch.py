"""A file of questions: every row gets its line, a stopped run goes on, and nothing is overwritten."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from index.errors import IndexUnusable
from rag.__main__ import main
from rag.onrecord import OnRecord

ASKED = "what did Erdoğan tell Putin?"
GOOD = json.dumps({"id": "good", "question": ASKED}).encode()

BAD: dict[str, bytes] = {
    "history is a number": b'{"id": 1, "question": "what did he say?", "history": 5}',
    "history is true": b'{"id": 1, "question": "what did he say?", "history": true}',
    "history is text": b'{"id": 1, "question": "what did he say?", "history": "earlier"}',
    "history is an object": b'{"id": 1, "question": "what did he say?", "history": {}}',
    "a turn is a number": b'{"id": 1, "question": "what did he say?", "history": [5]}',
    "a role is a list": b'{"id": 1, "question": "x", "history": [{"role": [], "content": "a"}]}',
    "filters are a list": b'{"id": 1, "question": "what did he say?", "filters": ["Putin"]}',
    "filters are a number": b'{"id": 1, "question": "what did he say?", "filters": 0}',
    "a filter is a number": b'{"id": 1, "question": "what did he say?", "filters": {"speaker": 0}}',
    "a filter is false": b'{"id": 1, "question": "what did he say?", "filters": {"kind": false}}',
    "half a letter in a filter": b'{"id": 1, "question": "x", "filters": {"speaker": "\\ud800"}}',
    "no such filter": b'{"id": 1, "question": "what did he say?", "filters": {"by": "Putin"}}',
    "no date": b'{"id": 1, "question": "what did he say?", "filters": {"since": "May"}}',
    "a question that is a number": b'{"id": 1, "question": 5}',
    "a question that is null": b'{"id": 1, "question": null}',
    "no question": b'{"id": 1}',
    "an empty question": b'{"id": 1, "question": " "}',
    "an endless question": b'{"id": 1, "question": "' + b"a" * 10_000 + b'"}',
    "an id that is a list": b'{"id": [1], "question": "what did he say?"}',
    "an id that is true": b'{"id": true, "question": "what did he say?"}',
    "an id that is no number": b'{"id": NaN, "question": "what did he say?"}',
    "an id beyond all numbers": b'{"id": 1e999, "question": "what did he say?"}',
    "a list": b"[]",
    "an empty object": b"{}",
    "no json": b"no json",
    "half a row": b'{"id": 1, "question": "what did',
    "a number of many digits": b'{"id": ' + b"7" * 10_000 + b', "question": "x"}',
    "a deep row": b"[" * 100_000,
    "bytes of another encoding": '{"id": 1, "question": "Erdoğan?"}'.encode("cp1254"),
}


def named(count: int) -> list[bytes]:
    return [json.dumps({"id": f"q{n}", "question": ASKED}).encode() for n in range(count)]


class Batch:
    """A questions file and an output, and the command that reads one into the other."""

    def __init__(self, folder: Path, index: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.questions, self.output = folder / "q.jsonl", folder / "a.jsonl"
        self.folder, self.index, self.capsys = folder, index, capsys

    def ask(self, *rows: bytes) -> None:
        self.questions.write_bytes(b"".join(row + b"\n" for row in rows))

    def run(self, *more: str, output: str | Path = "", index: str | Path = "") -> int:
        self.capsys.readouterr()
        code = main(
            ["--index", str(index or self.index), "--questions", str(self.questions),
             "--output", str(output or self.output), *more]
        )  # fmt: skip
        self.told = self.capsys.readouterr().err
        assert "Traceback" not in self.told
        return code

    @property
    def lines(self) -> list[dict[str, object]]:
        text = self.output.read_text(encoding="utf-8")
        assert not text or text.endswith("\n")
        return [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]


@pytest.fixture
def batch(tmp_path, seed_index, capsys):
    return Batch(tmp_path, seed_index, capsys)


def test_every_row_gets_a_line_whatever_it_is(batch):
    rows = [row for bad in BAD.values() for row in (GOOD, bad)] + [GOOD]
    batch.ask(*rows)
    assert batch.run() == 1
    lines = batch.lines
    assert len(lines) == len(rows)
    assert all(line["id"] == "good" and line["text"] for line in lines[::2])
    for number, (name, line) in enumerate(zip(BAD, lines[1::2], strict=True)):
        assert list(line) == ["id", "error"], name
        assert line["id"] in (None, 1), name
        assert line["error"].startswith(f"line {2 * number + 2}: "), name
        assert "\n" not in line["error"] and len(line["error"]) < 300, name
        assert f"q.jsonl: {line['error']}" in batch.told, name
    assert f"{len(rows)} rows: {len(rows) - len(BAD)} answered, {len(BAD)} errors" in batch.told


def test_rows_without_errors_end_with_a_count_and_0(batch):
    batch.ask(*named(2))
    assert batch.run() == 0
    assert "2 rows: 2 answered, 0 errors" in batch.told


def test_lines_are_numbered_as_an_editor_numbers_them(batch):
    batch.ask(b"", GOOD, b" \t", b"no json")
    batch.run()
    assert [line["id"] for line in batch.lines] == ["good", None]
    assert batch.lines[1]["error"].startswith("line 4: ")


def test_half_a_letter_in_an_id_or_a_question_is_written_as_it_was_read(batch):
    batch.ask(
        b'{"id": "\\ud800", "question": "what did \\udfff say?"}', b'{"id": "\\u001b\\u009b"}'
    )
    batch.run()
    assert [line["id"] for line in batch.lines] == ["\ud800", "\x1b\x9b"]
    data = batch.output.read_bytes()
    assert b"\\ud800" in data
    assert b"\\u009b" in data


def test_a_failure_of_the_program_costs_one_row(batch, monkeypatch):
    answer = OnRecord.answer

    def failing(self, question, **rest):
        if "nobody" in question:
            raise RuntimeError("a step\nfailed")
        return answer(self, question, **rest)

    monkeypatch.setattr(OnRecord, "answer", failing)
    batch.ask(GOOD, b'{"id": 2, "question": "what did nobody say?"}', GOOD)
    assert batch.run() == 1
    assert [line["id"] for line in batch.lines] == ["good", 2, "good"]
    assert batch.lines[1]["error"] == "line 2: not answered: RuntimeError: a step failed"
    assert batch.run() == 1  # all are there
    assert len(batch.lines) == 3


def test_an_index_that_is_gone_ends_the_run_and_fails_no_row(batch, monkeypatch):
    answer, left = OnRecord.answer, [2]

    def failing(self, question, **rest):
        left[0] -= 1
        if left[0] < 0:
            raise IndexUnusable("it is gone")
        return answer(self, question, **rest)

    batch.ask(*named(4))
    monkeypatch.setattr(OnRecord, "answer", failing)
    assert batch.run() == 1
    assert [line["id"] for line in batch.lines] == ["q0", "q1"]
    monkeypatch.setattr(OnRecord, "answer", answer)
    assert batch.run() == 0
    assert [line["id"] for line in batch.lines] == ["q0", "q1", "q2", "q3"]


def test_a_second_run_goes_on_behind_the_last_whole_line(batch, monkeypatch):
    batch.ask(*named(3), b"no json", GOOD)
    assert batch.run() == 1
    whole = batch.output.read_bytes()
    answer, asked = OnRecord.answer, list[str]()

    def counted(self, question, **rest):
        asked.append(question)
        return answer(self, question, **rest)

    monkeypatch.setattr(OnRecord, "answer", counted)
    ends = [0, *(i + 1 for i, byte in enumerate(whole) if byte == 10)]
    cuts = {0, 1, 5, len(whole), len(whole) - 1, *ends, *(end + 9 for end in ends[:-1])}
    for cut in sorted(cuts):
        batch.output.write_bytes(whole[:cut])
        asked.clear()
        assert batch.run() == 1
        assert batch.output.read_bytes() == whole, cut
        done = sum(end <= cut for end in ends[1:])
        assert len(asked) == 5 - done - (done < 4), cut
        assert "5 rows: 4 answered, 1 errors" in batch.told


def test_restart_begins_anew(batch):
    batch.ask(*named(2))
    batch.output.write_text("of another day\n")
    assert batch.run("--restart") == 0
    assert len(batch.lines) == 2
    assert batch.run("--restart") == 0
    assert len(batch.lines) == 2


CHANGED = {
    "another question": (1, b'{"id": "q1", "question": "what did Putin say?"}', 2),
    "another id": (1, b'{"id": "r1", "question": "what did Erdo\xc4\x9fan tell Putin?"}', 2),
    "a row that was bad": (2, b'{"id": "q2", "question": "what did Putin say?"}', 3),
    "a row that is bad now": (0, b"no json", 1),
    "a row that is bad in another way": (2, b'{"id": null, "question": 7}', 3),
    "another order": (0, named(2)[1], 1),
}


@pytest.mark.parametrize(("at", "row", "told"), CHANGED.values(), ids=CHANGED)
def test_questions_that_were_changed_between_two_runs_are_noticed(batch, at, row, told):
    rows = [*named(2), b"no json", GOOD]
    batch.ask(*rows)
    batch.run()
    before = batch.output.read_bytes()
    rows[at] = row
    batch.ask(*rows)
    assert batch.run() == 1
    assert f"line {told} of" in batch.told
    assert "--restart" in batch.told
    assert batch.told.count("\n") == 1
    assert batch.output.read_bytes() == before


def test_questions_that_became_fewer_are_noticed_and_more_are_answered(batch):
    batch.ask(*named(3))
    batch.run()
    before = batch.output.read_bytes()
    batch.ask(*named(2))
    assert batch.run() == 1
    assert "found 3 lines" in batch.told
    assert batch.output.read_bytes() == before
    batch.ask(*named(4))
    assert batch.run() == 0
    assert [line["id"] for line in batch.lines] == ["q0", "q1", "q2", "q3"]
    assert "4 rows: 4 answered, 0 errors (3 of them by an earlier run)" in batch.told


FOREIGN = {
    "text": b"precious\n",
    "text without an end": b"precious",
    "json of others": b'{"id": "q0", "question": "what did Erdo\xc4\x9fan tell Putin?"}\n',
    "json of others without an end": b'{"id": "q0", "question": "what did he say?"}',
    "bytes": b"\x00\xff\n\xfe",
    "a deep line": b"[" * 100_000 + b"\n",
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_a_file_of_something_else_is_left_as_it_is(batch, content):
    batch.ask(*named(2))
    batch.output.write_bytes(content)
    assert batch.run() == 1
    assert batch.output.read_bytes() == content
    assert batch.told.count("\n") == 1
    assert "--restart" in batch.told


@pytest.mark.parametrize("more", [[], ["--restart"]])
def test_an_index_that_is_not_there_empties_nothing(batch, tmp_path, more):
    batch.ask(GOOD)
    for content in (b"precious\n", b""):
        batch.output.write_bytes(content)
        assert batch.run(*more, index=tmp_path / "nothing") == 1
        assert "there is no index" in batch.told
        assert batch.output.read_bytes() == content
    batch.output.unlink()
    batch.run(*more, index=tmp_path / "nothing")
    assert not batch.output.exists()


@pytest.mark.parametrize("more", [[], ["--restart"]])
def test_the_questions_are_not_written_over(batch, more):
    batch.ask(GOOD)
    before = batch.questions.read_bytes()
    soft, hard = batch.folder / "soft", batch.folder / "hard"
    soft.symlink_to(batch.questions)
    os.link(batch.questions, hard)
    around = batch.folder / "x" / ".." / batch.questions.name
    (batch.folder / "x").mkdir()
    for output in (batch.questions, soft, hard, around):
        assert batch.run(*more, output=output) == 1
        assert batch.told.count("\n") == 1
        assert "expected --output to be another file than" in batch.told
        assert batch.questions.read_bytes() == before


@pytest.mark.parametrize("more", [[], ["--restart"]])
def test_the_index_is_not_written_over(batch, more):
    batch.ask(GOOD)
    link = batch.folder / "link"
    link.symlink_to(batch.index)
    truth = batch.index / "articles.sqlite3"
    hard = batch.folder / "hard"
    os.link(truth, hard)
    before = truth.read_bytes()
    for output in (truth, batch.index / "new.jsonl", link / "articles.sqlite3", hard):
        assert batch.run(*more, output=output) == 1
        assert "the index" in batch.told
        assert truth.read_bytes() == before
    hard.unlink()
    assert not (batch.index / "new.jsonl").exists()


@pytest.mark.linux
def test_an_output_that_cannot_be_written_is_one_line(batch):
    batch.ask(*named(2))
    for output, told in (
        ("/dev/full", "disk full"),
        (batch.folder, "Is a directory"),
        (batch.folder / "no" / "a.jsonl", "No such file"),
    ):
        assert batch.run(output=output) == 1
        assert told in batch.told
        assert batch.told.count("\n") == 1


def test_a_device_takes_lines_and_has_none_to_go_on_behind(batch):
    batch.ask(*named(2))
    assert batch.run(output="/dev/null") == 0
    assert batch.run(output="/dev/null") == 0


def test_questions_that_cannot_be_read_are_one_line(batch):
    batch.output.write_bytes(b"precious\n")
    assert batch.run() == 1
    assert batch.told.count("\n") == 1
    batch.questions.mkdir()
    assert batch.run() == 1
    assert batch.told.count("\n") == 1
    assert batch.output.read_bytes() == b"precious\n"


def test_two_runs_do_not_write_one_output(batch):
    batch.ask(*named(2))
    with batch.output.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert batch.run() == 1
        assert "another run" in batch.told
        assert batch.output.read_bytes() == b""
    assert batch.run() == 0


def test_no_question_and_no_output_are_one_line(batch, seed_index, capsys):
    batch.ask(GOOD)
    for options in (
        ["--questions", str(batch.questions)],
        ["--output", "x"],
        ["--restart", "why?"],
    ):
        assert main(["--index", str(seed_index), *options]) == 1
        assert capsys.readouterr().err.count("\n") == 1
