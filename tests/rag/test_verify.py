"""What an answer puts between quotation marks is a whole quotation of an article it cites."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from index.errors import CitationError
from index.types import Article, Mention, Quote, Span
from rag.compose import compose
from rag.rank import Cast, rank
from rag.retrieve import retrieve
from rag.types import Draft, Evidence, Question, Ranking
from rag.verify import verify

TEXT = (
    "“I did not say that we will attack,” Odell said. He added that the bridge “is ours.”\n\n"
    "“The river is high,” Falk said. “It has rained. It will rain again,” she added.\n\n"
    "Lund called it a “so-called ‘victory’ of the weak” and left. Nobody said we are done.\n\n"
    "“This is the first part of it.\n\n“And this the second,” Odell said."
)
ARTICLE = Article("a", TEXT)


class OneArticle:
    """The part of a catalog that a draft is compared with."""

    person_of: dict[str, str] = {}  # noqa: RUF012 - never changed

    def article(self, article_id: str) -> Article:
        return ARTICLE


def draft(text: str, content: str = "“The river is high,”", speaker: str = "Falk") -> Draft:
    start = TEXT.index(content)
    span = Span(start, start + len(content))
    at = TEXT.index(speaker)
    quote = Quote(
        "q", "a", (span,), span, "direct", speaker=Mention(Span(at, at + len(speaker)), speaker)
    )
    evidence = Evidence(ARTICLE, span, span, quote)
    return Draft(text, Ranking((evidence,)), Question("what?", "said"))


@pytest.mark.parametrize(
    "said",
    [
        "Falk said: “The river is high,” [1].",
        "Falk said “The river is high” [1].",
        'Falk said "The river is high." [1]',
        "Odell: “I did not say that we will attack” [1].",
        "The bridge “is ours” [1].",
        "It was a “so-called ‘victory’ of the weak” [1].",
        "Falk spoke of the river [1].",
        "Odell said: “This is the first part of it. [1] And: “And this the second,” [1].",
    ],
)
def test_a_whole_quotation_is_let_through(said):
    assert verify(draft(said), OneArticle()).text == said


@pytest.mark.parametrize(
    "said",
    [
        "Odell said “we will attack” [1].",  # what he did not say
        "Odell said “I did say that we will attack” [1].",
        "Falk said “The river is ours” [1].",  # of two
        "Falk said “It will rain again” [1].",  # a sentence of a quotation
        "Falk said “The river is high … It has rained” [1].",
        "Odell said “the bridge” [1].",  # reported, not quoted
        "Somebody said “we are done” [1].",
        'Falk said "the river is high" [1].',  # another letter
        "Falk said “The river was high” [1].",
        "Falk said “The river is high, Falk said. It has rained” [1].",
    ],
)
def test_a_part_a_splice_or_an_alteration_is_not(said):
    with pytest.raises(CitationError, match="no whole quotation"):
        verify(draft(said), OneArticle())


def test_words_that_are_only_reported_are_never_quoted():
    told = draft("Odell said “that the bridge” [1].", "that the bridge", "Odell")
    with pytest.raises(CitationError):
        verify(told, OneArticle())


def test_no_part_of_any_golden_answer_passes_for_a_quotation(golden):
    """Of every quotation in the answers to the golden questions, cut and spliced at random."""
    from tests.rag.test_golden_questions import ROWS

    chance = random.Random(2)
    reader = golden.reader
    tried = shown = 0
    for row in ROWS:
        found = golden.answer(row["question"], history=row.get("history"))  # raises if refused
        quotes = [c.quote.strip("“”") for c in found.citations if c.kind == "direct"]
        question = found.interpretation
        if not quotes or question is None:
            continue
        candidates = retrieve(question, reader.generation, reader.embedder)
        made = compose(
            question, rank(question, candidates, Cast(reader.generation.catalog.person_of))
        )
        for _ in range(200):
            one, other = chance.choice(quotes).split(), chance.choice(quotes).split()
            low, high = sorted(chance.sample(range(len(one) + 1), 2))
            words = " ".join(one[low:high])
            if chance.random() < 0.5:
                words = f"{words} {' '.join(other[-2:])}"
            if any(f"“{words.strip(' .,;:!?')}" in c.article.text for c in found.citations):
                continue  # the beginning may be all of it
            tried += 1
            try:
                text = f"{made.text} It was said: “{words}” [1]."
                verify(replace(made, text=text), reader.generation.catalog)
                shown += 1
            except CitationError:
                pass
    assert tried > 500
    assert shown == 0
