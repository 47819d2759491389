"""What is known of each candidate with regard to a question, as numbers that the judge weighs.

Every feature is named, lies between -1 and 1 (most between 0 and 1) and is 0 where the
question does not ask for what it measures.  Nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.text.folding import fold
from index.types import Quote
from rag.lang import asking, negations, reporting_forms
from rag.people import content_stems, role_stems, speech_stems, stem, words
from rag.ranking.acts import acts_named, is_act
from rag.ranking.bare_sentences import speaks_in, spoken_to_in
from rag.ranking.participants import KnownPeople, concerns, has_name
from rag.ranking.statements import content, has_words
from rag.ranking.time_and_place import place_in, time_in
from rag.types import Evidence, Question

FEATURES = (
    # how well the candidate fits what the question is about
    "cosine",
    "cosine below the best",
    "idf overlap",
    "idf overlap below the best",
    "idf overlap of its own sentences",
    "share of the topic in its words",
    "share of the topic in its sentence",
    "share of its words in the topic",
    "late interaction",
    "late interaction below the best",
    "late interaction of the worst rare word",
    "late interaction with its sentence",
    "late interaction with its sentence below the best",
    "late interaction of the whole question",
    "late interaction of the whole question below the best",
    "late interaction with the speaker's introduction",
    "late interaction with the speaker's introduction below the best",
    "late interaction with what stands before",
    "late interaction with what stands before below the best",
    "names of the topic in its sentence",
    "figures of the topic in its sentence",
    "words in quotation marks found",
    "negated where the question is not, or the reverse",
    # who speaks to whom
    "by the asked speaker",
    "by the asked speaker, unsure",
    "by whoever the description is taken for",
    "passed on by the asked speaker",
    "by somebody of the asked body",
    "the asked speaker speaks in the bare sentence",
    "the asked speaker is named in the sentence",
    "by somebody without a name",
    "by one whom the question names elsewhere",
    "of the asked role",
    "the asked role is named in the sentence",
    "to the asked addressee, stated",
    "to the asked addressee, inferred",
    "the asked addressee is named in the sentence",
    "to nobody in particular",
    "not to the asked addressee",
    # what kind of statement it is
    "does what was asked",
    "names what was asked",
    "does something else",
    "against what is asked to have been said",
    "bare sentence",
    "bare sentence, words asked for",
    "bare sentence, no word of speech in the question",
    "bare sentence, speaker asked for",
    "bare sentence, plain fact asked for",
    "direct speech",
    "only named",
    "speaker inferred",
    "passed on by somebody",
    "passed on, and source asked for",
    "tells a time, and one is asked for",
    "tells a place, and one is asked for",
    "has a figure, and one is asked for",
    "tells no time, though one is asked for",
    "has no figure, though one is asked for",
    "has no reason, though one is asked for",
    "has an addressee, and one is asked for",
    "has a reason, and one is asked for",
    # where it stands
    "length",
    "far down the article",
)
"""The names of the columns, in their order."""

RELATIVE = tuple(
    name.removesuffix(" below the best") for name in FEATURES if name.endswith(" below the best")
)
"""Features that are also given as the distance to the best candidate of the question."""

_COLUMN = {name: at for at, name in enumerate(FEATURES)}

_FIGURE_ASKED = re.compile(
    r"\bhow\s+(?:many|much|long|often|old|far|big|large|high|few)\b|\bnumber\s+of\b|\bpercent\w*\b"
    r"|\bwhat\s+(?:share|sum|price|figure|percentage|age|amount)\b",
    re.IGNORECASE,
)
_TIME_ASKED = re.compile(r"\bwhen\b|\bwhat\s+(?:day|date|time|year|month)\b|\bhow\s+long\b", re.I)
_REASON_ASKED = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:why|how\s+come|what\s+reason|for\s+what)\b", re.I
)
_REASON = re.compile(
    r"\b(?:because|since|due\s+to|so\s+that|in\s+order|after|therefore|as)\b", re.I
)
_DIGIT = re.compile(r"\d")


class PreparedQuestion:
    """What a question asks for, made ready once for all of its candidates."""

    def __init__(self, question: Question, people: KnownPeople) -> None:
        self.question, self.people = question, people
        topic = " ".join(filter(None, (question.words, question.topic)))
        self.topical = bool(topic or question.context)
        self.stems = content_stems(topic or question.context or question.text) - speech_stems()
        self.capitals = {
            stem(fold(w)) for w in re.findall(r"(?<=\s)[A-Z][\w’'-]+", f" {topic}")
        } & self.stems
        self.figures = {w for w in words(topic) if _DIGIT.search(w)}
        self.figure = asks_for_figure(question)
        self.time = question.kind == "when" or bool(_TIME_ASKED.search(question.text))
        self.speech = asks_of_speech(question)
        self.role = role_stems(question.role) if question.role else frozenset()
        self.reason = bool(_REASON_ASKED.search(question.text))
        self.negated = is_negated(f"{question.topic} {question.words}")
        self.named = set(words(question.text))
        self.speakers = [name for s in question.speakers for name in people.names(s)]
        self.addressees = [name for a in question.addressees for name in people.names(a)]


def features(
    question: Question, candidates: Sequence[Evidence], people: KnownPeople
) -> NDArray[np.float64]:
    """Return one row for each candidate, one column for each of FEATURES: shape (n,
    len(FEATURES))."""
    asked = PreparedQuestion(question, people)
    rows = [_own_features(asked, candidate) for candidate in candidates]
    table = np.zeros((len(candidates), len(FEATURES)))
    for at, row in enumerate(rows):
        for name, value in row.items():
            table[at, _COLUMN[name]] = value
    for name in RELATIVE:
        column = table[:, _COLUMN[name]]
        if len(column):
            table[:, _COLUMN[f"{name} below the best"]] = column - column.max()
    return table


MATCHES = ("idf overlap of its own sentences", "idf overlap", "cosine")
"""Features by which any two candidates can be compared, whoever speaks in them."""


def best_match(candidates: Sequence[Evidence]) -> NDArray[np.float64]:
    """Return the best of MATCHES among all candidates, also those that a veto took: shape (3,)."""
    found = [(c.inside, c.overlap, c.similarity) for c in candidates]
    return np.array(found).max(axis=0) if found else np.zeros(len(MATCHES))


def _own_features(asked: PreparedQuestion, item: Evidence) -> dict[str, float]:
    """Return the features of one candidate that are not 0, without those relative to others."""
    row = _topic_features(asked, item) | _manner_features(asked, item)
    quote = item.quote
    row |= _speaker_features(asked, item, quote) if quote else _sentence_features(asked, item)
    if asked.role:
        around = role_stems(item.sentence.slice(item.article.text))
        row["the asked role is named in the sentence"] = _share(asked.role, around)
    if asked.question.addressees:
        row |= _addressee_features(asked, item)
    row["length"] = min(1.0, len(item.span) / 300)
    row["far down the article"] = item.span.start / max(1, len(item.article.text))
    return row


def _topic_features(asked: PreparedQuestion, item: Evidence) -> dict[str, float]:
    text = item.article.text
    if not asked.stems:
        return {"cosine": item.similarity if asked.topical else 0.0}
    own = content_stems(_statement_words(item))
    around = content_stems(item.sentence.slice(text)) | own
    row = {
        "cosine": item.similarity,
        "idf overlap": item.overlap,
        "idf overlap of its own sentences": item.inside,
        "share of the topic in its words": _share(asked.stems, own),
        "share of the topic in its sentence": _share(asked.stems, around),
        "share of its words in the topic": _share(own, asked.stems),
        "late interaction": item.late.words,
        "late interaction of the worst rare word": item.late.rarest,
        "late interaction with its sentence": item.late.sentence,
        "late interaction of the whole question": item.late.question,
        "late interaction with the speaker's introduction": item.late.introduced,
        "late interaction with what stands before": item.late.before,
        "names of the topic in its sentence": _share(asked.capitals, around),
    }
    if asked.figures:
        row["figures of the topic in its sentence"] = _share(
            asked.figures, set(words(item.sentence.slice(text)))
        )
    if asked.question.words:
        row["words in quotation marks found"] = has_words(asked.question, item)
    if item.quote:
        row["negated where the question is not, or the reverse"] = asked.negated != is_negated(
            _statement_words(item)
        )
    return row


def _statement_words(item: Evidence) -> str:
    return content(item) if item.quote else item.span.slice(item.article.text)


def _share(wanted: frozenset[str] | set[str], found: frozenset[str] | set[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 0.0


def _speaker_features(asked: PreparedQuestion, item: Evidence, quote: Quote) -> dict[str, float]:
    question, people, row = asked.question, asked.people, dict[str, float]()
    name = quote.speaker.name if quote.speaker else None
    named = quote.speaker is not None and has_name(quote.speaker)
    if question.speakers:
        by = people.speaks(item, question.speakers)
        sure = by and quote.attribution != "inferred"
        row["by the asked speaker"] = sure and not question.role
        row["by the asked speaker, unsure"] = by and not sure and not question.role
        row["by whoever the description is taken for"] = bool(by and question.role)
        row["passed on by the asked speaker"] = any(
            people.is_one_of(m, question.speakers) for m in quote.chain
        )
        row["by somebody of the asked body"] = not by and people.speaks_for(item, question.speakers)
        row["the asked speaker is named in the sentence"] = concerns(item, question.speakers)
    elif name:
        last = words(name)[-1:]
        row["by one whom the question names elsewhere"] = (
            named and last[0] in asked.named if last else False
        )
    row["by somebody without a name"] = not named
    row["of the asked role"] = people.fits(item, question.role) if question.role else 0.0
    row["speaker inferred"] = quote.attribution == "inferred"
    return row


def _sentence_features(asked: PreparedQuestion, item: Evidence) -> dict[str, float]:
    question, sentence = asked.question, item.span.slice(item.article.text)
    row = {
        "bare sentence": 1.0,
        "bare sentence, words asked for": question.kind == "said" and asked.speech,
        "bare sentence, no word of speech in the question": not asked.speech,
        "bare sentence, speaker asked for": question.kind in ("who_said", "according_to"),
        "bare sentence, plain fact asked for": question.kind == "fact",
    }
    if question.speakers:
        row["the asked speaker speaks in the bare sentence"] = speaks_in(sentence, asked.speakers)
        row["the asked speaker is named in the sentence"] = concerns(item, question.speakers)
    return row


def _addressee_features(asked: PreparedQuestion, item: Evidence) -> dict[str, float]:
    wanted, people, row = asked.question.addressees, asked.people, dict[str, float]()
    stated = people.is_addressed(item, wanted, stated=True)
    row["to the asked addressee, stated"] = stated
    row["to the asked addressee, inferred"] = not stated and people.is_addressed(item, wanted)
    named = spoken_to_in(item.sentence.slice(item.article.text), asked.addressees)
    row["the asked addressee is named in the sentence"] = named
    row["not to the asked addressee"] = not (named or people.is_addressed(item, wanted))
    row["to nobody in particular"] = item.quote is not None and not item.quote.addressees
    return row


def _manner_features(asked: PreparedQuestion, item: Evidence) -> dict[str, float]:
    question, quote, text = asked.question, item.quote, item.article.text
    row = dict[str, float]()
    if question.act:
        does = quote is not None and is_act(item, question.act)
        names = question.act in acts_named(item.sentence.slice(text))
        row["does what was asked"] = does
        row["names what was asked"] = names and not does
        row["does something else"] = quote is not None and not does and quote.act != "say"
    if quote:
        if question.kind == "who_said" and question.act != "deny":
            denied = is_negated(_statement_words(item)) != (quote.act == "deny")
            row["against what is asked to have been said"] = denied != asked.negated
        row["direct speech"] = quote.kind == "direct"
        row["only named"] = quote.tier == "nominal"
        row["passed on by somebody"] = bool(quote.chain)
        row["passed on, and source asked for"] = bool(quote.chain) and (
            question.kind == "according_to"
        )
        row["has an addressee, and one is asked for"] = question.kind == "to_whom" and bool(
            quote.addressees
        )
    if asked.time:
        told = (quote is not None and quote.time) or time_in(text, item.sentence)
        row["tells a time, and one is asked for"] = bool(told)
        row["tells no time, though one is asked for"] = not told
    if question.kind == "where":
        told = (quote is not None and quote.place) or place_in(text, item.sentence)
        row["tells a place, and one is asked for"] = bool(told)
    if asked.figure:
        own = item.span.slice(text)
        numbers = asking().numbers
        figure = bool(_DIGIT.search(own)) or any(w in numbers for w in words(own))
        row["has a figure, and one is asked for"] = figure
        row["has no figure, though one is asked for"] = not figure
    if asked.reason:
        reason = bool(_REASON.search(item.span.slice(text)))
        row["has a reason, and one is asked for"] = reason
        row["has no reason, though one is asked for"] = not reason
    return row


def asks_of_speech(question: Question) -> bool:
    """Return whether a question has a word of speech or thought in it ("say", "view", "deny")."""
    if question.act or question.addressees:
        return True
    spoken, reported = asking().speech_words, reporting_forms()
    return any(w in spoken or w in reported for w in words(question.text))


def asks_for_figure(question: Question) -> bool:
    """Return whether a question asks how many or how much."""
    return bool(_FIGURE_ASKED.search(question.text))


def is_negated(text: str) -> bool:
    """Return whether an odd number of negations stands in a text."""
    return bool(negations(text) % 2)
