"""Candidates become evidence: slots decide who and to whom, the topic decides what.

When nothing is good enough the ranking says why, and what comes nearest.  A statement
under the wrong name, to the wrong person, or one that was never made, is not evidence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from index.folding import fold
from index.lang import language
from index.types import Mention, Quote, Span
from rag.lang import asking, reporting_forms
from rag.naming import speaks_in, spoken_to_in
from rag.people import content_stems, role_stems, words
from rag.types import Evidence, Question, Ranking, Reason

MOST = 4
"""Citations of an answer about one person."""

GROUP = 3
"""People of a group ("US officials") who are heard."""

ABOUT = 0.44
"""Score below which a statement is not about the topic.  This and the next thresholds
were chosen on the development questions; `make eval` shows what they cost."""

TOLD = 0.1
"""The same where the addressee was asked for and fits: that leaves few to confuse."""

BESIDE = 0.15
"""The same for one of several people, or days, asked for together, when it is their best."""

WHOSE = 0.5
FACT = 0.5

SENTENCE = 0.55
"""The same for a sentence from which no quote was taken, but that names the speaker."""

CONFIRMED = 0.6
"""Share of the words that has to stand in a statement itself where a question for yes or
no says what was said: otherwise it was something else."""

ACTED = 0.15
"""What the act that was asked for adds to a score."""

NAMED = 0.25
"""What is taken from a speaker whom the question itself names ("who agreed with Arbel")."""

NEARBY = 0.15
"""What a follow-up adds for a statement in the article of the answer before."""

NOMINAL = 0.25
"""What a statement that is only named ("criticised the plan") stands behind spoken words."""

WORDS = 0.3
"""How much the words alone count beside the score where a plain fact is asked for."""

FIGURE = 0.1
"""What a figure in the sentence adds where the question asks for one."""

PLAINER = 0.1
"""By how much a sentence has to be more on the topic than any quote to be taken for it."""

KEYWORDS = 0.75
"""Share of the words that a sentence has to hold if they do not even form a question."""

CLOSE = 0.95
"""Share of the best score that a further statement of the same article needs; other
articles need OTHER_DAY of it: those are statements over time."""

OTHER_DAY = 0.85

REMEMBERED = 88
"""Of 100, likeness of half-remembered words to a stretch of a statement."""

NEXT = 3
"""Characters between a sentence and the one that continues it."""

LONG = 600
"""Characters over which a citation is narrowed to its best sentence."""

_DATE = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:jan|feb|march|april|may|june|july|aug"
    r"|sept?|oct|nov|dec)[a-z]*\.?\b|\b(?:today|yesterday|tonight|earlier|last|week|month|year"
    r"|morning|evening|ago)\b|\b\d{1,4}\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|from|on|aboard|outside|near|before)\s+(?:the\s+|a\s+|an\s+|his\s+|her\s+)?(?:\w+\s+){0,3}?[A-Z]"
)


def rank(
    question: Question,
    candidates: Sequence[Evidence],
    person_of: Mapping[str, str],
    context: Sequence[Evidence] = (),
) -> Ranking:
    """The evidence that answers the question, best first, or the reason for none.

    ``context`` is the evidence of the turn before, for a follow-up.
    """
    if question.either:
        return Ranking((), "question not understood")
    if not candidates:
        return Ranking((), "not about that" if person_of else "no articles")
    people = _People(person_of)
    scored = _scored(question, candidates, context)
    rankers: dict[str, Callable[[Question, list[Evidence], _People], Ranking]] = {
        "said": _said,
        "who_said": _who_said,
        "according_to": _according_to,
        "when": _situation,
        "where": _situation,
        "to_whom": _to_whom,
        "fact": _fact,
    }
    pointing = question.kind in ("when", "where", "according_to")
    if context and pointing and question.follow_up:
        return _circumstances(question, scored, context)
    ranking = rankers[question.kind](question, scored, people)
    return replace(ranking, evidence=tuple(_narrowed(question, e) for e in ranking.evidence))


def _scored(
    question: Question, candidates: Iterable[Evidence], context: Sequence[Evidence]
) -> list[Evidence]:
    """The candidates with their scores, best first; ties in the order of the corpus."""
    near = {e.article.id for e in context}
    scored = []
    for candidate in candidates:
        score = _topic_score(candidate)
        if question.act and candidate.quote and _acts(candidate, question.act):
            score += ACTED
        if question.follow_up and candidate.article.id in near:
            score += NEARBY
        scored.append(replace(candidate, score=score))
    return sorted(scored, key=_merit)


def _is_act(evidence: Evidence, act: str) -> bool:
    """Whether the index knows a statement for such an act; to refuse is to say nothing."""
    quote = evidence.quote
    negated = act == "refuse" and quote is not None and quote.modality == "negated"
    return negated or (quote is not None and quote.act == act)


def _acts(evidence: Evidence, act: str) -> bool:
    """Whether a statement is, or begins by naming, such an act ("said he agreed")."""
    assert evidence.quote is not None
    if _is_act(evidence, act):
        return True
    first = words(evidence.quote.content[0].slice(evidence.article.text))[:4]
    return act in _acts_named(" ".join(first))


def _speaks_of(evidence: Evidence, act: str) -> bool:
    """Whether a statement or its sentence names such an act ("I make you this promise")."""
    return act in _acts_named(evidence.sentence.slice(evidence.article.text)) or (
        act in _acts_named(evidence.span.slice(evidence.article.text))
    )


def _acts_named(text: str) -> set[str]:
    forms, acts = reporting_forms("en"), language("en").verb_acts
    return {acts[forms[word]] for word in words(text) if forms.get(word) in acts}


def _merit(evidence: Evidence) -> tuple[object, ...]:
    return (-evidence.score, evidence.article.id, evidence.span, evidence.quote is None)


def _topic_score(evidence: Evidence) -> float:
    """Both signals of topic in one figure from 0 to 1."""
    meaning = min(1.0, max(0.0, (evidence.similarity - 0.1) / 0.6))
    return 0.55 * evidence.overlap + 0.45 * meaning


class _People:
    """Who takes part in a quote, compared with who was asked for."""

    def __init__(self, person_of: Mapping[str, str]) -> None:
        self._person_of = person_of
        self._persons = set(person_of.values())
        self._names: dict[str, list[str]] = {}
        for name, person in person_of.items():
            self._names.setdefault(person, []).append(name)

    def names(self, person: str) -> list[str]:
        """All spellings of a person's name."""
        return self._names.get(person, [person])

    def is_one_of(self, mention: Mention | None, wanted: Iterable[str]) -> bool:
        if mention is None or mention.name is None:
            return False
        person = self._person_of.get(mention.name, mention.name)
        return person in wanted

    def speaks(self, evidence: Evidence, wanted: Iterable[str]) -> bool:
        """Whether a wanted person speaks, or one who is only described as it was asked."""
        speaker = evidence.quote.speaker if evidence.quote else None
        if speaker is None:
            return False
        together = evidence.quote.co_speakers if evidence.quote else ()
        if any(self.is_one_of(m, wanted) for m in (speaker, *together)):
            return True
        described = (w for w in wanted if w not in self._persons and not w[:1].isupper())
        said = role_stems(speaker.span.slice(evidence.article.text))
        return (
            bool(said) and not _has_name(speaker) and any(said <= role_stems(w) for w in described)
        )

    def is_told(self, evidence: Evidence, wanted: Iterable[str], *, stated: bool = False) -> bool:
        """A wanted addressee by person, or by the words of a description."""
        if evidence.quote is None:
            return False
        text = evidence.article.text
        return any(
            self.is_one_of(m, wanted) or any(self._described(m, text, w) for w in wanted)
            for m in evidence.quote.addressees
            if not (stated and m.basis == "inferred")
        )

    def _described(self, mention: Mention, text: str, wanted: str) -> bool:
        """Whether an addressee fits a description ("the Israeli cabinet", "a cabinet meeting")
        or has a surname that is spelt almost so in the same corpus."""
        if wanted in self._persons and wanted[:1].isupper():
            return False
        asked, found = role_stems(wanted), role_stems(mention.span.slice(text))
        if asked and found and (asked <= found or found <= asked):
            return True
        if mention.name and mention.name[:1].isupper():
            mine, theirs = words(wanted), words(mention.name)
            return (
                bool(mine and theirs)
                and len(mine[-1]) > 4
                and (wanted[:1].isupper() and OSA.distance(mine[-1], theirs[-1]) <= 1)
            )
        nouns = {s for s in asked & found if len(s) > 3}
        return bool(nouns) and 2 * len(nouns) >= min(len(asked), len(found))


