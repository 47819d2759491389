"""Whether a statement says the reverse of a claim, of a question or of a draft.

"Who said the bridge was unsafe?" is not answered by "the bridge was safe", though all words
fit.  The claim and each clause of the statement are compared by their stems, their negations
and opposite words; only where a clause has the stems of the claim, for a question every one,
and no such clause agrees with it, is the statement its reverse.  What is said in other words is
left to the judge.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.lang import language
from index.text.folding import fold
from index.types import Quote
from rag.lang import asking, negations, polarity, regular_forms, reporting_forms
from rag.people import content_stems, stem, words
from rag.ranking.statements import content, has_words, without_marks
from rag.types import Evidence, Question

_CLAUSE_BREAKS = re.compile(
    r"[!?;—]|[.:](?!\d)|,[\"”»“'](?=\s|$)|,\s*(?=(?:and|or|not?)\b)|\b(?=(?:but|because|although|though|while|whereas)\b)"
    r"|\b(?=(?:and|or)\s+(?:not?|never|that|he|she|they|it|we|i|there)\b)",
    re.IGNORECASE,
)
_DENYING_ACTS = frozenset({"deny", "refuse"})
"""Acts whose words are what is not so."""

_CONTRACTED = re.compile(r"\b\w+n['’]t\b", re.IGNORECASE)

_MIN_CLAIM_STEMS = 2
"""Stems of a claim, at least, that show where in a sentence it stands."""

_MAX_WORDS_OF_DENIAL = 4
"""Words before quoted ones that may deny that they were said ("I have never once said")."""

_MIN_STEM_LETTERS = 4
"""Letters, at least, of a word that another one with a negative prefix is the opposite of."""


def denies(quote: Quote) -> bool:
    """Return whether the verb of a statement denies its words ("denied that ..."); what somebody
    answers in direct speech with a denial are the words of it."""
    return quote.act in _DENYING_ACTS and quote.kind != "direct"


def claims_the_reverse(question: Question, item: Evidence) -> bool:
    """Return whether a statement, or a bare sentence, says the reverse of the asked claim.

    Words in quotation marks are reversed where they are disowned ("I never said ‘...’").  False
    where a topic is only named ("about the bridge").
    """
    if question.words and question.kind == "who_said":
        return _is_disowned(question, item)
    claim = claim_of(question)
    if not claim:
        return False
    quote = item.quote
    said = content(item) if quote else item.span.slice(item.article.text)
    if quote is not None and _is_claimed_by_reporter(claim, said, item):
        return True
    asked = is_denied(question.text)
    denied = quote is not None and denies(quote)
    return reverses(claim, said, asked=asked, denied=denied)


def _is_claimed_by_reporter(claim: str, said: str, item: Evidence) -> bool:
    """Return whether the words of a claim stand in the sentence, and not one of them in what its
    speaker said: "Nobody spoke; then she said, “Go.”" has the reporter's claim."""
    wanted = content_stems(claim)
    around = item.sentence.slice(item.article.text).replace(said, " ")
    apart = not wanted & content_stems(said) and wanted <= content_stems(around)
    return len(wanted) >= _MIN_CLAIM_STEMS and apart


def _is_disowned(question: Question, item: Evidence) -> bool:
    """Return whether a statement has the asked words only behind a denial that they were said."""
    if item.quote is None or not has_words(question, item):
        return False
    said = fold(content(item))
    before = said.partition(without_marks(question.words))[0]
    lead = words(before)[-_MAX_WORDS_OF_DENIAL:]
    return bool(lead) and lead[-1] in reporting_forms() and is_denied(" ".join(lead))


