"""Statements that a draft tells in its own words: whether a passage supports them.

They are put to the ranking as a question for yes or no, whose judge gives the probability that
the archive answers it.  A passage of the draft's speaker supports them if it is also near by
the meaning of its words: the late interaction of the word pieces and the cosine of the whole
(rag/retrieval/late.py).  What is near in its words may yet say the reverse, so that figures and
negations are compared; nothing here is ever exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answering.verify import citation_of
from rag.check.difference import Difference, difference, has_figures, names_beyond
from rag.check.draft import Claim
from rag.check.people import Company
from rag.check.types import DiffPart, Finding, Verdict
from rag.ranking.duplicates import without_repetitions
from rag.ranking.features import best_match, features
from rag.ranking.judge import judge
from rag.ranking.polarity import denies
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
        best = _passage_with_figures(own, words)
        other = max((c for c in stated if c not in own), key=nearness, default=None)
        elsewhere = (
            other is not None
            and nearness(other) >= OTHER_SPEAKER_NEARNESS
            and not _difference_of_passage(claim, words, other)
        )
        if best is not None and nearness(best) >= SUPPORTED and probability >= LIKELY:
            found = self._compared(claim, words, best, probability)
            nearer = other is not None and nearness(other) > nearness(best)
            if found.verdict is not Verdict.DIFFERS or not (elsewhere and nearer):
                return found
        if elsewhere and other is not None:
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
        """Supported, unless something differs, or was said to somebody else."""
        found = _difference_of_passage(claim, words, best)
        if found:
            part, note = found
            return self._found(claim, Verdict.DIFFERS, best, probability, (part,), (note,))
        heard = best.quote is not None and any(m.name for m in best.quote.addressees)
        if heard and self._company.addressee(claim, best.quote) == "other":
            other = self._found(claim, Verdict.OTHER_ADDRESSEE, best, probability)
            told = listed(other.passages[0].addressees)
            return replace(other, notes=(f"On record as said to {told}.",))
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


def _passage_with_figures(own: Sequence[Evidence], words: str) -> Evidence | None:
    """Return the passage that is nearest to a statement, of those that are near enough one that
    has its figures first; None if there is none."""

    def order(item: Evidence) -> tuple[bool, float]:
        near = nearness(item) >= SUPPORTED
        return near and has_figures(words, f"{content(item)} {_sentences_beside(item)}"), nearness(
            item
        )

    return max(own, key=order, default=None)


def _difference_of_passage(claim: Claim, words: str, item: Evidence) -> Difference | None:
    """Return in what a passage differs from a statement; None if in nothing."""
    article, quote = item.article, item.quote
    denied = quote is not None and denies(quote)
    names = names_beyond(words, f"{article.title}\n{article.text}")
    return difference(words, claim.denies, content(item), denied, _sentences_beside(item), names)


def _sentences_beside(item: Evidence) -> str:
    """Return the sentences of a passage, with the one before them in its paragraph, of which
    they may say "them" or "it"."""
    text, start = item.article.text, item.sentence.start
    before = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
    at = max(before.rfind(f"{mark} ", 0, len(before)) for mark in ".!?")
    return f"{before[at + 1 :]} {item.sentence.slice(text)}"


def nearness(item: Evidence) -> float:
    """How near a candidate is to a statement by its words: from 0 to 1.5."""
    return item.late.words + item.similarity / 2
