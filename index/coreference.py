"""Who the mentions of one article denote: one entity for all that a participant is called.

Names come first, over the whole article; then pronouns and descriptions, in the order of
the text, each of them a mention that the next ones can build on.  They go to the most
salient entity that agrees with them, in the spirit of Lappin & Leass (1994): recency,
subjecthood and having just spoken count; gender, number and the binding of a clause's own
arguments exclude.  Where two entities fit about equally well, none is named.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from index.documents import Documents
from index.folding import fold
from index.given_names import gender_of
from index.lang import Language
from index.mentions import (
    age_of,
    description,
    is_age,
    is_definite,
    is_inside,
    name_of,
    proper_head,
    signs,
    speaks,
)
from index.names import ROMAN, bare_key, same_person
from index.syntax import Sentence, Word
from index.types import Basis

_SALIENCE = {"nsubj": 4.0, "nsubjpass": 3.5, "agent": 2.5, "dobj": 1.8, "poss": 1.2, "pobj": 1.0}
_OBJECTS = ("dobj", "dative", "pobj", "agent", "oprd")
_NOUN_ROLES = frozenset("nsubj nsubjpass dobj pobj poss dative conj agent".split())
_IDLE = frozenset(("be", "seem", "appear", "take", "rain"))
"""Verbs whose "it" is mostly nobody ("it is hard to say")."""
_PER_SENTENCE = 2.0
"""What a mention loses with each sentence that it lies back."""
_REACH = 4
"""Sentences back in which a pronoun looks for its antecedent."""
_FAR = 12
"""The same for a description, whose own words tell more."""
_WINDOW = 120
"""Mentions that are weighed at most, so that a list of names costs no more than prose."""
_MARGIN = 0.8
"""The lead that the best candidate needs; with less, it is anybody's guess."""
_DOUBT = 1.3
"""The lead that somebody of unknown gender needs over somebody whose gender agrees."""
_SURE = 2.0
"""The lead with which a pronoun also tells the gender of its antecedent."""


@dataclass(slots=True, eq=False)
class Entity:
    """A participant: its fullest name, or the first description of one that has none.

    person   True, False, or None where nothing is sure; likely weighs what hints there are
    owner    whose a body is ("Norland's foreign ministry")
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
        return self.name if self.named else description(self.head)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in the text; courtesy is the gender of a "Mr." or "Mrs." before it."""

    sentence: int
    word: Word
    entity: Entity
    courtesy: str


@dataclass(frozen=True, slots=True)
class _Trace:
    """A mention as later ones see it."""

    sentence: int
    word: Word
    entity: Entity
    weight: float
    speaks: bool


