"""How often late interaction alone puts the right words first, and what its short cuts cost.

    python tests/benchmarks/late.py --bench DIR [--work DIR] [--texts FILE]
    python tests/benchmarks/late.py --make index/embedding/minilm_tokens.npy

DIR is the benchmark folder of `make eval`.  Of the questions by other authors only the
development halves are read.  Asked are the answerable questions that follow no other; ranked
are the candidates that the program itself retrieves, by one signal and nothing else; a hit is
a first candidate that overlaps the gold words by half of the shorter of both.  ``agree`` is
the mean rank correlation (Spearman) with the scores of the costliest way.

    cosine              of the question and the candidate, each embedded by itself
    by itself, full     MaxSim in full precision, 384 dimensions, each candidate in a pass of its own
    by itself           the same from the model in 8-bit integers
    slice               the candidate's part of the pass that embedded its passage
    stored              the same as the index has it: in 128 dimensions of two bits
    ... coded           slices turned in other ways, in so many dimensions and bits

--texts names sentences, one a line, whose principal components are tried beside those of
the model's own word vectors.  --make writes the matrix that the program uses.
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from evaluate import QUESTIONS, articles_of, load_module, python, records, write
from numpy.typing import NDArray

from index.embedding import minilm, quantise
from index.embedding.minilm import MiniLM
from index.embedding.tokens import TokenVectors, coded, decoded, unit
from index.storage.snapshot import Generation
from index.types import Span
from rag.people import Directory
from rag.question.reader import conversation, read
from rag.ranking.participants import KnownPeople
from rag.retrieval.retrieve import retrieve
from rag.types import Evidence

Matrix = NDArray[np.float32]
Record = dict[str, Any]

DIMENSION = 128


def main() -> int:
    first, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=first, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bench", type=Path, help="folder with qa/, quotes/ and qa_handout/")
    parser.add_argument("--work", type=Path, help="keep the indexes in this folder")
    parser.add_argument("--texts", type=Path, help="sentences to take principal components of")
    parser.add_argument("--make", type=Path, metavar="FILE", help="write the program's matrix")
    options = parser.parse_args()
    if options.make:
        np.save(options.make, turned(of_words(), DIMENSION).astype(np.float16))
    if options.bench:
        with tempfile.TemporaryDirectory(prefix="onrecord-late-") as made:
            compare(options.bench.resolve(), options.work or Path(made), options.texts)
    return 0


# -- matrices --------------------------------------------------------------------------


def components(rows: Matrix) -> Matrix:
    """Directions in which unit rows differ most from zero, the first of them first, each with
    its largest part positive: a matrix of shape (dimension, dimension)."""
    whole = unit(rows).astype(np.float64)
    directions: Matrix = np.linalg.eigh(whole.T @ whole)[1][:, ::-1]
    largest = np.abs(directions).argmax(axis=0)
    return directions * np.sign(directions[largest, np.arange(len(largest))])


def of_words() -> Matrix:
    """The components of the model's own table of word vectors: no text is needed for them."""
    table: Matrix = quantise._read(minilm._model_folder())["embeddings.word_embeddings.weight"]
    return components(table)


def turned(directions: Matrix, width: int) -> Matrix:
    """The first so many directions, turned at random: each dimension then has the same
    deviation, so that one table of levels fits them all."""
    drawn = np.random.RandomState(0).normal(size=(width, width))  # a frozen sequence
    found: Matrix = directions[:, :width] @ np.linalg.qr(drawn)[0]
    return found


# -- passes ----------------------------------------------------------------------------


class Whole(MiniLM):
    """The model with its token vectors in all of their 384 dimensions."""

    full = False

    @functools.cached_property
    def _session(self) -> Any:
        import onnxruntime

        with tempfile.TemporaryDirectory() as made:
            full, int8 = Path(made) / "full.onnx", Path(made) / "int8.onnx"
            quantise._write_graph(quantise._read(minilm._model_folder()), full)
            quantise._quantise(full, int8)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            file = full if self.full else int8
            return onnxruntime.InferenceSession(file.read_bytes(), options)


