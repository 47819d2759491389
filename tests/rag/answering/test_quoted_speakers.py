"""Quotation marks, brackets and figures in names, sources, outlets and dates do no harm."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from index.settings import Settings
from rag.types import Answer, Slice

ROWS = [  # a sentence, and the words in it to ask for
    ('An "informed source in the capital" said that the talks would start on Monday.', "the talks would start on Monday"),
    ('"Both sides decided not to waste time," news agency Interfax quoted an "informed source in the capital" as saying.', "both sides decided not to waste time"),
    ('The "friendly and easy" first meeting indicated that the leaders wanted a deal soon.', "the leaders wanted a deal soon"),
    ('An "informal trawl" of records found that 11 people had been prosecuted.', "11 people had been prosecuted"),
    ('A spokesman for the "Save Our Port" group said that the port would be closed.', "the port would be closed"),
    ('The so-called "Gang of Four" told reporters that the vote was rigged.', "the vote was rigged"),
    ('Dwayne "The Rock" Johnson said that the film would open in May.', "the film would open in May"),
    ('"Weird Al" Yankovic said that the tour would open in May.', "the tour would open in May"),
    ('Earvin "Magic" Johnson told Larry "Legend" Bird that the game was over.', "the game was over"),
    ('The 6\'5" forward John Hall said that his knee had healed.', "his knee had healed"),
    ('John Hall, the 6\'5" forward, said that his knee had healed well.', "his knee had healed well"),
    ('The mayor told the "night workers" that wages would rise in June.', "wages would rise in June"),
    ('According to the "Blue Book" report, the minister said that wages would fall in June.', "wages would fall in June"),
    ('The ad, titled "Unifier?", concludes that the man is too dangerous to be president.', "the man is too dangerous to be president"),
    ('Some 3 percent of self-described "liberals" said they would vote for the Greens.', "they would vote for the Greens"),
    ('The author of "War at Sea" said that the book was banned.', "the book was banned"),
    ("A man known only as “the Fox” said that he had seen the fire.", "he had seen the fire"),
    ("The „Grauer Wolf“ group said that it had planted the tree.", "it had planted the tree"),
    ("The « Vigie » newspaper said that the ship had sunk.", "the ship had sunk"),
    ("A “senior official said that the bank would fail.", "the bank would fail"),
    ("A senior official” said that the dam would fail.", "the dam would fail"),
    ('The "old" and the "new" parties agreed that the tax should go.', "the tax should go"),
    ('Officials from the "coalition of the willing" said that the bridge was safe.', "the bridge was safe"),
    ("More than a few” in the crowd said that the show was poor.", "the show was poor"),
    ('The club, nicknamed the "Blades", said that its ground would be sold.', "its ground would be sold"),
    ('Most "Berners" say that the system is rigged against them.', "the system is rigged against them"),
    ('The "Today" programme reported that the prince would resign.', "the prince would resign"),
    ('The head of "Project X" warned that the code was broken.', "the code was broken"),
    ('A 17" screen maker said that prices would fall by half.', "prices would fall by half"),
]  # fmt: skip

ARTICLES = [
    {"id": "d1", "title": "D1", "date": "2020-01-01", "text": 'The governor, Lena Ortiz, said: "The road will be closed."'},
    {"id": "d2", "title": "D2", "date": '2020-"x"', "text": 'The governor, Lena Ortiz, said: "The school will be closed."'},
    {"id": "o1", "title": "O1", "outlet": 'the "Daily Bugle', "text": "Nothing much was said about the lighthouse keeper and his brass telescope."},
    {"id": "o2", "title": "O2", "outlet": "daily “Echo [1]", "date": "2021", "text": 'Lena Marsh said: "The lake is full."'},
    {"id": "o3", "title": "O3", "outlet": "x", "date": "2022", "text": 'Lena Marsh said: "The lake is empty."'},
]  # fmt: skip

FORMS = (
    "Who said that {}?",
    'Who said "{}"?',
    "When was it said that {}?",
    "Where was it said that {}?",
    "According to whom {}?",
    "To whom was it said that {}?",
    "What was said about {}?",
    "{}",
)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory):
    """All rows, each in an article of its own, opened for questions."""
    from index.indexing.build import add
    from rag import OnRecord

    folder = tmp_path_factory.mktemp("marked")
    calm = "The weather was calm over the harbour that week."
    rows = [
        {"id": f"t{n}", "title": f"T{n}", "text": f"{s} {calm}"} for n, (s, _) in enumerate(ROWS)
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in (*rows, *ARTICLES)]
    (folder / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert not add([folder / "rows.jsonl"], Settings(folder / "index")).failed
    return OnRecord.open(folder / "index", llm="")


def slices(answer: Answer) -> Iterator[Slice]:
    return (part for line in answer.lines for part in line.parts if isinstance(part, Slice))


def check(answer: Answer, bot) -> None:
    """Each slice and each citation reads as its article, and nothing had to be left out."""
    article = bot.reader.generation.catalog.article
    assert answer.status != "partial"
    for part in slices(answer):
        assert article(part.article).text[part.start : part.end] == part.text
    for c in (*answer.citations, *answer.near_misses):
        assert article(c.article.id).text[c.start : c.end] == c.quote
        assert c.quote in c.sentence
    numbers = [n for line in answer.lines for n in line.numbers]
    assert sorted(numbers) == [c.number for c in answer.citations]


@pytest.mark.parametrize("row", range(len(ROWS)), ids=[words for _, words in ROWS])
def test_a_sentence_with_marks_in_it_is_answered_in_its_own_words(row, marked):
    sentence, words = ROWS[row]
    answers = [marked.answer(form.format(words)) for form in FORMS]
    answers.append(marked.answer(sentence))
    for answer in answers:
        check(answer, marked)
    found = [a for a in answers if any(c.article.id == f"t{row}" for c in a.citations)]
    assert found
    for answer in found:  # the sentence stands there as it is, what is put in brackets apart
        assert sentence in "".join(part.text for part in slices(answer))


@pytest.mark.parametrize(
    "question",
    [
        "What did Lena Ortiz say?",
        "What did Lena Marsh say?",
        "What did Lena Marsh say about the lake over time?",
        "What about the lighthouse keeper and his brass telescope?",
        "lighthouse keeper brass telescope",
    ],
)
def test_marks_in_an_outlet_or_a_date_stay_there(question, marked):
    check(marked.answer(question), marked)


def test_an_outlet_that_looks_like_a_number_is_no_number(marked):
    """Neither in the parts nor as a button of the page."""
    from page.turns import turn

    found = marked.answer("What did Lena Marsh say?")
    assert "daily “Echo [1]" in found.text
    assert len(found.citations) == 2
    assert sorted(n for line in found.lines for n in line.numbers) == [1, 2]
    assert turn(found, 1).count('class="ref"') == 1
