"""Statements across sentences: split quotations joined, floating ones given a speaker.

The conventions are those of newspapers: a quotation that follows an attributed one is by
the same speaker; a paragraph whose mark was never closed goes on in the next one; a
quotation alone after a sentence about somebody is that person's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.cues import antecedent, phrase_span
from index.lang import Language
from index.quotation_marks import Quotation
from index.report import Report
from index.syntax import Sentence, Word
from index.types import Span

_LABEL = re.compile(
    r"(?:[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]*){0,3}|Q|A)(?: \([^)\n]{1,20}\))?(?=:\s)"
)
_DASHES = ("—", "–", "―", "-", "--")


def joined(
    text: str,
    paragraphs: Sequence[Sequence[Sentence]],
    reports: list[Report],
    marks: Sequence[Quotation],
    table: Language,
) -> list[Report]:
    """The reports with split quotations joined, and with those of floating quotations."""
    by_sentence: dict[int, list[Report]] = {}
    for report in reports:
        by_sentence.setdefault(id(report.sentence), []).append(report)
    out: list[Report] = []
    last: Report | None = None  # the last statement
    ending: Report | None = None  # the statement with which the sentence before ended
    before: Sentence | None = None
    for paragraph in paragraphs:
        if (line := _transcript(text, paragraph)) is not None:
            out.append(line)
            last = ending = line
            before = paragraph[-1]
            continue
        for number, sentence in enumerate(paragraph):
            found = by_sentence.get(id(sentence), [])
            claimed = {n for r in found for n in r.quotations}
            loose = [
                w for w in sentence.words if w.quotation is not None and w.quotation not in claimed
            ]
            out += found
            if loose and not found:
                carried = ending is not None and _is_carried(loose[0], ending, marks)
                alone = _is_alone(sentence)
                if (
                    ending is not None
                    and ending.quotations
                    and alone
                    and (carried or number > 0 or marks[loose[-1].quotation or 0].closed)
                ):
                    _extend(ending, loose, marks)
                    before = sentence
                    continue
                if signed := _signed(sentence, loose, marks):
                    out.append(signed)
                    ending = None
                    last = signed
                elif alone or (carried and ending is not None):
                    floating = _floating(sentence, loose, marks, ending or last, before, table)
                    if floating is not None:
                        out.append(floating)
                        last = floating
                    ending = floating
                before = sentence
                continue
            statements = [r for r in found if r.tier == "speech" and r.outer is None]
            ending = statements[-1] if statements else None
            last = ending or last
            before = sentence
    return out


def _is_alone(sentence: Sentence) -> bool:
    """Whether a sentence is nothing but quotations."""
    return all(w.quotation is not None or w.is_punctuation for w in sentence.words)


def _is_carried(word: Word, ending: Report, marks: Sequence[Quotation]) -> bool:
    """Whether a quotation reopens the one that the paragraph before left open."""
    return (
        bool(ending.quotations)
        and word.quotation is not None
        and (max(ending.quotations) == word.quotation - 1 and not marks[word.quotation - 1].closed)
    )


def _extend(report: Report, loose: Sequence[Word], marks: Sequence[Quotation]) -> None:
    numbers = [w.quotation for w in loose if w.quotation is not None]
    report.content = sorted({*report.content, *(marks[n].span for n in numbers)})
    report.quotations.update(numbers)


def _floating(
    sentence: Sentence,
    loose: Sequence[Word],
    marks: Sequence[Quotation],
    heir: Report | None,
    before: Sentence | None,
    table: Language,
) -> Report | None:
    """A quotation without attribution: by the subject of the sentence before, or by the

    speaker of the last statement if that sentence reports one or has no such subject.
    """
    numbers = {w.quotation for w in loose if w.quotation is not None}
    report = Report(
        sentence=sentence,
        content=[marks[n].span for n in sorted(numbers)],
        cue=None,
        cue_word=None,
        act="say",
        frame="floating",
        quotations=numbers,
    )
    if before is not None and (heir is None or heir.sentence is not before):
        speaker = _protagonist(before, table)
        if speaker is not None:
            report.speaker, report.speaker_span = speaker, phrase_span(speaker)
            report.frame = "floating"
            return report
    if heir is None:
        return None
    report.heir = heir
    return report


def _protagonist(sentence: Sentence, table: Language) -> Word | None:
    """The person or body that a sentence is about: the subject of its main verb."""
    root = sentence.root
    own = root.child("nsubj", "nsubjpass")
    if own is None or own.quotation is not None:
        return None
    if own.pos == "PROPN" or own.lemma in table.role_nouns:
        return own
    if own.pos == "PRON" and table.person_pronouns.get(own.text.lower()) in ("m", "f", "p"):
        return own
    return None


def _signed(sentence: Sentence, loose: Sequence[Word], marks: Sequence[Quotation]) -> Report | None:
    """A quotation with the speaker's name after a dash."""
    dash = next(
        (w for w in sentence.words if w.text in _DASHES and w.index > loose[-1].index), None
    )
    if dash is None or dash.index - loose[-1].index > 3:
        return None
    rest = [w for w in sentence.words if w.index > dash.index and not w.is_punctuation]
    if not rest or any(w.pos in ("VERB", "AUX") for w in rest) or len(rest) > 12:
        return None
    names = [w for w in rest if w.pos in ("PROPN", "NOUN", "ADJ", "X")]
    if not names or not rest[0].text[:1].isupper():
        return None
    head = names[0]
    while head.dep in ("compound", "nmod", "flat", "amod") and head.head in names:
        head = head.head
    stop = next((w for w in sentence.words if w.index > head.index and w.text == ","), None)
    end = stop.start if stop is not None else rest[-1].end
    numbers = {w.quotation for w in loose if w.quotation is not None}
    return Report(
        sentence=sentence,
        content=[marks[n].span for n in sorted(numbers)],
        cue=None,
        cue_word=None,
        act="say",
        frame="signed",
        speaker=head,
        speaker_span=Span(rest[0].start, max(end, head.end)),
        quotations=numbers,
    )


def _transcript(text: str, paragraph: Sequence[Sentence]) -> Report | None:
    """A line of a transcript: a label in capitals, a colon, and what was said."""
    if not paragraph:
        return None
    start, end = paragraph[0].span.start, paragraph[-1].span.end
    if text[start] in "“\"'":
        start += 1
    match = _LABEL.match(text, start, end)
    if match is None:
        return None
    body = match.end() + 1
    while body < end and text[body].isspace():
        body += 1
    if body >= end:
        return None
    head = next((w for w in paragraph[0].words if w.start >= start), paragraph[0].words[0])
    return Report(
        sentence=paragraph[0],
        content=[Span(body, end)],
        cue=Span(match.end(), match.end() + 1),
        cue_word=None,
        act="say",
        frame="transcript",
        speaker=head,
        speaker_span=Span(match.start(), match.end()),
    )


__all__ = ["antecedent", "joined"]
