"""Candidates become evidence: vetoes, then the judge, then the choice of what is shown.

When nothing answers, the ranking says why, and what comes nearest.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.lang import language
from index.text.folding import fold
from rag.lang import asking
from rag.people import content_stems, stem, words
from rag.ranking.acts import is_act, is_led_up_to, speaks_of
from rag.ranking.bodies import positions
from rag.ranking.choice import best_of_each, distinct, in_listing_order, side_by_side
from rag.ranking.conversations import CONVERSATION_STEMS, is_between_them, told_conversations
from rag.ranking.duplicates import is_copy, said_by_another, without_repetitions
from rag.ranking.features import best_match, features
from rag.ranking.judge import judge
from rag.ranking.narrowing import narrowed, with_verb
from rag.ranking.participants import KnownPeople
from rag.ranking.polarity import claim_of, claims_the_reverse
from rag.ranking.statements import (
    asserted,
    content,
    has_words,
    is_whole_quotation,
    may_be_cited,
    same_speaker,
)
from rag.ranking.time_and_place import time_in
from rag.ranking.unquoted import with_speaker
from rag.ranking.verdict import MIN_TOPIC_SHARE, verdict
from rag.types import Evidence, Question, Ranking, Reason

__all__ = ["KnownPeople", "joined_rankings", "points_back", "rank"]

MAX_NEAR_MISSES = 3
"""Statements that are shown as the nearest where nothing answers."""

MAX_CANDIDATES_WEIGHED = 80
"""Candidates that the judge weighs: those whose words or meaning come nearest."""

MAX_SCORE_GAP = 4.0
"""Largest gap in score to the best at which a statement of another day, or of another member of a
group ("US officials"), is still shown.  One of each person who is asked for by name is shown in any
case."""

MAX_SCORE_GAP_IN_SENTENCE = 1.0
"""Largest gap in score to the best at which another statement by its speaker in its sentence is
still shown: so that the sentence is shown as a whole."""

MIN_VERBATIM_WORDS = 3
"""A question that has at least so many words in quotation marks is answered by whatever candidate
has these words, without a judgement."""

MIN_BARE_WORDS, MIN_HEARD_SHARE = 4, 1 / 3
"""A question of at least so many words that does not begin like a question is refused unless more
than this share of its words occurs in the candidates."""

MIN_CLOSENESS_WITHOUT_WORDS = 0.3
"""Late interaction with its sentence below which a statement without a word of the topic is none
of those that are asked for."""

MIN_CLOSENESS_OF_CLAIM, MIN_CLOSENESS_OF_CLAIM_WITHOUT_WORDS = 0.4, 0.5
"""Late interaction with its sentence below which a statement is not the claim that is asked for,
and where it has no word of that claim."""

MAX_EVIDENCE_PER_QUESTION = 2
"""Pieces of evidence, at most, for each of several questions that are asked together."""


def rank(
    question: Question,
    candidates: Sequence[Evidence],
    people: KnownPeople,
    context: Sequence[Evidence] = (),
) -> Ranking:
    """Return the evidence that answers the question, best first, or the reason for none.

    ``context`` is the evidence of the turn before, for a question that points back to it.
    """
    if question.kind == "help":
        return Ranking(())
    if question.either or question.foreign:
        return Ranking((), "question not understood")
    if not candidates:
        return Ranking((), "not about that" if people else "no articles")
    spoken_of = told_conversations(question, candidates, people)
    if context and points_back(question):
        told = [c for c in spoken_of if c.article.id == context[0].article.id]
        return Ranking((told[0] if told and not _has_time(context[0]) else context[0],))
    if spoken_of and question.conversed and not question.conversed.words:
        return Ranking(tuple(spoken_of))
    found = _statements_or_reason(question, candidates, people)
    if question.conversed and not question.conversed.words and found.evidence:
        kept = tuple(e for e in found.evidence if is_between_them(question, e, people))
        if not kept:
            return _refused_ranking("not about that", question, candidates, people)
        found = replace(found, evidence=kept)
    if found.evidence:
        return replace(found, evidence=tuple(map(with_verb, found.evidence)))
    instead = spoken_of or positions(question, candidates, people)
    return Ranking(tuple(instead)) if instead else found


def _has_time(item: Evidence) -> bool:
    """Return whether a statement, or its sentence, tells when it was made."""
    stated = item.quote and item.quote.time
    return bool(stated or time_in(item.article.text, item.sentence))


def _statements_or_reason(
    question: Question,
    candidates: Sequence[Evidence],
    people: KnownPeople,
) -> Ranking:
    """Return the statements, or bare sentences, that answer, or the reason why none does."""
    if lost := _nobody(question, candidates, people):
        return _refused_ranking(lost, question, candidates, people)
    left = [c for c in candidates if not c.vetoed]
    audience = _audience(question)
    if audience or is_listing(question):
        found = _listing(question, left, audience, people)
        if found.evidence:
            return found
        if not audience and (question.addressees or not question.follow_up):
            return _refused_ranking(
                _refusal_reason(question, candidates, people), question, candidates, people
            )
    if _asks_for_act_alone(question):
        left = [c for c in left if is_act(c, question.act) or speaks_of(c, question.act)]
    return _judged(question, left, candidates, people)


def _asks_for_act_alone(question: Question) -> bool:
    """Return whether an act is all that is asked for ("Has anyone apologised?")."""
    people = question.speakers or question.addressees or question.role
    about = question.topic or question.words or question.context
    return bool(question.act) and not (people or about)


def points_back(question: Question) -> bool:
    """Return whether a follow-up asks when, where or according to whom the statement was made that
    answered the turn before."""
    return question.follow_up and question.kind in ("when", "where", "according_to")


def _nobody(
    question: Question, candidates: Sequence[Evidence], people: KnownPeople
) -> Reason | None:
    """Return why nobody can have said it: none of the asked speakers is in the corpus, or each is
    only named there and never quoted, also as who holds the asked office."""
    holders = [w for w in question.speakers if w[:1].isupper() and w != question.role]
    if question.role and holders and not any(map(people.is_name, holders)):
        return "never quoted"
    if not question.speakers or not set(question.speakers) <= set(question.unknown):
        return None
    texts = {c.article.id: c.article.text.casefold() for c in candidates}
    named = (any(who.casefold() in text for text in texts.values()) for who in question.speakers)
    return "never quoted" if all(named) else "person not in the corpus"


def is_listing(question: Question) -> bool:
    """Return whether all statements of somebody are asked for, whatever they are about."""
    people = question.speakers or question.addressees
    occasion = question.mutual and not content_stems(question.topic) - CONVERSATION_STEMS
    context = question.context and not question.addressees
    bare = not (question.topic or question.words or context)
    if question.kind == "who_said":
        return bare and (question.several or question.exhaustive)
    return question.kind == "said" and bool(people) and (bare or occasion)


def _audience(question: Question) -> frozenset[str]:
    """Return the stems of a topic that is nothing but an audience ("What did Odell tell
    reporters?"); empty for any other question."""
    asked = question.kind == "said" and question.speakers and not question.addressees
    topic = content_stems(question.topic)
    return topic if asked and not question.words and topic <= _audience_stems() else frozenset()


@functools.cache
def _audience_stems() -> frozenset[str]:
    return frozenset(map(stem, language().audience_nouns))


def _listing(
    question: Question, left: Sequence[Evidence], audience: frozenset[str], people: KnownPeople
) -> Ranking:
    """Return all that the asked people said to the asked addressees, in the order of the articles;
    no evidence if there is none.

    Where it is asked who speaks, each speaker has one statement.  An audience has to be named in
    the sentence.
    """
    told = [c for c in left if c.quote and _takes_part(question, c, people)]
    if audience:
        told = [c for c in told if audience <= content_stems(c.sentence.slice(c.article.text))]
    if question.act and question.act != "answer":
        acted = [c for c in told if is_act(c, question.act) or is_led_up_to(c, question.act)]
        told = acted or [c for c in told if speaks_of(c, question.act)]
    if question.over_time or (question.several and not question.mutual):
        return Ranking(tuple(best_of_each(question, in_listing_order(told), people)))
    return Ranking(tuple(in_listing_order(told)))


MIN_ROLE_SHARE = 0.99
"""Smallest share of the words of a description ("the mayor of Velland") that has to be said of a
speaker, so that the speaker is taken for the one described."""


def _takes_part(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether somebody asked for speaks, and to somebody asked for."""
    named = any(w[:1].isupper() and w != question.role for w in question.speakers)
    described = bool(question.role) and people.fits(item, question.role) >= MIN_ROLE_SHARE
    described = described and not named
    if question.speakers and not (described or people.speaks(item, question.speakers)):
        return False
    if question.mutual:
        return people.is_addressed(item, question.speakers)
    told = question.addressees
    return not told or people.is_addressed(item, told) or people.is_addressed_beside(item, told)


def _judged(
    question: Question,
    left: Sequence[Evidence],
    candidates: Sequence[Evidence],
    people: KnownPeople,
) -> Ranking:
    """Return the candidates that the judge puts first, or a refusal where it finds no answer."""
    weighed, elsewhere = without_repetitions(candidates_to_weigh(left)), best_match(candidates)
    if not weighed or (not question.named and _is_unheard(question, candidates, elsewhere)):
        return _refused_ranking(
            _refusal_reason(question, candidates, people), question, candidates, people
        )
    table = features(question, weighed, people)
    scores = judge().scores(table)
    ranked = [
        c.scored(score)
        for score, c in sorted(
            zip(scores.tolist(), weighed, strict=True), key=lambda p: (-p[0], _place(p[1]))
        )
    ]
    chance = judge().probability(question, table, scores, elsewhere)
    ranked = _with_all_names(question, ranked)
    claimed = question.words or claim_of(question)
    for_it = [c for c in ranked if not (claimed and claims_the_reverse(question, c))]
    near = [c for c in for_it if c.score >= ranked[0].score - judge().beside]
    near = [] if near and _is_elsewhere(question, near[0]) else near
    sure = [
        c for c in near or for_it if _is_verbatim(question, c) or is_whole_quotation(question, c)
    ][:1]
    if not sure and (not near or chance < judge().answers_from):
        return _refused_ranking(
            _refusal_reason(question, candidates, people), question, ranked, people
        )
    ranked = _inner_first(question, [*sure, *(c for c in for_it if c not in sure)], people)
    shown = _chosen(question, ranked, people)
    # The fact, or the one who announced what is only named, may stand beside the words.
    whole = question.kind in ("when", "where", "fact") or _asks_for_announcer(question)
    resolved = [
        with_speaker(c, candidates, people, question) if whole or c.quote is None else c
        for c in shown
    ]
    first = _place(shown[0]) == _place(ranked[0])
    told = verdict(question, ranked[0], ranked[1:], people) if first else ""
    return Ranking(_narrowed(question, distinct(resolved)), verdict=told)


def _with_all_names(question: Question, ranked: list[Evidence]) -> list[Evidence]:
    """Return the ranking with those first, if near, that have all names of a plain question
    whether something is so."""
    names = {stem(fold(w)) for w in re.findall(r"(?<=\s)[A-Z][\w’'-]+", question.topic)}
    names &= content_stems(question.topic)
    first = words(question.topic)[:1]
    if question.kind != "fact" or len(names) < 2 or not set(first) & asking().passive_auxiliaries:
        return ranked
    least = ranked[0].score - MAX_SCORE_GAP
    having = [
        c
        for c in ranked
        if c.score >= least and names <= content_stems(c.sentence.slice(c.article.text))
    ]
    return [*having, *(c for c in ranked if c not in having)]


def _asks_for_announcer(question: Question) -> bool:
    """Return whether it is asked who did something with words that are only named ("the call")."""
    named = question.kind == "who_said" and question.topic and not question.words
    return bool(named and question.act == "announce" and not claim_of(question))


def _is_elsewhere(question: Question, best: Evidence) -> bool:
    """Return whether it is asked who made a statement, and the best one has no word of it and is
    far by its meaning, too: nobody is named for that.  A claim ("that the gates were shut") has to
    be nearer than a topic."""
    near, claim = best.late.sentence, bool(claim_of(question))
    if claim and near < MIN_CLOSENESS_OF_CLAIM:
        return True
    least = MIN_CLOSENESS_OF_CLAIM_WITHOUT_WORDS if claim else MIN_CLOSENESS_WITHOUT_WORDS
    claimed = question.kind == "who_said" and bool(question.topic)
    return claimed and not best.inside and near < least


def _inner_first(question: Question, ranked: list[Evidence], people: KnownPeople) -> list[Evidence]:
    """Return the ranking with a statement that lies within the best one moved to the front, where
    the inner one alone has all that is asked for.

    A host says: "The board says people will come".  To "who says that people will come?" and to
    "what did the board say?" the answer is the board's statement, and not all of the host's.
    """
    best = ranked[0]
    inner = next(
        (c for c in ranked[1:] if _lies_within(c, best) and _suits(question, c, best, people)), None
    )
    if inner is None:
        return ranked
    first = replace(inner, score=best.score)
    return [first, *(c for c in ranked if c is not inner)]


def _lies_within(item: Evidence, outer: Evidence) -> bool:
    """Return whether a statement stands within another one, by somebody else."""
    return (
        item.quote is not None
        and outer.quote is not None
        and item.article.id == outer.article.id
        and item.span in outer.span
        and item.span != outer.span
        and not same_speaker(item, outer)
    )


def _suits(question: Question, item: Evidence, outer: Evidence, people: KnownPeople) -> bool:
    """Return whether the inner of two statements answers alone: it has all words of the topic that
    the outer one has, or its speaker fits the role that is asked for and the outer one's does not.
    """
    if question.kind in ("who_said", "according_to") and not question.speakers:
        asked = content_stems(f"{question.topic} {question.words}")
        return bool(asked) and asked & content_stems(content(outer)) <= content_stems(content(item))
    described = question.kind == "said" and question.role and not question.speakers
    return bool(described) and people.fits(item, question.role) >= MIN_ROLE_SHARE > people.fits(
        outer, question.role
    )


def _is_unheard(
    question: Question, candidates: Sequence[Evidence], elsewhere: NDArray[np.float64]
) -> bool:
    """Return whether no candidate has a word of the question, or bare words that ask for nothing
    stand nearly nowhere.

    Words in quotation marks that are a whole quotation are heard, however plain ("It is over").
    """
    if not elsewhere[0]:
        return not any(is_whole_quotation(question, c) for c in candidates if not c.vetoed)
    stems = content_stems(f"{question.topic} {question.words}") or content_stems(question.text)
    if question.kind != "fact" or _asks(question) or len(stems) < MIN_BARE_WORDS:
        return False
    around = (content_stems(c.sentence.slice(c.article.text)) for c in candidates)
    return len(stems & set().union(*around)) <= MIN_HEARD_SHARE * len(stems)


def _is_verbatim(question: Question, item: Evidence) -> bool:
    """Return whether a candidate has the very words that the question puts in quotation marks: then
    there is no doubt whose they are.

    One or two words may be anybody's.
    """
    return len(words(question.words)) >= MIN_VERBATIM_WORDS and has_words(question, item)


def candidates_to_weigh(candidates: Sequence[Evidence]) -> list[Evidence]:
    """Return the candidates that are nearest by words or by meaning, in the order given.

    There are at most MAX_CANDIDATES_WEIGHED of them.
    """
    if len(candidates) <= MAX_CANDIDATES_WEIGHED:
        return list(candidates)
    best = sorted(candidates, key=lambda c: (-_nearness(c), _place(c)))[:MAX_CANDIDATES_WEIGHED]
    kept = {(c.article.id, c.span, c.quote is None) for c in best}
    return [c for c in candidates if (c.article.id, c.span, c.quote is None) in kept]


def _nearness(item: Evidence) -> float:
    return item.overlap + item.late.question + item.late.introduced + item.similarity / 4


def _place(item: Evidence) -> tuple[object, ...]:
    return (item.article.id, item.span, item.quote is None)


def _chosen(question: Question, ranked: Sequence[Evidence], people: KnownPeople) -> list[Evidence]:
    """Return the best candidate and those with nearly its score, or the best of each person where
    several are asked for."""
    best = ranked[0]
    in_sentence, beside = MAX_SCORE_GAP_IN_SENTENCE, judge().beside
    close = [
        c
        for c in ranked
        if c.score >= best.score - (in_sentence if _is_said_with(c, best) else beside)
    ]
    if question.compared:
        near = [c for c in ranked if c.quote and c.score >= best.score - MAX_SCORE_GAP]
        theirs = [c for c in near if _is_theirs(question, c, people)]
        return side_by_side(question, theirs, people) if theirs else [best]
    choice = question.kind == "who_said" and question.speakers  # "who said it, A or B?"
    if question.several and not choice:
        by_name = question.speakers and not question.role
        least = -math.inf if by_name else ranked[0].score - MAX_SCORE_GAP
        theirs = [c for c in ranked if c.score >= least and _is_theirs(question, c, people)]
        theirs = [c for c in theirs if c.quote] or theirs
        return best_of_each(question, theirs or ranked[:1], people)
    if question.kind in ("who_said", "according_to", "to_whom", "when", "where", "fact"):
        same = [c for c in ranked if c is ranked[0] or is_copy(c, ranked[0])]
        others = [] if question.speakers else [c for c in ranked if said_by_another(c, ranked[0])]
        found = [*distinct(same)[:1], *distinct(others)]
        return sorted(found, key=lambda c: -len(c.copies))  # what most articles have stands first
    if question.exhaustive or len(content_stems(question.topic)) == 1:  # too broad for one best
        broad = [
            c
            for c in ranked
            if c.quote and c.inside >= MIN_TOPIC_SHARE and _is_theirs(question, c, people)
        ]
        close += [c for c in broad if c not in close and c.score >= ranked[0].score - MAX_SCORE_GAP]
    return distinct(close)


def _is_said_with(item: Evidence, other: Evidence) -> bool:
    """Return whether two statements stand in one sentence and one person makes both."""
    return (
        item.article.id == other.article.id
        and item.sentence == other.sentence
        and same_speaker(item, other)
    )


def _is_theirs(question: Question, item: Evidence, people: KnownPeople) -> bool:
    """Return whether a candidate is a statement of somebody asked for, if anybody is."""
    return not question.speakers or people.speaks(item, question.speakers)


def _narrowed(question: Question, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(narrowed(question, e) for e in evidence)


def _refusal_reason(
    question: Question, candidates: Sequence[Evidence], people: KnownPeople
) -> Reason:
    """Return why nothing answers, from what the vetoes took away and the reading found."""
    statements = asserted(candidates)
    if question.kind in ("who_said", "according_to"):
        return "words not found"
    if question.kind == "fact" and not _asks(question):
        return "question not understood"
    if not question.speakers or question.kind == "fact":  # who is named need not be who speaks
        return "not about that"
    theirs = [c for c in statements if people.speaks(c, question.speakers)]
    if not theirs:
        return "never quoted"
    if question.addressees and not any(people.is_addressed(c, question.addressees) for c in theirs):
        return "never to that addressee"
    return "not about that"


def _asks(question: Question) -> bool:
    """Return whether a question begins like one ("how many ..."), and not as bare words do."""
    return bool(set(words(question.text)[:4]) & set(asking().asker_words))


def _refused_ranking(
    reason: Reason, question: Question, candidates: Sequence[Evidence], people: KnownPeople
) -> Ranking:
    """Return a ranking without evidence: the reason, and the nearest statements, those of the asked
    people if there are any."""
    statements = [c for c in candidates if c.quote is not None and may_be_cited(c)]
    theirs = [c for c in statements if people.speaks(c, question.speakers)]
    near = sorted(theirs or statements, key=lambda c: (-_nearness(c), _place(c)))
    return Ranking((), reason, tuple(distinct(near, MAX_NEAR_MISSES)))


def joined_rankings(rankings: Sequence[Ranking]) -> Ranking:
    """Return the rankings of several questions that were asked together as one ranking, without
    repeated evidence.

    Where none has evidence, it is the first ranking, with its reason.
    """
    found = distinct(e for r in rankings for e in r.evidence[:MAX_EVIDENCE_PER_QUESTION])
    return replace(rankings[0], evidence=tuple(found)) if found else rankings[0]
