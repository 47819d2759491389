"""What an answer is made of: whole sentences of articles, and few words of ours around them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.types import Article, Mention, Quote, Span
from rag.answering.compose import HELP, compose
from rag.types import Evidence, Line, Name, Number, Question, Ranking, Slice

TEXT = (
    "Mayor Ida Lund met Captain Bo Strand on Monday. "
    "She told him that the fees would fall, and that the pier would stay. "
    "“A promise is not a pier.” "
    "The harbour board said so in a letter, the Quay reported.\n\n"
    "They praised the plan of the mayor in Hask."
)
HERE = Article("a", TEXT, outlet="The Quay", published="2021-03-04")
SAID = Question("what?", "said")
Who = tuple[str, str] | tuple[str, str, str]


def at(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def whom(who: Who, text: str = TEXT) -> Mention:
    """Somebody by the words that stand for them, their name and how it is known."""
    words, name, basis = (*who, "explicit")[:3]
    return Mention(at(words, text), name, basis)


def said(
    words: str,
    sentence: str,
    speaker: Who,
    told: Sequence[Who] = (),
    chain: Sequence[Who] = (),
    together: Sequence[Who] = (),
    article: Article = HERE,
    copies: Sequence[Article] = (),
) -> Evidence:
    text = article.text
    span = at(words, text)
    quote = Quote(
        f"{article.id}{span.start}",
        article.id,
        (span,),
        at(sentence, text),
        "indirect",
        speaker=whom(speaker, text),
        co_speakers=tuple(whom(w, text) for w in together),
        addressees=tuple(whom(w, text) for w in told),
        chain=tuple(whom(w, text) for w in chain),
    )
    return Evidence(article, span, quote.sentence, quote, copies=tuple(copies))


def lines(*evidence: Evidence, question: Question = SAID, **ranking: object) -> list[str]:
    return [str(line) for line in compose(question, Ranking(evidence, **ranking)).lines]


TOLD = "She told him that the fees would fall, and that the pier would stay."
SHE, HIM = ("She", "Ida Lund", "coreference"), ("him", "Bo Strand", "coreference")
FEES = said("the fees would fall", TOLD, SHE, [HIM])
PIER = said("the pier would stay", TOLD, SHE, [HIM])
PROMISE = "“A promise is not a pier.”"


def test_the_statements_of_one_sentence_are_one_line_with_their_numbers():
    (line,) = compose(SAID, Ranking((FEES, PIER))).lines
    assert line.numbers == (1, 2)
    assert str(line) == (
        "She [Ida Lund] told him [Bo Strand] that the fees would fall [1], "
        "and that the pier would stay [2]."
    )
    assert [p.text for p in line.parts if isinstance(p, Slice) and p.quoted] == [
        "the fees would fall",
        "the pier would stay",
    ]


def test_the_slices_of_a_line_together_are_the_whole_sentence():
    (line,) = compose(SAID, Ranking((PIER, FEES))).lines
    cut = [p for p in line.parts if isinstance(p, Slice)]
    assert "".join(p.text for p in cut) == TOLD
    assert all(p.text == TEXT[p.start : p.end] for p in cut)
    assert [a.end for a in cut[:-1]] == [b.start for b in cut[1:]]


def test_statements_of_different_speakers_are_lines_of_their_own():
    """Where the sentence does not tell who speaks, one lead-in cannot be for both."""
    one = said("A promise", PROMISE, ("Bo Strand", "Bo Strand", "inferred"))
    other = said("a pier", PROMISE, ("Ida Lund", "Ida Lund", "inferred"))
    assert [line.split(":")[0] for line in lines(one, other)] == [
        "Bo Strand (inferred)",
        "Ida Lund (inferred)",
    ]


@pytest.mark.parametrize(
    ("speaker", "shown"),
    [
        (("Captain Bo Strand", "Bo Strand"), "Bo Strand: “A promise"),
        (("Captain Bo Strand", "Bo Strand", "inferred"), "Bo Strand (inferred): “A promise"),
        (("The harbour board", "the harbour board"), "The harbour board: “A promise"),
    ],
)
def test_a_speaker_outside_the_sentence_leads_in_to_it(speaker, shown):
    (line,) = lines(said("A promise is not a pier", PROMISE, speaker))
    assert line.startswith(shown)


def test_an_addressee_and_a_source_outside_the_sentence_lead_in_too():
    strand, lund = ("Captain Bo Strand", "Bo Strand"), ("Mayor Ida Lund", "Ida Lund", "inferred")
    item = said("A promise is not a pier", PROMISE, strand, [lund], [("the Quay", "The Quay")])
    asked = Question("what?", "said", addressees=("Ida Lund",))
    (line,) = lines(item, question=asked)
    assert line.startswith("Bo Strand to Ida Lund (inferred), according to The Quay: “A promise")
    (line,) = lines(item)  # the addressee was not asked for
    assert line.startswith("Bo Strand, according to The Quay: “A promise")


def test_a_sentence_that_names_everybody_is_left_as_it_is():
    item = said("so", "The harbour board said so in a letter, the Quay reported.",
                ("The harbour board", "the harbour board"), chain=[("the Quay", "The Quay")])  # fmt: skip
    assert lines(item) == ["The harbour board said so [1] in a letter, the Quay reported."]


def test_a_description_gets_the_name_in_brackets_and_so_do_several():
    """At one place, and beside a number that stands there already; no name stands twice."""
    sentence = "They praised the plan of the mayor in Hask."
    they = [("They", name, "coreference") for name in ("Ida Lund", "Bo Strand")]
    one = said("the plan of the mayor", sentence, they[0], together=they[1:])
    (line,) = lines(one)
    assert line == "They [Ida Lund and Bo Strand] praised the plan of the mayor [1] in Hask."
    for name, shown in (("Eva Holt", " [Eva Holt]"), ("Ida Lund", "")):
        other = said("in Hask", sentence, they[0], [("the mayor", name, "coreference")],
                     together=they[1:])  # fmt: skip
        (line,) = lines(one, other)
        assert line == (
            f"They [Ida Lund and Bo Strand] praised the plan of the mayor{shown} [1] in Hask [2]."
        )
    (line,) = lines(one, said("in Hask", sentence, ("They", "Eva Holt", "coreference")))
    assert line.startswith("They [Ida Lund and Bo Strand] praised")  # not a third, of the other


@pytest.mark.parametrize("name", ["Dwayne “The Rock” Johnson", "Bo [1] Strand", "Bo “ [2]", "[1]"])
def test_a_name_with_marks_brackets_or_figures_is_a_name(name):
    """In the lead-in, in brackets, and on the page, where it becomes no button."""
    from page.turns import answer_sentence

    item = said("A promise is not a pier", PROMISE, ("Captain Bo Strand", name))
    found = compose(SAID, Ranking((item, said("the fees would fall", TOLD, ("She", f"A{name}")))))
    assert [line.numbers for line in found.lines] == [(1,), (2,)]
    html = answer_sentence(found.lines, 1)
    assert html.count('class="ref"') == 1
    assert str(found.lines[1]).startswith(f"She [A{name}] told him")


def test_statements_of_several_days_have_their_dates():
    later = Article("b", TEXT, outlet="Lantern", published="2021-05-20T08:00:00Z")
    other = said("the pier would stay", TOLD, SHE, article=later)
    assert [line[:24] for line in lines(FEES, other)] == [
        "2021-03-04, The Quay: Sh",
        "2021-05-20, Lantern: She",
    ]
    (first, *_) = compose(SAID, Ranking((FEES, other))).lines
    assert first.parts[0] == Name("2021-03-04, The Quay")
    undated = said("the pier would stay", TOLD, SHE, article=Article("c", TEXT))
    assert all(line.startswith("She") for line in lines(FEES, undated))
    assert all(line.startswith("She") for line in lines(FEES, PIER))


def test_copies_of_an_article_are_counted():
    copies = [Article("b", TEXT), Article("c", TEXT)]
    (line,) = lines(said("the fees would fall", TOLD, SHE, copies=copies))
    assert line.endswith("(also in 2 others)")
    (line,) = lines(said("the fees would fall", TOLD, SHE, copies=copies[:1]))
    assert line.endswith("(also in 1 other)")


def test_what_is_left_out_of_a_long_list_is_counted():
    assert lines(FEES, PIER, more=30)[-1] == "2 of 32 statements on record are shown."
    assert "on record" not in " ".join(lines(FEES, PIER))


@pytest.mark.parametrize(("kind", "first"), [("when", "on Monday"), ("where", "in Hask")])
def test_a_time_or_a_place_that_is_asked_for_stands_first(kind, first):
    """As the article has it: a slice, and none where the sentence does not tell."""
    text = "Lund said on Monday in Hask that the fees would fall. Strand said that it would rain."
    article = Article("d", text)
    told = said(
        "the fees would fall", text.partition(" Lund")[0], ("Lund", "Ida Lund"), article=article
    )
    part = compose(Question("?", kind), Ranking((told,))).lines[0].parts[0]
    assert isinstance(part, Slice)
    assert part.text == text[part.start : part.end]
    assert part.text in (first, "Monday")
    silent = said(
        "it would rain", "Strand said that it would rain.", ("Strand", "Bo Strand"), article=article
    )
    (line,) = lines(silent, question=Question("?", kind))
    assert line.startswith("Strand said")


def test_a_sentence_over_two_lines_is_one_line_of_text():
    text = "Lund said that\n   the fees would fall."
    (line,) = lines(said("the fees", text, ("Lund", "Ida Lund"), article=Article("e", text)))
    assert line == "Lund said that the fees [1] would fall."


def test_no_verb_and_no_mark_of_ours_stands_beside_a_slice():
    """Words of ours are lead-ins, brackets and counts; none of them says what was said."""
    strand = ("Captain Bo Strand", "Bo Strand", "inferred")
    item = said("A promise is not a pier", PROMISE, strand, chain=[("the Quay", "The Quay")])
    for line in compose(SAID, Ranking((item, FEES))).lines:
        ours = [p.text for p in line.parts if not isinstance(p, Slice | Name | Number)]
        assert set(ours) <= {" ", ": ", " [", "]", " (inferred)", ", according to "}


def test_help_is_what_can_be_asked_and_nothing_cited():
    asked = ("What did A tell B?", "What did C say?")
    found = compose(Question("hello", "help"), Ranking(()), asked)
    assert found.suggestions == asked
    assert [str(line) for line in found.lines] == [
        f"{HELP} Ask, for instance:",
        *(f"- {q}" for q in asked),
    ]
    alone = compose(Question("hello", "help"), Ranking(()))
    assert alone.lines == (Line(alone.lines[0].parts),)
    assert str(alone.lines[0]) == HELP
