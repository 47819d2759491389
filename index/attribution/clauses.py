"""Reported clauses: which verbs of a sentence report what somebody said, and who said it.

The words that a verb reports are found by ``complements``; this module gives them a speaker,
tells reports from mere mentions, and ties those within others to them (relays).
"""

from __future__ import annotations

from collections.abc import Sequence

from index.attribution.complements import (
    after_comma,
    ahead_of,
    complement,
    is_parted,
    is_second_cue,
)
from index.attribution.cues import (
    act_of,
    agent,
    cue_span,
    is_bracketed,
    is_passive,
    modality,
    phrase_span,
    quoted_by,
    saying_as,
    speaker_beside,
    subject,
)
from index.attribution.phrases import is_lifeless, may_speak
from index.attribution.report import Report
from index.attribution.syntax import (
    Sentence,
    Word,
    quotations_in,
    spans,
    trimmed,
)
from index.lang import Language
from index.types import Span


def clause_reports(sentence: Sentence, table: Language) -> list[Report]:
    """The statements that the verbs of a sentence report, in the order of their cues."""
    out: list[Report] = []
    for word in sentence.words:
        if word.quoted or word.quotation is not None:
            continue
        act = act_of(word, table)
        if act is None:
            continue
        found = _report(sentence, word, act, table)
        if found is not None and not _is_mere_mention(found, word, table):
            if found.modality == "asserted" and _is_purpose(word, table):
                found.modality = "hypothetical"
            out.append(found)
    _set_outer_reports(out)
    _share_speakers(out)
    _cut_at_next(out)
    return _relayed([r for r in out if _is_own(r, table)], table)


def _is_own(report: Report, table: Language) -> bool:
    """Whether a report is one by itself, and not only part of what another one reports.

    If A praises a study that said X, X is the study's statement, not A's: then the inner report
    is one by itself.
    """
    outer, cue = report.outer, report.cue_word
    if outer is None or _stands_alone(report, table):
        return True
    return (
        outer.tier == "nominal"
        and outer.found_by == "object"
        and outer.act not in ("deny", "refuse", "accuse")
        and report.tier == "speech"
        and cue is not None
        and cue.dep == "relcl"
        and report.speaker is not None
        and report.speaker.tag in ("WDT", "WP")
    )


def _relayed(found: list[Report], table: Language) -> list[Report]:
    """Add to each inner report the speaker who passed it on; drop reports that only pass on.

    "Falk said Aune had told Dolan ..." is a statement by Falk and one by Aune through him;
    "Dolan warned that ..., the agency reported" is Dolan's, through the agency, alone.
    """
    mere = []
    kept = {id(r) for r in found}
    for report in found:
        while report.outer is not None and id(report.outer) not in kept:
            report.outer = report.outer.outer  # what reports nothing by itself passes nothing on
        if (whole := _reported_after(report)) is not None and report.speaker is not None:
            whole.relayers.append(report.speaker)
            end = report.content[-1].end
            whole.content = [Span(s.start, min(s.end, end)) for s in whole.content if s.start < end]
            mere.append(report)
            continue
        outer = report.outer
        if outer is None or outer.speaker is None or outer.tier != "speech":
            continue
        report.relayers.append(outer.speaker)
        head = outer.speaker.lemma in table.outlet_nouns or (
            outer.cue_word is not None and outer.cue_word.lemma == "report"
        )
        cue = report.cue_word
        if head and cue is not None and cue.head is outer.cue_word:
            mere.append(outer)
    return [r for r in found if r not in mere]


def _is_mere_mention(report: Report, verb: Word, table: Language) -> bool:
    """Whether a verb names an act of speech without reporting one.

    Orders to the reader ("tell us more"), purposes and plans ("to discuss the budget"),
    participles that describe a noun ("a road called Miracle Run"), and acts without a speaker.
    """
    owner = report.speaker
    if verb.lemma in table.refusing_verbs and any(act_of(c, table) for c in verb.all("xcomp")):
        return True  # "declined to say": it is the saying that counts
    if verb.dep == "ROOT" and verb.tag == "VB" and verb.child("nsubj", "nsubjpass", "aux") is None:
        return True
    if verb.dep in ("acl", "relcl") and verb.tag == "VBN" and owner is None:
        return True
    if report.tier == "speech":
        return False
    if report.found_by == "clause":
        return not _is_view(verb)
    planned = verb.tag == "VB" and verb.dep in ("acl", "relcl", "advcl", "xcomp")
    if planned and (report.modality == "hypothetical" or verb.dep in ("acl", "relcl")):
        return True
    return owner is None and not is_passive(verb)


def _is_purpose(verb: Word, table: Language) -> bool:
    """Whether a verb only tells what something was done for ("met to discuss the wages")."""
    return (
        verb.tag == "VB"
        and verb.dep == "advcl"
        and verb.child("nsubj", "mark") is None
        and verb.head.lemma not in table.media_verbs
    )


