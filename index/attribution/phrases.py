"""Noun phrases as they are meant where the parser ties them otherwise.

A name behind a place belongs to the office before it ("the mayor of Marrow, Eustace Lund"),
and a body whose name has an "and" is one body ("the Growers and Millers Federation").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.attribution.syntax import Word
from index.lang import Language
from index.people.given_names import gender_of
from index.people.names import begins_name
from index.text.folding import fold

NAME_LINKS = frozenset("of for".split())
"""Words that join a body's name to what it is for ("Ministry of Justice")."""

_PLURAL = frozenset("are were have 're 've".split())


def repair_parse(words: Sequence[Word], table: Language) -> None:
    """Correct in place what the parser is known to get wrong about names, and about those who ask
    and are told: words get another head, label or part of speech."""
    at = {w.index: w for w in words}
    for word in words:
        if word.pos != "PROPN" and word.text[:1].isupper() and not word.text.isascii():
            _take_for_name(word, at)
    for word in words:
        if word.dep == "prt" and word.text.lower() == "up":
            _count_up(word, at, table)
        if word.tag == "NNS" and word.lemma in table.clausal_verbs:
            _take_for_cue(word, words, table)
        if word.pos in ("VERB", "AUX"):
            _mend_verb(word, words, at, table)
        named = word.pos == "PROPN"
        if word.dep in ("pobj", "nsubj", "nsubjpass") and (named or may_speak(word, table)):
            _free_weekday(word, at, table)
        if not named:
            continue
        if word.dep == "pobj":
            _part_place(word, at, table)
        if word.dep in ("appos", "npadvmod"):
            _hang_from_office(word, at, table)
            _give_to_body(word, at, table)
            _make_subject(word, words[0], table)
        elif word.dep == "conj" and (halves := _name_before_and(word, at)) is not None:
            first, joint = halves
            firm = joint.text == "&"
            if firm or _is_one_body(first, word, table) or _is_one_topic(first, word, table):
                _join_names(first, joint, word)


def _mend_verb(verb: Word, words: Sequence[Word], at: dict[int, Word], table: Language) -> None:
    """Tie anew who speaks by a verb, and to whom; in place."""
    _part_subjects(verb, at)
    if verb.pos != "VERB":
        return
    if verb.lemma in table.asking_verbs:
        _make_asker(verb, words, table)
    if verb.lemma in table.telling_verbs:
        _free_hearer(verb, at)
        _take_for_hearer(verb)
    if verb.lemma in table.clausal_verbs:
        _turn_back(verb, at)
        _part_relay(verb, at, table)


def is_human(lemma: str, table: Language) -> bool:
    """Whether a noun, joined ones too ("co-author", "sister-in-law"), is one for people."""
    naming = table.naming
    nouns = (table.role_nouns, naming.people_nouns, naming.occupations, naming.relatives)
    parts = lemma.split("-")
    core = parts[0] if parts[1:] == ["in", "law"] else parts[-1]
    return any(core in some for some in nouns)


def is_lifeless(noun: Word, table: Language) -> bool:
    """Whether a noun is one of those that say nothing ("the delay", "its plans")."""
    naming, lemma = table.naming, noun.lemma
    if _is_known_speaker(noun, table) or lemma in table.audience_nouns:
        return False
    return lemma in naming.lifeless or lemma.endswith(naming.lifeless_endings)


def may_speak(noun: Word, table: Language) -> bool:
    """Whether a word can denote somebody who says something, for all that is known."""
    naming, lemma = table.naming, noun.lemma
    if _is_known_speaker(noun, table) or lemma in naming.collectives:
        return True
    return not is_lifeless(noun, table) and lemma.endswith(naming.person_endings)


def _is_known_speaker(noun: Word, table: Language) -> bool:
    """Whether a word is a name or has one beside it, or is for people, bodies or documents."""
    if noun.pos != "NOUN" or noun.child("appos") is not None or is_human(noun.lemma, table):
        return True
    bodies, outlets = table.naming.bodies, table.outlet_nouns
    known = (table.organisation_nouns, bodies, outlets, table.document_nouns)
    return any(noun.lemma in nouns for nouns in known)


def _take_for_name(word: Word, at: dict[int, Word]) -> None:
    """Take a word with letters that English lacks for the first part of the name behind it
    ("Nguyễn Thị Ánh"), whatever the parser takes it for."""
    after = at.get(word.index + 1)
    if after is None or after.pos != "PROPN" or not after.text[:1].isupper() or word.children:
        return
    core = after.head if after.dep == "compound" else after
    if word.head is word or core is word:
        return
    word.pos, word.tag = "PROPN", "NNP"
    move(word, core, "compound")


