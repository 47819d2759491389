"""What the Containerfile runs, run without a builder: from the files that it copies alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent
LINES = [
    line.split(maxsplit=1)
    for line in (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def given(instruction: str) -> list[str]:
    return [rest for name, rest in LINES if name == instruction]


def words(instruction: str) -> list[str]:
    """The one list of words of an instruction."""
    (rest,) = given(instruction)
    found: list[str] = json.loads(rest[rest.index("[") :])
    return found


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Path:
    """The files that are copied, and nothing else."""
    folder = tmp_path_factory.mktemp("image")
    for copied in given("COPY"):
        *sources, target = copied.split()
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / target)
            else:
                shutil.copy(ROOT / source, folder / target)
    return folder


@pytest.fixture(scope="module")
def started(image, seed_index, tmp_path_factory) -> Iterator[str]:
    """The address of what the image starts, on a port of its own."""
    program = [sys.executable, "-m", *words("ENTRYPOINT"), *words("CMD"), "--port", "0"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    data = tmp_path_factory.mktemp("data")
    shutil.copytree(seed_index, data / "index")
    named = dict(pair.split("=") for pair in given("ENV")[0].split())
    own = {k: v.replace("/data", str(data)) for k, v in named.items()}
    with subprocess.Popen(
        program, cwd=image, env={**kept, **own}, stdout=subprocess.PIPE, text=True
    ) as server:
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found
        yield found[0].rstrip("/")
        server.terminate()


def test_it_runs_as_a_user_without_rights_whom_it_makes():
    names = [name for name, _ in LINES]
    (user,) = given("USER")
    assert user != "root"
    assert any(f"useradd --create-home --uid 10001 {user}" in run for run in given("RUN"))
    assert max(n for n, name in enumerate(names) if name == "RUN") < names.index("USER")
    assert names.index("USER") < names.index("ENTRYPOINT")


def test_what_is_installed_is_what_is_locked():
    """All by its hash, PyTorch by the version in the lock, and nothing from an address."""
    installs = [run for run in given("RUN") if "pip install" in run]
    assert "--require-hashes -r requirements.hashed" in installs[0]
    assert "-c requirements.lock" in installs[1]
    assert all("--no-deps" in run for run in (installs[0], installs[2]))
    assert not given("ADD")
    for run in given("RUN"):
        subprocess.run(["sh", "-n", "-c", run], check=True)


def test_the_copied_files_make_the_wheel(image, tmp_path):
    (*_, install) = given("RUN")
    command = [*install.replace("python", sys.executable, 1).split(), "--target", str(tmp_path)]
    done = subprocess.run(command, cwd=image, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "bin" / "onrecord").is_file()


def test_it_is_live_and_ready_and_its_health_check_says_so(started):
    for _ in range(60):
        if httpx.get(f"{started}/readyz", timeout=30).status_code == 200:
            break
        time.sleep(0.5)
    assert httpx.get(f"{started}/livez").json()["status"] == "live"
    assert httpx.get(f"{started}/readyz").json()["status"] == "ready"
    port = started.rpartition(":")[2]
    check = words("HEALTHCHECK")
    assert ":7860/" in check[-1]
    for at, code in ((port, 0), ("1", 1)):
        command = [sys.executable, *check[1:-1], check[-1].replace(":7860/", f":{at}/")]
        assert subprocess.run(command, capture_output=True, check=False).returncode == code
