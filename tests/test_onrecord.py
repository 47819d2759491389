"""The console command, in this checkout and installed from the wheel into an empty environment."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import onrecord

ROOT = Path(__file__).parent.parent
OURS = {*onrecord.OURS, "onrecord"}
LIBRARY = r"onrecord: the library \w+ is not installed; run: pip install onrecord\n"
ARTICLE = (
    "Mayor Ines Halvorsen opened the new tram line on Monday.\n\n"
    "“The line will reach the harbour by spring,” Halvorsen told reporters.\n"
)


def test_help_lists_every_command_and_nothing_heavy_is_loaded_for_it(capsys):
    assert onrecord.main([]) == 0
    first = capsys.readouterr().out
    assert onrecord.main(["--help"]) == 0
    assert capsys.readouterr().out == first
    for name in onrecord.COMMANDS:
        assert re.search(rf"^  {name} ", first, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(onrecord.COMMANDS))
def test_a_command_calls_itself_by_the_name_that_was_typed(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        onrecord.main([name, "--help"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: onrecord {name} ")


def test_every_command_of_the_index_is_one_of_these():
    with pytest.raises(SystemExit):
        importlib.import_module("index.__main__").main(["nothing"])
    parser = importlib.import_module("index.__main__")._index_parser("onrecord")
    (commands,) = (a.choices for a in parser._actions if a.choices)
    assert set(commands) <= onrecord.COMMANDS.keys()


def test_a_command_that_there_is_not_is_one_clear_line(capsys):
    assert onrecord.main(["tell\x1b[2J", "x"]) == 2
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "\x1b" not in complaint
    assert "found tell" in complaint
    assert "onrecord --help" in complaint


def test_no_other_installed_package_has_one_of_our_names():
    """What the wheel puts beside other packages is in nobody's way here."""
    owners = importlib.metadata.packages_distributions()
    for name in OURS:
        assert set(owners.get(name, ["onrecord"])) == {"onrecord"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The bin folder of an empty environment with the wheel in it, and none of its libraries."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    venv.create(folder / "venv", with_pip=False)
    (wheel,) = folder.glob("*.whl")
    python = folder / "venv" / "bin" / "python"
    install = ["-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "-q"]
    subprocess.run([sys.executable, *install, str(wheel)], check=True, capture_output=True)
    return python.parent


def run(command: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A run of the installed command that sees neither this checkout nor an index of mine."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "ONRECORD"))}
    return subprocess.run(
        [command, *arguments], cwd=cwd, env=kept, capture_output=True, text=True, check=False
    )


def test_the_wheel_brings_the_command_and_misses_libraries_in_one_line(installed, tmp_path):
    command = installed / "onrecord"
    assert run(command, "--help", cwd=tmp_path).returncode == 0
    listed = run(command, "add", "--help", cwd=tmp_path)
    assert listed.stdout.startswith("usage: onrecord add ")
    missing = run(command, "ask", "who?", "--index", str(tmp_path / "none"), cwd=tmp_path)
    assert missing.returncode == 1
    assert re.fullmatch(LIBRARY, missing.stderr)


def test_the_wheel_adds_and_answers_where_a_folder_has_the_name_of_a_package(installed, tmp_path):
    """With the locked libraries; in a folder of the user's with an `index/` of their own."""
    libraries = Path(sysconfig.get_path("purelib"))
    (site,) = installed.parent.glob("lib/python*/site-packages")
    shutil.copytree(site.parents[2], own := tmp_path / "venv", symlinks=True)
    (site,) = own.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    (tmp_path / "tram.txt").write_text(ARTICLE, encoding="utf-8")
    at = ("--index", str(tmp_path / "index"))
    program = [str(own / "bin" / "python"), str(own / "bin" / "onrecord")]

    def done(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(Path(program[0]), program[1], *arguments, *at, cwd=tmp_path)

    added = done("add", "tram.txt")
    assert added.returncode == 0, added.stderr
    assert "articles    1" in done("status").stdout
    answered = done("ask", "What did Halvorsen tell reporters?")
    assert "“The line will reach the harbour by spring,”" in answered.stdout, answered.stderr
    where = run(Path(program[0]), "-c", "import rag; print(rag.__file__)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(own)
