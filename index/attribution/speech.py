"""Quotations and their speakers: which cue a quotation in marks belongs to.

A quotation that no clause has claimed takes the nearest reporting verb outside the
marks, by distance and syntax (the order of tests follows O'Keefe et al. 2012).  Any verb
right beside it will do ("she shrugged"), and so will a sentence that leads up to it with
a colon.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.attribution.cues import (
    act_of,
    agent,
    cue_span,
    group,
    hearer_after_to,
    is_bracketed,
    is_passive,
    modality,
    phrase_span,
    quoted_by,
    saying_as,
    speaker_beside,
    subject,
)
from index.attribution.quotation_marks import Quotation
from index.attribution.report import Report
from index.attribution.syntax import Sentence, Word, quotations_in
from index.lang import Language
from index.types import Span

_MAX_WORDS_TO_CUE = 14  # words between a quotation and its cue
_MAX_WORDS_TO_VERB = 2  # words between a quotation and a verb that is no reporting verb
_CLOSING_MARKS = ('"', "''", "”", "»")
_SYNTAX_BONUS_WORDS = 4  # so much nearer counts a verb that the parse ties to the quotation


def speech_reports(
    sentence: Sentence, found: list[Report], quotations: Sequence[Quotation], table: Language
) -> list[Report]:
    """Reports for the masked quotations of a sentence that no other report has claimed.

    Changes `found` in place: a quotation becomes part of a report with the same cue, a nominal
    report of that cue without words is removed, and reports whose whole content is a quotation
    get its span, marks included.
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
            lead = _verb_tagged_as_noun(sentence, word, quotation, table)
            lead = lead or _leading_report(sentence, word, quotation, table)
            lead = lead or _around_gesture(sentence, word, quotations, table)
            if lead is not None:
                claimed |= lead.quotations
                out.append(lead)
            continue
        claimed.add(word.quotation)
        if (whole := _around_cue(found, cue)) is not None:
            whole.content = [Span(whole.content[0].start, quotation.span.end)]
            whole.quotations.add(word.quotation)
            continue
        same = next((r for r in [*found, *out] if r.cue_word is cue and r.quotations), None)
        if same is not None:
            same.content = sorted([*same.content, quotation.span])
            same.quotations.add(word.quotation)
            continue
        speaker, relayer = quoted_by(cue, table) or (
            agent(cue) if is_passive(cue) else subject(cue),
            None,
        )
        saying = saying_as(cue, table) if relayer or is_passive(cue) else None
        said = modality(cue, table)
        if speaker is None or speaker.quotation is not None or is_bracketed(sentence, speaker):
            speaker = speaker_beside(sentence, cue)
        empty = next((r for r in found if r.cue_word is cue and r.tier == "nominal"), None)
        if empty is not None:
            found.remove(empty)
        out.append(
            Report(
                sentence=sentence,
                content=[_with_lead_in(sentence, cue, word, quotation)],
                cue=cue_span(saying or cue, said),
                cue_word=cue,
                act=act_of(saying or cue, table) or "say",
                found_by="quotation",
                speaker=speaker,
                speaker_span=phrase_span(speaker, [cue]) if speaker else None,
                addressees=_addressees(saying or cue, table),
                relayers=[relayer] if relayer is not None else [],
                modality=said,
                quotations={word.quotation},
            )
        )
    return out


def _around_cue(found: Sequence[Report], cue: Word) -> Report | None:
    """The statement in which a cue before a quotation only goes on with what its speaker says of
    somebody: "Reed says she hopes to win, but she knows that “it is late”"; None for a cue by
    itself."""
    owner = cue.child("nsubj")
    if owner is None or owner.pos != "PRON" or cue.dep == "ROOT":
        return None
    for report in found:
        outer = report.cue_word
        if outer is None or report.tier != "speech" or report.found_by != "clause":
            continue
        ahead = report.content and outer.end <= report.content[0].start < cue.start
        if ahead and outer is not cue and outer in cue.ancestors():
            return report
    return None


