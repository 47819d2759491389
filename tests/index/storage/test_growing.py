"""Writers wait for each other, small segments are merged, and a stale archive is noticed."""

from __future__ import annotations

import threading
import time

import filelock
import pytest

from index.__main__ import main
from index.errors import IndexBusy
from index.indexing.build import add, merge, remove
from index.settings import Settings
from index.storage import publish
from index.storage.health import status, verify
from index.storage.snapshot import Generation, writing


@pytest.fixture
def grown(tmp_path, monkeypatch) -> Settings:
    """An index of three segments of two articles each."""
    monkeypatch.setattr(publish, "OPEN", 1)
    settings = Settings(tmp_path / "index")
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(
            f"Mayor Ana Ruiz said the bridge number {number} would open. It took {number} years."
        )
    for first in (0, 2, 4):
        add([tmp_path / f"{n}.txt" for n in (first, first + 1)], settings)
        monkeypatch.setattr(publish, "_passages_left", lambda *_: 10)
    monkeypatch.undo()
    monkeypatch.setattr(publish, "OPEN", 0)
    assert len(status(settings).manifest.segments) == 3
    return settings


def test_a_writer_waits_for_another_and_is_told_whom(tmp_path, caplog):
    folder, held, go = tmp_path / "index", threading.Event(), threading.Event()

    def hold() -> None:
        with writing(folder):
            held.set()
            go.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    with pytest.raises(IndexBusy, match="by process"), writing(folder, 0):
        pass
    threading.Timer(0.3, go.set).start()
    with writing(folder, 10):
        assert "waiting, for 10 s at most" in caplog.text
    other.join()


def test_a_merge_leaves_one_segment_and_no_word_of_what_was_removed(grown):
    with_word = {p for p in grown.index.rglob("*") if p.is_file() and b"number 3" in p.read_bytes()}
    assert with_word
    report = remove(["3"], grown)
    assert report.left == 1
    assert "python -m index merge" in str(report)
    reader = Generation(grown.index)
    assert "3" not in reader.catalog.article_ids()
    reader.close()
    before = status(grown).manifest
    merged = merge(grown)
    assert (merged.before, merged.after, merged.left) == (3, 1, 0)
    after = status(grown).manifest
    assert (after.content, after.counts, after.taken) == (
        before.content,
        before.counts,
        before.taken,
    )
    files = [p for p in grown.index.rglob("*") if p.is_file()]
    assert not [p for p in files if b"number 3" in p.read_bytes()]
    assert all(not finding.wrong for finding in verify(grown))
    assert str(merge(grown)) == "1 segments became 1."


def test_a_group_at_a_time_is_merged_while_there_are_many(grown, monkeypatch):
    monkeypatch.setattr(publish, "SEALED", 4)
    assert len(publish.segments_to_merge(grown.index)) == 1
    assert publish.segments_to_merge(grown.index, fewest=8) == []
    assert merge(grown, seconds=0).after == 2


def test_an_archive_that_grows_by_single_articles_has_few_segments(grown, tmp_path, monkeypatch):
    monkeypatch.setattr(publish, "FEW", 3)
    monkeypatch.setattr(publish, "OPEN", 1)
    counts = []
    for number in range(6, 18):
        article = tmp_path / f"{number}.txt"
        article.write_text(f"Mayor Ana Ruiz said the bridge number {number} would open.")
        add([article], grown)
        counts.append(len(status(grown).manifest.segments))
    assert max(counts) <= 6
    assert status(grown).manifest.counts["articles"] == 18
    assert all(not finding.wrong for finding in verify(grown))


def test_what_was_removed_is_written_out_after_a_day(grown, monkeypatch):
    remove(["3"], grown)
    assert status(grown).dead == 1
    monkeypatch.setattr(publish, "FORGET", publish.FORGET * 0)
    remove(["5"], grown)
    assert status(grown).dead <= 1
    files = [p for p in grown.index.rglob("*") if p.is_file()]
    assert not [p for p in files if b"number 3" in p.read_bytes()]


@pytest.mark.parametrize(("age", "code"), [("1h", 0), ("2d", 0), ("0s", 1)])
def test_an_archive_that_nothing_came_into_is_noticed(seed_index, age, code, capsys):
    assert main(["status", "--index", str(seed_index), "--max-age", age]) == code
    said = capsys.readouterr()
    assert "fresh       last change taken in 20" in said.out
    assert ("expected a change within" in said.err) == bool(code)


@pytest.mark.parametrize("options", [("status", "--max-age", "soon"), ("merge", "--wait", "-1")])
def test_a_time_that_is_none_is_one_line(seed_index, options, capsys):
    with pytest.raises(SystemExit):
        main([*options, "--index", str(seed_index)])
    assert "expected" in capsys.readouterr().err


def test_who_waits_is_next_before_whoever_comes_back_at_once(tmp_path):
    entered, done = threading.Event(), threading.Event()

    def wait() -> None:
        with writing(tmp_path, wait=30):
            entered.set()
            done.wait(30)

    other = threading.Thread(target=wait)
    with writing(tmp_path):
        other.start()
        door = filelock.FileLock(tmp_path / "writer.door", timeout=0)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                door.acquire()
            except filelock.Timeout:
                break
            door.release()
            time.sleep(0.01)
    with pytest.raises(IndexBusy), writing(tmp_path):
        pass
    assert entered.wait(10)
    done.set()
    other.join()
    with writing(tmp_path):
        pass
