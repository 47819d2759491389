"""The named participants of one article: one entity for all the names of each.

A shorter name goes to a fuller one only where it can mean nobody else; two of a family, or
the same body of two countries, stay two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from index.attribution.mentions import description, is_inside, name_of, signs, speaks
from index.attribution.nicknames import nicknames
from index.attribution.syntax import Sentence, Word
from index.lang import Language
from index.people.given_names import gender_of
from index.people.names import ROMAN, bare_key, is_body, is_general, same_person
from index.text.confusables import scripts
from index.text.folding import fold

NOUN_ROLES = frozenset("nsubj nsubjpass dobj pobj poss dative conj agent".split())
"""Places in a clause where a noun phrase stands that can denote a participant."""


_MOST_BEARERS = 64
"""Names in full that end (or begin) with one word and are compared with each other.  With
more of them, a text is a list, and the word alone is nobody's."""

_MOST_SURNAMES = 500
"""Surnames of an article, at most, among which the one that was misspelt is looked for."""


@dataclass(slots=True, eq=False)
class Entity:
    """A participant: its fullest name, or the first description of one that has none.

    name     as the text has it; of a description the name that its owner gives it ("Reed's
             lawyer"), else empty
    head     the last word of its first mention
    named    False for a description
    person   True, False, or None where nothing is sure
    gender   "m", "f", or "" where nothing tells it
    plural   several people, or bodies, taken as one
    group    two people named together
    place    a country or a town
    age      as the text has it ("48"), or ""
    likely   the weight of the hints for a person (positive) or against one
    count    its mentions so far
    roles    lemmas of its titles and descriptions
    words    all words that stand beside its name in some phrase
    into     the entity that it turned out to be, or None
    """

    name: str
    head: Word
    named: bool = True
    person: bool | None = None
    gender: str = ""
    plural: bool = False
    group: bool = False
    place: bool = False
    age: str = ""
    called: str = ""  # the last pronoun it was resolved from, where no gender is known
    likely: float = 0.0
    count: int = 0
    roles: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    into: Entity | None = None

    @property
    def final(self) -> Entity:
        """The entity that this one turned out to be."""
        entity = self
        while entity.into is not None:
            entity = entity.into
        return entity

    @property
    def label(self) -> str | None:
        """What it is called; None for two people taken together."""
        if self.group:
            return None
        return self.name or description(self.head)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in the text; courtesy is the gender of a "Mr." or "Mrs." before it."""

    sentence: int
    word: Word
    entity: Entity
    courtesy: str


@dataclass(slots=True)
class _Holder:
    """Whom a single word meant last, how many times it meant somebody, and whether it always meant
    that one."""

    entity: Entity
    times: int = 0
    only: bool = True

    @property
    def alone(self) -> bool:
        return self.only and self.times > 1

    def take(self, entity: Entity) -> None:
        self.only = self.only and entity is self.entity
        self.entity = entity
        self.times += 1


class Entities:
    """The entities that the names of an article denote, by name and by place in the text.

    of_word   offset of a name's last word -> entity
    aliases   folded acronym in brackets, or nickname in a name -> entity
    adopted   offsets of names that are not tagged as such
    """

    def __init__(self, sentences: Sequence[Sentence], table: Language) -> None:
        self._table = table
        self._sentences = sentences
        self.entities: dict[str, Entity] = {}  # by folded name and courtesy
        self.of_word: dict[int, Entity] = {}
        self.aliases: dict[str, Entity] = {}
        self.adopted: set[int] = set()
        self._names: list[_Name] = []
        for number, sentence in enumerate(sentences):
            for word in sentence.words:
                if word.pos == "PROPN" and not is_inside(word) and word.quotation is None:
                    self._meet(word, number, name_of(word, table))
        self._adopt()
        self._names.sort(key=lambda n: n.word.start)
        self._link()

    def _adopt(self) -> None:
        """Note surnames that the parser takes for common nouns ("Marsh said")."""
        surnames = {_surname(k.partition("|")[0].split()) for k in self.entities}
        for number, sentence in enumerate(self._sentences):
            for word in sentence.words:
                if (
                    word.pos in ("NOUN", "ADJ", "VERB", "ADV", "X")
                    and word.dep in NOUN_ROLES
                    and word.text[:1].isupper()
                    and word.quotation is None
                    and word.start not in self.of_word
                    and word.child("det", "poss", "compound", "appos") is None
                    and fold(word.text) in surnames
                ):
                    self._meet(word, number, word.text)
                    self.adopted.add(word.start)

    def _meet(self, word: Word, number: int, name: str | None) -> None:
        """Note a name, and what its surroundings tell of who bears it."""
        if name is None or not any(c.isalpha() for c in name):
            return
        found = signs(word, name, self._table)
        single = len(name.split()) == 1
        key = bare_key(name) + (f"|{found.courtesy}" if single and found.courtesy else "")
        entity = self.entities.setdefault(key, Entity(name, word))
        entity.gender = entity.gender or found.gender
        entity.age = entity.age or found.age
        if found.person is not None and entity.person is not True:
            entity.person = found.person
        entity.place = entity.place or bare_key(name) in self._table.naming.places
        many = word.tag == "NNPS" and found.person is not True
        entity.plural = entity.plural or (many and not is_body(name, self._table))
        entity.roles |= found.roles
        entity.words |= found.words
        entity.likely += self._hint(word, name)
        self._names.append(_Name(number, word, entity, found.courtesy))
        self.of_word[word.start] = entity
        if (alias := _parenthesis(word, name)) is not None:
            self.aliases.setdefault(alias, entity)
        for nickname in nicknames(word):
            self.aliases.setdefault(bare_key(nickname), entity)

    def _hint(self, word: Word, name: str) -> float:
        """How much a mention's place in its clause speaks for a person (or against one)."""
        single = " " not in name
        hint = 0.0 if single else 0.5 if gender_of(name.split()[0]) else 0.1
        place = place_of(word)
        if speaks(place, self._table):
            hint += 1.0
        elif place.dep in ("nsubj", "nsubjpass"):
            hint += 0.3
        if word.dep == "pobj" and word.head.text.lower() in self._table.naming.locating:
            hint -= 0.5 if hint >= 0.5 else 1.5  # "a goal from Emre Lund"
        if any(c.dep == "det" for c in word.children):
            hint -= 1.0
        return hint

    def _link(self) -> None:
        """Join what one participant is called: short names, acronyms, slips of spelling."""
        for alias, entity in self.aliases.items():
            short = self.entities.get(alias)
            if short is not None:
                _merge(short, entity)
        self._link_romanised()
        self._link_acronyms()
        by_last: dict[str, list[Entity]] = {}
        by_first: dict[str, list[Entity]] = {}
        for key, entity in self.entities.items():
            words = key.partition("|")[0].split()
            if len(words) > 1 and entity.into is None:
                by_last.setdefault(_surname(words), []).append(entity)
                if entity.person is not False:
                    by_first.setdefault(words[0], []).append(entity)
        for key, entity in self.entities.items():
            words = key.partition("|")[0].split()
            if len(words) > 1 and entity.into is None:
                near = by_last[_surname(words)]
                if len(near) > _MOST_BEARERS:
                    continue
                fits = [e for e in near if _fuller(e, entity)]
                if entity.person is not True and is_general(entity.name, self._table):
                    continue
                if fits and all(_can_be_one(fits[0], f) for f in fits[1:]):
                    full = max(fits, key=lambda e: len(e.name))
                    # Whose directorate it is goes without saying where there is but one.
                    if len(fits) == 1 and self._is_national(full, entity):
                        entity, full = full, entity
                    _merge(entity, full)
        self._link_surnames(by_last, by_first)
        for entity in self.entities.values():
            if entity.into is None and entity.person is None and _is_acronym(entity.name):
                entity.person = False

    def _is_national(self, full: Entity, short: Entity) -> bool:
        """Whether a body's longer name only says of which country it is."""
        words, kept = bare_key(full.name).split(), bare_key(short.name).split()
        extra = words[: len(words) - len(kept)]
        return full.person is False and all(w in self._table.naming.nations for w in extra)

    def _link_romanised(self) -> None:
        """A name in Latin letters, in brackets behind one in other letters, is that one's, and
        so are its single words that nobody else bears."""
        found: list[tuple[Entity, Entity]] = []
        for name in self._names:
            before = name.word.head
            other = self.of_word.get(before.start) if name.word.dep == "appos" else None
            if (
                other is None
                or not _has_latin_letters(name.entity.name)
                or _has_latin_letters(other.name)
            ):
                continue
            if any(c.text == "(" for c in before.children):
                found.append((name.entity, other))
        for latin, other in found:
            for word in latin.name.split():
                part = self.entities.get(bare_key(word))
                bearers = [e for e, _ in found if word in e.name.split()]
                if part is not None and part is not latin and bearers == [latin]:
                    _merge(part, other)
            _merge(latin, other)
            other.name = f"{other.name} ({latin.name})"

    def _link_acronyms(self) -> None:
        """An acronym goes to the one body whose capitals it has."""
        capitals: dict[str, list[Entity]] = {}
        for entity in self.entities.values():
            words = entity.name.split()
            if len(words) > 1 and entity.person is not True:
                initials = "".join(w[0] for w in words if w[:1].isupper())
                capitals.setdefault(initials, []).append(entity)
        for entity in self.entities.values():
            fits = capitals.get(entity.name, ())
            if _is_acronym(entity.name) and entity.into is None and len(fits) == 1:
                _merge(entity, fits[0])

    def _link_surnames(
        self, by_last: dict[str, list[Entity]], by_first: dict[str, list[Entity]]
    ) -> None:
        """Each single word that names somebody goes to the one whom it can mean there.

        Where several bear the name, it is whoever was introduced before anyone else and
        keeps it; once two have been introduced, only the one who already went by it.
        """
        introduced: dict[int, int] = {}
        for name in self._names:
            entity = name.entity.final
            if len(entity.name.split()) > 1:
                introduced.setdefault(id(entity), name.word.start)
        held: dict[str, _Holder] = {}
        last_seen: dict[int, int] = {}
        for name in self._names:
            entity = name.entity
            if entity.into is not None or len(entity.name.split()) > 1:
                last_seen[id(entity.final)] = name.sentence
                continue
            word = bare_key(entity.name)
            if self._is_place(entity, name.word):
                continue
            bearers = by_last.get(word, [])
            family = _distinct(bearers[:_MOST_BEARERS])
            fits = [e for e in family if _may_be(e, entity, name.courtesy)]
            if _is_acronym(entity.name):
                fits = [e for e in fits if e.person]
            # A relative who bears the name too, and comes second, goes by the first name.
            kin = self._table.naming.relatives
            first = min((introduced.get(id(e), 1 << 60) for e in fits), default=0)
            fits = [e for e in fits if not e.roles & kin or introduced.get(id(e)) == first] or fits
            if not name.courtesy and any(self._has_namesake(e, word) for e in fits):
                fits = []
            if not family:
                fits = [
                    e
                    for e in _distinct(by_first.get(word, [])[:_MOST_BEARERS])
                    if _may_be(e, entity, "") and not name.courtesy
                ]
            chosen: Entity | None = None
            if len(bearers or by_first.get(word, ())) > _MOST_BEARERS:
                fits = []
            if len(fits) == 1:
                chosen = fits[0]
            elif fits:
                before = [e for e in fits if introduced.get(id(e), 1 << 60) < name.word.start]
                chosen = _one_of_several(before, held.get(word), last_seen, name.sentence)
            elif name.courtesy and not family:
                chosen = self._misspelt(word, name.courtesy, by_last)
            if chosen is not None:
                held.setdefault(word, _Holder(chosen)).take(chosen)
                last_seen[id(chosen)] = name.sentence
                self.of_word[name.word.start] = chosen
                chosen.gender = chosen.gender or entity.gender
                chosen.roles |= entity.roles
                chosen.words |= entity.words
                chosen.likely += self._hint(name.word, entity.name)
                if chosen.person is None:
                    chosen.person = entity.person
        self._title_apart()

    def _has_namesake(self, entity: Entity, surname: str) -> bool:
        """Whether somebody else must bear the surname: a "Mr." of her name, or the one whose
        wife she is called."""
        other = self.entities.get(f"{surname}|{'m' if entity.gender == 'f' else 'f'}")
        if entity.gender and other is not None:
            return True
        return bool(entity.roles & self._table.naming.relatives)

    def _title_apart(self) -> None:
        """A couple known only as "Mr. Odell" and "Mrs. Odell" keeps its titles."""
        for key, entity in self.entities.items():
            word, _, courtesy = key.partition("|")
            if courtesy and f"{word}|{'f' if courtesy == 'm' else 'm'}" in self.entities:
                first = _title_of(entity.head)
                if first and " " not in entity.name:
                    entity.name = f"{first} {entity.name}"

    def _misspelt(
        self, word: str, courtesy: str, by_last: dict[str, list[Entity]]
    ) -> Entity | None:
        """The bearer of the surname for which one with "Mr." or "Ms." is a misspelling, or None.

        Newspapers give a name in full before they use it with a title, so one that nobody in the
        article bears is a slip for one close to it.
        """
        if len(word) < 6 or len(by_last) > _MOST_SURNAMES:
            return None
        near = [
            e
            for last, bearers in by_last.items()
            if last[0] == word[0]
            and len(last) > 5
            and {word, last} != {min(word, last), min(word, last) + "a"}
            and Levenshtein.distance(word, last, score_cutoff=2) <= 2
            for e in _distinct(bearers)
            if e.person is not False and e.gender == courtesy
        ]
        return near[0] if len(near) == 1 else None

    def _is_place(self, entity: Entity, word: Word) -> bool:
        """Whether a single word is a body's or a place's name here, and nobody's surname."""
        known = bare_key(entity.name) in self._table.naming.places
        return (entity.person is False or known) and not speaks(word, self._table)