class People:
    """The entities of one article, and who each of its mentions denotes."""

    def __init__(self, sentences: Sequence[Sentence], table: Language) -> None:
        self._table = table
        self._entities: dict[str, Entity] = {}  # by folded name and courtesy
        self._names: list[_Name] = []
        self._of_word: dict[int, Entity] = {}
        self._adopted: set[int] = set()  # where a name stands that is not tagged as one
        self._aliases: dict[str, Entity] = {}
        self._starts = [s.words[0].start for s in sentences if s.words]
        self._sentences = [s for s in sentences if s.words]
        self._traces: list[_Trace] = []
        self._trace_starts: list[int] = []
        for number, sentence in enumerate(self._sentences):
            for word in sentence.words:
                if word.pos == "PROPN" and not is_inside(word) and word.quotation is None:
                    self._meet(word, number, name_of(word, table))
        self._adopt()
        self._names.sort(key=lambda n: n.word.start)
        self._link()
        self.documents = Documents(table, self._owner)
        for number, sentence in enumerate(self._sentences):
            self._read(sentence, number)

    # -- names -------------------------------------------------------------------------

    def _adopt(self) -> None:
        """Note surnames that the parser takes for common nouns ("Marsh said")."""
        surnames = {_surname(k.partition("|")[0].split()) for k in self._entities}
        for number, sentence in enumerate(self._sentences):
            for word in sentence.words:
                if (
                    word.pos in ("NOUN", "ADJ", "VERB", "ADV", "X")
                    and word.dep in _NOUN_ROLES
                    and word.text[:1].isupper()
                    and word.quotation is None
                    and word.start not in self._of_word
                    and word.child("det", "poss", "compound", "appos") is None
                    and fold(word.text) in surnames
                ):
                    self._meet(word, number, word.text)
                    self._adopted.add(word.start)

    def _meet(self, word: Word, number: int, name: str | None) -> None:
        """Note a name, and what its surroundings tell of who bears it."""
        if name is None or not any(c.isalpha() for c in name):
            return
        found = signs(word, name, self._table)
        single = len(name.split()) == 1
        key = bare_key(name) + (f"|{found.courtesy}" if single and found.courtesy else "")
        entity = self._entities.setdefault(key, Entity(name, word))
        entity.gender = entity.gender or found.gender
        entity.age = entity.age or found.age
        if found.person is not None and entity.person is not True:
            entity.person = found.person
        entity.place = entity.place or bare_key(name) in self._table.naming.places
        entity.plural = entity.plural or (word.tag == "NNPS" and found.person is not True)
        entity.roles |= found.roles
        entity.words |= found.words
        entity.likely += self._hint(word, name)
        self._names.append(_Name(number, word, entity, found.courtesy))
        self._of_word[word.start] = entity
        if (alias := _parenthesis(word, name)) is not None:
            self._aliases.setdefault(alias, entity)

    def _hint(self, word: Word, name: str) -> float:
        """How much a mention's place in its clause speaks for a person (or against one)."""
        single = " " not in name
        hint = 0.0 if single else 0.5 if gender_of(name.split()[0]) else 0.1
        if speaks(_place(word), self._table):
            hint += 1.0
        elif word.dep in ("nsubj", "nsubjpass"):
            hint += 0.3
        if word.dep == "pobj" and word.head.text.lower() in self._table.naming.locating:
            hint -= 1.5
        if any(c.dep == "det" for c in word.children):
            hint -= 1.0
        return hint

    def _link(self) -> None:
        """Join what one participant is called: short names, acronyms, slips of spelling."""
        for alias, entity in self._aliases.items():
            short = self._entities.get(alias)
            if short is not None:
                _merge(short, entity)
        self._link_acronyms()
        by_last: dict[str, list[Entity]] = {}
        by_first: dict[str, list[Entity]] = {}
        for key, entity in self._entities.items():
            words = key.partition("|")[0].split()
            if len(words) > 1 and entity.into is None:
                by_last.setdefault(_surname(words), []).append(entity)
                if entity.person is not False:
                    by_first.setdefault(words[0], []).append(entity)
        for key, entity in self._entities.items():
            words = key.partition("|")[0].split()
            if len(words) > 1 and entity.into is None:
                fits = [e for e in by_last[_surname(words)] if _fuller(e, entity)]
                if entity.person is not True and self._is_general(entity):
                    continue
                if fits and all(_one(fits[0], f) for f in fits[1:]):
                    full = max(fits, key=lambda e: len(e.name))
                    # Whose directorate it is goes without saying where there is but one.
                    if len(fits) == 1 and self._is_national(full, entity):
                        entity, full = full, entity
                    _merge(entity, full)
        self._link_surnames(by_last, by_first)
        for entity in self._entities.values():
            if entity.into is None and entity.person is None and _is_acronym(entity.name):
                entity.person = False

    def _is_national(self, full: Entity, short: Entity) -> bool:
        """Whether a body's longer name only says of which country it is."""
        words, kept = bare_key(full.name).split(), bare_key(short.name).split()
        extra = words[: len(words) - len(kept)]
        return full.person is False and all(w in self._table.naming.nations for w in extra)

    def _is_general(self, entity: Entity) -> bool:
        """Whether every country has a body of that name ("Foreign Ministry")."""
        table = self._table
        words = bare_key(entity.name).split()
        return all(
            w in table.organisation_nouns
            or w in table.naming.title_qualifiers
            or w in table.naming.general_words
            for w in words
        )

    def _link_acronyms(self) -> None:
        """An acronym goes to the one body whose capitals it has."""
        capitals: dict[str, list[Entity]] = {}
        for entity in self._entities.values():
            words = entity.name.split()
            if len(words) > 1 and entity.person is not True:
                initials = "".join(w[0] for w in words if w[:1].isupper())
                capitals.setdefault(initials, []).append(entity)
        for entity in self._entities.values():
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
        held: dict[str, list[Entity]] = {}
        last_seen: dict[int, int] = {}
        for name in self._names:
            entity = name.entity
            if entity.into is not None or len(entity.name.split()) > 1:
                last_seen[id(entity.final)] = name.sentence
                continue
            word = bare_key(entity.name)
            if self._is_place(entity, name.word):
                continue
            family = _distinct(by_last.get(word, []))
            fits = [e for e in family if _may_be(e, entity, name.courtesy)]
            if _is_acronym(entity.name):
                fits = [e for e in fits if e.person]
            # A relative who bears the name too goes by the first one.
            kin = self._table.naming.relatives
            fits = [e for e in fits if not e.roles & kin] or fits
            if not name.courtesy and any(self._has_namesake(e, word) for e in fits):
                fits = []
            if not family:
                fits = [
                    e
                    for e in _distinct(by_first.get(word, []))
                    if _may_be(e, entity, "") and not name.courtesy
                ]
            chosen: Entity | None = None
            if len(fits) == 1:
                chosen = fits[0]
            elif fits:
                before = [e for e in fits if introduced.get(id(e), 1 << 60) < name.word.start]
                holders = held.get(word, [])
                holder = holders[-1] if holders else None
                if len(before) == 1:
                    chosen = before[0]
                elif holder in before and len(holders) > 1 and len(set(map(id, holders))) == 1:
                    near = [e for e in before if e is not holder]
                    if all(name.sentence - last_seen.get(id(e), -9) > 1 for e in near):
                        chosen = holder
            elif name.courtesy and not family:
                chosen = self._misspelt(word, name.courtesy, by_last)
            if chosen is not None:
                held.setdefault(word, []).append(chosen)
                last_seen[id(chosen)] = name.sentence
                self._of_word[name.word.start] = chosen
                chosen.gender = chosen.gender or entity.gender
                chosen.roles |= entity.roles
                chosen.words |= entity.words
                chosen.likely += self._hint(name.word, entity.name)
                if chosen.person is None:
                    chosen.person = entity.person
        self._title_apart()

    def _has_namesake(self, entity: Entity, surname: str) -> bool:
        """Whether somebody else must bear the surname: a "Mr." of her name, or the one

        whose wife she is called.
        """
        other = self._entities.get(f"{surname}|{'m' if entity.gender == 'f' else 'f'}")
        if entity.gender and other is not None:
            return True
        return bool(entity.roles & self._table.naming.relatives)

    def _title_apart(self) -> None:
        """A couple known only as "Mr. Odell" and "Mrs. Odell" keeps its titles."""
        for key, entity in self._entities.items():
            word, _, courtesy = key.partition("|")
            if courtesy and f"{word}|{'f' if courtesy == 'm' else 'm'}" in self._entities:
                first = _title_of(entity.head)
                if first and " " not in entity.name:
                    entity.name = f"{first} {entity.name}"

    def _misspelt(
        self, word: str, courtesy: str, by_last: dict[str, list[Entity]]
    ) -> Entity | None:
        """Whom a surname with "Mr." or "Ms." must mean that nobody in the article bears:

        newspapers give such a name in full first, so it is a slip for one close to it.
        """
        if len(word) < 6:
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

    # -- pronouns and descriptions, in the order of the text ----------------------------

    def _read(self, sentence: Sentence, number: int) -> None:
        table = self._table
        for word in sentence.words:
            if word.quotation is not None:
                continue
            entity = self._of_word.get(word.start)
            if entity is not None:
                entity = self._of_word[word.start] = entity.final
            elif word.quoted:
                continue
            elif word.pos == "PRON":
                entity = self._pronoun(word, number)
            elif (
                word.dep in _NOUN_ROLES
                and (word.pos in ("NOUN", "PROPN") or is_age(word))
                and name_of(word, table) is None
            ):
                entity = self._noun(word, number)
            self.documents.read(word, number)
            if entity is None:
                continue
            self._of_word[word.start] = entity
            self._note(word, entity, number)
            if word.dep in ("nsubj", "nsubjpass") and _is_joined(word):
                pair = Entity("", word, named=False, person=True, plural=True, group=True)
                self._note(word, pair, number, more=0.3)

    def _note(self, word: Word, entity: Entity, number: int, more: float = 0.0) -> None:
        place = _place(word)
        weight = _SALIENCE.get(place.dep, 0.8) + more - (2.0 if word.quoted else 0.0)
        if word.dep == "poss" and self._is_human(word.head):
            weight -= 0.8  # "the miners' wives": the wives come first
        elif word.dep == "poss" and word.head.dep in ("nsubj", "nsubjpass"):
            weight += 1.8  # "Odell's campaign vowed": nobody else is its subject
        saying = speaks(place, self._table)
        entity.count += 1
        self._traces.append(_Trace(number, word, entity, weight, saying))
        self._trace_starts.append(word.start)

    def _pronoun(self, word: Word, number: int) -> Entity | None:
        kind = self._table.person_pronouns.get(word.text.lower(), "")
        if kind not in ("m", "f", "n", "p") or (kind == "n" and word.head.lemma in _IDLE):
            return None
        found, lead = self._antecedent(word, kind, number)
        if found is not None and kind in "mf" and found.named:
            found.called = kind
            if lead >= _SURE:
                found.gender = found.gender or kind
                found.person = True
        return found

    def _noun(self, word: Word, number: int) -> Entity | None:
        """The entity of a description: one that is known already, or a new one."""
        table = self._table
        lemma = word.lemma
        person = is_age(word) or self._is_human(word)
        body = lemma in table.naming.bodies or lemma in table.organisation_nouns
        if not (person or body or speaks(word, table)) or _is_apposed(word):
            return None
        plural = word.tag == "NNS"
        if is_definite(word) and not plural:
            known = self._described(word, number)
            if known is not None:
                return known
        entity = Entity("", word, named=False, plural=plural, roles={lemma})
        entity.person = True if person else False if body or lemma in table.document_nouns else None
        entity.gender = "" if plural else table.gendered_nouns.get(lemma, "")
        entity.words = {fold(c.text) for c in word.children if c.index < word.index}
        entity.likely = 1.0 if entity.person is None and speaks(word, table) else 0.0
        return entity

    def _is_human(self, word: Word) -> bool:
        """Whether a noun is one for people."""
        naming = self._table.naming
        nouns = (self._table.role_nouns, naming.people_nouns, naming.occupations, naming.relatives)
        return any(word.lemma in some for some in nouns)

    def _recent(self, start: int, sentence: int, reach: int) -> Iterator[_Trace]:
        """The mentions before an offset, nearest first."""
        at = bisect_left(self._trace_starts, start)
        for trace in reversed(self._traces[max(0, at - _WINDOW) : at]):
            if sentence - trace.sentence > reach:
                return
            yield trace

    def _antecedent(
        self,
        word: Word,
        kind: str,
        number: int,
        barred: Iterable[str | None] = (),
        recent: str | None = None,
    ) -> tuple[Entity | None, float]:
        """The entity that a pronoun goes back to, and its lead over the next best."""
        bound = self._bound(word)
        barred = set(barred)
        above = list(word.ancestors())
        saying = speaks(word, self._table)
        scores: dict[int, tuple[float, Entity]] = {}
        for trace in self._recent(word.start, number, _REACH):
            entity = trace.entity
            fit = _agreement(entity, kind)
            if kind == "p" and not entity.plural and trace.weight < _SALIENCE["nsubjpass"]:
                continue  # a body is "they" only where it was what the text is about
            if fit is None or id(entity) in bound or (entity.named and entity.name in barred):
                continue
            value = trace.weight + fit - _PER_SENTENCE * (number - trace.sentence)
            value += min(1.5, 0.25 * (entity.count - 1))
            if trace.speaks:
                value += 2.0 if saying else 0.8
            if trace.sentence == number and trace.word.head in above:
                if trace.word.head.lemma in self._table.asking_verbs:
                    value += 1.0  # asked "whether he would", either may be meant
                elif trace.word.dep in ("nsubj", "nsubjpass"):
                    value += 2.0
                elif trace.word.head.lemma in self._table.addressing_verbs:
                    value -= 3.0  # whoever is told something is not whom it is about
            if id(entity) not in scores or scores[id(entity)][0] < value:
                scores[id(entity)] = (value, entity)
        ahead = self._ahead(word, kind)
        if ahead is not None and id(ahead) not in bound:
            value = max(scores.get(id(ahead), (0.0,))[0] + 1.0, 3.5)
            scores[id(ahead)] = (value, ahead)
        found, lead = _leader(scores.values(), recent)
        if found is not None and kind in "mf" and not found.gender:
            known = [v for v, e in scores.values() if e.gender == kind]
            ahead_by = scores[id(found)][0] - max(known, default=-9.0)
            if ahead_by < _DOUBT:
                return None, 0.0
            lead = min(lead, ahead_by - _SURE)
        return found, lead

    def _ahead(self, word: Word, kind: str) -> Entity | None:
        """The subject that a clause before it speaks of ("When he arrived, Odell said")."""
        clause = word.head
        if word.dep not in ("nsubj", "nsubjpass") or clause.dep != "advcl":
            return None
        main = clause.head
        subject = main.child("nsubj", "nsubjpass")
        if subject is None or main.index < clause.index or subject.index < word.index:
            return None
        entity = self._at(subject)
        return entity if entity is not None and _agreement(entity, kind) is not None else None

    def _bound(self, word: Word) -> set[int]:
        """Entities that a pronoun cannot mean, because its own clause has them beside it."""
        beside: list[Word] = []
        head = word.head
        if word.dep in ("nsubj", "nsubjpass"):
            beside += [c for c in head.children if c.dep in ("dobj", "dative", "oprd")]
            for preposition in head.all("prep", "agent", "dative"):
                beside += preposition.all("pobj")
                for inner in preposition.all("prep"):
                    beside += inner.all("pobj")
        elif word.dep in _OBJECTS:
            verb = head.head if head.dep in ("prep", "agent", "dative") else head
            if (subject := _subject(verb)) is not None:
                beside.append(subject)
            beside += [c for c in verb.all("dobj") if c is not word]
        elif word.dep == "poss":
            beside += [head, *head.all("appos")]
            if head.dep == "appos":
                beside.append(head.head)
        beside += word.all("conj")
        if word.dep == "conj":
            beside.append(word.head)
        if word.quoted:
            # Nobody calls himself "he": that is said of somebody else.
            sentence = self._sentences[self._number(word)]
            beside += [w for w in sentence.words if not w.quoted and speaks(w, self._table)]
        found = [self._at(w) for w in beside]
        return {id(e) for e in found if e is not None}

    def _at(self, word: Word) -> Entity | None:
        """The entity that a noun phrase with this head was found to denote."""
        core = proper_head(word, self._table)
        found = self._of_word.get(core.start) if core is not None else None
        found = found or self._of_word.get(word.start)
        return found.final if found else None

    def _described(self, word: Word, number: int) -> Entity | None:
        """The entity that a definite description takes up, if one fits better than others."""
        table, naming = self._table, self._table.naming
        lemma = word.lemma
        years = age_of(word)
        wanted = naming.wider_roles.get(lemma, frozenset((lemma,)))
        kin = naming.bodies.get(lemma, frozenset())
        said = _modifiers(word)
        if said is None:
            return None
        scores: dict[int, tuple[float, Entity]] = {}
        for trace in self._recent(word.start, number, _FAR):
            entity = trace.entity
            if entity.plural or (years and entity.age and entity.age != years):
                continue
            gender = table.gendered_nouns.get(lemma, "")
            if gender and entity.gender not in ("", gender):
                continue
            if is_age(word):
                fits = bool(entity.age) or (
                    _is_personal(entity) and entity.named and number - trace.sentence < 2
                )
            else:
                named = {fold(w).strip(".,") for w in entity.name.split()}
                fits = bool(
                    wanted & entity.roles
                    or (kin and entity.person is not True and kin & (named | entity.roles))
                ) and all(any(_akin(m, w, naming.nations) for w in entity.words) for m in said)
            if not fits:
                continue
            value = trace.weight + (3.0 if is_age(word) and entity.age else 0.0)
            value -= 0.7 * _PER_SENTENCE * (number - trace.sentence)
            if id(entity) not in scores or scores[id(entity)][0] < value:
                scores[id(entity)] = (value, entity)
        return _leader(scores.values(), None)[0]

    # -- what the other rooms ask -------------------------------------------------------

    def resolve(
        self, head: Word, *, barred: Iterable[str | None] = (), recent: str | None = None
    ) -> tuple[str | None, Basis]:
        """The name of what a noun phrase denotes, and how it is known.

        ``barred`` names cannot be meant; ``recent`` spoke last, which decides between two
        that fit equally well.
        """
        alias = self._aliases.get(fold(head.text)) if head.text.isupper() else None
        if alias is not None:
            return alias.final.name, "explicit"
        name = head.text if head.start in self._adopted else name_of(head, self._table)
        if name is not None:
            entity = self._at(head) or self._entities.get(bare_key(name))
            return (entity.final.name if entity and entity.final.named else name), "explicit"
        if head.pos == "PRON":
            found = self._who(head, set(barred), recent)
            return (found, "coreference") if found else (None, "unknown")
        entity = self._of_word.get(head.start)
        if entity is None or entity.head is head:
            return description(head), "explicit"
        return entity.label, "coreference"

    def _who(self, head: Word, barred: set[str | None], recent: str | None) -> str | None:
        kind = self._table.person_pronouns.get(head.text.lower(), "")
        number = self._number(head)
        if kind == "1" and head.quoted and recent and head.tag in ("PRP", "PRP$"):
            said = self._sentences[number].words
            spoke = any(
                not w.quoted and speaks(w, self._table) and self._named(w) == recent for w in said
            )
            return recent if spoke and head.text.lower() in ("i", "me", "my") else None
        if kind not in ("m", "f", "n", "p") or (kind == "n" and head.head.lemma in _IDLE):
            return None
        entity = self._of_word.get(head.start)
        if entity is None or entity.label in barred:
            entity, _ = self._antecedent(head, kind, number, barred, recent)
        return entity.label if entity else None

    def _named(self, word: Word) -> str | None:
        entity = self._at(word)
        return entity.name if entity and entity.named else None

    def issuer(self, head: Word, recent: str | None) -> tuple[str, Basis] | None:
        """Who speaks through a document ("a statement issued by X"), if it is one."""
        return self.documents.issuer(head)

    def _owner(self, word: Word) -> tuple[str | None, bool]:
        """The name behind a word, and whether it is the word's own."""
        entity = self._at(word)
        if entity is None or not entity.named:
            return None, False
        return entity.name, name_of(word, self._table) is not None

    def _number(self, head: Word) -> int:
        return max(0, bisect_left(self._starts, head.start + 1) - 1)


