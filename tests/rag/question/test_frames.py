"""Every form that a question can have is read as its example says."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from rag.lang import asking, comparisons, frames
from rag.people import mentions
from rag.question.normalise import cut_comparison, without_politeness
from rag.question.reader import read


def test_a_language_is_found_by_the_name_of_its_files(monkeypatch):
    table, forms = ModuleType("rag.lang.xx"), ModuleType("rag.lang.xx_frames")
    sides = ModuleType("rag.lang.xx_comparisons")
    table.ASKING, forms.FRAMES, sides.COMPARISONS = object(), (), ()
    for module in (table, forms, sides):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    assert (asking("xx"), frames("xx"), comparisons("xx")) == (table.ASKING, (), ())
    with pytest.raises(KeyError, match=r"expected rag/lang/yy\.py"):
        asking("yy")
    with pytest.raises(KeyError, match=r"expected rag/lang/yy_frames\.py"):
        frames("yy")
    with pytest.raises(KeyError, match=r"expected rag/lang/yy_comparisons\.py"):
        comparisons("yy")


def directory(golden):
    return golden.reader.directory


@pytest.mark.parametrize("frame", frames(), ids=lambda frame: frame.example)
def test_a_form_is_read_as_its_example_says(frame, golden):
    question = read(frame.example, None, directory(golden))
    assert {name: getattr(question, name) for name in frame.reads} == frame.reads


@pytest.mark.parametrize("frame", frames(), ids=lambda frame: frame.example)
def test_no_form_is_hidden_by_one_before_it(frame, golden):
    """Each example is matched by its own form first, but for a name alone, which no question is."""
    from rag.question.normalise import question_first, without_politeness
    from rag.question.slots import SlotReader

    slots = SlotReader(directory(golden), follows=frame.kind == "alone").read(
        question_first(without_politeness(frame.example)), ""
    )
    assert slots.frame is frame


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("What did Mayor Rask tell the Polar Survey?", [("Mayor Rask", "name"), ("the Polar Survey", "name")]),
        ("what did leif garow say", [("leif garow", "name")]),
        ("What did Rosalind Thorne say?", [("Rosalind Thorne", "unknown")]),
        ("What did the prime minister of Volmark say?", [("the prime minister of Volmark", "described")]),
        ("What did the bread lady say about Odell?", [("the bread lady", "role"), ("Odell", "name")]),
        ("did anyone deny it", [("anyone", "anybody")]),
        ("What did the report say?", []),
    ],
)  # fmt: skip
def test_people_are_found_in_a_question(asked, found, golden):
    people = mentions(asked, directory(golden), follows=False)
    assert [(m.text, m.sort) for m in people] == found


@pytest.mark.parametrize(
    ("asked", "reads"),
    [
        ("and to Reyes?", {"speakers": ("Marek Odell",), "addressees": ("Ottoline Reyes",)}),
        ("and on the harvest?", {"speakers": ("Marek Odell",), "topic": "the harvest"}),
        ("and the other one?", {"speakers": ("Liesel Thorne",), "addressees": ("Marek Odell",)}),
        ("why?", {"speakers": ("Marek Odell",), "addressees": ("Liesel Thorne",)}),
        ("who reported that?", {"kind": "according_to", "speakers": ("Marek Odell",)}),
        ("anything else?", {"speakers": ("Marek Odell",), "exhaustive": True}),
        ("how did she respond?", {"speakers": ("Liesel Thorne",), "act": "answer"}),
    ],
)
def test_a_follow_up_changes_what_it_names_and_keeps_the_rest(asked, reads, golden):
    earlier = read("What did Odell tell Liesel Thorne about the gates?", None, directory(golden))
    question = read(asked, earlier, directory(golden))
    assert question.follow_up
    assert {name: getattr(question, name) for name in reads} == reads


@pytest.mark.parametrize(
    "asked", ["hi", "Thanks a lot!", "who are you?", "what can u do", "help", "asdf qwer"]
)
def test_small_talk_asks_for_help(asked, golden):
    assert read(asked, None, directory(golden)).kind == "help"


@pytest.mark.parametrize(
    "asked", ["who can help the farmers?", "Odell?", "what was that about the ferry", "Biden"]
)
def test_what_may_be_about_the_articles_does_not(asked, golden):
    assert read(asked, None, directory(golden)).kind != "help"


@pytest.mark.parametrize(
    ("asked", "unknown"),
    [("What did Biden say?", ("Biden",)), ("what did biden say", ("biden",)), ("what did fans say", ())],
)  # fmt: skip
def test_a_named_stranger_is_unknown_and_a_common_noun_is_nobody(asked, unknown, golden):
    assert read(asked, None, directory(golden)).unknown == unknown


def test_an_audience_is_no_hard_addressee(golden):
    question = read("What did Lund tell reporters about the gates?", None, directory(golden))
    assert (question.addressees, question.topic) == ((), "reporters about the gates")


def test_the_token_of_a_mention_may_be_typed(golden):
    question = read("⟦0⟧ what did Rask say about ⟦7⟧?", None, directory(golden))
    assert question.text == "⟦0⟧ what did Rask say about ⟦7⟧?"


@pytest.mark.parametrize("form", comparisons(), ids=lambda form: form.example)
def test_a_comparison_is_read_as_its_example_says(form):
    first, left = cut_comparison(form.example.strip(" ?!."))
    second, left = cut_comparison(without_politeness(left))
    assert (first | second, left) == ({form.sort}, form.rest)


@pytest.mark.parametrize(
    "asked",
    [
        "What did Odell tell Reyes about the two sides?",
        "What did Odell say about the concerts on Saturday and Sunday?",
        "How did Odell change the rules?",
        "What was said at the talks between both governments?",
        "Who said first that the gates were shut?",
        "What did the two sides agree?",
        "Does Odell stand by Reyes?",
        "What did Odell say before the vote?",
    ],
)
def test_what_only_looks_like_a_comparison_is_none(asked):
    assert cut_comparison(without_politeness(asked)) == (frozenset(), without_politeness(asked))
