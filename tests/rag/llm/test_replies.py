"""Replies of every shape: repaired or left alone, never shown as they came, never a traceback."""

from __future__ import annotations

import json
import random
import re

import pytest

from rag.llm.guest import BY_MODEL
from rag.llm.replies import json_object, numbers, sentences_of

SEED = 20261125
MUTANTS = 200
ASKED = ("what did Erdoğan tell Putin?", "main thrust of Putin's briefing")

SOUND = [
    "Erdoğan told Putin that the administration should come to the negotiation table [1].",
    '{"order": [2, 1]}',
    '{"kind": "said", "speaker": "Putin", "addressee": "", "topic": "briefing"}',
]

ODD = [
    "",
    " ",
    "null",
    "[]",
    "{}",
    '{"order": "2, 1"}',
    '{"order": [[1], {"a": 2}, true, "2", -1, 10e9]}',
    '{"order": {"1": 2}}',
    '{"kind": ["said"], "speaker": {"a": 1}}',
    '{"kind": "said", "speaker": "Joe Biden"}',
    '{"kind": "said", "speaker": "Putin", "addressee": "Putin"}',
    '{"kind": "DROP TABLE articles"}',
    "{" * 5000,
    "[" * 5000 + '{"a":' * 5000,
    '```json\n{"order": [1]}\n```',
    "I cannot help with that.",
    "As a language model, I have no opinion [1].",
    "<html><body><script>alert(1)</script> Erdoğan said so [1].</body></html>",
    "<img src=https://evil.example/x.png> Erdoğan said that the table is common sense [1].",
    "Erdoğan said “we will attack at dawn” [1].",
    "Putin told Erdoğan that the Armenian administration should come to the table [1].",
    "Erdoğan said that the administration should come to the table [9999999999999].",
    "Erdoğan said \x00\x1b[31m that the administration should come to the table [1].",
    "\ud83d Erdoğan said that the administration should come to the table [1].",
    "Erdoğan said that the administration should come. " * 3000,
    "No full stop and no key " * 4000,
    "[1] [2] [1] [2]. [1].",
    "1. 2. 3. 4. 5.",
]


def mutated(rng):
    """A sound or odd reply, cut, doubled, shuffled or strewn with signs."""
    text = rng.choice(SOUND + ODD)
    for _ in range(rng.randint(0, 3)):
        at, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        text = rng.choice(
            [
                text[:at],
                text[end:],
                text[:at] + text[end:],
                text[:at] + rng.choice("{}[]\"“”‘'`<>\\\u202e\u200b\n[1]") + text[at:],
                text + rng.choice(SOUND),
                rng.choice(ODD)[:2000] + text,
                text.replace("[1]", rng.choice(["[7]", "[0]", "[]", "(1)", "[1", "[1,2]"])),
                text.replace("Erdoğan", rng.choice(["Putin", "Aliyev", "Biden", "erdogan"])),
            ]
        )
    return text[:60_000]


def frames(talk, kind, text):
    """The same reply by a sound or a broken stream."""
    if kind == "sound":
        talk.says(text, pieces=5)
        return
    talk.begins()
    if kind == "tool call":
        call = {"name": "quote", "arguments": text[:500]}
        talk.delta({"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": call}]})
    elif kind == "refusal":
        talk.delta({"refusal": text[:500]})
    elif kind == "null":
        talk.delta({"content": None})
        talk.delta({})
    elif kind == "list":
        talk.delta({"content": [{"type": "text", "text": text[:500]}]})
    elif kind == "number":
        talk.delta({"content": 7})
    elif kind == "cut":
        talk.raw(b'data: {"choices": [{"del')
    elif kind == "no JSON":
        talk.raw(b"data: <html>no</html>\n\n")
    elif kind == "bytes":
        talk.raw(b"data: \xff\xfe\x00\n\n")
    elif kind == "no choices":
        talk.raw(b'data: {"id": "x", "choices": []}\n\ndata: [1]\n\ndata: "x"\n\n')
    talk.ends()


