"""Sources named outside a clause: "according to Reuters", "in the words of the minister"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from index.attribution.cues import phrase_span
from index.attribution.phrases import is_human
from index.attribution.report import Report
from index.attribution.syntax import Sentence, Word, cover, quotations_in, runs, spans, trimmed
from index.lang import Language
from index.types import Span


def source_reports(sentence: Sentence, clauses: list[Report], table: Language) -> list[Report]:
    """The statements that "according to" attributes, and those "in the words of" somebody.

    Where the clause has a speaker, the source becomes a relayer of that report instead.  Changes
    `clauses` in place: reports whose content contains the source phrase are removed ("According
    to Voss, it was Lund who advised ..."), relayers are added.
    """
    out: list[Report] = []
    for word in sentence.words:
        if word.text.lower() != "according" or word.quoted:
            continue
        to = word.child("prep", "prt", "mark") or sentence.after(word)
        if to is None or to.text.lower() != "to":
            continue
        noun = to.child("pobj", "pcomp") or word.child("pobj")
        if noun is None:
            continue
        host = word.head if word.head is not word else word
        first = word.index <= sentence.words[0].index + 1
        beyond = _beyond(sentence, word, noun) if first else []
        own = {w.index for w in word.subtree(beyond)}
        if beyond:
            own = {index for index in own if index < beyond[0].subtree()[0].index}
        if first:
            clauses[:] = [r for r in clauses if not any(noun.span in s for s in r.content)]
        relayed = _led_by(clauses, host) if first else []
        for report in relayed or (_named_by(clauses, host) if first else []):
            report.relayers.append(noun)
        if relayed:
            continue
        if not first and _is_passed_on(sentence, clauses, word, noun):
            continue
        content = _sourced_words(sentence, word, host, own, first)
        kept = trimmed(content)
        if not kept:
            continue
        out.append(
            Report(
                sentence=sentence,
                content=spans(kept),
                cue=cover([word, to]),
                found_by="according",
                speaker=noun,
                speaker_span=phrase_span(noun, beyond),
                quotations=quotations_in(kept),
            )
        )
    return [*out, *_in_the_words_of(sentence, [*clauses, *out], table)]


def _led_by(clauses: list[Report], host: Word) -> list[Report]:
    """The statements that a verb reports, and those that its speaker makes further on: what a
    source at the head of the sentence passes on, and does not say itself."""
    told = [r for r in clauses if r.speaker is not None]
    main = [
        r
        for r in told
        if r.tier == "speech"
        and r.modality
        != "hypothetical"  # "According to Falk, she will ask": it is Falk who says so
        and (r.cue_word is host or (host.dep == "ccomp" and r.cue_word is host.head))
    ]
    return [r for r in told if any(r is m or r.speaker is m.speaker for m in main)]


def _named_by(clauses: list[Report], host: Word) -> list[Report]:
    """The statements that the article only names in the clause of a source at the head of the
    sentence ("According to Reyes, Lund promised a ferry"): Reyes says so, and passes it on."""
    return [
        r
        for r in clauses
        if r.tier == "nominal"
        and r.speaker is not None
        and r.modality == "asserted"
        and (r.cue_word is host or (host.dep == "ccomp" and r.cue_word is host.head))
    ]


def _is_passed_on(sentence: Sentence, clauses: Sequence[Report], word: Word, noun: Word) -> bool:
    """Whether a source at the end of a sentence passes on what a clause before it reports ("Reed
    proposed that both should meet, according to the statement").

    Changes those reports in place: the source leaves their words, and relays the outermost.
    """
    comma, after = sentence.before(word), sentence.at(noun.subtree()[-1].index + 1)
    if comma is None or comma.text != "," or (after is not None and after.text not in ".!?"):
        return False
    told = [
        r
        for r in clauses
        if r.found_by == "clause"
        and r.tier == "speech"
        and r.speaker is not None
        and r.cue is not None
        and r.cue_word is not None
        and r.cue_word.tag in ("VBD", "VBZ", "VBP")
        and r.cue_word.lemma != "report"  # the news agency does not speak for the pollster
        and r.cue.end < word.start
        and r.content[-1].start < comma.start
        and (noun.end <= r.content[-1].end or r.content[-1].end == comma.start)
    ]
    for report in told:
        last = report.content[-1]
        report.content[-1] = Span(last.start, comma.start)
        if report.outer is None:
            report.relayers.append(noun)
    return bool(told)


def _beyond(sentence: Sentence, word: Word, noun: Word) -> list[Word]:
    """The branches behind a comma that the parser hangs from the source at the head of a sentence
    of which else nothing is left ("According to Rush Limb, the move reeks of fear")."""
    own = {w.index for w in word.subtree()}
    if any(w.index not in own and not w.is_punctuation for w in sentence.words):
        return []
    comma = next((w for w in sentence.words if w.index > noun.index and w.text == ","), None)
    if comma is None:
        return []
    return [
        w
        for w in sentence.words
        if w.index > comma.index and w.head.index < comma.index and not w.is_punctuation
    ]


def _in_the_words_of(
    sentence: Sentence, found: Iterable[Report], table: Language
) -> Iterator[Report]:
    """The quotation that follows "in the words of the minister"."""
    claimed = {n for r in found for n in r.quotations}
    for noun in sentence.words:
        of = noun.child("prep")
        if noun.lemma != "word" or noun.head.text.lower() != "in" or of is None:
            continue
        owner = of.child("pobj")
        if owner is None or of.text.lower() != "of" or owner.quoted:
            continue
        rest = [w for w in sentence.words if w.index > owner.index]
        words = [w for w in rest if w.quoted or w.quotation is not None]
        if not words or (words[0].quotation in claimed and words[0].quotation is not None):
            continue
        spoken = [words[0]] if words[0].quotation is not None else trimmed(runs(words)[0])
        inside = [w for w in owner.subtree() if w in spoken]
        yield Report(
            sentence=sentence,
            content=[cover(spoken)],
            cue=cover([noun.head, noun, of]),
            found_by="according",
            speaker=owner,
            speaker_span=phrase_span(owner, inside),
            quotations=quotations_in(spoken),
        )


def relayed(found: list[Report], table: Language) -> list[Report]:
    """The reports without those of a source behind the clause that quotes: such a source becomes a
    relayer of the quotation ("“...,” he told her, according to his office").  Those through whom
    somebody speaks ("said through his lawyer") become relayers, too."""
    kept = []
    for report in found:
        if report.cue_word is not None and not report.relayers:
            report.relayers += _messengers(report.cue_word, table)
        within = [
            other
            for other in found
            if report.found_by == "according"
            and other.quotations
            and other.cue is not None
            and any(other.cue in span for span in report.content)
        ]
        for other in within:
            if report.speaker is not None:
                other.relayers.append(report.speaker)
        if not within:
            kept.append(report)
    return kept


def _messengers(verb: Word, table: Language) -> list[Word]:
    """The people through whom somebody speaks: "said through his lawyer that ..."."""
    through = [p for p in verb.all("prep") if p.text.lower() in ("through", "via")]
    nouns = [noun for p in through if (noun := p.child("pobj")) is not None]
    return [n for n in nouns if is_human(n.lemma, table) or n.child("appos") is not None]


def _sourced_words(
    sentence: Sentence, word: Word, host: Word, own: set[int], first: bool
) -> list[Word]:
    """The clause that the source phrase hangs from, or all that stands before or after it."""
    low, high = min(own), max(own)
    if host.pos not in ("VERB", "AUX"):
        for above in host.ancestors():
            if above.pos in ("VERB", "AUX"):
                host = above
                break
    words = [w for w in host.subtree() if w.index not in own]
    if host is word or len(trimmed(words)) < 2:
        words = [w for w in sentence.words if w.index not in own]
    if first:
        return [w for w in words if w.index > high]
    after = sentence.at(high + 1)
    if after is None or after.text in (".", "!", "?", '"'):
        return [w for w in words if w.index < low]
    return words