def _is_view(verb: Word) -> bool:
    """Whether the complement of a verb like "see" is a clause that can be true or false."""
    for clause in verb.all("ccomp"):
        finite = clause.tag in ("VBD", "VBZ", "VBP") or any(
            c.tag in ("MD", "VBD", "VBZ", "VBP") for c in clause.all("aux", "auxpass")
        )
        if finite or clause.child("mark") is not None or clause.quotation is not None:
            return True
    return not verb.all("ccomp")


def _reported_after(report: Report) -> Report | None:
    """The statement that precedes this relay ("Li told them that ..., state TV reported"); None if
    the report is no relay of a statement before it."""
    outer, cue = report.outer, report.cue
    if outer is None or cue is None or outer.tier != "speech" or not report.content:
        return None
    return outer if report.content[-1].end <= cue.start and outer.span.end >= cue.end else None


def _stands_alone(report: Report, table: Language) -> bool:
    """Whether a report inside another is one of its own: "Falk said Aune had told Dolan ...".

    Inside reported speech only a full clause with a named speaker is, or one of which
    somebody was told ("he had told her that ..."); views, praise and promises mentioned
    there belong to the outer statement.
    """
    verb = report.cue_word
    told = verb is not None and verb.lemma in table.telling_verbs and bool(report.addressees)
    if _is_second(report):
        return True
    return (
        verb is not None
        and report.found_by == "clause"
        and verb.lemma in table.clausal_verbs
        and verb.tag != "VBG"
        and report.speaker is not None
        and (
            report.speaker.pos in ("PROPN", "NOUN")
            or (told and report.speaker.text.lower() in table.person_pronouns)
        )
    )


def _is_second(report: Report) -> bool:
    """Whether a report inside another is the same speaker's next one ("said the delay was long
    and asked the board to wait")."""
    outer, verb = report.outer, report.cue_word
    return (
        outer is not None
        and verb is not None
        and verb.dep == "conj"
        and report.speaker is not None
        and report.speaker is outer.speaker
        and verb.child("nsubj") is None
    )


def _cut_at_next(found: Sequence[Report]) -> None:
    """End a statement where its speaker's next one begins."""
    for report in found:
        outer, verb = report.outer, report.cue_word
        if outer is None or verb is None or not _is_second(report):
            continue
        before = [
            w
            for w in report.sentence.words
            if w.index < verb.index and any(w.span in span for span in outer.content)
        ]
        if kept := spans(trimmed([w for w in before if w not in verb.children])):
            outer.content, report.outer = kept, outer.outer


def _share_speakers(found: list[Report]) -> None:
    """Give participles after a comma the speaker of the clause before them.

    "Orlov told Demir that the talks would resume, adding that ...": the parser hangs
    *adding* from *resume*, but it is Orlov who adds.
    """
    for position, report in enumerate(found):
        verb = report.cue_word
        if verb is not None and verb.dep == "conj" and verb.child("nsubj") is None:
            for before in found[:position]:
                cue = before.cue_word
                clauses = [w for w in verb.ancestors() if w.dep == "ccomp" and w.head is cue]
                if cue is not None and clauses and is_second_cue(verb, clauses[0], cue):
                    report.speaker, report.speaker_span = before.speaker, before.speaker_span
        if verb is None or verb.tag != "VBG" or verb.child("nsubj") is not None:
            continue
        if verb.dep not in ("advcl", "acl", "xcomp", "conj", "dep", "ccomp"):
            continue
        if not after_comma(report.sentence, verb) and verb.dep != "conj":
            continue
        for before in reversed(found[:position]):
            if (
                before.tier == "speech"
                and before.speaker is not None
                and (before.cue_word is not None and before.cue_word.child("nsubj") is not None)
            ):
                if before.cue_word in verb.ancestors() and report.outer in (None, before):
                    report.speaker, report.speaker_span = before.speaker, before.speaker_span
                    report.outer = before.outer
                break


