"""What a noun phrase says by itself: the name in it, or what kind of person or body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.attribution.nicknames import PART as NICKNAME
from index.attribution.phrases import NAME_LINKS, is_human
from index.attribution.syntax import Word
from index.lang import Language
from index.people.given_names import gender_of
from index.people.names import ROMAN, begins_name, is_body, is_title, without_titles
from index.text.folding import fold

_CONNECTORS = frozenset("- – ’ ' al bin ibn de la van von der den di da dos du el ul & .".split())
_BEFORE_NAME = ("compound", "nmod", "amod", "flat", "nummod", "det", "poss")
_MAX_WORDS_TO_NAME = 8  # words before a name, or of an apposition, that can tell of its bearer


def name_of(head: Word, table: Language) -> str | None:
    """The name that a noun phrase contains, without titles, or None for a description."""
    if head.pos == "PRON":
        return None
    core = proper_head(head, table)
    if core is None:
        return _stated_name(head, table)
    run = _run(core, table)
    if is_office(core, run, table):
        return None
    text = _join(run)
    if is_body(text, table) or any(c.text in NAME_LINKS for c in run):
        words = text.split()
        while len(words) > 1 and words[0].lower() in ("the", "a", "an"):
            words.pop(0)
        return " ".join(words)
    return without_titles(text, table)


_CALLING = frozenset("know identify name call nickname dub".split())
"""Verbs whose participle tells by what name somebody goes ("known as", "identified only as")."""


_BEFORE_CALLED = ("as", "name", "by", "of")


def _stated_name(head: Word, table: Language) -> str | None:
    """The name by which a person goes who is only described: "a man known as Stretch", "a witness
    who gave her name as Dora"; None where the phrase has none."""
    if head.pos != "NOUN" or not is_human(head.lemma, table):
        return None
    for clause in head.all("acl", "relcl"):
        below = clause.subtree()
        words = [w.text.lower() for w in below]
        goes = clause.lemma == "go" and "by" in words
        gives = clause.lemma == "give" and "name" in words and "as" in words
        oneself = clause.lemma == "call" and {"himself", "herself"} & {*words}
        asks = clause.lemma == "ask" and any(w.lemma in _CALLING for w in clause.all("xcomp"))
        known = clause.tag == "VBN" and clause.dep == "acl" and clause.lemma in _CALLING
        if not (goes or gives or oneself or known or asks):
            continue
        named = [w for w in below if not w.is_punctuation and w.index > clause.index]
        run: list[Word] = []
        while named and named[-1].text[:1].isupper() and len(run) < _MAX_WORDS_TO_NAME:
            run.insert(0, named.pop())
        led = named[-1].text.lower() if named else ""
        if run and (oneself or led in _BEFORE_CALLED or (asks and led in ("only", "called"))):
            name = _join(run)
            return name if len(name) > 1 else None  # "a conductor identified as “K”"
        if run and known and clause.lemma != "identify" and not named:
            return _join(run)  # "a boy called Jim"
    return None


_WITHOUT_ARTICLE = frozenset(("counsel",))
"""Offices that court reports take up without an article ("Counsel said ...")."""


def is_office(core: Word, run: Sequence[Word], table: Language) -> bool:
    """Whether a run of capitalised words is no name, but takes up who holds an office: "the
    President", "the Prime Minister"."""
    lowered = [w.text.lower() for w in run if w.dep != "det"]
    if lowered == [core.text.lower()] and lowered[0] in _WITHOUT_ARTICLE:
        return core.child("det", "compound", "nmod") is None
    return (
        core.tag == "NNP"
        and any(c.dep == "det" and c.text.lower() == "the" for c in core.children)
        and lowered[-1:] == [core.text.lower()]
        and core.text.lower() in table.role_nouns | {"executive"}
        and all(word in table.titles for word in lowered[:-1])
    )


