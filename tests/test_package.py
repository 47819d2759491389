"""What is built and what is installed: known files, the same twice, and nothing substituted."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


TOPS = {"index", "rag", "page", "ui.py", "onrecord.py"}
"""What the wheel puts beside other packages."""


def built(to: Path) -> dict[str, Path]:
    """The wheel and the source archive, built with the locked builder."""
    run = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(to)],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1790000000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return {file.suffix: file for file in to.iterdir()}


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> dict[str, Path]:
    return built(tmp_path_factory.mktemp("dist"))


def test_the_wheel_holds_the_program_and_nothing_else(packages):
    with zipfile.ZipFile(packages[".whl"]) as wheel:
        names = [Path(name) for name in wheel.namelist()]
    tops = {name.parts[0] for name in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == TOPS
    program = {n.as_posix() for n in names if not n.parts[0].endswith(".dist-info")}
    for package in ("index", "rag", "page"):
        sources = {p.relative_to(ROOT).as_posix() for p in (ROOT / package).rglob("*.py")}
        assert sources <= program
    assert {name for name in program if name.endswith(".json")} == {"rag/ranking/weights.json"}
    assert {n.suffix for n in names} <= {
        ".py",
        ".js",
        ".css",
        ".svg",
        ".md",
        ".npy",
        ".json",
        ".txt",
        ".typed",
        "",
    }
    assert {"index/py.typed", "rag/py.typed", "page/py.typed"} <= program
    info = {n.name for n in names if n.parts[0].endswith(".dist-info")}
    assert {"METADATA", "RECORD", "LICENSE", "NOTICE"} <= info


def test_the_source_archive_holds_what_is_kept_under_version_control(packages):
    with tarfile.open(packages[".gz"]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for kept in (
        "training/fit.py",
        "training/data/articles.jsonl",
        "LICENSE",
        "NOTICE",
        "CITATION.cff",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "requirements.hashed",
        "tests/test_lock.py",
    ):
        assert kept in names
    odd = (".sqlite3", ".pyc", ".safetensors", ".onnx", ".env", ".key")
    assert not [name for name in names if name.endswith(odd) or "__pycache__" in name]


@pytest.mark.soak
def test_the_same_source_gives_the_same_bytes_twice(packages, tmp_path):
    again = built(tmp_path / "again")
    for kind, file in packages.items():
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert hashlib.sha256(again[kind].read_bytes()).hexdigest() == digest


def test_a_substituted_package_is_not_installed(packages, tmp_path):
    """As `make install` does it: a wheel whose bytes are not those of the lock is refused."""
    wheel = packages[".whl"]
    shop = tmp_path / "shop"
    shop.mkdir()
    substitute = shop / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(substitute, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("index/evil.py", "print('ran')")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = tmp_path / "requirements.hashed"
    lock.write_text(f"onrecord=={wheel.name.split('-')[1]} --hash=sha256:{digest}\n")
    command = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--quiet"]
    command += ["--require-hashes", "--find-links", str(shop), "--target", str(tmp_path / "to")]
    run = subprocess.run([*command, "-r", str(lock)], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "DO NOT MATCH THE HASHES" in run.stderr
    assert not (tmp_path / "to" / "index").exists()
    substitute.write_bytes(wheel.read_bytes())
    run = subprocess.run([*command, "-r", str(lock)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
