"""Names and roles in a question become people of the corpus.

A person is found by any spelling (folded), by a surname that is theirs, by a role that
the corpus gives them ("the Lebanese prime minister"), and, if nothing else fits, by a
spelling that is nearly theirs.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import snowballstemmer
from rapidfuzz.distance import JaroWinkler

from index.catalog import Catalog
from index.folding import fold
from index.lang import language
from rag.lang import asking, reporting_forms

NEARLY = 0.92
"""Jaro-Winkler similarity of one word from which on it is taken for a slip of the pen:
"abdulah", "arbell" and "asad" have .95 and more, different surnames rarely .9."""

NEARLY_WITH_FIRST_NAME = 0.8
"""The same where another word of the name is right ("ted cruise")."""

CHOICE = 4
"""People between whom a question about "the mayor" may leave the choice."""

ROLE_SENTENCES = 40
"""Sentences of the corpus that are looked through for who holds a role."""

_WORD = re.compile(r"\w+")
_PARTICLE = r"(?:al|de|van|von|bin|der|del|di|da|la|le)"
_NAME = rf"[A-ZÀ-ɏ][\w’'-]+(?:[ ](?:{_PARTICLE}[ -])?[A-ZÀ-ɏ][\w’'.-]*){{0,6}}"
_stemmer = snowballstemmer.stemmer("porter")


@functools.lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Porter's stem of a folded word."""
    return str(_stemmer.stemWord(word))


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(fold(text))


@functools.lru_cache(maxsize=16384)
def content_stems(text: str) -> frozenset[str]:
    """Stems of the words of a text that carry meaning; "E.U." is "EU"."""
    stop = asking("en").stop_words
    plain = re.sub(r"\b(?:\w\.){2,}", lambda m: m[0].replace(".", ""), text)
    return frozenset(stem(w) for w in words(plain) if w not in stop)


def role_stems(text: str) -> frozenset[str]:
    """What describes somebody, with one word for each country and each role.

    "the Zairean premier" gives what "Zaire's Prime Minister" gives.
    """
    table = asking("en")
    plain = fold(re.sub(r"['’]s\b", " ", text))
    plain = re.sub(r"\bu\.\s?s\.(?:\s?a\.)?|\bu\.\s?n\.", lambda m: m[0].replace(".", ""), plain)
    for several in (word for word in table.kin if " " in word):
        plain = plain.replace(several, table.kin[several])
    found = []
    for word in _WORD.findall(plain):
        word = table.same_role.get(word, word)
        found += [table.kin.get(part, part) for part in word.split()]
    return frozenset(stem(w) for w in found if w not in table.stop_words)


@dataclass(frozen=True, slots=True)
class Found:
    """Who a part of a question names: people of the corpus, or nobody in it.

    ``in_corpus`` tells whether the words stand in any article at all.
    """

    asked: str
    people: tuple[str, ...]
    in_corpus: bool


