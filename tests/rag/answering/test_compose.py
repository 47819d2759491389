"""A line of an answer: the article's sentence, and no more words of ours than it needs."""

from __future__ import annotations

import pytest

from index.types import Article, Mention, Quote, Span
from rag.answering.compose import compose
from rag.types import Evidence, Question, Ranking, Slice


def evidence(text, words, speaker, name, *, basis="explicit", to=(), sentence=None):
    """A statement of an article: its words, and who says them under which name.

    ``to`` are hearers as pairs of the article's words and a name; ``sentence`` is the one that
    carries the statement, by default the last.
    """

    def span(phrase):
        start = text.rindex(phrase)
        return Span(start, start + len(phrase))

    said = span(words)
    whole = span(sentence or text.rpartition("\n")[2])
    hearers = tuple(Mention(span(phrase), called, "inferred") for phrase, called in to)
    spoken = Mention(span(speaker), name, basis)
    quote = Quote("q", "a", (said,), whole, "indirect", speaker=spoken, addressees=hearers)
    return Evidence(Article("a", text), said, whole, quote)


def line(*items, kind="said"):
    return str(compose(Question("?", kind), Ranking(items)).lines[0])


@pytest.mark.parametrize(
    ("text", "speaker", "shown"),
    [
        ("He said it rains.", "He", "He [Ivo Reed] said it rains [1]."),
        ("The mayor said it rains.", "The mayor", "The mayor [Ivo Reed] said it rains [1]."),
        # The name stands there already.
        ("Reed left, and he said it rains.", "he", "Reed left, and he said it rains [1]."),
        ("Mr. Reed left as he said it rains.", "he", "Mr. Reed left as he said it rains [1]."),
        ("Reed, who said it rains, left.", "who", "Reed, who said it rains [1], left."),
        ("Those who said it rains left.", "who", "Those who said it rains [1] left."),
        # It stands behind, or is somebody else's.
        (
            "He said it rains, but Reed left.",
            "He",
            "He [Ivo Reed] said it rains [1], but Reed left.",
        ),
        (
            "Anna Reed left, and he said it rains.",
            "he",
            "Anna Reed left, and he [Ivo Reed] said it rains [1].",
        ),
        # It stands behind the one whom it names, and takes no contraction apart.
        ("He and Falk said it rains.", "He and Falk", "He [Ivo Reed] and Falk said it rains [1]."),
        ("Now he’s said it rains.", "he", "Now he’s [Ivo Reed] said it rains [1]."),
    ],
)
def test_a_name_is_put_where_the_sentence_does_not_tell_it(text, speaker, shown):
    assert line(evidence(text, "it rains", speaker, "Ivo Reed", basis="coreference")) == shown


def test_a_name_inside_the_cited_words_tells_nobody_who_speaks():
    item = evidence("He said Reed is tired.", "Reed is tired", "He", "Reed", basis="coreference")
    assert line(item) == "He [Reed] said Reed is tired [1]."


def test_a_name_is_put_but_once_and_moves_no_number():
    text = "He said it rains, he said it pours."
    first = evidence(text, "it rains", "He", "Ivo Reed", basis="coreference")
    second = evidence(text, "it pours", "he", "Ivo Reed", basis="coreference")
    assert line(first, second) == "He [Ivo Reed] said it rains [1], he said it pours [2]."


@pytest.mark.parametrize(
    ("text", "speaker", "name", "shown"),
    [
        # Who speaks stands in an earlier sentence.
        (
            "Ivo Reed sat.\n“It rains.”",
            "Ivo Reed",
            "Ivo Reed",
            "Ivo Reed (inferred): “It rains.” [1]",
        ),
        ("A clerk sat.\n“It rains.”", "A clerk", "clerk", "A clerk (inferred): “It rains.” [1]"),
        ("So did a clerk.\n“It rains.”", "a clerk", None, "A clerk (inferred): “It rains.” [1]"),
        (
            "One saw the Volmark Herald.\n“It rains.”",
            "the Volmark Herald",
            "Volmark Herald",
            "The Volmark Herald (inferred): “It rains.” [1]",
        ),
        # Its words are a pronoun, which would tell nobody.
        (
            "One was a clerk who sat.\n“It rains.”",
            "who",
            "one clerk",
            "One clerk (inferred): “It rains.” [1]",
        ),
        # The sentence has the name.
        ("“It rains.” Reed left.", "Reed", "Ivo Reed", "“It rains.” [1] Reed left."),
    ],
)
def test_whoever_the_sentence_does_not_name_stands_before_it(text, speaker, name, shown):
    assert line(evidence(text, "“It rains.”", speaker, name, basis="inferred")) == shown


def test_a_pronoun_is_no_hearer():
    text = "She saw them.\nReed said it rains."
    item = evidence(text, "it rains", "Reed", "Ivo Reed", to=[("them", "them")])
    assert line(item, kind="to_whom") == "Reed said it rains [1]."
    named = evidence(text, "it rains", "Reed", "Ivo Reed", to=[("them", "Anna Falk")])
    assert line(named, kind="to_whom") == "To Anna Falk (inferred): Reed said it rains [1]."


def test_a_quotation_that_goes_on_is_shown_whole():
    text = "“We sail. We sail at dawn,” Reed said, adding that it rains. Falk left."
    sentence = "We sail at dawn,” Reed said, adding that it rains."
    item = evidence(text, "it rains", "Reed", "Ivo Reed", sentence=sentence)
    assert line(item) == "“We sail. We sail at dawn,” Reed said, adding that it rains [1]."
    text = "Falk left. Reed said: “It rains. It pours.” Falk sat."
    item = evidence(text, "“It rains.", "Reed", "Ivo Reed", sentence="Reed said: “It rains.")
    assert line(item) == "Reed said: “It rains. [1] It pours.”"


def test_a_quotation_that_is_never_closed_takes_nothing_along():
    text = "“We sail. We sail at dawn, Reed said, adding that “it rains.”"
    sentence = "We sail at dawn, Reed said, adding that “it rains.”"
    item = evidence(text, "“it rains.”", "Reed", "Ivo Reed", sentence=sentence)
    assert line(item) == f"{sentence} [1]"


def test_a_bullet_is_not_shown():
    item = evidence("Reed sat.\n– “It rains.”", "“It rains.”", "Reed", "Reed", basis="inferred")
    assert line(item) == "Reed (inferred): “It rains.” [1]"


def test_cited_words_are_those_of_the_statement_alone():
    item = evidence("“We sail. It rains,” Reed said.", "It rains,”", "Reed", "Ivo Reed")
    (shown,) = compose(Question("?", "said"), Ranking((item,))).lines
    assert [p.text for p in shown.parts if isinstance(p, Slice) and p.quoted] == ["It rains,”"]
