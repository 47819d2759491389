"""Late interaction of a question with its candidates, by the vectors of word pieces.

Each word piece of the question counts with the word piece of a text that is nearest to it
(Khattab & Zaharia 2020), rare ones counting more.  A candidate is compared as it stands, with
its sentence, with the words that introduce its speaker, and with what stands before it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding.tokens import TokenVectors
from index.embedding.tokens_across import TokensAcross
from index.search.bm25 import CONTEXT_CHARACTERS
from rag.ranking.statements import introduction_of
from rag.types import Evidence, Late

COMPARED = 250
"""Candidates that are compared: those nearest by their words and their passage's meaning."""

RARE = 0.7
"""Share of the weight of the rarest word of a topic from which a word counts as rare."""

VectorRows = NDArray[np.float32]
TextPlace = tuple[str, int, int]
"""The id of an article, and the first and last offset of a stretch of its text."""


def compared(
    found: Sequence[Evidence],
    tokens: TokensAcross,
    topic: TokenVectors | None,
    question: TokenVectors | None,
) -> list[Evidence]:
    """Return the candidates in their order, each with its late interaction; vetoed ones unchanged.

    ``topic`` are the word pieces of what the question is about, ``question`` those of all of it;
    None for an embedder that has none.
    """
    if topic is None or question is None or not tokens:
        return list(found)
    chosen = [n for n, item in enumerate(found) if not item.vetoed]
    if len(chosen) > COMPARED:
        nearest = sorted(chosen, key=lambda n: -(found[n].overlap + found[n].similarity))
        chosen = sorted(nearest[:COMPARED])
    if not chosen:
        return list(found)
    items = [found[n] for n in chosen]
    places: dict[TextPlace, int] = {}
    own, sentence, introduced, before = np.array(
        [_stretch_numbers(item, places) for item in items]
    ).T
    best = tokens.similarities(TokenVectors.together([topic, question]), list(places))
    of_topic, of_question = best[:, : len(topic.ids)], best[:, len(topic.ids) :]
    weights, all_weights = tokens.weights(topic), tokens.weights(question)
    with_speaker = np.maximum(of_question[sentence], of_question[introduced])
    signals = (
        _mean(of_topic[own], weights),
        of_topic[own][:, weights >= RARE * weights.max(initial=0)].min(axis=1, initial=1),
        _mean(of_topic[sentence], weights),
        _mean(of_question[sentence], all_weights),
        _mean(with_speaker, all_weights),
        _mean(np.maximum(with_speaker, of_question[before]), all_weights),
    )
    result = list(found)
    for n, item, *values in zip(chosen, items, *(s.tolist() for s in signals), strict=True):
        result[n] = item.compared(Late(*values))
    return result


def _stretch_numbers(item: Evidence, places: dict[TextPlace, int]) -> tuple[int, int, int, int]:
    """Return the numbers of the four stretches that each candidate is compared with, every stretch
    counted once.

    The stretches are the candidate's words, its sentence, its speaker's introduction and what
    stands before the sentence; the sentence stands in for a missing one.
    """

    def number(start: int, end: int) -> int:
        return places.setdefault((article, start, end), len(places))

    article, span, around = item.article.id, item.span, item.sentence
    sentence = number(around.start, around.end)
    first = introduction_of(item)
    introduced = number(first.start, first.end) if first else sentence
    before = (
        number(max(0, around.start - CONTEXT_CHARACTERS), around.start)
        if around.start
        else sentence
    )
    return number(span.start, span.end), sentence, introduced, before


def _mean(rows: VectorRows, weights: VectorRows) -> VectorRows:
    """Return the mean of each row by these weights; 0 if they are all 0."""
    means: VectorRows = rows @ weights / max(float(weights.sum()), 1e-9)
    return means
