"""How people ask questions in one language, found by its ISO 639-1 code; by default the one
that articles are read in.

A second language, say German, is five modules here: ``de.py`` with ``ASKING``, an Asking;
``de_frames.py`` with ``FRAMES``, a tuple of Frame; ``de_comparisons.py`` with ``COMPARISONS``, a
tuple of Comparison; ``de_conversations.py`` with ``CONVERSATIONS``, a Conversations,
and ``CONVERSED``, a tuple of Frame; ``de_polarity.py`` with ``POLARITY``, a Polarity; and
``de_prose.py`` with ``WORDING``, a Wording.  The functions that give these tables raise KeyError
for a missing module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

from index.lang import READ, language
from rag.types import QuestionKind


@dataclass(frozen=True, slots=True)
class Frame:
    """A form that questions have: its pattern, and an example with what is read from it.

    ``kind`` is the kind of question, or "keywords" (a name and words without a verb) or
    "alone" (nothing but a name).  ``closed``, ``over_time``, ``several``, ``exhaustive`` and
    ``mutual`` are copied into the Question and mean what they mean there (``rag/types.py``).
    ``heard`` is a form that asks what somebody was told: what that one said about it is the second
    reading, which is tried where nobody is found who told it.
    """

    kind: QuestionKind | Literal["keywords", "alone"]
    pattern: str
    example: str
    reads: Mapping[str, object]
    closed: bool = False
    over_time: bool = False
    several: bool = False
    exhaustive: bool = False
    mutual: bool = False
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A form in which a question asks for statements side by side, with an example.

    ``sort`` is "times" for what one says at different times, "sides" for what several say.
    ``left`` replaces what the pattern matches (as in `re.sub`), and ``rest`` is what then is left
    of the example.
    """

    sort: Literal["times", "sides"]
    pattern: str
    left: str
    example: str
    rest: str


@dataclass(frozen=True, slots=True)
class ConversationForm:
    """A form in which a sentence tells that people spoke with each other, with sentences that
    have it."""

    pattern: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversations:
    """How the sentences of a language tell of conversations; all but the forms are patterns.

    forms     in which a sentence tells that people spoke with each other
    partners  what stands behind such a form where it names those who were spoken with
    negated   what a sentence has that tells that people did not speak with each other
    occasion  what of a topic says only when people spoke
    """

    forms: tuple[ConversationForm, ...]
    partners: str
    negated: str
    occasion: str