def _hang_from_office(name: Word, at: dict[int, Word], table: Language) -> None:
    """Tie a person's name behind a comma to the noun for people that it tells more of."""
    first = next((w for w in name.subtree() if not w.is_punctuation), name)
    comma, last = at.get(first.index - 1), at.get(first.index - 2)
    if comma is None or last is None or comma.text != "," or first is name:
        return
    if _is_place(first, name, table):
        return
    office = _office_for(last, first, table) or _office(last, table)
    if office is None or office is name.head or office.child("appos") is not None:
        return
    if office is not last or name.dep == "npadvmod":
        move(name, office, "appos")


def _give_to_body(name: Word, at: dict[int, Word], table: Language) -> None:
    """Tie a body's name to the body right before its comma, and not to who speaks for it ("a
    spokesman for the company, Harrow Lines")."""
    first = name.subtree()[0]
    comma, body = at.get(first.index - 1), at.get(first.index - 2)
    office = name.head
    if comma is None or body is None or comma.text != "," or body is office:
        return
    bodies = table.organisation_nouns | table.naming.bodies.keys()
    between = body.dep == "pobj" and office in body.ancestors() and body.lemma in bodies
    if not between or body.pos != "NOUN" or begins_name(first.text, table):
        return
    last = name.text.lower()
    bodily = first is name or last in bodies or (last.endswith("s") and not last.endswith("ss"))
    if name.dep == "appos" and bodily and is_human(office.lemma, table):
        move(name, body, "appos")


def _make_subject(name: Word, first: Word, table: Language) -> None:
    """Give a verb without a subject the name that begins its sentence ("Lund, sitting there,
    laughed"), which the parser takes for a time."""
    verb = name.head
    behind = name.subtree()[0].index == verb.index + 1 and any(
        c.index < verb.index for c in verb.all("ccomp")
    )  # "“...,” said Reyes, reports Delta Today"
    if (
        name.dep == "npadvmod"
        and (name.subtree()[0] is first or behind)
        and verb.tag in ("VBD", "VBZ", "VBP")
        and verb.child("nsubj", "nsubjpass", "csubj", "expl") is None
        and ((behind and name.child("compound") is not None) or not _names_time(name, table))
    ):
        name.dep = "nsubj"


def _names_time(name: Word, table: Language) -> bool:
    return bool({name.lemma, name.text.lower()} & (table.days | table.months | table.time_words))


def _make_asker(verb: Word, words: Sequence[Word], table: Language) -> None:
    """Give a verb right behind a question the one who asks it ("“Why?” asked the judge"), whom
    the parser takes for the one who is asked."""
    asked = verb.all("dobj", "dative")
    before = [w for w in words if w.index < verb.index and not w.is_punctuation]
    if (
        len(asked) == 1
        and verb.tag in ("VBD", "VBZ", "VBP", "VBN")
        and before
        and (before[-1].quoted or before[-1].quotation is not None)
        and verb.child("nsubj", "nsubjpass", "auxpass", "ccomp", "xcomp", "agent") is None
        and asked[0].index > verb.index
        and asked[0].text.lower() not in ("him", "her", "them", "me", "us")
    ):
        asked[0].dep = "nsubj"


def _turn_back(verb: Word, at: dict[int, Word]) -> None:
    """Make the clause before ", said Reyes" what Reyes said, where the parser takes its subject
    for the one who speaks and its verb for a participle ("The pipes held, said Reyes")."""
    owners = verb.all("nsubj")
    comma = at.get(verb.index - 1)
    if len(owners) != 2 or comma is None or comma.text != ",":
        return
    first, second = owners
    if not first.index < verb.index < second.index or second.pos == "NOUN":
        return
    if second.subtree()[0].index != verb.index + 1 or verb.child("ccomp") is not None:
        return
    clause = next((c for c in first.all("acl") if c.tag in ("VBN", "VBD")), None)
    if clause is None:
        return
    move(clause, verb, "ccomp")
    move(first, clause, "nsubj")


def _part_relay(verb: Word, at: dict[int, Word], table: Language) -> None:
    """Give the verb behind a quotation the speaker whom the parser gives to the one who passes it
    on ("“...,” said Ada Reyes, reports the Gazette")."""
    relay = verb.child("ccomp")
    own = relay.child("nsubj") if relay is not None else None
    if relay is None or own is None or verb.head is not verb or verb.child("nsubj") is not None:
        return
    comma, source = at.get(relay.index - 1), relay.child("dobj")
    finite = relay.tag in ("VBZ", "VBD") and relay.lemma in table.clausal_verbs
    if not finite or source is None or source.pos != "PROPN" or comma is None:
        return
    if comma.text != "," or own.subtree()[0].index != verb.index + 1:
        return
    move(own, verb, "nsubj")
    source.dep = "nsubj"
    _put_above(relay, verb)