def place_of(word: Word) -> Word:
    """The noun whose place in the clause a name has: its own, or that which it adds to.

    The second of two subjects is no less a subject, nor is a name in apposition, even
    where the parser hangs it from the end of the phrase ("the chief of the board, Reyes").
    """
    while word.head is not word and not _is_in_brackets(word):
        if word.dep in ("conj", "appos") or (word.dep == "nmod" and word.child("cc")):
            added = word.dep == "appos"
            word = word.head
            while added and word.dep == "pobj" and word.head.dep == "prep":
                word = word.head.head
        else:
            break
    return word


def _is_in_brackets(word: Word) -> bool:
    """Whether a word stands in brackets behind the noun that it hangs from ("Reed (Lower Ash)")."""
    opened = [c for c in word.head.children if word.head.index < c.index < word.index]
    return word.dep == "appos" and any(c.text in ("(", "[") for c in opened)


def _parenthesis(word: Word, name: str) -> str | None:
    """The folded acronym in brackets behind a name, if its letters are the name's."""
    if len(name.split()) < 2:
        return None
    for child in word.all("appos"):
        if _is_acronym(child.text) and child.index - word.index == 2:
            capitals = "".join(w[0] for w in name.split() if w[:1].isupper())
            if child.text[0] == capitals[:1]:
                return bare_key(child.text)
    return None


