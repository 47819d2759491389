"""The write path with real parts: what goes in is stored whole, or named and left out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.attribution import budget
from index.attribution.extract import segmented
from index.embedding.embed import load_embedder
from index.embedding.minilm import MiniLM
from index.errors import IndexBusy, IndexUnusable, InputError
from index.indexing import analyse
from index.indexing.analyse import embedded_again
from index.indexing.build import add, rebuild, remove
from index.settings import EXTRACTOR, Settings
from index.storage.health import status
from index.storage.snapshot import GENERATIONS, Generation, current, writing
from index.storage.store import TRUTH, Store

ROOT = Path(__file__).parents[3]
BRIDGE = "Mayor Ana Ruiz said the bridge would open in May. The works took two years."


def rows(file: Path, *articles: dict[str, object]) -> Path:
    file.write_text("\n".join(json.dumps(a) for a in articles), encoding="utf-8")
    return file


def test_the_text_is_stored_as_it_was_given(tmp_path):
    text = '“İlk adım,” Ana Ruiz said.\r\n\r\nMayor Ruiz told Deniz Kaya: "It’s done."\u00a0\n'
    add([rows(tmp_path / "a.jsonl", {"id": "x", "text": text})], Settings(tmp_path / "i"))
    generation = Generation(tmp_path / "i")
    assert generation.catalog.article("x").text == text
    generation.close()


def test_adding_again_changes_nothing_and_a_changed_article_replaces_the_old(tmp_path):
    settings = Settings(tmp_path / "i")
    file = rows(tmp_path / "a.jsonl", {"id": "x", "text": BRIDGE})
    assert add([file], settings).added == 1
    before = current(settings.index)
    assert add([file], settings).unchanged == 1
    assert current(settings.index) == before
    rows(file, {"id": "x", "text": BRIDGE.replace("May", "June")})
    report = add([file], settings)
    assert (report.updated, report.counts["articles"]) == (1, 1)
    generation = Generation(settings.index)
    assert "June" in generation.catalog.article("x").text
    generation.close()


def test_a_bad_line_is_named_and_the_rest_is_indexed(tmp_path):
    file = tmp_path / "a.jsonl"
    good = json.dumps({"id": "x", "text": BRIDGE})
    file.write_text(f'{good}\nnot json\n{{"id": "y"}}\n[1]\n{{"text": "\\ud800"}}\n')
    report = add([file], Settings(tmp_path / "i"))
    assert report.added == 1
    assert [f.source.rpartition(":")[2] for f in report.failed] == ["2", "3", "4", "5"]
    assert all("expected" in f.message and "found" in f.message for f in report.failed)


@pytest.mark.parametrize("content", [b"", b"  \n ", "Güven said yes.".encode("cp1254")])
def test_a_file_without_utf8_text_is_refused_by_name(tmp_path, content):
    (tmp_path / "bad.txt").write_bytes(content)
    report = add([tmp_path / "bad.txt"], Settings(tmp_path / "i"))
    assert report.added == 0
    assert "bad.txt" in str(report.failed[0])


@pytest.mark.parametrize("processes", [1, 4])
def test_a_file_that_takes_too_long_to_analyse_is_named_and_the_rest_is_indexed(
    tmp_path, monkeypatch, processes
):
    monkeypatch.setattr(budget, "SECONDS", 1.0)
    monkeypatch.setattr(budget, "PER_CHARACTER", 0.0)
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(8):
        (folder / f"{n}.txt").write_text(BRIDGE)
    (folder / "2.txt").write_text("Ana said that Bob said that it was so. " * 2_500)
    report = add([folder], Settings(tmp_path / "i", processes=processes))
    assert report.added == 7
    (failure,) = report.failed
    assert failure.source.endswith("2.txt")
    assert "takes too long to analyse" in failure.message and "\n" not in str(failure)


def test_an_article_that_cannot_be_segmented_is_named_and_the_rest_is_indexed(
    tmp_path, monkeypatch
):
    def broken(article):
        if article.id == "y":
            raise MemoryError
        return segmented(article)

    monkeypatch.setattr(analyse, "segmented", broken)
    file = rows(tmp_path / "a.jsonl", *({"id": i, "text": BRIDGE} for i in "xyz"))
    report = add([file], Settings(tmp_path / "i"))
    assert report.added == 2
    assert ["y could not be read" in f.message for f in report.failed] == [True]


def test_a_path_that_is_not_there_is_one_clear_line(tmp_path):
    with pytest.raises(InputError, match="expected a file or a folder, found nothing"):
        add([tmp_path / "nowhere"], Settings(tmp_path / "i"))


def test_an_id_is_never_taken_over_by_another_file(tmp_path):
    settings = Settings(tmp_path / "i")
    add([rows(tmp_path / "a.jsonl", {"id": "x", "text": BRIDGE})], settings)
    report = add([rows(tmp_path / "b.jsonl", {"id": "x", "text": "Something else."})], settings)
    assert "already belongs" in str(report.failed[0])
    assert report.counts["articles"] == 1


def test_a_second_writer_is_told_who_the_first_is(tmp_path):
    with writing(tmp_path / "i"):
        code = (
            "from pathlib import Path; from index.storage.snapshot import writing\n"
            f"with writing(Path({str(tmp_path / 'i')!r})): pass"
        )
        second = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
        )
    assert f"IndexBusy: {tmp_path / 'i'} is being written to by process {os.getpid()}" in (
        second.stderr.replace("index.errors.", "")
    )
    assert issubclass(IndexBusy, Exception)


def test_every_changed_missing_or_foreign_file_is_refused_by_name(tmp_path):
    settings = Settings(tmp_path / "i")
    add([rows(tmp_path / "a.jsonl", {"id": "x", "text": BRIDGE})], settings)
    generation = settings.index / GENERATIONS / current(settings.index)
    files = sorted(p for p in generation.rglob("*") if p.is_file() and p.name != "manifest.json")
    for file in files:
        whole = file.read_bytes()
        for damaged in (
            b"",
            whole[: len(whole) // 2] + b"\x00" + whole[len(whole) // 2 + 1 :] + b"x",
        ):
            file.write_bytes(damaged)
            if damaged != whole:
                with pytest.raises(IndexUnusable, match="run: python -m index rebuild"):
                    Generation(settings.index)
        file.unlink()
        with pytest.raises(IndexUnusable, match="is missing"):
            Generation(settings.index)
        file.write_bytes(whole)
    (generation / "foreign").write_text("x")
    with pytest.raises(IndexUnusable, match="not part of the index"):
        Generation(settings.index)
    rebuild(settings)
    assert status(settings).manifest.counts["articles"] == 1


def test_a_rebuild_gives_the_same_content(tmp_path, seed_index):
    settings = Settings(tmp_path / "i")
    add([ROOT / "seeds"], settings)
    before = status(settings).manifest.counts
    assert rebuild(settings).counts == before


def test_an_index_made_with_other_parts_is_refused_with_both_names(tmp_path):
    settings = Settings(tmp_path / "i")
    add([rows(tmp_path / "a.jsonl", {"id": "x", "text": BRIDGE})], settings)
    manifest = settings.index / GENERATIONS / current(settings.index) / "manifest.json"
    manifest.write_text(manifest.read_text().replace("all-MiniLM-L6-v2", "other-model"))
    from rag import OnRecord

    with pytest.raises(IndexUnusable, match="other-model against all-MiniLM-L6-v2"):
        OnRecord.open(settings.index)


def test_a_damaged_truth_is_refused_by_name(tmp_path):
    (tmp_path / "articles.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(IndexUnusable, match="is damaged"):
        Store(tmp_path)


def test_passages_are_whole_sentences_and_never_hold_the_title(seed_index):
    generation = Generation(seed_index)
    catalog = generation.catalog
    for article_id in catalog.article_ids():
        article = catalog.article(article_id)
        assert article.title.startswith("Turkey, Russia intensify talks")
        for number, start, end in catalog.rows('SELECT number, "start", "end" FROM passages'):
            words = article.text[start:end]
            assert article.title not in words
            run = range(*catalog.words.of_passages([number])[0].tolist())
            sentences = [catalog.sentence(n).span for n in run]
            assert (start, end) == (sentences[0].start, sentences[-1].end)
            assert words.count("“") == words.count("”")
    generation.close()


@pytest.fixture
def embedded(monkeypatch):
    """The texts that the model was given."""
    texts, run = list[str](), MiniLM._passes

    def passes(self, given):
        texts.extend(text for text in given if text)
        return run(self, given)

    monkeypatch.setattr(MiniLM, "_passes", passes)
    return texts


WEIR = "Weir closed\n\nThe weir was shut. “It is safe,” Ada Holm said."
RAIN = "\n\n" + "Rain had fallen for days upon the hills behind the town. " * 12


def vectors(index):
    """The codes of all quotes, by their ids."""
    generation = Generation(index)
    try:
        return {
            quote_id: part.vectors.codes["quotes"][number].tobytes()
            for part in generation.parts
            for number, quote_id in part.rows("SELECT number, id FROM quotes")
        }
    finally:
        generation.close()


def test_a_text_is_embedded_once_in_its_life(tmp_path, embedded, monkeypatch):
    settings, file = Settings(tmp_path / "i"), tmp_path / "weir.txt"
    file.write_text(WEIR)
    add([file], settings)
    before = vectors(settings.index)
    assert "“It is safe,”" in embedded
    embedded.clear()

    monkeypatch.setattr(
        "index.indexing.build.EXTRACTOR", EXTRACTOR + 1
    )  # other rules, the same model
    assert rebuild(settings).updated == 1
    assert (embedded, vectors(settings.index)) == ([], before)

    file.write_text(WEIR + RAIN)
    assert add([file], settings).updated == 1
    assert embedded
    assert all("Rain" in text for text in embedded)
    assert vectors(settings.index) == before


def test_vectors_that_are_lost_are_made_again_of_the_text(tmp_path, embedded):
    settings, file = Settings(tmp_path / "i"), tmp_path / "weir.txt"
    file.write_text(WEIR)
    add([file], settings)
    before = vectors(settings.index)
    (damaged,) = settings.index.glob("segments/*/vectors/quotes.npy")
    data = bytearray(damaged.read_bytes())
    data[-1] ^= 1
    damaged.write_bytes(data)
    embedded.clear()
    rebuild(settings)
    assert "“It is safe,”" in embedded
    assert vectors(settings.index) == before
    for folder in ("segments", "generations"):
        shutil.rmtree(settings.index / folder)
    embedded.clear()
    remove(["nothing"], settings)
    assert "“It is safe,”" in embedded
    assert vectors(settings.index) == before
    embedded.clear()
    rebuild(settings)
    assert (embedded, vectors(settings.index)) == ([], before)


def test_the_truth_keeps_vectors_until_they_are_in_a_segment(tmp_path, embedded):
    settings, file = Settings(tmp_path / "i"), tmp_path / "weir.txt"
    file.write_text(WEIR)
    add([file], settings)
    before, size = vectors(settings.index), (settings.index / TRUTH).stat().st_size
    with Store(settings.index) as store:
        assert store._db.execute("SELECT count(*) FROM made").fetchone() == (0,)
        assert store._db.execute("PRAGMA freelist_count").fetchone() == (0,)
        (article,) = store._db.execute("SELECT id FROM articles").fetchone()
        made = embedded_again(load_embedder(), *store.spans_of(article))
        store.keep_made(article, made)
    shutil.rmtree(settings.index / "segments")
    embedded.clear()
    rebuild(settings)
    assert (embedded, vectors(settings.index)) == ([], before)
    assert (settings.index / TRUTH).stat().st_size <= size

    with Store(settings.index) as store:
        store.keep_made(article, made)
        store._db.execute("UPDATE made SET data = CAST(substr(data, 1, 99) AS BLOB)")
    shutil.rmtree(settings.index / "segments")
    rebuild(settings)
    assert "“It is safe,”" in embedded
    assert vectors(settings.index) == before


def test_lost_vectors_are_made_by_the_model_of_the_index_alone(tmp_path, monkeypatch):
    settings, file = Settings(tmp_path / "i"), tmp_path / "weir.txt"
    file.write_text(WEIR)
    add([file], settings)
    for folder in ("segments", "generations"):
        shutil.rmtree(settings.index / folder)
    monkeypatch.setattr(MiniLM, "fingerprint", "another")
    with pytest.raises(IndexUnusable, match=r"made with the embedder .*rebuild"):
        remove(["nothing"], settings)