def _put_above(verb: Word, root: Word) -> None:
    """Make a verb below the root of its sentence the root, and the old one its clause; in place."""
    verb.head.children.remove(verb)
    verb.head, verb.dep = verb, "ROOT"
    root.head, root.dep = verb, "ccomp"
    verb.children = sorted([*verb.children, root], key=lambda w: w.index)


def _free_hearer(verb: Word, at: dict[int, Word]) -> None:
    """Take the hearer out of the clause that it stands before ("told Delta Press villagers
    would be paid"): what is told is told to somebody."""
    if verb.tag not in ("VBD", "VBZ", "VBP", "VBN") or verb.child("dobj", "dative", "nsubjpass"):
        return
    clause = verb.child("ccomp")
    own = clause.child("nsubj", "nsubjpass") if clause is not None else None
    if own is None or own.tag != "NNS" or own.index < verb.index:
        return
    names = [w for w in own.subtree() if w.index < own.index]
    whole = names and names[0].index == verb.index + 1 and names[-1].index == own.index - 1
    if not whole or any(
        w.pos not in ("PROPN", "NUM") or w.head not in (own, names[-1]) for w in names
    ):
        return
    hearer = names[-1]
    move(hearer, verb, "dobj")
    for word in names[:-1]:
        if word.head is own:
            move(word, hearer, "compound")


def _take_for_hearer(verb: Word) -> None:
    """Make the one told the object of "told visiting minister Ivo Lund that ...", where the parser
    takes the participle for what was told."""
    participle = verb.child("xcomp")
    if participle is None or participle.tag != "VBG" or participle.index != verb.index + 1:
        return
    hearer = participle.child("dobj")
    if hearer is None or verb.child("dobj", "dative") or participle.child("prep", "ccomp"):
        return
    move(hearer, verb, "dobj")
    move(participle, hearer, "amod")


def _take_for_cue(noun: Word, words: Sequence[Word], table: Language) -> None:
    """Make a verb of the "states" of "The bridge is old, the paper states", where the parser takes
    it for a noun."""
    last = [w for w in words if not w.is_punctuation][-1:]
    owner = noun.child("compound")
    first = noun.subtree()[0]
    comma = next((w for w in words if w.index == first.index - 1), None)
    root = next((w for w in words if w.head is w), None)
    if last != [noun] or owner is None or comma is None or comma.text != "," or root is None:
        return
    if not may_speak(owner, table) or root.pos not in ("VERB", "AUX") or root is noun:
        return
    if owner.index != noun.index - 1 or noun.quoted:
        return
    for child in noun.all("det", "amod", "compound", "poss"):
        if child is not owner:
            move(child, owner, child.dep)
    owner.dep = "nsubj"
    noun.pos, noun.tag = "VERB", "VBZ"
    _put_above(noun, root)


def _count_up(up: Word, at: dict[int, Word], table: Language) -> None:
    """Tie the first words of "up to 70 lorries" to the number, and the lorries to the verb, where
    the parser takes them for what "promised up" is said to."""
    to, verb, number = at.get(up.index + 1), up.head, at.get(up.index + 2)
    if to is None or to.text.lower() != "to" or number is None:
        return
    if to.dep == "quantmod":
        move(up, to.head, "quantmod")
        return
    things = to.child("pobj")
    counted = things is not None and number.tag == "CD" and number in things.subtree()
    wanted = table.verb_acts.get(verb.lemma) in ("promise", "propose", "ask", "order")
    if things is None or not counted or not wanted or to.head is not verb:
        return
    move(things, verb, "dobj")
    move(to, number, "quantmod")
    move(up, number, "quantmod")


def _part_subjects(verb: Word, at: dict[int, Word]) -> None:
    """Leave a verb with two subjects the one behind the colon between them ("An update to our
    post: her office says ...")."""
    owners = [c for c in verb.all("nsubj") if c.index < verb.index]
    for first, last in pairwise(owners):
        between = range(first.index + 1, last.index)
        if any((word := at.get(i)) is not None and word.text in (":", ";") for i in between):
            first.dep = "dep"


def _free_weekday(name: Word, at: dict[int, Word], table: Language) -> None:
    """Part a day from the name behind it ("On Tuesday Ana Reyes, a councillor, said")."""
    day = name.subtree()[0]
    if day is name or day.head is not name or day.text.lower() not in table.days:
        return
    if name.dep != "pobj":
        before = at.get(day.index - 1)
        empty = before is not None and before.dep == "prep" and before.child("pobj") is None
        move(day, before if before and empty else name.head, "pobj" if empty else "npadvmod")
        return
    link, verb = name.head, name.head.head
    if verb.pos != "VERB" or name.index > verb.index:
        return
    subject = verb.child("nsubj", "nsubjpass")
    if subject is not None:
        comma = at.get(name.index + 1)
        if comma is None or comma.text != "," or subject.subtree()[0].index != name.index + 2:
            return
        move(subject, name, "appos")
    move(day, link, "pobj")
    move(name, verb, "nsubj")


