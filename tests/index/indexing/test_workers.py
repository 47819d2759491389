"""Articles over several processes: the same quotes in the same order, whatever dies."""

from __future__ import annotations

import os
import signal

import pytest

from index.attribution import budget
from index.attribution import extract as one_process
from index.errors import InputError
from index.indexing import workers
from index.types import Article

TOWNS = ("Arden", "Bray", "Corby", "Dorn", "Elst", "Fano", "Gent", "Hove", "Ilz")


def articles() -> list[Article]:
    return [
        Article(f"a{n}", f"{town} will wait. The mayor of {town} told Ana Ruiz it was late.\n" * n)
        for n, town in enumerate(TOWNS, 1)
    ]


def test_two_processes_find_what_one_finds_in_the_same_order():
    given = articles()
    assert list(workers.parallel_extractions(iter(given), processes=4)) == list(
        one_process.extractions(given)
    )


def test_few_articles_start_no_process(monkeypatch):
    monkeypatch.setattr(workers, "_Workers", None)
    found = list(workers.parallel_extractions(articles()[:2], processes=4))
    assert [article.id for article, _ in found] == ["a1", "a2"]


def test_a_worker_that_is_killed_loses_no_article(monkeypatch):
    started: list[workers._Worker] = []
    start = workers._Worker._start

    def noted(worker: workers._Worker) -> None:
        start(worker)
        started.append(worker)

    monkeypatch.setattr(workers._Worker, "_start", noted)
    found = []
    for article, result in workers.parallel_extractions(articles() * 4, processes=4):
        if not found:
            os.kill(started[0]._process.pid, signal.SIGKILL)
        assert not isinstance(result, InputError)
        found.append(article.id)
    assert found == [a.id for a in articles()] * 4
    assert len(started) > 2


def test_an_article_that_ends_every_worker_is_named_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr(workers, "MIN_ARTICLES_FOR_WORKERS", 1)
    sent = workers.pickle.dump

    def dump(value, stream):
        sent("no article" if value.id == "a3" else value, stream)

    monkeypatch.setattr(workers.pickle, "dump", dump)
    found = dict(workers.parallel_extractions(articles(), processes=4))
    broken = {a.id: r for a, r in found.items() if isinstance(r, InputError)}
    assert list(broken) == ["a3"]
    assert "a3 could not be read: its parser ended with code" in str(broken["a3"])


@pytest.mark.parametrize("processes", [1, 4])
def test_an_article_that_takes_too_long_is_named_and_the_others_go_on(monkeypatch, processes):
    monkeypatch.setattr(budget, "SECONDS", 1.0)
    monkeypatch.setattr(budget, "PER_CHARACTER", 0.0)
    given = articles()
    given[2] = Article(
        "a3", f"{given[0].text}\n\n" + "Ana said that Bob said that it was. " * 2_500
    )
    found = dict(workers.parallel_extractions(given, processes=processes))
    broken = {a.id: str(r) for a, r in found.items() if isinstance(r, InputError)}
    assert broken == {
        "a3": "a3 could not be read: it takes too long to analyse: more than 1 seconds of processor time"
    }


ENDLESS = """
from index.indexing import workers
def endless(articles):
    for article in articles:
        while article.id == "a3":
            pass
        yield article, ()
workers.extractions_here = endless
workers.main()
"""


def test_a_step_that_does_not_end_is_ended_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr(workers, "COMMAND", ("-c", ENDLESS))
    monkeypatch.setattr(budget, "SECONDS", 1.0)
    found = dict(workers.parallel_extractions(articles(), processes=4))
    broken = {a.id: str(r) for a, r in found.items() if isinstance(r, InputError)}
    assert list(broken) == ["a3"]
    assert "a3 could not be read: it takes too long" in broken["a3"]


def test_a_long_article_is_read_within_limits_though_there_is_but_one_process(monkeypatch):
    monkeypatch.setattr(workers, "COMMAND", ("-c", ENDLESS))
    monkeypatch.setattr(workers, "MIN_CHARACTERS_FOR_WORKER", 100)
    monkeypatch.setattr(budget, "SECONDS", 1.0)
    found = {a.id: r for a, r in workers.parallel_extractions(articles()[:4], processes=1)}
    assert isinstance(found["a3"], InputError)
    assert found["a1"]
    assert not isinstance(found["a4"], InputError)


def test_an_article_with_too_many_words_is_refused(monkeypatch):
    monkeypatch.setattr(budget, "MOST_WORDS", 50)
    given = [Article("short", "Ana said no. " * 4), Article("long", "Ana said no. " * 40)]
    (_, short), (_, long) = one_process.extractions(given)
    assert not isinstance(short, InputError)
    assert str(long) == (
        "long could not be read: expected at most 50 words and marks, found more; split it"
    )


def test_workers_end_with_whoever_stops_listening():
    listening = workers.parallel_extractions(articles(), processes=4)
    next(listening)
    listening.close()
    with pytest.raises(StopIteration):
        next(listening)


def test_pytorch_is_not_needed_to_parse():
    import subprocess
    import sys

    code = (
        "import sys; from index import extract_quotes; extract_quotes('He said no.');"
        "sys.exit('torch' in sys.modules or 'spacy' not in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
