"""Mail (a newsletter, a forwarded story): its text, or the article of its page."""

from __future__ import annotations

import dataclasses
import email
import email.policy
from email.utils import parseaddr, parsedate_to_datetime

from index.errors import InputError
from index.loaders import File
from index.loaders.decoding import decode
from index.loaders.html import article
from index.loaders.item import Item, Items, checked, one_line
from index.types import Article

_LONGEST_HEADER = 10_000  # characters; lists of people to whom it went are longer


def mail(file: File) -> Items:
    message = email.message_from_bytes(file.path.read_bytes(), policy=email.policy.default)
    for name in {name for name, value in message.raw_items() if len(str(value)) > _LONGEST_HEADER}:
        del message[name]  # the library takes the square of its length to read it
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
    yield Item(checked(found))


def _date(header: str) -> str:
    try:
        return parsedate_to_datetime(header).isoformat()
    except ValueError:
        return ""
