"""A parsed sentence as plain values: words, their heads, and where they stand.

The modules that read a parse (cues, clauses, names, addressees ...) know these values and
no parser, so that another parser is another ``extract.py``.  Dependency labels are those
of the ClearNLP scheme that spaCy's English models use (Choi & Palmer 2012).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.types import Span


@dataclass(slots=True, eq=False)
class Word:
    """A token: its place in the article, its form, and its tie to its head.

    ``quotation`` is the number of the masked quotation that it stands for, or None.
    """

    index: int
    start: int
    end: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: Word = field(init=False, repr=False)
    children: list[Word] = field(default_factory=list, repr=False)
    quotation: int | None = None
    quoted: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def is_punctuation(self) -> bool:
        return self.dep == "punct" or self.pos in ("PUNCT", "SPACE")

    def child(self, *deps: str) -> Word | None:
        """The first dependent with one of these labels, or None."""
        return next((c for c in self.children if c.dep in deps), None)

    def all(self, *deps: str) -> list[Word]:
        """The dependents with these labels."""
        return [c for c in self.children if c.dep in deps]

    def subtree(self, without: Sequence[Word] = ()) -> list[Word]:
        """The word and all below it, in the order of the text, less some branches."""
        barred = {w.index for w in without}
        found, todo = [], [self]
        while todo:
            word = todo.pop()
            found.append(word)
            todo.extend(c for c in word.children if c.index not in barred)
        return sorted(found, key=lambda w: w.index)

    def ancestors(self) -> Iterator[Word]:
        """The head, its head, and so on up to the root."""
        word = self
        while word.head is not word:
            word = word.head
            yield word


@dataclass(slots=True, eq=False)
class Sentence:
    """The words of one parsed sentence, in order."""

    span: Span
    words: list[Word]

    @property
    def root(self) -> Word:
        return next(w for w in self.words if w.head is w)

    def at(self, index: int) -> Word | None:
        """The word with this index, or None outside the sentence."""
        position = index - self.words[0].index
        return self.words[position] if 0 <= position < len(self.words) else None

    def before(self, word: Word) -> Word | None:
        return self.at(word.index - 1)

    def after(self, word: Word) -> Word | None:
        return self.at(word.index + 1)


def join_subjects(words: Sequence[Word]) -> None:
    """Leave a verb one subject where the parser gives it two beside each other.

    The second is an apposition of the first in "the agency Norpress reported" and "Reed, the
    mayor, vowed"; the first is none of the verb's in "one of them badly, a doctor said".
    """
    for verb in words:
        owners = [c for c in verb.children if c.dep == "nsubj" and c.index < verb.index]
        for first, second in pairwise(owners):
            end, start = first.subtree()[-1].index, second.subtree()[0].index
            between = [w for w in words if end < w.index < start]
            nouns = first.pos in _NOUNS and second.pos in _NOUNS
            if any(w.text != "," for w in between):
                continue
            after = next((w for w in words if w.index == second.subtree()[-1].index + 1), None)
            if between and (after is None or after.text != ","):
                first.dep = "dep"
            elif nouns:
                verb.children.remove(second)
                second.head, second.dep = first, "appos"
                first.children.append(second)


_NOUNS = ("NOUN", "PROPN")


def cover(words: Sequence[Word]) -> Span:
    """From the first to the last of the words, which must not be empty."""
    return Span(min(w.start for w in words), max(w.end for w in words))


def trimmed(words: Sequence[Word]) -> list[Word]:
    """The words in order without punctuation at either end, a conjunction at the last, or the one
    with which a sentence begins."""
    kept = sorted(words, key=lambda w: w.index)
    while kept and kept[-1].quotation is None and (kept[-1].is_punctuation or kept[-1].dep == "cc"):
        kept.pop()
    while kept and kept[0].is_punctuation and kept[0].quotation is None:
        kept.pop(0)
    if len(kept) > 2 and kept[0].text in ("But", "And", "Yet") and not kept[0].quoted:
        kept.pop(0)  # "But the line, she said, is shut": the reporter's
        if kept[0].text == "yet":
            kept.pop(0)
    return kept


def spans(words: Sequence[Word]) -> list[Span]:
    """The words as spans, one for each run of neighbours, trimmed."""
    return [cover(kept) for run in runs(words) if (kept := trimmed(run))]


def quotations_in(words: Sequence[Word]) -> set[int]:
    """The numbers of the masked quotations among the words."""
    return {w.quotation for w in words if w.quotation is not None}


def runs(words: Sequence[Word]) -> list[list[Word]]:
    """The words in maximal runs of neighbours."""
    out: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.index):
        if out and word.index == out[-1][-1].index + 1:
            out[-1].append(word)
        else:
            out.append([word])
    return out
