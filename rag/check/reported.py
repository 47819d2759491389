"""Statements that a draft tells in its own words: whether a passage supports them.

They are put to the ranking as a question for yes or no, whose judge gives the probability that
the archive answers it.  A passage of the draft's speaker supports them if it is also near by
the meaning of its words: the late interaction of the word pieces and the cosine of the whole
(rag/retrieval/late.py).  What is near in its words may yet say the reverse, so that figures and
negations are compared; nothing here is ever exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answering.verify import citation_of
from rag.check.draft import Claim
from rag.check.people import Company
from rag.check.tokens import is_negation, number, source_keys
from rag.check.types import DiffPart, Finding, Verdict
from rag.people import content_stems
from rag.ranking.duplicates import without_repetitions
from rag.ranking.features import best_match, features
from rag.ranking.judge import judge
from rag.ranking.rank import candidates_to_weigh
from rag.ranking.statements import asserted, content
from rag.ranking.vetoes import vetoed
from rag.retrieval.retrieve import retrieve
from rag.types import Evidence, Question, listed

if TYPE_CHECKING:
    from rag.pipeline import Reader

SUPPORTED = 0.65
"""Nearness from which a passage supports a statement: late interaction and half the cosine."""

OTHER_SPEAKER_NEARNESS = 0.95
"""Nearness from which a passage of somebody else is taken for the statement, whose words then
stand under a wrong name."""

LIKELY = 0.5
"""Probability of an answer, by the judge, below which nothing is taken for support."""

ALIKE = 0.65
"""Share of the words of a statement in a passage from which a negation more or less tells that
the two say the reverse; with fewer, it may be another way to say one thing."""

_CLAUSE_BREAK = re.compile(
    r"[.!?;:—]|,\s*(?=(?:and|or|no\w*)\b)|\b(?=(?:but|because|although|though|while|whereas)\b)",
    re.IGNORECASE,
)
_NOT_FIGURES = frozenset({"1"})
"""Words for these are more often no figures ("one of them")."""


class Paraphrases:
    """Looks for the support of statements in one state of an index."""

    def __init__(self, reader: Reader, company: Company) -> None:
        self._reader = reader
        self._company = company

    def finding(self, claim: Claim, text: str) -> Finding:
        """The verdict on a statement in a draft's own words."""
        words = " ".join(" ".join(p.slice(text) for p in claim.pieces).split())
        words = words.removeprefix("that ")
        if not claim.english:
            note = "The draft is not in English here, and was not compared."
            return claim.finding(Verdict.UNCLEAR, notes=(note,))
        if not claim.speaker:
            note = "The draft does not say who speaks."
            return claim.finding(Verdict.UNCLEAR, notes=(note,))
        question = self._question(claim, words)
        candidates = self._candidates(question)
        probability = self._probability(question, candidates)
        stated = asserted(candidates)
        people = self._reader.people
        own = [c for c in stated if people.speaks(c, question.speakers)]
        best = max(own, key=nearness, default=None)
        other = max((c for c in stated if c not in own), key=nearness, default=None)
        if best is not None and nearness(best) >= SUPPORTED and probability >= LIKELY:
            return self._compared(claim, words, best, probability)
        if other is not None and nearness(other) >= OTHER_SPEAKER_NEARNESS:
            return self._of_another(claim, other)
        return self._found(claim, Verdict.NOTHING_FOUND, best or other, probability)

    def _question(self, claim: Claim, words: str) -> Question:
        people = tuple(sorted(self._company.meant(claim.speaker or ""))) or (claim.speaker or "",)
        return Question(
            f"Did {claim.speaker} say that {words}?",
            "said",
            speakers=people,
            topic=words,
            closed=True,
            named=people,
        )

    def _candidates(self, question: Question) -> list[Evidence]:
        """Return what may support the statement, by any speaker."""
        reader, anybody = self._reader, replace(question, speakers=())
        return retrieve(anybody, reader.generation, reader.embedder, reader.people)

    def _probability(self, question: Question, candidates: Sequence[Evidence]) -> float:
        """That the best of the candidates answers, by the judge; 0 if there is none."""
        people = self._reader.people
        weighed = without_repetitions(
            candidates_to_weigh([c for c in candidates if not vetoed(question, c, people)])
        )
        if not weighed:
            return 0.0
        table = features(question, weighed, people)
        scores = judge().scores(table)
        return judge().probability(question, table, scores, best_match(candidates))

    def _compared(self, claim: Claim, words: str, best: Evidence, probability: float) -> Finding:
        """Supported, unless a figure differs, or the two say the reverse of each other."""
        said = content(best)
        around = best.sentence.slice(best.article.text)
        known = _figures(f"{said} {around}")
        missing = [f for f in _figures(words) if f not in known]
        if missing:
            part = DiffPart("changed", ", ".join(missing), ", ".join(_figures(said)), "number")
            note = f"The draft says {listed(missing)}, which the passage does not."
            return self._found(claim, Verdict.DIFFERS, best, probability, (part,), (note,))
        if is_reverse(words, said):
            part = DiffPart("changed", words, " ".join(said.split()), "negation")
            note = "One of the two has a negation that the other has not."
            return self._found(claim, Verdict.DIFFERS, best, probability, (part,), (note,))
        return self._found(claim, Verdict.SUPPORTED, best, probability)

    def _of_another(self, claim: Claim, other: Evidence) -> Finding:
        found = self._found(claim, Verdict.OTHER_SPEAKER, other, None)
        name = found.passages[0].speaker or "somebody unnamed"
        return replace(found, notes=(f"On record from {name}.",), turned=True)

    def _found(
        self,
        claim: Claim,
        verdict: Verdict,
        passage: Evidence | None,
        probability: float | None,
        diff: tuple[DiffPart, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Finding:
        passages = (citation_of(1, passage, self._reader.generation.catalog),) if passage else ()
        return claim.finding(
            verdict, passages=passages, notes=notes, diff=diff, probability=probability
        )


def nearness(item: Evidence) -> float:
    """How near a candidate is to a statement by its words: from 0 to 1.5."""
    return item.late.words + item.similarity / 2


_TIMES = {"twice": "2", "double": "2", "both": "2", "pair": "2", "couple": "2", "dozen": "12"}


def _figures(text: str) -> list[str]:
    """The figures of a text, each once, words for them as figures."""
    found = (_TIMES.get(key) or number(key) for key in source_keys(text))
    return [f for f in dict.fromkeys(found) if f and f not in _NOT_FIGURES and f[-1].isdigit()]


def is_reverse(claim: str, said: str) -> bool:
    """Whether two statements have most words in common, and one a negation more."""
    wanted = content_stems(claim)
    clauses = [c for c in _CLAUSE_BREAK.split(said) if content_stems(c) & wanted] or [said]
    together = " ".join(clauses)
    if len(wanted & content_stems(together)) < ALIKE * len(wanted):
        return False
    return _negations(claim) != _negations(together)


def _negations(text: str) -> int:
    """Whether an odd number of negations stands in a text."""
    return sum(map(is_negation, source_keys(text))) % 2
