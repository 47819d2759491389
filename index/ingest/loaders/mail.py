"""Mail (a newsletter, a forwarded story): its text, or the article of its page."""

from __future__ import annotations

import dataclasses
import email
import email.policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import cast

from index.errors import InputError
from index.ingest.loaders import File
from index.ingest.loaders.decoding import decode
from index.ingest.loaders.html import article
from index.ingest.loaders.item import Item, Items, one_line, storable
from index.types import Article

_LONGEST_HEADER = 5_000  # characters; only lists of people to whom it went are longer


class _Policy(email.policy.EmailPolicy):
    """The default policy for headers of bounded length: to read one takes it the square."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


def mail(file: File) -> Items:
    message = cast(EmailMessage, email.message_from_bytes(file.path.read_bytes(), policy=_Policy()))
    part = message.get_body(("plain", "html"))
    if part is None:
        raise InputError("expected a mail with text, found none")
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        raise InputError("expected a mail with text, found a part that cannot be read")
    text = decode(data, part.get_content_charset() or "", file.encoding)
    found = (
        article(text, file.id)
        if part.get_content_subtype() == "html"
        else Article(file.id, text.replace("\r\n", "\n"))
    )
    name, address = parseaddr(str(message["From"] or ""))
    found = dataclasses.replace(
        found,
        title=one_line(str(message["Subject"] or "")),
        author=one_line(name or address),
        published=_date(str(message["Date"] or "")),
    )
    yield Item(storable(found))


def _date(header: str) -> str:
    try:
        return parsedate_to_datetime(header).isoformat()
    except ValueError:
        return ""