def _has_latin_letters(name: str) -> bool:
    return scripts(name) <= {"LATIN"}


def _is_acronym(name: str) -> bool:
    return 1 < len(name) < 7 and name.isupper() and name.isalpha()


def _surname(words: Sequence[str]) -> str:
    return next((w for w in reversed(words) if w not in ROMAN), words[-1])


def _fuller(full: Entity, short: Entity) -> bool:
    """Whether a name can be the full form of a shorter one that is not a single word."""
    long, few = bare_key(full.name).split(), bare_key(short.name).split()
    if full is short or len(long) <= len(few) or full.into is short:
        return False
    if short.person is False or full.person is False:
        return long[-len(few) :] == few and full.person is not True and short.person is not True
    if full.gender and short.gender and full.gender != short.gender:
        return False
    return long[-len(few) :] == few or same_person(short.name, full.name)


def _can_be_one(a: Entity, b: Entity) -> bool:
    """Whether two entities that a shorter name fits can be one."""
    return a.final is b.final or same_person(a.name, b.name) or _fuller(a, b) or _fuller(b, a)


def _one_of_several(
    bearers: Sequence[Entity], holder: _Holder | None, seen: dict[int, int], sentence: int
) -> Entity | None:
    """The one of several bearers of a surname whom it means in a sentence, or None.

    ``bearers`` were introduced before it, ``seen`` has the last sentence that named each.  Where
    several were, and not just one of them near, it is the one who alone went by the surname,
    unless another was named near.
    """
    if len(bearers) == 1:
        return bearers[0]
    if (near := _only_near(bearers, seen, sentence)) is not None:
        return near
    if holder is None or not holder.alone or holder.entity not in bearers:
        return None
    others = [e for e in bearers if e is not holder.entity]
    return holder.entity if all(sentence - seen.get(id(e), -9) > 1 for e in others) else None


