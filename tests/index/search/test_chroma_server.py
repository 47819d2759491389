"""Vectors on a Chroma server: what it says are hints, and an index is whole without it."""

from __future__ import annotations

import json
import logging
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.__main__ import main
from index.errors import InputError, ServerUnusable
from index.indexing.build import add, rebuild, remove
from index.search import chroma_server
from index.search import vectors as vectors_module
from index.search.chroma_server import Remote, Server, put
from index.settings import Settings
from index.storage import publish
from index.storage.health import status, verify
from index.storage.snapshot import GENERATIONS, Generation, current, read_manifest
from index.storage.store import Store
from rag import OnRecord
from tests.chroma_servers import Stub, real_server, send, stub_server

ROOT = Path(__file__).parents[3]
STORY = "Mayor Ana Ruiz said the bridge would open in May. Deniz Kaya said the works were late."
ASKED = "What did Ana Ruiz say about the bridge?"
EVIL = {"type": "known", "name": "sentence_transformer", "config": {"model_name": "x/y", "device": "cpu", "normalize_embeddings": False, "kwargs": {"trust_remote_code": True}}}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    with real_server(tmp_path_factory.mktemp("chroma")) as address:
        yield address


@pytest.fixture
def stub() -> Iterator[Stub]:
    with stub_server() as found:
        yield found


@pytest.fixture(scope="module")
def pristine(tmp_path_factory) -> Path:
    """An index of three articles, its vectors in its folder."""
    folder = tmp_path_factory.mktemp("pristine")
    (folder / "in").mkdir()
    for number in range(3):
        (folder / "in" / f"{number}.txt").write_text(STORY.replace("May", f"{number + 3} weeks"))
    assert add([folder / "in"], Settings(folder / "i")).added == 3
    return folder / "i"


@pytest.fixture
def index(pristine, tmp_path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "i"))


@pytest.fixture(autouse=True)
def unconnected():
    """Each test makes connections of its own."""
    chroma_server._server_client.cache_clear()


@pytest.fixture
def many(monkeypatch):
    """No archive is small: Chroma is asked."""
    monkeypatch.setattr(vectors_module, "MAX_EXACT_ROWS", 0)


def names(server: str) -> set[str]:
    import chromadb

    host, port = server.removeprefix("http://").split(":")
    with chromadb.HttpClient(host=host, port=int(port)) as client:
        return {collection.name for collection in client.list_collections()}


def moved(index: Path, stub: Stub) -> None:
    """The index, as if its vectors were on the stub."""
    manifest = index / GENERATIONS / current(index) / "manifest.json"
    row = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**row, "chroma": stub.address, "collections": "onrecord-x"}))


def at(folder: Path, stub: Stub) -> Remote:
    return Remote(Server(stub.address), "onrecord-x", Generation(folder).parts[0].vectors)


def said(*ids: object) -> Callable[[object], None]:
    return lambda handler: send(handler, json.dumps({"ids": [list(ids)]}).encode())


def test_answers_are_the_same_and_all_agrees(index, server, many, caplog, capsys):
    local = OnRecord.open(index).answer(ASKED)
    settings = Settings(index, chroma=server)
    rebuild(settings)
    assert not list(index.glob("segments/*/chroma"))
    assert status(settings).manifest.chroma == server
    assert all(not finding.wrong for finding in verify(settings))
    assert main(["status", "--index", str(index)]) == 0
    assert f"vectors     in the Chroma server at {server}" in capsys.readouterr().out
    there = OnRecord.open(index).answer(ASKED)
    assert (there.text, there.citations) == (local.text, local.citations)
    reader = Generation(index)
    (part,) = reader.parts
    vector = part.vectors.matrices["quotes"][1]
    similar = part.vectors.matrices["quotes"] @ vector
    found = reader.nearest("quotes", vector, 5)
    assert np.allclose(similar[found], similar[part.vectors.nearest("quotes", vector, 5)])
    assert part.remote._opened, "the server was asked"
    reader.close()
    assert caplog.messages == []


