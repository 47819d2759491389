"""Quotations and their speakers: which cue a quotation in marks belongs to.

A quotation that no clause has claimed takes the nearest reporting verb outside the
marks, by distance and syntax; one that stands alone continues the statement before it,
or inherits its speaker; a transcript line or a sign-off names its speaker beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.cues import (
    act_of,
    agent,
    group,
    group_span,
    is_passive,
    modality,
    phrase_span,
    subject,
)
from index.lang import Language
from index.quotation_marks import Quotation
from index.report import Report
from index.syntax import Sentence, Word

_FARTHEST = 14  # words between a quotation and its cue


def reports(
    sentence: Sentence,
    found: list[Report],
    quotations: Sequence[Quotation],
    table: Language,
) -> list[Report]:
    """Reports for the masked quotations of a sentence that no other report has claimed.

    Reports of clauses whose whole content is a quotation are narrowed to its marks.
    """
    for report in found:
        _narrow(report, quotations)
    claimed = {n for r in found for n in r.quotations}
    out: list[Report] = []
    for word in sentence.words:
        if word.quotation is None or word.quotation in claimed:
            continue
        quotation = quotations[word.quotation]
        cue = _nearest(sentence, word, table)
        if cue is None:
            continue
        claimed.add(word.quotation)
        same = next((r for r in [*found, *out] if r.cue_word is cue and r.quotations), None)
        if same is not None:
            same.content = sorted([*same.content, quotation.span])
            same.quotations.add(word.quotation)
            continue
        passive = is_passive(cue)
        speaker = agent(cue) if passive else subject(cue)
        if speaker is None or speaker.quotation is not None:
            speaker = _beside(sentence, cue)
        empty = next((r for r in found if r.cue_word is cue), None)
        if empty is not None and empty.tier == "nominal":
            found.remove(empty)
        out.append(
            Report(
                sentence=sentence,
                content=[quotation.span],
                cue=group_span(cue),
                cue_word=cue,
                act=act_of(cue, table) or "say",
                frame="quotation",
                speaker=speaker,
                speaker_span=phrase_span(speaker, [cue]) if speaker else None,
                addressees=_addressees(cue, table),
                modality=modality(cue, table),
                quotations={word.quotation},
            )
        )
    return out


def _narrow(report: Report, quotations: Sequence[Quotation]) -> None:
    """Gives a report whose content is nothing but quotations the spans with their marks."""
    whole = [quotations[n].span for n in sorted(report.quotations)]
    if not whole:
        return
    rest = []
    for span in report.content:
        if not any(span in q or q in span and len(span) - len(q) < 4 for q in whole):
            rest.append(span)
    merged: list = []
    for span in sorted([*rest, *whole]):
        if merged and (span.overlaps(merged[-1]) or span in merged[-1]):
            start = merged[-1].start
            merged[-1] = type(span)(start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    report.content = merged


def _nearest(sentence: Sentence, placeholder: Word, table: Language) -> Word | None:
    """The reporting verb that a quotation belongs to, or None."""
    best: tuple[float, Word] | None = None
    above = set(w.index for w in placeholder.ancestors())
    for verb in sentence.words:
        if verb.quoted or verb.quotation is not None or act_of(verb, table) is None:
            continue
        words = group(verb)
        own = verb.child("nsubj")
        core = words + (own.subtree([verb]) if own else [])
        low, high = min(w.index for w in core), max(w.index for w in core)
        between = (
            range(high + 1, placeholder.index)
            if placeholder.index > high
            else range(placeholder.index + 1, low)
        )
        gap = sum(
            1 for i in between if (w := sentence.at(i)) is not None and not w.is_punctuation
        )
        tied = verb.index in above or placeholder in verb.ancestors()
        cost = gap - (4 if tied else 0) + (6 if verb.lemma in table.stance_verbs else 0)
        if verb.dep in ("amod", "compound"):
            cost += 10
        if cost <= _FARTHEST and (best is None or cost < best[0]):
            best = (cost, verb)
    return best[1] if best else None


def _beside(sentence: Sentence, cue: Word) -> Word | None:
    """A noun right before or after a cue that the parser gave no subject."""
    for step in (-1, 1):
        word = sentence.at(cue.index + step)
        if word is not None and word.pos in ("PROPN", "PRON", "NOUN") and word.quotation is None:
            while word.dep in ("compound", "flat", "nmod") and word.head.pos in ("PROPN", "NOUN"):
                word = word.head
            return word
    return None


def _addressees(cue: Word, table: Language) -> list[Word]:
    out = []
    for child in cue.children:
        if child.dep in ("dobj", "dative") and cue.lemma in table.addressing_verbs:
            out.append(child)
        if child.dep == "prep" and child.text.lower() == "to" and (
            cue.lemma in table.to_addressing_verbs and (noun := child.child("pobj"))
        ):
            out.append(noun)
    if is_passive(cue) and cue.lemma in table.addressing_verbs and (
        (theirs := cue.child("nsubjpass")) is not None
    ):
        out.append(theirs)
    return out
