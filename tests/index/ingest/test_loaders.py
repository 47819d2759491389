"""Every format gives its article; what cannot be read is one line, and the rest goes on."""

from __future__ import annotations

import email.message
import io
import json
import os
import resource
import time
import zipfile
from itertools import product
from pathlib import Path

import docx
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from index.ingest.load import Failure, Loaded, Options, load
from index.ingest.loaders import LOADERS

WORDS = "Mayor Ana Ruiz told Deniz Kaya that the bridge over the river would open in May."
MORE = (
    "The works took two years and cost nine million euros, according to the harbour office, "
    "which had asked for a wider road. Residents of the old town had waited for it since 2011."
)
TURKISH = (
    "Dışişleri Bakanı Çağrı Güneş, İstanbul’da konuştu.",
    "Erdoğan, Diyarbakır’da “Barış kazanacak” dedi.",
    "IĞDIR VE ŞIRNAK’TA ÖĞRENCİLER SINIFA DÖNDÜ",
    "Kaymakam Işıl Şahin’in açıklaması: yağış sürüyor.",
    "Ağrı Dağı eteğinde çığ düştü, şoför kurtuldu.",
    "Başkan Yıldız soruları yanıtladı; görüşme uzadı.",
    "Muğla’da orman yangını: üç köy boşaltıldı.",
    "Şişli’de düğün sırasında ışıklar söndü.",
    "Küçük esnaf, vergi borcuna karşı çıktı.",
    "Genel müdür, “işçiler haklı” diye yazdı.",
)
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1254",
    "iso-8859-9",
    "cp857",
    "mac_turkish",
)
MARKED = {"utf-8", "utf-8-sig", "utf-16", "utf-32"}


def loaded(*paths: Path, **options: object) -> tuple[dict[str, object], list[Failure]]:
    items = list(load(paths, Options(**options)))  # type: ignore[arg-type]
    articles = {i.article.id: i.article for i in items if isinstance(i, Loaded)}
    return articles, [i for i in items if isinstance(i, Failure)]


def one(path: Path, **options: object):
    articles, failures = loaded(path, **options)
    assert failures == []
    return next(iter(articles.values()))


def page(body: str, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>The bridge</title>{head}</head><body><article>"
        f"<h1>The bridge opens</h1><p>{WORDS}</p>{body}<p>{MORE}</p><p>{MORE}</p></article></body></html>"
    )


def test_a_page_gives_its_main_text_and_what_it_says_about_itself(tmp_path):
    head = (
        '<meta property="og:title" content="The bridge opens"><meta name="author" content="Lena Brandt">'
        '<meta property="og:site_name" content="The Harbour Post">'
        '<meta property="article:published_time" content="2021-03-04T10:00:00Z">'
    )
    (tmp_path / "a.html").write_text(page("<nav>Home Sport Weather</nav>", head))
    found = one(tmp_path / "a.html")
    assert found.id == "a"
    assert WORDS in found.text and MORE in found.text
    assert (found.title, found.author, found.outlet) == (
        "The bridge opens",
        "Lena Brandt",
        "The Harbour Post",
    )
    assert found.published.startswith("2021-03-04")
    assert "Weather" not in found.text


