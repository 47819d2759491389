"""Who the mentions of one article denote: one entity for all that a participant is called.

Names come first, over the whole article; then pronouns and descriptions, in the order of
the text, each of them a mention that the next ones can build on.  They go to the most
salient entity that agrees with them, in the spirit of Lappin & Leass (1994): recency,
subjecthood and having just spoken count; gender, number and the binding of a clause's own
arguments exclude.  Where two entities fit about equally well, none is named.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.attribution.cues import act_of
from index.attribution.documents import Documents
from index.attribution.entities import NOUN_ROLES, Entities, Entity, place_of
from index.attribution.mentions import (
    age_of,
    description,
    is_age,
    is_definite,
    name_of,
    proper_head,
    speaks,
)
from index.attribution.phrases import is_human
from index.attribution.syntax import Sentence, Word
from index.lang import Language
from index.people.names import bare_key
from index.text.folding import fold
from index.types import Basis

_SALIENCE = {"nsubj": 4.0, "nsubjpass": 3.5, "agent": 2.5, "dobj": 1.8, "poss": 1.2, "pobj": 1.0}
_OBJECTS = ("dobj", "dative", "pobj", "agent", "oprd")
_EXPLETIVE_VERBS = frozenset(("be", "seem", "appear", "take", "rain"))
"""Verbs whose "it" is mostly nobody ("it is hard to say")."""
_PER_SENTENCE = 2.0
"""Score that a mention loses for each sentence between it and the pronoun."""
_PER_PARAGRAPH = 1.5
"""Score that a mention loses in addition if it stands in another paragraph."""
_PARALLEL_OBJECT_BONUS = 5.0
"""Bonus for an object whose subject already acted on the same entity."""
_DOCUMENT_BONUS = 2.5
"""Bonus for a document where "it" is what says something ("... a report.  It warned that")."""
_DOCUMENT_ACTS = frozenset(
    "say claim warn believe criticise accuse blame praise urge predict call".split()
)
"""What a document can do by its words."""
_MAX_SENTENCES_BACK = 4
"""Sentences back in which a pronoun looks for its antecedent."""
_MAX_SENTENCES_BACK_DESCRIPTION = 12
"""Sentences back in which a description does, whose own words tell more."""
_MAX_MENTIONS_WEIGHED = 120
"""Mentions that are weighed, at most, so that a list of names costs no more than prose."""
_MIN_LEAD = 0.8
"""Smallest lead of the best candidate over the next one; with less, nobody is named."""
_MIN_SCORE = -1.0
"""Smallest score of a candidate: one that was named only long before does not reach it."""
_MIN_LEAD_UNKNOWN_GENDER = 1.3
"""Smallest lead of somebody of unknown gender over somebody whose gender agrees."""
_MIN_LEAD_TO_SET_GENDER = 2.0
"""Smallest lead at which the pronoun also sets the gender of its antecedent."""


_DEPUTIES = frozenset(("deputy", "vice"))
_RANKS = {"minister": _DEPUTIES | {"prime"}}
"""Words that tell an office from the one without them: a prime minister is not "the minister"."""


@dataclass(frozen=True, slots=True)
class _EarlierMention:
    """A mention that was read: what later pronouns and descriptions are resolved to.

    ``sentence`` is the number of its sentence, ``weight`` its salience by its part in the clause,
    and ``speaks`` tells whether it is the subject of a verb of saying.
    """

    sentence: int
    word: Word
    entity: Entity
    weight: float
    speaks: bool


@dataclass(frozen=True, slots=True)
class _PronounPlace:
    """Where a pronoun stands: its kind and sentence, whether it speaks, the words above it."""

    word: Word
    kind: str
    sentence: int
    saying: bool
    above: Sequence[Word]


class People:
    """The entities of one article, and who each of its mentions denotes."""

    def __init__(
        self,
        paragraphs: Sequence[Sequence[Sentence]],
        table: Language,
        check: Callable[[], object] = lambda: None,
    ) -> None:
        """Read the sentences of each paragraph; ``check`` is called for each, and may raise."""
        self._table = table
        self._kinds = frozenset[str]().union(*table.naming.documents)
        self._sentences = [s for p in paragraphs for s in p if s.words]
        self._paragraphs = [n for n, p in enumerate(paragraphs) for s in p if s.words]
        self._starts = [s.words[0].start for s in self._sentences]
        self._entities = Entities(self._sentences, table)
        self._of_word = self._entities.of_word
        self._traces: list[_EarlierMention] = []
        self._trace_starts: list[int] = []
        self._endings: dict[int, Mapping[str, Iterable[str]]] = {}
        self._bearers: dict[str, set[str]] | None = None
        self._counterparts: dict[int, set[str]] = {}
        self.documents = Documents(table, self._owner)
        for number, sentence in enumerate(self._sentences):
            check()
            self._read(sentence, number)
        self._look_ahead()

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
                word.dep in NOUN_ROLES
                and (word.pos in ("NOUN", "PROPN") or is_age(word))
                and name_of(word, table) is None
            ):
                entity = self._noun(word, number)
            self.documents.read(word, number)
            if entity is not None and entity.named:
                self._take_office(word, entity)
            if entity is None:
                continue
            self._of_word[word.start] = entity
            self._note(word, entity, number)
            if word.dep in ("nsubj", "nsubjpass") and _is_joined(word):
                pair = Entity("", word, named=False, person=True, plural=True, group=True)
                self._note(word, pair, number, more=0.3)

    def _take_office(self, word: Word, entity: Entity) -> None:
        """Note of somebody's counterpart the offices of the other one ("President Falk spoke with
        her Norlandic counterpart, Ivo Lund")."""
        for noun in (word.head, *word.all("appos")):
            owner = noun.child("poss") if noun.lemma == "counterpart" else None
            other = self._at(owner) if owner is not None else None
            if other is not None and other is not entity:
                held = self._counterparts.setdefault(id(entity), set())
                held |= other.roles & self._table.role_nouns

    def _note(self, word: Word, entity: Entity, number: int, more: float = 0.0) -> None:
        place = place_of(word)
        weight = _SALIENCE.get(place.dep, 0.8) + more - (2.0 if word.quoted else 0.0)
        if word.dep == "poss" and is_human(word.head.lemma, self._table):
            weight -= 0.8  # "the miners' wives": the wives come first
        elif word.dep == "poss" and word.head.dep in ("nsubj", "nsubjpass"):
            weight += 1.8  # "Odell's campaign vowed": nobody else is its subject
        saying = speaks(place, self._table)
        entity.count += 1
        self._traces.append(_EarlierMention(number, word, entity, weight, saying))
        self._trace_starts.append(word.start)

    def _pronoun(self, word: Word, number: int) -> Entity | None:
        kind = self._table.person_pronouns.get(word.text.lower(), "")
        if not _refers(word, kind):
            return None
        found, lead = self._antecedent(word, kind, number)
        if found is not None and kind in "mf" and self._tells_gender(word, found, number):
            ships = kind == "f" and word.dep == "poss"  # a ship has "her funnel", too
            found.called = found.called if ships else kind
            if lead >= _MIN_LEAD_TO_SET_GENDER and not ships and found.named:
                found.gender = found.gender or kind
                found.person = True
        return found

    def _tells_gender(self, word: Word, found: Entity, number: int) -> bool:
        """Whether a pronoun is sure enough to tell the gender of whom it was taken to mean: not in
        what another one says, unless that sentence has named the one who is meant."""
        told = any(
            clause.dep == "ccomp"
            and act_of(clause.head, self._table) is not None
            and (speaker := clause.head.child("nsubj")) is not None
            and speaker.index < clause.head.index < word.index
            and self._at(speaker) is not found
            for clause in word.ancestors()
        )
        here = self._sentences[number].words
        return not told or any(w.index < word.index and self._at(w) is found for w in here)

    def _noun(self, word: Word, number: int) -> Entity | None:
        """The entity of a description: one that is known already, or a new one."""
        table = self._table
        lemma = word.lemma
        body = lemma in table.naming.bodies or lemma in table.organisation_nouns
        person = not body and (is_age(word) or is_human(lemma, table))
        document = word.tag == "NN" and lemma in self._kinds
        if not (person or body or document or speaks(word, table)) or _is_apposed(word):
            return None
        plural = word.tag == "NNS" or lemma in table.naming.collectives
        if is_definite(word) and not plural:
            known = self._spoken_for(word) or self._described(word, number)
            if known is None and body and lemma in table.naming.taking_up:
                known = self._acting_body(word, number)
            elif known is None and lemma in table.naming.variations:
                known = self._just_named(word, number)
            if known is not None:
                return known
        entity = Entity(self._owned(word), word, named=False, plural=plural, roles={lemma})
        if document and not entity.name and (dated := self._dated(word)):
            entity.name = description(word, dated)
        entity.person = True if person else False if body or lemma in table.document_nouns else None
        entity.gender = "" if plural else table.gendered_nouns.get(lemma, "")
        entity.words = {fold(c.text) for c in word.children if c.index < word.index}
        entity.likely = 1.0 if entity.person is None and speaks(word, table) else 0.0
        return entity

    def _dated(self, word: Word) -> list[Word]:
        """The phrases of a description that only date it ("a report on Wednesday")."""
        table = self._table
        return [
            link
            for link in word.all("prep")
            if (noun := link.child("pobj")) is not None
            and noun.text.lower() in table.days | table.months
        ]

    def _look_ahead(self) -> None:
        """Give the people whom the first sentence only describes ("The deputy leader resigned") the
        name that the text has for them later, if one person alone is so described."""
        named = {id(e): e for e in (t.entity.final for t in self._traces) if e.named}
        for trace in self._traces:
            entity = trace.entity
            if trace.sentence > 0:
                break
            if entity.named or entity.plural or not entity.person or not is_definite(entity.head):
                continue
            said = _modifiers(entity.head)
            if said is None or entity.head.child("appos") is not None:
                continue
            fits = [
                other
                for other in named.values()
                if _is_personal(other)
                and entity.head.lemma in other.roles
                and other.gender in ("", entity.gender or other.gender)
                and all(
                    any(_akin(m, w, self._table.naming.nations) for w in other.words) for m in said
                )
            ]
            if len(fits) == 1:
                entity.into = fits[0]

    def _owned(self, word: Word) -> str:
        """A description whose owner is only a pronoun, with the name that this goes back to
        ("Mo Tsvara's spokesman"); otherwise an empty text."""
        theirs = word.child("poss")
        owner = self._of_word.get(theirs.start) if theirs is not None else None
        if theirs is None or theirs.pos != "PRON" or owner is None or not owner.final.named:
            return ""
        rest = description(word).split(" ", 1)
        return f"{owner.final.name}'s {rest[1]}" if len(rest) > 1 else ""

    def _recent(self, start: int, sentence: int, reach: int) -> Iterator[_EarlierMention]:
        """The mentions before an offset, nearest first."""
        at = bisect_left(self._trace_starts, start)
        for trace in reversed(self._traces[max(0, at - _MAX_MENTIONS_WEIGHED) : at]):
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
        """Return the entity that a pronoun stands for, and its lead over the next best; None and
        0 where no entity leads clearly.

        Each earlier mention that agrees with the pronoun (``kind``) is scored by its salience, its
        distance, and how often its entity is named.  Names in ``barred`` are left out; ``recent``
        is the last speaker's, who is taken where two score about equally.
        """
        bound = self._barred_by_clause(word)
        barred = set(barred)
        place = _PronounPlace(word, kind, number, speaks(word, self._table), list(word.ancestors()))
        acting = self._acting(word) if word.dep in _OBJECTS else None
        scores: dict[int, tuple[float, Entity]] = {}
        here: set[int] = set()  # who is in this paragraph, too
        latest: dict[int, bool] = {}  # whom the sentence before names, and whether they speak in it
        for trace in self._recent(word.start, number, _MAX_SENTENCES_BACK):
            entity = trace.entity
            fit = _agreement(entity, kind)
            if kind == "p" and not entity.plural and trace.weight < _SALIENCE["nsubjpass"]:
                continue  # a body is "they" only where it was what the text is about
            if fit is None or id(entity) in bound or (entity.named and entity.name in barred):
                continue
            if self._is_document(entity):
                if not (trace.speaks or self._as_documents_do(place)):
                    continue
                fit += _DOCUMENT_BONUS if self._as_documents_do(place) else 0.0
            value = trace.weight + fit + self._nearness(trace, place)
            value += min(1.5, 0.25 * (entity.count - 1))
            if acting is not None and self._acts_on(trace.word, acting):
                value += _PARALLEL_OBJECT_BONUS
            if self._is_beside(trace, number):
                here.add(id(entity))
                if number - trace.sentence < 2:
                    spoke = trace.speaks and trace.sentence < number
                    latest[id(entity)] = spoke or latest.get(id(entity), False)
            if id(entity) not in scores or scores[id(entity)][0] < value:
                scores[id(entity)] = (value, entity)
        ahead = self._cataphoric(word, kind)
        if ahead is not None and id(ahead) not in bound:
            value = max(scores.get(id(ahead), (0.0,))[0] + 1.0, 3.5)
            scores[id(ahead)] = (value, ahead)
        likely = [s for s in self._without_own(scores.values()) if s[0] >= _MIN_SCORE]
        found, lead = _leading_here(likely, here, recent)
        if found is not None and kind in "mf" and not found.gender:
            known = [v for v, e in scores.values() if e.gender == kind]
            ahead_by = scores[id(found)][0] - max(known, default=-9.0)
            # The one person in the sentence before, who spoke there, goes on: "..., he said."
            goes_on = place.saying and latest.get(id(found), False) and len(latest) == 1
            if ahead_by < _MIN_LEAD_UNKNOWN_GENDER and not goes_on:
                return None, 0.0
            lead = min(lead, ahead_by - _MIN_LEAD_TO_SET_GENDER)
        return found, lead

    def _without_own(
        self, scores: Iterable[tuple[float, Entity]]
    ) -> Iterator[tuple[float, Entity]]:
        """The candidates without documents of which the author is one, too: whichever of the two is
        meant, the author speaks."""
        scores = list(scores)
        names = {e.name for _, e in scores if e.named}
        for value, entity in scores:
            issuer = self.documents.issuer(entity.head) if self._is_document(entity) else None
            if issuer is None or issuer[0] not in names:
                yield value, entity

    def _is_document(self, entity: Entity) -> bool:
        """Whether an entity is a document that the text only describes ("a report")."""
        return entity.person is False and not entity.named and entity.head.lemma in self._kinds

    def _as_documents_do(self, place: _PronounPlace) -> bool:
        """Whether a pronoun is the subject of what a document can do: say, warn or find something,
        and not agree or refuse to."""
        verb = place.word.head
        return place.saying and self._table.verb_acts.get(verb.lemma) in _DOCUMENT_ACTS

    def _is_beside(self, trace: _EarlierMention, sentence: int) -> bool:
        """Whether a mention stands in the paragraph of a sentence."""
        return self._paragraphs[trace.sentence] == self._paragraphs[sentence]

    def _nearness(self, trace: _EarlierMention, place: _PronounPlace) -> float:
        """The part of a mention's score that depends on its distance from a pronoun."""
        value = -_PER_SENTENCE * (place.sentence - trace.sentence)
        if not self._is_beside(trace, place.sentence):
            value -= _PER_PARAGRAPH
        if trace.speaks:
            value += 2.0 if place.saying else 0.8
        if trace.sentence != place.sentence:
            return value
        verb, subject = trace.word.head, trace.word.dep in ("nsubj", "nsubjpass")
        if verb in place.above:
            if verb.lemma in self._table.asking_verbs:
                value += 1.0  # asked "whether he would", either may be meant
            elif subject:
                beside = place.word.head.dep == "advcl" and place.word.head.head is verb
                value += 3.0 if beside else 2.0  # "changed his mind when he asked her"
            elif verb.lemma in self._table.addressing_verbs and not _goes_on(place.word, verb):
                value -= 3.0  # whoever is told something is not whom it is about
        elif subject and place.kind == "n" and verb.dep == "ccomp" and verb.head is place.word.head:
            value += 2.0  # "The union wants pay, it said"
        elif (
            subject
            and place.saying
            and (trace.word.pos == "PROPN" or (trace.speaks and place.word.head.dep != "ccomp"))
        ):
            value += 1.5  # "Lund took a different view: he told the paper"
        return value

    def _cataphoric(self, word: Word, kind: str) -> Entity | None:
        """Return the entity behind a pronoun that stands before its name (cataphora): in "When he
        arrived, Odell said" the subject of the main clause; None for any other pronoun."""
        clause = word.head
        if word.dep not in ("nsubj", "nsubjpass") or clause.dep != "advcl":
            return None
        main = clause.head
        subject = main.child("nsubj", "nsubjpass")
        if subject is None or main.index < clause.index or subject.index < word.index:
            return None
        entity = self._at(subject)
        return entity if entity is not None and _agreement(entity, kind) is not None else None

    def _barred_by_clause(self, word: Word) -> set[int]:
        """Return the ids of the entities that a pronoun cannot stand for, because they are other
        parts of its own clause: in "Reed told him" he is not Reed (principle B of binding)."""
        beside: list[Word] = []
        head = word.head
        if word.dep in ("nsubj", "nsubjpass"):
            beside += self._barred_below(word)
            beside += _beside_shared_subject(head)
            beside += _interrupted(word)
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

    def _acting(self, word: Word) -> Entity | None:
        """The entity of the subject of the verb whose object a word is; None if there is none."""
        verb = word.head.head if word.head.dep in ("prep", "agent", "dative") else word.head
        subject = _subject(verb)
        return self._at(subject) if subject is not None else None

    def _acts_on(self, word: Word, acting: Entity) -> bool:
        """Whether a mention is the object of what somebody does ("A told B ... A urged him")."""
        return word.dep in _OBJECTS and self._acting(word) is acting

    def _barred_below(self, word: Word) -> Iterator[Word]:
        """Yield the names that stand below a pronoun in its clause, of which it can be none: in
        "he said that Reed left" he is not Reed (principle C of binding, Chomsky 1981)."""
        for other in word.head.subtree():
            if other.index <= word.index or other.quotation is not None:
                continue
            if other.pos != "PRON" and other.start in self._of_word:
                yield other

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
        body = lemma in naming.bodies or lemma in table.organisation_nouns
        said = _modifiers(word)
        if said is None:
            return None
        scores: dict[int, tuple[float, Entity]] = {}
        for trace in self._recent(word.start, number, _MAX_SENTENCES_BACK_DESCRIPTION):
            entity = trace.entity
            if entity.plural or (years and entity.age and entity.age != years):
                continue
            if body and (entity.person is True or entity.gender):
                continue  # "committee member Ida Falk" is not the committee
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
                fits = fits and not (_RANKS.get(lemma, _DEPUTIES) & entity.words) - said
            if not fits:
                continue
            value = trace.weight + (3.0 if is_age(word) and entity.age else 0.0)
            value -= 0.7 * _PER_SENTENCE * (number - trace.sentence)
            if id(entity) not in scores or scores[id(entity)][0] < value:
                scores[id(entity)] = (value, entity)
        return _clear_winner(scores.values(), None)[0]

    def _spoken_for(self, word: Word) -> Entity | None:
        """The one whose spokesman speaks of "the minister", and means the one he speaks for; None
        where nothing tells that this one holds the office."""
        if _modifiers(word):
            return None
        for above in word.ancestors():
            speaker = above.child("nsubj") if act_of(above, self._table) is not None else None
            owner = speaker.child("poss") if speaker is not None else None
            if speaker is None or owner is None or speaker.index > word.index:
                continue
            found = self._at(owner)
            staff = speaker.lemma in self._table.naming.staff and found is not None
            if found is None or not staff or not found.named:
                continue
            if word.lemma in found.roles | self._counterparts.get(id(found), set()):
                return found
        return None

    def _just_named(self, word: Word, number: int) -> Entity | None:
        """The one person in the clause or the sentence before, its subject, taken up by another
        word ("Lund resigned.  “I am tired,” the novelist said"); None if the text has another
        of that kind, or somebody else is there."""
        if not speaks(word, self._table) or _modifiers(word) is None:
            return None
        gender = self._table.gendered_nouns.get(word.lemma, "")
        found: dict[int, Entity] = {}
        subject = False
        for trace in self._recent(word.start, number, _MAX_SENTENCES_BACK):
            entity = trace.entity
            if not entity.named and word.lemma in entity.roles:
                return None
            near = number - trace.sentence < 2 and self._is_beside(trace, number)
            if near and _may_be_personal(entity):
                found[id(entity)] = entity
                subject = subject or trace.weight >= _SALIENCE["nsubj"]
        if len(found) != 1 or not subject:
            return None
        (entity,) = found.values()
        agrees = not gender or entity.gender in ("", gender)
        personal = entity.named and not entity.plural and _is_personal(entity)
        return entity if personal and agrees else None

    def _acting_body(self, word: Word, number: int) -> Entity | None:
        """The one body that the clause or the sentence before names as its subject, taken up
        by a noun ("Falk Motors will close, the company said")."""
        if _modifiers(word):
            return None
        found: dict[int, Entity] = {}
        for trace in self._recent(word.start, number, 1):
            entity = trace.entity
            if not entity.named or entity.place or entity.plural:
                continue
            if entity.person is True or entity.gender or speaks(trace.word, self._table):
                continue
            if self._is_beside(trace, number):
                found[id(entity)] = entity
            if bare_key(entity.name) in self._table.naming.nations:
                return None
        acting = [
            t.entity
            for t in self._recent(word.start, number, 1)
            if id(t.entity) in found and t.weight >= _SALIENCE["nsubjpass"]
        ]
        return acting[0] if len(found) == 1 and acting else None

    # -- what the other modules ask -----------------------------------------------------

    def resolve(
        self, head: Word, *, barred: Iterable[str | None] = (), recent: str | None = None
    ) -> tuple[str | None, Basis]:
        """Return the name of whom a noun phrase denotes, and by what that is known.

        ``barred`` names cannot be meant; ``recent`` spoke last, which decides between two
        that fit equally well.
        """
        alias = self._entities.aliases.get(fold(head.text)) if head.text.isupper() else None
        if alias is not None:
            return alias.final.name, "explicit"
        name = head.text if head.start in self._entities.adopted else name_of(head, self._table)
        if name is not None:
            entity = self._at(head) or self._entities.entities.get(bare_key(name))
            return (entity.final.name if entity and entity.final.named else name), "explicit"
        if head.pos == "PRON":
            found = self._who(head, set(barred), recent)
            return (found, "coreference") if found else (None, "unknown")
        entity = self._of_word.get(head.start)
        entity = entity.final if entity is not None else None
        if entity is None or (entity.head is head and not entity.name):
            return description(head), "explicit"
        return entity.label, "coreference"

    def labelled(self, label: str) -> str | None:
        """Whom a label in capitals before a colon names: the one who bears that surname.

        None for a label that is no name ("Q"), the label itself where no one bears it.
        """
        wanted = fold(label).split()
        alike = self._ending(len(wanted)).get(" ".join(wanted), ()) if wanted else ()
        bearers = {b for b in alike if ":" not in b and b != label}
        if len(bearers) == 1:
            return bearers.pop()
        return label or None

    def bearers(self, word: str) -> Iterable[str]:
        """The names of the article that a given name or a surname is a part of."""
        if self._bearers is None:
            self._bearers = {}
            for entity in self._entities.entities.values():
                if entity.final.named:
                    for part in fold(entity.final.name).split():
                        self._bearers.setdefault(part, set()).add(entity.final.name)
        return self._bearers.get(fold(word), ())

    def _ending(self, count: int) -> Mapping[str, Iterable[str]]:
        """The names of the article by the last so many of their words."""
        if count not in self._endings:
            by: dict[str, set[str]] = {}
            for name in {e.final.name for e in self._entities.entities.values() if e.final.named}:
                if len(words := fold(name).split()) >= count:
                    by.setdefault(" ".join(words[-count:]), set()).add(name)
            self._endings[count] = by
        return self._endings[count]

    def _who(self, head: Word, barred: set[str | None], recent: str | None) -> str | None:
        kind = self._table.person_pronouns.get(head.text.lower(), "")
        number = self._number(head)
        if kind == "1" and head.quoted and recent and head.tag in ("PRP", "PRP$"):
            said = self._sentences[number].words
            spoke = any(
                not w.quoted and speaks(w, self._table) and self._named(w) == recent for w in said
            )
            return recent if spoke and head.text.lower() in ("i", "me", "my") else None
        if not _refers(head, kind):
            return None
        entity = self._of_word.get(head.start)
        if entity is None or entity.label in barred:
            entity, _ = self._antecedent(head, kind, number, barred, recent)
        return entity.final.label if entity else None

    def _named(self, word: Word) -> str | None:
        entity = self._at(word)
        return entity.name if entity and entity.named else None

    def issuer(self, head: Word) -> tuple[str, Basis] | None:
        """Who speaks through a document ("a statement issued by X", or "it" for that), if it is
        one."""
        entity = self._of_word.get(head.start) if head.pos == "PRON" else None
        if entity is not None and self._is_document(entity):
            found = self.documents.issuer(entity.head)
            # Who released or obtained an email need not be who speaks in it.
            return (found[0], "coreference") if found and found[1] != "inferred" else None
        return self.documents.issuer(head)

    def _owner(self, word: Word) -> tuple[str | None, bool]:
        """The name behind a word, and whether it is the word's own."""
        entity = self._at(word)
        if entity is None or not entity.named:
            return None, False
        return entity.name, name_of(word, self._table) is not None

    def _number(self, head: Word) -> int:
        return max(0, bisect_left(self._starts, head.start + 1) - 1)