def proper_head(head: Word, table: Language) -> Word | None:
    """The last word of the name in a noun phrase, its own or one in apposition, or None."""
    if is_proper(head):
        if is_title(head.text, table):
            # "President Ana Reyes" in two pieces: the title first, the name hung from it.
            for child in head.all("appos"):
                first = min(child.subtree(), key=lambda w: w.index)
                if is_proper(child) and first.index == head.index + 1:
                    return child
        return _bearer(head, table) or head
    if (
        head.text[:1].isupper()
        and head.pos in ("NOUN", "X", "ADJ")
        and head.dep != "ROOT"
        and any(c.pos == "PROPN" and c.dep == "compound" for c in head.children)
    ):
        return head
    if head.lemma == "one" and (of := head.child("prep")) is not None:
        for noun in of.all("pobj"):  # "one of them, lathe operator Ivo Santangelo"
            for child in noun.all("appos"):
                if noun.pos == "PRON" and is_proper(child):
                    return child
    told = head.child("appos")
    for child in head.children:
        # What "the keeper, a man everybody calls “Sir”" is called is not a name of his.
        nickname = child.quoted and told is not None and told is not child and not told.quoted
        if child.dep in ("appos", "nmod", "flat") and is_proper(child) and not nickname:
            return child
    return None


def _bearer(office: Word, table: Language) -> Word | None:
    """The name behind the comma of a capitalised office ("the Chief Executive, Omar Faye", "Counsel
    for Norland, Sir Omar Faye")."""
    held = office.text.lower() in table.role_nouns | {"executive"}
    known = any(c.dep == "det" and c.text.lower() == "the" for c in office.children)
    known = known or any(c.dep == "prep" and c.text in NAME_LINKS for c in office.children)
    if not held or not known:
        return None
    for child in office.all("appos"):
        first = min(child.subtree(), key=lambda w: w.index)
        person = first is not child and begins_name(first.text, table)
        if child.index > office.index and is_proper(child) and person:
            return child
    return None


def is_proper(word: Word) -> bool:
    """Whether a word is a name's last one, and no common noun that is tagged like one."""
    return word.pos == "PROPN" and (
        not word.text.islower()
        or any(c.text[:1].isupper() for c in word.all("compound", "flat"))
        or bool(_hyphened(word))
    )


def is_inside(word: Word) -> bool:
    """Whether a proper noun is only part of the name that goes on behind it.

    In "Ana Reyes and Ivo Lund met" the parser often hangs all but "Lund" from "Lund".
    """
    return word.dep in ("compound", "flat") or (
        word.dep == "nmod"
        and any(
            c.index == word.index + 1 and c.dep == "nmod" and c.pos == "PROPN"
            for c in word.head.children
        )
    )


def _run(core: Word, table: Language) -> list[Word]:
    """The words of the name that ends with this proper noun."""
    below = {
        w.index: w
        for c in core.children
        if c.dep in ("compound", "nmod", "amod", "punct", "nummod", "flat") or _is_of_many(c, table)
        for w in c.subtree()
    }
    if core.dep == "nmod":
        below |= {c.index: c for c in core.head.all("nmod") if c.pos == "PROPN"}
    words = [core]
    at = min([core.index, *(c.index for c in core.all(NICKNAME))]) - 1
    while (
        (word := below.get(at)) is not None
        and (
            word.text[:1].isupper()
            or word.text.lower() in _CONNECTORS
            or word.tag == "POS"
            or _joins(word, below, core, table)
            or _is_hyphened_on(word, below, core)
        )
        and word.text not in (",", '"', "(", ")")
    ):
        if word.is_punctuation and word.end < words[0].start:
            break  # a dash between blanks ends a dateline ("Ore. - Ida Falk")
        words.insert(0, word)
        at -= 1
    while len(words) > 1 and not words[0].text[:1].isalnum():
        words.pop(0)
    for child in core.children:
        if child.index == words[-1].index + 1 and child.text.lower() in ROMAN:
            words.append(child)
    words += _hyphened(core)
    of = next(
        (
            c
            for c in core.children
            if c.dep == "prep" and c.text in NAME_LINKS and c.index == core.index + 1
        ),
        None,
    )
    society = core.tag == "NNPS" and core.text.lower() in table.naming.societies
    if (
        of is not None
        and (society or core.text.lower() in table.organisation_nouns)
        and (noun := of.child("pobj")) is not None
        and noun.pos == "PROPN"
    ):
        words += [of, *(w for w in noun.subtree(noun.all("conj")) if w.index <= noun.index)]
    return words


def _is_hyphened_on(word: Word, below: Mapping[int, Word], core: Word) -> bool:
    """Whether a word in small letters goes on with a name behind a hyphen ("Joon-ho")."""
    dash, first = below.get(word.index - 1), below.get(word.index - 2)
    return (
        dash is not None
        and first is not None
        and word.tag in ("NNP", "NN")
        and word.index == core.index - 1
        and len(word.text) < 6  # and not "Oscar-winner Falk"
        and word.text != "era"
        and dash.text in ("-", "‑")
        and first.text[:1].isupper()
        and first.end == dash.start
        and dash.end == word.start
    )