def _office(last: Word, table: Language) -> Word | None:
    """The noun for people whose phrase ends with a word: "mayor" of "the mayor of Marrow"."""
    word = last
    while not (word.pos == "NOUN" and word.tag == "NN" and is_human(word.lemma, table)):
        inside = word.dep in ("compound", "pobj", "nmod") or (
            word.dep == "prep" and word.head.pos in ("NOUN", "PROPN")
        )
        if not inside:
            return None
        word = word.head
    return word


def _office_for(last: Word, first: Word, table: Language) -> Word | None:
    """The noun for people before "of" or "for" and a body, of which a person's name behind the
    comma can tell no more ("a spokesman for the drivers' union, Mattias Orme")."""
    body = last
    while body.dep in ("compound", "nmod", "conj") and body.head is not body:
        body = body.head
    link = body.head
    named = last.pos == "NOUN" and begins_name(first.text, table)
    of = body.dep == "pobj" and link.text.lower() in NAME_LINKS
    bodily = body.lemma in table.organisation_nouns or not is_human(body.lemma, table)
    office = link.head if of and named and bodily else None
    known = office is not None and office.pos == "NOUN" and is_human(office.lemma, table)
    return office if known else None


def _part_place(name: Word, at: dict[int, Word], table: Language) -> None:
    """Part a place from the name behind its comma ("the mayor of Marrow, Pavel Lund")."""
    link = name.head
    for place in name.all("nmod"):
        comma = at.get(place.subtree()[-1].index)
        first = next((w for w in name.subtree() if comma and w.index > comma.index), None)
        if comma is None or comma.text != "," or first is None or place.pos != "PROPN":
            continue
        office = link.head
        if link.index > place.index or office.child("appos") or first is name:
            continue
        if is_human(office.lemma, table) and not _is_place(first, name, table):
            move(place, link, "pobj")
            move(name, office, "appos")
            return


def _is_place(first: Word, last: Word, table: Language) -> bool:
    """Whether a name of several words may be that of a place or a body, and no person's."""
    if begins_name(first.text, table):
        return False
    naming = table.naming
    ends = (fold(first.text).strip("."), fold(last.text))
    return (
        any(w in naming.place_words or w in naming.places or w in naming.nations for w in ends)
        or ends[1] in table.organisation_nouns
        or ends[1] in naming.topics
    )


def _name_before_and(last: Word, at: dict[int, Word]) -> tuple[Word, Word] | None:
    """The name before an "and" and the "and", where nothing else stands between two names."""
    own = [w for w in last.subtree() if w.index <= last.index]
    joint = at.get(own[0].index - 1)
    first = at.get(own[0].index - 2)
    if (
        joint is None
        or first is None
        or joint.text.lower() not in ("and", "&")
        or first.pos != "PROPN"
        or not all(w.text[:1].isupper() for w in own)
        or last.all("conj")
    ):
        return None
    # "The Bureau of Fisheries and Works": the second name often hangs from the bureau.
    return (first, joint) if last.head is first or last.head in first.ancestors() else None


def _is_one_body(first: Word, last: Word, table: Language) -> bool:
    """Whether two names are halves of one: "the A and B Federation", with one article."""
    bodies = table.organisation_nouns
    if last.text.lower() not in bodies or first.text.lower() in bodies or last.head is not first:
        return False
    verb = first.head
    plural = verb.tag == "VBP" or any(c.text.lower() in _PLURAL for c in verb.children)
    return first.child("det") is not None and not (first.dep.startswith("nsubj") and plural)


def _is_one_topic(first: Word, last: Word, table: Language) -> bool:
    """Whether two names are what one body is for: "the Ministry of Justice and Home Affairs"."""
    link, topics = first.head, table.naming.topics
    return (
        first.dep == "pobj"
        and link.text.lower() in NAME_LINKS
        and link.head.text.lower() in table.organisation_nouns
        and link.index == link.head.index + 1
        and (fold(first.text) in topics or fold(last.text) in topics)
        and not gender_of(last.subtree()[0].text)
    )


def _join_names(first: Word, joint: Word, last: Word) -> None:
    """Make the second of two names the head of both."""
    above, dep = first.head, first.dep
    for child in [c for c in first.children if c is not last and c is not joint]:
        if child.dep not in ("compound", "amod", "nmod"):
            move(child, last, child.dep)
    move(last, above, dep)
    move(first, last, "compound")
    move(joint, last, "flat")


def move(word: Word, head: Word, dep: str) -> None:
    """Tie a word to another head, in place."""
    word.head.children.remove(word)
    word.head, word.dep = head, dep
    head.children.append(word)
    head.children.sort(key=lambda w: w.index)
