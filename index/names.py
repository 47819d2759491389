"""Who a mention denotes: names without titles, pronouns and descriptions resolved.

Within an article an entity is a set of mentions under its fullest name.  Pronouns and
descriptions go to the most salient entity that agrees with them, in the spirit of Lappin
& Leass (1994): recency, subjecthood and having just spoken count; gender must not clash.
Across a corpus names are merged only when nothing else could be meant: a wrong merge puts
words into another person's mouth, a missed one only splits a list.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.folding import fold
from index.lang import Language, language
from index.syntax import Sentence, Word
from index.types import Basis

_CONNECTORS = frozenset(
    (
        "-",
        "–",
        "’",
        "'",
        "al",
        "bin",
        "ibn",
        "de",
        "la",
        "van",
        "von",
        "der",
        "den",
        "di",
        "da",
        "dos",
        "du",
        "el",
        "ul",
        "&",
        ".",
    )
)
_ROMAN = frozenset(("jr", "sr", "jr.", "sr.", "ii", "iii", "iv"))
_SALIENCE = {"nsubj": 4.0, "nsubjpass": 3.5, "agent": 2.0, "pobj": 1.0, "dobj": 1.8, "poss": 1.2}
_REACH = 6  # sentences back that a pronoun may refer to


@dataclass(slots=True, eq=False)
class Entity:
    """A participant of one article: the names it goes by, and where."""

    name: str
    person: bool | None = None
    gender: str = ""
    roles: set[str] = field(default_factory=set)
    mentions: list[tuple[int, int, float]] = field(default_factory=list)


def without_titles(name: str, table: Language | None = None) -> str:
    """A person's name without titles, articles and possessives in front of it.

    A title that is the whole name stays ("the Speaker" gives "Speaker").
    """
    table = table or language("en")
    words = name.replace("’s ", "'s ").split()
    while len(words) > 1:
        plain = fold(words[0]).strip(".,")
        if (
            plain in ("the", "a", "an", "then", "now")
            or plain.endswith("'s")
            or (plain in table.titles and not _is_given(words[0], words[1:], table))
        ):
            words.pop(0)
        else:
            break
    # "Kestrian President Marek Odell": what leads up to a title goes with it.
    for at in range(len(words) - 3, -1, -1):
        if fold(words[at]) in table.titles and at and all(w[:1].isupper() for w in words):
            words = words[at + 1 :]
            break
    return " ".join(words).strip(" ,")


def _is_given(word: str, rest: Sequence[str], table: Language) -> bool:
    """Whether a word that is also a title is the given name here ("Major Owens", "Earl")."""
    return fold(word) in table.given_names and len(rest) == 1


def name_of(head: Word, table: Language) -> str | None:
    """The name that a noun phrase contains, without titles, or None for a description."""
    if head.pos == "PRON":
        return None
    core = _proper_head(head)
    if core is None:
        return None
    run = _run(core, table)
    text = _join(run)
    if core.text.lower() in table.organisation_nouns or any(c.text == "of" for c in run):
        words = text.split()
        while len(words) > 1 and words[0].lower() in ("the", "a", "an"):
            words.pop(0)
        return " ".join(words)
    return without_titles(text, table)


def _proper_head(head: Word) -> Word | None:
    if head.pos == "PROPN" or (
        head.text[:1].isupper()
        and head.pos in ("NOUN", "X", "ADJ")
        and (
            head.dep != "ROOT"
            and any(c.pos == "PROPN" and c.dep == "compound" for c in head.children)
        )
    ):
        return head
    for child in head.children:
        if child.dep in ("appos", "nmod", "flat") and child.pos == "PROPN":
            return child
    return None


def _run(core: Word, table: Language) -> list[Word]:
    """The words of the name that ends with this proper noun."""
    below = {
        w.index: w
        for c in core.children
        if c.dep in ("compound", "nmod", "amod", "punct", "nummod", "flat")
        for w in c.subtree()
    }
    words = [core]
    at = core.index - 1
    while (
        (word := below.get(at)) is not None
        and (word.text[:1].isupper() or word.text.lower() in _CONNECTORS)
        and word.text not in (",", '"', "(", ")")
    ):
        words.insert(0, word)
        at -= 1
    while len(words) > 1 and not words[0].text[:1].isalnum():
        words.pop(0)
    for child in core.children:
        if child.index == words[-1].index + 1 and child.text.lower() in _ROMAN:
            words.append(child)
    of = next(
        (
            c
            for c in core.children
            if c.dep == "prep" and c.text == "of" and c.index == core.index + 1
        ),
        None,
    )
    if (
        of is not None
        and core.text.lower() in table.organisation_nouns
        and (noun := of.child("pobj")) is not None
        and noun.pos == "PROPN"
    ):
        words += [of, *(w for w in noun.subtree() if w.index <= noun.index)]
    return words or [core]


def _join(words: Sequence[Word]) -> str:
    out = ""
    for before, word in zip([None, *words], words, strict=False):
        if before is not None and word.start > before.end:
            out += " "
        out += word.text
    return out


def description(head: Word) -> str:
    """A description without its article: what names a speaker who has no name."""
    words = head.subtree([c for c in head.children if c.dep in ("relcl", "appos")])
    while len(words) > 1 and (words[0].dep in ("det",) or words[0].is_punctuation):
        words.pop(0)
    while len(words) > 1 and words[-1].is_punctuation:
        words.pop()
    if len(words) > 12:
        words = [w for w in words if w.head is head and w.index <= head.index] or [head]
    return " ".join(_join(words).split())


class People:
    """The entities of one article, and who each of its mentions denotes."""

    def __init__(self, sentences: Sequence[Sentence], table: Language) -> None:
        self._table = table
        self._entities: list[Entity] = []
        self._by_key: dict[str, Entity] = {}
        self._of_word: dict[int, Entity] = {}
        self._starts: dict[int, int] = {}
        for number, sentence in enumerate(sentences):
            for word in sentence.words:
                self._starts[word.start] = number
                if (
                    word.pos == "PROPN"
                    and word.dep not in ("compound", "flat")
                    and (word.quotation is None)
                ):
                    self._meet(word, number)
        self._link()

    def _meet(self, word: Word, number: int) -> None:
        name = name_of(word, self._table)
        if name is None or not any(c.isalpha() for c in name):
            return
        key = fold(name)
        entity = self._by_key.get(key)
        if entity is None:
            entity = Entity(name)
            self._by_key[key] = entity
            self._entities.append(entity)
        self._describe(entity, word)
        entity.mentions.append((number, word.start, _SALIENCE.get(word.dep, 0.8)))
        self._of_word[word.start] = entity

    def _describe(self, entity: Entity, word: Word) -> None:
        """What the words around a name tell: titles, roles, gender, person or body."""
        table = self._table
        before = [w for w in word.subtree() if w.index < word.index and word.index - w.index < 8]
        for near in [*before, *(c for c in word.children if c.dep == "appos")]:
            text = fold(near.text).strip(".")
            if text in table.gender_titles:
                entity.gender, entity.person = table.gender_titles[text], True
            elif text in table.gendered_nouns:
                entity.gender, entity.person = table.gendered_nouns[text], True
            if text in table.role_nouns or near.lemma in table.role_nouns:
                entity.roles.add(near.lemma.lower())
                entity.person = True
        if word.dep == "appos" and word.head.lemma in table.role_nouns:
            entity.roles.add(word.head.lemma)
            entity.person = True
        words = fold(entity.name).split()
        if words[0] in table.given_names and len(words) > 1:
            entity.person = True
            entity.gender = entity.gender or table.given_names[words[0]]
        if entity.person is None and (
            words[-1] in table.organisation_nouns or words[0] in table.organisation_nouns
        ):
            entity.person = False

    def _link(self) -> None:
        """Joins shorter names to the one fuller name that they can stand for."""
        full = [e for e in self._entities if len(e.name.split()) > 1 and e.person is not False]
        for entity in list(self._entities):
            if entity.person is False:
                continue
            words = fold(entity.name).split()
            fits = [
                e
                for e in full
                if e is not entity
                and len(e.name.split()) > len(words)
                and _short_for(words, fold(e.name).split())
                and not (entity.gender and e.gender and entity.gender != e.gender)
            ]
            if fits:
                best = max(fits, key=lambda e: (len(e.mentions), len(e.name)))
                if len({fold(f.name).split()[0] for f in fits}) == 1:
                    best = max(fits, key=lambda e: len(e.name))
                    self._merge(entity, best)
        demonyms = [e for e in self._entities if len(e.name.split()) > 1]
        for entity in demonyms:
            rest = entity.name.split(" ", 1)[1]
            shorter = self._by_key.get(fold(rest))
            if shorter is not None and shorter is not entity and entity.person is False:
                self._merge(entity, shorter)

    def _merge(self, entity: Entity, into: Entity) -> None:
        for key, value in list(self._by_key.items()):
            if value is entity:
                self._by_key[key] = into
        for start, value in list(self._of_word.items()):
            if value is entity:
                self._of_word[start] = into
        into.mentions = sorted([*into.mentions, *entity.mentions])
        into.roles |= entity.roles
        into.gender = into.gender or entity.gender
        into.person = into.person if into.person is not None else entity.person
        if entity in self._entities:
            self._entities.remove(entity)

    def resolve(
        self, head: Word, *, barred: Iterable[str | None] = (), recent: str | None = None
    ) -> tuple[str | None, Basis]:
        """The name of what a noun phrase denotes, and how it is known.

        ``barred`` names cannot be meant; ``recent`` spoke last and is preferred.
        """
        table = self._table
        name = name_of(head, table)
        if name is not None:
            core = _proper_head(head)
            entity = self._of_word.get(core.start) if core else None
            entity = entity or self._by_key.get(fold(name))
            return (entity.name if entity else name), "explicit"
        text = head.text.lower()
        kind = table.person_pronouns.get(text)
        if head.pos == "PRON" and kind is None:
            return None, "unknown"
        if kind in ("1", "2"):
            return None, "unknown"
        if kind == "r":
            return None, "unknown"
        if kind is not None:
            found = self._antecedent(head, kind, set(barred), recent)
            return (found, "coreference") if found else (None, "unknown")
        definite = any(
            c.dep in ("det", "poss") and c.text.lower() in ("the", "this", "that")
            for c in head.children
        )
        if definite and not any(c.dep in ("prep", "relcl") for c in head.children):
            found = self._by_role(head, set(barred))
            if found:
                return found, "coreference"
        return description(head), "explicit"

    def issuer(self, head: Word, recent: str | None) -> tuple[str, Basis] | None:
        """Who speaks through a document ("a statement issued by X"), if it is one."""
        table = self._table
        if head.lemma not in table.document_nouns:
            return None
        for word in head.subtree():
            if word.dep == "poss" and word.head is head and (name := name_of(word, table)):
                return self.resolve(word)[0] or name, "explicit"
            source = word.child("pobj") if word.text.lower() in table.issuing else None
            if source is not None and (name := name_of(source, table)):
                return self.resolve(source)[0] or name, "explicit"
        definite = any(c.dep == "det" and c.text.lower() == "the" for c in head.children)
        return (recent, "coreference") if definite and recent and len(head.children) == 1 else None

    def _number(self, head: Word) -> int:
        return self._starts.get(head.start, 0)

    def _antecedent(
        self, head: Word, kind: str, barred: set[str | None], recent: str | None
    ) -> str | None:
        here = self._number(head)
        best: tuple[float, str] | None = None
        for entity in self._entities:
            if entity.name in barred or not _agrees(entity, kind):
                continue
            score = -100.0
            for number, start, salience in entity.mentions:
                if start >= head.start or here - number > _REACH:
                    continue
                value = salience - 2.0 * (here - number)
                score = max(score, value)
            if score <= -100.0:
                continue
            if entity.name == recent:
                score += 3.0
            if kind in "mf" and entity.gender == kind:
                score += 1.0
            if entity.person and kind in "mf":
                score += 1.0
            if best is None or score > best[0]:
                best = (score, entity.name)
        return best[1] if best else None

    def _by_role(self, head: Word, barred: set[str | None]) -> str | None:
        here = self._number(head)
        role = head.lemma.lower()
        if role not in self._table.role_nouns:
            return None
        fits = [
            e
            for e in self._entities
            if role in e.roles
            and e.name not in barred
            and any(s < head.start and here - n <= 12 for n, s, _ in e.mentions)
        ]
        if len(fits) == 1:
            return fits[0].name
        if fits:
            return max(fits, key=lambda e: max(s for _, s, _ in e.mentions if s < head.start)).name
        return None


def _agrees(entity: Entity, kind: str) -> bool:
    if kind in "mf":
        return entity.person is not False and entity.gender in ("", kind)
    if kind == "n":
        return entity.person is not True
    return entity.person is not True


def _short_for(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether a shorter name can stand for a fuller one: last words, first word, or both."""
    if len(short) >= len(full):
        return False
    if list(short) == list(full[-len(short) :]):
        return True
    if len(short) == 1:
        return short[0] == full[0]
    return short[0] == full[0] and short[-1] == full[-1]