def test_a_server_is_asked_past_the_rows_of_articles_that_are_gone(
    index, server, many, monkeypatch, caplog
):
    rebuild(Settings(index, chroma=server))
    monkeypatch.setattr(publish, "OPEN", 0)
    assert remove(["0"], Settings(index)).left == 1
    reader = Generation(index)
    (part,) = reader.parts
    matrix, live = part.vectors.matrices["quotes"], part.live("quotes")
    assert live is not None
    vector = matrix[np.flatnonzero(~live)[0]]
    similar = np.where(live, matrix @ vector, -1)
    found = reader.nearest("quotes", vector, 2)
    assert len(found) == 2
    assert np.allclose(similar[found], np.sort(similar)[::-1][:2])
    assert part.remote._opened, "the server was asked"
    reader.close()
    assert caplog.messages == []


def test_vectors_stay_where_they_were_put_until_they_are_called_back(index, server, tmp_path):
    before = names(server)
    assert main(["rebuild", "--index", str(index), "--chroma", f"{server}/"]) == 0
    first = names(server) - before
    (tmp_path / "more.txt").write_text("Pavel Orlov said the tunnel was shut.")
    add([tmp_path / "more.txt"], Settings(index))
    second = names(server) - before
    assert len(first) == len(second) == 2
    assert not first & second, "a reader of the generation before is not read over"
    manifest = status(Settings(index)).manifest
    prefix = f"{manifest.collections}-{manifest.segments[0].name}"
    assert second == {f"{prefix}-passages", f"{prefix}-quotes"}
    remove(["more"], Settings(index, chroma="local"))
    assert names(server) == before
    assert status(Settings(index)).manifest.chroma == ""
    assert len(list(index.glob("segments/*/chroma"))) == 1


def test_the_last_article_can_be_removed_there(index, server):
    settings = Settings(index, chroma=server)
    assert remove(["0", "1", "2"], settings).counts["quotes"] == 0
    assert all(not finding.wrong for finding in verify(settings))


def test_what_a_killed_publish_left_goes_with_the_next(index, server):
    before = names(server)
    code = (
        "import os, sys; from pathlib import Path; from index.search import chroma_server as remote;"
        "from index.indexing.build import rebuild; from index.settings import Settings;"
        "remote._compare = lambda *_: os._exit(9);"
        "rebuild(Settings(Path(sys.argv[1]), chroma=sys.argv[2]))"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(index), server], cwd=ROOT, check=False
    ).returncode
    assert killed == 9
    assert len(names(server) - before) == 2
    assert status(Settings(index)).manifest.chroma == "", "the generation before is read"
    rebuild(Settings(index))
    assert names(server) == before


def test_a_copy_of_an_index_leaves_the_collections_of_the_first(index, server, tmp_path, caplog):
    rebuild(Settings(index, chroma=server))
    mine = names(server)
    copy = shutil.copytree(index, tmp_path / "copy")
    rebuild(Settings(copy))
    assert mine < names(server)
    assert "the index that this one is a copy of" in caplog.text
    assert all(not finding.wrong for finding in verify(Settings(index)))
    assert all(not finding.wrong for finding in verify(Settings(copy)))
    rebuild(Settings(copy, chroma="local"))
    assert names(server) == mine


def test_collections_that_were_changed_behind_our_back_are_found(index, server):
    import chromadb

    settings = Settings(index, chroma=server)
    rebuild(settings)
    host, port = server.removeprefix("http://").split(":")
    with chromadb.HttpClient(host=host, port=int(port)) as client:
        manifest = status(settings).manifest
        prefix = f"{manifest.collections}-{manifest.segments[0].name}"
        quotes = client.get_collection(f"{prefix}-quotes", embedding_function=None)
        quotes.update(ids=["0"], embeddings=[np.eye(384)[0]])
        assert any("reads back other vectors" in w for f in verify(settings) for w in f.wrong)
        quotes.delete(ids=["0"])
        assert any("holds 5 quotes" in w for f in verify(settings) for w in f.wrong)
        client.delete_collection(quotes.name)
        assert any("NotFoundError" in w for f in verify(settings) for w in f.wrong)


