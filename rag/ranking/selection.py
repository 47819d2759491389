"""Which of the statements that fit are cited, and in which order."""

from __future__ import annotations

from collections.abc import Iterable

from rag.ranking.cast import Cast
from rag.ranking.copies import copied, merged
from rag.ranking.statements import continues, follows_directly
from rag.ranking.thresholds import CLOSE, GROUP, MOST, OTHER_DAY
from rag.types import Evidence, Question


def chosen(question: Question, ranked: list[Evidence], cast: Cast) -> list[Evidence]:
    """The best of each asked person, and what stands beside it; nothing said twice."""
    if not question.several:
        return _beside(question, ranked)
    groups = [
        [c for c in ranked if cast.speaks(c, (s,)) or c.speaker == s] for s in question.speakers
    ]
    groups = sorted((g for g in groups if g), key=lambda g: -g[0].score)
    found = (e for g in groups[:GROUP] for e in _beside(question, g)[:2])
    # What two of the asked people said together is in the group of each.
    return list({(e.article.id, e.span): e for e in found}.values())


def _beside(question: Question, ranked: list[Evidence]) -> list[Evidence]:
    """The best statement, and others about as good: a few, or one an article over time."""
    if question.over_time:
        first: dict[str, Evidence] = {}
        for item in ranked:
            first.setdefault(item.article.id, item)
        return sorted(
            distinct(first.values(), MOST), key=lambda e: (e.article.published, e.article.id)
        )
    if not (question.topic or question.words or question.context):
        return distinct(ranked, MOST)
    best = ranked[0]
    same = (best, *(e for e in ranked[1:] if continues(e, best)))
    return distinct(
        (
            *(same if not question.topic else same[:1]),
            *(e for e in ranked if question.topic and follows_directly(e, best)),
            *(e for e in ranked[1:] if _stands_beside(e, best)),
        ),
        MOST,
    )


def _stands_beside(evidence: Evidence, best: Evidence) -> bool:
    """Whether a further statement is about as good as the best one."""
    share = CLOSE if evidence.article.id == best.article.id else OTHER_DAY
    if continues(evidence, best):
        share = 0.5
    return evidence.score >= share * best.score


def distinct(evidence: Iterable[Evidence], most: int | None = None) -> list[Evidence]:
    """Without statements that lie within one that is there; the same statement in another
    article is a copy of it.  Of all of them, or of the first ``most``."""
    kept: list[Evidence] = []
    for item in evidence:
        for at, other in enumerate(kept):
            if other.article.id == item.article.id and other.span.overlaps(item.span):
                break
            if copied(item, other):
                kept[at] = merged(other, [item])
                break
        else:
            if most is None or len(kept) < most:
                kept.append(item)
    return kept
