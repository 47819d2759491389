"""Vectors in a Chroma server or in Chroma Cloud, for whoever asks for it.

What a server answers is a hint: which rows may be near.  Words, names and similarities
come from the files of the generation, so that a server which lies can only hide what is
near.  If it is slow, gone or answers with anything else, all rows are compared here.

Chroma's client puts no limit of time on the requests that open it, and its asynchronous
twin, which could be cancelled, does not check certificates; so calls run in threads that
are left behind when they take too long.
"""

from __future__ import annotations

import functools
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from index.errors import LOG, IndexUnusable, ServerUnusable
from index.search.chroma import fill, functions, load_library, require_same_rows, settings
from index.search.vectors import COLLECTIONS, Matrix, Vectors, nearest
from index.settings import CHROMA_VARIABLE, CLOUD, server_address

TIMEOUT_SECONDS = 1.5
"""Seconds that a question waits for a server."""

PUBLISHING = 60.0
"""Seconds for each call of a publish."""

FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 10.0, 300.0
"""Seconds for which a server that failed is left alone; twice as long each time, up to."""

_SERVER_RECORDS_PER_CALL = 250
"""Records a call: Chroma Cloud takes 300."""

_ROW = re.compile(r"0|[1-9][0-9]{0,11}")


T = TypeVar("T")


class _TimedCalls:
    """Calls to one server, each of which ends in time."""

    def __init__(self, server: str, seconds: float) -> None:
        self.server, self.seconds = server, seconds
        self._left: threading.Thread | None = None

    def within(self, call: Callable[[], T]) -> T:
        """What a call gives.  Raises ServerUnusable, in words of ours: what a server says
        could repeat a password."""
        if self._left and self._left.is_alive():
            raise ServerUnusable(f"{server_name(self.server)} has not answered an earlier call yet")
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(call())
            except Exception as error:  # whatever Chroma's client makes of what a server says
                future.set_exception(error)

        thread = threading.Thread(target=run, name="onrecord-chroma", daemon=True)
        thread.start()
        try:
            return future.result(self.seconds)
        except ServerUnusable:
            raise
        except IndexUnusable as error:
            raise ServerUnusable(
                f"{server_name(self.server)} is not as it should be: {error}"
            ) from None
        except Exception as error:
            if not future.done():
                self._left = thread
                reason = f"gave no answer within {self.seconds:g} seconds"
            else:
                reason = f"cannot be used ({_failure_text(error)})"
            raise ServerUnusable(f"{server_name(self.server)} {reason}") from None

    def client(self) -> Any:
        """A client of the server."""
        return self.within(functools.partial(_server_client, self.server, self.seconds))


def server_name(server: str) -> str:
    """A server as it is named to people."""
    return "Chroma Cloud" if server == CLOUD else f"the Chroma server at {server}"


def _failure_text(error: Exception) -> str:
    return "no connection" if "Could not connect" in str(error) else type(error).__name__


@functools.cache
def _server_client(server: str, seconds: float) -> Any:
    """A client whose requests, but for the first three, take no longer than so many seconds.

    One for the whole process: Chroma's ``close`` leaves its connections open, and its memory.
    """
    client = _connected(server)
    client._server._session.timeout = seconds  # Chroma has no setting for it
    return client


def _connected(server: str) -> Any:
    import chromadb

    if server == CLOUD:
        key = os.environ.get("CHROMA_API_KEY")
        if not key:
            raise ServerUnusable(
                "expected CHROMA_API_KEY in the environment for Chroma Cloud, found none; set it, "
                "and CHROMA_TENANT and CHROMA_DATABASE"
            )
        # Given by name: the client reads the key from the environment and then forgets it.
        return chromadb.CloudClient(api_key=key, settings=settings())
    secure, host, port = server_address(server)
    # An index from elsewhere may name a server: that one gets no credentials.
    ours = os.environ.get(CHROMA_VARIABLE, "").rstrip("/") == server
    none = {} if ours else {"chroma_client_auth_provider": None}
    here = settings(chroma_server_host=host, chroma_server_http_port=port, **none)
    return chromadb.HttpClient(host=host, port=port, ssl=secure, settings=here)


def put(server: str, prefix: str, matrices: Mapping[str, Matrix]) -> None:
    """Fill new collections with the rows of the matrices, and check them.

    Raises ServerUnusable; what was begun may be there then.
    """
    calls = _TimedCalls(server, PUBLISHING)
    creating = _Creating(calls)
    for name in COLLECTIONS:
        fill(creating, f"{prefix}-{name}", matrices[name], _SERVER_RECORDS_PER_CALL)
    _compare(calls, prefix, matrices)


def _compare(calls: _TimedCalls, prefix: str, matrices: Mapping[str, Matrix]) -> None:
    client = calls.client()
    for name in COLLECTIONS:
        found = calls.within(functools.partial(_collection, client, f"{prefix}-{name}"))
        try:
            require_same_rows(name, _Timed(found, calls), matrices[name], _SERVER_RECORDS_PER_CALL)
        except ServerUnusable:
            raise
        except Exception as error:  # whatever comparing with nonsense raises
            what = str(error) if isinstance(error, IndexUnusable) else _failure_text(error)
            raise ServerUnusable(
                f"{server_name(calls.server)} is not as it should be: {what}"
            ) from None


