"""Mail (a newsletter, an answer, a forwarded story): the part that says most of it.

The text begins with whom it is from and to, as a printed mail does; what it answers and what
it passes on stand below the lines that name their senders.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import cast

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.html import fragment
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.ingest.loaders.lines import reflowed, unwrapped_paragraphs
from index.types import Article

_LONGEST_HEADER = 5_000  # characters; only lists of people to whom it went are longer
_DEEPEST = 4  # mails within mails
_ENOUGH = 0.7
"""Share of the words of its page that the plain text of a mail has to have to be taken."""

_LEVEL = re.compile(r"(?:> ?)*")


class _Policy(email.policy.EmailPolicy):
    """The default policy for headers of bounded length: to read one takes it the square."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


def mail(file: File) -> Items:
    message = cast(EmailMessage, email.message_from_bytes(file.path.read_bytes(), policy=_Policy()))
    name, address = parseaddr(str(message["From"] or ""))
    text = "\n\n".join(_mails(message, file, 0))
    if not text:
        raise InputError("expected a mail with text, found none")
    found = Article(
        file.id,
        text,
        title=one_line(str(message["Subject"] or "")),
        author=one_line(name or address),
        published=_date(str(message["Date"] or "")),
    )
    yield Item(storable(found))


def _mails(message: EmailMessage, file: File, depth: int) -> Iterator[str]:
    """The mail, and the mails that are attached to it, each below its header."""
    bodies = [b for kind in ("plain", "html") if (b := _body(message, kind, file)).strip()]
    plain = bodies[0] if bodies else ""
    richest = max(bodies, key=lambda b: len(b.split()), default="")
    enough = len(plain.split()) >= _ENOUGH * len(richest.split())
    if body := (plain if enough else richest).strip():
        yield f"{_header(message)}\n\n{body}".strip()
    if depth < _DEEPEST:
        for part in message.iter_attachments() if message.is_multipart() else ():
            if part.get_content_type() == "message/rfc822":
                for inner in cast("list[EmailMessage]", part.get_payload()):
                    yield from _mails(inner, file, depth + 1)


def _header(message: EmailMessage) -> str:
    """Whom a mail is from and to, by their names: addresses are nobody else's business.

    What went to a list is nobody's letter.
    """
    lines: list[str] = []
    if any(message[key] for key in ("List-Id", "List-Unsubscribe", "List-Post")):
        return ""
    for key in ("From", "To"):
        name, address = parseaddr(str(message[key] or ""))
        if key == "From" and address and not name:
            name = address.partition("@")[0]
        if name and "," not in str(message[key]):
            lines.append(f"{key}: {one_line(name)}")
    return "\n".join(lines)


def _body(message: EmailMessage, kind: str, file: File) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        raise InputError("expected a mail with text, found a part that cannot be read")
    text = decode(data, part.get_content_charset() or "", file.encoding)
    if part.get_content_subtype() == "html":
        return fragment(text, quotations=False)
    text = text.replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        text = reflowed(text)
    return unwrapped_paragraphs(_without_levels(text))


def _without_levels(text: str) -> str:
    """The text without the marks before lines that are quoted from another mail."""
    out: list[str] = []
    level = 0
    for line in text.split("\n"):
        marks = _LEVEL.match(line)
        depth = marks[0].count(">") if marks else 0
        if depth != level and out and out[-1]:
            out.append("")
        level = depth
        out.append(line[marks.end() :] if marks and depth else line)
    return "\n".join(out)


def _date(header: str) -> str:
    try:
        return parsedate_to_datetime(header).isoformat()
    except ValueError:
        return ""