def _refers(pronoun: Word, kind: str) -> bool:
    """Whether a pronoun of this kind goes back to somebody: not "I", nor the "it" of "it is"."""
    return kind in ("m", "f", "p") or (kind == "n" and pronoun.head.lemma not in _EXPLETIVE_VERBS)


def _goes_on(word: Word, verb: Word) -> bool:
    """Whether a subject's verb is the next one beside another ("told him so, and he asked"), or
    beside a parenthesis in its clause ("told him so, she said, and he asked")."""
    before = word.head.head
    aside = before.dep == "parataxis" and before.head is verb
    return word.head.dep == "conj" and (before is verb or aside)


def _clear_winner(
    scores: Iterable[tuple[float, Entity]], recent: str | None
) -> tuple[Entity | None, float]:
    """The best candidate and its lead; no one, if the lead is too small to tell."""
    ranked = sorted(scores, key=lambda s: -s[0])
    if not ranked:
        return None, 0.0
    best = ranked[0]
    close = [s for s in ranked[1:] if best[0] - s[0] < _MIN_LEAD]
    if not close:
        return best[1], best[0] - ranked[1][0] if len(ranked) > 1 else 9.0
    spoke = [e for _, e in (best, *close) if e.named and e.name == recent]
    return (spoke[0], 0.0) if spoke else (None, 0.0)


