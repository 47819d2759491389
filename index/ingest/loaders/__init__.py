"""One loader a format: a function that reads a file, and a line in LOADERS.

They run in a child process (see ``sandbox.py``): a file that takes too long, too much
memory, or the parser down with it, is one failure among the articles.  A loader's
libraries are imported in the child alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TEXT_BYTES = 5_000_000
"""Of one article.  The longest real ones have a tenth of that; more is not an article."""

PAPER_BYTES = 30_000_000
"""Of a file with pictures and fonts in it."""

NO_LIMIT_BYTES = 1 << 62
"""Rows are read one by one; each of them is one article with its own limit."""


@dataclass(frozen=True, slots=True)
class Loader:
    """A function of a module in this folder: ``(File) -> Iterator[Item]``; ``format`` is what
    people call what it reads."""

    format: str
    module: str
    function: str
    most: int = TEXT_BYTES
    rows: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """What a loader is given.

    name      the path below the folder that was given; without its ending, the id
    encoding  the operator's word for files that do not say theirs
    charset   what the server that sent it said
    url       where it came from, if not from a disk
    """

    path: Path
    name: str
    encoding: str = ""
    charset: str = ""
    url: str = ""

    @property
    def id(self) -> str:
        return self.url or self.name.removesuffix(self.path.suffix)


PACKED = 4 * PAPER_BYTES
"""Bytes that the parts of a packed file may come to."""

LOADERS = {
    ".txt": Loader("text", "plain", "text"),
    ".md": Loader("Markdown", "markdown", "markdown_page"),
    ".html": Loader("HTML", "html", "html"),
    ".htm": Loader("HTML", "html", "html"),
    ".pdf": Loader("PDF", "pdf", "pdf", PAPER_BYTES),
    ".docx": Loader("Word", "word", "word", PAPER_BYTES),
    ".odt": Loader("OpenDocument", "open_document", "open_document", PAPER_BYTES),
    ".rtf": Loader("RTF", "rich_text", "rich_text", PAPER_BYTES),
    ".epub": Loader("EPUB", "book", "book", PAPER_BYTES),
    ".eml": Loader("mail", "mail", "mail", PAPER_BYTES),
    ".srt": Loader("SRT", "captions", "captions"),
    ".vtt": Loader("WebVTT", "captions", "captions"),
    ".jsonl": Loader("JSON lines", "rows", "json_lines", NO_LIMIT_BYTES, rows=True),
    ".csv": Loader("CSV", "rows", "comma_separated", NO_LIMIT_BYTES, rows=True),
    ".rss": Loader("RSS", "feed", "feed"),
    ".atom": Loader("Atom", "feed", "feed"),
    ".xml": Loader("RSS", "feed", "feed"),
}
