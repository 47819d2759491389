"""The command line: forms, exit codes, sources given with the draft, and what is kept of them."""

from __future__ import annotations

import io
import json
import sys
import tempfile
from pathlib import Path

import pytest

from rag.__main__ import main

EXACT = "“We will not sell the north quay before 2035,” Holm told reporters.\n"
ALTERED = "“We will sell the north quay before 2035,” Holm said.\n"
NONE = "It rained on Friday.\n"


@pytest.fixture
def check(press_index, tmp_path, capsys):
    """Runs the command on texts; gives the exit code, the output and the errors."""

    def run(*texts: str, options: tuple[str, ...] = (), at: Path | None = press_index):
        files = []
        for number, text in enumerate(texts):
            file = tmp_path / f"draft-{number}.txt"
            file.write_text(text, encoding="utf-8")
            files.append(str(file))
        index = ["--index", str(at)] if at else []
        code = main([*index, *options, "--check", *files])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.mark.parametrize(
    ("text", "code"), [(EXACT, 0), (ALTERED, 1), (NONE, 0), (EXACT + "\n" + ALTERED, 1), ("\n", 2)]
)
def test_the_exit_code_tells_a_pipeline(check, text, code):
    assert check(text)[0] == code


def test_text_has_the_worst_first_and_ends_with_the_counts(check):
    code, out, _ = check(EXACT + "\n" + ALTERED)
    lines = out.splitlines()
    assert code == 1
    assert lines[0].startswith("altered (grave): “We will sell the north quay")
    assert "    Differs: “not” is missing (negation)." in lines
    assert lines[-1].endswith("1 altered, 1 exact; 1 grave.")


def test_one_draft_is_an_object_and_several_are_a_list(check):
    one = json.loads(check(ALTERED, options=("--json",))[1])
    assert one["passes"] is False
    assert one["counts"] == {"altered": 1}
    (finding,) = one["findings"]
    assert finding["words"] == ALTERED[finding["start"] : finding["end"]]
    assert [p["weight"] for p in finding["diff"] if p["change"] == "missing"] == ["negation"]
    review = finding["claim_review"]
    assert review["@type"] == "ClaimReview"
    assert review["reviewRating"]["alternateName"] == "altered (grave)"
    assert review["itemReviewed"]["author"]["name"] == "Holm"
    several = json.loads(check(ALTERED, EXACT, options=("--json",))[1])
    assert [c["passes"] for c in several] == [False, True]


def test_markdown_takes_no_mark_up_from_a_draft(check):
    hostile = "“<b>we</b> [x](javascript:1) **all** `of` # it and more,” Holm said.\n"
    out = check(hostile, options=("--markdown",))[1]
    assert "\\<b\\>we\\</b\\> \\[x\\]\\(javascript:1\\) \\*\\*all\\*\\*" in out
    assert out.startswith("# Check of ")
    assert "Nearest, no evidence" in out or "not on record" in out


def test_the_standard_input_is_a_draft(press_index, monkeypatch, capsys):
    class Bytes:
        buffer = io.BytesIO(ALTERED.encode())

    monkeypatch.setattr(sys, "stdin", Bytes)
    assert main(["--index", str(press_index), "--check", "-"]) == 1
    assert "altered" in capsys.readouterr().out
    Bytes.buffer = io.BytesIO(b"\xff\xfe\x00")
    assert main(["--index", str(press_index), "--check", "-"]) == 2
    assert (
        capsys.readouterr().err == "onrecord: standard input: expected UTF-8, found other bytes\n"
    )


def test_a_bad_draft_is_one_line_and_the_others_are_checked(check, tmp_path, press_index, capsys):
    bad = tmp_path / "scan.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    good = tmp_path / "good.md"
    good.write_text(EXACT, encoding="utf-8")
    assert main(["--index", str(press_index), "--check", str(bad), str(good)]) == 2
    shown = capsys.readouterr()
    assert "exact" in shown.out
    assert len([line for line in shown.err.splitlines() if line.startswith("onrecord:")]) == 1


@pytest.mark.parametrize("path", ["nothing-here.txt", "draft.exe"])
def test_what_cannot_be_read_is_bad_input(press_index, tmp_path, capsys, path):
    if path.endswith("exe"):
        (tmp_path / path).write_text("x")
    assert main(["--index", str(press_index), "--check", str(tmp_path / path)]) == 2
    assert capsys.readouterr().err.startswith("onrecord: ")


def test_an_index_that_is_not_there_is_bad_input_and_no_verdict(check, tmp_path):
    assert check(EXACT, at=tmp_path / "none")[0] == 2


def test_too_much_text_is_refused(check):
    code, _, err = check("we will go. " * 100_000)
    assert code == 2
    assert "expected a draft of at most 1,000,000 characters" in err


def test_against_files_keeps_nothing(check, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    source = tmp_path / "interview.txt"
    source.write_text("“The bridge is safe,” engineer Lena Oxley said.\n", encoding="utf-8")
    against = ("--against", str(source))
    assert check("“The bridge is safe,” Lena Oxley said.\n", options=against, at=None)[0] == 0
    assert check("“The bridge is not safe,” Lena Oxley said.\n", options=against, at=None)[0] == 1
    assert list(scratch.iterdir()) == []


def test_against_nothing_that_can_be_read_is_bad_input(check, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    code, _, err = check(EXACT, options=("--against", str(empty)), at=None)
    assert code == 2
    assert "expected sources behind --against" in err


@pytest.mark.parametrize(
    "options",
    [["--against", "a.txt"], ["--markdown", "what?"], ["what?", "--check", "a.txt"],
     ["--json", "--markdown", "--check", "a.txt"]],
)  # fmt: skip
def test_options_that_do_not_go_together(options, capsys):
    assert main(options) == 1
    assert capsys.readouterr().err.startswith("onrecord: expected ")
