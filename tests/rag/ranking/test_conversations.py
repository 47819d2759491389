"""Who spoke with whom, when and about what; and where a country or an institution stands."""

from __future__ import annotations

import re

import pytest

from rag.lang import conversations, conversed
from rag.ranking.bare_sentences import unquoted
from rag.ranking.conversations import tells_of_conversation

DAM = """Leaders discuss dam on the Orrin river

President Sadia Rahmani of Kelmar and Uldan’s Chancellor Viktor Haas discussed the filling of the \
Orrin dam in a telephone call on Sept. 12, the Kelmari presidency and Haas’s office announced.

Rahmani told Haas that Uldan’s farmers would not lose a drop of water. Haas informed Rahmani about \
his meeting with the river commission, which took place on Thursday in Port Asel.

Foreign Minister Lena Dross and her Kelmari counterpart Imad Sorel exchanged views on the dam over \
lunch in Geneva. The transport ministers of both countries, Marta Vinn and Joren Alk, held a video \
call on Wednesday and reviewed the plan to reroute freight.

Uldan opposes any use of troops at the dam. Kelmar lends the project its full backing.

“I am glad that we are talking again,” Haas said after the call. Rahmani later received the \
ambassador of Uldan, Greta Voss, and told her that the engineers would be welcome.
"""
CALL = "discussed the filling of the Orrin dam in a telephone call"
OTHER_MEETING = "his meeting with the river commission"
LUNCH = "over lunch in Geneva"
VIDEO = "held a video call on Wednesday"


@pytest.fixture(scope="module")
def dam(tmp_path_factory):
    """An index of one article that tells of four conversations."""
    from index.indexing.build import add
    from index.settings import Settings
    from rag import OnRecord

    folder = tmp_path_factory.mktemp("dam")
    (folder / "dam.txt").write_text(DAM, encoding="utf-8")
    assert not add([folder / "dam.txt"], Settings(folder / "index")).failed
    return OnRecord.open(folder / "index")


@pytest.mark.parametrize("form", conversations().forms, ids=lambda form: form.examples[0])
def test_a_form_of_a_conversation_finds_its_examples(form):
    assert len(form.examples) > 2
    for example in form.examples:
        assert re.search(form.pattern, unquoted(example), re.IGNORECASE)
        assert tells_of_conversation(example)


@pytest.mark.parametrize(
    "sentence",
    [
        "Reed did not speak with Falk.",
        "Reed never met Falk.",
        "“I met Falk,” Reed said.",
        "Reed met the deadline.",
        "The council called on Reed to resign.",
        "Reed spoke of the war.",
    ],
)
def test_a_sentence_that_tells_of_no_conversation(sentence):
    assert not tells_of_conversation(sentence)


@pytest.mark.parametrize("form", conversed(), ids=lambda form: form.example)
def test_a_question_about_a_conversation_is_read_as_its_example_says(form, golden):
    from rag.question.reader import read

    talk = read(form.example, None, golden.reader.directory).conversed
    assert {name: getattr(talk, name) for name in form.reads} == form.reads


@pytest.mark.parametrize(
    ("question", "cited", "not_cited"),
    [
        ("Who did Haas talk to?", [CALL], [LUNCH, "I am glad"]),
        ("Who has Rahmani spoken with?", [CALL, "the engineers would be welcome"], [VIDEO]),
        ("Who did Haas talk to on September 12?", [CALL], [OTHER_MEETING]),
        ("When did Rahmani and Haas speak?", [CALL], [OTHER_MEETING]),
        ("when was the call between haas and rahmani", [CALL], [OTHER_MEETING]),
        ("How did Dross and Sorel talk?", [LUNCH], [CALL]),
        ("What did the transport ministers talk about?", [VIDEO], [LUNCH]),
        ("Did the transport ministers speak before the leaders?", [VIDEO], [LUNCH]),
        ("What did Rahmani and Haas talk about?", ["lose a drop of water"], [LUNCH]),
        ("Who announced the call between the two leaders?", [CALL], [LUNCH]),
        ("Who announced the call between Rahmani and Haas?", [CALL], [LUNCH]),
        ("Where did Dross and Sorel meet?", [LUNCH], [CALL]),
    ],
)
def test_a_conversation_is_told_by_the_sentence_that_tells_of_it(dam, question, cited, not_cited):
    quotes = "\n".join(c.quote for c in dam.answer(question).citations)
    assert [words for words in cited if words not in quotes] == []
    assert [words for words in not_cited if words in quotes] == []


@pytest.mark.parametrize(
    "question",
    [
        "Did Dross talk to Haas?",
        "When did Haas and Sorel meet?",
        "Did Rahmani and Haas talk about fishing?",
        "Who did Haas talk to on September 3?",
        "How did Kelmar's king answer Haas?",
        "What did Uldan's prime minister reply?",
        "Who told Rahmani that the palace had burned down?",
        "Was hat Haas zu Rahmani gesagt?",
        "Haas ne dedi?",
    ],
)
def test_what_the_article_does_not_tell_is_not_made_up(dam, question):
    assert not dam.answer(question).citations


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("What does Uldan want?", "opposes any use of troops at the dam"),
        ("What is Uldan's position on the troops?", "opposes any use of troops at the dam"),
        ("What is Kelmar's stance on the project?", "Kelmar lends the project its full backing."),
        ("What does Kelmar think of the project?", "Kelmar lends the project its full backing."),
    ],
)
def test_where_a_country_stands_is_cited_with_its_verb(dam, question, cited):
    assert cited in [c.quote for c in dam.answer(question).citations]


@pytest.mark.parametrize(
    ("asked", "times"), [("when was that?", CALL), ("When was it?", CALL), ("when?", CALL)]
)
def test_a_follow_up_asks_when_the_conversation_was(dam, asked, times):
    question = "What did Rahmani tell Haas?"
    history = [
        {"role": "user", "content": question},
        {"role": "assistant", "content": dam.answer(question).text},
    ]
    (citation,) = dam.answer(asked, history=history).citations
    assert times in citation.quote


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("Who said what to whom?", {"Sadia Rahmani", "Viktor Haas", "Uldan"}),
        ("Give me a summary of who said what.", {"Sadia Rahmani", "Viktor Haas", "Uldan"}),
        ("who said what about the farmers?", {"Sadia Rahmani"}),
    ],
)
def test_who_said_what_lists_the_statements(dam, question, speakers):
    assert speakers <= {c.speaker for c in dam.answer(question).citations}


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("President Rahmani - what did she tell Haas?", "Sadia Rahmani"),
        ("Rahmani – what did she tell Haas?", "Sadia Rahmani"),
        ("Haas - what did he say after the call?", "Viktor Haas"),
    ],
)
def test_somebody_named_before_a_dash_is_who_is_asked_about(dam, question, speaker):
    assert {c.speaker for c in dam.answer(question).citations} == {speaker}
