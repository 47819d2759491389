"""Reporting words: whether they report, who speaks by them, and whether it was said at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.attribution.syntax import Sentence, Word, cover
from index.lang import Language
from index.types import Modality, Span

_SUBJECTS = ("nsubj", "csubj")
_RELATIVES = frozenset(("who", "which", "that", "whom"))
_CONTROLLED = ("xcomp", "advcl", "ccomp", "dep", "parataxis")


def act_of(word: Word, table: Language) -> str | None:
    """The sense of a verb as a cue, or None if it reports nothing."""
    if word.pos not in ("VERB", "AUX"):
        return None
    if word.lemma in table.said_it:
        thing = word.child("dobj")
        put = thing is not None and thing.text.lower() == table.said_it[word.lemma]
        return "say" if put else None
    if (particle := phrasal(word)) in table.particle_acts:
        return table.particle_acts[particle] or None
    return table.verb_acts.get(word.lemma)


def phrasal(verb: Word) -> str:
    """A verb with its particle ("rule out"), or alone."""
    particle = verb.child("prt")
    return f"{verb.lemma} {particle.text.lower()}" if particle is not None else verb.lemma


def is_passive(verb: Word) -> bool:
    if verb.child("nsubjpass", "auxpass") is not None:
        return True
    # "Asked by Orlov whether ...", "a letter written by": a participle without "have".
    return (
        verb.tag in ("VBN", "VBD")
        and verb.child("nsubj", "aux") is None
        and (verb.child("agent") is not None or verb.dep in ("advcl", "acl", "relcl"))
    )


def antecedent(word: Word) -> Word:
    """The noun that a relative pronoun stands for; any other word itself."""
    if word.text.lower() not in _RELATIVES or word.tag not in ("WP", "WDT", "IN"):
        return word
    for above in word.ancestors():
        if above.dep in ("relcl", "acl"):
            return (
                _named_above(above) or _plural_above(above) or _singular_below(above) or above.head
            )
    return word


def _named_above(clause: Word) -> Word | None:
    """The name between a place and the relative clause that the parser hangs from the place ("the
    mayor of Marrow, Ida Roos, who has said"); None where there is none."""
    place = clause.head
    office = place.head.head if place.dep == "pobj" else place
    names = [n for n in office.all("appos") if place.index < n.index < clause.index]
    return names[-1] if names and names[-1].pos == "PROPN" else None


def _singular_below(clause: Word) -> Word | None:
    """The name that a relative clause in the singular describes, where the parser hangs it from
    several people before that ("Critics of Ida Falk, who says"); None elsewhere."""
    several, finite = clause.head, clause.child("aux", "auxpass") or clause
    if finite.tag != "VBZ" or several.tag != "NNS" or several.child("conj") is not None:
        return None
    names = (link.child("pobj") for link in several.all("prep") if link.index < clause.index)
    return next((n for n in names if n is not None and n.tag == "NNP"), None)


def _plural_above(clause: Word) -> Word | None:
    """The people that a relative clause in the plural describes, where the parser hangs it from a
    place behind them ("Democrats on Capitol Hill, who have argued"); None elsewhere."""
    noun = clause.head
    finite = clause.child("aux", "auxpass") or clause
    if finite.tag != "VBP" or noun.tag not in ("NNP", "NN") or noun.child("conj") is not None:
        return None
    while noun.dep in ("pobj", "prep", "conj") and noun.head is not noun:
        noun = noun.head
        if noun.tag in ("NNS", "NNPS"):
            return noun
    return None


def conjuncts(word: Word) -> Iterator[Word]:
    """The words that a coordination adds to a word, in order."""
    for other in word.all("conj"):
        yield other
        yield from conjuncts(other)


def agent(verb: Word) -> Word | None:
    """The noun after "by" of a passive verb."""
    by = verb.child("agent")
    return by.child("pobj") if by else None


def quoted_by(verb: Word, table: Language) -> tuple[Word | None, Word | None] | None:
    """Who says what a verb like "quote" passes on, and who passes it on; None for other verbs.

    "Holm was quoted by the agency as saying", "the agency quoted Holm as telling Dolan".
    """
    if verb.lemma not in table.quoting_verbs:
        return None
    if is_passive(verb):
        return verb.child("nsubjpass"), agent(verb)
    quoted = verb.child("dobj")
    if quoted is None or saying_as(verb, table) is None:
        return None
    return quoted, subject(verb)


def saying_as(verb: Word, table: Language) -> Word | None:
    """The verb behind "as" that says how somebody is quoted ("as saying")."""
    for child in verb.children:
        if child.text.lower() == "as" and child.index > verb.index:
            for said in child.all("pcomp"):
                if act_of(said, table) is not None:
                    return said
    return None


def hearer_after_to(child: Word, table: Language) -> Word | None:
    """The X of a dependent "to X", if its verb takes the hearer after "to" ("said to Reed")."""
    to = child.dep == "prep" and child.text.lower() == "to"
    return child.child("pobj") if to and child.head.lemma in table.to_addressing_verbs else None


def subject(verb: Word, depth: int = 0) -> Word | None:
    """Who does what an active verb says: its own subject or the one that it shares.

    Participles and infinitives take theirs from the clause that they depend on (or the
    object of a verb that orders), relative clauses from their antecedent.
    """
    own = verb.child(*_SUBJECTS)
    if own is not None:
        return own
    if depth > 6 or verb.head is verb:
        return None
    head = verb.head
    if verb.dep == "conj":
        if is_passive(head) and not is_passive(verb):
            return head.child("nsubjpass")
        return subject(head, depth + 1)
    if verb.dep in ("acl", "relcl") and verb.tag in ("VBG", "VB"):
        return head if head.pos in ("NOUN", "PROPN", "PRON") else None
    if verb.dep == "pcomp" and head.dep in ("prep", "mark"):
        above = head.head
        if above.pos in ("NOUN", "PROPN"):
            return above.child("poss")
        return above.child("nsubjpass") or subject(above, depth + 1)
    if verb.dep == "acomp":
        return subject(head, depth + 1)  # "is close to leaving after telling the club"
    if verb.dep in _CONTROLLED and head.pos == "ADJ" and head.dep == "acomp":
        return subject(head, depth + 1)  # "was free to go after telling the judge"
    if verb.dep in _CONTROLLED and head.pos in ("VERB", "AUX"):
        if verb.dep == "xcomp" and verb.tag == "VB" and (theirs := head.child("dobj")):
            return theirs
        return head.child("nsubjpass") or subject(head, depth + 1)
    return None


def is_bracketed(sentence: Sentence, word: Word) -> bool:
    """Whether a word stands right behind a bracket, like the state in "Kasich (R-OH), said"."""
    before = sentence.before(word)
    while before is not None and (before.text in ("-", "–") or before.dep == "compound"):
        before = sentence.before(before)
    return before is not None and before.text in ("(", "[")


def speaker_beside(sentence: Sentence, verb: Word) -> Word | None:
    """The noun beside a finite verb without a subject in the parse, taken as its speaker; or None.

    The noun phrase right before it ("Jake Sullivan, her adviser, said") or, where there is
    none, right after it ("said Odell"); or the subject of the clause before ("Reed left,
    then says").
    """
    if verb.tag not in ("VBD", "VBZ", "VBP", "VBN") or verb.child("aux", "auxpass") is not None:
        return None
    for clause in verb.all("ccomp"):
        own = clause.child("nsubj")
        if clause.index < verb.index and own is not None and verb.child("nsubj") is None:
            later = [c for c in verb.all("ccomp") if c.index > verb.index]
            if later and clause.quotation is None:
                return own
    at, aside = sentence.before(verb), False
    while at is not None and (at.pos in ("ADV", "PART") or at.text in (",", ")", "]")):
        aside = aside or at.text == ","
        if at.text in (")", "]"):
            while at is not None and at.text not in ("(", "["):
                at = sentence.before(at)
        at = sentence.before(at) if at is not None else None
    head = _noun_head(at, verb)
    elsewhere = head is not None and head.dep == "nsubj" and head.head in verb.all("ccomp")
    if head is None or elsewhere or (aside and head is at and at.dep != "appos"):
        head = _noun_head(sentence.after(verb), verb)
    return head


def _noun_head(word: Word | None, verb: Word) -> Word | None:
    """The head of the noun phrase that a word stands in, or None if it stands in none."""
    while word is not None and word.quotation is None and not word.quoted:
        up = word.head
        part = word.dep in ("compound", "flat", "nmod", "amod", "det", "poss", "nummod", "quantmod")
        part = part or (word.dep == "appos" and up.dep != "pobj")
        part = part or (word.dep == "pobj" and up.head.pos in ("NOUN", "PROPN", "NUM"))
        part = part or (word.dep == "prep" and up.pos in ("NOUN", "PROPN", "NUM"))
        if part and up is not word and up is not verb:
            word = up
        elif word.pos in ("PROPN", "NOUN", "PRON", "NUM") and word.lemma not in _CLOCK:
            return word
        elif word.pos == "ADJ" and word.child("det") is not None:
            return word  # "the 43-year-old asked"
        else:
            return None
    return None


_CLOCK = frozenset("today yesterday tomorrow week month year night morning".split())


def phrase_span(head: Word, without: Sequence[Word] = ()) -> Span:
    """Where a whole noun phrase stands, conjuncts and relative clauses included.

    Without what the parser hangs there by mistake: words across a gap, a dateline before
    a dash, a clause before a comma, a weekday behind a name.
    """
    kept = _unbroken(head, head.subtree(without))
    at = kept.index(head)
    for position in range(at - 1, -1, -1):
        word = kept[position]
        dateline = word.text in _DASHES and not any(w.text == word.text for w in kept[at:])
        clause = word.text == "," and any(w.pos in ("VERB", "AUX") for w in kept[:position])
        if dateline or clause:
            kept = kept[position + 1 :]
            break
    last = kept[-1]
    time = next((w for w in (last, *last.ancestors()) if w.head is head), None)
    if time is not None and time.dep in ("npadvmod", "advmod") and time.index > head.index:
        kept = kept[: kept.index(time.subtree()[0])] if time.subtree()[0] in kept else kept
    while len(kept) > 1 and kept[-1].is_punctuation and kept[-1].text not in ")]":
        kept.pop()
    while len(kept) > 1 and kept[0].is_punctuation:
        kept.pop(0)
    if kept[-1].tag == "POS":
        kept.pop()
    return cover(kept) if kept else head.span


_DASHES = ("—", "–", "―", "--")


def _unbroken(head: Word, words: Sequence[Word]) -> list[Word]:
    """The run of neighbours around the head."""
    kept = [head]
    for step in (-1, 1):
        at = head.index
        for word in sorted(words, key=lambda w: step * w.index):
            if (word.index - head.index) * step <= 0:
                continue
            if (word.index - at) * step > 1 or word.quotation is not None:
                break
            kept.append(word)
            at = word.index
    return sorted(kept, key=lambda w: w.index)


def group(verb: Word) -> list[Word]:
    """The verb with its auxiliaries, negation and particle: what is shown as the cue."""
    words = [verb]
    words += [c for c in verb.children if c.dep in ("aux", "auxpass", "neg", "prt")]
    return sorted(words, key=lambda w: w.index)


def cue_span(verb: Word, said: Modality) -> Span:
    """The reporting words that are shown as the cue.

    The verb with its particle ("pointed out"); if negated or hypothetical, the whole verb group
    ("declined to say", "did not tell").
    """
    if said == "asserted":
        particles = [c for c in verb.all("prt") if c.index == verb.index + 1]
        return cover([verb, *particles])
    span = group_span(verb)
    head = verb.head
    if verb.dep == "xcomp" and head.pos in ("VERB", "AUX") and head.index < verb.index:
        above = group_span(head)
        between = range(head.index + 1, verb.index)
        if all(any(c.index == i for c in verb.all("aux", "neg")) for i in between):
            return Span(min(above.start, span.start), span.end)
    return span


def group_span(verb: Word) -> Span:
    """Where the verb group stands, without what an inverted subject puts between."""
    words = group(verb)
    low = verb.index
    for word in reversed([w for w in words if w.index < verb.index]):
        if low - word.index > 2:
            break
        low = word.index
    high = max((w.index for w in words if w.index - verb.index <= 1), default=verb.index)
    return cover([w for w in words if low <= w.index <= high])


def modality(verb: Word, table: Language, depth: int = 0) -> Modality:
    """Whether the article says that the words were said, were not, or might be."""
    own = verb.child(*_SUBJECTS)
    if _is_negated(verb, own, table):
        return "negated"
    if _is_conditional(verb, table):
        return "hypothetical"
    if verb.dep == "xcomp" and verb.tag == "VB" and verb.head.pos == "ADJ":
        # "was about to say", "is likely to tell"; but "was quick to say" was said
        open_ = verb.head.lemma in table.hypothetical_adjectives
        return "hypothetical" if open_ else "asserted"
    caused = verb.dep == "ccomp" and verb.tag == "VB" and verb.head.lemma in ("make", "let")
    if caused and own is not None and own.text.lower() not in ("me", "us"):
        return "hypothetical"  # "would make everybody feel that ..."
    if verb.dep == "pcomp" and verb.head.text.lower() == "before":
        main = verb.head.head
        later = main.tag in ("VBZ", "VBP", "VB") or any(c.tag == "MD" for c in main.all("aux"))
        if later:
            return "hypothetical"  # "hopes for a medal before calling it a day"
    if depth < 3 and verb.head is not verb and verb.head.pos in ("VERB", "AUX"):
        head = verb.head
        if verb.dep == "xcomp" or (verb.dep == "conj" and own is None):
            if head.lemma in table.refusing_verbs and verb.dep == "xcomp":
                return "negated"
            infinitive = head.dep == "xcomp" and head.tag == "VB"
            if verb.dep == "conj" and infinitive and verb.tag in ("VBD", "VBZ"):
                return modality(head.head, table, depth + 1)  # "offered to send it and proposed"
            if verb.dep == "conj" and not any(c.dep == "neg" for c in head.children):
                return modality(head, table, depth + 1)
            if verb.dep == "xcomp" and verb.tag == "VB":
                above = modality(head, table, depth + 1)
                if above != "asserted":
                    return above
                return "asserted" if head.lemma in _FACTIVE else "hypothetical"
    return "asserted"


def _is_negated(verb: Word, own: Word | None, table: Language) -> bool:
    """Whether a negation stands with a verb ("never said"), or begins its own subject ("nobody
    said")."""
    for child in verb.children:
        negation = child.text.lower() in table.negations
        if child.dep == "neg" or (negation and child.dep in ("advmod", "preconj", "det")):
            return True
    return own is not None and own.subtree()[0].text.lower() in table.negations


def _is_conditional(verb: Word, table: Language) -> bool:
    """Whether a modal verb or a condition stands with a verb ("would say", "if he says")."""
    for child in verb.children:
        text = child.text.lower()
        if child.dep == "aux" and child.tag == "MD" and text in table.hypothetical_modals:
            # "would only say that it exists" did say so
            return not (text == "would" and any(c.text == "only" for c in verb.all("advmod")))
        marks = child.dep in ("mark", "advmod") and text in table.conditional_marks
        if marks and child.index < verb.index:
            return True
    return False


# "went on to say", "took to Twitter to say", "used the speech to argue": it was said.
_FACTIVE = frozenset(
    """go use take have begin start continue come get proceed appear seem rush happen dare
    manage bother tend prompt lead cause""".split()
)