def claim_of(question: Question) -> str:
    """Return the words of the claim that a question asks for; empty if it asks for none.

    A claim has a finite auxiliary, or an infinitive as in "agreed to sign" or "expects prices to
    rise", or it begins with "that" or somebody ("nobody spoke"); no preposition leads up to it.
    """
    if question.kind != "who_said" or question.words or not question.topic:
        return ""
    before, found, _ = question.text.partition(question.topic)
    lead, own = words(before)[-2:], words(question.topic)
    infinitive = "to" in own[1:] or (lead[-1:] == ["to"] and lead[0] in reporting_forms())
    if not found or (lead and lead[-1] in polarity().prepositions and not infinitive):
        return ""
    finite = asking().auxiliaries | polarity().finite
    begun = {"that", *asking().pronouns} | asking().anybody | language().negations
    stated = bool(finite & {*own}) or own[0] in begun
    return question.topic if infinitive or stated else ""


def reverses(claim: str, said: str, *, asked: bool, denied: bool, least: float = 1.0) -> bool:
    """Return whether a clause of what was said has the stems of a claim, and each clause with as
    many of them denies what the claim asserts, or the reverse.

    ``asked`` is whether the claim is denied by who asks it, ``denied`` whether the speaker
    denies what was said.  ``least`` is the share of the claim's stems, or of their opposites,
    that a clause must have.  Limits that only one of the two has ("not all") leave it open;
    quantities do only beside a negation.
    """
    table, found = polarity(), False
    for clause, flips in clauses_about(claim, said, least):
        plain = not (is_denied(clause) or is_denied(claim))
        limits = table.limits - table.quantities if plain else table.limits
        if limits & {*words(clause)} != limits & {*words(claim)}:
            return False
        if (is_denied(clause) ^ denied) == (asked ^ flips):
            return False
        found = True
    return found


def clauses_about(claim: str, said: str, least: float = 1.0) -> list[tuple[str, bool]]:
    """Return the clauses of what was said with the most stems of a claim, ``least`` of them at
    least; each with whether an odd number of these stand in it as their opposites."""
    wanted = _wanted(claim)
    found = [(clause, *_covered(wanted, clause)) for clause in clauses_of(said)]
    most = max((count for _, count, _ in found), default=0)
    if not wanted or most < least * len(wanted):
        return []
    return [(clause, bool(flips % 2)) for clause, count, flips in found if count == most]


def covered(claim: str, said: str) -> float:
    """Return the share of the words of a claim that stand in what was said in some form or sense,
    or as their opposites; 0 for a claim without words that carry meaning."""
    wanted = _wanted(claim)
    return _covered(wanted, said)[0] / len(wanted) if wanted else 0.0


def _wanted(claim: str) -> list[str]:
    """Return the words of a claim that carry meaning, each once."""
    empty = polarity().empty
    found = dict.fromkeys(_uncontracted(claim))
    return [
        w
        for w in found
        if w not in empty
        and stem(w) not in _anybody()
        and (content_stems(w) or _base(w) in _pairs()[1])
    ]


def clauses_of(text: str) -> list[str]:
    """Return the clauses of a text, as far as its punctuation and conjunctions tell."""
    return [part for part in _CLAUSE_BREAKS.split(text) if part.strip()]


@dataclass(frozen=True, slots=True)
class _Senses:
    """The stems of the words of a clause (``own``), of those that mean what they do
    (``alike``), and of their opposites (``turned``)."""

    own: frozenset[str]
    alike: frozenset[str]
    turned: frozenset[str]

    def deny(self, word: str) -> bool:
        """Return whether the opposite of a word is among them."""
        return bool(_opposites(word) & self.own) or _base(word) in self.turned


@functools.lru_cache(maxsize=8192)
def _senses(clause: str) -> tuple[_Senses, _Senses]:
    """Return the senses of the words of a clause, and of those that do not deny by themselves."""
    found = _uncontracted(clause)
    return _senses_of(found), _senses_of([w for w in found if w not in _denying_forms()])


def _senses_of(found: Sequence[str]) -> _Senses:
    own = frozenset(map(_base, found))
    alike = own.union(*(_alike(base) for base in own))
    return _Senses(own, alike, frozenset().union(*map(_opposites, found)))