@dataclass(frozen=True, slots=True)
class Polarity:
    """The words by which a claim is told from its reverse.

    opposites        words of one meaning, and words of which each denies it ("open", "shut")
    irregular        forms of these that no rule of stems gives ("rose"), and the word
    prefixes         beginnings that make a word its opposite ("unsafe")
    denying_verbs    verbs that deny the clause that follows them
    denying_words    words that deny, beside the negations of ``index/lang``
    denying_phrases  a pattern for verbs that deny with a particle ("rule out")
    denying_nothing  a pattern for phrases with the word of a negation that deny nothing
    limits           words that leave open what is denied ("not all", "not before March")
    durations        patterns for lengths of time, and the word by which each is meant as well
    quantities       of these, words of how many and how long, which leave it open only beside a
                     negation
    contrast         a pattern for the beginning of a clause that names what is not so (", not Y")
    empty            words that neither assert nor deny ("still angry", "not angry any more")
    prepositions     words behind which a topic is only named, and not claimed
    finite           forms of auxiliaries that only a claim has, beside those of ``Asking``
    possible, able, certain  patterns for words by which something may be so, can be, or will be
    hedging          a pattern for further words by which something is not certain
    exclusive        sets of words of which mostly one alone is true of a thing ("June", "July")
    """

    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]
    irregular: Mapping[str, str]
    prefixes: tuple[str, ...]
    denying_verbs: frozenset[str]
    denying_words: frozenset[str]
    denying_phrases: str
    denying_nothing: str
    limits: frozenset[str]
    durations: tuple[tuple[str, str], ...]
    quantities: frozenset[str]
    contrast: str
    empty: frozenset[str]
    prepositions: frozenset[str]
    finite: frozenset[str]
    possible: str
    hedging: str
    able: str
    certain: str
    exclusive: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words by which the sentences of a language model, and of an answer, are checked.

    linking           connect statements and claim nothing of their own
    numbers           numbers written as words: a claim like any figure
    negative_words    deny something, beside the negations of ``index/lang``
    subject_pronouns  people as the subject of a verb ("she")
    source_nouns      what a sentence may name as its source where nobody is known to speak
    noun_markers      before one of these a form such as "calls" is a noun, and no verb of its own
    sharing_verbs     verbs whose object may have said these words before the subject
    request_words     begin a request with a capital and are nobody's name
    """

    linking: frozenset[str]
    numbers: frozenset[str]
    negative_words: frozenset[str]
    subject_pronouns: frozenset[str]
    source_nouns: frozenset[str]
    noun_markers: frozenset[str]
    sharing_verbs: frozenset[str]
    request_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asking:
    """How people ask in one language.  Patterns are regular expressions, used with
    re.IGNORECASE | re.VERBOSE on the question as typed; words are folded.

    stop_words       carry no topic
    function_words   further words without a meaning of their own, which no lexicon lists
    speech_words     tell of speaking, not of what was spoken about
    asker_words      begin a question, the likeliest first
    anybody          stand for a person whom the question does not know ("anyone")
    pronouns         and how many people each stands for
    wrapping         politeness and padding around a question
    spellings        short and careless spellings of what questions are made of
    auxiliaries      verbs that stand before the person who is asked about ("did Reed say")
    acting_auxiliaries  auxiliaries whose subject speaks ("did Reed say")
    passive_auxiliaries  auxiliaries whose subject was spoken to ("was Reed told")
    adverbs          words between somebody and the verb that say nothing of the topic
    light_verbs      forms of verbs that only carry a noun ("give a reason")
    wishing_verbs    verbs of wanting, of which any statement may tell ("want from")
    position_verbs   verbs that tell what a country or an institution stands for
    position_nouns   nouns that do so behind a verb that only carries them
    phrasal          verbs of speech with a particle, by lemma, and what they do ("" for none)
    person_nouns     what somebody is called of whom no more is known ("lady", "boss")
    views            nouns for what somebody thinks or says
    points           nouns that tell as well what kind of thing it is
    press_nouns      words in the names of those to whom people speak for all to read
    all_asked        words of a question that asks for all there is
    confirming       how a question begins that states what is to be confirmed
    who_says_so      how a question asks besides who passed the words on
    cut_short        what stands before what a follow-up without a verb names
    help_words       words of greetings, thanks, and questions about the program itself
    thanking         of these, words of thanks
    help_fillers     words that may stand among these
    addressing       words for the one who is asked
    question_words   with which a question begins, as alternatives of a pattern
    second_question  what parts a second question from the first
    leading_words    with which a phrase begins that leads up to a question
    source_before, source_behind  whom a question names as its source, and where it does
    occasions        phrases that say only on which occasion, and no topic
    exclusions       what stands before somebody who is not meant
    changes          words that ask for statements set side by side
    months           name and number
    numbers          words for numbers
    kin              each word for a country, its people or its seat, and the country
    heads            offices of whoever leads a country, the highest first
    head_words       words for whoever leads a country, whatever the office is called
    same_role        each word for a role, and the words it stands for
    any_role         words for anybody who holds some office
    relatives        words for who somebody is to somebody else
    past, irregular  forms of reporting verbs that no rule gives
    answering_verbs  verbs that ask for somebody's words though they report none
    """

    stop_words: frozenset[str]
    function_words: frozenset[str]
    speech_words: frozenset[str]
    asker_words: tuple[str, ...]
    anybody: frozenset[str]
    pronouns: Mapping[str, str]
    wrapping: tuple[str, ...]
    spellings: Mapping[str, str]
    auxiliaries: frozenset[str]
    acting_auxiliaries: frozenset[str]
    passive_auxiliaries: frozenset[str]
    adverbs: str
    light_verbs: str
    wishing_verbs: Set[str]
    position_verbs: frozenset[str]
    position_nouns: frozenset[str]
    phrasal: Mapping[str, str]
    person_nouns: frozenset[str]
    views: frozenset[str]
    points: frozenset[str]
    press_nouns: frozenset[str]
    all_asked: str
    confirming: str
    who_says_so: str
    cut_short: str
    help_words: frozenset[str]
    thanking: frozenset[str]
    help_fillers: frozenset[str]
    addressing: frozenset[str]
    question_words: str
    second_question: str
    leading_words: str
    source_before: str
    source_behind: str
    occasions: str
    exclusions: str
    changes: str
    months: Mapping[str, int]
    numbers: frozenset[str]
    kin: Mapping[str, str]
    heads: tuple[str, ...]
    head_words: frozenset[str]
    same_role: Mapping[str, str]
    any_role: frozenset[str]
    relatives: frozenset[str]
    past: Mapping[str, str]
    irregular: Mapping[str, str]
    answering_verbs: frozenset[str]


@cache
def asking(code: str = READ) -> Asking:
    """Return how people ask in a language."""
    table: Asking = _table(code, "ASKING")
    return table


def regular_forms(verb: str) -> tuple[str, ...]:
    """Return every form that an English verb may have if it is regular, itself first.

    Some of them are no words ("sayed"): the forms serve to recognise a verb, not to write it.
    """
    soft, doubled = verb.removesuffix("e"), verb + verb[-1]
    forms = [verb, f"{verb}s", f"{verb}es", f"{soft}ed", f"{soft}ing", f"{verb}d"]
    if verb.endswith("y"):
        forms += [f"{verb[:-1]}ied", f"{verb[:-1]}ies"]
    return (*forms, f"{doubled}ed", f"{doubled}ing")


def negations(text: str, also: Set[str] = frozenset(), code: str = READ) -> int:
    """Count the negations in a text ("not", "never", "won't", "no"), and the words ``also``."""
    tell = language(code).negations | also if also else language(code).negations
    found = re.findall(r"\w+(?:'\w+)*", text.casefold().replace("’", "'"))
    return sum(word in tell or word.endswith("n't") for word in found)


@cache
def reporting_forms(code: str = READ) -> Mapping[str, str]:
    """Return every form of every verb that reports speech or thought, and its lemma."""
    table, irregular = language(code), asking(code).irregular
    forms: dict[str, str] = {}
    for lemma in sorted(table.verb_acts.keys() | table.stance_verbs):
        if " " in lemma:
            continue
        forms[lemma] = lemma
        for form in regular_forms(lemma):
            forms.setdefault(form, lemma)
    forms.update({form: lemma for form, lemma in irregular.items() if lemma in forms})
    return forms


@cache
def frames(code: str = READ) -> tuple[Frame, ...]:
    """Return the forms of questions in a language, the most special first."""
    table: tuple[Frame, ...] = _table(f"{code}_frames", "FRAMES")
    return table


@cache
def comparisons(code: str = READ) -> tuple[Comparison, ...]:
    """Return the forms in which a language asks for statements side by side."""
    table: tuple[Comparison, ...] = _table(f"{code}_comparisons", "COMPARISONS")
    return table


@cache
def conversations(code: str = READ) -> Conversations:
    """Return how the sentences of a language tell of conversations."""
    table: Conversations = _table(f"{code}_conversations", "CONVERSATIONS")
    return table


@cache
def conversed(code: str = READ) -> tuple[Frame, ...]:
    """Return the forms of questions about conversations, the most special first."""
    table: tuple[Frame, ...] = _table(f"{code}_conversations", "CONVERSED")
    return table


@cache
def polarity(code: str = READ) -> Polarity:
    """Return the words by which a claim of a language is told from its reverse."""
    table: Polarity = _table(f"{code}_polarity", "POLARITY")
    return table


@cache
def wording(code: str = READ) -> Wording:
    """Return the words by which a language's sentences are checked."""
    table: Wording = _table(f"{code}_prose", "WORDING")
    return table


def _table(module: str, name: str) -> Any:
    """Return a table of a module of this folder; KeyError where a language has no such module."""
    try:
        return getattr(import_module(f"rag.lang.{module}"), name)
    except ModuleNotFoundError as error:
        raise KeyError(f"expected rag/lang/{module}.py for this language, found none") from error
