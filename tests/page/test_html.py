"""The rooms of the page: what they say, and that nothing foreign gets through them raw."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import quote
from xml.etree import ElementTree

import docx
import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from index.storage.export import guarded, unguarded
from index.text.escape import is_hidden
from index.types import Article, Span
from page.adding import pasted
from page.cards import card
from page.conversations import with_turns
from page.escape import publisher_link, shown
from page.evidence import evidence
from page.exports import CITATION_COLUMNS, exported, file_name
from page.feed import ATOM, atom
from page.leads import Leads, leads, limits, reworded
from page.markup import button, sent_values
from page.quoting import attributed_quote
from page.service import Desk, failure_message
from page.statements import Wanted, statements
from page.streaming import Growing
from page.turns import answer_sentence, cited, conversation_html, mended, numbered, turn
from page.wiring import Wiring
from rag.types import Answer, Citation, Consulted, Line, Name, Number, Slice, Words

QUESTION = "what did Erdoğan tell Putin?"


def event(**values: str) -> SimpleNamespace:
    return SimpleNamespace(_data=values)


def a_citation(quote: str = "the words", **fields: object) -> Citation:
    article = Article("a", f"Before. {quote} After.", title="Title", outlet="Outlet")
    start = len("Before. ")
    given = {"speaker": "A", "kind": "direct"} | fields
    return Citation(1, article, start, start + len(quote), quote, quote, **given)  # type: ignore[arg-type]


def test_what_comes_from_outside_never_becomes_markup(bot):
    found = bot.answer("<img src=x onerror=alert(1)> \u202e what did Putin say?")
    html = conversation_html([found])
    assert "<img" not in html
    assert not any(map(is_hidden, html))


def test_the_page_says_which_provider_got_what_and_who_wrote_the_sentences():
    account = Consulted(
        "openai:x at 127.0.0.1:8080", ("prose",), ("a passage",), "A said so [1].", ("name",) * 2
    )
    answer = Answer("q", "A said so [1].\n\nOn record: A said: words [1].", "partial",
                    "sentences left out", citations=(a_citation(),), llm=account)  # fmt: skip
    html = conversation_html([answer])
    assert "openai:x at 127.0.0.1:8080 was sent the question and 1 passage, for prose." in html
    assert "Left out: 2 sentences (name)." in html
    assert "Written by a language model" in html
    assert html.index('class="summary"') < html.index('class="cards"')
    assert "<img" not in conversation_html(
        [replace(answer, llm=replace(account, note="<img src=x>"))]
    )


def test_a_corrected_statement_takes_the_sentences_of_a_model_away(bot):
    found = replace(bot.answer(QUESTION), llm=Consulted("x", prose="Erdoğan said so [1]."))
    new = replace(found.citations[0], speaker="Somebody Else")
    (changed,) = mended([found], new)
    assert changed.llm is None


@given(st.text(min_size=1))
def test_a_card_holds_no_foreign_markup_and_nothing_hidden(text):
    """Whatever stands in an article or a name, the elements of a card stay the same."""
    text = text.replace("\\r", "").strip() or "x"
    plain, odd = a_citation("x"), a_citation(text, speaker=text, addressees=(text,), cue=text)
    html = card(odd, turn=1, number=1)
    bare = re.sub(r'<span class="hidden-character"[^>]*>\[U\+[0-9A-F]+\]</span>', "", html)
    tags = re.findall(r"<(\w+)", bare)
    assert sorted(tags) == sorted(
        re.findall(
            r"<(\w+)",
            card(
                replace(
                    odd,
                    speaker="x",
                    cue="x",
                    addressees=("x",),
                    article=plain.article,
                    start=plain.start,
                    end=plain.end,
                ),
                turn=1,
                number=1,
            ),
        )
    )
    assert not any(map(is_hidden, html))


def test_a_control_says_to_the_desk_what_it_was_given():
    html = button("select", "x", quote="a#q1-2 “ş” <b>")
    sent = re.search(r'data-quote="([^"]*)"', html)
    assert sent
    assert sent_values(event(quote=sent[1])) == {"quote": "a#q1-2 “ş” <b>"}
    assert sent_values(event(typed_value="100%25")) == {"typed_value": "100%", "value": "100%25"}
    assert sent_values(SimpleNamespace(_data=None)) == {}
    assert sent_values(SimpleNamespace(_data={"turn": ["1"]})) == {}


def test_the_evidence_marks_exactly_the_cited_words(bot):
    for citation in bot.answer(QUESTION).citations:
        html = evidence(citation, turn=1, number=citation.number)
        words = re.findall(r'<mark class="[^"]*\bquote\b[^"]*"[^>]*>(.*?)</mark>', html)
        assert "".join(words) == shown(citation.quote)
        assert html.count('data-passage="1"') == 1


def test_every_number_of_an_answer_is_a_button(bot):
    found = bot.answer(QUESTION)
    written, whole = numbered(found.text, 1), turn(found, 1)
    assert not re.search(r"\[\d+\]", written + whole)
    assert len(found.citations) > 1
    for citation in found.citations:
        assert written.count(f'data-number="{citation.number}"') == 1
        assert (
            whole.count(
                f'class="number" data-do="select" data-turn="1" data-number="{citation.number}"'
            )
            == 1
        )


def test_the_sentence_that_answers_stands_first_and_how_it_was_read_last(bot):
    html = turn(bot.answer(QUESTION), 1)
    places = [html.index(f'class="{name}') for name in ("asked", "summary", "cards", "reading")]
    assert places == sorted(places)
    assert html.count('class="first"') == 1


def test_the_lines_of_an_answer_mark_what_is_cited_and_escape_each_part(bot):
    """No number, no mark and no element comes from a name or from an article."""
    odd = Name("[7] <img src=x> “x”")
    parts = (odd, Words(": "), Slice("a", 0, 5, "<b>x "), Slice("a", 5, 9, "“y”", quoted=True))
    html = answer_sentence((Line((*parts, Words(" "), Number(1))),), 3)
    assert "<img" not in html
    assert "<b>" not in html
    assert html.count("<button") == html.count('class="ref"') == 1
    assert 'data-turn="3"' in html
    assert re.findall(r'<mark class="words">(.*?)</mark>', html) == ["“y”"]
    assert answer_sentence((), 1) == ""


def test_a_greeting_is_drawn_as_questions_that_can_be_asked_in_one_click(bot):
    found = bot.answer("hello")
    html = conversation_html([found])
    assert found.suggestions
    for question in found.suggestions:
        assert f'data-question="{quote(question)}"' in html
    assert "I answer who said what" in html
    assert 'class="refusal"' not in html
    assert 'class="reading"' not in html


def test_a_turn_grows_by_its_reading_then_its_cards_then_its_summary(bot):
    growing = Growing(QUESTION, 1)
    grown = []
    for happened in bot.stream(QUESTION):
        growing = growing.after(happened)
        grown.append([f'class="{part}' in str(growing) for part in ("reading", "cards", "summary")])
    assert grown[:3] == [[True, False, False], [True, True, False], [True, True, True]]


def test_a_mended_statement_changes_the_turns_that_cite_it_and_no_other(bot):
    answers = [bot.answer(QUESTION), bot.answer("what did Putin say?")]
    old = answers[0].citations[1]
    one, other = mended(answers, replace(old, number=1, speaker="Somebody"))
    assert [c.speaker for c in one.citations].count("Somebody") == 1
    assert one.citations[1] == replace(old, speaker="Somebody")
    assert one.text == ""
    assert other == answers[1]


def test_a_citation_is_found_by_turn_and_number(bot):
    answers = [bot.answer(QUESTION), bot.answer("what did Putin tell Aliyev?")]
    assert cited(answers, {"turn": "1", "number": "2"}) == answers[0].citations[1]
    assert cited(answers, {"turn": "2", "near_number": "1"}) == answers[1].near_misses[0]
    for wrong in ({}, {"turn": "9", "number": "1"}, {"turn": "x"}, {"turn": "1", "number": "99"}):
        assert cited(answers, wrong) is None


@pytest.mark.parametrize(
    ("fields", "question"),
    [
        ({"speaker": "A", "to": "B", "about": "tea"}, "What did A tell B about tea?"),
        ({"speaker": "A"}, "What did A say?"),
        ({"to": "B", "about": "about tea"}, "What was B told about tea?"),
        ({"about": "tea"}, "Who spoke about tea?"),
        ({}, ""),
    ],
)
def test_edited_parts_make_a_question(fields, question):
    assert reworded(fields) == question


def test_an_edited_reading_reads_back_as_it_was_edited(bot):
    fields = {"speaker": "Putin", "to": "Erdoğan", "about": "Azerbaijan"}
    read = bot.answer(reworded(fields)).interpretation
    assert read.speakers == ("Vladimir Putin",)
    assert read.addressees == ("Recep Tayyip Erdoğan",)
    assert "Azerbaijan" in read.topic


def test_a_copied_quote_adds_no_quotation_marks():
    told_to = a_citation("that it rains", kind="indirect", addressees=("B",))
    assert attributed_quote(told_to) == (
        "that it rains\n— A to B (reported speech), Outlet, Title, characters 8 to 21"
    )


STARTS = [
    *("=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0=", "\u3000=", "\u2028=", "\x0b@", "'="),
    *(
        "＝",
        "＋",
        "－",
        "＠",
        " ＝",
        "﹦",
        "﹢",
        "﹣",
        "﹫",
        "−",
        "\ufeff=",
        "\u200b=",
        "\u2060+",
        "\u202e=",
        "\x00=",
    ),
]
"""How a formula may begin for one spreadsheet or another, what nobody sees before it too."""


@pytest.mark.parametrize("start", STARTS)
def test_every_export_guards_what_may_be_a_formula_and_gives_it_back(start):
    text = f"{start}1+1"
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@given(st.text())
def test_a_guarded_cell_reads_back_as_it_was(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_of_a_csv_is_a_formula(start):
    text = f"{start}HYPERLINK(1)"
    citation = a_citation(text, speaker=text, cue=text, chain=(text,))
    (row,) = csv.DictReader(
        io.StringIO(exported("csv", "t", "", [citation]).decode("utf-8-sig"), newline="")
    )
    assert tuple(row) == CITATION_COLUMNS
    assert all(cell == guarded(unguarded(cell)) for cell in row.values())
    assert row["quote"] == row["speaker"] == row["cue"] == row["according_to"] == f"'{text}"


def test_exports_round_trip(bot):
    found = bot.answer(QUESTION)
    rows = list(
        csv.DictReader(
            io.StringIO(exported("csv", QUESTION, "", found.citations).decode("utf-8-sig"))
        )
    )
    assert [r["quote"] for r in rows] == [c.quote for c in found.citations]
    assert [(int(r["start"]), int(r["end"])) for r in rows] == [
        (c.start, c.end) for c in found.citations
    ]
    linked = json.loads(exported("jsonld", QUESTION, found.text, found.citations))
    for part, citation in zip(linked["hasPart"], found.citations, strict=True):
        words, place = part["oa:hasSelector"]
        assert words["oa:exact"] == citation.article.text[place["oa:start"] : place["oa:end"]]
        around = words["oa:prefix"] + words["oa:exact"] + words["oa:suffix"]
        assert around in citation.article.text


@given(st.text())
def test_the_fast_way_to_show_a_text_is_the_slow_one(text):
    """Characters one by one, and all of them at once."""
    assert shown(text) == "".join(map(shown, text))
    assert not any(map(is_hidden, shown(text)))


def test_every_character_is_shown_or_named():
    """All of Unicode beside a letter, where the fast way might let one through."""
    for code in range(0x110000):
        char = chr(code)
        if is_hidden(char):
            assert shown(f"a{char}") == f"a{shown(char)}" != f"a{char}"


INACTIVE = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
    "javascript://news.example/%0aalert(1)", "data:text/html,<script>1</script>", "data:,x",
    "vbscript:x", "file:///etc/passwd", "blob:http://news.example/x", "about:blank", "mailto:a@b.example",
    "//news.example/a", "/local", "news.example/a", "http://", "https:///a", "http:news.example",
    'http://news.example/"onmouseover="alert(1)', "http://news.example/ a", "http://news.example/<b>",
    "http://news.example/\u202egpj", "http://[bad/", "\x00http://news.example/",
)  # fmt: skip


@pytest.mark.parametrize("url", INACTIVE)
def test_only_an_address_of_the_web_becomes_a_link(url):
    assert publisher_link(url, "the words", "Open") == ""
    article = replace(a_citation().article, url=url)
    assert "<a " not in evidence(replace(a_citation(), article=article))


def test_a_link_to_the_publisher_tells_it_nothing_and_gets_no_hold_of_the_page():
    html = publisher_link("https://news.example/a?b=1&c=2", "the words", "Open")
    assert 'href="https://news.example/a?b=1&amp;c=2#:~:text=the%20words"' in html
    assert 'target="_blank" rel="noopener noreferrer"' in html


def test_markdown_takes_nothing_for_markup():
    text = "<img src=x> [a](javascript:x) ![b](http://x) *c* `d` # e"
    written = exported("md", text, "", [a_citation(text)]).decode()
    assert not re.search(r"(?<!\\)[<`*](?!Title\*|https?:)(?=\S)", written.replace("*Title*", ""))
    assert "](" not in written


def test_a_file_name_is_a_file_name():
    assert file_name("../../etc/passwd?", "csv") == "etc-passwd.csv"
    assert file_name("“?!”", "md") == "onrecord.md"


@pytest.mark.parametrize("typed", ["yesterday", "2020-13", "2020-02-30", "0000", "8.11.2020"])
def test_a_pasted_article_has_a_day_or_none(tmp_path, typed):
    text = {"text": "It rains.", "title": "Rain"}
    with pytest.raises(InputError, match="expected a date like"):
        pasted(tmp_path, {**text, "date": typed})
    for day in ("2020-11-08", ""):
        written = pasted(tmp_path, {**text, "date": day}).read_text(encoding="utf-8")
        assert json.loads(written)["date"] == day


def test_a_failure_is_a_token_and_an_expected_error_is_itself(capsys):
    assert failure_message(InputError("expected tea")) == "expected tea"
    told_of = failure_message(RuntimeError("/secret/path"))
    assert "secret" not in told_of
    token = re.search(r"error (\w{8})", told_of)
    assert token
    assert token[1] in capsys.readouterr().err


@pytest.fixture(scope="module")
def desk(seed_index):
    return Desk(seed_index)


def test_everything_they_said_is_everything(desk):
    found, total = desk.statements(Wanted(speaker="Erdogan"))
    assert total == len(found) > 4
    assert {c.speaker for c in found} == {"Recep Tayyip Erdoğan"}
    together, _ = desk.statements(Wanted(speaker="Kremlin"))
    assert any("Kremlin" in c.co_speakers for c in together)
    told_to, _ = desk.statements(Wanted(speaker="Erdoğan", addressee="Putin"))
    assert 0 < len(told_to) < total


def test_a_missing_index_is_told_and_costs_nothing_else(tmp_path):
    desk = Desk(tmp_path / "none")
    assert desk.examples() == desk.people() == desk.outlets() == []
    with pytest.raises(Exception, match="there is no index"):
        desk.holdings()


def test_examples_are_answered(desk):
    asked = desk.examples()
    assert len(asked) == 4
    assert all(desk.bot.answer(q).status == "answered" for q in asked)


def test_an_export_of_nothing_is_refused_in_a_line(desk):
    for wish in ({"turn": "7", "form": "csv"}, {"form": "exe"}, {}):
        with pytest.raises(InputError, match="expected an answer to export"):
            desk.parcel(wish, [], Wanted())


def test_a_copied_quote_keeps_every_doubt():
    """Who was inferred, what is reported, who passed it on, when, where, at which place."""
    cited_words = a_citation(
        "it rains", kind="indirect", attribution="inferred", chain=("the Directorate",),
        addressees=("B",),
    )  # fmt: skip
    address = "https://news.example/a"
    article = replace(cited_words.article, url=address, published="2020-11-08")
    assert attributed_quote(replace(cited_words, article=article)) == (
        "it rains\n— A (inferred) to B (reported speech), according to the Directorate, Outlet, "
        f"Title, 8 November 2020, characters 8 to 16, {address}#:~:text=it%20rains"
    )


def test_what_leads_on_is_answered(desk):
    """Every question and every wider one that is offered, asked by itself."""
    for question in (QUESTION, "what did Putin tell Aliyev?", "what did Zork say?"):
        answer = desk.bot.answer(question)
        found = desk.leads([answer], {})
        assert 0 < len(found.questions) <= 3
        assert question not in found.questions
        for offered in found.questions:
            assert desk.bot.answer(offered).status == "answered"
    assert desk.leads([desk.bot.answer("hello")], {}) == Leads()


def test_what_was_just_asked_is_not_offered_under_the_whole_name(desk):
    for asked, whole in (
        ("what did Putin say?", "What did Vladimir Putin say?"),
        (QUESTION, "What did Recep Tayyip Erdoğan tell Vladimir Putin?"),
    ):
        found = desk.leads([desk.bot.answer(asked)], {}).questions
        assert found
        assert whole not in found


def test_a_limit_that_leaves_nothing_is_named_and_taken_away(desk):
    refused = desk.bot.answer(QUESTION, filters={"since": "2099-01-01"})
    assert refused.status == "no_answer"
    wider = desk.leads([refused], {}).wider
    assert [w.clears for w in wider] == ["since until"]
    assert "since 2099-01-01: clear the date" in wider[0].label
    fields = dict(wider[0].fields)
    assert "since" not in fields
    assert desk.bot.answer(reworded(fields)).citations
    html = turn(refused, 1, leads=Leads((), wider))
    assert 'data-do="edit"' in html
    assert "clear the date" in html


def test_nothing_is_offered_that_was_not_found_to_be_answered(desk):
    answer = desk.bot.answer("what did Putin tell Aliyev?")
    found = leads([answer], {}, desk.counts(), desk.examples(), lambda question, filters: 0)
    assert found == Leads()


def test_all_statements_of_an_answer_are_had_in_one_step(desk):
    few = desk.bot.answer("what did Erdoğan say?", k=1)
    assert few.more
    assert f"1 of {1 + few.more} statements shown" in turn(few, 1)
    whole = desk.whole([few], 1)
    assert (len(whole.citations), whole.more) == (1 + few.more, 0)
    parcel = desk.parcel({"turn": "1", "form": "csv"}, [few], Wanted())
    assert (
        len(list(csv.DictReader(io.StringIO(parcel.content.decode("utf-8-sig"))))) == 1 + few.more
    )


def test_the_limits_of_a_question_are_those_it_was_asked_with(desk):
    filters = {"speaker": "Erdoğan", "outlet": "Hürriyet", "since": "2020-01-01"}
    read = desk.bot.answer("what was said?", filters=filters).interpretation
    kept = limits(read)
    assert kept["since"] == "2020-01-01"
    assert kept["outlet"] == read.outlet
    assert limits(None) == {}


@pytest.mark.parametrize("form", ["md", "docx", "bib", "json", "csv", "jsonld"])
def test_no_export_loses_a_doubt(form):
    """Inferred, reported, passed on, and the place of the words, in every form."""
    plain = a_citation("it rains", kind="indirect", attribution="inferred", chain=("Agency",))
    article = replace(plain.article, url="https://news.example/a", published="2020-11-08")
    written = exported(form, "t", "", [replace(plain, article=article)])
    if form == "docx":
        document = docx.Document(io.BytesIO(written))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    else:
        text = written.decode()
    plain_text = text.replace("\\", "")
    assert "inferred" in plain_text
    assert "reported speech" in plain_text or "indirect" in plain_text
    assert "Agency" in plain_text
    assert "text=it%20rains" in plain_text
    assert "8" in plain_text
    assert "16" in plain_text


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_no_text_breaks_a_document_or_an_entry(text):
    """Whatever an article says, a document opens and the braces of an entry are matched."""
    citation = a_citation(text, speaker=text, chain=(text,))
    docx.Document(io.BytesIO(exported("docx", text, "", [citation])))
    entry = re.sub(r"\\[{}]", "", exported("bib", text, "", [citation]).decode())
    depth = 0
    for char in entry:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    json.loads(exported("json", text, "", [citation]))


def test_what_was_said_on_a_topic_stands_in_order_of_time_and_tells_what_was_said_again(desk):
    every, whole = desk.statements(Wanted("Erdoğan"))
    found, total = desk.statements(Wanted("Erdoğan", topic="the negotiation table"))
    assert 0 < total < whole
    assert {c.quote for c in found} < {c.quote for c in every}
    assert all("negotiation table" in c.sentence for c in found)
    days = ("2020-11-08", "2020-11-09", "2020-11-10")
    said = ("the fees will fall by a third", "the fees will fall by a third", "the fees will rise")
    given = [
        replace(
            c,
            source=replace(every[0].source, content=(Span(c.start, c.end),)),
            article=replace(c.article, published=day),
        )
        for c, day in ((a_citation(w), d) for w, d in zip(said, days, strict=True))
    ]
    html = re.sub(r"<[^>]*>", "", statements(Wanted("A", topic="fees"), given, 3))
    assert "8 November 2020, first" in html
    assert "9 November 2020, said again, as 8 November 2020" in html
    assert "10 November 2020, new words" in html


def test_articles_are_found_by_title_and_outlet_and_lead_to_what_they_report(desk):
    every, total = desk.articles("", "")
    assert total == len(every) == desk.bot.reader.generation.catalog.counts()["articles"]
    article, held = every[0]
    assert desk.articles("zork", "") == ([], 0)
    word = article.title.split()[0]
    assert desk.articles(word.upper(), article.outlet[:3])[1] == 1
    found, reported = desk.statements(Wanted(article=article.id), None)
    assert reported == held
    assert {c.article.id for c in found} == {article.id}


def test_a_feed_is_valid_and_carries_words_as_text():
    odd = a_citation("<b>x</b> \x00 \u202e &amp;", speaker="A\x08")
    feed = ElementTree.fromstring(atom("A <i>", [odd, a_citation()]))
    assert feed.tag == f"{{{ATOM}}}feed"
    for tag in ("id", "title", "updated"):
        assert feed.findtext(f"{{{ATOM}}}{tag}")
    contents = [e.findtext(f"{{{ATOM}}}content") for e in feed.iter(f"{{{ATOM}}}entry")]
    assert contents[0].startswith("<b>x</b> [U+0000] [U+202E] &amp;")
    assert not list(feed.iter(f"{{{ATOM}}}b"))


def test_what_is_offered_is_asked_by_itself_in_a_conversation_as_well(desk):
    """A question that was tried has as many statements as it had then."""
    wiring, before = Wiring(desk), [desk.bot.answer(QUESTION)]
    offered = desk.leads(before, {}).questions[0]
    event = gr.EventData(None, {"question": offered, "alone": "1"})
    *_, last = wiring.ask_example(event, before, *("" for _ in wiring.page.filters))
    answers = last[wiring.page.answers]
    assert answers[-1].citations == desk.bot.answer(offered).citations
    assert desk.again(with_turns([], "a", answers)[0][1]) == answers
    assert "Ask it by itself" not in turn(answers[-1], 2)


def test_a_question_that_was_narrowed_by_the_one_before_says_so(desk):
    before = desk.bot.answer(QUESTION)
    read = replace(before.interpretation, follow_up=True)
    html = turn(replace(before, interpretation=read), 2)
    assert "the question before" in html
    assert "Ask it by itself" in html


def test_what_was_asked_in_a_conversation_is_not_offered_in_it_again(desk):
    asked = [desk.bot.answer(QUESTION), desk.bot.answer("what did Putin tell Aliyev?")]
    found = desk.leads(asked, {}).questions
    assert "What did Recep Tayyip Erdoğan tell Vladimir Putin?" not in found


def test_nothing_is_offered_that_the_filters_rule_out(desk):
    answer = desk.bot.answer(QUESTION)
    assert desk.leads([answer], {"outlet": "no such outlet"}).questions == ()


def test_a_joint_statement_names_everybody_in_every_form(desk):
    (first, *_) = desk.bot.answer(QUESTION).citations
    joint = replace(first, co_speakers=("Ida Lund",))
    row = next(csv.DictReader(io.StringIO(exported("csv", "T", "", [joint]).decode("utf-8-sig"))))
    assert row["speaker"] == f"{first.speaker}; Ida Lund"
    (part,) = json.loads(exported("jsonld", "T", "", [joint]))["hasPart"]
    assert [who["name"] for who in part["spokenByCharacter"]] == [first.speaker, "Ida Lund"]
    assert f"{first.speaker} and Ida Lund: ".encode() in atom("T", [joint])


def test_the_statements_of_an_article_stand_as_they_do_in_it(desk):
    (first, *_) = desk.bot.answer(QUESTION).citations
    found, total = desk.statements(Wanted(article=first.article.id), None)
    assert total == len(found)
    assert [c.start for c in found] == sorted(c.start for c in found)


@pytest.mark.parametrize(
    ("question", "told"),
    [(QUESTION, "4 statements on record"), ("what did Putin tell Aliyev?", "Nothing on record")],
)
def test_a_turn_does_not_wait_for_what_leads_on_and_is_whole_only_with_it(
    seed_index, question, told
):
    """Gradio takes no other question until then, and the page shows that.  What leads on was
    tried the second time, so that nothing is worth to be sent before it."""
    wiring = Wiring(Desk(seed_index))
    none = ["" for _ in wiring.page.filters]
    *_, early, last = wiring.ask(question, [], *none)
    assert 'class="turn waiting"' in early[wiring.page.latest]
    assert told in early[wiring.page.latest]
    assert 'class="turn"' in last[wiring.page.latest]
    assert 'class="next"' in last[wiring.page.latest]
    *before, again = wiring.ask(question, [], *none)
    assert again[wiring.page.latest] == last[wiring.page.latest]
    assert all(told not in update[wiring.page.latest] for update in before)
