"""`OnRecord.quotes` gives what somebody said, `OnRecord.add` what there is to say it from."""

from __future__ import annotations

import pytest

from index.errors import IndexUnusable, InputError
from rag import OnRecord


def test_quotes_are_those_of_a_speaker_by_any_name_newest_first(golden):
    found = golden.quotes(speaker="Falk")
    assert found
    assert {q.speaker.name for q in found} == {"Bruno Falk"}
    article = golden.reader.generation.catalog.article
    days = [article(q.article_id).published for q in found]
    assert days == sorted(days, reverse=True)
    assert found == golden.quotes(speaker="Bruno Falk")


def test_quotes_keep_to_addressee_period_outlet_and_kind(golden):
    article = golden.reader.generation.catalog.article
    told = golden.quotes(speaker="Odell", addressee="River Commission")
    assert told
    assert all("River Commission" in {m.name for m in q.addressees} for q in told)
    assert len(told) < len(golden.quotes(speaker="Odell"))
    every = golden.quotes()
    for since, until in (
        ("2021-06", ""),
        ("", "2021-05-31"),
        ("2021", "2021"),
        ("2021-03", "2021-03"),
    ):
        found = golden.quotes(since=since, until=until)
        assert 0 < len(found) <= len(every)
        for quote in found:
            day = article(quote.article_id).published
            assert day[: len(since)] >= since
            assert not until or day[: len(until)] <= until
    assert {article(q.article_id).outlet for q in golden.quotes(outlet="herald")} == {
        "Volmark Herald"
    }
    assert golden.quotes(outlet="no such outlet") == []
    assert {q.kind for q in golden.quotes(kind="indirect")} == {"indirect"}
    assert all(q.modality == "asserted" for q in every)


@pytest.mark.parametrize("wrong", [{"since": "soon"}, {"kind": "loud"}])
def test_what_is_no_filter_is_one_clear_line(golden, wrong):
    with pytest.raises(InputError, match=r"^expected"):
        golden.quotes(**wrong)


def test_an_index_is_opened_filled_and_asked(tmp_path):
    bot = OnRecord.open(tmp_path / "new")
    with pytest.raises(IndexUnusable, match="there is no index"):
        bot.answer("What did Tove Ask say?")
    article = tmp_path / "mill.txt"
    article.write_text("“The wheel turns again,” Miller Tove Ask told Baker Finn Rye.")
    report = bot.add([article])
    assert (report.added, report.failed) == (1, ())
    assert "The wheel turns again" in bot.answer("What did Tove Ask tell Finn Rye?").text
    assert bot.add([str(article)]).unchanged == 1


def test_what_cannot_be_added_is_one_clear_line(tmp_path):
    bot = OnRecord.open(tmp_path / "new")
    for paths, says in (
        ([tmp_path / "nothing"], "found nothing at"),
        (["https://news.example/a"], "allow_url=True"),
        ("articles/", "expected a list of paths"),
    ):
        with pytest.raises(InputError, match=says):
            bot.add(paths)
