"""An export takes the place of a file when it is whole; an index that cannot be read is one line."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from index.__main__ import main
from index.search.catalog import Catalog
from index.storage.store import TRUTH

ROOT = Path(__file__).parents[3]


@pytest.fixture
def index(seed_index, tmp_path) -> Path:
    return Path(shutil.copytree(seed_index, tmp_path / "index"))


def refused(capsys, *arguments: object) -> str:
    """The one line of a command that is refused."""
    capsys.readouterr()
    assert main([str(a) for a in arguments]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1, told
    return told


def test_a_mistyped_index_empties_no_output(tmp_path, capsys):
    output = tmp_path / "q.csv"
    output.write_text("precious")
    told = refused(capsys, "export", "--index", tmp_path / "nothing", "--output", output)
    assert "there is no index" in told
    assert output.read_text() == "precious"
    assert [p.name for p in tmp_path.iterdir()] == ["q.csv"]


def test_an_export_that_breaks_off_leaves_what_was_there(index, tmp_path, monkeypatch):
    output = tmp_path / "q.csv"
    output.write_text("precious")

    def broken(self: Catalog, article_id: str) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(Catalog, "article", broken)
    with pytest.raises(RuntimeError):
        main(["export", "--index", str(index), "--output", str(output)])
    assert output.read_text() == "precious"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["index", "q.csv"]


def test_an_export_keeps_rights_and_links(index, tmp_path):
    output, link = tmp_path / "q.csv", tmp_path / "link.csv"
    output.write_text("old")
    output.chmod(0o640)
    link.symlink_to(output)
    assert main(["export", "--index", str(index), "--output", str(link)]) == 0
    assert link.is_symlink()
    assert output.stat().st_mode & 0o777 == 0o640
    assert output.read_text(encoding="utf-8").startswith("quote_id,")
    before = os.umask(0o022)
    try:
        assert main(["export", "--index", str(index), "--output", str(tmp_path / "new.csv")]) == 0
    finally:
        os.umask(before)
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o644


def test_an_export_over_the_index_or_an_article_is_refused(index, tmp_path, capsys):
    truth, hard, link = index / TRUTH, tmp_path / "hard", tmp_path / "link"
    os.link(truth, hard)
    link.symlink_to(index)
    before = truth.read_bytes()
    for output in (truth, hard, link / TRUTH, index / "new.csv", index / "generations" / "q.csv"):
        assert "the index" in refused(capsys, "export", "--index", index, "--output", output)
    assert truth.read_bytes() == before
    assert not (index / "new.csv").exists()
    article = tmp_path / "article.txt"
    article.write_text("Mayor Ana Ruiz said the bridge would open in May.")
    own = tmp_path / "own"
    assert main(["add", "--index", str(own), str(article)]) == 0
    soft = tmp_path / "soft"
    soft.symlink_to(article)
    for output in (article, soft):
        assert "article" in refused(capsys, "export", "--index", own, "--output", output)
    assert article.read_text().startswith("Mayor")


@pytest.mark.linux
def test_an_output_that_takes_nothing_is_one_line(index, tmp_path, capsys):
    for output, told in (
        ("/dev/full", "disk full"),
        (tmp_path, "Is a directory"),
        (tmp_path / "no" / "q.csv", "No such file"),
    ):
        for form in ("csv", "jsonl"):
            line = refused(capsys, "export", "--index", index, "--format", form, "--output", output)
            assert told in line
    assert main(["export", "--index", str(index), "--output", "/dev/null"]) == 0


def _text(file: Path) -> None:
    file.write_text("garbage " * 1000)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _loop(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _foreign(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE mine(a)")


def _no_columns(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as db:
        db.executescript(
            "CREATE TABLE meta(key, value); INSERT INTO meta VALUES ('revision', '1'), "
            "('schema', '4'); CREATE TABLE articles(id, seal); INSERT INTO articles VALUES (7, 8)"
        )


def _bytes_for_text(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("UPDATE articles SET text = CAST(x'ff41' AS TEXT)")


def _half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _missing(file: Path) -> None:
    file.unlink()


SPOILT = (_text, _empty, _folder, _loop, _pipe, _foreign, _no_columns, _bytes_for_text, _half, _missing)  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda s: s.__name__.strip("_"))
def test_a_truth_that_cannot_be_read_is_one_line(index, spoil, capsys, tmp_path):
    for side in ("-wal", "-shm"):
        (index / f"{TRUTH}{side}").unlink(missing_ok=True)
    spoil(index / TRUTH)
    at = ["--index", str(index)]
    assert main(["verify", *at]) == 1
    found = capsys.readouterr()
    assert "not ok  the stored articles" in found.out
    assert found.err == ""
    if spoil in (_no_columns, _bytes_for_text):  # all that a status needs can be read
        assert main(["status", *at]) == 0
    else:
        told = refused(capsys, "status", *at)
        assert TRUTH in told or "there is no index" in told
    if spoil is not _missing and spoil is not _empty:  # a new one may take their place
        assert str(index) in refused(capsys, "rebuild", *at)
        if spoil is not _bytes_for_text:
            assert str(index) in refused(capsys, "remove", "x", *at)
    assert main(["list", *at]) == 0  # readers have their own copy


def _without_roots_rights() -> None:
    """Drop from root, before a program begins, the right to read whatever there is."""
    drop_from_bounding_set, override, read_search = 24, 1, 2
    for right in (override, read_search):
        ctypes.CDLL(None).prctl(drop_from_bounding_set, right, 0, 0, 0)


@pytest.mark.parametrize("closed", [TRUTH, "", "CURRENT", "generations", "segments"])
def test_rights_that_are_missing_are_one_line(index, closed):
    rights = (index / closed).stat().st_mode
    (index / closed).chmod(0)
    for command in ("status", "verify", "list", "export", "rebuild"):
        done = subprocess.run(
            [sys.executable, "-m", "index", command, "--index", index],
            cwd=ROOT, capture_output=True, text=True, check=False,
            preexec_fn=None if os.geteuid() else _without_roots_rights,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        if done.returncode == 0 and command in ("list", "export", "rebuild"):
            continue  # readers have their own copy, and a rebuild makes another
        assert done.returncode == 1
        if command == "verify":
            assert done.stderr == ""
            assert "not ok" in done.stdout
        else:
            assert done.stderr.count("\n") == 1, done.stderr
            assert "denied" in done.stderr, done.stderr
    (index / closed).chmod(rights)


def test_an_export_that_is_killed_leaves_what_was_there(index, tmp_path):
    """The file is replaced in one step, and only once it is whole."""
    output = tmp_path / "q.csv"
    output.write_text("precious")
    code = (
        "import os, signal, sys; from index.search import catalog; from index.__main__ import main; "
        "catalog.Catalog.article = lambda *_: os.kill(os.getpid(), signal.SIGKILL); "
        f"main(['export', '--index', {str(index)!r}, '--output', {str(output)!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert output.read_text() == "precious"


def test_no_room_for_the_copy_that_verify_makes_is_told_as_such(index, capsys):
    """Nothing is wrong with the index then, and no rebuild would help; readers need no room."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))
    try:
        assert main(["list", "--index", str(index)]) == 0
        capsys.readouterr()
        code = main(["verify", "--index", str(index)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    told = capsys.readouterr().out
    assert "the folder for temporary files" in told
    assert "is full" in told
    assert "rebuild" not in told
    assert code == 1
