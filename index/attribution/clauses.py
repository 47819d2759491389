"""Reported clauses: which words of a sentence a reporting verb reports.

The content of a cue is its clausal complement (Krestel et al. 2008; de La Clergerie et
al. 2011), its object or prepositional object when that names what was said, or, around
a parenthetical cue ("the pipeline, the company said, would ..."), the clause around it.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.attribution.cues import (
    act_of,
    agent,
    behind_to,
    cue_span,
    group,
    is_bracketed,
    is_passive,
    modality,
    neighbour,
    phrase_span,
    quoted_by,
    saying_as,
    subject,
)
from index.attribution.report import Report
from index.attribution.situation import is_situation
from index.attribution.syntax import Sentence, Word, quotations_in, spans, trimmed
from index.lang import Language
from index.types import Span


def reports(sentence: Sentence, table: Language) -> list[Report]:
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
            out.append(found)
    _nest(out)
    _share(out)
    return _relayed([r for r in out if r.outer is None or _stands_alone(r, table)], table)


def _relayed(found: list[Report], table: Language) -> list[Report]:
    """The reports with those through whom the inner ones are known.

    "Falk said Aune had told Dolan ..." is a statement by Falk and one by Aune through him;
    "Dolan warned that ..., the agency reported" is Dolan's, through the agency, alone.
    """
    mere = []
    for report in found:
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
    """Whether a verb names an act of speech but tells of none.

    Orders to the reader ("tell us more"), purposes and plans ("to discuss the budget"),
    participles that describe a noun ("a road called Miracle Run"), and talk by nobody.
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
    if report.frame == "clause":
        return not _is_view(verb)
    planned = verb.tag == "VB" and verb.dep in ("acl", "relcl", "advcl", "xcomp")
    if planned and (report.modality == "hypothetical" or verb.dep in ("acl", "relcl")):
        return True
    return owner is None and not is_passive(verb)


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
    """The statement that a cue behind it passes on: "Li told them that ..., state TV reported"."""
    outer, cue = report.outer, report.cue
    if outer is None or cue is None or outer.tier != "speech" or not report.content:
        return None
    return outer if report.content[-1].end <= cue.start and outer.span.end >= cue.end else None


def _stands_alone(report: Report, table: Language) -> bool:
    """Whether a report inside another is one of its own: "Falk said Aune had told Dolan ...".

    Inside reported speech only a full clause with a named speaker is; views, praise and
    promises mentioned there belong to the outer statement.
    """
    verb = report.cue_word
    return (
        verb is not None
        and report.frame == "clause"
        and verb.lemma in table.clausal_verbs
        and verb.tag != "VBG"
        and report.speaker is not None
        and report.speaker.pos in ("PROPN", "NOUN")
    )


def _share(found: list[Report]) -> None:
    """Gives participles after a comma the speaker of the clause before them.

    "Orlov told Demir that the talks would resume, adding that ...": the parser hangs
    *adding* from *resume*, but it is Orlov who adds.
    """
    for position, report in enumerate(found):
        verb = report.cue_word
        if verb is not None and verb.dep == "conj" and verb.child("nsubj") is None:
            for before in found[:position]:
                cue = before.cue_word
                clauses = [w for w in verb.ancestors() if w.dep == "ccomp" and w.head is cue]
                if cue is not None and clauses and _is_second_cue(verb, clauses[0], cue):
                    report.speaker, report.speaker_span = before.speaker, before.speaker_span
        if verb is None or verb.tag != "VBG" or verb.child("nsubj") is not None:
            continue
        if verb.dep not in ("advcl", "acl", "xcomp", "conj", "dep", "ccomp"):
            continue
        if not _after_comma(report.sentence, verb) and verb.dep != "conj":
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
    content, frame, addressees = _complement(sentence, verb, table, passive)
    if not content and quoting is not None and _is_parted(sentence, quoting):
        content, frame = _before_quoting(quoting, table), "clause"
        if verb.lemma in table.addressing_verbs:
            addressees += verb.all("dobj", "dative")
    if not content:
        return None
    if speaker is not None and is_bracketed(sentence, speaker):
        speaker = None
    if speaker is None and not passive and frame in ("clause", "around", "object"):
        speaker = neighbour(sentence, verb)
        if speaker is not None and (speaker in content or speaker in addressees):
            speaker = None
    kept = trimmed(content)
    if not kept:
        return None
    if (
        frame in ("clause", "around")
        and not any(w.pos in ("VERB", "AUX") for w in kept)
        and (not any(w.quotation is not None for w in kept))
    ):
        return None
    if passive and verb.child("nsubjpass") is not None and verb.lemma in table.addressing_verbs:
        addressees.append(verb.child("nsubjpass"))  # type: ignore[arg-type]
    if passed is not None and (saying := saying_as(verb, table)) is not None:
        verb = saying  # "..., Holm was quoted as telling Dolan"
        act = act_of(saying, table) or act
        if saying.lemma in table.addressing_verbs:
            addressees += saying.all("dobj", "dative")
    stance = verb.lemma in table.stance_verbs
    tier = "nominal" if stance or frame in ("object", "preposition") else "speech"
    quotes = quotations_in(kept)
    quoted = any(w.quoted and not w.is_punctuation for w in kept)
    said = modality(verb, table)
    return Report(
        sentence=sentence,
        content=spans(kept),
        cue=cue_span(verb, said),
        cue_word=verb,
        act=act,
        frame=frame,
        speaker=speaker,
        speaker_span=phrase_span(speaker, [verb]) if speaker is not None else None,
        addressees=addressees,
        relayers=[relayer] if relayer is not None else [],
        modality=said,
        tier="speech" if (quotes or quoted) and not stance else tier,  # type: ignore[arg-type]
        quotations=quotes,
    )