def _place(word: Word) -> Word:
    """The noun whose place in the clause a name has: its own, or that which it adds to.

    The second of two subjects is no less a subject, nor is a name in apposition, even
    where the parser hangs it from the end of the phrase ("the chief of the board, Reyes").
    """
    while word.head is not word:
        if word.dep in ("conj", "appos") or (word.dep == "nmod" and word.child("cc")):
            added = word.dep == "appos"
            word = word.head
            while added and word.dep == "pobj" and word.head.dep == "prep":
                word = word.head.head
        else:
            break
    return word


def _leader(
    scores: Iterable[tuple[float, Entity]], recent: str | None
) -> tuple[Entity | None, float]:
    """The best candidate and its lead; no one, if the lead is too small to tell."""
    ranked = sorted(scores, key=lambda s: -s[0])
    if not ranked:
        return None, 0.0
    best = ranked[0]
    close = [s for s in ranked[1:] if best[0] - s[0] < _MARGIN]
    if not close:
        return best[1], best[0] - ranked[1][0] if len(ranked) > 1 else 9.0
    spoke = [e for _, e in (best, *close) if e.named and e.name == recent]
    return (spoke[0], 0.0) if spoke else (None, 0.0)


def _agreement(entity: Entity, kind: str) -> float | None:
    """How well a pronoun's kind suits an entity; None where it cannot mean it."""
    if kind in "mf":
        if entity.plural or entity.person is False or entity.gender not in ("", kind):
            return None
        if not _is_personal(entity):
            return None
        value = (1.0 if entity.gender else 0.0) + (0.7 if entity.person else 0.0)
        return value - (3.0 if entity.called not in ("", kind) else 0.0)
    if kind == "n":
        if entity.person is True or entity.plural or entity.gender:
            return None
        return 1.0 if entity.person is False else 0.0 if entity.likely <= 0.5 else None
    if entity.plural:
        return 1.0 if entity.person else 0.0
    return -1.0 if entity.person is False and entity.named and not entity.place else None