@pytest.mark.parametrize("count", [{"token": "hunter2"}, "hunter2", [1], None, 7])
def test_what_a_server_counts_is_not_repeated(index, stub, count):
    answer = stub.answer
    stub.answer = lambda m, path, body: count if path.endswith("/count") else answer(m, path, body)
    with pytest.raises(ServerUnusable, match="is not as it should be") as caught:
        rebuild(Settings(index, chroma=stub.address))
    assert "hunter2" not in str(caught.value)


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_a_server_that_is_not_there_is_told_in_one_line(index, capsys):
    before = current(index)
    assert main(["rebuild", "--index", str(index), "--chroma", closed_port()]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    told = [line for line in lines if line.startswith("onrecord:")]
    assert len(told) == 1
    assert "no connection" in told[0]
    assert "--chroma local" in told[0]
    assert current(index) == before
    assert len(list((index / GENERATIONS).iterdir())) == 1
    assert all(not finding.wrong for finding in verify(Settings(index)))


@pytest.mark.parametrize("refuse", ["POST /api", "/add", "/count", "/get"])
def test_a_publish_that_fails_leaves_nothing(index, stub, refuse):
    stub.refuse = refuse
    before = current(index)
    with pytest.raises(ServerUnusable, match=r"the index is as it was") as caught:
        rebuild(Settings(index, chroma=stub.address))
    assert "hunter2" not in str(caught.value), "what a server says is not repeated"
    assert current(index) == before
    assert len([path for method, path in stub.asked if method == "DELETE"]) == 2
    store = Store(index)
    assert store.collections == []
    store.close()


def test_what_cannot_be_deleted_is_deleted_by_the_next_publish(index, stub, caplog):
    stub.refuse = "DELETE"
    with pytest.raises(ServerUnusable, match="holds 0 passages"):
        rebuild(Settings(index, chroma=stub.address))
    rebuild(Settings(index))
    assert "left for the next publish" in caplog.text
    store = Store(index)
    assert len(store.collections) == 1
    stub.refuse, stub.asked = "", []
    rebuild(Settings(index))
    assert len([path for method, path in stub.asked if method == "DELETE"]) == 2
    assert store.collections == []
    store.close()


def slow(handler: object) -> None:
    time.sleep(1.0)


def dripping(handler: object) -> None:
    """Never silent for long enough to be late, and never done."""
    handler.send_response(200)
    handler.send_header("content-length", "100")
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def broken_off(handler: object) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "10000")
    handler.end_headers()
    handler.wfile.write(b'{"ids": [["0", "1"')
    handler.close_connection = True


