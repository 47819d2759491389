"""Listening on this machine only."""

from __future__ import annotations

import socket

from index.errors import InputError

HOST = "127.0.0.1"


def listening(port: int) -> socket.socket:
    """A socket that listens on the loopback address; port 0 takes any that is free.

    Raises InputError where the port is taken, not allowed, or none.
    """
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"cannot serve on port {port} ({reason}); name another: --port N"
        ) from error