def _before_quoting(quoting: Word, table: Language) -> list[Word]:
    """What stands before "..., Holm was quoted as saying"."""
    before = [c for c in quoting.children if c.index < quoting.index]
    if any(c.dep == "ccomp" and c.quotation is None for c in before):
        return _left(quoting, before, table)
    if quoting.dep == "conj" and not quoting.head.all("cc"):
        return [w for w in quoting.head.subtree([quoting]) if w.index < quoting.index]
    return []


def _quoting(verb: Word, table: Language) -> Word | None:
    """The verb of "quoted X as saying", for *saying*."""
    above = verb.head
    if (
        verb.dep == "pcomp"
        and above.text.lower() == "as"
        and above.head.lemma in table.quoting_verbs
    ):
        return above.head
    return None


def _hidden(sentence: Sentence, verb: Word) -> Word | None:
    """The clause of "told Odell on Monday that ...", where the parser has it describe a noun."""
    for noun in verb.subtree():
        if noun.index <= verb.index or noun.pos not in ("NOUN", "PROPN", "PRON", "NUM"):
            continue
        for clause in noun.all("acl", "relcl"):
            that = clause.subtree()[0]
            before = sentence.before(that)
            if that.text.lower() != "that" or before is None or before.is_punctuation:
                continue
            if that.dep == "mark" or (noun.dep == "dobj" and before is noun):
                return clause
    return None


