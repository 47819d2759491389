"""An open index follows what is published, asked or idle, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import gc
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import IndexUnusable
from index.indexing.build import add, remove
from index.settings import Settings
from rag import OnRecord

QUESTION = "what did Pavel Orlov tell Deniz Kaya?"


@pytest.fixture
def indexed(tmp_path, monkeypatch) -> Settings:
    """An index of two articles."""
    monkeypatch.setattr("rag.onrecord.FOLLOWED", 0.05)
    (tmp_path / "in").mkdir()
    for name, word in (("canary", "zyxquorvat"), ("bridge", "bridge")):
        (tmp_path / "in" / f"{name}.txt").write_text(
            f"Minister Pavel Orlov told Deniz Kaya that the {word} would be closed in May."
        )
    settings = Settings(tmp_path / "index")
    assert add([tmp_path / "in"], settings).added == 2
    return settings


def soon(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether something comes to hold within the ten seconds that are promised."""
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


def files_with(folder: Path, word: bytes) -> list[Path]:
    """The files that have a word in them; one that goes away meanwhile is looked at again."""
    while True:
        try:
            return [p for p in folder.rglob("*") if p.is_file() and word in p.read_bytes()]
        except FileNotFoundError:
            continue


def followers() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "onrecord"]


def opened(indexed) -> list[str]:
    """The files of the index that are open in this process."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # that of the folder that is looked through
            found.append(str(link.readlink()))
    return [name for name in found if name.startswith(str(indexed.index))]


def held(indexed) -> list[str]:
    """Those of them that are gone from its folder."""
    return [name for name in opened(indexed) if name.endswith("(deleted)")]


@pytest.mark.linux
def test_an_idle_reader_lets_go_of_a_removed_article(indexed):
    with OnRecord(indexed) as bot:
        assert "zyxquorvat" in bot.answer(QUESTION).text
        gc.disable()  # an idle process collects nothing
        try:
            remove(["canary"], indexed)
            assert soon(lambda: "canary" not in bot._reader.generation.catalog.article_ids())
            assert soon(lambda: not held(indexed))
        finally:
            gc.enable()
        assert not files_with(indexed.index, b"zyxquorvat")
        assert files_with(indexed.index, b"bridge")


def test_retriever_and_tool_move_on_as_answers_do(indexed):
    with OnRecord(indexed) as bot:
        tool, retriever = bot.as_tool(), bot.as_retriever()
        assert "zyxquorvat" in tool.invoke(QUESTION)
        remove(["canary"], indexed)
        assert "zyxquorvat" not in tool.invoke(QUESTION)
        assert not any("zyxquorvat" in d.page_content for d in retriever.invoke(QUESTION))


@pytest.mark.linux
def test_an_answer_on_its_way_keeps_its_generation_open(indexed):
    with OnRecord(indexed) as bot:
        reading = [bot.reader]
        remove(["canary"], indexed)
        assert soon(lambda: bot._reader is not reading[0])
        assert "zyxquorvat" in reading[0].generation.catalog.article("canary").text
        assert held(indexed)
        reading.clear()
        assert not held(indexed)


@pytest.mark.linux
def test_a_closed_or_forgotten_index_leaves_no_thread_and_no_file_open(indexed):
    """Of its own: those that other tests left behind may end at any moment."""
    others = set(followers())
    for close in (OnRecord.close, lambda bot: None):
        bot = OnRecord(indexed)
        bot.answer(QUESTION)
        assert len(set(followers()) - others) == 1
        close(bot)
        if close is OnRecord.close:
            with pytest.raises(IndexUnusable, match="found a closed one"):
                bot.answer(QUESTION)
        del bot
        assert soon(lambda: set(followers()) <= others)
        gc.collect()
        assert not opened(indexed)


def test_an_idle_reader_outlives_an_index_that_is_damaged_and_mended(indexed):
    with OnRecord(indexed) as bot:
        name = (indexed.index / "CURRENT").read_text()
        (indexed.index / "CURRENT").write_text("nothing")
        time.sleep(0.3)
        with pytest.raises(IndexUnusable, match="is damaged"):
            bot.answer(QUESTION)
        (indexed.index / "CURRENT").write_text(name)
        assert bot.answer(QUESTION).status == "answered"
        remove(["canary"], indexed)
        assert soon(lambda: "canary" not in bot._reader.generation.catalog.article_ids())


@pytest.mark.linux
def test_threads_that_come_and_go_leave_no_file_open(indexed):
    """Of the files of this index; what other tests left behind opens and closes its own."""

    with OnRecord(indexed) as bot:
        bot.answer(QUESTION)
        assert opened(indexed)
        gc.disable()
        try:
            before = len(opened(indexed))
            for _ in range(20):
                thread = threading.Thread(target=bot.answer, args=(QUESTION,))
                thread.start()
                thread.join()
            assert len(opened(indexed)) == before
        finally:
            gc.enable()
