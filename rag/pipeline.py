"""The read path as plain functions: understand, gather, order, write, confirm.

    Request -> Understood -> Retrieved -> Ranked -> Draft -> Answer

Each step takes the frozen value that the step before it returned.  ``stream`` runs the steps
and yields what each has to show; ``rag/chain.py`` makes a LangChain runnable of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.embedding.embed import Embedder
from index.storage.snapshot import Generation
from rag.answering.compose import compose
from rag.answering.examples import SUGGESTED, examples
from rag.answering.verify import findings, verify_answer
from rag.people import Directory
from rag.question.reader import conversation, read
from rag.ranking.duplicates import with_copies
from rag.ranking.rank import KnownPeople, joined_rankings, points_back, rank
from rag.retrieval.retrieve import retrieve
from rag.types import (
    Answer,
    Draft,
    Event,
    Evidence,
    Filters,
    Prose,
    Question,
    Ranking,
    Reading,
    Turn,
)

if TYPE_CHECKING:
    from rag.llm.guest import Visit

K = 8
"""Citations of an answer at most, unless another number is asked for."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Reader:
    """What the steps read from: one generation, its people, and the embedder."""

    generation: Generation
    directory: Directory
    people: KnownPeople
    embedder: Embedder

    @classmethod
    def of(cls, generation: Generation, embedder: Embedder) -> Reader:
        """Return the reader of a generation."""
        catalog = generation.catalog
        return cls(generation, Directory(catalog), KnownPeople(catalog.person_of), embedder)


@dataclass(frozen=True, slots=True)
class Request:
    """A question as it was put: its text, the turns before it (oldest first), the filters
    that the asker fixed, and how many passages may be cited."""

    text: str
    history: Sequence[Turn] = ()
    filters: Filters | None = None
    k: int = K


@dataclass(frozen=True, slots=True)
class Understood:
    """A request and how its question was read; ``earlier`` is the question of the turn before."""

    request: Request
    question: Question
    earlier: Question | None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The candidates that may answer a question.

    ``context`` is the evidence that answered the turn before, where the question points back
    to it; else it is empty.
    """

    request: Request
    question: Question
    candidates: Sequence[Evidence]
    context: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates that answer a question, best first, or the reason why none does."""

    request: Request
    question: Question
    ranking: Ranking
    context: Sequence[Evidence]


def understand(reader: Reader, request: Request) -> Understood:
    """Read the question of a request.  Raises InputError for an empty or overlong question."""
    earlier = conversation(request.history, reader.directory)
    question = read(request.text, earlier, reader.directory, request.filters)
    return Understood(request, question, earlier)


def gather(reader: Reader, understood: Understood) -> Retrieved:
    """Find the candidates for a question, and the evidence that it points back to."""
    question, earlier = understood.question, understood.earlier
    context: Sequence[Evidence] = ()
    if earlier is not None and points_back(question):
        context = rank(earlier, _candidates(reader, earlier), reader.people).evidence
    return Retrieved(understood.request, question, _candidates(reader, question), context)


def order(reader: Reader, retrieved: Retrieved) -> Ranked:
    """Choose and order at most ``k`` candidates, each with the articles that repeat it.

    Where nothing answers, a second reading of the question is tried.
    """
    question, ranking = retrieved.question, _ranking(reader, retrieved)
    if question.otherwise and not ranking.evidence:
        other = question.otherwise
        found = _ranking(
            reader, replace(retrieved, question=other, candidates=_candidates(reader, other))
        )
        if found.evidence:
            question, ranking = other, found
    return Ranked(
        retrieved.request,
        question,
        with_copies(ranking, reader.generation.catalog),
        retrieved.context,
    )


def consult(reader: Reader, visit: Visit, ranked: Ranked) -> Ranked:
    """Let a language model read a question that the rules could not read, and reorder evidence.

    The model's reading is taken only if it finds evidence.
    """
    question, ranking = ranked.question, ranked.ranking
    if other := visit.reading(question, ranking):
        candidates = _candidates(reader, other)
        found = _ranking(reader, Retrieved(ranked.request, other, candidates, ranked.context))
        if found.evidence:
            question, ranking = other, found
    ranking = replace(ranking, evidence=visit.ordered(question, ranking.evidence))
    return replace(ranked, question=question, ranking=ranking)


def write(reader: Reader, ranked: Ranked) -> Draft:
    """Put an answer together; one that is help has questions that the index answers."""
    wanted = ranked.question.kind == "help"
    return compose(ranked.question, ranked.ranking, suggestions(reader) if wanted else ())


def confirm(reader: Reader, draft: Draft) -> Answer:
    """Verify a draft against the stored articles: what does not hold is left out."""
    return verify_answer(draft, reader.generation.catalog)


def grow(reader: Reader, visit: Visit, draft: Draft) -> Iterator[Answer]:
    """Yield the verified answer at once, and again with each sentence of a language model."""
    yield from visit.answers(confirm(reader, draft))


def stream(reader: Reader, request: Request, visit: Visit | None = None) -> Iterator[Event]:
    """Yield what each step found as soon as it has found it; the last event is the Answer.

    No step runs before its reader asks for the next event, so whoever stops reading stops
    the work.  ``visit`` is a language model's visit for this question.
    """
    understood = understand(reader, request)
    yield Reading(understood.question)
    ranked = order(reader, gather(reader, understood))
    if visit is not None:
        ranked = consult(reader, visit, ranked)
    if ranked.question is not understood.question:
        yield Reading(ranked.question)
    yield findings(ranked.ranking, reader.generation.catalog)
    draft = write(reader, ranked)
    growing = grow(reader, visit, draft) if visit is not None else iter([confirm(reader, draft)])
    for answer in growing:
        yield Prose(answer.text, answer.lines)
    yield answer


def suggestions(reader: Reader, limit: int = SUGGESTED) -> tuple[str, ...]:
    """Return at most ``limit`` questions that the index answers."""

    def is_answered(question: str) -> bool:
        ranked = order(reader, gather(reader, understand(reader, Request(question))))
        return confirm(reader, write(reader, ranked)).status == "answered"

    return examples(reader.generation, is_answered, limit)


def _candidates(reader: Reader, question: Question) -> Sequence[Evidence]:
    """Return what may answer a question: nothing, where help is asked for."""
    if question.kind == "help":
        return ()
    return retrieve(question, reader.generation, reader.embedder, reader.people)


def _ranking(reader: Reader, retrieved: Retrieved) -> Ranking:
    """Rank the candidates of a question, and of those that were asked in one breath with it.

    At most ``k`` pieces of evidence are kept, and as many that come near.
    """
    question, k = retrieved.question, retrieved.request.k
    ranking = rank(question, retrieved.candidates, reader.people, retrieved.context)
    if not ranking.evidence:
        unread = reader.generation.catalog.unread()
        ranking = replace(ranking, unread=tuple(unread.items()))
    if question.also:
        further = (
            rank(also, _candidates(reader, also), reader.people, ranking.evidence)
            for also in question.also
        )
        ranking = joined_rankings([ranking, *further])
    left_out = max(0, len(ranking.evidence) - k)
    return replace(ranking, evidence=ranking.evidence[:k], near=ranking.near[:k], more=left_out)