def _leading_here(
    likely: Sequence[tuple[float, Entity]], here: set[int], recent: str | None
) -> tuple[Entity | None, float]:
    """The best candidate and its lead: of two that fit equally well, the one who spoke last, or
    else the one whom this paragraph (the entities ``here``) is about."""
    spoke = any(e.name == recent and id(e) in here for _, e in likely)
    found, lead = _clear_winner(likely, recent if spoke else None)
    if found is None and not spoke:
        best = max(likely, key=lambda s: s[0], default=(0.0, None))
        close = [e for v, e in likely if best[0] - v < _MIN_LEAD and id(e) in here]
        found = best[1] if close == [best[1]] else None
    return found, lead


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
        # Newspapers give a person's name in full first: a single word must have spoken.
        return entity.named and entity.likely >= (0.3 if " " in entity.name else 1.0)
    return entity.person


def _beside_shared_subject(verb: Word) -> Iterator[Word]:
    """The nouns beside a participle whose subject is that of the verb behind it: in "Asked by Reed
    whether it was late, she said", she is not Reed."""
    for clause in verb.all("advcl"):
        if clause.index > verb.index or clause.tag not in ("VBN", "VBG", "VBD"):
            continue
        if clause.child("nsubj", "nsubjpass", "mark", "aux") is not None:
            continue
        yield from clause.all("dobj", "dative")
        for link in clause.all("agent", "dative"):
            yield from link.all("pobj")