def _report(sentence: Sentence, verb: Word, act: str, table: Language) -> Report | None:
    passive = is_passive(verb)
    speaker = agent(verb) if passive else subject(verb)
    relayer = None
    quoting = _quoting(verb, table)
    if (passed := quoted_by(quoting or verb, table)) is not None:
        speaker, relayer = passed
    if speaker is None and not passive and verb.dep in ("acl", "relcl") and verb.tag == "VBN":
        return None
    if speaker is not None and not passive:
        speaker = _possible_speaker(speaker, verb, table)
        if speaker is None:
            return None
    content, found_by, addressees = complement(sentence, verb, table)
    if not content and quoting is not None and is_parted(sentence, quoting):
        content, found_by = _before_quoting(quoting, table), "clause"
        if verb.lemma in table.addressing_verbs:
            addressees += verb.all("dobj", "dative")
    if not content:
        return None
    if speaker is not None and is_bracketed(sentence, speaker):
        speaker = None
    if speaker is None and not passive and found_by in ("clause", "around", "object"):
        speaker = speaker_beside(sentence, verb)
        if speaker is not None and (speaker in content or speaker in addressees):
            speaker = None
    kept = trimmed(content)
    if not _is_reported(kept, act, found_by):
        return None
    if passive and verb.child("nsubjpass") is not None and verb.lemma in table.addressing_verbs:
        addressees.append(verb.child("nsubjpass"))  # type: ignore[arg-type]
    if passed is not None and (saying := saying_as(verb, table)) is not None:
        verb = saying  # "..., Holm was quoted as telling Dolan"
        act = act_of(saying, table) or act
        if saying.lemma in table.addressing_verbs:
            addressees += saying.all("dobj", "dative")
    stance = verb.lemma in table.stance_verbs
    tier = "nominal" if stance or found_by in ("object", "preposition") else "speech"
    quotes = quotations_in(kept)
    quoted = any(w.quoted and not w.is_punctuation for w in kept)
    said = modality(verb, table)
    return Report(
        sentence=sentence,
        content=spans(kept),
        cue=cue_span(verb, said),
        cue_word=verb,
        act=act,
        found_by=found_by,
        speaker=speaker,
        speaker_span=phrase_span(speaker, [verb]) if speaker is not None else None,
        addressees=addressees,
        relayers=[relayer] if relayer is not None else [],
        modality=said,
        tier="speech" if (quotes or quoted) and not stance else tier,  # type: ignore[arg-type]
        quotations=quotes,
    )


_EMPTY_OBJECTS = frozenset("it this that them so you me us".split())


def _is_reported(words: Sequence[Word], act: str, found_by: str) -> bool:
    """Whether a verb of such an act can report these words, which stand beside it in this way."""
    if not words or _is_only_taken_up(words, found_by):
        return False
    if act == "thank" and words[0].tag == "WP":
        return False  # "thanked his aunt, who had written": the reporter's
    return found_by not in ("clause", "around") or any(
        w.pos in ("VERB", "AUX") or w.quotation is not None for w in words
    )


def _is_only_taken_up(words: Sequence[Word], found_by: str) -> bool:
    """Whether what is denied or announced is no more than a pronoun ("Urban denied it", "thank
    you")."""
    alone = len(words) == 1 and words[0].text.lower() in _EMPTY_OBJECTS
    return alone and found_by in ("object", "preposition") and not words[0].quoted


def _possible_speaker(speaker: Word, verb: Word, table: Language) -> Word | None:
    """The speaker of a verb: the nearest noun if it can speak, else a subject above; or None.

    "Reyes said the delay was long and asked the board ...": it is Reyes who asks, and in
    "Reyes backed the plans, saying ...", Reyes says it.
    """
    if may_speak(speaker, table):
        return speaker
    if verb.dep == "conj":
        for above in verb.ancestors():
            inside = above.dep in ("ccomp", "xcomp") and act_of(above.head, table) is not None
            outer = subject(above.head) if inside else None
            if outer is not None and may_speak(outer, table):
                return outer
    if verb.dep == "acl" and verb.tag == "VBG" and speaker is verb.head:
        for above in speaker.ancestors():
            if above.pos in ("VERB", "AUX"):
                outer = subject(above)
                if speaker.dep == "dobj" and outer is not None and may_speak(outer, table):
                    return outer
                break
    willed = verb.lemma in table.infinitive_verbs or verb.lemma in table.telling_verbs
    return None if willed and is_lifeless(speaker, table) else speaker


def _before_quoting(quoting: Word, table: Language) -> list[Word]:
    """The words before "..., Holm was quoted as saying", which are what he said."""
    before = [c for c in quoting.children if c.index < quoting.index]
    if any(c.dep == "ccomp" and c.quotation is None for c in before):
        return ahead_of(quoting, before, table)
    if quoting.dep == "conj" and not quoting.head.all("cc"):
        return [w for w in quoting.head.subtree([quoting]) if w.index < quoting.index]
    return []


def _quoting(verb: Word, table: Language) -> Word | None:
    """The verb *quoted* of "quoted X as saying", if ``verb`` is *saying*; None for any other."""
    above = verb.head
    if (
        verb.dep == "pcomp"
        and above.text.lower() == "as"
        and above.head.lemma in table.quoting_verbs
    ):
        return above.head
    return None


def _set_outer_reports(found: list[Report]) -> None:
    """Set `outer` of each report to the smallest report in whose content its cue stands."""
    for inner in found:
        for outer in found:
            if (
                inner is not outer
                and inner.cue is not None
                and any(inner.cue in span for span in outer.content)
                and (inner.outer is None or len(outer.span) < len(inner.outer.span))
            ):
                inner.outer = outer
