"""What is reported by a verb that says little and an adjective: "made (it) clear that ...".

"She was adamant that ..." tells what somebody said, too; "she is confident that ..." tells what
somebody thinks, and is a nominal report.
"""

from __future__ import annotations

from collections.abc import Iterable

from index.attribution.cues import cue_span, modality, phrase_span, subject
from index.attribution.phrases import may_speak
from index.attribution.report import Report
from index.attribution.syntax import Sentence, Word, cover, quotations_in, spans, trimmed
from index.lang import Language
from index.types import Tier

_FARTHEST = 3
"""Words from the verb to its adjective, at most ("has made it very clear")."""

_BETWEEN = frozenset("it very quite abundantly perfectly n't not".split())
"""Words that may stand between the two."""


def adjective_reports(sentence: Sentence, found: Iterable[Report], table: Language) -> list[Report]:
    """Return the statements of a sentence whose cue is an adjective with its verb."""
    taken = {r.cue_word.index for r in found if r.cue_word is not None}
    out: list[Report] = []
    for verb in sentence.words:
        if verb.quoted or verb.index in taken or verb.lemma not in ("make", "be"):
            continue
        adjective = _adjective(sentence, verb, table)
        if adjective is None:
            continue
        content, hearer = _adjective_content(sentence, verb, adjective)
        owner = subject(verb)
        named = owner is not None and owner.pos in ("NOUN", "PROPN", "PRON")
        if owner is None or not named or owner in content or not may_speak(owner, table):
            continue
        if not any(w.pos in ("VERB", "AUX") or w.quotation is not None for w in content):
            continue
        out.append(_adjective_report(sentence, (verb, adjective), owner, content, hearer, table))
    return out


def _adjective_report(
    sentence: Sentence,
    cue: tuple[Word, Word],
    owner: Word,
    content: list[Word],
    hearer: Word | None,
    table: Language,
) -> Report:
    verb, adjective = cue
    stance = adjective.text.lower() in table.stance_adjectives
    said, quoted = modality(verb, table), quotations_in(content)
    tier: Tier = "nominal" if stance and not quoted else "speech"
    start = cue_span(verb, said)
    return Report(
        sentence=sentence,
        content=spans(content),
        cue=cover([verb, adjective]) if said == "asserted" else start,
        cue_word=verb,
        act="believe" if stance else "say",
        found_by="clause",
        speaker=owner,
        speaker_span=phrase_span(owner, [verb]),
        addressees=[hearer] if hearer is not None else [],
        modality=said,
        tier=tier,
        quotations=quoted,
    )


def _adjective(sentence: Sentence, verb: Word, table: Language) -> Word | None:
    """The adjective behind a verb that makes the two a cue, or None."""
    known = (
        table.made_plain
        if verb.lemma == "make"
        else table.firm_adjectives | table.stance_adjectives
    )
    for index in range(verb.index + 1, verb.index + 1 + _FARTHEST):
        word = sentence.at(index)
        if word is None or word.quoted:
            return None
        if word.text.lower() in known and word.pos in ("ADJ", "ADV", "VERB"):
            return word
        if word.text.lower() not in _BETWEEN:
            return None
    return None


def _adjective_content(
    sentence: Sentence, verb: Word, adjective: Word
) -> tuple[list[Word], Word | None]:
    """What stands behind the adjective, and to whom it was made clear.

    Behind "to the board" only a clause with "that" is meant.
    """
    after = sentence.after(adjective)
    hearer = None
    if after is not None and after.text.lower() == "to" and verb.lemma == "make":
        hearer = after.child("pobj")
        if hearer is None:
            return [], None
        after = sentence.after(hearer)
    if after is None or (hearer is not None and after.text.lower() != "that"):
        return [], None
    if verb.lemma == "be" and after.text.lower() != "that" and after.tag in ("IN", "TO", ",", "."):
        return [], None
    below = {w.index for w in verb.subtree()}
    words = [w for w in sentence.words if w.index >= after.index and w.index in below]
    return trimmed(words), hearer