HIDDEN = (
    "<script>var x = 'zyxleak'</script>",
    "<style>.zyxleak{}</style>",
    "<!-- zyxleak is a comment -->",
    "<noscript><p>zyxleak is for browsers of old and no reader sees it at all</p></noscript>",
    "<template><p>zyxleak is a template that no reader sees on this page</p></template>",
    "<p hidden>zyxleak is hidden and no reader sees it on this page</p>",
    '<p style="display: none">zyxleak is hidden by its style and no reader sees it</p>',
    '<p style="visibility:hidden">zyxleak is hidden by its style and no reader sees it</p>',
    '<p title="zyxleak" data-x="zyxleak" onclick="zyxleak()">Nothing else was said that day.</p>',
    "<iframe>zyxleak</iframe>",
    "<svg><text>zyxleak</text></svg>",
    "<object>zyxleak</object>",
    "<select><option>zyxleak</option></select>",
    "<textarea>zyxleak</textarea>",
    "<SCRIPT>var x = 'zyxleak'</SCRIPT>",
    "<script type='text/template'><p>zyxleak is a template in a script element</p></script>",
    '<script type=\'application/ld+json\'>{"articleBody": "zyxleak"}</script>',
    "<style media='print'>p::after { content: 'zyxleak' }</style>",
    "<!--[if IE]><p>zyxleak is for a browser that nobody has any more</p><![endif]-->",
    "<!-- <p>Somebody said zyxleak and the words were taken out again</p> -->",
    "<p style='display:none !important'>zyxleak is hidden by its style and no reader sees it</p>",
    "<p style='DISPLAY : NONE'>zyxleak is hidden by its style and no reader sees it at all</p>",
    "<div style='display:none'><p>zyxleak is in a part that is hidden by its style</p></div>",
    "<div hidden><div><p>zyxleak is deep in a part that is hidden from its readers</p></div></div>",
    "<p hidden=''>zyxleak is hidden and no reader sees it on this page</p>",
    "<p hidden='until-found'>zyxleak is hidden until somebody looks for it on the page</p>",
    "<section aria-hidden='true' hidden><p>zyxleak is hidden from everybody who reads it</p></section>",
    "<img src='x.png' alt='zyxleak'>",
    "<a href='/zyxleak'>A link to more.</a>",
    "<input type='hidden' value='zyxleak'>",
    "<input type='text' value='zyxleak' placeholder='zyxleak'>",
    "<button data-zyxleak='zyxleak'>Share</button>",
    "<meta name='zyxleak' content='zyxleak'>",
    "<video><source src='zyxleak.mp4'>zyxleak is for browsers that play no video</video>",
    "<audio>zyxleak is for browsers that play no sound at all</audio>",
    "<canvas>zyxleak is for browsers that draw nothing</canvas>",
    "<object data='zyxleak.swf'><p>zyxleak is for browsers that lack a plug-in</p></object>",
    "<math><annotation>zyxleak</annotation></math>",
    "<datalist><option value='zyxleak'>zyxleak</option></datalist>",
    "<dialog><p>zyxleak is in a box that is closed until somebody opens it</p></dialog>",
)


@pytest.fixture(scope="module")
def pages_with_hidden_text(tmp_path_factory) -> dict[str, object]:
    """One page for each of HIDDEN, named by its number, read by one child process."""
    folder = tmp_path_factory.mktemp("hidden")
    for number, hidden in enumerate(HIDDEN):
        (folder / f"{number}.html").write_text(page(hidden))
    articles, failures = loaded(folder)
    assert not failures
    return articles


@pytest.mark.parametrize("number", range(len(HIDDEN)), ids=HIDDEN.__getitem__)
def test_what_no_reader_sees_is_no_text(pages_with_hidden_text, number):
    text = pages_with_hidden_text[f"{number}"].text
    assert "zyxleak" not in text
    assert WORDS in text


def test_nothing_is_lost_in_a_deeply_nested_page(tmp_path):
    for depth in (200, 300, 1000):
        (tmp_path / f"{depth}.html").write_text(
            page("<div>" * depth + f"<p>Deep words. {MORE}</p>" + "</div>" * depth)
        )
    (tmp_path / "9000.html").write_text(
        page("<div>" * 9000 + f"<p>Deep words. {MORE}</p>" + "</div>" * 9000)
    )
    articles, failures = loaded(tmp_path)
    for article in articles.values():
        assert "Deep words." in article.text
    assert {Path(f.source).name for f in failures} <= {"1000.html", "9000.html"}
    assert "9000.html" in str(failures)


BOMBS = {
    "nested.html": b"<div>" * 200_000,
    "comments.html": b"<p>x</p>" + b"<!--" * 200_000,
    "attributes.html": b"<p " + b" ".join(b"a%d=1" % i for i in range(300_000)) + b">x</p>",
    "options.html": b"<select>" + b"<option>a" * 100_000,
    "formatting.html": b"<p>" + b"<b><a><font>" * 60_000,
    "table.html": b"<table>" * 100_000,
    "entities.xml": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b']><rss version="2.0"><channel><item><title>&j;</title></item></channel></rss>',
    "deep.jsonl": b"[" * 2_000_000,
    "not.pdf": b"%PDF-1.7\n" + b"<<" * 500_000,
    "not.docx": b"PK\3\4" + bytes(1000),
    "marks.md": b"[" * 100_000 + b"*_" * 100_000,
    "braces.rtf": b"{\\rtf1" + b"{\\b " * 1_000_000,
    "hex.rtf": b"{\\rtf1\\ansi " + b"\\'e9" * 1_000_000,
    "not.odt": b"PK\3\4" + bytes(1000),
    "not.epub": b"PK\3\4" + bytes(1000),
    "not.vtt": b"WEBVTT\n\n" + b"00:00:01.000 --> x\n" * 200_000,
    "tags.vtt": b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n" + b"<v a>" * 200_000,
    "not.srt": b"1\n" * 500_000,
    "mails.eml": b"Content-Type: message/rfc822\n\n" * 100_000,
    "quoted.eml": b"From: a@b.example\n\n" + b"> " * 1_000_000,
}
DEEP = "<text:span>" * 300_000
"""What a packed text would nest."""


