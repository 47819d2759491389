"""The same index from Ray as from one process."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.__main__ import main
from index.indexing.build import add
from index.indexing.distribute import on_ray
from index.ingest.load import Options
from index.settings import Settings
from index.storage.health import status

ROOT = Path(__file__).parents[3]

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None,
    reason="Ray is not installed; run: pip install 'onrecord[scale]'",
)

TOWNS = ("Arden", "Bray", "Corby", "Dorn", "Elst", "Fano", "Gent", "Hove", "Ilz")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "news"
    made.mkdir()
    for town in TOWNS:
        text = f"{town} will wait. The mayor of {town} told Ana Ruiz that it was late.\n"
        (made / f"{town}.txt").write_text(text)
    rows = [{"id": f"row{n}", "text": f"Ivo Kaya said on day {n}: “We stay.”"} for n in range(3)]
    (made / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (made / "broken.txt").write_bytes(b"\xff\xfe\xff")
    return made


@needs_ray
def test_ray_gives_the_index_that_one_process_gives(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, two = Settings(tmp_path / "one", processes=1), Settings(tmp_path / "two", processes=2)
    here = add([folder], one)
    there = add([folder.name], two, engine=on_ray)
    assert (there.added, there.counts) == (here.added, here.counts) == (12, here.counts)
    assert [str(f) for f in there.failed] == [str(f) for f in here.failed]
    assert status(two).manifest.content == status(one).manifest.content

    (folder / "Arden.txt").write_text("Arden has waited, Ana Ruiz said.\n")
    again = add([folder], two, engine=on_ray)
    assert (again.added, again.updated, again.unchanged) == (0, 1, 11)
    add([folder], one)
    assert status(two).manifest.content == status(one).manifest.content


@needs_ray
@pytest.mark.soak
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_ray_talks_to_this_machine_alone(folder, tmp_path):
    """No report, no dashboard, no question to a cloud: every address is loopback."""
    log = tmp_path / "calls"
    command = [sys.executable, "-m", "index", "add", str(folder), "--engine", "ray"]
    subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=connect,bind", "-o", str(log), *command],
        cwd=ROOT,
        env={**os.environ, "ONRECORD_INDEX": str(tmp_path / "index"), "PYTHONPATH": str(ROOT)},
        check=False,
    )
    calls = [c for c in log.read_text(errors="replace").splitlines() if "AF_INET" in c]
    loopback = re.compile(r'"127\.\d+\.\d+\.\d+"|"::1"|"::ffff:127\.')
    assert calls
    assert [call for call in calls if not loopback.search(call)] == []


def test_without_ray_it_says_what_to_install(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    at = ["--index", str(tmp_path / "index")]
    assert main(["add", str(folder), "--engine", "ray", *at]) == 1
    assert "pip install 'onrecord[scale]'" in capsys.readouterr().err


def test_a_file_is_known_by_its_state_and_its_articles(folder, tmp_path):
    """What a worker is told, so that it does not do again what is done."""
    from index.storage.store import Store

    settings = Settings(tmp_path / "index", processes=1)
    add([folder], settings, options=Options())
    with Store(settings.index) as store:
        taken, digests = store.known_of(str((folder / "rows.jsonl").resolve()))
        assert taken is not None and taken[1] == 3
        assert sorted(digests) == ["row0", "row1", "row2"]
        assert store.known_of(str(folder / "rows")) == (None, {})
