"""Drafts against a small archive: each verdict, and what is shown with it."""

from __future__ import annotations

import time

import pytest

from index.errors import InputError
from rag.check.draft import LONGEST_DRAFT
from rag.check.types import Verdict

V = Verdict

GOLDEN = (
    # One paragraph of a draft; the verdict on its first quotation; whether it is grave.
    ("“We will not sell the north quay before 2035,” Holm told reporters.", V.EXACT, False),
    ("„We will not sell the north quay\nbefore 2035“, said mayor Agneta Holm.", V.EXACT, False),
    ("“WE WILL NOT SELL THE NORTH QUAY BEFORE 2035,” Agneta Holm said.", V.EXACT, False),
    ("“[The council] will not sell the north quay before 2035,” Holm said.", V.EXACT, False),
    ("“We will not sell the north quay before 2035. If the bank wants its money, it can wait like everybody else,” Holm said.", V.EXACT, False),
    ("“We will not sell the north quay before 2035,” said Holm. “If the bank wants its money, it can wait like everybody else.”", V.EXACT, False),
    ("Farrow said the town needed “a place to swim”.", V.EXACT, False),
    ("Holm said the bank could “wait like everybody else”.", V.CUT, True),
    ("“We will not sell the north quay before 2035,” said Mayor Holm.", V.EXACT, False),
    ("“We will sell the north quay before 2035,” Holm said.", V.ALTERED, True),
    ("“We will not sell the north quay before 2036,” Holm said.", V.ALTERED, True),
    ("“We will not sell the south quay before 2035,” Holm said.", V.ALTERED, True),
    ("“We will not sell our north quay before 2035,” Holm said.", V.ALTERED, False),
    ("“We will [gladly] sell the north quay before 2035,” Holm said.", V.ALTERED, True),
    ("“We will … sell the north quay before 2035,” Holm said.", V.CUT, True),
    ("“We will not sell … before 2035,” Holm said.", V.CUT, False),
    ("“The bank wants its money, it can wait like everybody else,” Holm said.", V.ALTERED, True),
    ("“We will not sell the north quay before 2035,” Marten Oyelaran said.", V.OTHER_SPEAKER, True),
    ("“We will not sell the north quay before 2035,” Karl Unbekannt said.", V.OTHER_SPEAKER, True),
    ("“We will not sell the north quay before 2035,” Agneta Holms said.", V.OTHER_SPEAKER, True),
    ("“Children need a place to swim, and the north quay is the only one,” Jonas Farrow told Agneta Holm.", V.OTHER_ADDRESSEE, False),
    ("“My grandfather built that pier with his own hands,” Sune Aldermoor said.", V.OTHER_SOURCE, False),
    ("“My grandfather built that pier with his own hands,” Sune Aldermoor said, according to the Ferry Workers' Union.", V.EXACT, False),
    ("“Forty jobs were at stake,” Petra Lindgren warned.", V.REPORTED, False),
    ("“We will not sell the north quay before 2035. Nobody forgives 14 million crowns,” Holm said.", V.STITCHED, False),
    ("“The ice plant will open in June,” Rikard Brenner said.", V.OUT_OF_DATE, False),
    ("“I saw the smoke at ten and I called the brigade at once,” Ulla Kestrin said.", V.OUT_OF_DATE, False),
    ("“I saw the smoke at eleven and I called the brigade at once,” Ulla Kestrin said.", V.EXACT, False),
    ("“The harbour cats have been counted twice a year since the war,” Holm said.", V.NOT_ON_RECORD, False),
    ("“The council has betrayed the young people of this town,” Jonas Farrow said.", V.NOT_ON_RECORD, True),
    ("“We will not sell the north quay before 2035.”", V.UNCLEAR, False),
    # what is denied on one of the two sides
    ("Lena Voss said “the clinic will close in May”.", V.ALTERED, True),
    ("Lena Voss denied having said “the clinic will close in May”.", V.EXACT, False),
    ("Omar Fell said the board had called the clinic “a burden to the town”.", V.ALTERED, True),
    ("Omar Fell denied that the board had called the clinic “a burden to the town”.", V.EXACT, False),
    ("“There was no second report,” Omar Fell said.", V.EXACT, False),
    ("Ida Krog said the pay was “a living wage”.", V.CUT, True),
    ("Ida Krog said the pay was far from “a living wage”.", V.EXACT, False),
    ("Omar Fell said the books were “open to everybody”.", V.EXACT, False),
    ("Omar Fell said the books were not “open to everybody”.", V.ALTERED, True),
    ("“We have nothing to hide, and the books are open to everybody,” Omar Fell never said.", V.ALTERED, True),
    ("“We have nothing to hide, and the books are open to everybody,” Omar Fell and Ida Krog said.", V.OTHER_SPEAKER, True),
    # a clause with a subject of its own may be left out
    ("“The winter was hard,” Omar Fell said.", V.CUT, False),
    ("“The spring was no better,” Omar Fell said.", V.CUT, False),
    ("“The clinic can keep its beds,” Omar Fell said.", V.CUT, True),
    # what an editor's brackets stand for
    ("“[The clinic has] nothing to hide, and the books are open to everybody,” Omar Fell said.", V.EXACT, False),
    ("“We have nothing to hide, and the [shelves] are open to everybody,” Omar Fell said.", V.ALTERED, False),
    ("“We have [almost] nothing to hide, and the books are open to everybody,” Omar Fell said.", V.ALTERED, True),
    # in Markdown
    ("- **Omar Fell**: “There was no second report.”", V.EXACT, False),
    ("- **Ida Krog:** “There was no second report.”", V.OTHER_SPEAKER, True),
    ("> “We will not sell the north quay before 2035.”\n> — Agneta Holm", V.EXACT, False),
    ("*Omar Fell* said: *“There was no second report.”*", V.EXACT, False),
    ("Harbour. Mayor Agneta Holm: “We will not sell the north quay before 2035.”", V.EXACT, False),
    ("“We will not buy the north quay before 2035,” Holm said.", V.ALTERED, True),
    ("“We will not sell the north quay. The bank can wait like everybody else,” Holm said.", V.ALTERED, True),
)  # fmt: skip