def _is_of_many(word: Word, table: Language) -> bool:
    """Whether a possessive belongs to a body's name ("the Workers' Council")."""
    if word.dep != "poss" or not word.text[:1].isupper():
        return False
    many, body = word.text.lower(), word.head.text.lower()
    people = many in table.naming.many or (
        many.endswith("s") and is_human(many.removesuffix("s"), table)
    )
    return people and body in table.organisation_nouns


def _joins(word: Word, below: Mapping[int, Word], core: Word, table: Language) -> bool:
    """Whether an "and" stands inside a body's name ("the Food and Drug Administration")."""
    before = below.get(word.index - 1)
    return (
        word.text.lower() in ("and", "&")
        and before is not None
        and before.text[:1].isupper()
        and core.text.lower() in table.organisation_nouns
    )


def _hyphened(core: Word) -> list[Word]:
    """What goes on behind a name's word without a blank: "-Assad" of "Bashar al-Assad"."""
    around = (core, core.head, core.head.head)
    near = {
        w.index: w
        for word in around
        for w in (word, *word.children)
        if 0 < w.index - core.index < 3
    }
    dash, rest = near.get(core.index + 1), near.get(core.index + 2)
    if dash is None or rest is None or dash.text not in ("-", "–") or dash.start != core.end:
        return []
    return [dash, rest] if rest.start == dash.end and rest.text[:1].isupper() else []


def _join(words: Sequence[Word]) -> str:
    out = ""
    for before, word in zip([None, *words], words, strict=False):
        if before is not None and word.start > before.end:
            out += " "
        out += word.text
    return out


def description(head: Word, without: Sequence[Word] = ()) -> str:
    """A description without its article (and some of its branches): what names a speaker who has
    no name."""
    barred = [c for c in head.children if c.dep in ("relcl", "appos", "acl")]
    words = head.subtree([*barred, *without])
    while len(words) > 1 and (words[0].dep in ("det",) or words[0].is_punctuation):
        words.pop(0)
    for at, (word, after) in enumerate(pairwise(words)):
        if word.text == "," and word.index > head.index and after.pos != "PROPN":
            words = words[:at]  # what follows is said of whoever it is
            break
    while len(words) > 1 and (words[-1].is_punctuation or words[-1].tag == "POS"):
        words.pop()
    if len(words) > 12:
        words = [w for w in words if head.index - 4 < w.index <= head.index and w.dep != "det"]
    return " ".join(_join(words).split())


def is_definite(head: Word) -> bool:
    """Whether a description takes up somebody known ("the minister", "this report")."""
    if head.text.lower() in _WITHOUT_ARTICLE and head.tag in ("NN", "NNP"):
        return head.child("det", "poss", "compound", "prep") is None
    return any(c.dep == "det" and c.text.lower() in ("the", "this", "that") for c in head.children)


def age_of(head: Word) -> str:
    """The age in "the 48-year-old", or "" for any other phrase."""
    for word in (head, *head.all("amod")):
        text = word.text.lower()
        if text.endswith("year-old") and text[:1].isdigit():
            return text.partition("-")[0]
        if text == "old":
            for year in word.all("npadvmod"):
                if year.lemma == "year" and (number := year.child("nummod")) is not None:
                    return number.text
    return ""


def is_age(head: Word) -> bool:
    """Whether a phrase is nothing but an age ("the 48-year-old said")."""
    return head.text.lower().endswith("old") and age_of(head) != ""


def speaks(word: Word, table: Language) -> bool:
    """Whether a noun or pronoun is the subject of a verb of saying."""
    return (word.dep == "nsubj" and word.head.lemma in table.verb_acts) or (
        word.dep == "pobj"
        and (word.head.dep == "agent" or word.head.text.lower() == "to")
        and (word.head.head.text.lower() == "according" or word.head.head.lemma in table.verb_acts)
        and (word.head.dep == "agent" or word.head.head.text.lower() == "according")
    )


@dataclass(slots=True)
class Signs:
    """What the words around a name tell of its bearer.

    person     True for a person, False for a body or place, None when nothing is sure
    courtesy   the gender of a title that goes with a surname ("Mrs.")
    roles      lemmas of titles and descriptions; words: all that was said beside the name
    """

    gender: str = ""
    person: bool | None = None
    courtesy: str = ""
    age: str = ""
    roles: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)