def _only_near(bearers: Sequence[Entity], seen: dict[int, int], sentence: int) -> Entity | None:
    """The one of several bearers of a surname whom this sentence or the one before names, if
    nobody else of them was named for longer."""
    near = [e for e in bearers if sentence - seen.get(id(e), -9) < 2]
    far = all(sentence - seen.get(id(e), -9) > 1 for e in bearers if e not in near)
    return near[0] if len(near) == 1 and far else None


def _distinct(entities: Iterable[Entity]) -> list[Entity]:
    return list({id(e.final): e.final for e in entities}.values())


def _may_be(full: Entity, short: Entity, courtesy: str) -> bool:
    """Whether somebody can be meant by a single word of the name, as far as gender tells."""
    if full.person is False:
        return False
    gender = courtesy or short.gender
    return not (gender and full.gender and gender != full.gender)


def _merge(entity: Entity, into: Entity) -> None:
    into = into.final
    if entity is into:
        return
    entity.into = into
    into.roles |= entity.roles
    into.words |= entity.words
    into.gender = into.gender or entity.gender
    into.age = into.age or entity.age
    into.likely += entity.likely
    if into.person is None:
        into.person = entity.person


def _title_of(word: Word) -> str:
    """The word right before a name's last, as it is written ("Mrs.")."""
    before = [c for c in word.children if c.index == word.index - 1]
    return before[0].text if before else ""
