"""What a reporting noun reports: "his claim that ...", "a warning from Ankara that ...".

Nominal reports: the article names an act of speech and its content, and quotes no words.
"""

from __future__ import annotations

from collections.abc import Iterable

from index.attribution.cues import modality, phrase_span, subject
from index.attribution.report import Report
from index.attribution.syntax import Sentence, Word, quotations_in, spans, trimmed
from index.lang import Language


def noun_reports(sentence: Sentence, found: Iterable[Report], table: Language) -> list[Report]:
    """The statements that nouns of the sentence report, where it says whose they are."""
    taken = {r.cue_word.index for r in found if r.cue_word is not None}
    out: list[Report] = []
    for noun in sentence.words:
        act = table.noun_acts.get(noun.lemma)
        if act is None or noun.pos != "NOUN" or noun.quoted or noun.index in taken:
            continue
        content = _noun_complement(noun, act, table)
        owner = _owner(noun, table)
        kept = trimmed(content)
        if owner is None or owner in kept or len(kept) < 2:
            continue
        verb = noun.head if noun.dep == "dobj" else None
        out.append(
            Report(
                sentence=sentence,
                content=spans(kept),
                cue=noun.span,
                cue_word=noun,
                act=act,
                found_by="noun",
                speaker=owner,
                speaker_span=phrase_span(owner, [noun]),
                modality=modality(verb, table) if verb is not None else "asserted",
                tier="nominal",
                quotations=quotations_in(kept),
            )
        )
    return out


def _noun_complement(noun: Word, act: str, table: Language) -> list[Word]:
    """The clause with "that", or the infinitive of a promise, an order, a threat ..."""
    for clause in noun.all("acl", "ccomp", "relcl"):
        words = clause.subtree()
        if words[0].text.lower() == "that" and words[0].dep == "mark":
            return words
        infinitive = words[0].text.lower() == "to" and clause.tag == "VB"
        if infinitive and act in table.infinitive_acts:
            return words
    return []


def _owner(noun: Word, table: Language) -> Word | None:
    """Whose word it is: "Orlov's claim", "a claim by Orlov", "Orlov made the claim"."""
    if (theirs := noun.child("poss")) is not None:
        return theirs
    for preposition in noun.all("prep"):
        if preposition.text.lower() in ("by", "from") and (own := preposition.child("pobj")):
            return own
    verb = noun.head
    if noun.dep == "dobj" and verb.lemma in table.light_verbs and verb.child("neg") is None:
        return subject(verb)
    return None