def _complement(
    sentence: Sentence, verb: Word, table: Language, passive: bool
) -> tuple[list[Word], str, list[Word]]:
    """The words that the verb reports, the frame by which, and the addressees."""
    addressees: list[Word] = []
    right = [c for c in verb.children if c.index > verb.index]
    left = [c for c in verb.children if c.index < verb.index]
    placeholder = [c for c in verb.children if c.quotation is not None and c.dep != "nsubj"]
    clause = [c for c in right if c.dep == "ccomp" and c not in placeholder]
    infinitive = [
        c
        for c in right
        if c.dep == "xcomp" and c.tag in ("VB", "VBG") and verb.lemma in table.infinitive_verbs
    ]
    objects = [c for c in right if c.dep in ("dobj", "dative", "pobj")]
    addressing = verb.lemma in table.addressing_verbs
    if not clause and verb.lemma in table.asking_verbs:
        clause = _whether(verb)
    has_clause = bool(clause or infinitive or placeholder)

    for child in right:
        if (hearer := behind_to(child, table)) is not None:
            addressees.append(hearer)
        if child.dep == "dative":
            addressees.append(child.child("pobj") or child)
    if addressing and has_clause:
        addressees += [o for o in objects if o.dep == "dobj" and o not in addressees]

    if addressing and not has_clause and (hidden := _hidden(sentence, verb)) is not None:
        hearer = hidden.head if hidden.head in objects else verb.child("dobj")
        return hidden.subtree(), "clause", [*addressees, *([hearer] if hearer else [])]
    if clause or placeholder or infinitive:
        content: list[Word] = []
        for part in [*clause, *infinitive]:
            content += _clause_words(sentence, part, verb, table)
            content += _continued(verb, part, right)
        if infinitive and not clause and verb.lemma in table.urging_verbs:
            # "urged Bush to resign": the one who is to act begins the content.
            for child in right:
                if child.dep == "dobj":
                    content += child.subtree()
                elif child.dep == "prep" and child.text in ("on", "upon", "for"):
                    content += [w for w in child.subtree() if w is not child]
        content += placeholder
        left_clause = [c for c in left if c.dep == "ccomp" and c.quotation is None]
        if left_clause and not clause:
            content += _left(verb, left, table)
            content += _resumed(sentence, verb, table)
        return content, "clause", addressees

    left_clause = [c for c in left if c.dep == "ccomp"]
    if left_clause and not (objects and not addressing) and _is_parted(sentence, verb):
        content = [*_left(verb, left, table), *_resumed(sentence, verb, table)]
        return content, "clause", addressees
    if (around := _around(sentence, verb, table)) is not None:
        return around, "around", addressees
    if verb.lemma in table.naming_verbs and (label := _labelled(sentence, right)):
        return label, "object", addressees
    if verb.lemma in table.object_verbs or verb.lemma in table.labelling_verbs:
        nouns = [c for c in right if c.dep in ("dobj", "oprd", "ccomp", "xcomp")]
        told = verb.lemma in table.telling_verbs and not any(
            c.lemma in table.noun_acts or c.lemma in table.told_nouns for c in nouns
        )
        bare = verb.lemma in table.naming_verbs and not _is_named(nouns)
        quoting = verb.lemma in table.quoting_verbs and saying_as(verb, table) is not None
        if nouns and not told and not bare and not quoting:
            content = []
            for child in right:
                topic = child.dep == "prep" and not _is_occasion(child, table)
                if topic or child.dep in ("dobj", "oprd", "xcomp", "dative", "acomp"):
                    content += _noun_phrase(sentence, child, table)
            return content, "object", addressees
    wanted = table.preposition_verbs.get(verb.lemma, frozenset())
    for child in right:
        if child.dep in ("prep", "prt") and child.text.lower() in wanted:
            noun = child.child("pobj", "pcomp")
            if noun is not None and noun not in addressees and not is_situation(noun, table):
                content = _noun_phrase(sentence, noun, table)
                for other in right:
                    if other.index > noun.index and other.text.lower() == "as":
                        content += other.subtree()
                return content, "preposition", addressees
    return [], "", addressees


def _whether(verb: Word) -> list[Word]:
    """The clause of "asked Dolan if he would come", where the parser takes it for a condition."""
    beside = [*verb.children, *(verb.head.children if verb.dep == "xcomp" else ())]
    return [
        c
        for c in beside
        if c.dep == "advcl"
        and c.index > verb.index
        and any(m.text.lower() in ("if", "whether") for m in c.all("mark"))
    ][:1]


def _continued(verb: Word, part: Word, right: Sequence[Word]) -> list[Word]:
    """What goes on with a complement though the parser hangs it from the cue.

    "promised to meet and in some cases exceed his goals": by its form, *exceed* is a
    second infinitive and no second thing that the speaker did.
    """
    words: list[Word] = []
    for other in right:
        alike = other.tag in ("VB", "VBP") and part.tag == "VB" and verb.tag not in ("VB", "VBP")
        alike = alike or (other.tag == part.tag == "VBG" and verb.tag != "VBG")
        if other.dep == "conj" and alike and other.child("nsubj") is None:
            linked = [c for c in verb.all("cc") if part.index < c.index < other.index]
            words += [*linked[-1:], *other.subtree()]
    return words


def _resumed(sentence: Sentence, verb: Word, table: Language) -> list[Word]:
    """The rest of a statement after its cue: "A, X said in June, and B"."""
    for other in verb.all("conj"):
        own = other.child("nsubj", "nsubjpass")
        if own is None or own.index < verb.index or other.lemma in table.clausal_verbs:
            continue
        linked = [c for c in verb.all("cc") if verb.index < c.index < other.index]
        if linked and (before := sentence.before(linked[-1])) and before.text == ",":
            return [linked[-1], *other.subtree()]
    return []


def _noun_phrase(sentence: Sentence, noun: Word, table: Language) -> list[Word]:
    """What was criticised, announced ...: the phrase, less asides and the occasion.

    A relative clause after a comma, and what follows a dash, is the reporter's own.
    """
    without: list[Word] = []
    for word in noun.subtree():
        if word is noun:
            continue
        first = word.subtree()[0]
        before = sentence.before(first)
        aside = before is not None and before.text in (",", "-", "--", "—", "–")
        if word.dep in ("relcl", "acl", "appos"):
            barred = aside and first.index > noun.index
        else:
            barred = word.dep == "prep" and _is_dated(word, table)
        if barred:
            without.append(word)
    return noun.subtree(without)


