"""Every route of the page is known, and each answers with the headers that guard it.

tests/golden/routes.txt lists what Gradio and FastAPI serve, and what the guard lets
through: "open" always, "adding" where articles may be added, "shut" never.  A route that
an upgrade brings fails the first test until somebody has looked at it and put it there.
"""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from page.server.guard import HEADERS, request_refusal
from page.service import Desk
from page.wiring import application

GOLDEN = Path(__file__).parent / "golden" / "routes.txt"

SAMPLES = {"api_name": "answer", "path": "index.js", "path_or_url": "index.js"}
"""What stands in a route's {parts}; the others get "x"."""


def sample(path: str) -> str:
    """A path that the route would answer."""
    return re.sub(r"\{(\w+)[^}]*\}", lambda part: SAMPLES.get(part[1], "x"), path)


def known() -> dict[str, tuple[str, list[str]]]:
    """Of the golden list: each path, who is let in, and the methods."""
    rows = (line.split() for line in GOLDEN.read_text(encoding="utf-8").splitlines())
    return {path: (let_in, methods.split(",")) for let_in, methods, path in rows}


def let_in(path: str) -> str:
    scope = {"path": sample(path), "headers": [(b"host", b"localhost")]}
    if request_refusal(scope) is None:
        return "open"
    return "adding" if request_refusal(scope, uploads=1) is None else "shut"


def served(routes, prefix: str = "") -> dict[str, set[str]]:
    """Every path of an application and its methods; "*" for whatever asks no method."""
    found: dict[str, set[str]] = {}
    for context in iter_route_contexts(routes):
        route = context.original_route
        path = prefix + context.path
        if isinstance(route, Mount):
            inner = served(route.app.routes, path) if hasattr(route.app, "routes") else {}
            for below, methods in (inner or {f"{path}/{{path:path}}": {"*"}}).items():
                found.setdefault(below, set()).update(methods)
        else:
            found.setdefault(path, set()).update(context.methods or {"*"})
    return found


def test_there_is_no_route_that_nobody_has_looked_at(tmp_path):
    app = application(Desk(tmp_path / "none", allow_add=True), 1000)
    found = {
        path: (let_in(path), sorted(methods)) for path, methods in served(app._app.routes).items()
    }
    assert found == known()


@pytest.fixture(scope="module")
def client(address):
    with httpx.Client(base_url=address, timeout=30) as found:
        yield found


@pytest.mark.parametrize("path", sorted(known()))
def test_every_route_has_the_headers_and_only_the_open_ones_are_there(client, path):
    who, methods = known()[path]
    for method in ("GET", "POST", *methods):
        if method == "*":
            continue
        with client.stream(method, sample(path)) as answer:
            for name, value in HEADERS:
                assert answer.headers.get_list(name.decode()) == [value.decode()]
            if who != "open":
                assert answer.status_code == 404
            else:
                assert answer.status_code < 500
