"""Pages and feeds, fetched when asked for by address, and never from this network.

A name is resolved once; each of its addresses has to be public; the connection then
goes to the address that was checked, not to the name.  Redirects are followed here, so
that each of their targets passes the same check.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from index.errors import InputError
from index.ingest.loaders import LOADERS, TEXT_BYTES

_SECONDS = 20
_REDIRECTS = 5
_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".rss",
    "application/xml": ".rss",
    "text/xml": ".rss",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave: ``ending`` names its loader, ``charset`` is the server's word."""

    url: str
    data: bytes
    ending: str
    charset: str


def is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def fetch(url: str, resolve: Resolver | None = None) -> Page:
    """What stands at an address.  Raises InputError, in one line, if it cannot be had."""
    import httpx

    deadline = time.monotonic() + _SECONDS
    with httpx.Client(trust_env=False, follow_redirects=False, timeout=_SECONDS / 2) as client:
        for _ in range(_REDIRECTS + 1):
            host, address = _checked(url, resolve or _resolved)
            parts = urlsplit(url)
            shown = f"[{address}]" if ":" in address else address
            port = f":{parts.port}" if parts.port else ""
            target = parts._replace(netloc=shown + port, fragment="").geturl()
            request = client.build_request(
                "GET",
                target,
                headers={"host": host + port, "user-agent": "onrecord", "accept": "*/*"},
                extensions={"sni_hostname": host},
            )
            try:
                response = client.send(request, stream=True)
                try:
                    if response.has_redirect_location:
                        url = urljoin(url, response.headers["location"])
                        continue
                    return _page(url, response, deadline)
                finally:
                    response.close()
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                raise InputError(
                    f"cannot be fetched: {str(error) or type(error).__name__}"
                ) from error
    raise InputError(f"expected at most {_REDIRECTS} redirects, found more")


def _page(url: str, response: object, deadline: float) -> Page:
    import httpx

    assert isinstance(response, httpx.Response)
    if response.status_code != 200:
        raise InputError(f"expected a page, found status {response.status_code}")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if (ending := _TYPES.get(kind)) is None:
        raise InputError(f"expected a page, a feed or a text, found {kind[:60] or 'no type'}")
    most = min(LOADERS[ending].most, 6 * TEXT_BYTES)
    data = bytearray()
    for piece in response.iter_bytes(65536):
        data += piece
        if len(data) > most:
            raise InputError(f"expected at most {most:,} bytes, found more")
        if time.monotonic() > deadline:
            raise InputError(f"expected an answer within {_SECONDS} seconds, found a slower one")
    return Page(url, bytes(data), ending, response.charset_encoding or "")


def _checked(url: str, resolve: Resolver) -> tuple[str, str]:
    """The host of an address, and one of its IP addresses; all of them are public."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(
            f"expected a web address, found one that cannot be read ({error})"
        ) from error
    if parts.scheme not in ("http", "https") or not host:
        raise InputError("expected a web address (http or https), found another kind")
    if parts.username or parts.password:
        raise InputError("expected an address without user name and password")
    try:
        found = resolve(host, port or (443 if parts.scheme == "https" else 80))
    except OSError as error:
        raise InputError(f"cannot be fetched: no address for {host} ({error.strerror})") from error
    if not found or not _public(found):
        raise InputError(f"expected a public host, found {host}, which is of a private network")
    return host, found[0]


def _resolved(host: str, port: int) -> list[str]:
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _public(addresses: Iterable[str]) -> bool:
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address):
            inner = address.ipv4_mapped or address.sixtofour or address.teredo
            if inner or address in _TRANSLATED or address.is_site_local:
                return False
        if not address.is_global or address.is_multicast or address.is_reserved:
            return False
    return True
