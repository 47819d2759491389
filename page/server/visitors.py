"""Who a visitor is: whoever brings back the cookie that the page gave to a browser.

There are no accounts.  The cookie tells visitors apart where one must not have what
another one brought, and where each of them may only have so much.
"""

from __future__ import annotations

import re
import secrets

from page.server.requests import Scope

COOKIE = "onrecord_visitor"

_OURS = re.compile(rf"(?:^|;\s*){COOKIE}=([\w-]{{32,64}})(?:;|$)", re.ASCII)


def visitor(scope: Scope) -> str:
    """The visitor that the cookie of a request names, "" without one."""
    for name, value in scope["headers"]:
        if name.lower() == b"cookie" and (found := _OURS.search(value.decode("latin-1"))):
            return found[1]
    return ""


def newcomer() -> str:
    """A name for a visitor that nobody guesses."""
    return secrets.token_urlsafe(32)


def remembered(name: str) -> tuple[bytes, bytes]:
    """The header that has a browser bring this name back, to this page and from it alone."""
    return b"set-cookie", f"{COOKIE}={name}; Path=/; HttpOnly; SameSite=Strict".encode()


def client(scope: Scope) -> str:
    """Whom a limit counts: the visitor, else all without a cookie at one address together."""
    return visitor(scope) or f"at {(scope.get('client') or ('',))[0]}"
