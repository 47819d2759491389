"""Nothing foreign commands a terminal: no control of an article, a name or an argument is printed."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.__main__ import main as index_main
from index.indexing.build import add
from index.settings import Settings
from index.text.escape import escaped, is_hidden, json_text
from rag.__main__ import main as rag_main

ROOT = Path(__file__).parents[1]

CLIPBOARD = "\x1b]52;c;cm0gLXJm\x07"
WINDOW = "\x9d0;owned\x9c"
CONCEALED = "\x1b[8mnot\x1b[28m"
UP = "\x1b[1A\x1b[2K\r"
BIDI = "\u202egnp\u2066"
ALL = f"{CLIPBOARD}{WINDOW}{CONCEALED}{UP}{BIDI}\x00\x7f\x0b\x0c\x85\u2028\u200b"

ARTICLE = {
    "id": f"a{CLIPBOARD}\x1b[2Jb\nc\td",
    "title": f"T{CLIPBOARD}{BIDI}\n\n[7] The Daily Forgery, characters 1 to 2",
    "outlet": f"O{UP}{WINDOW}",
    "author": f"A{CONCEALED}{WINDOW}",
    "url": f"https://example.org/{UP}{BIDI}",
    "date": f"2020 {CONCEALED}{UP}",
    "text": f'Dana{BIDI} Reed said on Monday: "The bridge will {CONCEALED} open {WINDOW}in June." '
    f'Dana Reed told Omar Falk: "The toll {CLIPBOARD}is not{UP} fair."',
}  # fmt: skip
TURKISH = {"id": "tr", "title": "Köprü açıldı", "text": "Şükrü Ağaoğlu said: “Köprü açık.”"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    source = folder / f"source{CONCEALED}"
    source.mkdir()
    rows = [json.dumps(row) for row in (ARTICLE, TURKISH)]
    (source / f"n\x1b[2Jm\u202e{WINDOW}.jsonl").write_text("\n".join([*rows, "no json"]))
    (source / f"b\x1b[2J\n{UP}.txt").write_bytes(b"")
    report = add([source], Settings(folder / "index"))
    assert (report.added, len(report.failed)) == (2, 2)
    return folder


def controls(text: str) -> list[str]:
    return [c for c in text if c not in "\n\t" and is_hidden(c)] + [c for c in text if c == "\r"]


def told(capsys, main, *arguments: str) -> str:
    """What a command prints on both streams; it must have no control."""
    capsys.readouterr()
    with contextlib.suppress(SystemExit):  # argparse leaves so
        main(list(arguments))
    out, err = capsys.readouterr()
    assert controls(out + err) == [], (out + err)[:2000]
    assert "Traceback" not in err
    return out + err


def test_no_command_of_the_index_prints_a_control(hostile, capsys):
    at = ["--index", str(hostile / "index")]
    source = next(p for p in hostile.iterdir() if p.name.startswith("source"))
    # The same files under another name: their ids are taken, and that is told.
    other = hostile / f"other{UP}"
    if not other.exists():
        shutil.copytree(source, other)
        for file in other.glob("n*"):
            file.rename(other / f"z{WINDOW}.jsonl")
            text = (other / f"z{WINDOW}.jsonl").read_text()
            (other / f"z{WINDOW}.jsonl").write_text(text.replace("June", "July"))
    assert "[U+001B]" in told(capsys, index_main, "add", str(source), *at)
    assert "already belongs" in told(capsys, index_main, "add", str(other), *at)
    listed = told(capsys, index_main, "list", *at)
    assert len(listed.splitlines()) == 2
    assert "b[U+000A]c[U+0009]d\t" in listed
    for command in ("status", "verify", "rebuild"):
        told(capsys, index_main, command, *at)
    for arguments in (
        ["remove", ALL.replace("\x00", ""), *at],
        ["export", "--output", str(hostile / f"no{ALL}"[:80].replace("\x00", "") / "x"), *at],
        ["watch", f"/nowhere/{ALL}".replace("\x00", ""), *at],
        ["add", f"/nowhere/{ALL}".replace("\x00", ""), *at],
        ["add", f"https://example.org/{ALL}", *at],
        ["list", "--index", f"/nowhere/{ALL}".replace("\x00", "")],
        ["status", "--index", str(hostile), "--embedder", ALL],
        [ALL],
        ["list", f"--{ALL}"],
        ["list", ALL],
        ["export", "--format", ALL],
        ["rebuild", "--chroma", ALL],
    ):
        told(capsys, index_main, *arguments)


def test_no_form_of_an_answer_prints_a_control(hostile, capsys, tmp_path):
    at = ["--index", str(hostile / "index")]
    asked = ("what did Dana Reed say?", "what did Dana Reed tell Omar Falk?",
             "when did Dana Reed speak of the bridge?", "who said that the toll is not fair?",
             "what did Omar Falk tell Dana Reed?", f"what did {ALL} say?", ALL)  # fmt: skip
    said = told(capsys, rag_main, asked[0], *at)
    assert "[U+001B]" in said
    assert not any(line.startswith("[7]") for line in said.splitlines())
    for question in asked:
        told(capsys, rag_main, *at, "--", question)
        found = told(capsys, rag_main, "--json", *at, "--", question)
        if found.startswith("{"):
            assert json.loads(found)["question"].split()[:1] == question.split()[:1]
    for arguments in (
        ["x", f"--{ALL}"], ["x", "y", ALL], ["x", "--since", ALL, *at], ["x", "--kind", ALL, *at],
        ["x", "--speaker", ALL, *at], ["x", "--llm", ALL, *at], ["x", "--index", "/nowhere/\x1b[2J"],
        ["x", "--embedder", ALL, *at], ["--questions", f"/nowhere/{UP}", "--output", "x", *at],
        ["x", "--llm", "openai:x", "--llm-url", ALL, *at],
    ):  # fmt: skip
        told(capsys, rag_main, *arguments)
    questions, output = tmp_path / f"q{UP}.jsonl", tmp_path / f"a{WINDOW}.jsonl"
    rows = [{"id": ALL, "question": asked[0]}, {"id": ALL, "question": 5}, {"question": asked[2]}]
    rows += [{"question": "x", "filters": {ALL: ALL}}, {"question": "x", "history": [{"role": ALL, "content": ""}]}]  # fmt: skip
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows))
    told(capsys, rag_main, "--questions", str(questions), "--output", str(output), *at)
    written = output.read_text(encoding="utf-8")
    assert controls(written) == []
    assert json.loads(written.splitlines()[0])["id"] == ALL
    output.write_text(json.dumps({"id": ALL, "text": ALL, "question": ALL}) + "\n")
    told(capsys, rag_main, "--questions", str(questions), "--output", str(output), *at)


def test_an_export_keeps_every_character_and_shows_none_to_a_terminal(hostile, tmp_path, capsys):
    at = ["--index", str(hostile / "index")]
    lines = told(capsys, index_main, "export", "--format", "jsonl", *at)
    titles = {json.loads(line)["title"] for line in lines.splitlines()}
    assert ARTICLE["title"] in titles
    for form in ("csv", "jsonl"):
        run = subprocess.run(
            [sys.executable, "-m", "index", "export", "--format", form, *at],
            cwd=ROOT, capture_output=True, check=True,
        )  # fmt: skip
        assert (CLIPBOARD.encode() in run.stdout) == (form == "csv")  # for programs: as it is
        leader, follower = pty.openpty()
        child = subprocess.Popen(
            [sys.executable, "-m", "index", "export", "--format", form, *at],
            cwd=ROOT, stdin=follower, stdout=follower, stderr=follower,
        )  # fmt: skip
        os.close(follower)
        seen = b""
        try:
            while block := os.read(leader, 65536):
                seen += block
        except OSError:
            pass  # Linux tells so that the other side is closed
        assert child.wait() == 0
        os.close(leader)
        assert b"Dana" in seen
        assert controls(seen.decode().replace("\r\r\n", "\n").replace("\r\n", "\n")) == []


def test_only_one_function_prints():
    """What is printed past it would not be escaped."""
    for name in ("index/__main__.py", "rag/__main__.py", "rag/batch.py", "ui.py"):
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        called = {getattr(f, "id", "") or getattr(f, "attr", "") for f in calls}
        assert not called & {"print", "ArgumentParser", "warn"}, name


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x2066, 0x200B, 0xE0041, 0xD800])  # fmt: skip
def test_what_a_terminal_would_obey_is_shown(code):
    assert escaped(f"a{chr(code)}b") == f"a[U+{code:04X}]b"
    text = json_text({"a": f"x{chr(code)}y"})
    assert controls(text) == []
    assert "\n" not in text
    assert json.loads(text) == {"a": f"x{chr(code)}y"}


def run(*command: str | bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False,
    )  # fmt: skip


ASCII = (
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "latin-1"},
)


@pytest.mark.parametrize("environment", ASCII, ids=lambda e: "-".join(e))
def test_an_output_of_few_letters_gets_escaped_ones(hostile, environment):
    at = ["--index", str(hostile / "index")]
    asked = "what did Dana Reed say?" if "LC_ALL" in environment else "what did Ağaoğlu say?"
    for command in (
        ["index", "list", *at], ["rag", "--json", asked, *at],
        ["index", "export", "--format", "jsonl", *at], ["index", "list", "--index", "/nowhere/ş"],
    ):  # fmt: skip
        done = run(*command, **environment)
        assert done.returncode == ("/nowhere/ş" in command), done.stderr
        assert b"Traceback" not in done.stderr
        assert all(byte < 128 or "latin-1" in environment.values() for byte in done.stdout + done.stderr)  # fmt: skip
        if "--json" in command:
            assert json.loads(done.stdout.decode("latin-1"))["question"] == asked
    done = run("index", "export", *at, **environment)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"--output" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["rag", b"what did \xff say?"],
        ["rag", b"--speaker", b"\xff", "what?"],
        ["rag", "--json", b"what did \xff say?"],
        ["rag", "--embedder", b"\xff", "what?"],
        ["rag", "--llm", b"\xff:\xff", "what?"],
        ["rag", "--questions", b"/nowhere/\xff", "--output", b"/nowhere/\xfe"],
        ["index", "remove", b"\xff"],
        ["index", "add", b"/nowhere/\xff"],
        ["index", "watch", b"/nowhere/\xff"],
        ["index", "export", "--output", b"/nowhere/\xff"],
        ["index", "list", b"--\xff"],
        ["index", "list", "--embedder", b"\xff"],
        ["index", "status", "--chroma", b"\xff"],
    ],
    ids=repr,
)
def test_arguments_that_are_not_utf_8_are_one_line_or_an_answer(hostile, arguments):
    done = run(*arguments, "--index", str(hostile / "index"))
    assert b"Traceback" not in done.stderr
    assert b"\xff" not in done.stdout + done.stderr
    messages = [
        line for line in done.stderr.splitlines() if b"usage:" not in line and line[:1] != b" "
    ]
    assert len(messages) == (done.returncode != 0), done.stderr


@pytest.mark.parametrize("command", [["list"], ["export"], ["add", "seeds"]], ids=" ".join)
def test_an_index_folder_that_is_not_utf_8_is_one_line(command, tmp_path):
    odd = os.fsencode(tmp_path) + b"/\xff"
    for done in (
        run("index", *command, "--index", odd),
        run("index", *command, ONRECORD_INDEX=os.fsdecode(odd)),
    ):
        assert done.returncode == 1
        assert done.stderr.count(b"\n") == 1
        assert b"UTF-8" in done.stderr
    assert not Path(os.fsdecode(odd)).exists()


def test_a_warning_is_escaped_too():
    code = (
        "import logging, sys; from index.text.terminal import run; "
        f"sys.exit(run(lambda: logging.getLogger('onrecord').warning('a %s b', {ALL!r}) or 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert controls(done.stderr.decode()) == []
    assert done.stderr.count(b"\n") == 1


def test_a_file_in_a_folder_that_is_not_utf_8_is_named_and_the_rest_is_indexed(tmp_path):
    odd = os.fsencode(tmp_path) + b"/caf\xe9"
    Path(os.fsdecode(odd)).mkdir()
    Path(os.fsdecode(odd), "a.txt").write_text("Ana Ruiz said it was so.")
    (tmp_path / "b.txt").write_text("Deniz Kaya said it was not so.")
    at = ["--index", str(tmp_path / "index")]
    for given in ([odd, str(tmp_path / "b.txt")], [str(tmp_path)], [odd + b"/a.txt"]):
        done = run("index", "add", *given, *at)
        assert b"Traceback" not in done.stderr
        assert done.stderr.count(b"\n") == 1, done.stderr
        assert b"UTF-8" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["index", "list"], ["rag", "--json", "what did Dana Reed say?"], ["index", "--help"],
        ["index", "nonsense"],
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.linux
def test_a_closed_or_full_output_is_no_traceback(hostile, command):
    at = [] if "--help" in command else ["--index", str(hostile / "index")]
    line = [sys.executable, "-m", *command, *at]
    for stream in ("stdout", "stderr"):
        reader, writer = os.pipe()
        os.close(reader)
        other = {"stdout": "stderr", "stderr": "stdout"}[stream]
        done = subprocess.run(
            line, cwd=ROOT, check=False, **{stream: writer, other: subprocess.PIPE}
        )
        os.close(writer)
        said = getattr(done, other)
        assert b"Traceback" not in said and b"Exception ignored" not in said
        assert done.returncode in (0, 1, 2)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(line, cwd=ROOT, check=False, stdout=full, stderr=subprocess.PIPE)
    assert b"Exception ignored" not in done.stderr and b"Traceback" not in done.stderr
    if command[1] not in ("--help", "nonsense"):
        assert done.returncode == 1
        assert b"No space left" in done.stderr
        assert done.stderr.count(b"\n") == 1
    done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *line], cwd=ROOT, check=False, stderr=subprocess.PIPE)  # fmt: skip
    assert b"Exception ignored" not in done.stderr and b"Traceback" not in done.stderr
