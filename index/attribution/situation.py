"""When, where and on what occasion something was said, as far as its sentence tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from index.attribution.report import Report
from index.attribution.syntax import Word, cover, runs, trimmed
from index.lang import Language
from index.types import Span


def is_time_or_occasion(noun: Word, table: Language) -> bool:
    """Whether a noun names a time, an occasion or a medium ("Friday", "the debate", "Twitter")."""
    return _is_time(noun, table) or _is_occasion(noun, table)


def _is_time(noun: Word, table: Language) -> bool:
    return (
        noun.lemma in table.time_words
        or noun.lemma.rstrip(".") in table.days
        or noun.lemma.rstrip(".") in table.months
        or (noun.text.isdigit() and len(noun.text) == 4)
    )


def _is_occasion(noun: Word, table: Language) -> bool:
    return noun.lemma in table.event_nouns or noun.lemma in table.media_nouns


def situate(reports: Iterable[Report], table: Language) -> None:
    """Give reports the time and the place that stand beside their cue.

    Only what belongs to the cue itself: a time within the content is the speaker's, and
    one behind another verb tells of something else.
    """
    for report in reports:
        cue = report.cue_word
        if cue is None or cue.pos not in ("VERB", "AUX"):
            continue
        phrases = [p for p in _phrases(cue, table) if not _is_told(p, report)]
        times = [p for p in phrases if (head := _noun(p)) is not None and _is_time(head, table)]
        if times:
            report.time = _span_without(times[0].subtree(), ())
        for phrase in phrases:
            noun = _noun(phrase)
            if phrase in times or noun is None or phrase.dep != "prep":
                continue
            if phrase.text.lower() not in table.place_prepositions:
                continue
            where = noun.pos == "PROPN" and phrase.text.lower() in table.local_prepositions
            if where or _is_occasion(noun, table):
                report.place = _span_without(
                    phrase.subtree(), [t for t in times if t is not phrase]
                )
                break


def _phrases(cue: Word, table: Language) -> Iterator[Word]:
    """The adverbial phrases around a cue ("speaking in Oslo, he said" included), and those
    that hang from its objects."""
    speaking = [c for c in cue.all("advcl") if c.lemma in table.conversation_verbs]
    todo = [
        c
        for verb in (cue, *speaking)
        for c in verb.children
        if c.dep in _ADVERBIAL or c.dep in ("dobj", "dative", "pobj")
    ]
    while todo:
        word = todo.pop(0)
        if word.dep in _ADVERBIAL:
            yield word
        inner = word.child("pobj") if word.dep in ("prep", "dative") else word
        if inner is not None:
            todo += [c for c in inner.children if c.dep in _ADVERBIAL]


_ADVERBIAL = ("prep", "npadvmod", "advmod")


def _noun(phrase: Word) -> Word | None:
    return phrase.child("pobj") if phrase.dep == "prep" else phrase


def _is_told(phrase: Word, report: Report) -> bool:
    """Whether a phrase is part of what is reported, or names the hearer."""
    noun = _noun(phrase)
    return noun in report.addressees or any(phrase.span.overlaps(s) for s in report.content)


def _span_without(words: Sequence[Word], without: Sequence[Word]) -> Span | None:
    barred = {w.index for t in without for w in t.subtree()}
    kept = trimmed([w for w in words if w.index not in barred and w.quotation is None])
    return cover(runs(kept)[0]) if kept else None
