"""A full folder for temporary files is told as that, and never as a damaged index."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

import pytest

from index.errors import DiskError, IndexUnusable
from index.settings import Settings
from index.storage import disk, scratch
from index.storage.health import verify
from index.storage.scratch import Scratch
from index.storage.snapshot import Generation


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


class Full:
    """A file that takes nothing."""

    def __init__(self, stream) -> None:
        self._stream = stream

    def __enter__(self):
        self._stream.__enter__()
        return self

    def __exit__(self, *of: object):
        return self._stream.__exit__(*of)

    write = staticmethod(full)


@pytest.fixture
def no_room(monkeypatch):
    """Files are made and nothing goes into them."""
    opened = Path.open

    def opening(self: Path, mode: str = "r", *rest: object, **more: object):
        found = opened(self, mode, *rest, **more)
        return Full(found) if mode == "xb" else found

    monkeypatch.setattr(disk.Path, "open", opening)


def told(error: DiskError | str) -> str:
    said = str(error)
    assert "temporary" in said
    assert tempfile.gettempdir() in said
    assert "TMPDIR" in said
    assert "rebuild" not in said
    assert "damaged" not in said
    return said


def test_a_reader_needs_no_room(seed_index, no_room, monkeypatch):
    """It maps the files where they are."""
    monkeypatch.setattr(scratch.tempfile, "mkdtemp", full)
    Generation(seed_index).close()


def test_a_private_folder_that_cannot_be_made_is_told(monkeypatch):
    monkeypatch.setattr(scratch.tempfile, "mkdtemp", full)
    with pytest.raises(DiskError) as found:
        Scratch()
    assert "full" in told(found.value)


def test_a_folder_that_may_not_be_written_to_is_told(monkeypatch):
    def closed(*_: object, **__: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(scratch.tempfile, "mkdtemp", closed)
    with pytest.raises(DiskError) as found:
        Scratch()
    assert "Permission denied" in told(found.value)


def test_verify_says_so_too(seed_index, no_room):
    """Beside what it could compare."""
    wrong = [line for finding in verify(Settings(seed_index)) for line in finding.wrong]
    assert len(wrong) == 1
    told(wrong[0])


def test_a_file_that_is_gone_is_still_the_index(seed_index, tmp_path):
    import shutil

    shutil.copytree(seed_index, tmp_path / "index")
    (manifest,) = (tmp_path / "index" / "generations").glob("*/manifest.json")
    manifest.unlink()
    with pytest.raises(IndexUnusable):
        Generation(tmp_path / "index")


def test_nothing_is_left_of_a_copy_that_found_no_room(seed_index, no_room, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    verify(Settings(seed_index))
    assert list(tmp_path.iterdir()) == []


def test_a_question_sorts_without_a_file(seed_index):
    """So a full disk does not stop one half way."""
    generation = Generation(seed_index)
    try:
        assert generation.catalog.rows("PRAGMA temp_store") == [(2,)]
    finally:
        generation.close()
