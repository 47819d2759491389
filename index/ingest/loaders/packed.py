"""Files that are an archive of parts (Word, OpenDocument, EPUB): opened within a limit."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from index.errors import InputError
from index.ingest.loaders import PACKED
from index.ingest.loaders.item import one_line


@contextmanager
def opened(path: Path, kind: str) -> Iterator[zipfile.ZipFile]:
    """An archive whose parts are not too large; ``kind`` names what was expected.

    Raises InputError if it is none, is locked, is broken or would unpack to too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if size > PACKED:
                raise InputError(f"expected at most {PACKED:,} bytes unpacked, found {size:,}")
            if any(part.flag_bits & 1 for part in parts):
                raise InputError(f"expected {kind} that opens without a password")
            yield archive
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError) as error:
        raise InputError(f"expected {kind}, found something else ({error})") from error
    except etree.XMLSyntaxError as error:
        raise InputError(f"expected {kind}, found broken XML in it ({error})") from error


def xml(archive: zipfile.ZipFile, part: str) -> etree._Element:
    """A part as a tree, without entities and without fetching anything.

    Raises KeyError if there is no such part, XMLSyntaxError if it is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(part), parser)


def about(tree: etree._Element) -> dict[str, str]:
    """What the Dublin Core elements of a part say, by name, each on one line; the first of each."""
    found: dict[str, str] = {}
    for element in tree.iter("{http://purl.org/dc/elements/1.1/}*"):
        name = etree.QName(element).localname
        found.setdefault(name, one_line("".join(element.itertext())))
    return found


def beside(part: str, reference: str) -> str:
    """The part that a reference in another part means."""
    target = unquote(reference.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