def _with_lead_in(sentence: Sentence, cue: Word, placeholder: Word, quotation: Quotation) -> Span:
    """A quotation with the words of its clause around it: "said that if he won, “...” soon"."""
    that = next(
        (
            w
            for w in sentence.words
            if cue.index < w.index < placeholder.index and w.text.lower() == "that"
        ),
        None,
    )
    if (
        that is None
        or that.tag not in ("IN", "WDT", "DT")
        or that.index - cue.index > _MAX_WORDS_TO_VERB * 3
    ):
        return quotation.span
    after = [w for w in sentence.words if w.index > placeholder.index]
    goes_on = len(after) > 1 and not after[1].is_punctuation and after[0].text in _CLOSING_MARKS
    last = next((w for w in reversed(after) if not w.is_punctuation), None) if goes_on else None
    return Span(that.start, last.end if last is not None else quotation.span.end)


def _narrow(report: Report, quotations: Sequence[Quotation]) -> None:
    """Give a report whose content is nothing but quotations the spans with their marks."""
    whole = [quotations[n].span for n in sorted(report.quotations)]
    if not whole:
        return
    spans = [s for s in report.content if not any(s in q for q in whole)]
    merged: list[Span] = []
    for span in sorted([*spans, *whole]):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    report.content = merged


def _nearest(sentence: Sentence, placeholder: Word, table: Language) -> Word | None:
    """The verb that a quotation belongs to, or None."""
    best: tuple[float, int, Word] | None = None
    above = {w.index for w in placeholder.ancestors()}
    for verb in sentence.words:
        if verb.quoted or verb.quotation is not None or verb.pos not in ("VERB", "AUX"):
            continue
        known = verb.lemma in table.clausal_verbs or verb.lemma in table.labelling_verbs
        known = known or (verb.lemma in table.said_it and act_of(verb, table) is not None)
        gap = _gap(sentence, verb, placeholder)
        tied = verb.index in above or placeholder in verb.ancestors()
        cost = gap - (_SYNTAX_BONUS_WORDS if tied else 0) + (0 if known else 6)
        if verb.dep in ("amod", "compound") or verb.lemma in ("be", "have"):
            continue
        if gap > (_MAX_WORDS_TO_CUE if known else _MAX_WORDS_TO_VERB):
            continue
        if not known and not _may_speak(verb, table):
            continue
        key = (cost, abs(verb.index - placeholder.index), verb)
        if best is None or key[:2] < best[:2]:
            best = key
    return best[2] if best else None


def _may_speak(verb: Word, table: Language) -> bool:
    """Whether a verb that is no cue can stand for one beside a quotation ("she shrugged")."""
    own = verb.child("nsubj")
    if own is None or verb.child("dobj", "ccomp", "attr") is not None:
        return False
    return own.pos in ("PROPN", "PRON") or own.lemma in table.role_nouns


def _gap(sentence: Sentence, verb: Word, placeholder: Word) -> int:
    """The words that stand between a verb (with its subject) and a quotation."""
    own = verb.child("nsubj", "nsubjpass")
    core = [*group(verb), *(own.subtree([verb]) if own else [])]
    low, high = min(w.index for w in core), max(w.index for w in core)
    if placeholder.index > high:
        between = range(high + 1, placeholder.index)
    elif placeholder.index < low:
        between = range(placeholder.index + 1, low)
    else:
        return 0
    words = (sentence.at(i) for i in between)
    return sum(1 for w in words if w is not None and not w.is_punctuation)


def _leading_report(
    sentence: Sentence, placeholder: Word, quotation: Quotation, table: Language
) -> Report | None:
    """A quotation after a colon: "Lowry had one piece of advice: “...”"."""
    mark = sentence.before(placeholder)
    colon = sentence.before(mark) if mark is not None and mark.is_punctuation else mark
    if colon is None or colon.text != ":":
        return None
    before = [w for w in sentence.words if w.index < colon.index]
    if (label := _name_before_colon(before, table)) is not None:
        return Report(
            sentence=sentence,
            content=[quotation.span],
            cue=colon.span,
            found_by="quotation",
            speaker=label,
            speaker_span=phrase_span(label, label.all("prep", "relcl")),
            quotations=quotations_in([placeholder]),
        )
    noun = next((w for w in reversed(before) if w.lemma in table.noun_acts), None)
    root = _leading_verb(before)
    if root is None and (noun is None or noun.dep != "ROOT"):
        return None
    speaker = subject(root) if root is not None else noun
    if speaker is not None and speaker.lemma in table.noun_acts:
        speaker = speaker.child("poss")  # "Her answer was short: “...”"
    cue = noun or root
    if cue is None or (speaker is not None and root and not _may_lead(speaker, root, table)):
        return None
    return Report(
        sentence=sentence,
        content=[quotation.span],
        cue=cue.span,
        cue_word=cue,
        act=table.noun_acts[noun.lemma] if noun else act_of(cue, table) or "say",
        found_by="quotation",
        speaker=speaker,
        speaker_span=phrase_span(speaker) if speaker else None,
        addressees=root.all("dative") if root is not None and noun is not None else [],
        quotations=quotations_in([placeholder]),
    )


