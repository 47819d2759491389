"""Articles as people have them: transcripts, mail, wrapped lines and files of each format.

A row of golden/formats.jsonl holds the source of one file (for Word, OpenDocument and EPUB the
body or the chapters of it), and what must come of it.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from index import extract_quotes
from index.attribution.extract import extract
from index.attribution.notices import correcting
from index.indexing.build import add
from index.ingest.load import Failure, Loaded, load
from index.settings import Settings
from index.storage.health import status
from index.types import Article, Quote
from rag import OnRecord

GOLDEN = Path(__file__).parents[2] / "golden"
ROWS = [
    json.loads(line) for line in (GOLDEN / "formats.jsonl").read_text(encoding="utf-8").splitlines()
]
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(file: Path, parts: dict[str, str]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


def word(file: Path, body: str) -> None:
    types = f'<Types xmlns="{_PACKAGE}content-types"><Default Extension="xml" '
    types += 'ContentType="application/xml"/></Types>'
    relation = f'<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="r1" '
    relation += f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    document = f'<w:document xmlns:w="{_WORD}" xmlns:v="urn:schemas-microsoft-com:vml">'
    document += f"<w:body>{body}</w:body></w:document>"
    parts = {"[Content_Types].xml": types, "_rels/.rels": relation, "word/document.xml": document}
    packed(file, parts)


def open_document(file: Path, body: str) -> None:
    spaces = " ".join(
        f'xmlns:{name}="{_ODF}{urn}:1.0"'
        for name, urn in (
            *(("office", "office"), ("text", "text"), ("table", "table")),
            ("draw", "drawing"),
        )
    )
    content = f"<office:document-content {spaces}><office:body><office:text>{body}"
    content += "</office:text></office:body></office:document-content>"
    packed(file, {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def book(file: Path, chapters: list[str]) -> None:
    names = [f"c{n}.xhtml" for n in range(len(chapters))]
    items = "".join(
        f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in names
    )
    spine = "".join(f'<itemref idref="{n}"/>' for n in names)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The year</dc:title>'
        "<dc:creator>Ada Reed</dc:creator><dc:date>2026-02-03</dc:date></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        f'<container xmlns="{_ODF}container"><rootfiles><rootfile full-path="in/book.opf"/>'
        "</rootfiles></container>"
    )
    pages = {
        f"in/{n}": f"<html><body>{c}</body></html>" for n, c in zip(names, chapters, strict=True)
    }
    packed(file, {"META-INF/container.xml": container, "in/book.opf": package, **pages})


def written(row: dict, folder: Path) -> Path:
    file = folder / f"{row['id']}{row['ending']}"
    maker = {".docx": word, ".odt": open_document, ".epub": book}.get(row["ending"])
    if maker:
        maker(file, row["source"])
    else:
        file.write_text(row["source"], encoding="utf-8")
    return file


def says(article: Article, quote: Quote, who: str, words: str) -> bool:
    speakers = (quote.speaker, *quote.co_speakers) if quote.speaker else ()
    named = {m.name or m.span.slice(article.text) for m in speakers}
    return who in named and any(words in s.slice(article.text) for s in quote.content)


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> dict[str, Loaded | Failure]:
    """What comes of the file of each row, by its id; one child process reads all of them."""
    folder = tmp_path_factory.mktemp("formats")
    for row in ROWS:
        written(row, folder)
    items = [i for i in load([folder]) if isinstance(i, Loaded | Failure)]
    return {Path(i.source.split(":")[0]).stem: i for i in reversed(items)}  # the first of each


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["id"])
def test_what_a_form_says_is_whose_it_is(row, read):
    item = read[row["id"]]
    if "refused" in row:
        assert isinstance(item, Failure)
        assert row["refused"] in item.message
        return
    assert isinstance(item, Loaded), item
    article = item.article
    text = article.text
    assert (row.get("doubt", "") in item.doubt) and bool(item.doubt) == bool(row.get("doubt"))
    for key in ("title", "author", "language"):
        assert getattr(article, key) == row.get(key, getattr(article, key))
    if "published" in row:
        assert article.published[:10] == row["published"]
    assert not [part for part in row["has"] if part not in text], text
    assert not [part for part in row["lacks"] if part in text], text
    quotes = [q for q in extract(article) if q.modality == "asserted"]
    told = [
        (q.speaker and q.speaker.name, " ".join(s.slice(text) for s in q.content)) for q in quotes
    ]
    for who, words, *whom in row["says"]:
        found = [q for q in quotes if says(article, q, who, words)]
        assert found, (who, words, told)
        names = {m.name or m.span.slice(text) for q in found for m in q.addressees}
        assert set(whom) <= names, (whom, names)
    for who, words in [*row["never"], *row.get("withdrawn", [])]:
        assert not [q for q in quotes if says(article, q, who, words)], (who, words, told)
    for words, time in row.get("times", {}).items():
        (code,) = {q.time and q.time.slice(text) for q in quotes if words in q.span.slice(text)}
        assert code == time
    for key, flagged in (("corrected", True), ("uncorrected", False)):
        for words in row.get(key, []):
            for quote in quotes:
                if words in quote.span.slice(text):
                    names = [quote.speaker.name or ""] if quote.speaker else []
                    assert (correcting(text, quote.span, names) is not None) == flagged, words


def test_prose_has_no_turns():
    text = "Ada Reed said the port would pay. Bo Lind said: “It will not.”\n\nNobody else spoke."
    assert {q.cue.slice(text) for q in extract_quotes(text) if q.cue} == {"said"}


def test_what_is_not_read_is_named_counted_and_owned_up_to(tmp_path):
    german = "Die Ministerin Karin Holt sagte am Montag, sie werde nicht zurücktreten. "
    (tmp_path / "de.txt").write_text(f"Brücke\n\n{german * 3}")
    (tmp_path / "en.txt").write_text("Mayor Ina Falk said that the bridge would open in May.")
    report = add([tmp_path / "de.txt", tmp_path / "en.txt"], Settings(tmp_path / "index"))
    assert (report.added, len(report.failed), len(report.doubtful)) == (2, 0, 1)
    assert "German" in str(report.doubtful[0])
    assert "1 doubtful" in str(report)
    assert status(Settings(tmp_path / "index")).unread == (("German", 1),)
    again = add([tmp_path / "de.txt"], Settings(tmp_path / "index"))
    assert (again.unchanged, again.doubtful) == (1, ())
    with OnRecord.open(tmp_path / "index") as bot:
        answer = bot.answer("What did Karin Holt say?")
        assert answer.status == "no_answer"
        assert "These articles" not in answer.text
        assert "1 article in German was not read" in answer.text
        assert "Ina Falk" in bot.answer("What did Ina Falk say?").text