NONSENSE = {
    "foreign ids": said("a", "b", "c", "d"),
    "out of range": said("0", "6", "999999", "9" * 400),
    "doubles": said("1", "1", "1", "1"),
    "not as we write them": said("00", "01", "+1", "1.0", "１", " 2", "-0"),
    "no strings": said(0, 1, 2, None, {"a": []}),
    "none": said(),
    "too few": said("3", "2"),
    "null": lambda h: send(h, b'{"ids": null}'),
    "a number": lambda h: send(h, b"7"),
    "no JSON": lambda h: send(h, b"<html>welcome</html>"),
    "no bytes": lambda h: send(h, b""),
    "no text": lambda h: send(h, b"\xff\xfe\x00"),
    "deep": lambda h: send(h, b'{"ids": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "an error": lambda h: send(h, b'{"error": "NotFoundError", "message": "m"}', 404),
    "a redirect": lambda h: send(h, b"", 307),
    "late": slow,
    "dripping": dripping,
    "broken off": broken_off,
}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_whatever_a_server_says_the_nearest_are_found(
    pristine, stub, nonsense, caplog, monkeypatch
):
    monkeypatch.setattr(chroma_server, "TIMEOUT_SECONDS", 0.5)
    stub.query = NONSENSE[nonsense]
    reader = Generation(pristine)
    own = reader.parts[0].vectors
    vectors = Remote(Server(stub.address), "onrecord-x", own)
    vector = own.matrices["quotes"][2]
    begun = time.monotonic()
    for _ in range(3):
        assert vectors.nearest("quotes", vector, 4) == own.nearest("quotes", vector, 4)
    assert time.monotonic() - begun < 2
    assert len([path for _, path in stub.asked if path.endswith("/query")]) == 1, "then left alone"
    assert len(caplog.messages) == 1
    assert "\n" not in caplog.messages[0]
    assert stub.address in caplog.messages[0]
    reader.close()


def test_a_server_is_asked_again_after_a_rest(pristine, stub, monkeypatch, caplog):
    monkeypatch.setattr(chroma_server, "FIRST_PAUSE_SECONDS", 0.2)
    vectors = at(pristine, stub)
    vector = vectors._vectors.matrices["quotes"][2]
    stub.query = NONSENSE["an error"]
    vectors.nearest("quotes", vector, 2)
    stub.query = said("5", "4")
    vectors.nearest("quotes", vector, 2)
    assert len([path for _, path in stub.asked if path.endswith("/query")]) == 1
    time.sleep(0.6)
    assert set(vectors.nearest("quotes", vector, 2)) == {4, 5}
    assert len(caplog.messages) == 1


def test_many_generations_share_a_connection(pristine, stub):
    """Chroma's client keeps two files open and a megabyte for each that is made."""
    stub.query = said("1", "2")
    for _ in range(3):
        vectors = at(pristine, stub)
        vectors.nearest("quotes", vectors._vectors.matrices["quotes"][0], 2)
    assert len([path for _, path in stub.asked if path.endswith("/auth/identity")]) == 1


def test_a_server_that_does_not_answer_at_all_is_waited_for_once(pristine, caplog, monkeypatch):
    monkeypatch.setattr(chroma_server, "TIMEOUT_SECONDS", 0.5)
    monkeypatch.setattr(chroma_server, "FIRST_PAUSE_SECONDS", 0.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        reader = Generation(pristine)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        own = reader.parts[0].vectors
        vectors = Remote(Server(address), "onrecord-x", own)
        vector = own.matrices["quotes"][0]
        chroma_server.load_library()
        begun = time.monotonic()
        for _ in range(5):
            assert vectors.nearest("quotes", vector, 2) == own.nearest("quotes", vector, 2)
        assert time.monotonic() - begun < 2, "one thread waits, not five"
        reader.close()
    assert len(caplog.messages) == 1


def test_a_lying_server_changes_which_rows_but_no_figure(pristine, stub):
    """It says the farthest are near: they come in the order of their real similarity."""
    vectors = at(pristine, stub)
    vector = vectors._vectors.matrices["quotes"][0]
    rows = vectors._vectors.matrices["quotes"]
    real = vectors._vectors.similarities("quotes", range(len(rows)), vector)
    farthest = np.argsort(real)[:3]
    stub.query = said(*(str(row) for row in farthest), "junk", "77")
    found = vectors.nearest("quotes", vector, 3)
    assert set(found) == set(farthest.tolist())
    assert list(real[found]) == sorted(real[found], reverse=True)


def test_an_answer_has_the_same_words_whatever_the_server_says(index, stub, many, monkeypatch):
    honest = OnRecord.open(index).answer(ASKED)
    moved(index, stub)
    stub.query = said("2", "0", "evil", "1")
    found = OnRecord.open(index).answer(ASKED)
    assert [path for _, path in stub.asked if path.endswith("/query")]
    assert (found.text, found.citations) == (honest.text, honest.citations)


@pytest.fixture
def no_function(monkeypatch):
    """Fails a test in which Chroma's client constructs an embedding function."""
    from chromadb.utils import embedding_functions as known

    built = list[str]()
    for table in (known.known_embedding_functions, known.sparse_known_embedding_functions):
        for name, kind in table.items():
            monkeypatch.setattr(
                kind, "build_from_config", staticmethod(lambda _, name=name: built.append(name))
            )
    yield
    assert built == []


def evil_schema(kind: str, function: dict[str, object]) -> dict[str, object]:
    index = {"sparse_vector": "sparse_vector_index", "float_list": "vector_index"}[kind]
    config = {"embedding_function": function, "source_key": "#document"}
    return {"defaults": {}, "keys": {"k": {kind: {index: {"enabled": True, "config": config}}}}}


SPARSE = {"type": "known", "name": "chroma_bm25", "config": {}}


@pytest.mark.parametrize(
    ("configuration", "schema"),
    [
        ({"embedding_function": EVIL}, None),
        ({}, evil_schema("float_list", EVIL)),
        ({}, evil_schema("sparse_vector", SPARSE)),
    ],
)
def test_no_embedding_function_is_made_of_what_a_server_names(
    index, stub, configuration, schema, no_function, caplog
):
    stub.configuration, stub.schema = configuration, schema
    stub.query = said("1", "2")
    vectors = at(index, stub)
    row = vectors._vectors.matrices["quotes"][0]
    assert vectors.nearest("quotes", row, 2) == vectors._vectors.nearest("quotes", row, 2)
    assert "names an embedding function" in caplog.text
    with pytest.raises(ServerUnusable, match="names an embedding function"):
        put(stub.address, "onrecord-x", vectors._vectors.matrices)
    assert not [path for _, path in stub.asked if path.endswith(("/add", "/query"))]


def test_chromas_client_would_make_one(stub, monkeypatch):
    """Why it is refused: to add a vector is enough.  Should this fail, the client is better."""
    import chromadb
    from chromadb.utils.embedding_functions import sparse_known_embedding_functions as known

    built = list[object]()
    monkeypatch.setattr(
        known["chroma_bm25"], "build_from_config", staticmethod(lambda config: built.append(config))
    )
    stub.schema = evil_schema("sparse_vector", SPARSE)
    host, port = stub.address.removeprefix("http://").split(":")
    with chromadb.HttpClient(host=host, port=int(port)) as client:
        collection = client.create_collection("abc", embedding_function=None)
        collection.add(ids=["1"], embeddings=[[1.0, 0.0]])
    assert built


@pytest.mark.parametrize(
    "url",
    ["http://ana:hunter2@h:8000", "https://hunter2@h", "http://h/?token=hunter2", "http://h/#hunter2",
     "http://h:hunter2", "http://h\x1b[2J", "http://h\n", "//h", "http:h", "ftp://h", "http://", "h:8000", "Cloud", "http://h/hunter2", "http://[x"],
)  # fmt: skip
def test_an_address_with_a_password_or_of_another_kind_is_refused(url, capsys, monkeypatch, index):
    with pytest.raises(InputError, match="expected"):
        Settings(Path("i"), chroma=url)
    monkeypatch.setenv("ONRECORD_CHROMA", url)
    assert main(["rebuild", "--index", str(index)]) == 1
    told = capsys.readouterr().err.strip()
    assert told.startswith("onrecord: expected")
    assert "\n" not in told
    assert "hunter2" not in told


def test_a_server_is_configured_by_the_environment(monkeypatch):
    environment = {"ONRECORD_CHROMA": "https://chroma.example"}
    assert Settings.from_environment("i", environment=environment).chroma == (
        "https://chroma.example"
    )
    assert Settings.from_environment("i", environment=environment, chroma="local").chroma == "local"
    assert Settings.from_environment("i", environment={}).chroma == ""


def test_chroma_cloud_needs_its_key_and_gets_it(index, stub, monkeypatch, capsys):
    monkeypatch.delenv("CHROMA_API_KEY", raising=False)
    assert main(["rebuild", "--index", str(index), "--chroma", "cloud"]) == 1
    assert "expected CHROMA_API_KEY" in capsys.readouterr().err
    import chromadb

    real = chromadb.CloudClient
    host, port = stub.address.removeprefix("http://").split(":")
    monkeypatch.setattr(
        chromadb,
        "CloudClient",
        lambda **k: real(**k, cloud_host=host, cloud_port=int(port), enable_ssl=False),
    )
    monkeypatch.setenv("CHROMA_API_KEY", "ck-hunter2")
    with pytest.raises(ServerUnusable, match="Chroma Cloud"):
        rebuild(Settings(index, chroma="cloud"))
    assert {head.get("x-chroma-token", head.get("X-Chroma-Token")) for head in stub.heads} == {
        "ck-hunter2"
    }
    held = [p for p in index.rglob("*") if p.is_file() and b"hunter2" in p.read_bytes()]
    assert held == []


@pytest.mark.parametrize("ours", [True, False])
def test_credentials_go_to_the_configured_server_alone(index, stub, monkeypatch, ours, caplog):
    """A manifest, which may be somebody else's, names no place where they are sent to."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(
        "CHROMA_CLIENT_AUTH_PROVIDER", "chromadb.auth.token_authn.TokenAuthClientProvider"
    )
    monkeypatch.setenv("CHROMA_CLIENT_AUTH_CREDENTIALS", "hunter2")
    monkeypatch.setenv("ONRECORD_CHROMA", stub.address if ours else "http://other.example")
    stub.query = said("1", "2")
    vectors = at(index, stub)
    vectors.nearest("quotes", vectors._vectors.matrices["quotes"][0], 2)
    sent = {head.get("Authorization") for head in stub.heads}
    assert sent == ({"Bearer hunter2"} if ours else {None})
    assert "hunter2" not in caplog.text


def test_a_dot_env_file_of_the_working_folder_configures_nothing(stub, index, tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / ".env").write_text(
        "CHROMA_CLIENT_AUTH_PROVIDER=antigravity.Provider\n"
        "CHROMA_OTEL_COLLECTION_ENDPOINT=http://otel.example\n"
    )
    moved(index, stub)
    code = (
        "import sys; from index.search import vectors; from index.storage import snapshot as generation; vectors.MAX_EXACT_ROWS = 0;"
        "reader = generation.Generation(__import__('pathlib').Path(sys.argv[1]));"
        "matrix = reader.parts[0].vectors.matrices['quotes'];"
        "print(reader.nearest('quotes', matrix[0], 2));"
        "sys.exit('antigravity' in sys.modules)"
    )
    stub.query = said("1", "2")
    run = subprocess.run(
        [sys.executable, "-c", code, str(index)], cwd=tmp_path / "work", check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert sorted(json.loads(run.stdout)) == [1, 2]
    assert run.stderr == ""


def test_no_connection_is_made_unless_configured(index, many, monkeypatch):
    """Also with Chroma's own variables set, which name a server."""
    monkeypatch.setenv("CHROMA_API_KEY", "ck-none")
    monkeypatch.setenv("CHROMA_SERVER_HOST", "chroma.example")
    asked = list[object]()

    def refuse(*arguments: object, **_: object) -> None:
        asked.append(arguments)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    rebuild(Settings(index))
    reader = Generation(index)
    reader.nearest("quotes", reader.parts[0].vectors.matrices["quotes"][0], 2)
    reader.close()
    assert read_manifest(index / GENERATIONS / current(index)).chroma == ""
    assert asked == []


def test_a_server_is_only_told_numbers_and_vectors(index, stub):
    bodies = list[bytes]()
    answer = stub.answer

    def kept(method: str, path: str, body: object) -> object:
        bodies.append(json.dumps(body).encode())
        return answer(method, path, body)

    stub.answer = kept
    with pytest.raises(ServerUnusable):
        rebuild(Settings(index, chroma=stub.address))
    assert any(b'"ids": ["0", "1"' in body for body in bodies)
    words = (b"Ruiz", b"bridge", b"Kaya", str(index).encode())
    assert not [body for body in bodies for word in words if word in body]
