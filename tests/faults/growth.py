"""What reading a text costs as it grows: twice the text, at most 2.6 times the work.

Each shape of text is read in a child of its own, at doubling lengths, and its processor
time and memory are compared.  What depends on the machine is only how far the lengths go.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.children import Measure, forked, judged

MOST = 2.6
"""Times the processor time that twice the text may cost."""

MEMORY = 4.0
"""Kilobytes that a character may take, beside FLOOR."""

FLOOR = 400_000
"""Kilobytes that any text may take: batches of the parser are of one size."""

FASTEST = 0.25
"""Seconds below which a time is mostly noise; it is taken for no less."""

Shape = Callable[[int], str]


def run_of(unit: str) -> Shape:
    """A text of one unit again and again."""
    return lambda length: (unit * (length // len(unit) + 1))[:length]


def numbered(pattern: str, between: str = " ") -> Shape:
    """A text of one pattern again and again, with another word for each @."""

    def shape(length: int) -> str:
        out: list[str] = []
        size = number = 0
        while size < length:
            out.append(pattern.replace("@", word(number)))
            size += len(out[-1]) + len(between)
            number += 1
        return between.join(out)[:length]

    return shape


def word(number: int) -> str:
    """A name that no other number has."""
    letters = ""
    for _ in range(4):
        number, at = divmod(number, 20)
        letters += "bcdfghjklmnprstvwxyz"[at] + "aeiou"[at % 5]
    return letters.capitalize()


TEXTS: dict[str, Shape] = {
    "full stops": run_of("."),
    "full stops and blanks": run_of(". "),
    "lines of full stops": run_of("." * 60 + "\n"),
    "leaders": run_of("Chapter one " + "." * 60 + " 12\n"),
    "exclamation marks": run_of("!"),
    "question marks": run_of("? "),
    "ellipses": run_of("…"),
    "commas": run_of(", "),
    "dashes": run_of("—"),
    "hyphens": run_of("- "),
    "brackets": run_of("("),
    "brackets in pairs": run_of("()"),
    "pairs quoted": lambda n: f"“{run_of('()')(n - 3)}a”",
    "blanks": lambda n: f"a{' ' * (n - 2)}b",
    "newlines": run_of("\n"),
    "blanks after a stop": run_of(f"Ana said. {' ' * 400}"),
    "straight marks": run_of('"'),
    "straight marks and blanks": run_of('" '),
    "single marks": run_of("' "),
    "opening marks": run_of("“"),
    "opened and never closed": run_of("“a "),
    "opened in a paragraph each": run_of("“We agreed. It was late.\n\n"),
    "single marks opened": run_of(" 'a"),
    "guillemets": run_of("«a» "),
    "nested quotations": run_of("“A ‘b “c” d’ e.” "),
    "stopped and quoted": run_of('"."'),
    "quotations alone": lambda n: f"Ana said: “Yes.” {run_of('“It was so late.” ')(n - 17)}",
    "one long quotation": lambda n: f"“{run_of('It was late in Arden. ')(n - 13)}” Ana said.",
    "long and never closed": run_of("“He was told by Ana that it was late, "),
    "addresses": run_of("https://a.example/b?c=d&e=f "),
    "one long address": lambda n: f"https://a.example/{run_of('b/')(n - 18)}",
    "capitals": run_of("ANA RUIZ SAID "),
    "one long word": run_of("a"),
    "one long name": run_of("Ana-"),
    "names": numbered("@,"),
    "full names": numbered("Ana @ said no."),
    "one surname": numbered("@ Reyes met @ Lund Reyes."),
    "surnames said": numbered("@ Reyes said no. Reyes said so."),
    "titled surnames": numbered("Anton @ left. Mr. @s said no."),
    "ministries": numbered("The Ministry of @ told the @ Ministry."),
    "letters for names": numbered("Arden @ Council (A@C) met the A@C."),
    "chained with and": run_of("the mayor and "),
    "chained names": numbered("@ and"),
    "said": run_of("said "),
    "said that": run_of("Ana said that "),
    "told": run_of("Ana told Bob that "),
    "one long sentence": run_of("the mayor who met Ana in Arden said it was late, "),
    "colons": run_of("Ana: "),
    "transcript": run_of("Q: Why?\n\nA: It was late.\n\n"),
    "transcript of many": numbered("@: It was late.", "\n\n"),
    "transcript in capitals": lambda n: numbered("@: It was late.", "\n\n")(n).upper(),
    "headings": run_of("A bridge for Arden\n"),
    "list": run_of("- the mayor of Arden\n"),
    "table": run_of("Arden | 12 | 13 | 14\n"),
    "speakers and commas": run_of("“It is late,” he said. "),
    "attribution alone": run_of("he said, she said, they said, "),
    "according to": run_of("According to Ana, it was late. "),
    "signed": run_of("“It was late.” — Ana Ruiz\n\n"),
    "reopened": run_of("“It was late,” Ana said. “It was\n\n"),
    "calls": run_of("Ana Ruiz and Deniz Kaya spoke by phone. Ruiz said that it was late.\n"),
    "calls of many": numbered("Ana @ and Deniz Kaya spoke by phone. @ said that it was late."),
    "audiences": run_of("Ana Ruiz spoke to the panel. Ruiz said that it was late. "),
    "documents": run_of("The ministry issued a statement. The statement said it was late. "),
    "pronouns": run_of("He said she told him that her son knew it. "),
    "combining marks": run_of("a\u0301\u0323"),
    "one letter's marks": lambda n: "a" + run_of("\u0301\u0323")(n - 1),
    "zero width": run_of("\u200b"),
    "zero width in words": run_of("a\u200bb "),
    "right to left": run_of("\u202e قال "),
    "scripts": run_of("Ana сказала 说 قال é "),
    "characters of Chinese": run_of("他说。"),
    "emoji": run_of("😀"),
    "control characters": run_of("\x01a"),
    "numbers": run_of("1,000.50 "),
    "abbreviations": run_of("U.S. Gen. A. "),
    "entities": run_of("&amp;"),
    "prose": run_of(
        "Mayor Ana Ruiz told Deniz Kaya that the bridge would be built. “It is paid for,” Ruiz "
        "said.  The council, which met in Arden on Monday, had asked for a report.\n\n"
    ),
}  # fmt: skip


QUICK = frozenset(
    (
        *("full stops", "exclamation marks", "ellipses", "straight marks", "brackets in pairs"),
        *("opened and never closed", "one letter's marks", "one surname", "surnames said"),
        *("ministries", "letters for names", "transcript in capitals", "audiences"),
        *("quotations alone", "front.md", "subject.eml", "type.eml"),
    )
)
"""Those that once took the square, or gigabytes."""


def page(body: str) -> bytes:
    return f"<html><body><article><p>Mayor Ana Ruiz told us so.</p>{body}</article>".encode()


# Not many marked words in one paragraph, nor many scripts in one page: the library that reads
# pages takes the square of their number, and the limit of the child that reads them ends it.
FILES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "paragraphs.html": (".html", lambda n: page(run_of("<p>It was late in Arden.</p>")(n))),
    "nested.html": (".html", lambda n: page("<div>" * (n // 5))),
    "hidden.html": (".html", lambda n: page(run_of("Late. <b hidden>x</b>")(n))),
    "breaks.html": (".html", lambda n: page("<p>" + run_of("a<br>")(n))),
    "rows.html": (".html", lambda n: page("<table>" + run_of("<tr><td>late</td></tr>")(n))),
    "front.md": (".md", lambda n: f"---\ntitle: a{' ' * n}b\n---\nIt was late.".encode()),
    "brackets.md": (".md", lambda n: b"[" * n),
    "stars.md": (".md", lambda n: run_of("*a _b ")(n).encode()),
    "ticks.md": (".md", lambda n: "".join("`" * i + "a" for i in range(int((2 * n) ** 0.5))).encode()),
    "quotes.md": (".md", lambda n: b">" * n + b" a"),
    "lists.md": (".md", lambda n: run_of("- a\n")(n).encode()),
    "subject.eml": (".eml", lambda n: f"Subject: {run_of('late a ')(n)}\n\nIt was late.".encode()),
    "from.eml": (".eml", lambda n: f"From: {run_of('a ')(n)}<a@b.example>\n\nIt was late.".encode()),
    "type.eml": (".eml", lambda n: f"Content-Type: text/plain; {run_of('a=b; ')(n)}\n\nLate.".encode()),
    "headers.eml": (".eml", lambda n: f"{run_of('X: a' + chr(10))(n)}\n\nIt was late.".encode()),
    "cells.csv": (".csv", lambda n: table(run_of("It was late. ")(n))),
    "lines.csv": (".csv", lambda n: table(run_of("It was late.\n")(n))),
    "marks.csv": (".csv", lambda n: table('"' * (n // 2))),
    "text.jsonl": (".jsonl", lambda n: json.dumps({"text": run_of("It was late. ")(n)}).encode()),
    "escapes.jsonl": (".jsonl", lambda n: json.dumps({"text": "\u00e9" * (n // 6)}).encode()),
    "entry.rss": (".rss", lambda n: feed(run_of("&lt;p&gt;It was late.&lt;/p&gt;")(n))),
    "text.rss": (".rss", lambda n: feed(run_of("It was late. ")(n))),
    "paragraphs.docx": (".docx", lambda n: document(run_of("late</w:t></w:r></w:p><w:p><w:r><w:t>")(n))),
    "text.docx": (".docx", lambda n: document(run_of("It was late. ")(n))),
}  # fmt: skip


def table(text: str) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["id", "text"], ["a", text]])
    return out.getvalue().encode()


def feed(text: str) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>a</title><item><guid>a</guid>'
        f"<description>{text.rpartition('&lt;p')[0] or text}</description></item></channel></rss>"
    ).encode()


def document(text: str) -> bytes:
    import docx

    plain = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("@@")
    made.save(plain)
    out = io.BytesIO()
    text = text[: text.rfind("late") + 4]
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"@@", text.encode()))
    return out.getvalue()


def reading(text: str) -> Callable[[], object]:
    """Reading the quotes of a text, and its sentences and passages."""
    from index.attribution.extract import extract, segmented
    from index.types import Article

    # Not the first block, which may be the title, and none whose lines repeat the title.
    article = Article("a", f"A report\n\nAna Ruiz told Deniz Kaya so.\n\n{text}")

    def work() -> None:
        segmented(article)
        extract(article)

    return work


def loading(ending: str, data: bytes, folder: Path) -> Callable[[], object]:
    """Loading a file, in this process and without the limits of the child that does it."""
    import importlib

    from index.errors import InputError
    from index.ingest.loaders import LOADERS, File

    loader = LOADERS[ending]
    read = getattr(
        importlib.import_module(f"index.ingest.loaders.{loader.module}"), loader.function
    )
    path = folder / f"a{ending}"
    path.write_bytes(data)

    def work() -> None:
        try:
            for _ in read(File(path, path.name)):
                continue
        except (InputError, RecursionError):
            return  # to refuse it is to read it; it must not take long

    return work


def cost(work: Callable[[], object]) -> tuple[float, int]:
    """The seconds of processor time and the kilobytes that work takes, in a child."""

    def measured() -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.process_time()
        work()
        seconds = time.process_time() - begun
        print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before]))
        return 0

    ended = forked(measured)
    if ended.code:
        raise RuntimeError(ended.out[-300:])
    seconds, kilobytes = json.loads(ended.out.splitlines()[-1])
    return seconds, kilobytes


def growths(
    work_of: Callable[[int], Callable[[], object]], first: int, last: int, enough: float
) -> Iterator[tuple[int, float, float, int]]:
    """Each length with how many times the half of it that costs, its seconds and kilobytes.

    What seems too much is measured once more: another process may have been in the way.  It
    ends with a length that takes more seconds than are ``enough`` to tell.
    """
    before, length = FASTEST, first
    while length <= last:
        seconds, kilobytes = cost(work_of(length))
        if length > first and seconds > MOST * before:
            before = max(before, cost(work_of(length // 2))[0])
            seconds = min(seconds, cost(work_of(length))[0])
        yield length, seconds / before if length > first else 1.0, seconds, kilobytes
        if seconds > enough:
            return
        before, length = max(FASTEST, seconds), 2 * length


def too_much(
    name: str, work_of: Callable[[int], Callable[[], object]], first: int, last: int, enough: float
) -> Iterator[str]:
    """What a shape takes too much of, in words."""
    try:
        for length, times, seconds, kilobytes in growths(work_of, first, last, enough):
            if times > MOST:
                yield f"{name}: {times:.1f} times for {length:,} ({seconds:.1f} s)"
            if kilobytes > FLOOR + MEMORY * length:
                yield f"{name}: {kilobytes // 1024:,} MB for {length:,}"
    except RuntimeError as error:
        yield f"{name}: {error}"


def growth(quick: bool) -> Measure:
    """Every shape of text and of file at lengths that double, or those of QUICK at two."""
    first, last, enough = (8_000, 16_000, 1.0) if quick else (20_000, 80_000, 3.0)
    works: dict[str, Callable[[int], Callable[[], object]]] = {}
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="faults-growth-") as folder:
        for name, shape in TEXTS.items():
            works[name] = lambda n, s=shape: reading(s(n))  # type: ignore[misc]
        for name, (ending, data) in FILES.items():
            works[name] = lambda n, e=ending, d=data: loading(e, d(n), Path(folder))  # type: ignore[misc]
        chosen = [n for n in works if n in QUICK or not quick]
        for name in chosen:
            wrong += too_much(name, works[name], first, last, enough)
    return judged(f"{len(chosen)} shapes of text and file, twice as long and longer", wrong)