def _covered(wanted: Sequence[str], clause: str) -> tuple[int, int]:
    """Return how many words stand in a clause in some form or sense, and how many of these as
    their opposites; a verb that denies is none, for `is_denied` counts it."""
    every, plain = _senses(clause)
    count = flips = 0
    for word in wanted:
        if _base(word) in every.alike:
            count += 1
        elif every.deny(word):
            count += 1
            flips += word not in _denying_forms() and plain.deny(word)
    return count, flips


def are_opposites(one: str, other: str) -> bool:
    """Return whether of two words each is the opposite of the other ("safe", "unsafe")."""
    return _base(other) in _opposites(one) or _base(one) in _opposites(other)


def _uncontracted(text: str) -> list[str]:
    """Return the folded words of a text without its contracted negations: "won't" is no "won"."""
    return words(_CONTRACTED.sub(" ", text))


@functools.lru_cache(maxsize=16384)
def _base(word: str) -> str:
    """Return the stem by which the forms of a word meet, also "rose" and "rises"."""
    return stem(polarity().irregular.get(word, word))


@functools.lru_cache(maxsize=4096)
def _opposites(word: str) -> frozenset[str]:
    """Return the stems of the opposites of a word: "safe" for "unsafe"."""
    rests = (word.removeprefix(p) for p in polarity().prefixes if word.startswith(p))
    prefixed = {stem(rest) for rest in rests if len(rest) >= _MIN_STEM_LETTERS}
    return _pairs()[1].get(_base(word), frozenset()) | prefixed


def _alike(base: str) -> frozenset[str]:
    """Return the stems of the words that have one meaning with that of a stem."""
    return _pairs()[0].get(base, frozenset())


@functools.cache
def _pairs() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return the stems of the words that have opposites, with those of the words that mean what
    they do, and with those of their opposites."""
    alike, turned = dict[str, frozenset[str]](), dict[str, frozenset[str]]()
    for pair in polarity().opposites:
        sides = [frozenset(map(_base, side)) for side in pair]
        for side, other in (sides, sides[::-1]):
            for base in side:
                alike[base] = alike.get(base, frozenset()) | side
                turned[base] = turned.get(base, frozenset()) | other
    return alike, turned


@functools.cache
def _anybody() -> frozenset[str]:
    """Return the stems of the words for all and for none, which only negate or do not."""
    return frozenset(map(stem, asking().anybody | language().negations))


@functools.lru_cache(maxsize=4096)
def is_denied(text: str) -> bool:
    """Return whether an odd number of words in a text deny: "not", "nobody", "refused to"."""
    table = polarity()
    plain = re.sub(table.denying_nothing, " ", text, flags=re.IGNORECASE)
    verbs = len(re.findall(table.denying_phrases, plain, re.IGNORECASE)) + sum(
        word in _denying_forms() or (word in _refusing_forms() and behind == "to")
        for word, behind in itertools.pairwise([*words(plain), ""])
    )
    return bool((negations(plain, also=table.denying_words) + verbs) % 2)


def is_negation(word: str) -> bool:
    """Return whether a folded word turns what is said into its reverse ("not", "won't",
    "without", "refused")."""
    return word in _negating_words() or word.endswith("n't")


@functools.cache
def _negating_words() -> frozenset[str]:
    return language().negations | polarity().denying_words | _denying_forms()


@functools.cache
def _denying_forms() -> frozenset[str]:
    """Return the forms of the verbs that deny by themselves."""
    return frozenset(f for verb in polarity().denying_verbs for f in regular_forms(verb))


@functools.cache
def _refusing_forms() -> frozenset[str]:
    """Return the forms of the verbs that deny an infinitive behind them ("declined to pay")."""
    verbs = language().refusing_verbs
    return frozenset(form for verb in verbs for form in regular_forms(verb))
