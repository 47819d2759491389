"""Tune the last layers of the model for late interaction.  The program does not use the result:
docs/decisions/0012-tuned-token-vectors.md says why, and by what a next try is to be measured.

    python -m training.tune --data DIR --output FILE [--steps N] [--seed N]

DIR has `qamr_filtered_dev.tsv`, `qamr_filtered_test.tsv` and `wiki-sentences.tsv` of QAMR;
of these only the Wikinews part is read, and beside it four of the worlds in training/data.  The
score of a sentence for a question is MaxSim weighted by inverse document frequency, as the
program has it: over the vectors of word pieces, turned into fewer dimensions, of the pass that
reads the sentence with its paragraph.  Learnt is to put the sentence that a question was asked
about before all other sentences of the paragraphs at hand, those beside it among them.  The
mean over the vectors, by which the program retrieves, is held where it was.

Written is what is added to the weights, as products of two narrow matrices.  The same data and
the same seed give the same bytes on one machine.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import random
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from index import minilm, quantise
from index.quantise import Weights

WORLDS = ("amber", "basil", "cedar", "dahlia")
"""The fictional places whose articles are learnt from; the others tell what it is worth."""

ROOM = minilm.WORD_PIECES - 2

SENTENCE = r"\S.*?(?:[.!?][\"”’')]*(?=\s+[\"“‘'(]?[A-ZÀ-Þ0-9])|$)"
"""What is taken for a sentence of our own articles."""

TOGETHER = 8
"""Texts that are run at once."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text that is read at once, and where its sentences begin and end."""

    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the sentences that answer it: numbers of paragraph and sentence."""

    question: str
    right: tuple[tuple[int, int], ...]

    @property
    def paragraph(self) -> int:
        return self.right[0][0]


@dataclass(frozen=True)
class Material:
    """Paragraphs, and questions about some of them."""

    paragraphs: list[Paragraph]
    asked: list[Asked]

    def beside(self, other: Material) -> Material:
        """Both together."""
        first = len(self.paragraphs)
        moved = [Asked(a.question, tuple((p + first, s) for p, s in a.right)) for a in other.asked]
        return Material(self.paragraphs + other.paragraphs, self.asked + moved)


@dataclass(frozen=True, slots=True)
class Settings:
    """How it is learnt."""

    first: int = 3
    """The layers before this one stay as they are."""
    steps: int = 240
    seed: int = 1
    paragraphs: int = 10
    """Paragraphs of a step that have questions; as many others are read beside them."""
    each: int = 4
    """Questions about each of them."""
    rate: float = 5e-5
    temperature: float = 0.05
    hold: float = 8.0
    """What it costs that the mean leaves its direction."""
    share: float = 1.0
    """How far to go from the weights before to those after (Wortsman et al. 2022)."""
    rank: int = 64
    """How narrow the matrices are."""


def main(argv: Sequence[str] | None = None) -> int:
    """Tune and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.tune", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=Settings().steps)
    parser.add_argument("--seed", type=int, default=Settings().seed)
    options = parser.parse_args(argv)
    settings = Settings(steps=options.steps, seed=options.seed)
    before = quantise._read(minilm._folder())
    material = qamr(options.data).beside(written(Path(__file__).parent / "data"))
    after = tuned(material, before, settings)
    write_changes(options.output, changes(before, after, settings.rank))
    return 0


# -- texts -----------------------------------------------------------------------------


def qamr(data: Path) -> Material:
    """The Wikinews part of QAMR: paragraphs of the sentences that are given, and questions."""
    places: dict[str, list[tuple[int, str, str]]] = {}
    for line in (data / "wiki-sentences.tsv").read_text(encoding="utf-8").splitlines():
        name, _, sentence = line.partition("\t")
        if ":wikinews:" in name:
            of, _, number = name.rpartition(":")
            places.setdefault(of, []).append((int(number), name, plain(sentence)))
    paragraphs = list[Paragraph]()
    where = dict[str, tuple[int, int]]()
    for of in sorted(places):
        rows = sorted(places[of])
        where |= {name: (len(paragraphs), n) for n, (_, name, _) in enumerate(rows)}
        paragraphs.append(joined([sentence for *_, sentence in rows]))
    asked = dict[Asked, None]()
    for part in ("dev", "test"):
        file = data / f"qamr_filtered_{part}.tsv"
        for line in file.read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if cells[0] in where:
                asked[Asked(plain(cells[5]), (where[cells[0]],))] = None
    return Material(paragraphs, list(asked))