def _has_name(mention: Mention) -> bool:
    return bool(mention.name) and str(mention.name)[:1].isupper()


def _asserted(candidates: Iterable[Evidence]) -> list[Evidence]:
    return [c for c in candidates if c.quote is not None and c.quote.modality == "asserted"]


# -- what somebody said ----------------------------------------------------------------


def _said(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """What the asked people said (to the asked ones, about the topic)."""
    refused = question.act == "refuse"
    statements = [c for c in candidates if c.quote] if refused else _asserted(candidates)
    theirs = [c for c in statements if people.speaks(c, question.speakers)]
    if not question.speakers:
        floor = ABOUT if question.topic or question.words else -1.0
        theirs = [c for c in statements if c.score >= floor]
    told = _told(question, theirs, people)
    about = sorted(_about(question, told), key=_spoken_first(question))
    if not about and (question.topic or question.act):
        about = _unquoted(question, candidates, people)
    if about:
        if question.topic:
            about += [c for c in told if c not in about and _follows_directly(c, about[0])]
        return Ranking(tuple(_chosen(question, about, people)))
    if not theirs:
        return _nothing(question, candidates, people)
    if question.addressees and not told:
        near = [c for c in candidates if people.speaks(c, question.addressees)]
        return Ranking((), "never to that addressee", _nearest(theirs + near))
    return Ranking((), "not about that", _nearest(told))


def _told(question: Question, theirs: list[Evidence], people: _People) -> list[Evidence]:
    """Statements to the asked people; where the article says so, inferred ones stay out."""
    if not question.addressees:
        return theirs
    stated = [c for c in theirs if people.is_told(c, question.addressees, stated=True)]
    if stated:
        return [c for c in theirs if c in stated or any(_continues(c, s) for s in stated)]
    return [c for c in theirs if people.is_told(c, question.addressees)]


def _spoken_first(question: Question) -> Callable[[Evidence], tuple[object, ...]]:
    """Words before what is only named; in the order found where no topic tells them apart."""
    if not (question.topic or question.words or question.context):
        return lambda e: ()

    def merit(evidence: Evidence) -> tuple[object, ...]:
        named = evidence.quote is not None and evidence.quote.tier == "nominal"
        own = bool(question.act) and evidence.quote is not None and _acts(evidence, question.act)
        return (-evidence.score + NOMINAL * (named and not own), *_merit(evidence))

    return merit


def _about(question: Question, told: list[Evidence]) -> list[Evidence]:
    """Of the statements that fit by people, those about the topic, best first."""
    if question.topic or question.words:
        floor = ABOUT
        if question.closed:
            return [c for c in told if c.score >= ABOUT and c.overlap >= CONFIRMED]
        if question.addressees:
            floor = 0.0 if _circumstance(question.topic) else TOLD
        elif question.act:
            acted = [c for c in told if _is_act(c, question.act)]
            about = [c for c in acted if c.score >= ABOUT - ACTED]
            return about or [c for c in told if c.score >= ABOUT]
        elif question.follow_up:
            floor = 0.0 if question.since or question.until else TOLD
        elif _circumstance(question.topic):
            floor = BESIDE
        if question.several or question.over_time:
            floor = BESIDE
        return [c for c in told if c.score >= floor]
    if question.act and question.act != "answer":
        acted = [c for c in told if _is_act(c, question.act)]
        return sorted(acted or [c for c in told if _speaks_of(c, question.act)], key=_prominence)
    if question.follow_up and question.context:
        return told
    return sorted(told, key=_prominence)


def _unquoted(question: Question, candidates: list[Evidence], people: _People) -> list[Evidence]:
    """Sentences about the topic in which an asked person speaks, though no quote was taken."""
    found = []
    taken = [(c.article.id, c.sentence) for c in candidates if people.speaks(c, question.speakers)]
    for candidate in candidates:
        if any(a == candidate.article.id and s.overlaps(candidate.span) for a, s in taken):
            continue
        floor = SENTENCE if not _circumstance(question.topic) else TOLD
        if candidate.quote is not None or candidate.score < floor:
            continue
        sentence = candidate.span.slice(candidate.article.text)
        told = (name for a in question.addressees for name in people.names(a))
        if question.addressees and not spoken_to_in(sentence, told):
            continue
        for person in question.speakers:
            if person[:1].isupper() and speaks_in(sentence, people.names(person)):
                carrying = (
                    c
                    for c in candidates
                    if c.quote and c.article.id == candidate.article.id
                    if candidate.span in c.sentence and len(c.sentence) <= LONG
                )
                whole = next(carrying, candidate).sentence
                found.append(replace(candidate, speaker=person, span=whole, sentence=whole))
                break
    return found[:1]


def _circumstance(topic: str) -> bool:
    """Whether a topic only says on which occasion ("at the start of their talks")."""
    return bool(re.match(r"(?:at|in|during|after|before|when|while|on)\b", topic))


def _prominence(evidence: Evidence) -> tuple[object, ...]:
    """With no topic given: plain speech before mere naming, stated before inferred, in order."""
    quote = evidence.quote
    assert quote is not None
    inferred = bool(quote.addressees) and all(a.basis == "inferred" for a in quote.addressees)
    return (quote.tier != "speech", inferred, evidence.article.id, evidence.span)


def _chosen(question: Question, ranked: list[Evidence], people: _People) -> list[Evidence]:
    """The best of each asked person, and what stands beside it; nothing said twice."""
    if not question.several:
        return _beside(question, ranked)
    groups = [
        [c for c in ranked if people.speaks(c, (s,)) or c.speaker == s] for s in question.speakers
    ]
    groups = sorted((g for g in groups if g), key=lambda g: -g[0].score)
    return [e for g in groups[:GROUP] for e in _beside(question, g)[:2]]


def _beside(question: Question, ranked: list[Evidence]) -> list[Evidence]:
    """The best statement, and others about as good: a few, or one an article over time."""
    if question.over_time:
        first: dict[str, Evidence] = {}
        for item in ranked:
            first.setdefault(item.article.id, item)
        return sorted(
            _distinct(first.values())[:MOST], key=lambda e: (e.article.published, e.article.id)
        )
    if not (question.topic or question.words or question.context):
        return _distinct(ranked)[:MOST]
    best = ranked[0]
    same = (best, *(e for e in ranked[1:] if _continues(e, best)))
    return _distinct(
        (
            *(same if not question.topic else same[:1]),
            *(e for e in ranked if question.topic and _follows_directly(e, best)),
            *(e for e in ranked[1:] if _stands_beside(e, best)),
        )
    )[:MOST]


def _continues(evidence: Evidence, best: Evidence) -> bool:
    """Whether a statement stands in the same sentence, by the same speaker."""
    return (
        _same_speaker(evidence, best)
        and evidence.article.id == best.article.id
        and evidence.sentence.overlaps(best.sentence)
    )


def _follows_directly(evidence: Evidence, best: Evidence) -> bool:
    """Whether the next sentence gives the words for what is only reported in this one."""
    said, reported = evidence.quote, best.quote
    return (
        bool(said and reported and said.kind == "direct" and reported.kind == "indirect")
        and _same_speaker(evidence, best)
        and evidence.article.id == best.article.id
        and 0 <= evidence.span.start - best.sentence.end <= NEXT
    )


def _stands_beside(evidence: Evidence, best: Evidence) -> bool:
    """Whether a further statement is about as good as the best one."""
    share = CLOSE if evidence.article.id == best.article.id else OTHER_DAY
    if _continues(evidence, best):
        share = 0.5
    return evidence.score >= share * best.score


def _distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Without statements that lie within one that is there; the same words elsewhere are
    copies of it."""
    kept: list[Evidence] = []
    for item in evidence:
        words_ = fold(item.span.slice(item.article.text)).strip(" .,;\"'")
        for at, other in enumerate(kept):
            if other.article.id == item.article.id and other.span.overlaps(item.span):
                break
            theirs = fold(other.span.slice(other.article.text)).strip(" .,;\"'")
            if theirs == words_:
                if item.article.id not in {other.article.id, *(a.id for a in other.copies)}:
                    kept[at] = replace(other, copies=(*other.copies, item.article))
                break
        else:
            kept.append(item)
    return kept


# -- whose words these are -------------------------------------------------------------


def _who_said(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """Whose words these are."""
    statements = _told(question, _asserted(candidates), people)
    if question.speakers:
        statements = [c for c in statements if people.speaks(c, question.speakers)]
    if question.addressees and not question.topic and not question.words:
        acted = [c for c in statements if c.quote and c.quote.act == question.act]
        return _listed(acted or statements, candidates, people, question)
    if question.words and len(question.words.split()) > 1:
        wanted = fold(question.words).strip(" .,;:!?'\"")
        exact = [c for c in statements if wanted in fold(_content(c))]
        likeness = {id(c): fuzz.partial_ratio(wanted, fold(_content(c))) for c in statements}
        near = sorted(statements, key=lambda c: -likeness[id(c)])
        close = [c for c in near if likeness[id(c)] >= REMEMBERED and len(wanted) > 12]
        if exact or close:
            return Ranking(tuple(_distinct(_shortest_first(exact) or close)[:1]))
        unquoted = [
            c
            for c in candidates
            if c.quote is None and wanted in fold(c.span.slice(c.article.text))
        ]
        if unquoted:
            return Ranking((_with_speaker(unquoted[0], candidates, people, question),))
        if not question.topic:
            return Ranking((), "words not found", _nearest(statements))
    asked = set(words(question.topic))
    scored = [
        replace(c, score=c.score - NAMED) if not question.speakers and _is_named(c, asked) else c
        for c in statements
    ]
    found = sorted((c for c in scored if c.score >= WHOSE), key=_merit)
    if question.act and not question.speakers:
        best = found[0].score if found else WHOSE
        bare = [
            c
            for c in candidates
            if c.quote is None
            and c.score >= best + PLAINER
            and question.act in _acts_named(c.span.slice(c.article.text))
        ]
        if bare:
            return Ranking((_with_speaker(bare[0], candidates, people, question),))
    if not found:
        return Ranking((), "words not found", _nearest(statements))
    return Ranking(tuple(_distinct(found)[:1]))


def _listed(
    found: list[Evidence], candidates: list[Evidence], people: _People, question: Question
) -> Ranking:
    """Everybody who said something to somebody, or that nobody did."""
    if found:
        return Ranking(tuple(_distinct(sorted(found, key=_prominence))[:MOST]))
    near = [c for c in candidates if people.speaks(c, question.addressees)]
    return Ranking((), "never to that addressee", _nearest(near or _asserted(candidates)))


def _is_named(evidence: Evidence, asked: set[str]) -> bool:
    """Whether the question's own words name the speaker of a statement."""
    speaker = evidence.quote.speaker if evidence.quote else None
    name = words(speaker.name) if speaker and speaker.name else []
    relayed = evidence.quote is not None and evidence.quote.chain
    return bool(name) and name[-1] in asked and not relayed


def _content(evidence: Evidence) -> str:
    assert evidence.quote is not None
    return " ".join(s.slice(evidence.article.text) for s in evidence.quote.content)


def _shortest_first(evidence: list[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda c: (len(c.span), c.article.id, c.span))


def _narrowed(question: Question, evidence: Evidence) -> Evidence:
    """Evidence cut down to the piece that holds the words asked for, or, if it is very
    long, to the sentence with most of the topic."""
    quote, text = evidence.quote, evidence.article.text
    if quote is None or evidence.span != quote.span:
        return evidence
    asked = content_stems(f"{question.topic} {question.words}") or content_stems(question.context)
    held = [len(content_stems(p.slice(text)) & asked) for p in quote.content]
    if len(held) > 1 and max(held) and re.search(r"[.!?]\s", _gap(quote, text)):
        kept = [p for p, n in zip(quote.content, held, strict=True) if 2 * n >= max(held)]
        quote = replace(quote, content=tuple(kept))
        evidence = replace(evidence, span=quote.span, quote=quote)
    if len(evidence.span) <= LONG:
        return evidence
    pieces = list(_sentences(evidence.span, text))
    best = max(pieces, key=lambda s: (len(content_stems(s.slice(text)) & asked), -s.start))
    return replace(evidence, span=best, quote=replace(quote, content=(best,)))


def _gap(quote: Quote, text: str) -> str:
    """What stands between the pieces of a quotation."""
    pairs = itertools.pairwise(quote.content)
    return " ".join(text[a.end : b.start] for a, b in pairs)


def _sentences(span: Span, text: str) -> Iterable[Span]:
    """A stretch of text cut behind full stops: enough to shorten an overlong quotation."""
    start = span.start
    for match in re.finditer(r"[.!?][\"”’']*\s+", text[span.start : span.end]):
        end = span.start + match.end()
        yield Span(start, span.start + len(text[span.start : end].rstrip()))
        start = end
    if start < span.end:
        yield Span(start, span.end)


# -- according to whom, when, where, to whom -------------------------------------------


def _according_to(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """Who passed the words on: statements with a chain come first."""
    found = [c for c in _asserted(candidates) if c.score >= ABOUT]
    if question.speakers:
        own = [c for c in found if people.speaks(c, question.speakers)]
        found = own or [c for c in found if _concerns(c, question.speakers)]
    found.sort(key=lambda c: -c.score - (0.2 if c.quote and c.quote.chain else 0.0))
    plainer = [
        c
        for c in candidates
        if c.quote is None
        and c.score >= (found[0].score + PLAINER if found else ABOUT)
        and _RELAYING.search(c.span.slice(c.article.text))
        and (not question.speakers or _speaks_plainly(c, question, people))
    ]
    if plainer and not (found and found[0].quote and found[0].quote.chain):
        return Ranking((_with_speaker(plainer[0], candidates, people, question),))
    if not found:
        return Ranking((), "words not found", _nearest(_asserted(candidates)))
    return Ranking(tuple(_distinct(found)[:1]))


_RELAYING = re.compile(
    r"\b(?:quot(?:ed|es|ing)|cit(?:ed|es|ing)|according\s+to|report(?:ed|s)|announced|told|said|says)\b",
    re.IGNORECASE,
)


def _speaks_plainly(evidence: Evidence, question: Question, people: _People) -> bool:
    sentence = evidence.span.slice(evidence.article.text)
    return any(speaks_in(sentence, people.names(s)) for s in question.speakers)


def _situation(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """When or where: the sentence that carries the statement, or one beside it that tells."""
    theirs = [c for c in _asserted(candidates) if people.speaks(c, question.speakers)]
    told = _told(question, theirs, people)
    about = [c for c in told if c.score >= (TOLD if question.addressees else ABOUT)]
    sentence = _best_sentence(question, candidates, people)
    if about and not (sentence and sentence[0].score > about[0].score + ACTED):
        return Ranking((_telling(question, about[0], [*theirs, *candidates]),))
    if sentence:
        return Ranking(sentence)
    return Ranking((), "not about that", _nearest(theirs or candidates))


def _telling(question: Question, best: Evidence, others: Sequence[Evidence]) -> Evidence:
    """The whole sentence of a statement if it tells when or where, else the nearest that does."""
    beside = sorted(
        (o for o in others if o.article.id == best.article.id),
        key=lambda o: (abs(o.span.start - best.span.start), o.span),
    )
    cast = (*question.speakers, *question.addressees)
    for item in (best, *beside):
        if _same_speaker(item, best) and _tells(question, item):
            return replace(item, span=item.sentence)
    for item in beside:
        sentence = item.span.slice(item.article.text)
        told = (_DATE if question.kind == "when" else _PLACE).search(sentence)
        if item.quote is None and told and len(cast) > 1 and _names_all(sentence, cast):
            return item
    return replace(best, span=best.sentence)


def _same_speaker(a: Evidence, b: Evidence) -> bool:
    mine, theirs = a.quote and a.quote.speaker, b.quote and b.quote.speaker
    return bool(mine and theirs and mine.name and mine.name == theirs.name)


def _names_all(sentence: str, cast: Sequence[str]) -> bool:
    found = set(words(sentence))
    return all(words(name)[-1:] and words(name)[-1] in found for name in cast)


def _tells(question: Question, evidence: Evidence) -> bool:
    """Whether the words around a statement name a time, or a place."""
    quote, text = evidence.quote, evidence.article.text
    if quote is None:
        return False
    if quote.time if question.kind == "when" else quote.place:
        return True
    around = text[evidence.sentence.start : evidence.sentence.end]
    for piece in quote.content:
        around = around.replace(piece.slice(text), " ")
    return bool((_DATE if question.kind == "when" else _PLACE).search(around))


def _best_sentence(
    question: Question, candidates: list[Evidence], people: _People
) -> tuple[Evidence, ...]:
    """The best sentence on the topic, one that names a time or place before others."""

    def worth(evidence: Evidence) -> float:
        sentence = evidence.sentence.slice(evidence.article.text)
        stated = bool(_DATE.search(sentence)) if question.kind == "when" else " in " in sentence
        return evidence.score + 0.1 * stated

    cast = (*question.speakers, *question.addressees)
    found = [
        c
        for c in candidates
        if c.score >= FACT and _not_denied(c) and (not cast or _concerns(c, cast))
    ]
    found.sort(key=lambda c: -worth(c))
    return tuple(_with_speaker(c, candidates, people, question) for c in found[:1])


def _circumstances(
    question: Question, candidates: list[Evidence], context: Sequence[Evidence]
) -> Ranking:
    """When, where, according to whom "that" was: the evidence of the answer before, whole."""
    best = context[0]
    if question.kind == "according_to":
        return Ranking((best,))
    return Ranking((_telling(question, best, candidates),))


def _concerns(evidence: Evidence, names: Iterable[str]) -> bool:
    """Whether a sentence names, by any word of a name, one of these people."""
    found = content_stems(evidence.sentence.slice(evidence.article.text))
    return any(content_stems(name) & found for name in names)


def _to_whom(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """To whom somebody spoke: statements with an addressee, else the sentence that tells."""
    theirs = [c for c in candidates if people.speaks(c, question.speakers)]
    told = [
        c
        for c in _asserted(theirs)
        if c.quote is not None and c.quote.addressees and (not question.topic or c.score >= WHOSE)
    ]
    sentence = _fact(question, candidates, people)
    if sentence.evidence and (not told or sentence.evidence[0].score > told[0].score):
        return sentence
    if told:
        return Ranking(tuple(_distinct(told)[:2]))
    if not theirs:
        return _nothing(question, candidates, people)
    return Ranking((), "not about that", _nearest(theirs))


def _fact(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """The sentence that says it, whoever does."""
    asked = bool(set(words(question.text)[:4]) & set(asking("en").asker_words))
    if _FIGURE_ASKED.search(question.text):
        candidates = sorted((_with_figure(c) for c in candidates), key=_merit)
    denied = [c for c in candidates if not _not_denied(c) and _asks_for(c, question)]
    found = [c for c in candidates if c.score >= FACT and (asked or c.overlap >= KEYWORDS)]
    if _NEGATION.search(question.text):  # "who does not believe it": not whoever does
        found = [c for c in found if _NEGATION.search(c.sentence.slice(c.article.text))]
    found.sort(
        key=lambda c: (
            _concerns(c, question.excluded),
            -c.overlap * WORDS - c.score * (1 - WORDS),
            *_merit(c),
        )
    )
    if not found or any(
        d.article.id == found[0].article.id and d.sentence.overlaps(found[0].sentence)
        for d in denied
    ):
        reason: Reason = "not about that" if asked else "question not understood"
        return Ranking((), reason, _nearest(candidates))
    return Ranking((_with_speaker(found[0], candidates, people, question),))


_NEGATION = re.compile(r"\b(?:not|never|no|nobody|neither|cannot)\b|n['’]t\b", re.IGNORECASE)
_FIGURE_ASKED = re.compile(
    r"\bhow\s+(?:many|much|long|old|far|big|large|high|often|tall|wide|deep)\b|\bwhat\s+(?:share|number"
    r"|percentage|proportion|price|age|year)\b",
    re.IGNORECASE,
)


def _with_figure(evidence: Evidence) -> Evidence:
    """A sentence with a figure counts for more where a figure is asked for."""
    figure = re.search(r"\d", evidence.sentence.slice(evidence.article.text))
    return replace(evidence, score=evidence.score + FIGURE) if figure else evidence


def _asks_for(evidence: Evidence, question: Question) -> bool:
    """Whether the question asks for the very act that a sentence says was not done."""
    quote, text = evidence.quote, evidence.article.text
    cue = content_stems(quote.cue.slice(text)) if quote and quote.cue else frozenset()
    return bool(cue & content_stems(question.text))


def _not_denied(evidence: Evidence) -> bool:
    return evidence.quote is None or evidence.quote.modality == "asserted"


def _with_speaker(
    evidence: Evidence, candidates: list[Evidence], people: _People, question: Question
) -> Evidence:
    """The whole sentence, under the name of whoever makes the statement in it.

    That is the asked person if they speak in it, else whoever does what was asked for
    ("who agreed"), else whoever's words are most of it.
    """
    if evidence.quote is not None:
        return replace(evidence, span=evidence.sentence)
    inside = [
        c
        for c in _asserted(candidates)
        if c.article.id == evidence.article.id and c.span.overlaps(evidence.span)
    ]
    own = [c for c in inside if people.speaks(c, question.speakers)]
    done = [c for c in inside if question.act and _acts(c, question.act)]
    for found in (own, done):
        if found:
            best = max(found, key=lambda c: len(c.span))
            return replace(evidence, quote=best.quote, span=_whole(evidence, best))
    best_inside = max(inside, key=lambda c: len(c.span), default=None)
    if best_inside and 2 * len(best_inside.span) > len(evidence.span):
        span = _whole(evidence, best_inside)
        return replace(evidence, quote=best_inside.quote, span=span)
    sentence = evidence.span.slice(evidence.article.text)
    named = (w for w in question.speakers if speaks_in(sentence, people.names(w)))
    return replace(evidence, speaker=next(named, ""))


def _whole(evidence: Evidence, statement: Evidence) -> Span:
    """The sentence, or all that carries the quotation of which it is a part."""
    carrying = statement.sentence
    return carrying if evidence.span in carrying and len(carrying) <= LONG else evidence.span


# -- nothing ---------------------------------------------------------------------------


def _nothing(question: Question, candidates: list[Evidence], people: _People) -> Ranking:
    """Why the asked people have no statement."""
    if not question.speakers:
        return Ranking((), "not about that", _nearest(_asserted(candidates)))
    known = [s for s in question.speakers if s not in question.unknown]
    reason: Reason = "never quoted" if known else "person not in the corpus"
    told = [c for c in _asserted(candidates) if people.is_told(c, question.speakers)]
    return Ranking((), reason, _nearest(told or _asserted(candidates)))


def _nearest(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(_distinct(e for e in evidence if e.quote is not None)[:3])
