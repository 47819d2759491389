"""Subjects, and what they say, where the parser hides them in the words that lead up to a verb.

"In the village of Dale, Ida Falk, a baker, said ..." is said by her and not at her, and in
"Falk laughs." somebody laughs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.attribution.phrases import may_speak, move
from index.attribution.syntax import Word
from index.lang import Language
from index.people.names import begins_name

_OWN_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass", "expl")


def free_subjects(words: Sequence[Word], table: Language) -> None:
    """Give the verbs of a sentence the subjects and clauses that are theirs; in place."""
    at = {w.index: w for w in words}
    for word in words:
        if word.tag == "NNS" and word.head is word:
            _take_for_verb(word, words, table)
        if word.text == "According" and word.head is word:
            _raise_main_clause(word, at)
        if word.lemma == "one":
            _take_for_one(word)
        if word.pos not in ("VERB", "AUX"):
            continue
        _part_source(word, at)
        if word.lemma in table.refusing_verbs:
            _give_refusal_back(word)
        _free_from_lead(word, words, at)
        _free_from_participle(word, at, table)
        if word.lemma in table.telling_verbs:
            _give_clause_back(word)
            _take_for_request(word, table)


def _take_for_verb(root: Word, words: Sequence[Word], table: Language) -> None:
    """Make a verb of the noun in "Falk laughs." and "Falk reacts to the memo.", which have none: a
    name before what looks like a plural."""
    owner = root.child("compound", "nmod")
    told = [c for c in root.children if c.index < root.index]
    if owner is None or told != [owner] or owner is not words[0] or owner.children:
        return
    if owner.index != root.index - 1 or not owner.text[:1].isupper() or not root.text.islower():
        return
    if any(w.pos in ("VERB", "AUX") for w in words) or words[-1].text != ".":
        return
    owner.dep = "nsubj"
    root.pos, root.tag = "VERB", "VBZ"
    if begins_name(owner.text, table):
        owner.pos, owner.tag = "PROPN", "NNP"


def _free_from_lead(verb: Word, words: Sequence[Word], at: Mapping[int, Word]) -> None:
    """Give a finite verb without a subject the name at the end of the phrase that leads up to it:
    "In Dale, Ida Falk, a baker, said", "According to the Gazette, Norland Rovers have paid"."""
    if verb.head is not verb or verb.child(*_OWN_SUBJECTS) is not None or not _is_finite(verb):
        return
    start = min([verb.index, *(c.index for c in verb.all("aux", "auxpass", "neg"))])
    for lead in verb.all("prep"):
        phrase = lead.subtree()
        if phrase[0] is not words[0] or phrase[-1].index > start:
            continue
        for name in phrase:
            if name.pos == "PROPN" and _ends_lead(name, words, at, start):
                if name.dep == "pobj":
                    move(name.all("nmod")[0], name.head, "pobj")
                move(name, verb, "nsubj")
                return


def _ends_lead(name: Word, words: Sequence[Word], at: Mapping[int, Word], start: int) -> bool:
    """Whether a name of several words behind a comma ends what leads up to the word ``start``,
    be it with an apposition of its own between commas."""
    places = name.all("nmod") if name.dep == "pobj" else []
    if name.dep not in ("appos", "conj") and len(places) != 1:
        return False
    own = [w for w in name.subtree(places) if not w.is_punctuation]
    comma = at.get(own[0].index - 1)
    if own[0] is name or comma is None or comma.text != ",":
        return False
    rest = [w for w in words if own[-1].index < w.index < start]
    told = name.child("appos", "relcl") is not None
    return not rest or (told and all(w.text == "," for w in rest))


def _is_finite(verb: Word) -> bool:
    forms = [verb, *verb.all("aux", "auxpass")]
    return any(w.tag in ("VBD", "VBZ", "VBP", "MD") for w in forms)


def _raise_main_clause(source: Word, at: Mapping[int, Word]) -> None:
    """Make the clause behind the comma the main one of "According to a letter seen by the Gazette,
    Falk told the board that ...", which the parser hangs from the letter."""
    for noun in source.subtree():
        for verb in noun.all("relcl") if noun.pos == "NOUN" else ():
            own = verb.child("nsubj", "nsubjpass")
            first = verb.subtree()[0]
            comma = at.get(first.index - 1)
            plain = own is not None and own.tag not in ("WDT", "WP") and own.pos != "DET"
            if not plain or comma is None or comma.text != "," or not _is_finite(verb):
                continue
            verb.head.children.remove(verb)
            verb.head, verb.dep = verb, "ROOT"
            source.head, source.dep = verb, "prep"
            verb.children = sorted([*verb.children, source], key=lambda w: w.index)
            return