def _collection(client: Any, title: str) -> Any:
    """A collection by name."""
    return _harmless(client.get_collection(title, embedding_function=None))


def _harmless(collection: Any) -> Any:
    """The collection, if the server names no embedding function for it.

    Chroma's client constructs what a schema names as soon as something is added, also
    where vectors are given and it was told to use none.
    """
    model = collection.get_model()
    if any(functions([model.configuration_json, model.serialized_schema])):
        raise IndexUnusable("it names an embedding function, which could run code")
    return collection


class _Creating:
    """A client as ``fill`` needs it, each of whose calls ends in time."""

    def __init__(self, calls: _TimedCalls) -> None:
        self._client, self._calls = calls.client(), calls

    def create_collection(self, title: str, **options: Any) -> _Timed:
        def create() -> Any:
            return _harmless(self._client.create_collection(title, **options))

        return _Timed(self._calls.within(create), self._calls)


class _Timed:
    """A collection, each of whose calls ends in time."""

    def __init__(self, target: Any, calls: _TimedCalls) -> None:
        self._target, self._calls = target, calls

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._target, name)

        return lambda *given, **named: self._calls.within(lambda: method(*given, **named))


def delete(server: str, prefix: str) -> None:
    """Delete the collections of a generation, as far as they are there.

    Raises ServerUnusable.
    """
    from chromadb.errors import NotFoundError

    calls = _TimedCalls(server, 10 * TIMEOUT_SECONDS)

    def drop(client: Any, title: str) -> None:
        try:
            client.delete_collection(title)
        except NotFoundError:
            return

    client = calls.client()
    for name in COLLECTIONS:
        calls.within(functools.partial(drop, client, f"{prefix}-{name}"))


class Server:
    """A server that is asked, or left alone for a while after it failed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.calls = _TimedCalls(address, TIMEOUT_SECONDS)
        self.opening = threading.Lock()
        self._until, self._rest = 0.0, FIRST_PAUSE_SECONDS
        self._told = False

    @property
    def rests(self) -> bool:
        """Whether it is left alone."""
        return time.monotonic() < self._until

    def answered(self) -> None:
        self._rest = FIRST_PAUSE_SECONDS

    def leave(self, error: ServerUnusable) -> None:
        """Leave the server alone for a while, and say so the first time."""
        with self.opening:
            if self.rests:
                return
            self._until = time.monotonic() + self._rest
            self._rest = min(2 * self._rest, MAX_PAUSE_SECONDS)
            told, self._told = self._told, True
        if not told:
            LOG.warning(
                "onrecord: %s; questions are compared with all vectors here, which takes longer "
                "and gives the same",
                error,
            )


class Remote:
    """The collections of a segment on a server, asked when they are first needed."""

    def __init__(self, server: Server, prefix: str, vectors: Vectors) -> None:
        self._server, self._prefix, self._vectors = server, prefix, vectors
        self._opened: dict[str, Any] | None = None

    def nearest(self, name: str, vector: Matrix, k: int) -> list[int]:
        """The k nearest rows by cosine similarity, nearest first.

        Which rows these are, the server says; if it does not, all are compared.
        """
        numbers = self._hints(name, vector, min(k, len(self._vectors.codes[name])))
        if not numbers:
            return self._vectors.nearest(name, vector, k)
        similar = self._vectors.similarities(name, numbers, vector)
        return [numbers[place] for place in nearest(similar, k)]

    def _hints(self, name: str, vector: Matrix, k: int) -> list[int]:
        """k different rows of the matrix that the server gives, or none."""
        count = len(self._vectors.codes[name])
        calls = self._server.calls
        try:
            collections = self._collections()
            if collections is None:
                return []
            ask = collections[name].query
            found = calls.within(
                lambda: _rows_named(ask(query_embeddings=[vector], n_results=k, include=[]), count)
            )
            if len(found) < k:
                raise ServerUnusable(
                    f"{server_name(calls.server)} gave {len(found)} of {k} rows that exist"
                )
        except ServerUnusable as error:
            self._opened = None  # which may have been somebody else's, or of a time before
            self._server.leave(error)
            return []
        self._server.answered()
        return found[:k]

    def _collections(self) -> dict[str, Any] | None:
        """The collections, None while the server is left alone."""
        with self._server.opening:  # waits for another's opening no longer than for its own
            if self._server.rests:
                return None
            if self._opened is None:
                load_library()
                self._opened = self._server.calls.within(self._open)
            return self._opened

    def _open(self) -> dict[str, Any]:
        client = _server_client(self._server.address, self._server.calls.seconds)
        return {name: _collection(client, f"{self._prefix}-{name}") for name in COLLECTIONS}

    def check(self, matrices: Mapping[str, Matrix]) -> None:
        """Raise ServerUnusable unless the collections hold just the rows of the matrices."""
        _compare(_TimedCalls(self._server.address, PUBLISHING), self._prefix, matrices)


def _rows_named(found: Any, count: int) -> list[int]:
    """The rows that an answer names, each once: a server may say anything."""
    named = (i for i in found["ids"][0] if isinstance(i, str) and _ROW.fullmatch(i))
    return list(dict.fromkeys(row for i in named if (row := int(i)) < count))
