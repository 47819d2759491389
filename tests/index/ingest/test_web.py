"""Addresses are fetched when that is allowed, and never from a private network."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from index.errors import InputError
from index.ingest.load import Failure, Loaded, Options, load
from index.ingest.web import fetch

PUBLIC = "93.184.216.34"


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302 if self.path.startswith("/to/") else 200)
            if self.path.startswith("/to/"):
                self.send_header("location", self.path.removeprefix("/to/"))
            self.send_header("content-type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(
                b"x" * 6_000_000 if self.path == "/big" else "Ana said “yes”.".encode()
            )

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://news.example:{serving.server_port}", asked
        serving.shutdown()


@pytest.fixture
def allowed(monkeypatch):
    """This machine stands for the public network; other private addresses stay private."""
    from index.ingest import web

    real = web._public
    monkeypatch.setattr(
        web, "_public", lambda found: all(a == "127.0.0.1" or real([a]) for a in found)
    )


def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"] if host == "news.example" else ["10.0.0.7"]


def test_an_address_is_not_even_looked_up_unless_allowed():
    with pytest.raises(InputError, match="--allow-url"):
        list(load(["https://news.example/a"]))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::", "2001:0:7f00:1::", "ff02::1"],
)  # fmt: skip
def test_no_private_address_is_asked(server, address):
    url, asked = server
    with pytest.raises(InputError, match="private network"):
        fetch(url, lambda host, port: [PUBLIC, address])
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://localhost/",
        "http://[::ffff:7f00:1]/",
    ],
)
def test_no_spelling_of_this_machine_is_asked(url):
    with pytest.raises(InputError, match=r"private network|no address"):
        fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example/a",
        "file:///etc/passwd",
        "http://",
        "http://u:p@x.example/",
        "http://x.example:99999/",
        "http://[x/",
    ],
)
def test_only_web_addresses_are_fetched(url):
    with pytest.raises(InputError, match="expected"):
        fetch(url, here)


def test_a_page_is_fetched_from_the_address_that_was_checked(server, allowed):
    url, asked = server
    seen: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        seen.append(host)
        return here(host, port)

    page = fetch(f"{url}/a?b=c#d", resolve)
    assert (page.data.decode(), page.ending, page.charset) == ("Ana said “yes”.", ".txt", "utf-8")
    assert (asked, seen) == (["/a?b=c"], ["news.example"])


def test_a_redirect_into_the_private_network_is_not_followed(server, allowed):
    url, asked = server
    for target in (
        "http://inside.example/",
        "//inside.example/",
        "http://10.0.0.7/",
        "file:///etc/passwd",
    ):
        with pytest.raises(InputError, match=r"private network|web address"):
            fetch(f"{url}/to/{target}", here)
    assert fetch(f"{url}/to//b", here).url == f"{url}/b"
    with pytest.raises(InputError, match="redirects"):
        fetch(f"{url}/to/" * 9, here)
    assert len(asked) < 20


def test_a_page_that_is_too_large_or_of_another_kind_is_refused(server, allowed):
    url, _ = server
    with pytest.raises(InputError, match="at most 5,000,000 bytes"):
        fetch(f"{url}/big", here)


def test_an_address_becomes_an_article(server, allowed, monkeypatch):
    url, _ = server
    monkeypatch.setattr("index.ingest.web._resolved", here)
    items = list(load([f"{url}/a", "http://inside.example/"], Options(allow_url=True)))
    articles = [i.article for i in items if isinstance(i, Loaded)]
    failures = [i for i in items if isinstance(i, Failure)]
    assert [(a.id, a.url, a.text) for a in articles] == [
        (f"{url}/a", f"{url}/a", "Ana said “yes”.")
    ]
    assert ["private network" in f.message for f in failures] == [True]