class Directory:
    """The people of one catalog, by name, by role and by near spelling."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._words_of: dict[str, set[str]] = defaultdict(set)
        for person in catalog.people:
            for name in person.names:
                parts = words(name)
                if not parts:
                    continue
                self._by_name[" ".join(parts)].add(person.name)
                if not any(word[:1].isupper() for word in name.split()):
                    continue  # "minister", "a source": found only when asked for as that
                self._words_of[person.name].update(parts)
                for part in parts:
                    self._by_word[part].add(person.name)
        self._phrases = [(p, _last_sentence(phrase)) for p, phrase in catalog.descriptions()]
        self._roles = [(person, role_stems(phrase)) for person, phrase in self._phrases]
        self._titles = [(p, role_stems(_title(phrase, p))) for p, phrase in self._phrases]
        self._named = {p for p in self._words_of if p[:1].isupper()}

    @functools.cached_property
    def published(self) -> list[str]:
        """The days on which articles were published."""
        return self._catalog.published()

    def is_phrase(self, parts: list[str]) -> bool:
        """Whether these folded words stand next to each other in an article."""
        return self._mentioned(parts)

    def find(self, asked: str) -> Found:
        """Who is meant by a name or a description."""
        parts = self._name_words(asked)
        described = self._described(asked)
        people = (
            self._exactly(asked, parts)
            or described & self._named
            or self._last(parts)
            or self._holders(asked)
            or described
            or self._of_country(asked)
            or self._only_holder(asked)
            or self._nearly(parts)
        )
        return Found(asked.strip(), tuple(sorted(people)), bool(people) or self._mentioned(parts))

    def find_all(self, asked: str) -> list[Found]:
        """The same for several, joined by "and", "or" or commas."""
        if group := self._group(asked):
            return [Found(asked.strip(), tuple(sorted(group)), True)]
        whole = self.find(asked)
        pieces = [p for p in re.split(r",|\band\b|\bor\b", asked) if p.strip()]
        if len(pieces) < 2 or self._exact(self._name_words(asked)):
            return [whole]
        return [self.find(piece) for piece in pieces]

    def names_several(self, asked: str) -> bool:
        """Whether several people are asked for, and not one whose name is not clear."""
        return bool(self._group(asked)) or len(self.find_all(asked)) > 1

    def named_in(self, text: str) -> list[str]:
        """The people whose full name or own surname stands in a text, in its order."""
        parts = words(text)
        found: dict[str, int] = {}
        for size in range(min(5, len(parts)), 0, -1):
            for at in range(len(parts) - size + 1):
                for person in self._exact(parts[at : at + size]):
                    found.setdefault(person, at)
        return sorted(found, key=lambda p: (found[p], p))

    def _name_words(self, asked: str) -> list[str]:
        table = language("en")
        parts = words(re.sub(r"['’]s\b", " ", asked))
        while parts and parts[0] in {"the", "a", "an"} | table.titles and len(parts) > 1:
            parts = parts[1:]
        return parts

    def _exactly(self, asked: str, parts: list[str]) -> set[str]:
        """People of just this name; nobody called "minister" is a certain minister."""
        found = self._exact(parts)
        whole = len(parts) == len([w for w in words(asked) if w not in asking("en").stop_words])
        return found & self._named or (found if whole else set())

    def _exact(self, parts: list[str]) -> set[str]:
        """People with just this name, or whose surname it is."""
        if not parts:
            return set()
        found = self._by_name.get(" ".join(parts), set())
        if len(parts) == 1:
            if stem(parts[0]) in _role_words():  # "the court" is not the Supreme Court
                return set(found)
            return found | {p for p in self._by_word.get(parts[0], ()) if words(p)[-1] == parts[0]}
        if found:
            return set(found)
        return {p for p in self._by_word.get(parts[-1], ()) if set(parts) <= self._words_of[p]}

    def _last(self, parts: list[str]) -> set[str]:
        """People whose name stands at the end ("the journalist Michel Ladi Luya").

        What stands before it has to be a role: "Rosalind Thorne" is not Liesel Thorne.
        """
        table = language("en")
        roles = table.role_nouns | table.titles | asking("en").stop_words
        for size in range(min(4, len(parts) - 1), 0, -1):
            before = set(parts[:-size])
            if "of" in before:  # "the president of Turkey" is not Turkey
                continue
            if found := self._exact(parts[-size:]) & self._named:
                return {p for p in found if before <= roles | self._words_beside(p)}
        return set()

    def _words_beside(self, person: str) -> set[str]:
        """The words of all phrases by which the corpus calls somebody."""
        return {w for p, phrase in self._phrases if p == person for w in words(phrase)}

    def _described(self, asked: str) -> set[str]:
        """People to whom the corpus gives all of these words as name and role."""
        wanted = role_stems(asked)
        if len(wanted) < 2 or not wanted & _role_words():
            return set()
        titled = {p for p, title in self._titles if wanted <= title}
        return titled & self._named or {
            p for p, phrase in self._roles if wanted <= phrase and p not in self._named
        }

    def _group(self, asked: str) -> set[str]:
        """Everybody of a kind: "Georgian ministers", "US officials"."""
        table = asking("en")
        parts = [w for w in words(asked) if w not in table.stop_words | {"us"}]
        roles = language("en").role_nouns | table.any_role
        role = parts[-1].removesuffix("s") if parts else ""
        if not parts or role == parts[-1] or role not in roles:
            return set()
        wanted = role_stems(asked)
        whose = wanted - {stem(role)}
        kinds = {stem(r) for r in roles} if role in table.any_role - {"minister"} else {stem(role)}
        return {
            p for p, phrase in self._roles if p in self._named and whose and whose <= phrase
            and kinds & phrase
        }  # fmt: skip

    def _of_country(self, asked: str) -> set[str]:
        """The only one with a role whom articles that name its country give no country.

        "President Erdoğan" in an article about Turkey is the president of Turkey.
        """
        table = asking("en")
        wanted, countries = role_stems(asked), {stem(c) for c in table.kin.values()}
        named, role = wanted & countries, wanted - countries
        if len(named) != 1 or not role or not role <= _role_words():
            return set()
        spellings = [word for word, country in table.kin.items() if stem(country) in named]
        found = self._catalog.sentences(sorted(set(words(" ".join(spellings)))), ROLE_SENTENCES)
        articles = {s.article_id for s in found}
        people = set()
        for person in {p for p, phrase in self._roles if p in self._named and role <= phrase}:
            phrases = [phrase for p, phrase in self._roles if p == person and role <= phrase]
            quotes = self._catalog.quotes(self._catalog.quote_ids(speakers=[person]))
            if not any(phrase & countries for phrase in phrases) and any(
                q.article_id in articles for q in quotes
            ):
                people.add(person)
        return people if len(people) == 1 else set()

    def _only_holder(self, asked: str) -> set[str]:
        """Everybody whom the corpus calls by a bare role ("the mayor"): one, or a choice."""
        wanted = role_stems(asked)
        if len(wanted) != 1 or not wanted <= _office_words():
            return set()
        found = {p for p, phrase in self._titles if p in self._named and wanted <= phrase}
        for sentence in self._catalog.sentences(sorted(wanted), ROLE_SENTENCES):
            text = sentence.span.slice(self._catalog.article(sentence.article_id).text)
            for name, beside in _named_beside(text):
                if wanted <= role_stems(" ".join(beside.split()[-3:])):
                    found |= self._exact(words(name)) & self._named
        return found if len(found) <= CHOICE else set()

    def holds(self, person: str, role: str) -> bool:
        """Whether the corpus calls a person by the words of a role."""
        wanted = role_stems(role)
        return bool(wanted) and any(p == person and wanted <= phrase for p, phrase in self._roles)

    def role_beside(self, role: str, owner: str) -> tuple[str, ...]:
        """Who holds a role in the articles that name its owner ("his spokesman")."""
        wanted = role_stems(role)
        articles = {s.article_id for s in self._catalog.phrase(words(owner)[-1:], ROLE_SENTENCES)}
        found: dict[str, int] = defaultdict(int)
        for sentence in self._catalog.sentences(words(role), ROLE_SENTENCES):
            if sentence.article_id not in articles or not wanted:
                continue
            whole = self._catalog.article(sentence.article_id).text
            for name, beside in _named_beside(sentence.span.slice(whole)):
                if wanted <= role_stems(" ".join(beside.split()[-3:])):
                    for person in self._exact(words(name)) & self._named - {owner}:
                        found[person] += whole.count(owner.split()[-1])
        most = max(found.values(), default=0)
        best = [person for person, count in found.items() if count == most]
        return tuple(best) if len(best) == 1 else ()

    def is_named(self, person: str) -> bool:
        """Whether somebody goes by a name, and not by a description alone."""
        return person in self._named

    def _holders(self, asked: str) -> set[str]:
        """Who holds a role according to any sentence of the corpus, quoted there or not.

        Gives the person whose name stands next to the words of the role, as the corpus
        spells it; somebody nobody quotes keeps the name of that sentence.
        """
        wanted = role_stems(asked)
        if len(wanted) < 2 or not wanted & _role_words():
            return set()
        found: dict[str, int] = defaultdict(int)
        lookup = [w for w in words(asked) if w not in asking("en").stop_words]
        for sentence in self._catalog.sentences(sorted({*lookup, *wanted}), ROLE_SENTENCES):
            text = sentence.span.slice(self._catalog.article(sentence.article_id).text)
            for name, beside in _named_beside(text):
                if wanted <= role_stems(beside):
                    for person in self._exact(words(name)) or self._nearly(words(name)) or {name}:
                        found[person] += 1
        most = max(found.values(), default=0)
        return {name for name, count in found.items() if count == most}

    def _nearly(self, parts: list[str]) -> set[str]:
        if all(stem(part) in _role_words() for part in parts):
            return set()
        scored: dict[str, float] = {}
        for person, names in self._words_of.items():
            ratios = [max(JaroWinkler.similarity(part, n) for n in names) for part in parts]
            if not ratios or min(map(len, parts)) < 3:
                continue
            floor = NEARLY_WITH_FIRST_NAME if max(ratios) == 1 else NEARLY
            if min(ratios) >= floor and _first_letters_agree(parts, names):
                scored[person] = sum(ratios) / len(ratios)
        best = max(scored.values(), default=0)
        return {person for person, score in scored.items() if score == best}

    def _mentioned(self, parts: Iterable[str]) -> bool:
        return bool(self._catalog.phrase(list(parts), limit=1))


def akin(a: str, b: str) -> bool:
    """Equal stems, or a country and its adjective ("georgia", "georgian")."""
    if a == b:
        return True
    shared = sum(
        1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False))
    )
    return shared >= 5 and shared >= min(len(a), len(b)) - 1


@functools.cache
def _office_words() -> frozenset[str]:
    """Stems of the words that describe who a person is."""
    asks = asking("en")
    found = language("en").role_nouns | asks.any_role | asks.relatives
    return frozenset(stem(asks.same_role.get(w, w).split()[-1]) for w in found)


@functools.cache
def _role_words() -> frozenset[str]:
    """The same, and those for what a body is ("ministry", "court")."""
    return _office_words() | {stem(word) for word in language("en").organisation_nouns}


def _title(phrase: str, person: str) -> str:
    """The name in a phrase with the words right before it, or behind it in apposition.

    A relative clause is no title: "who is no relation of the prime minister".
    """
    last = words(person)[-1] if words(person) else ""
    before, _, after = phrase.rpartition(last) if last else ("", "", "")
    near = " ".join(before.rpartition(",")[2].split()[-6:])
    behind = itertools.takewhile(lambda w: w not in _clause_words(), words(after[:80]))
    return f"{near} {last} {' '.join(behind)}"


@functools.cache
def _clause_words() -> frozenset[str]:
    """Words with which a phrase stops being a title and begins to tell something."""
    return frozenset({"who", "which", "that", "whose", "was", "is", "has", "had"}) | frozenset(
        reporting_forms("en")
    )


def _last_sentence(phrase: str) -> str:
    """A phrase without what stands before a full stop in it: that is about somebody else."""
    return re.split(r"(?<=[^\W\d_]{5})\. ", phrase)[-1]


def _named_beside(text: str) -> Iterator[tuple[str, str]]:
    """Each name of a sentence, with what stands right before it or in apposition to it."""
    for match in re.finditer(_NAME, text):
        before = re.search(r"(?:[\w’'.-]+[ ]){1,7}$", text[: match.start()])
        apart = re.search(r"(?:[\w’'.-]+[ ]){1,7}[\w’'-]+,[ ]$", text[: match.start()])
        if apart and text[match.end() : match.end() + 1] == ",":
            yield match[0], apart[0]  # "An attorney for Holm, Mara Quill, said"
        if before:
            yield match[0], before[0]
        own = match[0].split()
        for cut in range(1, len(own)):  # "Prime Minister Likulia Bolongo" is one run of capitals
            yield " ".join(own[cut:]), f"{before[0] if before else ''}{' '.join(own[:cut])}"
        after = re.match(r",[ ]([^,.;:\"“”]{3,80})(?:[,.]|$)", text[match.end() :])
        if after:
            title = itertools.takewhile(lambda w: w not in _clause_words(), words(after[1]))
            yield match[0], " ".join(title)


def _first_letters_agree(parts: list[str], names: set[str]) -> bool:
    initials = {name[0] for name in names}
    return all(part[0] in initials for part in parts)