def _is_named(nouns: Sequence[Word]) -> bool:
    """Whether the objects of "call" hold a name for something, and not just someone called."""
    return (
        len(nouns) > 1
        or any(n.dep in ("oprd", "ccomp") for n in nouns)
        or any(w.quoted or w.quotation is not None for n in nouns for w in n.subtree())
    )


def _labelled(sentence: Sentence, right: Sequence[Word]) -> list[Word]:
    """What is called something, what it is called, and all between ("the vote in March a
    farce"); none unless both are there.

    The parser has the second describe the noun before it, though no comma parts the two.
    """
    named = [c for c in right if c.dep in ("dobj", "oprd")]
    if not named:
        return []
    apposed = [
        word
        for child in right
        for word in child.subtree()
        if word.dep == "appos" and word.child("det") is not None
        if (before := sentence.before(word.subtree()[0])) and not before.is_punctuation
    ]
    last = [*named[1:], *apposed][-1:]
    if not last:
        return []
    low, high = named[0].subtree()[0].index, last[0].subtree()[-1].index
    return [w for w in sentence.words if low <= w.index <= high]


def _is_occasion(preposition: Word, table: Language) -> bool:
    """Whether a prepositional phrase tells when, where or why, and not about what."""
    loose = preposition.text.lower() in table.circumstance_prepositions
    return (loose and preposition.head.pos == "VERB") or _is_dated(preposition, table)


def _is_dated(preposition: Word, table: Language) -> bool:
    """Whether a prepositional phrase names a time, an occasion or a medium."""
    noun = preposition.child("pobj")
    leads = preposition.text.lower() in table.occasion_prepositions
    return leads and noun is not None and is_situation(noun, table)


def _clause_words(sentence: Sentence, clause: Word, verb: Word, table: Language) -> list[Word]:
    """The words of a complement, less the reports of others that the parser hung there.

    A time that stands between the cue and the clause tells when it was said.
    """
    without = [verb, *_strays(sentence, clause, verb, table)]
    first = clause.child("intj", "ccomp", "dep")
    link = clause.child("advmod", "mark")
    if first and first.quotation is not None and link and first.index < link.index:
        return [first]  # "said, “We’ll see,” when asked whether ..."
    own = clause.child("nsubj", "nsubjpass", "mark")
    for child in clause.all("npadvmod"):
        if own is not None and verb.index < child.index < own.index:
            without += [child] if is_situation(child, table) else []
    return clause.subtree(without)


def _strays(sentence: Sentence, clause: Word, verb: Word, table: Language) -> list[Word]:
    """Branches of a complement that begin another report by another clause.

    "X said A, while Y said B" and "X said A, adding that B".
    """
    found = []
    for word in clause.subtree():
        if word is clause or word.lemma not in table.clausal_verbs or word.quoted:
            continue
        own = word.child("nsubj")
        first = min(word.subtree(), key=lambda w: w.index)
        if own is not None and not _after_comma(sentence, first):
            continue
        if (word.dep in ("advcl", "acl") and word.tag == "VBG" and own is None) or (
            word.dep == "conj" and own is None and _is_second_cue(word, clause, verb)
        ):
            found.append(word)
        elif own is not None and word.dep in ("conj", "advcl", "parataxis"):
            mark = word.child("mark", "advmod")
            if mark is not None and mark.text.lower() == "that":
                continue  # "said A and that B": both are said
            if word.dep != "advcl" or (mark is not None and mark.text.lower() in _CONTRASTS):
                found.append(word)
    return found


def _is_second_cue(word: Word, clause: Word, verb: Word) -> bool:
    """Whether a coordinated verb goes with the cue: "said it would end and called for calm".

    By its tense: the clause's own second verb has the form of its first ("said he met the
    envoy and told him").
    """
    finite = clause.child("aux", "auxpass")
    form = finite.tag if finite is not None else clause.tag
    return word.tag == verb.tag and word.tag in ("VBD", "VBZ", "VBP") and form != word.tag


_CONTRASTS = ("while", "as", "though", "although", "but", "whereas")