def written(data: Path, worlds: Sequence[str] = WORLDS) -> Material:
    """The articles of these worlds in a folder of our own questions (training/data), and those
    of its questions for development that are answered there and follow no other."""
    paragraphs, where = list[Paragraph](), dict[str, list[tuple[int, int, int, int]]]()
    for row in records(data / "articles.jsonl"):
        if row["doc"].partition("-")[0] not in worlds:
            continue
        for block in re.finditer(r"[^\n]+", row["text"]):
            spans = tuple(m.span() for m in re.finditer(SENTENCE, block.group()))
            where.setdefault(row["doc"], []).extend(
                (block.start() + a, block.start() + b, len(paragraphs), n)
                for n, (a, b) in enumerate(spans)
            )
            paragraphs.append(Paragraph(block.group(), spans))
    asked = list[Asked]()
    for row in records(data / "questions_dev.jsonl"):
        golds = [s for group in row["gold"] for s in group if not row["history"]]
        right = dict.fromkeys(
            (paragraph, sentence)
            for gold in golds
            for a, b, paragraph, sentence in where.get(gold["doc"], ())
            if same_place((a, b), (gold["start"], gold["end"]))
        )
        if right:
            asked.append(Asked(row["question"], tuple(right)))
    return Material(paragraphs, asked)