def _is_personal(entity: Entity) -> bool:
    """Whether an entity is a person, for sure or as far as its mentions tell."""
    if entity.person is None:
        return entity.named and entity.likely >= 0.3
    return entity.person


def _subject(verb: Word) -> Word | None:
    own = verb.child("nsubj", "nsubjpass")
    while own is None and verb.dep in ("conj", "xcomp", "advcl") and verb.head is not verb:
        verb = verb.head
        own = verb.child("nsubj", "nsubjpass")
    return own


def _is_apposed(word: Word) -> bool:
    """Whether a noun only says more of a name ("Falk, an aide and founder of the club")."""
    while word.dep == "conj":
        word = word.head
    return word.dep in ("appos", "attr")


def _is_joined(word: Word) -> bool:
    """Whether a subject is one of several ("Reyes and Lund met")."""
    return word.child("conj") is not None or any(c.child("cc") for c in word.all("nmod"))


def _modifiers(word: Word) -> set[str] | None:
    """What a description says beside its noun; None if more than can be compared."""
    said: set[str] = set()
    for child in word.children:
        if child.dep in ("amod", "compound", "nmod", "poss") and not child.text[:1].isdigit():
            said.add(fold(child.text).strip("."))
        elif child.dep == "prep":
            of = child.child("pobj")
            if child.text.lower() != "of" or of is None or of.pos != "PROPN":
                return None
            said.add(fold(of.text))
        elif child.dep in ("relcl", "acl"):
            return None
    return said - {"former", "then", "old", "late"}


def _akin(a: str, b: str, nations: Mapping[str, str]) -> bool:
    """Whether two words say the same of somebody ("norland" and "norlandic")."""
    if a == b or (nations.get(a) is not None and nations.get(a) == nations.get(b)):
        return True
    short = min(len(a), len(b))
    return (
        short > 4 and a[: max(4, short - 2)] == b[: max(4, short - 2)] and abs(len(a) - len(b)) < 4
    )


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


def _one(a: Entity, b: Entity) -> bool:
    """Whether two entities that a shorter name fits can be one."""
    return a.final is b.final or same_person(a.name, b.name) or _fuller(a, b) or _fuller(b, a)


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