def signs(core: Word, name: str, table: Language) -> Signs:
    """What stands beside a name, and the name itself, tell of who bears it."""
    naming = table.naming
    found = Signs()
    own = fold(name).replace(".", " ").split()
    last: Word | None = None
    for near in _before(core):
        text = fold(near.text).strip(".")
        found.words.add(text)
        if near.index > core.index - len(own) or near.dep == "poss":
            continue
        if text in naming.courtesy_titles and text in table.gender_titles:
            found.courtesy = table.gender_titles[text]
        _tell(found, near, table)
        last = near
    given = len(own) > 1 and gender_of(own[0]) != ""
    if last is not None and last.pos == "NOUN" and not given:
        _tell_body(found, last, table)
    for phrase in _appositions(core, table):
        for near in phrase:
            found.words.add(fold(near.text).strip("."))
        head = max(phrase, key=lambda w: -len(list(w.ancestors())))
        if head.lemma.isdigit() and head.dep == "appos":
            found.age = head.text
        _tell(found, head, table)
        if head.dep != "pobj" and not given:  # "the chief of the board, Ana Reyes" is no board
            _tell_body(found, head, table)
    told = [core, *core.all("appos")]  # "Falk, a net maker who lives there"
    if any(c.dep == "relcl" and _is_who(c) for noun in told for c in noun.children):
        found.person = True
    if found.gender == "" and len(own) > 1:
        found.gender = gender_of(own[0])
    bodily = is_body(name, table) or own[0] in table.organisation_nouns
    bodily = bodily or (len(own) == 1 and own[0] in table.news_agencies) or "&" in own
    bodily = bodily or (own[0] in naming.societies and "of" in own)
    if (bodily and not found.courtesy) or own[-1] in naming.nations:
        found.person, found.gender = False, ""
    elif found.person is not True and len(own) > 1 and own[0] in table.given_names:
        found.person = not (own[0] in naming.places and not found.gender)
    elif found.person is None and (
        fold(name) in naming.nations or own[-1] in naming.places or core.tag == "NNPS"
    ):
        found.person = False
    if found.person is False:
        found.gender = ""
    return found


def _is_who(verb: Word) -> bool:
    subject = verb.child("nsubj")
    return subject is not None and subject.text.lower() == "who"


def _tell(found: Signs, near: Word, table: Language) -> None:
    """Add what a title, or the noun of an apposition, tells."""
    text, lemma = fold(near.text).strip("."), near.lemma
    gender = table.gender_titles.get(text) or table.gendered_nouns.get(text)
    if gender:
        found.gender, found.person = gender, True
    if lemma in table.naming.shared_roles and near.dep == "appos":
        found.roles.add(lemma)  # a body can be that, too ("Norland Copper, the owner")
    elif text in table.role_nouns or lemma in table.role_nouns:
        found.roles.add(lemma)
        found.person = True
    elif near.pos == "NOUN" and near.dep in ("compound", "appos", "nsubj", "nsubjpass", "pobj"):
        found.roles.add(lemma)
    elif text in table.naming.occupations or lemma in table.naming.occupations:
        found.roles.add(lemma)
        found.person = True
    elif text in table.titles and text not in table.naming.title_qualifiers:
        found.roles.add(text)
        found.person = True


def _tell_body(found: Signs, near: Word, table: Language) -> None:
    """Add that a noun beside a name makes it a body's ("the drug maker Telfarma")."""
    body = table.organisation_nouns | table.naming.bodies.keys() | {"maker", "operator"}
    if found.person is None and near.lemma in body:
        found.roles.add(near.lemma)
        found.person = False


def _before(core: Word) -> Iterator[Word]:
    """The words of the phrase that stand close before a name's last word."""
    for child in core.children:
        if child.index < core.index and child.dep in _BEFORE_NAME:
            for word in child.subtree(child.all("conj", "appos", "relcl")):
                if core.index - _MAX_WORDS_TO_NAME < word.index < core.index:
                    yield word


def _appositions(core: Word, table: Language) -> Iterator[list[Word]]:
    """The appositions of a name, on either side."""
    for child in core.all("appos"):
        yield child.subtree(child.all("conj", "relcl", "appos", "acl"))[:_MAX_WORDS_TO_NAME]
    noun = core.head.pos == "NOUN" or _bearer(core.head, table) is core
    if core.dep == "appos" and noun:
        head = core.head
        barred = [c for c in head.children if c is core or c.dep in ("conj", "relcl", "acl")]
        yield head.subtree(barred)[-_MAX_WORDS_TO_NAME:]
