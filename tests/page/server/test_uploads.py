"""What a visitor uploads is that visitor's alone, and does not stay."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from pathlib import Path

import httpx
import pytest

from page.server import uploads
from page.server.requests import Refused
from page.server.uploads import Uploads
from page.service import Desk
from tests.serving import serving

ARTICLE = "Weir holds\n\n“The weir holds,” Keeper Ulla Brand told Clerk Otto Vann."


@pytest.fixture(scope="module")
def adding(tmp_path_factory):
    """A page that takes articles, into an index of its own."""
    folder = tmp_path_factory.mktemp("adding")
    with serving(folder / "index", folder / "uploads", "--allow-add") as found:
        yield found


@pytest.fixture
def visitor(adding):
    with httpx.Client(base_url=adding.address, timeout=60) as found:
        found.get("/").raise_for_status()
        yield found


def sent(client: httpx.Client, text: str = ARTICLE, name: str = "weir.txt") -> str:
    answer = client.post("/gradio_api/upload", files={"files": (name, text.encode())})
    answer.raise_for_status()
    (found,) = answer.json()
    return found


def asked_to_add(client: httpx.Client, name: str) -> tuple[httpx.Response, list[str]]:
    """What an event says that is to add this file, and what comes of it."""
    config = client.get("/config").json()
    (box,) = (c["id"] for c in config["components"] if c["type"] == "file")
    event = next(d for d in config["dependencies"] if box in d["inputs"])
    file = {"path": name, "orig_name": "weir.txt", "meta": {"_type": "gradio.FileData"}}
    data = [[file], *[""] * (len(event["inputs"]) - 1)]
    session = uuid.uuid4().hex[:10]
    joined = client.post(
        "/gradio_api/queue/join",
        json={"data": data, "fn_index": event["id"], "session_hash": session},
    )
    if joined.status_code != 200:
        return joined, []
    with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
        return joined, [line for line in stream.iter_lines() if line]


def kept(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "in-use")


def test_an_upload_is_added_and_nothing_of_it_is_left(adding, visitor):
    joined, told = asked_to_add(visitor, sent(visitor))
    assert joined.status_code == 200
    assert any("1 article added" in line for line in told), told
    assert kept(adding.uploads) == []


def test_another_visitor_does_not_get_it(adding, visitor):
    name = sent(visitor)
    with httpx.Client(base_url=adding.address, timeout=60) as other:
        assert asked_to_add(other, name)[0].status_code == 400
        other.get("/")
        refused, _ = asked_to_add(other, name)
        assert refused.status_code == 400
        assert refused.json() == {
            "error": "expected a file that you uploaded in the last minutes; choose it again"
        }
    assert len(kept(adding.uploads)) == 1


def test_an_upload_tells_no_path_of_the_server(visitor, adding):
    for name in ("../../../etc/passwd.txt", "/etc/passwd.txt", "..\\..\\x.txt", "\x01\n.txt", ""):
        files = {"files": (name or "x", b"x")}
        answer = visitor.post("/gradio_api/upload", files=files)
        assert answer.status_code == 200
        (found,) = answer.json()
        assert ".." not in found
        assert str(adding.uploads) not in found
    inside = adding.uploads.resolve()
    assert all(path.resolve().is_relative_to(inside) for path in kept(adding.uploads))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{}", "application/json"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data"),
        (b"x" * 100, "multipart/form-data; boundary=x"),
        (b"--x\r\nX: y\r\n\r\nz\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nz\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_what_is_no_form_with_files_is_refused_and_not_kept(visitor, adding, content, kind):
    before = kept(adding.uploads)
    answer = visitor.post("/gradio_api/upload", content=content, headers={"content-type": kind})
    assert 400 <= answer.status_code < 500
    assert list(answer.json()) == ["error"]
    assert kept(adding.uploads) == before


def test_an_upload_that_breaks_off_leaves_nothing(visitor, adding):
    before = kept(adding.uploads)
    host, port = adding.address.removeprefix("http://").split(":")
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: "
        'form-data; name="files"; filename="broken.txt"\r\n\r\n'
    )
    import socket

    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(head.encode() + b"a" * 2_000_000)
    assert visitor.get("/config").status_code == 200
    assert kept(adding.uploads) == before


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def form(store: Uploads, visitor: str, content: bytes) -> list[str]:
    """Upload without a server."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )
    scope = {
        "type": "http", "method": "POST", "path": "/gradio_api/upload", "query_string": b"",
        "headers": [(b"content-type", b"multipart/form-data; boundary=x")],
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    return await store.received(scope, receive, visitor, len(body))


async def test_what_nobody_adds_goes_within_minutes(tmp_path):
    clock = Clock()
    store = Uploads(tmp_path / "up", clock)
    (name,) = await form(store, "a", b"x")
    (wanted,) = await form(store, "a", b"y")
    clock.now = uploads.LIFE - 1
    store.sweep()
    assert len(kept(tmp_path)) == 2
    assert store.file(wanted, "a").read_bytes() == b"y"
    clock.now = uploads.LIFE
    store.sweep()
    assert [p.read_bytes() for p in kept(tmp_path)] == [b"y"]  # its turn has yet to come
    with pytest.raises(Refused):
        store.file(name, "a")
    clock.now = uploads.LIFE + uploads.QUEUED_FILE_SECONDS
    store.sweep()
    assert kept(tmp_path) == []


async def test_uploads_have_a_limit_each_and_together(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "SHARE", 2000)
    monkeypatch.setattr(uploads, "TOTAL", 3000)
    clock = Clock()
    store = Uploads(tmp_path / "up", clock)
    await form(store, "a", b"x" * 1500)
    with pytest.raises(Refused) as refused:
        await form(store, "a", b"x" * 1500)
    assert refused.value.status == 413
    await form(store, "b", b"x" * 1000)
    with pytest.raises(Refused):
        await form(store, "c", b"x" * 1000)
    assert len(kept(tmp_path)) == 2
    clock.now = uploads.LIFE
    await form(store, "c", b"x" * 1500)
    assert len(kept(tmp_path)) == 1


async def test_two_visitors_with_one_file_each_have_their_own(tmp_path):
    store = Uploads(tmp_path / "up", Clock())
    (one,), (other,) = await form(store, "a", b"x"), await form(store, "b", b"x")
    store.file(one, "a").unlink()
    assert store.file(other, "b").read_bytes() == b"x"
    for name, visitor in ((one, "b"), (other, "a"), (other, ""), (None, "a"), (1, "a"), ([], "a")):
        with pytest.raises(Refused):
            store.file(name, visitor)


def test_uploads_of_a_killed_page_are_removed_by_the_next(tmp_path):
    left = tmp_path / "onrecord-left"
    left.mkdir()
    (left / "in-use").touch()
    (left / "old.txt").write_text("x")
    os.utime(left, (time.time() - 7200,) * 2)
    Uploads(tmp_path)
    assert not left.exists()


def test_without_allow_add_nothing_is_put_where_uploads_would_be(served):
    assert not served.uploads.exists() or kept(served.uploads) == []


def correcting(address: str) -> list[int]:
    """The events of a page that a click on "Save the correction" would ask for."""
    config = httpx.get(f"{address}/config", timeout=60).json()
    return [d["id"] for d in config["dependencies"] if any(on == "apply" for _, on in d["targets"])]


def test_a_correction_takes_a_curator(served, seed_index, tmp_path):
    """Anybody may suggest one; nobody else's may be taken back, and none accepted, without leave."""
    from index.errors import InputError

    assert len(correcting(served.address)) == 1
    index = tmp_path / "index"
    shutil.copytree(seed_index, index)
    desk = Desk(index)
    citation = desk.bot.answer("what did Erdoğan tell Putin?").citations[0]
    number = desk.suggest(citation, "speaker", "Putin")
    for accept, own in ((True, True), (True, False), (False, False)):
        with pytest.raises(InputError, match="--curate"):
            desk.decide(number, accept=accept, own=own)
    desk.decide(number, accept=False, own=True)
    assert [one.state for one in desk.suggestions()] == ["undone"]
    assert desk.statement(citation.source.id).speaker == citation.speaker


@pytest.mark.parametrize("allowed", [False, True])
def test_a_page_offers_corrections_where_they_are_taken(seed_index, allowed):
    from page.panes import Panes
    from page.statements import Wanted
    from page.streaming import Growing

    desk = Desk(seed_index, allow_add=allowed)
    panes = Panes(desk)
    answer = desk.bot.answer("what did Erdoğan tell Putin?")
    growing = Growing("q", 1)
    for event in desk.ask("what did Erdoğan tell Putin?", [], {}):
        if type(event).__name__ in ("Reading", "Findings"):
            growing = growing.after(event)
    found, total = desk.statements(Wanted(speaker="Putin"))
    for html in (
        panes.past([answer]), panes.latest(answer, 1), panes.growing(growing),
        panes.evidence(answer.citations[0], {"turn": 1, "number": 1}, report=True),
        panes.statements(Wanted(speaker="Putin"), found, total),
    ):  # fmt: skip
        assert "card" in html or "sheet" in html
        assert "Suggest a correction" in html  # a report is a suggestion, which anybody may make