def _after_comma(sentence: Sentence, word: Word) -> bool:
    """Whether a comma, semicolon or dash parts the word from what stands before it."""
    before = sentence.before(word)
    if before is not None and before.dep in ("cc", "mark", "advmod"):
        before = sentence.before(before)
    return before is not None and before.is_punctuation


def _left(verb: Word, left: Sequence[Word], table: Language) -> list[Word]:
    """What stands before a final cue: "A, if B happens, X said"."""
    words: list[Word] = []
    own = verb.child("nsubj", "nsubjpass")
    nearest = [c for c in left if c.quotation is not None and c is not own]
    if nearest and any(
        act_of(w, table) and w.child("nsubj") for c in left for w in c.subtree() if c is not own
    ):
        return nearest  # "Reed asserted that ...: “...,” he claimed"
    for child in left:
        if child is own or child.dep in ("aux", "auxpass", "neg", "punct", "cc"):
            continue
        if child.dep in ("advmod", "npadvmod") and verb.index - child.index <= 2:
            continue
        words += child.subtree([verb])
    return words


def _is_parted(sentence: Sentence, verb: Word) -> bool:
    """Whether a comma or dash stands between a cue with its subject and what is before it."""
    own = verb.child("nsubj", "nsubjpass")
    before = [own] if own is not None and own.index < verb.index else []
    core = [*group(verb), *(w for o in before for w in o.subtree([verb]))]
    first = min(w.index for w in core)
    at = sentence.at(first - 1)
    return at is None or at.is_punctuation or at.pos == "ADV" or at.quotation is not None


def _around(sentence: Sentence, verb: Word, table: Language) -> list[Word] | None:
    """The clause around a parenthetical cue, or None if the cue is no parenthesis.

    A parenthesis has a subject and no complement, and commas (or an end) on both sides.
    """
    own = verb.child("nsubj")
    if own is None or not (
        verb.lemma in table.clausal_verbs
        or (verb.dep == "parataxis" and verb.lemma in table.stance_verbs)
    ):
        return None
    barred = {"ccomp", "xcomp", "dobj", "oprd", "conj", "parataxis"}
    core = [verb, *own.subtree([verb])]
    for child in verb.children:
        if child.dep in ("aux", "neg", "prt", "advmod", "npadvmod", "prep", "dative"):
            core += child.subtree()
        elif child.dep in barred and child.index > verb.index and child.dep != "conj":
            return None
    if verb.dep == "advcl":
        mark = verb.child("mark")
        if mark is None or mark.text.lower() != "as":
            return None
        host = verb.head
        return host.subtree([verb])
    low = min(w.index for w in core)
    high = max(w.index for w in core)
    before, after = sentence.at(low - 1), sentence.at(high + 1)
    if before is None or not before.is_punctuation or before.text not in (",", "—", "–", "--", "-"):
        return None
    if after is not None and not after.is_punctuation:
        return None
    inside = {w.index for w in core}
    if verb.dep == "relcl" and not any(w.tag in ("WDT", "WP", "WRB") for w in own.subtree()):
        host = verb.head.head
        if after is None or host.pos not in ("VERB", "AUX"):
            return None
        return [w for w in host.subtree([verb]) if w.index not in inside]
    if verb.dep == "parataxis":
        host = verb.head
        while host.dep in ("ccomp",) and act_of(host.head, table) is None:
            host = host.head
        return [w for w in host.subtree([verb]) if w.index not in inside]
    start = sentence.words[0].index
    words = [w for w in sentence.words if start <= w.index < low]
    if not any(_is_statement(w) for w in words):
        return None
    rest = [w for w in sentence.words if w.index > high]
    if rest and rest[0].text == "," and len(rest) > 3 and verb.dep != "ROOT":
        words += rest
    return [w for w in words if w.dep != "cc" or w.index != start]


def _is_statement(word: Word) -> bool:
    """Whether a word is the verb of a clause that can stand alone, or a masked quotation."""
    if word.quotation is not None:
        return True
    if word.pos not in ("VERB", "AUX") or word.child("nsubj", "nsubjpass", "expl") is None:
        return False
    return word.dep not in ("relcl", "acl") and word.child("mark") is None


def _nest(found: list[Report]) -> None:
    """Ties a report that stands inside another's content to that other one."""
    for inner in found:
        for outer in found:
            if (
                inner is not outer
                and inner.cue is not None
                and any(inner.cue in span for span in outer.content)
                and (inner.outer is None or len(outer.span) < len(inner.outer.span))
            ):
                inner.outer = outer