def _scripts(name: str) -> frozenset[str]:
    """The scripts that a name's letters belong to."""
    return frozenset(unicodedata.name(c, "?").split(" ")[0] for c in name if c.isalpha())


_INITIAL = re.compile(r"^[a-z]\.?$")


def same_person(a: str, b: str) -> bool:
    """Whether two names certainly denote one person: the same words up to spelling,

    titles, middle names and initials.  A bare surname is never certain.
    """
    if not a.strip() or not b.strip() or _scripts(a) != _scripts(b) or len(_scripts(a)) > 1:
        return False
    if _clash(a, b):
        return False
    left, right = (" ".join(_plain(n)).replace("-", " ").split() for n in (a, b))
    left, right = ([w.strip(".,") for w in side if w.strip(".,")] for side in (left, right))
    if left == right:
        return True
    if len(left) < 2 or len(right) < 2:
        return False
    short, full = sorted((left, right), key=len)
    if short[-1] != full[-1]:
        return False
    rest = iter(full[:-1])
    if short[0] == full[0]:
        return all(any(_fits(w, f) for f in rest) for w in short[:-1])
    return all(any(_fits(w, f) for f in rest) for w in short[:-1]) and len(short) < len(full)


def _clash(a: str, b: str) -> bool:
    """Whether titles or given names say that two names cannot be one person's."""
    table = language("en")

    def signs(name: str) -> tuple[set[str], str]:
        words = [w.strip(".,") for w in fold(name).split()]
        bare = fold(without_titles(name)).split()
        titles = {w for w in words[: max(0, len(words) - len(bare))] if w in table.titles}
        genders = {table.gender_titles[w] for w in titles if w in table.gender_titles}
        if not genders and len(bare) > 1 and bare[0] in table.given_names:
            genders = {table.given_names[bare[0]]}
        return titles - table.gender_titles.keys(), next(iter(genders)) if genders else ""

    (titles_a, gender_a), (titles_b, gender_b) = signs(a), signs(b)
    if gender_a and gender_b and gender_a != gender_b:
        return True
    # Two offices tell two people apart only where no first name says that they are one.
    surnames = min(len(_plain(a)), len(_plain(b))) == 1
    return bool(surnames and titles_a and titles_b and not titles_a & titles_b)


