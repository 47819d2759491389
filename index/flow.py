"""Statements across sentences: split quotations joined, floating ones given a speaker."""

from __future__ import annotations

from collections.abc import Sequence

from index.lang import Language
from index.quotation_marks import Quotation
from index.report import Report
from index.syntax import Sentence, Word


def joined(
    text: str,
    paragraphs: Sequence[Sequence[Sentence]],
    reports: list[Report],
    marks: Sequence[Quotation],
    table: Language,
) -> list[Report]:
    """The reports with split quotations joined and floating quotations added."""
    by_sentence: dict[int, list[Report]] = {}
    for report in reports:
        by_sentence.setdefault(id(report.sentence), []).append(report)
    out = list(reports)
    last: Report | None = None
    for paragraph in paragraphs:
        previous: list[Report] = []
        for number, sentence in enumerate(paragraph):
            found = by_sentence.get(id(sentence), [])
            alone = _alone(sentence)
            claimed = {n for r in found for n in r.quotations}
            loose = [w for w in sentence.words if w.quotation is not None
                     and w.quotation not in claimed]
            if loose and (alone or number == 0 or not found):
                current = _place(loose, sentence, previous, last, number, marks, alone)
                if current is not None:
                    if current not in out:
                        out.append(current)
                    found = [*found, current]
            speech = [r for r in found if r.tier == "speech" and r.outer is None]
            if speech:
                last = speech[-1]
                previous = speech
            elif not alone:
                previous = []
    return out


def _alone(sentence: Sentence) -> bool:
    """Whether a sentence is nothing but quotations."""
    return all(w.quotation is not None or w.is_punctuation for w in sentence.words)


def _place(
    loose: list[Word],
    sentence: Sentence,
    previous: list[Report],
    last: Report | None,
    number: int,
    marks: Sequence[Quotation],
    alone: bool,
) -> Report | None:
    numbers = [w.quotation for w in loose if w.quotation is not None]
    spans = [marks[n].span for n in numbers]
    if not alone:
        return None
    if last is not None and last.quotations:
        before = max(last.quotations)
        carried = before == numbers[0] - 1 and not marks[before].closed
        if carried or (previous and number > 0 and last in previous):
            last.content = sorted([*last.content, *spans])
            last.quotations.update(numbers)
            return last
    return Report(
        sentence=sentence,
        content=spans,
        cue=None,
        cue_word=None,
        act="say",
        frame="floating",
        quotations=set(numbers),
        heir=last.heir or last if last is not None else None,
    )
