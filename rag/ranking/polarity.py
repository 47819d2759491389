"""Whether a statement says the reverse of the claim whose speaker is asked for.

"Who said the bridge was unsafe?" is not answered by "the bridge was safe", though all words
fit.  The claim and each clause of the statement are compared by their stems, their negations
and opposite words; only where a clause has every stem of the claim, and no such clause agrees
with it, is the statement its reverse.  What is said in other words is left to the judge.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence

from index.lang import language
from index.text.folding import fold
from rag.lang import asking, negations, polarity, regular_forms, reporting_forms
from rag.people import content_stems, stem, words
from rag.ranking.statements import content, has_words, without_marks
from rag.types import Evidence, Question

_CLAUSE_BREAKS = re.compile(
    r"[.!?;:—]|,\s*(?=(?:and|or|not?)\b)|\b(?=(?:but|because|although|though|while|whereas)\b)"
    r"|\b(?=(?:and|or)\s+(?:not?|never)\b)",
    re.IGNORECASE,
)
_DENYING_ACTS = frozenset({"deny", "refuse"})
"""Acts whose words are what is not so."""

_MIN_CLAIM_STEMS = 2
"""Stems of a claim, at least, that show where in a sentence it stands."""

_MAX_WORDS_OF_DENIAL = 4
"""Words before quoted ones that may deny that they were said ("I have never once said")."""

_MIN_STEM_LETTERS = 4
"""Letters, at least, of a word that another one with a negative prefix is the opposite of."""


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
    denied = quote is not None and quote.act in _DENYING_ACTS
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


def reverses(claim: str, said: str, *, asked: bool, denied: bool) -> bool:
    """Return whether some clause of what was said has all stems of a claim, and each that has
    them denies what the claim asserts, or the reverse.

    ``asked`` is whether the question denies its claim, ``denied`` whether the speaker denies
    what was said.  Limits that only one of the two has ("not all") leave it open.
    """
    wanted = [w for w in dict.fromkeys(words(claim)) if content_stems(w) - _anybody()]
    limits, found = polarity().limits, False
    for clause in _CLAUSE_BREAKS.split(said):
        flips = _flips(wanted, clause)
        if flips is None:
            continue
        if limits & {*words(clause)} != limits & {*words(claim)}:
            return False
        if (is_denied(clause) ^ denied) == (asked ^ flips):
            return False
        found = True
    return found and bool(wanted)


def _flips(wanted: Sequence[str], clause: str) -> bool | None:
    """Return whether an odd number of words stand in a clause as their opposites; None if one
    stands in it neither as itself nor as its opposite."""
    own, turned, count = content_stems(clause), _opposites(clause), 0
    for word in wanted:
        if stem(word) in own:
            continue
        if not (stem(word) in turned or _opposites(word) & own):
            return None
        count += 1
    return bool(count % 2)


@functools.lru_cache(maxsize=4096)
def _opposites(text: str) -> frozenset[str]:
    """Return the stems of the opposites of the words of a text: "safe" for "unsafe"."""
    found: set[str] = set()
    for word in words(text):
        found |= _pairs().get(stem(word), frozenset())
        rests = (word.removeprefix(p) for p in polarity().prefixes if word.startswith(p))
        found |= {stem(rest) for rest in rests if len(rest) >= _MIN_STEM_LETTERS}
    return frozenset(found)


@functools.cache
def _pairs() -> dict[str, frozenset[str]]:
    """Return the stems of the words that have opposites, with the stems of these."""
    found: dict[str, set[str]] = {}
    for one, other in polarity().opposites:
        found.setdefault(stem(one), set()).add(stem(other))
        found.setdefault(stem(other), set()).add(stem(one))
    return {key: frozenset(stems) for key, stems in found.items()}


@functools.cache
def _anybody() -> frozenset[str]:
    """Return the stems of the words for all and for none, which only negate or do not."""
    return frozenset(map(stem, asking().anybody | language().negations))


@functools.lru_cache(maxsize=4096)
def is_denied(text: str) -> bool:
    """Return whether an odd number of words in a text deny: "not", "nobody", "refused to"."""
    plain = re.sub(polarity().denying_nothing, " ", text, flags=re.IGNORECASE)
    own, forms = words(plain), reporting_forms()
    verbs = sum(
        forms.get(word) in polarity().denying_verbs
        or (word in _refusing_forms() and behind == "to")
        for word, behind in itertools.pairwise([*own, ""])
    )
    return bool((negations(plain, also=polarity().denying_words) + verbs) % 2)


@functools.cache
def _refusing_forms() -> frozenset[str]:
    """Return the forms of the verbs that deny an infinitive behind them ("declined to pay")."""
    verbs = language().refusing_verbs
    return frozenset(form for verb in verbs for form in regular_forms(verb))
