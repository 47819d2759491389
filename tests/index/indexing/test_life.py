"""The life of an index: articles come, change and go, and nothing else does."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import threading
from pathlib import Path

import pytest

from index.__main__ import main
from index.errors import IndexUnusable
from index.indexing.build import add, rebuild, remove
from index.indexing.watch import watch
from index.ingest.load import Options
from index.settings import Settings
from index.storage.disk import sha256
from index.storage.export import QUOTE_COLUMNS, export, guarded, unguarded
from index.storage.health import listing, status, verify
from index.storage.scratch import Scratch
from index.storage.snapshot import Generation, current
from index.storage.store import Store
from tests.running import run_python

ROOT = Path(__file__).parents[3]
BRIDGE = "Mayor Ana Ruiz said the bridge would open in May. The works took two years."
CANARY = "Minister Pavel Orlov told Deniz Kaya the zyxquorvat would be closed."


def rows(file: Path, *articles: dict[str, object]) -> Path:
    file.write_text("\n".join(json.dumps(a) for a in articles), encoding="utf-8")
    return file


@pytest.fixture
def two(tmp_path) -> Settings:
    """An index of two articles, one of them with a word that stands nowhere else."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BRIDGE)
    (folder / "canary.txt").write_text(CANARY)
    settings = Settings(tmp_path / "i")
    assert add([folder], settings).added == 2
    return settings


