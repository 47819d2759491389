"""Names behind the offices of their bearers, where the parser takes the office for the person.

"Minister of Works Ada Firth", "actor and pilot Greta Dahl" and "nurse union head Sara Imani"
each speak of one person, whose name is the head of the phrase.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.attribution.phrases import is_human, move
from index.attribution.syntax import Word
from index.lang import Language
from index.people.given_names import gender_of
from index.text.folding import fold

_LEADING_NOUNS = frozenset("head chief boss chair leader lead".split())
"""Nouns for those who lead a body, which the parser may take for verbs or for parts of it."""


def put_names_over_offices(words: Sequence[Word], table: Language) -> None:
    """Correct in place the parse of an office before a name, with no comma between ("Nurse union
    head Sara Imani told ..."): the name takes the office's place in the clause, as the speaker."""
    at = {w.index: w for w in words}
    for name in list(words):
        if name.pos != "PROPN" or name.quoted or not _ends_full_name(name, at, table):
            continue
        if name.dep == "pobj":
            _behind_of(name, at, table)
        elif name.dep in ("conj", "appos"):
            _behind_two(name, at, table)
        elif name.dep == "dobj":
            _behind_head(name, at, table)


def _ends_full_name(name: Word, at: Mapping[int, Word], table: Language) -> bool:
    """Whether a word ends a person's name in full: behind a given name that is known."""
    given = at.get(name.index - 1)
    return (
        given is not None
        and given.pos == "PROPN"
        and given.head is name
        and given.text[:1].isupper()
        and bool(gender_of(given.text))
        and fold(name.text) not in table.organisation_nouns | table.naming.places
    )


def _is_office_noun(word: Word, table: Language) -> bool:
    singular = word.tag in ("NN", "NNP") or word.pos in ("VERB", "ADJ")
    known = is_human(word.text.lower(), table) or word.text.lower() in _LEADING_NOUNS
    return singular and known and word.text.lower() not in table.naming.relatives


def _behind_of(name: Word, at: Mapping[int, Word], table: Language) -> None:
    """ "Minister of Works Ada Firth": part the name from what the office is for."""
    link, given = name.head, at[name.index - 1]
    office = link.head
    if link.text.lower() not in ("of", "for") or link.index > name.index or link is office:
        return
    between = [at[i] for i in range(link.index + 1, given.index) if i in at]
    topics = [w for w in between if w.text.lower() != "the"]
    if not _is_office_noun(office, table) or office.child("appos") or not topics:
        return
    if not all(w.pos == "PROPN" and not _is_office_noun(w, table) for w in topics):
        return
    topic = topics[-1]
    if topic.head is not link:
        move(topic, link, "pobj")
    for word in between:
        if word.head is name:
            move(word, topic, "compound" if word.pos == "PROPN" else word.dep)
    _take_place_of(name, office)


def _behind_two(name: Word, at: Mapping[int, Word], table: Language) -> None:
    """ "Actor and pilot Greta Dahl": one person with two offices, not two people."""
    first = name.head
    # The second office is a part of the name or, as the parser has it, a person by itself.
    second = at.get(name.subtree()[0].index) if name.dep == "conj" else None
    given = at[name.index - 1]
    lead = at.get(given.index - 1)
    if lead is None or not _is_office_noun(first, table):
        return
    # A common noun without an article before a name can only tell what its bearer is.
    common = lead.text.islower() and lead.tag != "NNS" and lead.head is name
    if not (common or _is_office_noun(lead, table) or lead.text.lower() in table.naming.relatives):
        return
    start = second if second is not None and second.index < given.index else lead
    while (before := at.get(start.index - 1)) is not None and before.head in (lead, name):
        if before.dep not in ("amod", "compound", "nmod"):
            break
        start = before
    joint = at.get(start.index - 1)
    determined = first.child("det", "poss") is not None or lead.child("det", "poss") is not None
    if joint is None or joint.text.lower() not in ("and", "&") or determined:
        return
    if joint.index != first.index + 1 or first.index > lead.index:
        return
    if lead.head is not name:
        move(lead, name, "compound")
    move(joint, name, "cc") if joint.head is not name else None
    _take_place_of(name, first)
    joint.dep = "flat"


def _behind_head(name: Word, at: Mapping[int, Word], table: Language) -> None:
    """ "Nurse union head Sara Imani told ...": the parser has the union head her."""
    office = name.head
    if office.text.lower() not in _LEADING_NOUNS or office.index != name.index - 2:
        return
    if office.dep not in ("nsubj", "nsubjpass", "dobj", "pobj") or office.child("aux", "det"):
        return
    for child in office.all("nsubj"):
        child.dep = "compound"
    office.pos, office.tag = "NOUN", "NN"
    _take_place_of(name, office)


def _take_place_of(name: Word, office: Word) -> None:
    """Tie a name where its office was, and the office to the name."""
    head, dep = office.head, office.dep
    if head is office:
        return
    move(name, head, dep)
    move(office, name, "appos")
    office.pos = "NOUN"
