"""Statements across sentences: split quotations joined, floating ones given a speaker.

The conventions are those of newspapers: a quotation that follows an attributed one is by
the same speaker; a paragraph whose mark was never closed goes on in the next one; a
quotation alone after a sentence about somebody is that person's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from index.attribution import layout
from index.attribution.cues import act_of, cue_span, phrase_span
from index.attribution.phrases import is_human
from index.attribution.quotation_marks import Quotation
from index.attribution.report import Report
from index.attribution.syntax import Sentence, Word, quotations_in
from index.lang import Language
from index.people.names import begins_name
from index.types import Span

_ASIDE = re.compile(r"\W*\([^()]*\)\W*")  # "(CROSSTALK)", "(Laughter.)"
_LONGEST_ASIDE = 200  # code points; the pattern tries every bracket of a longer one again


def joined(
    text: str,
    paragraphs: Sequence[Sequence[Sentence]],
    reports: list[Report],
    marks: Sequence[Quotation],
    headings: Sequence[Span],
    table: Language,
) -> list[Report]:
    """The reports with split quotations joined, and with those of floating quotations.

    ``headings`` are in the order of the text; nobody's words go on behind one.
    """
    return _Flow(text, marks, [h.start for h in headings], table).over(
        paragraphs, [*reports, *layout.signed_quotations(text, paragraphs, reports, marks)]
    )


class _Flow:
    """A walk through the article, sentence by sentence, that knows what came before.

    last     the last statement
    ending   the statement with which the sentence before ended
    lead     a cue before a colon at the end of the paragraph before
    open     a floating quotation left open, whose cue may come with its end
    bare_quotations  the numbers of the quotations of the sentence before, if it has nothing else
    """

    def __init__(
        self, text: str, marks: Sequence[Quotation], headings: Sequence[int], table: Language
    ) -> None:
        self.text, self.marks, self.headings, self.table = text, marks, headings, table
        self.out: list[Report] = []
        self.before: Sentence | None = None
        self.last: Report | None = None
        self.ending: Report | None = None
        self.lead: Report | None = None
        self.open: Report | None = None
        self.bare_quotations: set[int] = set()

    def over(
        self, paragraphs: Sequence[Sequence[Sentence]], reports: Sequence[Report]
    ) -> list[Report]:
        found: dict[int, list[Report]] = {}
        for report in reports:
            found.setdefault(id(report.sentence), []).append(report)
        undersigned = layout.signed_paragraphs(self.text, paragraphs)
        for place, paragraph in enumerate(paragraphs):
            if not paragraph:
                continue
            if self._is_behind_heading(paragraph[0]):
                self.last = self.ending = self.lead = self.open = self.before = None
            whole = undersigned.get(place) or self._block(paragraph)
            if whole is not None:
                self.out.append(whole)
                self.last = self.ending = whole
                self.before, self.lead, self.open = paragraph[-1], None, None
                continue
            for number, sentence in enumerate(paragraph):
                self._sentence(sentence, found.get(id(sentence), []), first=number == 0)
                self.before = sentence
            self.lead = layout.lead_in(
                paragraph[-1], found.get(id(paragraph[-1]), []), self.table
            ) or layout.line_of_source(paragraph[-1], self.table)
        return self.out

    def _is_behind_heading(self, sentence: Sentence) -> bool:
        """Whether a heading stands between the sentence before and this one."""
        if self.before is None:
            return False
        at = bisect_left(self.headings, self.before.span.end)
        return at < len(self.headings) and self.headings[at] < sentence.span.start

    def _block(self, paragraph: Sequence[Sentence]) -> Report | None:
        """A paragraph that a colon leads up to and that needs no marks to be a quotation."""
        lead, self.lead = self.lead, None
        if lead is None or any(w.quotation is not None for w in paragraph[0].words[:2]):
            self.lead = lead
            return None
        if lead.found_by == "headed":
            return None
        lead.content = [Span(paragraph[0].span.start, paragraph[-1].span.end)]
        return lead

    def _sentence(self, sentence: Sentence, found: Sequence[Report], *, first: bool) -> None:
        asked, self.bare_quotations = self.bare_quotations, set()
        if not first and asked and not found and self._is_asked(sentence, asked):
            return
        self.out += found
        claimed = {n for r in found for n in r.quotations}
        loose = [
            w for w in sentence.words if w.quotation is not None and w.quotation not in claimed
        ]
        if loose and not found:
            self._loose(sentence, loose, first)
            return
        if self.open is not None:
            self._close(found)
        statements = [r for r in found if r.tier == "speech" and r.outer is None]
        self.ending = statements[-1] if statements else None
        self.last = self.ending or self.last

    def _loose(self, sentence: Sentence, loose: Sequence[Word], first: bool) -> None:
        """A sentence with quotations that nothing in it attributes to anybody."""
        ending = self.ending
        carried = ending is not None and self._is_carried(loose[0], ending)
        alone = all(w.quotation is not None or w.is_punctuation for w in sentence.words)
        self.bare_quotations = quotations_in(loose) if alone else set()
        goes_on = carried or not first or self.marks[loose[-1].quotation or 0].closed
        if ending is not None and ending.quotations and alone and goes_on:
            self._extend(ending, loose)
            return
        led_up = not first and ending is not None and self._is_led_up_to(loose[0])
        if not alone and not carried and not led_up:
            return
        floating = self._floating(sentence, loose, ending or self.last)
        self.open = None
        if floating is not None:
            self.out.append(floating)
            self.last = floating
            if not self.marks[max(floating.quotations)].closed and floating.cue is None:
                self.open = floating
        self.ending = floating

    def _is_asked(self, sentence: Sentence, numbers: set[int]) -> bool:
        """Whether a sentence only says who asks whom the question that is quoted before it.

        "“Where is it?” Lund asked the chairman.": then the quotation gets this speaker and hearer.
        """
        verb = sentence.root
        speaker, hearer = verb.child("nsubj"), verb.child("dobj")
        act = act_of(verb, self.table)
        content = [self.marks[n].span for n in sorted(numbers)]
        if (
            act is None
            or verb.lemma not in self.table.asking_verbs
            or speaker is None
            or hearer is None
            or verb.child("ccomp", "xcomp", "prep", "conj", "advcl", "neg") is not None
            or not self.text[: content[-1].end].rstrip("\"'”’»").endswith("?")
        ):
            return False
        while self.out and self.out[-1].quotations == numbers:
            self.out.pop()
        self.last = self.ending = Report(
            sentence=sentence,
            content=content,
            cue=cue_span(verb, "asserted"),
            cue_word=verb,
            act=act,
            found_by="quotation",
            speaker=speaker,
            speaker_span=phrase_span(speaker),
            addressees=[hearer],
            quotations=numbers,
        )
        self.out.append(self.last)
        return True

    def _is_carried(self, word: Word, ending: Report) -> bool:
        """Whether a quotation reopens the one that the paragraph before left open."""
        return (
            bool(ending.quotations)
            and word.quotation is not None
            and max(ending.quotations) == word.quotation - 1
            and not self.marks[word.quotation - 1].closed
        )

    def _is_led_up_to(self, word: Word) -> bool:
        """Whether a quotation stands behind a colon ("The venue was immaterial: “...”"): it is
        by whoever spoke in the sentence before."""
        if word.quotation is None:
            return False
        at = self.marks[word.quotation].span.start
        while at > 0 and self.text[at - 1].isspace():
            at -= 1
        return self.text[at - 1 : at] == ":"

    def _fits(self, content: Sequence[Span]) -> bool:
        """Whether a quotation can be what the line above it leads up to: a sentence, where that
        only names somebody ("Also by Ana Reyes:", "“Sea Songs”")."""
        stopped = self.text[: content[-1].end].rstrip("\"'”’»)").endswith((".", "!", "?", "…"))
        return stopped or (self.lead is not None and self.lead.found_by != "headed")

    def _extend(self, report: Report, loose: Sequence[Word]) -> None:
        for number in (w.quotation for w in loose if w.quotation is not None):
            span = self.marks[number].span
            at = bisect_left(report.content, span)  # at the end, as a rule
            if report.content[at : at + 1] != [span]:
                report.content.insert(at, span)
            report.quotations.add(number)

    def _close(self, found: Sequence[Report]) -> None:
        """Join a quotation left open to the attributed one that ends it."""
        opened, self.open = self.open, None
        for report in found:
            if (
                opened is not None
                and report.quotations
                and min(report.quotations) == max(opened.quotations) + 1
            ):
                report.content = sorted([*report.content, *opened.content])
                report.quotations |= opened.quotations
                at = next(n for n in range(len(self.out) - 1, -1, -1) if self.out[n] is opened)
                del self.out[at]  # one of the last
                opened = None

    def _floating(
        self, sentence: Sentence, loose: Sequence[Word], heir: Report | None
    ) -> Report | None:
        """A report of a quotation without attribution, or None.

        Its speaker is the one named before a colon, else the subject of the sentence before, else
        the speaker of the last statement.
        """
        numbers = quotations_in(loose)
        content = [self.marks[n].span for n in sorted(numbers)]
        if all(len(s) <= _LONGEST_ASIDE and _ASIDE.fullmatch(s.slice(self.text)) for s in content):
            return None
        if self.lead is not None and self.lead.sentence is self.before and self._fits(content):
            report, self.lead = self.lead, None
            report.content, report.quotations = content, numbers
            return report
        report = Report(
            sentence=sentence,
            content=content,
            found_by="floating",
            quotations=numbers,
        )
        before = self.before
        if before is not None and (heir is None or heir.sentence is not before):
            speaker = _main_subject(before, self.table)
            if speaker is not None:
                report.speaker, report.speaker_span = speaker, phrase_span(speaker)
                return report
        if heir is None:
            return None
        report.heir = heir
        return report


def _main_subject(sentence: Sentence, table: Language) -> Word | None:
    """The person or body that a sentence is about: the subject of its main verb."""
    own = sentence.root.child("nsubj", "nsubjpass")
    if own is None or own.quotation is not None:
        return None
    if own.pos == "PROPN" or own.lemma in table.role_nouns or _is_for_person(own.lemma, table):
        return own
    if any(w.pos == "PROPN" and begins_name(w.subtree()[0].text, table) for w in own.all("appos")):
        return own
    if own.pos == "PRON" and table.person_pronouns.get(own.text.lower()) in ("m", "f", "p"):
        return own
    return None


def _is_for_person(lemma: str, table: Language) -> bool:
    """Whether a noun is for a person, also one that is told by its ending ("ferryman")."""
    return is_human(lemma, table) or (len(lemma) > len("human") and lemma.endswith("man"))
