"""Where the index lives and how it is made; read from the environment only at the edges."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import InputError
from index.text.escape import is_text

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
"""The model that comes inside a registry package, so that no hub is needed."""

CHROMA_VARIABLE = "ONRECORD_CHROMA"
"""In the environment: where vectors are put."""

LOCAL, CLOUD, NONE = "local", "cloud", "none"
"""Beside the address of a server: the folder of the index, Chroma Cloud, and no Chroma at all."""


def is_server(chroma: str) -> bool:
    """Whether this names a Chroma server."""
    return chroma not in ("", LOCAL, NONE)


WAIT = 60.0
"""Seconds that a writer waits for another one, unless told otherwise."""

SCHEMA = 7
"""Version of the tables, derived ones among them; an index with another one is refused by name."""

EXTRACTOR = 4
"""Version of the attribution rules; raise it when quotes come out differently."""


def cores() -> int:
    """How many processors this process may use; OMP_NUM_THREADS lowers it."""
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(free or 1, int(asked) if asked.isdecimal() else free or 1))


@dataclass(frozen=True, slots=True)
class Settings:
    """``index``: folder of the index on disk.  ``embedder``: the default's name, or a
    sentence-transformers model by hub name or folder.  ``processes``: parsers at work.
    ``chroma``: where vectors are put, the address of a Chroma server, "cloud", "local" or
    "none"; "" leaves them where the index has them.  ``wait``: seconds to wait for another writer.
    Raises InputError for any other, and for a folder whose name is not UTF-8."""

    index: Path
    embedder: str = DEFAULT_EMBEDDER
    processes: int = field(default_factory=cores)
    chroma: str = ""
    wait: float = 0.0

    def __post_init__(self) -> None:
        if not is_text(str(self.index)):
            raise InputError(
                f"expected an index folder with a name in UTF-8, found {self.index}; name another"
            )
        if self.chroma not in ("", LOCAL, CLOUD, NONE):
            server_address(self.chroma)

    @classmethod
    def from_environment(
        cls,
        index: str | Path | None = None,
        embedder: str | None = None,
        environment: Mapping[str, str] = os.environ,
        chroma: str | None = None,
        wait: float = WAIT,
    ) -> Settings:
        """What was given, else ONRECORD_INDEX, ONRECORD_EMBEDDER and ONRECORD_CHROMA, else
        the defaults."""
        where = index or environment.get("ONRECORD_INDEX")
        return cls(
            index=Path(where).expanduser() if where else _user_folder(),
            embedder=embedder or environment.get("ONRECORD_EMBEDDER") or DEFAULT_EMBEDDER,
            chroma=chroma or environment.get(CHROMA_VARIABLE, ""),
            wait=wait,
        )


def server_address(url: str) -> tuple[bool, str, int]:
    """Whether a Chroma server is spoken to over TLS, its host, and its port.

    Raises InputError, without the address, which may hold a password.
    """
    try:
        parts = urlsplit(url)
        host, port, secure = parts.hostname, parts.port, parts.scheme == "https"
    except ValueError:
        host = None
    if not (host and url.isprintable() and parts.scheme in ("http", "https")) or parts.path[1:]:
        raise InputError(
            "expected a Chroma server as http://host:port or https://host:port, 'cloud', "
            "'local' or 'none', found something else"
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise InputError(
            "expected the address of a Chroma server without user name, password or anything "
            "behind it, found one with; credentials are read from Chroma's own variables"
        )
    return secure, f"[{host}]" if ":" in host else host, port or (443 if secure else 80)


def _user_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("onrecord", appauthor=False) / "index"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an index was made with: two that differ cannot be mixed or read as each other."""

    schema: int
    extractor: int
    embedder: str
    weights: str
    dimension: int

    def is_same_model(self, other: Fingerprint) -> bool:
        """Whether both have vectors of one model."""
        mine, its = ((f.embedder, f.weights, f.dimension) for f in (self, other))
        return mine == its

    def differences(self, other: Fingerprint) -> str:
        """Both sides of every field that differs, in one line; empty if none does."""
        pairs = (
            (name, getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__
        )
        return ", ".join(f"{n} {_short(a)} against {_short(b)}" for n, a, b in pairs if a != b)


def _short(value: object) -> str:
    text = str(value)
    return text[:12] + "…" if len(text) == 64 else text