def _leading_verb(before: Sequence[Word]) -> Word | None:
    """The verb of the clause that leads up to a colon: the last one with a subject, above which
    stands no other ("When the dam broke, she sent him a note: “...”")."""
    verbs = [w for w in before if w.pos in ("VERB", "AUX") and w.child("nsubj")]
    main = [v for v in verbs if not any(above in verbs for above in v.ancestors())]
    return main[-1] if main else None


def _may_lead(speaker: Word, verb: Word, table: Language) -> bool:
    """Whether the subject of what leads up to a colon can be who says what follows: not the
    place in "The venue was immaterial: “...”"."""
    if speaker.pos != "NOUN" or act_of(verb, table) is not None:
        return True
    naming = table.naming
    known = (
        *(table.role_nouns, table.organisation_nouns, table.document_nouns, table.outlet_nouns),
        *(naming.people_nouns, naming.occupations, naming.relatives, naming.bodies.keys()),
    )
    return any(speaker.lemma in nouns for nouns in known)


def _name_before_colon(before: Sequence[Word], table: Language) -> Word | None:
    """A name right before a colon, where no verb says who speaks: "More from Reed: “...”"."""
    if not before or before[-1].pos != "PROPN" or before[-1].quoted:
        return None
    if before[-1].text.lower() in table.editorial_labels:
        return None
    head = before[-1]
    while head.dep in ("compound", "flat", "nmod") and head.head in before:
        head = head.head
    if any(act_of(w, table) and w.lemma in table.clausal_verbs for w in before):
        return None
    return head if head.pos == "PROPN" else None


def _verb_tagged_as_noun(
    sentence: Sentence, placeholder: Word, quotation: Quotation, table: Language
) -> Report | None:
    """A quotation before a name and a verb that the tagger took for a noun ("Reed notes")."""
    after = [w for w in sentence.words if w.index > placeholder.index and not w.is_punctuation]
    for name, verb in pairwise(after[:4]):
        if name.pos not in ("PROPN", "PRON") or verb.pos != "NOUN":
            continue
        if verb.lemma not in table.clausal_verbs or verb.text == verb.lemma:
            continue
        return Report(
            sentence=sentence,
            content=[quotation.span],
            cue=verb.span,
            act=table.verb_acts.get(verb.lemma, "say"),
            found_by="quotation",
            speaker=name,
            speaker_span=Span(after[0].start, name.end),
            quotations=quotations_in([placeholder]),
        )
    return None


def _around_gesture(
    sentence: Sentence, placeholder: Word, quotations: Sequence[Quotation], table: Language
) -> Report | None:
    """Two quotations around what somebody does: "“I don't,” and Marek shook his head, “I don't
    believe that.”"; whose they are is only inferred."""
    spoken = [w for w in sentence.words if w.quotation is not None]
    outside = [w for w in sentence.words if not w.is_punctuation and w.quotation is None]
    verb = sentence.root
    own = verb.child("nsubj")
    if (
        len(spoken) != 2
        or spoken[0] is not placeholder
        or own is None
        or not outside
        or any(w.quoted for w in outside)
        or not spoken[0].index < outside[0].index <= outside[-1].index < spoken[1].index
        or not (own.pos in ("PROPN", "PRON") or own.lemma in table.role_nouns)
        or verb.tag not in ("VBD", "VBZ", "VBP")
    ):
        return None
    numbers = quotations_in(spoken)
    return Report(
        sentence=sentence,
        content=[quotations[n].span for n in sorted(numbers)],
        found_by="floating",
        speaker=own,
        speaker_span=phrase_span(own),
        quotations=numbers,
    )


def _addressees(cue: Word, table: Language) -> list[Word]:
    out = []
    for child in cue.children:
        if child.dep in ("dobj", "dative") and cue.lemma in table.addressing_verbs:
            out.append(child)
        if (hearer := hearer_after_to(child, table)) is not None:
            out.append(hearer)
    if (
        is_passive(cue)
        and cue.lemma in table.addressing_verbs
        and ((theirs := cue.child("nsubjpass")) is not None)
    ):
        out.append(theirs)
    return out
