"""Beside Linux there is macOS: what only Linux has is asked for with a fallback, or is marked."""

from __future__ import annotations

import errno
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.ingest.memory import limit_memory
from index.storage import disk

ROOT = Path(__file__).parent.parent
LINUX_ONLY = re.compile(
    r"/proc/|/dev/full|\btaskset\b|os\.(?:sched_\w+|copy_file_range|sendfile|posix_fadvise|memfd_create)"
    r"|RLIMIT_AS|prctl|pidfd"
)
WITH_A_FALLBACK = {
    "index/settings.py": "sched_getaffinity where there is one",
    "index/ingest/memory.py": "goes on without a bound",
}
MARKED = re.compile(r"mark\.linux|needs Linux")
GNU_ONLY = (r"sed -[a-z]*i", r"sed -[a-z]*r", r"grep -[a-zA-Z]*P", r"\breadlink -f", r"\bdate -d",
            r"\bnproc\b", r"\bcp -[a-z]*a", r"\bxargs -[a-z]*r", r"\bmktemp\b(?! -d)",
            r"\bsort -[a-z]*V", r"\btac\b", r"\bstat -c")  # fmt: skip


def sources(*folders: str) -> list[str]:
    found = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return sorted(p.relative_to(ROOT).as_posix() for p in [*found, *ROOT.glob("*.py")])


@pytest.mark.parametrize("source", sources("index", "rag", "page"))
def test_what_only_linux_has_is_asked_for_with_a_fallback(source):
    found = LINUX_ONLY.search((ROOT / source).read_text(encoding="utf-8"))
    assert bool(found) == (source in WITH_A_FALLBACK), found


@pytest.mark.parametrize("source", sources("tests"))
def test_a_test_that_needs_linux_says_so(source):
    text = (ROOT / source).read_text(encoding="utf-8")
    if Path(source).name.startswith("test_") and source != "tests/test_platforms.py":
        assert not LINUX_ONLY.search(text) or MARKED.search(text)


def test_the_makefile_asks_nothing_of_gnu_tools_but_make():
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not [tool for tool in GNU_ONLY if re.search(tool, recipes)]


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_a_lock_keeps_its_heading_when_it_is_made_again(tmp_path):
    """The one place where the Makefile cuts a file: with awk, as POSIX has it."""
    shell = re.search(r"awk ('.*?') requirements\.hashed", (ROOT / "Makefile").read_text())
    assert shell
    cut = ["sh", "-c", f"awk {shell[1]} requirements.hashed"]
    done = subprocess.run(cut, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = (ROOT / "requirements.hashed").read_text(encoding="utf-8").splitlines()
    heading = [line for line in lines if line.startswith("#")]
    assert done.stdout.splitlines() == heading == lines[: len(heading)]


@pytest.mark.parametrize("error", [ValueError("exceeds maximum"), OSError(errno.EINVAL, "x")])
def test_where_memory_has_no_bound_the_work_goes_on(monkeypatch, error):
    def refuse(*_):
        raise error

    monkeypatch.setattr(resource, "setrlimit", refuse)
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert limit_memory(1 << 30) is False
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    with pytest.raises(type(error)):
        limit_memory(1 << 30)


@pytest.mark.parametrize("strong", [True, False])
def test_macos_is_asked_for_its_stronger_flush(monkeypatch, tmp_path, strong):
    asked: list[str] = []

    def fcntl(_handle, command):
        asked.append(command)
        if not strong:
            raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(disk.fcntl, "F_FULLFSYNC", "full", raising=False)
    monkeypatch.setattr(disk.fcntl, "fcntl", fcntl)
    monkeypatch.setattr(os, "fsync", lambda _: asked.append("fsync"))
    disk.write_private(tmp_path / "a", "b")
    assert asked == (["full"] if strong else ["full", "fsync"])
