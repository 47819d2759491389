"""Who holds a role: "the Lebanese prime minister", "Georgian ministers", "his spokesman"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from index.lang import language
from index.search.catalog import Catalog
from index.text.folding import stem, words
from rag.lang import asking
from rag.people.apposition import last_sentence, named_beside, title_in, titles_of
from rag.people.spellings import Spellings
from rag.people.stems import office_words, role_spellings, role_stems, role_words, surname

CHOICE = 4
"""People between whom a question about "the mayor" may leave the choice."""

BESIDE, NEAR, AROUND = 1.0, 0.5, 0.4
"""What a word of a description counts that stands beside a name, elsewhere in its sentence,
or elsewhere in its article."""

DESCRIBED = 0.6
"""Share of a description that has to be found so that a name is who is meant."""

_OTHERWISE = frozenset(map(stem, "shadow former deputy vice acting".split()))
"""Words that make another role of a role."""

ROLE_SENTENCES = 40
"""Sentences of the corpus that are looked through for who holds a role."""


_PROPER = re.compile(r"\b[^\W\d_a-z]\w+")


class Roles:
    """The roles that the phrases and sentences of a catalog give to its people."""

    def __init__(self, catalog: Catalog, spellings: Spellings) -> None:
        self._catalog = catalog
        self._spelt = spellings
        self._named = spellings.named

    def _called(self, words: Iterable[frozenset[str]]) -> Iterator[tuple[str, str]]:
        """Yield the people and the phrases with a word of every group, cut to the last sentence."""
        for person, phrase in self._catalog.described([*words]):
            yield person, last_sentence(phrase)

    def described(self, asked: str) -> set[str]:
        """Return the people to whom the corpus gives all of these words as name and role."""
        wanted = role_stems(asked)
        if len(wanted) < 2 or not wanted & role_words():
            return set()
        called = list(self._called(role_spellings(asked).values()))
        titles = [(p, role_stems(title_in(phrase, p))) for p, phrase in called]
        titled = {p for p, title in titles if wanted <= title}
        held = {p for p, title in titles if wanted <= title and not _OTHERWISE & title - wanted}
        return (
            _known(held & self._named)
            or _known(titled & self._named)
            or {p for p, phrase in called if p not in self._named and wanted <= role_stems(phrase)}
        )

    def group(self, asked: str) -> set[str]:
        """Return everybody of a kind: "Georgian ministers", "US officials"."""
        table = asking()
        parts = [w for w in words(asked) if w not in table.stop_words | {"us"}]
        roles = language().role_nouns | table.any_role
        role = parts[-1].removesuffix("s") if parts else ""
        if not parts or role == parts[-1] or role not in roles:
            return set()
        spelt = role_spellings(asked)
        whose = spelt.keys() - {stem(role)}
        if not whose:
            return set()
        kinds = roles if role in table.any_role - {"minister"} else {role}
        stems = {stem(kind) for kind in kinds}
        spellings = (s for kind in kinds for s in role_spellings(kind).values())
        called = self._called([*(spelt[s] for s in whose), frozenset().union(*spellings)])
        return {
            p for p, phrase in called if p in self._named and whose <= role_stems(phrase)
            and stems & role_stems(phrase)
        }  # fmt: skip

    def holders(self, asked: str) -> set[str]:
        """Return who holds a role according to any sentence of the corpus, quoted there or not.

        Gives the person whose name stands next to the words of the role, as the corpus
        spells it; somebody nobody quotes keeps the name of that sentence.
        """
        wanted = role_stems(asked)
        if len(wanted) < 2 or not wanted & role_words():
            return set()
        found: dict[str, int] = defaultdict(int)
        lookup = [w for w in words(asked) if w not in asking().stop_words]
        for sentence in self._catalog.sentences(sorted({*lookup, *wanted}), ROLE_SENTENCES):
            text = sentence.span.slice(self._catalog.article_at(sentence.article).text)
            for name, beside in titles_of(text):
                if wanted <= role_stems(beside):
                    for person in (
                        self._spelt.exact(words(name)) or self._spelt.nearly(words(name)) or {name}
                    ):
                        found[person] += 1
        most = max(found.values(), default=0)
        best = {name for name, count in found.items() if count == most}
        return {n for n in best if not any(set(words(n)) < set(words(other)) for other in best)}

    def of_country(self, asked: str) -> set[str]:
        """Return the only one with a role whom articles that name its country give no country.

        "President Erdoğan" in an article about Turkey is the president of Turkey: such an article
        names no other country before it.
        """
        table = asking()
        wanted, countries = role_stems(asked), {stem(c) for c in table.kin.values()}
        named, role = wanted & countries, wanted - countries
        if len(named) != 1 or not role or not role <= role_words():
            return set()
        spellings = [word for word, country in table.kin.items() if stem(country) in named]
        found = self._catalog.sentences(sorted(set(words(" ".join(spellings)))), ROLE_SENTENCES)
        articles = {s.article for s in found if self._first_country(s.article) in named}
        spelt = role_spellings(asked)
        called: dict[str, list[frozenset[str]]] = {}
        for person, phrase in self._called(spelt[s] for s in role):
            if person in self._named and role <= (stems := role_stems(phrase)):
                called.setdefault(person, []).append(stems)
        elsewhere = {p for p, phrases in called.items() if any(s & countries for s in phrases)}
        people = self._catalog.speakers_in(articles) & (called.keys() - elsewhere)
        return people if len(people) == 1 else set()

    def _first_country(self, number: int) -> str:
        """Return the stem of the country that an article names first; "" if it names none."""
        article = self._catalog.article_at(number)
        kin = asking().kin
        named = (kin[w] for w in words(f"{article.title} {article.text}") if w in kin)
        return stem(next(named, ""))

    def by_scattered_words(self, asked: str) -> set[str]:
        """Return who fits a description best whose words stand apart: "the Tulsa officer" is
        "police officer Ida Falk" in an article about Tulsa.

        The role itself has to stand beside the name, and what only stands elsewhere in the
        article has to be a name there; a tie leaves up to CHOICE people.
        """
        wanted = role_stems(asked)
        roles = wanted & office_words()
        if len(wanted) < 2 or not roles:
            return set()
        lookup = [w for w in words(asked) if w not in asking().stop_words]
        nations = {stem(country) for country in asking().kin.values()}
        fit: dict[str, float] = defaultdict(float)
        for sentence in self._catalog.sentences(sorted({*lookup, *wanted}), ROLE_SENTENCES):
            article = self._catalog.article_at(sentence.article)
            text = sentence.span.slice(article.text)
            here = role_stems(text)
            around = role_stems(" ".join(_PROPER.findall(f"{article.title} {article.text}")))
            for name, phrase in titles_of(text):
                beside = role_stems(phrase)
                if not roles <= beside or not wanted & nations <= beside:
                    continue
                found = (wanted & beside, wanted & here - beside, wanted & around - here - beside)
                worth = sum(w * len(f) for w, f in zip((BESIDE, NEAR, AROUND), found, strict=True))
                for person in self._spelt.exact(words(name)) & self._named:
                    fit[person] = max(fit[person], worth / len(wanted))
        best = max(fit.values(), default=0.0)
        people = {person for person, share in fit.items() if share == best}
        return people if best >= DESCRIBED and len(people) <= CHOICE else set()

    def only_holder(self, asked: str) -> set[str]:
        """Return everybody whom the corpus calls by a bare role ("the mayor"): one, or a choice."""
        wanted = role_stems(asked)
        if len(wanted) != 1 or not wanted <= office_words() or asked.casefold().endswith("s"):
            return set()
        found = set[str]()
        for person, phrase in self._called(role_spellings(asked).values()):
            if person in self._named and wanted <= role_stems(title_in(phrase, person)):
                found.add(person)
                if len(found) > CHOICE:
                    return set()
        for sentence in self._catalog.sentences(sorted(wanted), ROLE_SENTENCES):
            text = sentence.span.slice(self._catalog.article_at(sentence.article).text)
            for name, beside in named_beside(text):
                if wanted <= role_stems(" ".join(beside.split()[-3:])):
                    found |= self._spelt.exact(words(name)) & self._named
        return found if len(found) <= CHOICE else set()

    def holds(self, person: str, role: str) -> bool:
        """Return whether the corpus calls a person by the words of a role."""
        wanted = role_stems(role)
        return bool(wanted) and any(wanted <= role_stems(p) for p in self._phrases(person))

    def role_beside(self, role: str, owner: str) -> tuple[str, ...]:
        """Return who holds a role in the articles that name its owner ("his spokesman")."""
        wanted = role_stems(role)
        articles = {s.article for s in self._catalog.sentences(words(owner)[-1:], ROLE_SENTENCES)}
        found: dict[str, int] = defaultdict(int)
        for sentence in self._catalog.sentences(words(role), ROLE_SENTENCES):
            if sentence.article not in articles or not wanted:
                continue
            whole = self._catalog.article_at(sentence.article).text
            for name, beside in named_beside(sentence.span.slice(whole)):
                if wanted <= role_stems(" ".join(beside.split()[-3:])):
                    for person in self._spelt.exact(words(name)) & self._named - {owner}:
                        found[person] += whole.count(owner.split()[-1])
        most = max(found.values(), default=0)
        best = [person for person, count in found.items() if count == most]
        return tuple(best) if len(best) == 1 else ()

    def words_beside(self, person: str) -> set[str]:
        """Return the words of all phrases by which the corpus calls somebody."""
        return {w for phrase in self._phrases(person) for w in words(phrase)}

    def _phrases(self, person: str) -> list[str]:
        return [last_sentence(phrase) for phrase in self._catalog.descriptions(person)]


def _known(people: set[str]) -> set[str]:
    """Return the people without the bodies among them, if there are people at all.

    A letter of the ministry to the secretary-general does not make the ministry a
    secretary-general.
    """
    bodies = {p for p in people if surname(p) in language().organisation_nouns}
    return people - bodies or people
