"""What leaves as an article's words is a slice of it, compared by offsets; all else stays back."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from index.types import Article, Mention, Quote, Span
from rag.answering.compose import compose
from rag.answering.verify import verify_answer
from rag.ranking.rank import KnownPeople, rank
from rag.retrieval.retrieve import retrieve
from rag.types import (
    Draft,
    Evidence,
    Line,
    Name,
    Number,
    Question,
    Ranking,
    Slice,
    Words,
)

TEXT = (
    "“I did not say that we will attack,” Odell said. He added that the bridge “is ours.”\n\n"
    "“The river is high,” Falk said. “It has rained. It will rain again,” she added."
)
ARTICLE = Article("a", TEXT)
RIVER, RAIN = "“The river is high,” Falk said.", "“It has rained. It will rain again,” she added."


class OneArticle:
    """The part of a catalog that a draft is compared with."""

    person_of: dict[str, str] = {}  # noqa: RUF012 - never changed

    def article(self, article_id: str) -> Article:
        """The article; KeyError for any other id."""
        return {"a": ARTICLE}[article_id]


def a_slice(words: str, **changed: object) -> Slice:
    """The slice of the article that has these words, with some of it changed."""
    start = TEXT.index(words)
    return replace(Slice("a", start, start + len(words), words), **changed)


def evidence(sentence: str, speaker: str) -> Evidence:
    start = TEXT.index(sentence)
    span, at = Span(start, start + len(sentence)), TEXT.index(speaker)
    said = Mention(Span(at, at + len(speaker)), speaker)
    return Evidence(ARTICLE, span, span, Quote(f"q{start}", "a", (span,), span, "direct", None,
                                               speaker=said))  # fmt: skip


def draft(*lines: Line, more: int = 0) -> Draft:
    found = (evidence(RIVER, "Falk"), evidence(RAIN, "Falk"))
    return Draft(lines, Ranking(found, more=more), Question("what?", "said"))


GOOD = Line((a_slice(RIVER), Words(" "), Number(1)))
OTHER = Line((a_slice(RAIN), Words(" "), Number(2)))


def test_slices_that_read_as_their_article_are_shown_whole():
    found = verify_answer(draft(GOOD, OTHER), OneArticle())
    assert (found.status, found.reason) == ("answered", "")
    assert found.text == f"- {RIVER} [1]\n- {RAIN} [2]"
    assert [c.number for c in found.citations] == [1, 2]


BAD = [
    a_slice(RAIN, text=RAIN.replace("will", "will not")),
    a_slice(RAIN, text=RAIN[:-1]),
    a_slice(RAIN, text=RAIN.upper()),
    a_slice(RAIN, text=RAIN.replace("“", '"')),
    a_slice(RAIN, start=TEXT.index(RAIN) + 1),
    a_slice(RAIN, end=len(TEXT) - 1),
    a_slice(RAIN, end=len(TEXT) + 9, text=RAIN),
    a_slice(RAIN, start=-len(RAIN), text=RAIN),
    a_slice(RAIN, start=5, end=5, text=""),
    a_slice(RAIN, article="b"),
    a_slice(RIVER, text=RAIN),
]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_slice_loses_its_line_and_its_statement_and_nothing_else(bad):
    found = verify_answer(draft(GOOD, Line((bad, Words(" "), Number(2)))), OneArticle())
    assert (found.status, found.reason) == ("partial", "statements left out")
    assert found.lines == (GOOD,)
    assert found.text == f"{RIVER} [1]"
    assert [c.number for c in found.citations] == [1]


def test_the_number_of_a_line_that_stays_is_still_its_own():
    bad = a_slice(RIVER, text="“The river is low,” Falk said.")
    found = verify_answer(draft(Line((bad, Words(" "), Number(1))), OTHER), OneArticle())
    assert found.text == f"{RAIN} [2]"
    assert [(c.number, c.quote) for c in found.citations] == [(2, RAIN)]


def test_a_draft_of_nothing_but_bad_slices_says_that_none_could_be_verified():
    bad = Line((a_slice(RIVER, text="x"), Number(1)))
    found = verify_answer(
        draft(bad, replace(OTHER, parts=(BAD[0], Number(2))), more=3), OneArticle()
    )
    assert (found.status, found.reason) == ("no_answer", "statements left out")
    assert (found.lines, found.citations, found.more) == ((), (), 0)
    assert found.text == "Nothing on record that could be verified."


def test_a_number_of_no_citation_loses_its_line():
    found = verify_answer(draft(GOOD, OTHER, Line((Words("So it is "), Number(3)))), OneArticle())
    assert found.lines == (GOOD, OTHER)
    assert found.status == "partial"


@pytest.mark.parametrize("name", ["span", "sentence", "cue"])
def test_evidence_of_an_article_that_reads_otherwise_by_now_is_left_out(name):
    """Its words, their sentence, the reporting word: any of them."""
    longer = Article("a", TEXT.replace("Odell said. He", "Odell says. He") + " She left.")
    at = longer.text.index("says" if name == "sentence" else "She left.")
    wrong, old = Span(at, at + 4), evidence(RAIN, "Falk")
    quote = replace(old.quote, cue=wrong) if name == "cue" else old.quote
    changed = replace(old, article=longer, quote=quote)
    if name != "cue":
        changed = replace(changed, **{name: wrong})
    ranking = Ranking((evidence(RIVER, "Falk"), changed))
    found = verify_answer(Draft((GOOD, OTHER), ranking, Question("what?", "said")), OneArticle())
    assert (found.status, [c.number for c in found.citations]) == ("partial", [1])
    assert found.text == f"{RIVER} [1]"


def test_only_slices_are_compared_so_that_no_mark_in_a_name_is_taken_for_another():
    """A name may hold quotation marks, brackets and figures: it is text, and nothing more."""
    odd = Name("Dwayne “The Rock” [2] Johnson]")
    line = Line((odd, Words(": "), *GOOD.parts))
    found = verify_answer(draft(line, OTHER), OneArticle())
    assert found.status == "answered"
    assert found.lines[0].numbers == (1,)
    assert found.text.startswith("- Dwayne “The Rock” [2] Johnson]: “The river")


def test_no_altered_slice_of_a_golden_answer_is_shown(golden):
    """Every slice in the answers to the golden questions, altered at random."""
    from tests.rag.test_golden_questions import ROWS

    chance, reader = random.Random(2), golden.reader
    catalog, tried = reader.generation.catalog, 0
    for row in ROWS:
        question = golden.answer(row["question"], history=row.get("history")).interpretation
        candidates = retrieve(question, reader.generation, reader.embedder, reader.people)
        ranking = rank(question, candidates, KnownPeople(catalog.person_of))
        made = compose(question, ranking)
        for at, line in enumerate(made.lines):
            for place, part in enumerate(line.parts):
                if not isinstance(part, Slice):
                    continue
                changed = altered(part, catalog.article(part.article).text, chance)
                parts = (*line.parts[:place], changed, *line.parts[place + 1 :])
                lines = (*made.lines[:at], Line(parts), *made.lines[at + 1 :])
                found = verify_answer(replace(made, lines=lines), catalog)
                tried += 1
                assert found.reason == "statements left out"
                assert Line(parts) not in found.lines
                assert not {c.number for c in found.citations} & set(line.numbers)
    assert tried > 100


def altered(part: Slice, text: str, chance: random.Random) -> Slice:
    """The slice with another text, or of another place, that does not read as its article."""
    step = chance.choice((-3, -1, 1, 2))
    found = chance.choice(
        [
            replace(part, text=f"not {part.text}"),
            replace(part, text=part.text[1:]),
            replace(part, text=re.sub(r"\w", "x", part.text, count=1)),
            replace(part, start=max(0, part.start + step)),
            replace(part, end=part.end + step),
            replace(part, start=part.start + 1, end=part.end + 1),
        ]
    )
    same = text[found.start : found.end] == found.text
    return replace(part, text=f"{part.text}?") if same else found