@pytest.mark.parametrize(
    "names",
    [
        ("nested.html", "comments.html", "entities.xml", "deep.jsonl", "not.docx", "braces.rtf"),
        pytest.param(tuple(BOMBS), marks=pytest.mark.soak),
    ],
    ids=["some", "all"],
)
def test_a_bomb_is_refused_in_five_seconds_and_the_rest_is_read(tmp_path, names):
    for name in names:
        (tmp_path / name).write_bytes(BOMBS[name])
    packs = ("zip.docx", "zip.odt", "zip.epub")
    for name in packs:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(
                "content.xml", bytes(400_000_000 if name == "zip.docx" else 130_000_000)
            )
    with zipfile.ZipFile(tmp_path / "deep.odt", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("content.xml", f'<text:p xmlns:text="x">{DEEP}')
    (tmp_path / "zz.txt").write_text(WORDS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    took: dict[str, float] = {}
    good = []
    for item in load([tmp_path]):
        now = time.monotonic()
        if isinstance(item, Failure):
            took[Path(item.source.split(":")[0]).name] = now - begun
        elif isinstance(item, Loaded):
            good.append(item.article.id)
        begun = now
    slowest = max(took.values())
    assert "zz" in good
    assert {
        n
        for n in [*names, *packs, "deep.odt"]
        if n not in took and n.rpartition(".")[0] not in good
    } == set()
    print({name: round(seconds, 1) for name, seconds in took.items()})
    assert slowest < 9  # five on a machine of one's own
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) < 100_000


def test_a_pdf_gives_paragraphs_with_their_words_whole(tmp_path):
    lines = [
        "The bridge opens",
        "Mayor Ana Ruiz told Deniz Kaya that the bridge over the river would be o-",
        "pened in May. The works took two years and cost nine million euros, they",
        "said.",
        "Residents had waited for it since the year 2011, and some of them had even",
        "left.",
    ]
    write_pdf(tmp_path / "a.pdf", lines)
    found = one(tmp_path / "a.pdf")
    assert found.text.split("\n\n") == [
        "The bridge opens",
        "Mayor Ana Ruiz told Deniz Kaya that the bridge over the river would be opened in May. "
        "The works took two years and cost nine million euros, they said.",
        "Residents had waited for it since the year 2011, and some of them had even left.",
    ]


def write_pdf(file: Path, lines: list[str]) -> None:
    writer = PdfWriter()
    sheet = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject(k): NameObject(v)
            for k, v in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica"))
        }
    )
    sheet[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(
        b"BT /F1 11 Tf 14 TL 50 800 Td "
        + b" ".join(b"(%s) Tj T*" % line.encode() for line in lines)
        + b" ET"
    )
    sheet[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(file)


def test_a_locked_or_empty_pdf_is_refused(tmp_path):
    write_pdf(tmp_path / "a.pdf", ["x"])
    writer = PdfWriter(clone_from=tmp_path / "a.pdf")
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    PdfWriter(clone_from=io.BytesIO((tmp_path / "a.pdf").read_bytes())).write(tmp_path / "copy.pdf")
    write_pdf(tmp_path / "scan.pdf", [])
    messages = {Path(f.source).name: f.message for f in loaded(tmp_path)[1]}
    assert "locked one" in messages["locked.pdf"]
    assert "has to be recognised" in messages["scan.pdf"]


def test_a_word_document_gives_its_paragraphs_and_tables(tmp_path):
    document = docx.Document()
    document.core_properties.title = "The bridge"
    document.core_properties.author = "Lena Brandt"
    document.add_paragraph(WORDS)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Cost", "nine million"
    document.add_paragraph(MORE)
    document.save(str(tmp_path / "a.docx"))
    found = one(tmp_path / "a.docx")
    assert found.text == f"{WORDS}\n\nCost nine million\n\n{MORE}"
    assert (found.title, found.author) == ("The bridge", "Lena Brandt")


def test_markdown_gives_what_a_reader_sees(tmp_path):
    (tmp_path / "a.md").write_text(
        '---\ntitle: "The bridge"\ndate: 2021-03-04\n---\n# The *bridge* opens\n\nMayor **Ana Ruiz** said\n'
        "[it](http://x.example) would open.<!-- no -->\n\n- one `item`\n\n![a picture](x.png)\n"
    )
    found = one(tmp_path / "a.md")
    assert found.text == "The bridge opens\n\nMayor Ana Ruiz said it would open.\n\none item"
    assert (found.title, found.published) == ("The bridge", "2021-03-04")


def test_a_header_that_is_too_long_is_cut_and_one_of_front_matter_read_at_once(tmp_path):
    (tmp_path / "a.eml").write_text(
        f"Subject: {'late a ' * 100_000}\nTo: {'a@b.example, ' * 9_000}\n\n{WORDS}"
    )
    (tmp_path / "b.md").write_text(f"---\ntitle: a{' ' * 1_000_000}b\n---\n{WORDS}")
    articles, failures = loaded(tmp_path)
    assert not failures
    assert articles["a"].title.startswith("late a late")
    assert articles["b"].title.startswith("a ") and articles["b"].title.endswith(" b")


def test_a_mail_gives_its_text_or_its_page(tmp_path):
    message = email.message.EmailMessage()
    message["Subject"], message["From"] = "Köprü açıldı", "Lena Brandt <lena@post.example>"
    message["Date"] = "Thu, 04 Mar 2021 10:00:00 +0300"
    message.set_content("Erdoğan Diyarbakır’da konuştu.\n", charset="cp1254")
    (tmp_path / "a.eml").write_bytes(bytes(message))
    found = one(tmp_path / "a.eml")
    assert found.text == "From: Lena Brandt\n\nErdoğan Diyarbakır’da konuştu."
    assert (found.title, found.author) == ("Köprü açıldı", "Lena Brandt")
    assert found.published == "2021-03-04T10:00:00+03:00"
    message.set_content(page(""), subtype="html")
    (tmp_path / "b.eml").write_bytes(bytes(message))
    assert WORDS in one(tmp_path / "b.eml").text


def test_a_table_gives_its_good_rows_and_names_its_bad_ones(tmp_path):
    (tmp_path / "a.csv").write_bytes(
        '\ufeffid;title;text;date\n1;One;"Ana said “yes”;\nand more.";2021-03-04\n2;Two\n3;;;\n'
        "1;Again;Ana said no.;\n4;=1+1;'Deniz said it.';\n".encode()
        + b"5;Five;Erdo\xf0an said so.;\n6;Six;Last words were said.;\n"
    )
    articles, failures = loaded(tmp_path / "a.csv")
    assert list(articles) == ["1", "4", "6"]
    assert articles["1"].text == "Ana said “yes”;\nand more."
    assert articles["1"].published == "2021-03-04"
    assert articles["4"].title == "=1+1"
    assert [int(f.source.rpartition(":")[2]) for f in failures] == [4, 5, 6, 8]
    (tmp_path / "b.csv").write_text("name,words\na,b\n")
    assert 'a column "text"' in str(loaded(tmp_path / "b.csv")[1])


def test_a_feed_gives_its_entries(tmp_path):
    (tmp_path / "a.rss").write_text(
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The Post</title>'
        "<item><guid>1</guid><link>https://post.example/1</link><title>The &lt;b&gt;bridge&lt;/b&gt;</title>"
        "<pubDate>Thu, 04 Mar 2021 10:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{WORDS}&lt;/p&gt;&lt;script&gt;zyx()&lt;/script&gt;&lt;p&gt;{MORE}&lt;/p&gt;</description></item>"
        "<item><guid>2</guid><title>Nothing</title></item></channel></rss>"
    )
    articles, failures = loaded(tmp_path / "a.rss")
    found = articles["1"]
    assert found.text == f"{WORDS}\n\n{MORE}"
    assert (found.title, found.outlet, found.published) == (
        "The bridge",
        "The Post",
        "2021-03-04T10:00:00Z",
    )
    assert [f.source.rpartition(":")[2] for f in failures] == ["2"]
    (tmp_path / "b.xml").write_text("<songs><song/></songs>")
    assert "found other XML" in str(loaded(tmp_path / "b.xml")[1])


# --- encodings


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_text_file_is_ever_read_wrongly(tmp_path, encoding):
    """Ten encodings, ten Turkish texts: the right words or a refusal that names the option."""
    for number, text in enumerate(TURKISH):
        (tmp_path / f"{number}.txt").write_bytes(encoded(text, encoding))
    articles, failures = loaded(tmp_path)
    for number, text in enumerate(TURKISH):
        if str(number) in articles:
            assert articles[str(number)].text == fitting(text, encoding)
    assert all("--encoding" in f.message for f in failures)
    assert len(articles) + len(failures) == len(TURKISH)
    if encoding in MARKED:
        assert not failures
    named, refused = loaded(tmp_path, encoding=encoding)
    assert not refused
    assert all(named[str(n)].text == fitting(t, encoding) for n, t in enumerate(TURKISH))


DECLARED = (
    "utf-8",
    "iso-8859-9",
    "windows-1254",
    "iso-8859-1",
    "windows-1250",
    "utf-16",
    "iso-8859-3",
    "x-unknown",
)


@pytest.fixture(scope="module")
def declared_pages(tmp_path_factory) -> tuple[dict[str, object], dict[str, str]]:
    """A page in every encoding with every declaration, all read by one child process.

    Returns the articles by "encoding,declaration" and the messages of the failures.
    """
    folder = tmp_path_factory.mktemp("declared")
    for encoding, said in product(ENCODINGS, DECLARED):
        body = page(f"<p>{' '.join(TURKISH)}</p>")
        body = body.replace("<head>", f'<head><meta charset="{said}">')
        (folder / f"{encoding},{said}.html").write_bytes(encoded(body, encoding))
    articles, failures = loaded(folder)
    assert len(articles) + len(failures) == len(ENCODINGS) * len(DECLARED)
    return articles, {Path(f.source).stem: f.message for f in failures}


@pytest.mark.parametrize("said", DECLARED)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_page_is_ever_read_wrongly_whatever_it_declares(declared_pages, encoding, said):
    articles, refused = declared_pages
    name = f"{encoding},{said}"
    if name in articles:
        assert fitting(" ".join(TURKISH), encoding) in articles[name].text
    else:
        assert "--encoding" in refused[name]
    if said == encoding or encoding in MARKED:
        assert name in articles


def encoded(text: str, encoding: str) -> bytes:
    return fitting(text, encoding).encode(encoding)


def fitting(text: str, encoding: str) -> str:
    """The text with the marks that an old encoding has instead of curly ones."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(str.maketrans("’“”", '\'""'))
    return text


def test_ordinary_letters_of_the_west_are_read_as_declared(tmp_path):
    words = "José Muñoz told Zoë Müller in São Paulo that the café “Élysée” — 20 °C — would open."
    body = page(f"<p>{words}</p>").replace("<head>", '<head><meta charset="iso-8859-1">')
    (tmp_path / "a.html").write_bytes(body.encode("cp1252"))
    assert words in one(tmp_path / "a.html").text


# --- what is not a file


def test_only_regular_files_of_the_folder_are_opened(tmp_path):
    folder, outside = tmp_path / "in", tmp_path / "outside.txt"
    folder.mkdir()
    outside.write_text("zyxleak")
    (folder / "good.txt").write_text(WORDS)
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "device.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.txt")
    with (folder / "huge.txt").open("wb") as stream:
        stream.truncate(2_000_000_000)
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / os.fsdecode(b"name\xff.txt")).write_text(WORDS)
    (folder / ".hidden.txt").write_text("zyxleak")
    begun = time.monotonic()
    articles, failures = loaded(folder)
    assert time.monotonic() - begun < 3
    assert list(articles) == ["good"]
    assert len(failures) == 6
    assert all("expected" in f.message or "cannot be read" in f.message for f in failures)


def test_every_loader_is_there():
    import importlib

    for loader in LOADERS.values():
        assert callable(
            getattr(
                importlib.import_module(f"index.ingest.loaders.{loader.module}"), loader.function
            )
        )


def test_a_row_that_breaks_a_rule_is_one_failure(tmp_path):
    good = json.dumps({"id": "x", "text": WORDS})
    (tmp_path / "a.jsonl").write_text(
        f'{good}\n{{"text": "a\\u0000b"}}\n{{"text": "{"x" * 5_000_001}"}}\n{{"text": "y", "title": []}}\n'
    )
    articles, failures = loaded(tmp_path / "a.jsonl")
    assert list(articles) == ["x"]
    assert [f.source.rpartition(":")[2] for f in failures] == ["2", "3", "4"]
