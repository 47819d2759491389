"""Thirty bad files among twenty good ones: each named in a line, and none of the good ones lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.indexing.build import add
from index.settings import Settings
from index.storage.health import verify

GOOD = "Mayor Ana Ruiz told Deniz Kaya that the bridge would open in May. The works took two years."


def row(**fields: object) -> bytes:
    return json.dumps({"id": "x", "text": GOOD, **fields}).encode()


BAD: dict[str, bytes] = {
    "empty.txt": b"",
    "blank.txt": b" \t\r\n\x0b\x0c\n ",
    "wide-blank.txt": "\u3000\u2003\u2028\u2029\u00a0".encode(),
    "only-a-bom.txt": b"\xef\xbb\xbf",
    "nul.txt": b"Mayor Ana Ruiz\x00 said so.",
    "latin.txt": "Günaydın, Şükrü".encode("cp1254"),
    "cut.txt": "Günaydı".encode()[:-1],
    "surrogate.txt": b"half \xed\xa0\x80 a pair",
    "overlong.txt": b"\xc0\xaf is no slash",
    "past-the-end.txt": b"\xf4\x90\x80\x80 is no letter",
    "huge.txt": b"word " * 1_100_000,
    "noise.txt": bytes(range(256)) * 40,
    "surrogate.jsonl": b'{"id": "a", "text": "half \\ud800 a pair"}',
    "nul.jsonl": b'{"id": "b", "text": "a \\u0000 b"}',
    "no-json.jsonl": b"Mayor Ana Ruiz said so.",
    "list.jsonl": b'["text"]',
    "number.jsonl": row(text=7),
    "no-text.jsonl": b'{"id": "c"}',
    "blank-text.jsonl": row(id="d", text=" \n "),
    "object.jsonl": row(text={"a": GOOD}),
    "title.jsonl": row(id="e", title=["a"]),
    "deep.jsonl": b"[" * 50_000,
    "nan.jsonl": b'{"id": "f", "text": NaN}',
    "no-column.csv": b"name,words\na,b\n",
    "blank.csv": b"id,text\n1,\n",
    "empty.html": b"<html><body></body></html>",
    "scripts.html": b"<html><body><script>said()</script></body></html>",
    "songs.xml": b"<songs><song/></songs>",
    "no.pdf": b"%PDF-1.7\nnothing",
    "no.docx": b"PK\x03\x04nothing",
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory) -> tuple[object, Settings, Path]:
    folder = tmp_path_factory.mktemp("batch")
    source = folder / "in"
    source.mkdir()
    for name, data in BAD.items():
        (source / name).write_bytes(data)
    for n in range(19):
        (source / f"good{n:02}.txt").write_text(f"{GOOD} It is report {n}.")
    # U+FFFE, odd controls, and a run of letters for which a pattern took for ever.
    (source / "good19.txt").write_text(f"\ufffe{GOOD}\u0085\x1b[31m " + "a" * 100_000)
    settings = Settings(folder / "index")
    return add([source], settings), settings, source


def test_there_are_thirty():
    assert len(BAD) == 30


def test_every_bad_one_is_one_clear_line(batch):
    report, _, source = batch
    named = {Path(f.source.partition(":")[0]).name for f in report.failed}
    assert named == set(BAD)
    for failure in report.failed:
        assert "\n" not in str(failure)
        assert str(source) in failure.source
        assert "Traceback" not in failure.message
        assert len(failure.message) < 300


def test_every_good_one_is_there(batch):
    report, settings, _ = batch
    assert report.added == 20
    assert report.counts["articles"] == 20
    assert [line for finding in verify(settings) for line in finding.wrong] == []