class Full(Whole):
    """The same in full precision."""

    full = True


def kept(tokens: TokenVectors) -> Matrix:
    return tokens.vectors[~tokens.left_out]


@dataclass(frozen=True)
class Corpus:
    """An index, its questions, and the passes that its passages were made of."""

    name: str
    generation: Generation
    questions: list[Record]

    @functools.cached_property
    def passages(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for article, start, end in self.generation.catalog.rows(
            'SELECT article_id, "start", "end" FROM passages'
        ):
            found.setdefault(article, []).append(Span(start, end))
        return found

    def slice(self, model: MiniLM, candidate: Evidence) -> Matrix:
        """The candidate's word pieces in the passes of its passages, else in one of its own."""
        article, span = candidate.article, candidate.span
        parts = []
        for passage in self.passages.get(article.id, ()):
            if passage.overlaps(span):
                tokens = model.encode_query([passage.slice(article.text)]).tokens[0]
                at = tokens.starts + passage.start
                parts.append(
                    tokens.vectors[(at >= span.start) & (at < span.end) & ~tokens.left_out]
                )
        found = np.concatenate(parts) if parts else np.zeros((0, 384), np.float32)
        return found if len(found) else by_itself(model, candidate)


def by_itself(model: MiniLM, candidate: Evidence) -> Matrix:
    return kept(model.encode_query([candidate.span.slice(candidate.article.text)]).tokens[0])


Score = Callable[[Corpus, str, Sequence[Evidence]], Matrix]


def maxsim(
    model: MiniLM,
    rows: Callable[[Corpus, Evidence], Matrix],
    change: Callable[[Matrix], Matrix] = lambda rows: rows,
    code: bool = False,
) -> Score:
    """MaxSim weighted by inverse document frequency, over the rows of each candidate."""

    @functools.cache
    def held(corpus: str, article: str, start: int, end: int) -> list[Matrix]:
        return []

    def score(corpus: Corpus, question: str, candidates: Sequence[Evidence]) -> Matrix:
        asked = model.encode_query([question]).tokens[0]
        weights = corpus.generation.tokens.weights(asked)[~asked.left_out]
        turned = unit(change(kept(asked)))
        found = []
        for one in candidates:
            place = held(corpus.name, one.article.id, one.span.start, one.span.end)
            if not place:
                theirs = unit(change(rows(corpus, one)))
                place.append(decoded(coded(theirs)) if code else theirs)
            best = (turned @ place[0].T).max(axis=1, initial=-1)
            found.append(float(best @ weights / weights.sum()))
        return np.array(found)

    return score


def stored(model: MiniLM) -> Score:
    def score(corpus: Corpus, question: str, candidates: Sequence[Evidence]) -> Matrix:
        tokens, asked = corpus.generation.tokens, model.encode_query([question]).tokens[0]
        spans = [(c.article.id, c.span.start, c.span.end) for c in candidates]
        weights = tokens.weights(asked)
        found: Matrix = tokens.similarities(asked, spans) @ weights / weights.sum()
        return found

    return score


def cosine(model: MiniLM) -> Score:
    def score(corpus: Corpus, question: str, candidates: Sequence[Evidence]) -> Matrix:
        texts = [c.span.slice(c.article.text) for c in candidates]
        found: Matrix = (
            model.encode_document(texts).vectors @ model.encode_document([question]).vectors[0]
        )
        return found

    return score


# -- the table -------------------------------------------------------------------------


def compare(bench: Path, work: Path, texts: Path | None) -> None:
    ours, whole, full = MiniLM(), Whole(), Full()
    for model in (ours, whole, full):  # each passage is asked for again with each question
        model._found = functools.cache(model._pass)
    ways: dict[str, Score] = {
        "by itself, full": maxsim(full, lambda _, c: by_itself(full, c)),
        "by itself": maxsim(whole, lambda _, c: by_itself(whole, c)),
        "slice": maxsim(whole, lambda corpus, c: corpus.slice(whole, c)),
        "stored": stored(ours),
        "cosine": cosine(ours),
    }
    turns = {"word vectors": of_words()}
    if texts:
        lines = texts.read_text(encoding="utf-8").splitlines()
        turns["texts"] = components(
            np.concatenate([kept(whole.encode_query([line]).tokens[0]) for line in lines])
        )
    turns["random"] = np.eye(384)
    for name, directions in turns.items():
        for width in (64, 128, 192):
            turn = turned(directions, width)

            def change(rows: Matrix, turn: Matrix = turn) -> Matrix:
                return (rows @ turn).astype(np.float32)

            ways[f"{name} {width} coded"] = maxsim(
                whole, lambda corpus, c: corpus.slice(whole, c), change, True
            )
    scorer = load_module(bench / "qa" / "score_qa.py")
    hits: dict[str, dict[str, list[bool]]] = {way: {} for way in ways}
    agree: dict[str, list[float]] = {way: [] for way in ways}
    counts = {}
    for corpus in corpora(bench, work):
        directory = Directory(corpus.generation.catalog)
        people = KnownPeople(corpus.generation.catalog.person_of)
        counts[corpus.name] = len(corpus.questions)
        for question in corpus.questions:
            asked = read(question["question"], conversation([], directory), directory, None)
            candidates = retrieve(asked, corpus.generation, ours, people)
            right = [hit(scorer, one, question) for one in candidates]
            reference = None
            for way, score in ways.items():
                scores = score(corpus, question["question"], candidates) if candidates else []
                first = int(np.argmax(scores)) if candidates else 0
                hits[way].setdefault(corpus.name, []).append(bool(candidates) and right[first])
                ranks = np.argsort(np.argsort(scores))
                reference = ranks if reference is None else reference
                if len(ranks) > 2:
                    agree[way].append(float(np.corrcoef(reference, ranks)[0, 1]))
        corpus.generation.close()
    print(f"{'hit@1':24}", *(f"{n:>12}" for n in counts), f"{'all':>8}{'agree':>8}")
    print(f"{'questions':24}", *(f"{n:12}" for n in counts.values()), f"{sum(counts.values()):8}")
    for way, by in hits.items():
        every = np.mean([right for rows in by.values() for right in rows])
        cells = (f"{np.mean(by[n]):12.3f}" for n in counts)
        print(f"{way:24}", *cells, f"{every:8.3f}{np.mean(agree[way]):8.3f}")


def hit(scorer: Any, one: Evidence, question: Record) -> bool:
    cited = {"doc": one.article.id, "start": one.span.start, "end": one.span.end}
    return any(scorer.hits(cited, span) for group in question["gold"] for span in group)


def corpora(bench: Path, work: Path) -> Iterator[Corpus]:
    """Each set of questions with its index, which is made if it is not there."""
    articles, handout = bench / "qa" / "articles_dev.jsonl", bench / "qa_handout"
    for name, questions, half, texts, where in (
        ("qa", bench / "qa" / "questions_dev.jsonl", "", articles, "qa_index"),
        ("handout", handout / "questions.jsonl", "", handout / "articles.jsonl", "handout_index"),
        ("over_qa", QUESTIONS / "over_qa.jsonl", "dev", articles, "qa_index"),
        ("over_quotes", QUESTIONS / "over_quotes.jsonl", "dev", None, "quotes_index"),
    ):
        if not questions.exists():
            continue
        if texts is None:
            rows = list(of_half(questions, half))
            docs = {s["doc"] for q in rows for group in q["gold"] for s in group}
            texts = work / "quotes_articles.jsonl"
            write(texts, articles_of(bench, docs))
        if not (index := work / where).exists():
            python("-m", "index", "add", str(texts), "--index", str(index))
        asked = [q for q in of_half(questions, half) if not (q["unanswerable"] or q["history"])]
        yield Corpus(name, Generation(index), asked)


def of_half(file: Path, half: str) -> Iterator[Record]:
    """The questions of a half, all if it has no name; of others not a word is looked at."""
    if not half:
        yield from records(file)
        return
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if f'"split": "{half}"' in line)


if __name__ == "__main__":
    sys.exit(main())