def _take_for_one(one: Word) -> None:
    """Make an apposition of the name in "One of them, the turner Ivo Lund, said", which the parser
    takes for a second person."""
    if one.child("prep") is None or one.child("cc") is not None:
        return
    for name in one.all("conj"):
        if name.pos == "PROPN":
            name.dep = "appos"


def _part_source(verb: Word, at: Mapping[int, Word]) -> None:
    """Give a verb the subject behind the comma of "According to the newspaper La Gaceta, Norland
    Rovers have paid", where the parser takes the newspaper's name for it."""
    source = verb.child("nsubj")
    own = source.child("appos") if source is not None else None
    if source is None or own is None or own.pos != "PROPN" or source.pos != "PROPN":
        return
    noun = at.get(source.subtree()[0].index - 1)
    comma, after = at.get(own.subtree()[0].index - 1), at.get(own.subtree()[-1].index + 1)
    if noun is None or noun.dep != "pobj" or comma is None or comma.text != ",":
        return
    leads = any(w.text == "According" for w in noun.ancestors())
    if leads and after is not None and (after is verb or after.head is verb):
        move(own, verb, "nsubj")
        move(source, noun, "appos")


def _give_refusal_back(verb: Word) -> None:
    """Tie "declined" to the one who confirms in "confirmed that Lund had called but declined to say
    why": by its tense it is no part of what is confirmed."""
    clause = verb.head
    if verb.dep != "conj" or clause.dep != "ccomp" or verb.child("nsubj") is not None:
        return
    cue = clause.head
    alike = verb.tag == cue.tag and verb.tag in ("VBD", "VBZ") and cue.index < clause.index
    links = [c for c in clause.all("cc") if clause.index < c.index < verb.index]
    perfect = clause.child("auxpass") is None and any(c.lemma == "have" for c in clause.all("aux"))
    if alike and perfect and links and links[-1].text.lower() == "but":
        move(links[-1], cue, "cc")
        move(verb, cue, "conj")


def _free_from_participle(verb: Word, at: Mapping[int, Word], table: Language) -> None:
    """Give a verb the speaker behind a participle that the parser takes for its subject ("Opening
    the case, counsel for the town said")."""
    clause = verb.child("csubj")
    if clause is None or clause.tag != "VBG" or verb.child("nsubj") is not None:
        return
    for noun in clause.all("dep", "appos"):
        comma = at.get(noun.subtree()[0].index - 1)
        apart = comma is not None and comma.text == "," and clause.index < noun.index < verb.index
        if apart and noun.pos in ("NOUN", "PROPN") and may_speak(noun, table):
            move(noun, verb, "nsubj")
            clause.dep = "advcl"
            return


def _give_clause_back(verb: Word) -> None:
    """Give "told" the clause behind its hearer in "he added, although the pilot told the paper she
    was ready", of which the parser makes what he added."""
    clause, hearer = verb.head, verb.child("dobj")
    if verb.dep != "advcl" or hearer is None or clause.dep not in ("ccomp", "advcl"):
        return
    if clause.dep == "advcl" and clause.child("mark") is not None:
        return
    if verb.child("ccomp", "xcomp") or verb.child("mark") is None or verb.child("nsubj") is None:
        return
    outer, own = clause.head, clause.child("nsubj", "nsubjpass")
    if own is None or not outer.index < verb.index < own.index:
        return
    if verb.subtree()[-1].index + 1 == own.subtree()[0].index:
        move(verb, outer, "advcl")
        move(clause, verb, "ccomp")


def _take_for_request(verb: Word, table: Language) -> None:
    """Make what somebody is asked to do the complement of "asked Lund in a call to leave", where
    the parser takes it for a purpose."""
    asked = verb.child("dobj")
    if asked is None or verb.child("ccomp", "xcomp") or not may_speak(asked, table):
        return
    if verb.lemma not in table.infinitive_verbs or verb.child("nsubj") is None:
        return
    for purpose in verb.all("advcl"):
        bare = purpose.child("nsubj", "mark") is None and purpose.index > asked.index
        if purpose.tag == "VB" and bare and any(c.tag == "TO" for c in purpose.all("aux")):
            purpose.dep = "xcomp"
            return
    for link in verb.all("prep"):
        for occasion in (n for n in link.subtree() if n.lemma in table.occasion_nouns):
            for request in occasion.all("acl"):
                if request.tag == "VB" and any(c.tag == "TO" for c in request.all("aux")):
                    move(request, verb, "xcomp")
                    return