def _fits(word: str, full: str) -> bool:
    return word == full or (len(word) == 1 and full.startswith(word))


def people(names: Mapping[str, int]) -> dict[str, str]:
    """Each name of a corpus with the fullest spelling of the one person it must denote.

    A shorter name is mapped only if exactly one person of the corpus can bear it, and no
    title or first name speaks against that.
    """
    groups: list[list[str]] = []
    ending: dict[str, list[list[str]]] = {}  # groups by the last word of their names
    for name in sorted(names, key=lambda n: (-len(_plain(n)), -names[n], n)):
        plain = _plain(name)
        if not plain:
            groups.append([name])
            continue
        last = next((w for w in reversed(plain) if w not in _ROMAN), plain[-1])
        near = ending.setdefault(last, [])
        fits = [g for g in near if any(same_person(name, other) for other in g)]
        if not fits and len(plain) == 1 and len(_scripts(name)) <= 1:
            fits = [g for g in near if _scripts(g[0]) == _scripts(name) and not _barred(name, g)]
        if len(fits) == 1:
            fits[0].append(name)
        else:
            near.append([name])
            groups.append(near[-1])
    fullest = [
        _bare(max(g, key=lambda n: (len(_plain(n)), names[n], not n.isascii(), n))) for g in groups
    ]
    taken = Counter(fold(name) for name in fullest)
    out: dict[str, str] = {}
    for group, full in zip(groups, fullest, strict=True):
        # "Lady Tancred" and "Lord Tancred" are two people, so their titles have to stay.
        shown = full if taken[fold(full)] == 1 else max(group, key=lambda n: (names[n], n))
        for name in group:
            out[name] = shown
    return out


def _barred(name: str, group: Sequence[str]) -> bool:
    """Whether a bare surname, perhaps with a title, may not stand for these names."""
    titles = fold(name).replace(".", " ").split()[:-1]
    told = any(title in language("en").gender_titles for title in titles)
    known = any(_plain(n)[0] in language("en").given_names for n in group)
    return any(_clash(name, other) for other in group) or (told and not known)


def _bare(name: str) -> str:
    """A name without titles, unless it is that of a body, whose words all belong to it."""
    last = fold(name).split()[-1:]
    return name if set(last) & language("en").organisation_nouns else without_titles(name)


def _plain(name: str) -> list[str]:
    """The folded words of a name without titles and possessive ending."""
    folded = fold(_bare(re.sub(r"['’]s$", "", name)))
    return re.sub(r"[-.,]", " ", folded).split()
