"""A visitor who names files and addresses instead of uploading: nothing may be taken.

Every event of the page, every slot of it and what comes beside it, with every hostile
name, is put to every route that takes calls.  A name counts as accepted unless the page
refuses the call itself, before anything is worked on; whatever it copied, opened or
called is counted too.
"""

from __future__ import annotations

import json
import os
import re
import select
import socket
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.faults.children import Measure, judged
from tests.faults.editions import indexed
from tests.serving import ROOT, Served, serving

SECRET = "The vault code is 4711 and nobody must know it."

ROUTES = ROOT / "tests" / "golden" / "routes.txt"

CALLS = ("/gradio_api/run/answer", "/gradio_api/call/answer")
"""Routes that call the public endpoint."""

SHARE = 4
"""In a quick trial each name is put to one call in so many, and each call gets names in turn."""


@dataclass
class Trap:
    """Names that a visitor may not use, and what tells whether one was used all the same."""

    folder: Path
    listener: socket.socket = field(
        default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=64)
    )

    def __post_init__(self) -> None:
        self.secret = self.folder / "notes.txt"
        self.secret.write_text(f'Mayor Ana Ruiz said: "{SECRET}"\n', encoding="utf-8")
        self.secret.chmod(0o600)
        self.link = self.folder / "link.txt"
        self.link.symlink_to(self.secret)
        self.fifo = self.folder / "fifo.txt"
        os.mkfifo(self.fifo)

    def names(self, uploads: Path, foreign: str, quick: bool) -> list[str]:
        """Every hostile name; ``foreign`` is what another visitor's upload is called."""
        at = f"127.0.0.1:{self.listener.getsockname()[1]}"
        few = [
            *("/etc/passwd", str(self.secret), str(self.link), str(self.fifo), "/dev/zero"),
            *("/proc/self/environ", f"http://{at}/x.txt", f"file://{self.secret}", foreign),
            *("data:text/plain;base64,aGk=", f"{uploads}/../{self.secret.name}"),
        ]
        more = [
            *("/dev/stdin", "/dev/tty", "/dev/fd/0", "/proc/self/fd/3", "/proc/1/cmdline", "/dev"),
            *("/proc/self/cwd/README.md", "README.md", "./ui.py", "ui.py", ".", "..", "/", " "),
            *(f"https://{at}/x.txt", f"HTTP://{at}/x.txt", f"//{at}/x.txt", f"ftp://{at}/x.txt"),
            *("http://localhost:1/x.svg", "http://[::1]:1/x.txt", "file:///etc/passwd"),
            *(f"{uploads}", f"{uploads}/", f"{uploads}/x.svg", "upload/../x.txt", "a\x00b.txt"),
            *(
                "~/.bashrc",
                "a" * 5000,
                "\ud800.txt",
                f"{self.secret}\n",
                f"{self.folder}//notes.txt",
            ),
        ]
        return few if quick else few + more

    def sprung(self) -> list[str]:
        """What was opened or called since."""
        found = []
        try:
            os.close(os.open(self.fifo, os.O_WRONLY | os.O_NONBLOCK))
            found.append("the page reads a FIFO")
        except OSError as error:
            assert error.errno == 6, error  # ENXIO: nobody reads
        while select.select([self.listener], [], [], 0)[0]:
            self.listener.accept()[0].close()
            found.append("the page calls an address")
        return found


def shapes(name: str, quick: bool) -> list[Any]:
    """The name as a file, in the forms that Gradio knows and in some that it nearly knows."""
    meta = {"meta": {"_type": "gradio.FileData"}}
    few = [{"path": name, **meta}, [{"path": name, "orig_name": "x.txt", **meta}]]
    more = [
        {"path": "x.txt", "url": name, **meta},
        {"path": name, "is_stream": True, **meta},
        {"path": name, "url": name, "size": 1, "mime_type": "image/svg+xml", **meta},
        {"path": name},
        {"value": {"path": name, **meta}},
        [[{"a": {"path": name, **meta}}]],
        {"url": name, **meta},
    ]
    return few if quick else few + more


