"""Captions of a recording (SRT, WebVTT), by webvtt-py: the turns, each with its time code.

Captions of one speaker are joined to a paragraph, "[00:01:05] Petra Voss: ...", so that the
time stands in the text that is cited.  A new one begins where the speaker changes, and after
half a minute at the end of a sentence.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.item import Item, Items, storable
from index.types import Article

_SECONDS_TO_NEW_PARAGRAPH = 30
"""Seconds after which the end of a sentence ends a paragraph."""

_CAPTION_SPEAKER = re.compile(
    r"(?:>>\s*)?([^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z0-9_][\w.'’-]*| \d{1,2}){0,4}"
    r"(?:, [^:]{2,60})?(?: \([^)]{1,30}\))?):(?=\s|$)"
)
_STYLE = re.compile(r"\{\\[^{}]*\}|</?[a-zA-Z][^<>]*>")
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?\s+([^<>]+)>")
_CAPTION_END = re.compile(r"[.!?…][\"'”’»)\]]*$")


def captions(file: File) -> Items:
    text = decode(file.path.read_bytes(), file.charset, file.encoding)
    lines = io.StringIO("\n".join(text.splitlines()) + "\n")
    try:
        read = webvtt.from_buffer(lines, format=file.path.suffix[1:].lower())
    except (MalformedFileError, MalformedCaptionError) as error:
        kind = "WebVTT" if file.path.suffix.lower() == ".vtt" else "SRT"
        raise InputError(f"expected {kind} captions, found something else ({error})") from error
    paragraphs = "\n\n".join(_caption_paragraphs(_turns(read)))
    yield Item(storable(Article(file.id, paragraphs, url=file.url)))


def _turns(read: webvtt.WebVTT) -> Iterator[tuple[int, str, str]]:
    """Seconds, speaker ("" as before) and words of each caption, or of each voice in it."""
    for caption in read.captions:
        seconds = caption.start_in_seconds
        parts = _VOICE.split(caption.raw_text)
        for voice, words in zip(["", *parts[1::2]], parts[::2], strict=True):
            plain = " ".join(_STYLE.sub("", words).split())
            label = _CAPTION_SPEAKER.match(plain)
            speaker = voice.strip() or (label[1] if label else "")
            if plain := plain[label.end() :].strip() if label else plain:
                yield seconds, speaker, plain


def _caption_paragraphs(turns: Iterator[tuple[int, str, str]]) -> Iterator[str]:
    began, who, said = 0, "", list[str]()
    for seconds, speaker, words in turns:
        new = speaker and speaker != who
        long = (
            seconds - began >= _SECONDS_TO_NEW_PARAGRAPH and said and _CAPTION_END.search(said[-1])
        )
        if said and (new or long):
            yield _paragraph(began, who, said)
            said = []
        if not said:
            began = seconds
        who = speaker or who
        said.append(words)
    if said:
        yield _paragraph(began, who, said)


def _paragraph(seconds: int, who: str, said: list[str]) -> str:
    minutes, rest = divmod(seconds, 60)
    code = f"[{minutes // 60:02}:{minutes % 60:02}:{rest:02}]"
    return f"{code} {f'{who}: ' if who else ''}{' '.join(said)}"