def _interrupted(word: Word) -> Iterator[Word]:
    """The subject of the clause that a parenthesis parts from its verb: in "Reed, he said, would
    resign", he is not Reed."""
    cue = word.head
    for verb in (cue.head, *cue.all("ccomp")):
        own = verb.child("nsubj", "nsubjpass")
        if verb is not cue and own is not None and own.index < word.index < cue.index < verb.index:
            yield own


def _may_be_personal(entity: Entity) -> bool:
    """Whether an entity is a person, or has a name of several words that can be one's."""
    full = entity.named and entity.person is None and " " in entity.name and not entity.place
    return full or _is_personal(entity)


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
        elif child.dep in ("relcl", "acl") and not _is_aside(child):
            return None
    return said - {"former", "then", "old", "late"}


def _is_aside(clause: Word) -> bool:
    """Whether a comma parts a clause from the noun that it tells more of ("the minister, who was
    once a teacher"): it does not tell which one is meant."""
    noun, first = clause.head, clause.subtree()[0]
    return any(c.text == "," and noun.index < c.index < first.index for c in noun.children)


def _akin(a: str, b: str, nations: Mapping[str, str]) -> bool:
    """Whether two words say the same of somebody ("norland" and "norlandic")."""
    if a == b or (nations.get(a) is not None and nations.get(a) == nations.get(b)):
        return True
    short = min(len(a), len(b))
    return (
        short > 4 and a[: max(4, short - 2)] == b[: max(4, short - 2)] and abs(len(a) - len(b)) < 4
    )