@pytest.mark.parametrize(("draft", "verdict", "grave"), GOLDEN)
def test_the_golden_drafts(press, draft, verdict, grave):
    found = [f for f in press.check(draft).findings if f.quoted]
    assert {(f.verdict, f.grave) for f in found} == {(verdict, grave)}


UNCHECKED = (
    ("Lena Voss, who wrote “The Long Night Shift”, spoke of the clinic.", "title"),
    ("The “temporary” clinic was shut, Omar Fell said.", "too short"),
)


@pytest.mark.parametrize(("draft", "reason"), UNCHECKED)
def test_titles_and_scare_quotes_are_counted_and_not_checked(press, draft, reason):
    found = press.check(draft)
    assert [u.reason for u in found.unchecked] == [reason]
    assert not any(f.quoted for f in found.findings)


@pytest.mark.parametrize(
    ("source", "noted"), [("the Harbour Union", True), ("the Ferry Workers' Union", False)]
)
def test_a_source_that_the_archive_does_not_name_is_told(press, source, noted):
    draft = f"“My grandfather built that pier with his own hands,” Sune Aldermoor said, according to {source}."
    (found,) = press.check(draft).findings
    assert any("passed it on" in note for note in found.notes) is noted


REPORTED = (
    ("Agneta Holm said that she would not keep her promise to the fishermen about a new ice plant.", V.DIFFERS),
    ("Agneta Holm said that she might keep her promise to the fishermen about a new ice plant.", V.DIFFERS),
    ("Marten Oyelaran told the school board that nobody forgave 14 million crowns.", V.OTHER_ADDRESSEE),
    ("Marten Oyelaran told the chamber of commerce that nobody forgave 14 million crowns.", V.SUPPORTED),
    ("Omar Fell denied that there was a second report.", V.SUPPORTED),
    ("Omar Fell admitted that there was a second report.", V.DIFFERS),
    ("Agneta Holm said that she would keep a promise to the fishermen about a new ice plant.", V.SUPPORTED),
    ("Marten Oyelaran said that the debt was 15 million crowns.", V.DIFFERS),
    ("Agneta Holm said that the opera would be closed for repairs all winter.", V.NOTHING_FOUND),
)  # fmt: skip


@pytest.mark.parametrize(("draft", "verdict"), REPORTED)
def test_what_is_told_in_other_words_is_never_exact(press, draft, verdict):
    (found,) = press.check(draft).findings
    assert found.verdict is verdict
    assert not found.quoted
    assert found.probability is not None


def test_every_passage_is_verbatim(press):
    for draft, *_ in GOLDEN:
        for finding in press.check(draft).findings:
            for p in finding.passages:
                assert p.article.text[p.start : p.end] == p.quote


def test_offsets_are_those_of_the_draft(press):
    text = "\ud800🙂 One\r\n\r\n" + "\n\n".join(draft for draft, *_ in GOLDEN)
    check = press.check(text)
    assert check.text == text
    assert all(f.span.slice(text) == f.words for f in check.findings)
    assert {f.words[0] for f in check.findings if f.quoted} <= set("“„")


