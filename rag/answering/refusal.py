"""Why there is nothing on record, in one plain sentence that says what was looked for."""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Question, Ranking, listed


def refusal(question: Question, ranking: Ranking) -> str:
    """Return the text of an answer without citations, which names the filter that caused it."""
    if question.either:
        return f"Whom do you mean: {listed(question.either, 'or')}?"
    reason = ranking.reason or "question not understood"
    if reason == "question not understood":
        return (
            "I could not tell who or what this asks about. Ask, for instance: "
            "what did A tell B about C?"
        )
    why = _why(question, reason)
    if ranking.unread:  # of these nothing can be said, and so nothing is
        why = why.replace("hese articles", "he articles in English")
        why += f" {_unread(ranking.unread)}"
    return f"Nothing on record{_limits(question)}. {why}"


def _unread(languages: Sequence[tuple[str, int]]) -> str:
    """How many articles were not read, and in which languages they are."""
    counts = [f"{n:,} in {language}" for language, n in languages]
    (_, first), *others = languages
    counts[0] = counts[0].replace(" in ", " article in " if first == 1 else " articles in ", 1)
    alone = first == 1 and not others
    return f"{listed(counts)} {'was' if alone else 'were'} not read, or not wholly."


def _why(question: Question, reason: str) -> str:
    speakers = listed(question.speakers) or "anybody"
    about = question.topic or question.words
    if reason == "not about that":
        if question.kind != "said" or not question.speakers:
            return "These articles do not say."
        if not about:
            return f"These articles report words of {speakers}, but none of that kind."
        return f"These articles report words of {speakers}, but none about “{about}”."
    return {
        "no articles": "The index holds no articles yet.",
        "person not in the corpus": (
            f"{listed(question.unknown) or speakers} "
            f"{'do' if len(question.unknown or question.speakers) > 1 else 'does'} not appear in "
            "these articles."
        ),
        "never quoted": f"These articles report no words of {speakers}.",
        "never to that addressee": (
            f"These articles report words of {speakers}, but none said to "
            f"{listed(question.addressees)}."
        ),
        "words not found": "These articles report nobody saying that.",
    }[reason]


def _limits(question: Question) -> str:
    """Return what limits the search, as the end of "nothing on record ..."."""
    since, until = question.since, question.until
    limits = []
    if since and until:
        limits.append(f"published in {since}" if since == until else f"from {since} to {until}")
    elif since or until:
        limits.append(f"since {since}" if since else f"until {until}")
    if question.outlet:
        limits.append(f"in {question.outlet}")
    if question.quote_kind:
        limits.append(f"among {question.quote_kind} quotes")
    return "".join(f" {limit}" for limit in limits)