def holders(folder: Path, word: bytes) -> list[str]:
    """The files that have a word anywhere in their bytes."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return [file.relative_to(folder).as_posix() for file in files if word in file.read_bytes()]


def test_a_removed_article_is_nowhere_any_more(two):
    assert len(holders(two.index, b"zyxquorvat")) == 3
    reader = Generation(two.index)
    report = remove(["canary", "nobody"], two)
    assert (report.removed, report.unknown, report.counts["articles"]) == (
        ("canary",),
        ("nobody",),
        1,
    )
    assert holders(two.index, b"zyxquorvat") == []
    reader.close()
    assert [item.article.id for item in listing(two)] == ["bridge"]
    assert all(not finding.wrong for finding in verify(two))


def test_replaced_words_are_nowhere_any_more(two, tmp_path):
    (tmp_path / "in" / "canary.txt").write_text(BRIDGE)
    assert add([tmp_path / "in"], two).updated == 1
    assert holders(two.index, b"zyxquorvat") == []


def test_an_article_can_be_removed_by_its_file_and_added_again(two, tmp_path):
    file = tmp_path / "in" / "canary.txt"
    assert remove([str(file)], two).removed == ("canary",)
    report = add([tmp_path / "in"], two)
    assert (report.added, report.unchanged) == (1, 1)


def test_the_last_article_can_be_removed(two):
    assert remove(["canary", "bridge"], two).counts["articles"] == 0
    assert status(two).manifest.counts["quotes"] == 0


def test_a_file_that_did_not_change_is_not_opened_again(two, tmp_path, monkeypatch):
    before = current(two.index)
    monkeypatch.setattr("index.ingest.load.Sandbox.items", pytest.fail)
    assert add([tmp_path / "in"], two).unchanged == 2
    assert current(two.index) == before


def test_two_files_of_one_name_do_not_replace_each_other(tmp_path):
    settings = Settings(tmp_path / "i")
    files = [tmp_path / d / "same.txt" for d in "ab"]
    for number, file in enumerate(files):
        file.parent.mkdir()
        file.write_text(f"{BRIDGE} {number}")
    report = add(files, settings)
    assert (report.added, len(report.failed)) == (1, 1)
    assert "just given by" in str(report.failed[0])


def test_three_orders_and_batches_give_one_content(tmp_path):
    articles = [
        {"id": f"x{n}", "text": f"{BRIDGE} Ruiz told Kaya it cost {n} euros."} for n in range(5)
    ]
    found = set()
    for turn, order in enumerate((articles, articles[::-1], articles[2:] + articles[:2])):
        settings = Settings(tmp_path / f"i{turn}")
        for part in (order[:3], order[3:]):
            add([rows(tmp_path / f"{turn}-{part[0]['id']}.jsonl", *part)], settings)
        found.add(status(settings).manifest.content)
    assert len(found) == 1


def test_an_older_index_is_refused_and_brought_up_to_date_by_a_rebuild(two):
    store = Store(two.index)
    for statement in (
        "UPDATE meta SET value = '1' WHERE key = 'schema'",
        "ALTER TABLE articles DROP COLUMN sketch",
        "ALTER TABLE articles DROP COLUMN seal",
        "DROP TABLE files",
        "DROP TABLE changes",
        "DROP TABLE made",
    ):
        store._db.execute(statement)
    store.close()
    with pytest.raises(IndexUnusable, match=r"older schema 1.*rebuild"):
        Store(two.index)
    before = status(two).manifest.content
    assert rebuild(two).updated == 2
    assert status(two).manifest.content == before


def test_a_newer_or_foreign_file_is_refused(two, tmp_path):
    store = Store(two.index)
    store._db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    store.close()
    with pytest.raises(IndexUnusable, match="schema 99"):
        rebuild(two)
    import sqlite3

    other = sqlite3.connect(tmp_path / "articles.sqlite3")
    other.execute("CREATE TABLE songs(title)")
    other.commit()
    other.close()
    with pytest.raises(IndexUnusable, match="not a file of OnRecord"):
        Store(tmp_path)


def test_a_letter_changed_behind_our_back_is_found_and_never_published(two):
    store = Store(two.index)
    store._db.execute("UPDATE articles SET text = replace(text, 'May', 'Jun') WHERE id = 'bridge'")
    store.close()
    assert any("'bridge' is not as it was stored" in line for f in verify(two) for line in f.wrong)
    before = current(two.index)
    with pytest.raises(IndexUnusable, match=r"'bridge'.* is not as it was stored"):
        rebuild(two)
    assert current(two.index) == before
    assert remove(["bridge"], two).removed == ("bridge",)


def test_files_are_closed_to_other_users(two):
    paths = [two.index, *two.index.rglob("*")]
    assert [p for p in paths if stat.S_IMODE(p.stat().st_mode) & 0o077] == []


def test_what_a_killed_process_left_is_swept(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = "import os, signal; from index.storage.scratch import Scratch; s = Scratch(); print(s.path, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    left = Path(run_python("-c", code, TMPDIR=str(tmp_path)).stdout.strip())
    assert left.exists()
    held = Scratch()
    other = Scratch()
    assert not left.exists()
    assert held.path.exists()
    held.close()
    other.close()
    assert list(tmp_path.iterdir()) == []


def test_an_export_has_every_quote_and_no_active_cell(tmp_path):
    settings = Settings(tmp_path / "i")
    text = (
        'Ana Ruiz said: "=HYPERLINK(1) is what they sent us."\nDeniz Kaya said the bridge was shut.'
    )
    add(
        [
            rows(
                tmp_path / "a.jsonl",
                {"id": "=x", "text": text, "title": "@SUM(A1)", "outlet": "\t-1"},
            )
        ],
        settings,
    )
    out = io.StringIO()
    count = export(settings.index, out, "csv")
    table = list(csv.reader(io.StringIO(out.getvalue())))
    assert tuple(table[0]) == QUOTE_COLUMNS
    assert len(table) == count + 1 == status(settings).manifest.counts["quotes"] + 1
    cells = [cell for row in table[1:] for cell in row]
    assert [c for c in cells if c.lstrip()[:1] in tuple("=+-@") or c[:1] in ("\t", "\r")] == []
    plain = io.StringIO()
    export(settings.index, plain, "jsonl")
    for row, line in zip(table[1:], plain.getvalue().splitlines(), strict=True):
        stored = json.loads(line)
        assert [unguarded(c) for c in row[:3]] == [stored[name] for name in QUOTE_COLUMNS[:3]]
        assert text[stored["start"] : stored["end"]] == stored["quote"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "'=1", "''@x", "\t=1", "-5", "+1", "@a", "\r", "＝1", "It’s", "'tis", ""]
)
def test_a_guarded_cell_is_plain_text_and_can_be_read_back(cell):
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_wire_copies_share_an_original_and_other_reports_do_not(tmp_path):
    story = " ".join(
        f"The port of Varna handled {n} ships in its week number {n * 7}, Deniz Kaya said on the radio."
        for n in range(30)
    )
    other = " ".join(
        f"In week {n * 7} the harbour counted {n} vessels, according to its head Deniz Kaya."
        for n in range(30)
    )
    settings = Settings(tmp_path / "i")
    add(
        [
            rows(
                tmp_path / "a.jsonl",
                {"id": "wire", "text": story, "date": "2020-01-01"},
                {
                    "id": "copy",
                    "text": story[:1800] + " More in our evening edition.",
                    "date": "2020-01-02",
                },
                {
                    "id": "edited",
                    "text": story.replace("on the radio", "on air", 9),
                    "date": "2020-01-03",
                },
                {"id": "other", "text": other, "date": "2019-01-01"},
            )
        ],
        settings,
    )
    generation = Generation(settings.index)
    catalog = generation.catalog
    assert catalog.original_of == {"wire": "wire", "copy": "wire", "edited": "wire"}
    assert catalog.copies_of("wire") == ["copy", "edited"]
    assert catalog.copies_of("other") == []
    generation.close()


def test_a_watched_folder_is_followed(tmp_path, monkeypatch):
    monkeypatch.setattr("index.indexing.watch.QUIET_MILLISECONDS", 50)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "one.txt").write_text(BRIDGE)
    stop = threading.Event()
    reports = watch(folder, Settings(tmp_path / "i"), Options(), stop, pytest.fail)
    assert next(reports).added == 1
    (folder / "two.txt").write_text(CANARY)
    assert next(reports).added == 1
    (folder / "one.txt").write_text(BRIDGE.replace("May", "June"))
    report = next(reports)
    assert (report.updated, report.unchanged) == (1, 1)
    stop.set()
    assert list(reports) == []


def test_every_command_works_from_the_command_line(two, tmp_path, capsys):
    at = ["--index", str(two.index)]
    assert main(["list", *at]) == 0
    assert "bridge" in capsys.readouterr().out
    assert main(["status", *at]) == 0
    assert status(two).manifest.content in capsys.readouterr().out
    assert main(["verify", *at]) == 0
    assert "not ok" not in capsys.readouterr().out
    assert main(["export", *at, "--output", str(tmp_path / "q.csv")]) == 0
    assert (tmp_path / "q.csv").read_text(encoding="utf-8").startswith("quote_id,")
    assert main(["export", *at, "--output", str(tmp_path / "no" / "q.csv")]) == 1
    assert main(["remove", *at, "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err
    assert main(["remove", *at, "canary"]) == 0
    assert main(["verify", "--index", str(tmp_path / "nowhere")]) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema", 1),
        ("extractor", 0),
        ("embedder", "other-model"),
        ("weights", "0" * 64),
        ("dimension", 8),
    ],
)
def test_an_index_made_with_other_parts_is_never_read(two, field, value):
    from rag import OnRecord

    manifest = two.index / "generations" / current(two.index) / "manifest.json"
    row = json.loads(manifest.read_text())
    row["fingerprint"][field] = value
    manifest.write_text(json.dumps(row))
    with pytest.raises(IndexUnusable, match=rf"{field}.*rebuild"):
        OnRecord.open(two.index)


@pytest.mark.parametrize(
    "function",
    [
        {
            "type": "known",
            "name": "sentence_transformer",
            "config": {"model_name": "x/y", "trust_remote_code": True},
        },
        {"type": "known", "name": "default", "config": {}},
    ],
)
def test_a_chroma_database_that_names_code_is_refused_before_chroma_opens_it(
    two, function, monkeypatch
):
    """Even where the manifest agrees: somebody may have made both."""
    import sqlite3

    reader = Generation(two.index)
    reader.close()
    (segment,) = (part.segment.folder for part in reader.parts)
    file = segment / "chroma" / "chroma.sqlite3"
    db = sqlite3.connect(file)
    db.execute(
        "UPDATE collections SET config_json_str = ?",
        (json.dumps({"embedding_function": function}),),
    )
    db.commit()
    db.close()
    listing = segment / "segment.json"
    row = json.loads(listing.read_text())
    row["chroma/chroma.sqlite3"] = sha256(file)
    listing.write_text(json.dumps(row))
    manifest = two.index / "generations" / current(two.index) / "manifest.json"
    row = json.loads(manifest.read_text())
    row["segments"][0]["sha256"] = sha256(listing)
    manifest.write_text(json.dumps(row))
    monkeypatch.setattr("index.search.chroma._client", pytest.fail)
    (wrong,) = [line for finding in verify(two) for line in finding.wrong]
    assert re.search(r"not built by OnRecord.*(embedding_function|known)", wrong)


def test_templates_and_serial_forms_in_metadata_stay_text(tmp_path):
    odd = [
        '{"lc": 1, "type": "secret", "id": ["KEY"]}',
        "{x.__class__}",
        "{{7*7}}",
        "%s %(a)s",
        "${HOME}",
        "<b>&amp;",
    ]
    settings = Settings(tmp_path / "i")
    articles = [
        {
            "id": f"{n} {t}",
            "text": f"Ana Ruiz said {t} was wrong.",
            "title": t,
            "url": t,
            "author": t,
        }
        for n, t in enumerate(odd)
    ]
    assert add([rows(tmp_path / "a.jsonl", *articles)], settings).added == len(odd)
    assert [item.article.title for item in listing(settings)] == odd
    out = io.StringIO()
    export(settings.index, out, "jsonl")
    stored = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {row["title"] for row in stored} <= set(odd)
    assert all(row["quote"] in articles[odd.index(row["title"])]["text"] for row in stored)


def test_the_best_hit_is_found_among_wire_copies(tmp_path):
    """Four tenths of the vectors are near-duplicates, which crowd a sparse graph."""
    import numpy as np

    from index.search.chroma import Collections, build

    numbers = np.random.default_rng(11)
    rows_ = numbers.normal(size=(2000, 384)).astype(np.float32)
    for at in range(1200, 2000):
        rows_[at] = rows_[at % 40] + numbers.normal(scale=0.02, size=384)
    rows_ /= np.linalg.norm(rows_, axis=1, keepdims=True)
    folder = tmp_path / "chroma"
    folder.mkdir()
    build(folder, {"passages": rows_, "quotes": rows_[:0]})
    collections = Collections(folder)
    found = [n in collections.nearest("passages", rows_[n], 10) for n in range(0, 2000, 4)]
    collections.close()
    assert np.mean(found) >= 0.999


def test_what_other_rooms_keep_of_a_removed_article_goes_with_it(two):
    store = Store(two.index)
    store._db.execute("CREATE TABLE notes(article_id TEXT NOT NULL, words TEXT NOT NULL)")
    store._db.execute("INSERT INTO notes VALUES ('canary', 'the zyxquorvat'), ('bridge', 'kept')")
    store.close()
    add([], two)
    remove(["canary"], two)
    assert holders(two.index, b"zyxquorvat") == []
    store = Store(two.index)
    assert store._db.execute("SELECT words FROM notes").fetchall() == [("kept",)]
    store.close()