def test_all_whose_words_they_are_are_named(press):
    (found,) = press.check(
        "“We will not sell the north quay before 2035,” Sune Aldermoor said."
    ).findings
    assert found.passages[0].speaker == "Agneta Holm"
    assert "On record from Agneta Holm." in found.notes
    assert "Agneta Holm" in found.corrected


def test_the_worst_comes_first(press):
    text = "\n\n".join(draft for draft, *_ in GOLDEN)
    worst = press.check(text).worst_first
    graves = [f.grave for f in worst]
    assert graves == sorted(graves, reverse=True)
    assert worst[0].verdict is V.OTHER_SPEAKER
    assert worst[-1].verdict is V.EXACT


def test_scare_quotes_titles_and_phrases_are_counted_and_not_checked(press):
    text = (
        "The “green” plan was read aloud beside “The Old Man and the Sea” in the library of the "
        "“capital of herring”."
    )
    check = press.check(text)
    assert check.findings == ()
    assert [u.reason for u in check.unchecked] == ["too short", "title", "too short"]
    assert check.passes


def test_a_draft_without_quotations_says_so(press):
    check = press.check("It rained on Friday. The quay was empty.")
    assert check.passes
    assert str(check) == "No quotation and no attributed statement was found in the draft."


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * (LONGEST_DRAFT + 1)])
def test_what_is_no_draft_is_one_clear_line(press, text):
    with pytest.raises(InputError, match=r"^expected a draft") as error:
        press.check(text)
    assert "\n" not in str(error.value)


def test_what_is_no_text_is_one_clear_line(press):
    with pytest.raises(InputError, match=r"^expected a draft as text, found bytes"):
        press.check(b"words")


ODD = {
    "hostile mark-up": "“<script>alert(1)</script> [x](javascript:1) **we**,” Holm said.",
    "quotation in quotation": "“He told me ‘we will not sell the north quay before 2035’ and left,” Aldermoor said.",
    "unclosed": "“We will not sell the north quay before 2035, Holm said.",
    "only marks": "“”„“\"\"''«»",
    "nested without end": "“" * 400 + "we" + "”" * 399,
    "fts syntax": "“NEAR(\"a\" OR b*) AND NOT c:^d all of it,” Holm said.",
    "sql": "“'; DROP TABLE articles; -- and the rest of it,” Holm said.",
    "controls": "“we\u202e will\u200b not\u0000 sell the north quay before 2035,” Holm said.",
    "one word many times": "“" + "quay " * 3000 + ",” Holm said.",
    "brackets": "“" + "[x] " * 300 + "… " * 300 + "we,” Holm said.",
    "Turkish": "“Kuzey rıhtımını 2035'ten önce satmayacağız, banka parasını istiyorsa herkes gibi beklesin,” dedi Holm.",
}  # fmt: skip


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_drafts_are_checked_at_once(press, text):
    start = time.monotonic()
    check = press.check(text)
    assert time.monotonic() - start < 20
    assert "\n<" not in str(check)
    assert V.EXACT not in {f.verdict for f in check.findings if "nested" in text}


def test_an_unclosed_quotation_is_told(press):
    found = [f for f in press.check(ODD["unclosed"]).findings if f.quoted]
    assert found
    assert all("The quotation has no closing mark." in f.notes for f in found)


def test_another_language_is_unclear_and_never_called_not_on_record(press):
    check = press.check(ODD["Turkish"])
    assert {f.verdict for f in check.findings if f.quoted} == {V.UNCLEAR}
    assert not check.passes


def test_hidden_characters_make_no_difference(press):
    found = [f for f in press.check(ODD["controls"]).findings if f.quoted]
    assert [f.verdict for f in found] == [V.EXACT]


def test_progress_is_told(press):
    seen = []
    press.check("\n\n".join(d for d, *_ in GOLDEN[:3]), progress=lambda *at: seen.append(at))
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1] > 2


def test_from_the_package(press, press_index):
    import rag

    text = GOLDEN[0][0]
    assert rag.check(text, index=press_index).findings == press.check(text).findings


def test_an_empty_index_has_nothing_on_record(tmp_path):
    from index.indexing.build import add
    from index.settings import Settings
    from rag import OnRecord

    (tmp_path / "a.txt").write_text("It rained.", encoding="utf-8")
    add([tmp_path / "a.txt"], Settings(tmp_path / "index"))
    with OnRecord.open(tmp_path / "index", llm="") as bot:
        (found,) = bot.check(GOLDEN[0][0]).findings
    assert found.verdict is V.NOT_ON_RECORD
    assert found.passages == ()