KINDS = ["sound"] * 14 + [
    *("tool call", "refusal", "null", "list", "number"),
    *("cut", "no JSON", "bytes", "no choices"),
]


def harm(found, plain):
    """What in an answer a guest must never bring about."""
    prose = found.llm.prose
    if found.citations[: len(plain.citations)] and plain.citations:
        numbered = {
            (c.article.id, c.start, c.end, c.speaker, c.addressees) for c in found.citations
        }
        if numbered != {
            (c.article.id, c.start, c.end, c.speaker, c.addressees) for c in plain.citations
        }:
            yield "another record"
        record = found.text.removeprefix(f"{BY_MODEL}{prose}\n\nOn record: ")
        if len(found.citations) == 1 and record != plain.text:
            yield "another text"
    if re.search(r"[“”\"„«»‘`<>*_#|{}\\]|https?:|www\.|\w{2}\.\w{2}", prose):
        yield "signs"
    if any(not c.isprintable() for c in prose):
        yield "hidden characters"
    if {int(n) for n in re.findall(r"\[(\d+)\]", prose)} - {c.number for c in found.citations}:
        yield "keys"
    if re.search(r"Biden|Putin told|Putin said|Aliyev (?:told|said)", prose) and "Putin" not in {
        (c.speaker or "").split()[-1] for c in found.citations if c.speaker
    }:
        yield "wrong name"


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_two_hundred_malformed_replies_do_no_harm(bot, provider, hosting):
    rng = random.Random(SEED)
    plain = {question: bot.answer(question) for question in ASKED}
    hosted = hosting(bot, uses=("reading", "choosing", "prose"), deadline=20)
    shown = 0
    for number in range(MUTANTS):
        text, kind, question = mutated(rng), rng.choice(KINDS), rng.choice(ASKED)
        provider.script = lambda talk, k=kind, t=text: frames(talk, k, t)
        hosted._guest.line._breaker.note(failed=False)
        found = hosted.answer(question)
        shown += bool(found.llm.prose)
        wrong = list(harm(found, plain[question]))
        assert not wrong, (number, kind, text[:300], found.llm)
        assert str(found.llm)
    assert shown  # the sound ones among them were


def test_an_endless_reply_is_not_listened_to(bot, provider, hosting):
    def endless(talk):
        talk.begins()
        for _ in range(4_000):  # 40 MB, if anybody hears it
            talk.delta({"content": "All of this is true of them " * 400})
        talk.ends()

    provider.script = endless
    found = hosting(bot).answer(ASKED[0])
    assert provider.hung_up.wait(20)
    assert found.text == bot.answer(ASKED[0]).text


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ('{"order": [2, 1]}', [2, 1]),
        ('Sure! ```json\n{"order": ["2", 1, 2]}\n``` done', [2, 1]),
        ("2, 1", [2, 1]),
        ("[3] then [1]", [3, 1]),
        ('{"order": []}', []),
        ("", []),
    ],
)
def test_an_order_is_read_in_any_dress(reply, found):
    assert numbers(reply) == found


def test_the_first_object_of_a_reply_is_read():
    assert json_object('So: {not json} {"a": {"b": 1}} {"c": 2}') == {"a": {"b": 1}}
    assert json_object("none") == {}


def test_sentences_come_as_soon_as_they_are_whole():
    text = "Mr. Orlov said so on Nov. 7 [1]. Deniz Kaya agreed. [2] [3] She left [1]!\nBye [2]"
    whole = [
        "Mr. Orlov said so on Nov. 7 [1].",
        "Deniz Kaya agreed [2] [3].",
        "She left [1]!",
        "Bye [2]",
    ]
    for size in (1, 3, 10, 500):
        pieces = (text[at : at + size] for at in range(0, len(text), size))
        assert [s.strip() for s in sentences_of(pieces)] == whole
    coming = sentences_of(iter([text[:50], *[text[50:]]]))
    assert next(coming).strip() == whole[0]


def test_a_reply_is_read_as_json_of_ours_or_not_at_all():
    assert json.dumps(json_object('{"a": NaN}')) in ("{}", '{"a": NaN}')