def calls(config: dict[str, Any], file: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every event with the file in every slot and beside them: what it is, and the body."""
    for event in config["dependencies"]:
        count = len(event["inputs"])
        whole = {"fn_index": event["id"], "session_hash": uuid.uuid4().hex[:10]}
        for slot in range(count):
            data = [file if n == slot else None for n in range(count)]
            yield f"event {event['id']} slot {slot}", {**whole, "data": data}
        yield f"event {event['id']} beside", {**whole, "data": [None] * count, "event_data": file}
        yield f"event {event['id']} behind", {**whole, "data": [*[None] * count, file]}


def posted() -> list[str]:
    """The routes of the golden list that something can be sent to, the parts filled in."""
    rows = (line.split() for line in ROUTES.read_text(encoding="utf-8").splitlines())
    return [re.sub(r"\{\w+\}", "answer", path) for _, methods, path in rows if "POST" in methods]


def tried(served: Served, trap: Trap, quick: bool) -> tuple[int, list[str]]:
    """How many forged calls were made, and what was accepted."""
    wrong: list[str] = []
    count = 0
    with httpx.Client(base_url=served.address, timeout=30) as client:
        foreign = uploaded(served, trap.folder)
        config = client.get("/config").json()
        before = held(served)
        for number, name in enumerate(trap.names(served.uploads, foreign, quick)):
            for form, file in enumerate(shapes(name, quick)):
                every = [("/gradio_api/queue/join", *call) for call in calls(config, file)]
                for path in CALLS:
                    every += [
                        (path, f"slot {n}", {"data": [file if n == k else None for k in range(3)]})
                        for n in range(3)
                    ]
                body = {"data": [file], "session_hash": "x", "fn_index": 0, "event_id": "x"}
                every += [(path, "whole", {**body, "files": file}) for path in posted()]
                share = slice((number + form) % SHARE, None, SHARE) if quick else slice(None)
                for path, what, sent in every[share]:
                    count += 1
                    answer = client.post(
                        path, content=json.dumps(sent), headers={"content-type": "application/json"}
                    )
                    if not 400 <= answer.status_code < 500 and not harmless(path):
                        wrong.append(f"{path} {what} {name[:60]!r}: {answer.status_code}")
            for path in asked(name):
                count += 1
                answer = client.get(path)
                if answer.status_code >= 500 or SECRET in answer.text or "root:" in answer.text:
                    wrong.append(f"GET {path[:60]}: {answer.status_code}")
            wrong += [f"{name[:60]!r}: {what}" for what in trap.sprung()]
        wrong += [f"kept: {path}" for path in held(served) - before]
        if client.get("/config").status_code != 200:
            wrong.append("the page is gone")
    return count, wrong


def harmless(path: str) -> bool:
    """Whether a route reads nothing of what it is sent: Gradio's `reset` only says yes."""
    return "/reset" in path


def asked(name: str) -> list[str]:
    """Addresses of the page that name a file."""
    said = httpx.QueryParams({"n": name.encode("utf-8", "replace").decode()})["n"]
    coded = str(httpx.QueryParams({"n": said})).removeprefix("n=")
    return [
        f"/gradio_api/file={coded}", f"/gradio_api/file/{coded}", f"/gradio_api/proxy={coded}",
        f"/static/{coded}", f"/assets/{coded}", f"/?deep_link={coded}",
        f"/config?deep_link={coded}", f"/gradio_api/upload_progress?upload_id={coded}",
    ]  # fmt: skip


def uploaded(served: Served, folder: Path) -> str:
    """What an honest upload of another visitor is called; a guess where none are taken."""
    with httpx.Client(base_url=served.address, timeout=30) as other:
        other.get("/")
        sent = other.post("/gradio_api/upload", files={"files": ("theirs.txt", SECRET.encode())})
        return sent.json()[0] if sent.status_code == 200 else str(folder / "theirs.txt")


def held(served: Served) -> set[Path]:
    """The files that the page keeps for visitors."""
    return {path for path in served.uploads.rglob("*") if path.is_file()}


def forged_files(quick: bool) -> Measure:
    """Every event and every hostile name, with and without the right to add."""
    count, wrong = 0, list[str]()
    for options in ((), ("--allow-add",)):
        with indexed() as (_, index), tempfile.TemporaryDirectory(prefix="faults-") as name:
            trap = Trap(Path(name))
            with serving(index, index.parent / "uploads", *options) as served:
                more, found = tried(served, trap, quick)
            trap.listener.close()
        count += more
        wrong += [f"{' '.join(options)} {line}" for line in found]
    return judged(f"{count:,} calls with forged files and addresses ({len(wrong)} accepted)", wrong)
