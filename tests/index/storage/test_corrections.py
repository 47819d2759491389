"""What a reader puts right stays right, whatever is done to the index afterwards."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from index.errors import IndexUnusable, InputError
from index.indexing.build import add, correct, rebuild, remove
from index.search.statistics import statement_counts, statement_ids
from index.settings import Settings
from index.storage.corrections import Correction
from index.storage.snapshot import Generation
from tests.derived import corrected_parts

TEXT = (
    "Weir opens\n\n“The weir opens on Friday,” Keeper Ulla Brand told Clerk Otto Vann.\n\n"
    "Otto Vann said that the mill would wait. Miller Tove Ask was not there."
)


@pytest.fixture
def settings(seed_index, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(seed_index, index)
    (tmp_path / "weir.txt").write_text(TEXT)
    found = Settings(index)
    assert add([tmp_path / "weir.txt"], found).added == 1
    return found


def look(settings, words="The weir opens"):
    """The statement with these words and its article, and the parts of it that were corrected."""
    generation = Generation(settings.index)
    try:
        catalog = generation.catalog
        article = catalog.article("weir")
        quotes = catalog.quotes(catalog.quote_ids(article_ids=["weir"]))
        (quote,) = [q for q in quotes if words in q.span.slice(article.text)]
        return quote, article, corrected_parts(catalog, [quote.id]).get(quote.id, ())
    finally:
        generation.close()


def put_right(settings, part, value, words="The weir opens"):
    quote, article, _ = look(settings, words)
    correct(settings, Correction(quote, article, part, value))


def test_a_speaker_is_corrected_and_survives_a_rebuild(settings):
    put_right(settings, "speaker", "Tove Ask")
    for _ in range(2):
        quote, article, parts = look(settings)
        assert quote.speaker.name == "Tove Ask"
        assert quote.speaker.span.slice(article.text) == "Tove Ask"
        assert quote.attribution == "corrected"
        assert parts == ("speaker",)
        rebuild(settings)


def test_an_analysis_anew_keeps_the_correction(settings):
    """As after an upgrade of the rules: every article is analysed again."""
    put_right(settings, "addressee", "Tove Ask")
    with closing(sqlite3.connect(settings.index / "articles.sqlite3")) as db, db:
        db.execute("""UPDATE articles SET made_with = '{"other": 1}'""")
    assert rebuild(settings).updated == 2
    quote, _, parts = look(settings)
    assert [m.name for m in quote.addressees] == ["Tove Ask"]
    assert parts == ("addressee",)


def test_words_are_corrected_to_words_of_the_article(settings):
    put_right(settings, "words", "the mill would wait", "mill would wait")
    quote, article, _ = look(settings, "mill would wait")
    assert quote.span.slice(article.text) == "the mill would wait"
    assert quote.span in quote.sentence
    put_right(settings, "speaker", "Tove Ask", "mill would wait")
    quote, article, parts = look(settings, "mill would wait")
    assert quote.span.slice(article.text) == "the mill would wait"
    assert (quote.speaker.name, parts) == ("Tove Ask", ("speaker", "words"))


def test_a_speaker_can_be_taken_away(settings):
    put_right(settings, "speaker", "")
    quote, _, parts = look(settings)
    assert (quote.speaker, parts) == (None, ("speaker",))


def test_a_later_correction_replaces_an_earlier_one(settings):
    put_right(settings, "speaker", "Tove Ask")
    put_right(settings, "speaker", "Otto Vann")
    assert look(settings)[0].speaker.name == "Otto Vann"


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("speaker", "Nobody Inside", "does not stand in the article"),
        ("speaker", "x" * 3000, "at most 2,000 characters"),
        ("words", "", "expected the right words"),
        ("words", "The weir never opens", "does not stand in the article"),
        ("title", "x", "expected speaker, addressee or words"),
    ],
)
def test_what_the_article_does_not_have_is_refused(settings, part, value, message):
    with pytest.raises(InputError, match=message):
        put_right(settings, part, value)


def test_an_article_that_changed_keeps_what_still_fits(settings, tmp_path):
    put_right(settings, "speaker", "Tove Ask")
    (tmp_path / "weir.txt").write_text("A new first line.\n\n" + TEXT)
    assert add([tmp_path / "weir.txt"], settings).updated == 1
    assert look(settings)[0].speaker.name == "Tove Ask"
    (tmp_path / "weir.txt").write_text(TEXT.replace("Miller Tove Ask", "The miller"))
    assert add([tmp_path / "weir.txt"], settings).updated == 1
    quote, _, parts = look(settings)
    assert (quote.speaker.name, parts) == ("Ulla Brand", ())


def test_corrections_go_with_their_article(settings):
    put_right(settings, "speaker", "Tove Ask")
    truth = settings.index / "articles.sqlite3"
    assert remove(["weir"], settings).removed == ("weir",)
    with closing(sqlite3.connect(truth)) as db:
        assert db.execute("SELECT count(*) FROM corrections").fetchone() == (0,)


def test_without_an_index_there_is_nothing_to_correct(settings, tmp_path):
    quote, article, _ = look(settings)
    with pytest.raises(IndexUnusable, match="there is no index"):
        correct(Settings(tmp_path / "none"), Correction(quote, article, "speaker", "Tove Ask"))


def test_the_census_counts_what_was_asserted(settings):
    generation = Generation(settings.index)
    try:
        catalog = generation.catalog
        found = statement_counts(catalog)
        speakers = dict(found.speakers)
        assert speakers["Ulla Brand"] == len(statement_ids(catalog, speakers=["Ulla Brand"])) == 1
        assert ("Ulla Brand", "Otto Vann", 1) in found.pairs
        ids = statement_ids(catalog, speakers=["Ulla Brand"], addressees=["Otto Vann"])
        assert len(ids) == 1
        asserted = catalog.rows("SELECT count(*) FROM quotes WHERE modality = 'asserted'")
        assert found.undated + sum(n for _, n in found.months) == asserted[0][0]
    finally:
        generation.close()
