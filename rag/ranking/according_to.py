"""According to whom: the one who passed the words on."""

from __future__ import annotations

import re

from rag.ranking.cast import Cast, concerns
from rag.ranking.refusal import nearest
from rag.ranking.selection import distinct
from rag.ranking.statements import asserted
from rag.ranking.thresholds import ABOUT, PLAINER
from rag.ranking.unquoted import speaks_plainly, with_speaker
from rag.types import Evidence, Question, Ranking

_RELAYING = re.compile(
    r"\b(?:quot(?:ed|es|ing)|cit(?:ed|es|ing)|according\s+to|report(?:ed|s)|announced|told|said|says)\b",
    re.IGNORECASE,
)


def according_to(question: Question, candidates: list[Evidence], cast: Cast) -> Ranking:
    """Who passed the words on: statements with a chain come first."""
    found = [c for c in asserted(candidates) if c.score >= ABOUT]
    if question.speakers:
        own = [c for c in found if cast.speaks(c, question.speakers)]
        found = own or [c for c in found if concerns(c, question.speakers)]
    found.sort(key=lambda c: -c.score - (0.2 if c.quote and c.quote.chain else 0.0))
    plainer = [
        c
        for c in candidates
        if c.quote is None
        and c.score >= (found[0].score + PLAINER if found else ABOUT)
        and _RELAYING.search(c.span.slice(c.article.text))
        and (not question.speakers or speaks_plainly(c, question, cast))
    ]
    if plainer and not (found and found[0].quote and found[0].quote.chain):
        return Ranking((with_speaker(plainer[0], candidates, cast, question),))
    if not found:
        return Ranking((), "words not found", nearest(asserted(candidates)))
    return Ranking(tuple(distinct(found, 1)))