def same_place(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans have half of the shorter of them in common."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * common >= min(one[1] - one[0], other[1] - other[0])


def records(file: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def joined(sentences: Sequence[str]) -> Paragraph:
    """A paragraph of these sentences."""
    ends = np.cumsum([len(s) + 1 for s in sentences]) - 1
    spans = [(int(end) - len(s), int(end)) for s, end in zip(sentences, ends, strict=True)]
    return Paragraph(" ".join(sentences), tuple(spans))


def plain(sentence: str) -> str:
    """A sentence that was taken apart into tokens, written as it was."""
    text = sentence.replace("``", '"').replace("''", '"')
    text = text.replace("-LRB- ", "(").replace(" -RRB-", ")")
    text = re.sub(r" ([,.;:?!%)]|n't\b|'\w{1,2}\b)", r"\1", text)
    text = re.sub(r"([($]) ", r"\1", text)
    return re.sub(r'" (.*?) "', r'"\1"', text).strip()


# -- the model -------------------------------------------------------------------------


class Reader:
    """The tokenizer: word pieces of a text, and which of them count."""

    def __init__(self) -> None:
        tokenizer = Tokenizer.from_file(str(minilm._folder() / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._marks = [tokenizer.token_to_id(m) for m in ("[CLS]", "[SEP]")]

    def __call__(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids with the model's marks, and the offsets; (0, 0) for what does not count."""
        pieces = self._tokenizer.encode(text, add_special_tokens=False)
        first, last = self._marks
        spans = [
            (a, b) if any(map(str.isalnum, text[a:b])) else (0, 0) for a, b in pieces.offsets[:ROOM]
        ]
        return [first, *pieces.ids[:ROOM], last], [(0, 0), *spans, (0, 0)]


def model_of(weights: Weights) -> Any:
    """The model by PyTorch, with these weights."""
    from transformers import AutoConfig, BertModel

    config = AutoConfig.from_pretrained(minilm._folder())
    model = BertModel(config, add_pooling_layer=False)
    values = {name: torch.from_numpy(v.copy()) for name, v in weights.items()}
    model.load_state_dict(values, strict=False)
    return model.eval()


class Frozen:
    """What the layers that stay as they are make of a text, kept, and the direction of the mean
    over the vectors before anything was learnt."""

    def __init__(self, model: Any, first: int) -> None:
        self._model, self._first, self.reader = model, first, Reader()
        self._above = deepcopy(model.encoder.layer[first:])
        self._found: dict[str, tuple[Tensor, Tensor]] = {}

    def __call__(self, text: str) -> tuple[Tensor, Tensor]:
        if text not in self._found:
            ids = torch.tensor([self.reader(text)[0]])
            with torch.no_grad():
                states = self._model.embeddings(input_ids=ids)
                states = through(self._model.encoder.layer[: self._first], states)
                old = through(self._above, states).mean(1)
            self._found[text] = states[0], old[0]
        return self._found[text]


def through(layers: Any, states: Tensor, mask: Tensor | None = None) -> Tensor:
    """What these layers make of states of shape (texts, word pieces, dimension)."""
    for layer in layers:
        given = layer(states, mask)
        states = given[0] if isinstance(given, tuple) else given
    return states


def passed(layers: Any, rows: Sequence[Tensor]) -> list[Tensor]:
    """What these layers make of each text; texts of like length go together."""
    order = sorted(range(len(rows)), key=lambda n: len(rows[n]))
    found = dict[int, Tensor]()
    for at in range(0, len(order), TOGETHER):
        part = order[at : at + TOGETHER]
        given = torch.nn.utils.rnn.pad_sequence([rows[n] for n in part], batch_first=True)
        lengths = torch.tensor([len(rows[n]) for n in part])
        beyond = torch.arange(given.shape[1]) >= lengths[:, None]
        mask = (beyond * torch.finfo(torch.float32).min)[:, None, None, :]
        new = through(layers, given, mask)
        found |= {n: row[: len(rows[n])] for n, row in zip(part, new, strict=True)}
    return [found[n] for n in range(len(rows))]


# -- learning --------------------------------------------------------------------------


def tuned(
    material: Material,
    weights: Weights,
    settings: Settings,
    turn: NDArray[np.float32] | None = None,
) -> Weights:
    """The weights after learning."""
    torch.manual_seed(settings.seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    chance, model = random.Random(settings.seed), model_of(weights)
    frozen = Frozen(model, settings.first)
    reader, layers = frozen.reader, model.encoder.layer[settings.first :]
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    learnt = [p for p in layers.parameters() if p.ndim == 2]
    for parameter in learnt:
        parameter.requires_grad_(True)
    turned = torch.from_numpy(np.load(quantise.TURN).astype(np.float32) if turn is None else turn)
    rare = Rarity([reader(p.text[a:b])[0] for p in material.paragraphs for a, b in p.sentences])
    optimiser = torch.optim.AdamW(learnt, lr=settings.rate, weight_decay=0.0)
    for step, (numbers, asked) in enumerate(
        itertools.islice(steps(material, settings, chance), settings.steps)
    ):
        up, down = (step + 1) / (0.1 * settings.steps), 1 - step / settings.steps
        optimiser.param_groups[0]["lr"] = settings.rate * min(1, up, down)
        paragraphs = [material.paragraphs[n] for n in numbers]
        texts = [p.text for p in paragraphs] + [a.question for a in asked]
        below = [frozen(text) for text in texts]
        above = passed(layers, [states for states, _ in below])
        means = torch.stack([row.mean(0) for row in above])
        old = torch.stack([one for _, one in below])
        moved = (1 - functional.cosine_similarity(means, old)).mean()
        split = len(paragraphs)
        scores = compared(paragraphs, above[:split], asked, above[split:], turned, reader, rare)
        right = answers(paragraphs, numbers, asked)
        odds = scores / settings.temperature
        wanted = odds.masked_fill(~right, -torch.inf).logsumexp(1)
        loss = (odds.logsumexp(1) - wanted).mean()
        optimiser.zero_grad()
        (loss + settings.hold * moved).backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()
        if step % 20 == 0 or step + 1 == settings.steps:
            first = right.gather(1, scores.argmax(1, keepdim=True)).float().mean()
            print(f"{step:5} loss {loss:.3f} right {first:.2f} moved {moved:.4f}", flush=True)
    after = {name: v.numpy() for name, v in model.state_dict().items()}
    return {
        name: before + settings.share * (after.get(name, before) - before)
        for name, before in weights.items()
    }


class Rarity:
    """Inverse document frequencies of word pieces over sentences, as the program has them."""

    def __init__(self, sentences: Sequence[Sequence[int]]) -> None:
        self._have = Counter(piece for row in sentences for piece in set(row))
        self._sentences = len(sentences)

    def __call__(self, piece: int) -> float:
        have = self._have[piece]
        return float(np.log(1 + (self._sentences - have + 0.5) / (have + 0.5)))


def compared(
    paragraphs: Sequence[Paragraph],
    theirs: Sequence[Tensor],
    asked: Sequence[Asked],
    ours: Sequence[Tensor],
    turn: Tensor,
    reader: Reader,
    rare: Rarity,
) -> Tensor:
    """MaxSim of each question with each sentence, of shape (questions, sentences)."""
    kept, of = list[Tensor](), list[int]()
    begin = 0
    for paragraph, rows in zip(paragraphs, theirs, strict=True):
        starts = [a for a, _ in paragraph.sentences]
        offsets = reader(paragraph.text)[1]
        count = [n for n, (a, b) in enumerate(offsets) if b > a]
        kept.append(rows[count])
        at = np.searchsorted(starts, [offsets[n][0] for n in count], side="right") - 1
        of += (begin + at).tolist()
        begin += len(starts)
    words, weights, whose = list[Tensor](), list[float](), list[int]()
    for number, (one, rows) in enumerate(zip(asked, ours, strict=True)):
        ids, offsets = reader(one.question)
        count = [n for n, (a, b) in enumerate(offsets) if b > a]
        words.append(rows[count])
        weights += [rare(ids[n]) for n in count]
        whose += [number] * len(count)
    near = functional.normalize(torch.cat(words) @ turn, dim=-1)
    near = near @ functional.normalize(torch.cat(kept) @ turn, dim=-1).T
    best = torch.full((len(whose), begin), -1.0).scatter_reduce(
        1, torch.tensor(of).expand(len(whose), -1), near, "amax"
    )
    share = torch.zeros(len(asked), len(whose))
    share[whose, range(len(whose))] = torch.tensor(weights)
    return (share / share.sum(1, keepdim=True)) @ best


def answers(
    paragraphs: Sequence[Paragraph], numbers: Sequence[int], asked: Sequence[Asked]
) -> Tensor:
    """Which sentences answer which question, of shape (questions, sentences)."""
    begins = np.cumsum([0, *(len(p.sentences) for p in paragraphs)]).tolist()
    place = dict(zip(numbers, begins, strict=False))
    right = torch.zeros(len(asked), begins[-1], dtype=torch.bool)
    for n, one in enumerate(asked):
        right[n, [place[p] + s for p, s in one.right if p in place]] = True
    return right


def steps(
    material: Material, settings: Settings, chance: random.Random
) -> Iterator[tuple[list[int], list[Asked]]]:
    """The paragraphs and the questions of one step after the other, for ever: every paragraph
    that has questions once before any comes again."""
    by: dict[int, list[Asked]] = {}
    for one in material.asked:
        by.setdefault(one.paragraph, []).append(one)
    some, order = sorted(by), list[int]()
    everything = range(len(material.paragraphs))
    while True:
        if len(order) < settings.paragraphs:
            order += chance.sample(some, len(some))
        numbers = list(dict.fromkeys(order[: settings.paragraphs]))
        order = order[settings.paragraphs :]
        asked = [a for n in numbers for a in chance.sample(by[n], min(len(by[n]), settings.each))]
        # Others of the same text stand beside it in the list; what is left is drawn.
        others = [n + d for n in numbers for d in (-1, 1) if n + d in everything]
        others += chance.sample(everything, min(len(everything), settings.paragraphs))
        chance.shuffle(others)
        beside = [n for n in dict.fromkeys(others) if n not in numbers][: settings.paragraphs]
        yield numbers + beside, asked


# -- what is written -------------------------------------------------------------------


def changes(before: Weights, after: Weights, rank: int) -> dict[str, NDArray[np.float16]]:
    """What is added to each matrix that changed, as a product of two narrow ones: the nearest
    there is (Eckart & Young 1936)."""
    found = dict[str, NDArray[np.float16]]()
    for name in sorted(before):
        change = after[name] - before[name]
        if change.any():
            left, sizes, right = np.linalg.svd(change.astype(np.float64), full_matrices=False)
            root = np.sqrt(sizes[:rank])
            found[f"{name}.left"] = (left[:, :rank] * root).astype(np.float16)
            found[f"{name}.right"] = (root[:, None] * right[:rank]).astype(np.float16)
    return found


def write_changes(file: Path, changes: dict[str, NDArray[np.float16]]) -> None:
    """Write changes as arrays of NumPy; equal ones give equal bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as parts:
        for name in sorted(changes):
            data = io.BytesIO()
            np.lib.format.write_array(data, changes[name], allow_pickle=False)
            parts.writestr(zipfile.ZipInfo(f"{name}.npy"), data.getvalue())


def read_changes(file: Path) -> dict[str, NDArray[Any]]:
    """The changes of a file."""
    with np.load(file, allow_pickle=False) as found:
        return dict(found)


def merged(weights: Weights, changes: dict[str, NDArray[Any]]) -> Weights:
    """The weights with these changes; ValueError if one of them is not of these weights."""
    result = dict(weights)
    for key in changes:
        name, _, side = key.rpartition(".")
        if side not in ("left", "right") or name not in weights:
            raise ValueError(f"there is no matrix for the change {key}")
        pair = [changes.get(f"{name}.{one}") for one in ("left", "right")]
        left, right = (np.zeros((0, 0)) if one is None else one for one in pair)
        if left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[0]:
            raise ValueError(f"the change of {name} is not a product of two matrices")
        if (left.shape[0], right.shape[1]) != weights[name].shape:
            raise ValueError(f"the change of {name} has another shape")
        result[name] = weights[name] + left.astype(np.float32) @ right.astype(np.float32)
    return result


if __name__ == "__main__":
    sys.exit(main())
