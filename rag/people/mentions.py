"""Where a question mentions people: by name, by a slip of the pen, by what they are, by pronoun."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from index.lang import language
from index.lang.lexicon import is_in_lexicon
from index.text.folding import fold, stem, words
from rag.lang import asking, reporting_forms
from rag.people.directory import Directory
from rag.people.stems import role_stems, role_words

Sort = Literal["name", "described", "role", "unknown", "pronoun", "anybody"]
"""By which words a question mentions somebody.

name        a name of the corpus
described   a role phrase that the corpus uses for somebody ("the mayor of Velland")
role        a role phrase that fits nobody of the corpus ("the detective")
unknown     a name that nobody of the corpus has
pronoun     "he", "they"
anybody     a word for whoever it may be ("anyone")
"""

LONGEST_NAME = 6
"""Words of the longest name that is looked for."""

LONGEST_DESCRIPTION = 5
"""Words that a description has before its noun, and behind it, at most."""

_TOKEN = re.compile(r"\w+(?:[-'’.&]\w+)*")
_OWNER = re.compile(r"['’]s$")
_PERSONAL = frozenset("he she they him them".split())
_FORWARD = frozenset("of for".split())
_PLACED = frozenset("at from in".split())
_DETERMINERS = frozenset("the a an this that these those his her its their our my".split())


@dataclass(frozen=True, slots=True)
class QuestionMention:
    """A mention of somebody in a question: its offsets, its words, and its sort (see `Sort`)."""

    start: int
    end: int
    text: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    folded: str
    owner: bool
    """Whether "'s" follows, which is no part of the word."""
    parts: tuple[str, ...]
    """Its folded words, as names are looked up: "Kilroy-Silk" is two."""


def mentions(asked: str, directory: Directory, *, follows: bool) -> list[QuestionMention]:
    """Return the people whom a question mentions, in its order; none of them overlap.

    ``follows`` tells whether there is an earlier question that a pronoun can point to.
    """
    return _Finder(asked, directory, follows=follows).found()


_PLURAL_OR_OWNER = re.compile(r"(?<![\w’'-])([^\W\d_][\w’'-]+\w)s(?=\s+[^\W\d_])")


def with_apostrophes(asked: str, directory: Directory) -> str:
    """Return a question with the apostrophe that a name lacks before "s" ("erdogans reply").

    Words of the language and names that end in "s" are left as they are typed ("tides").
    """

    def owner(match: re.Match[str]) -> str:
        if not directory.is_called(words(match[1])) or directory.is_called(words(match[0])):
            return match[0]
        return match[0] if is_in_lexicon(fold(match[0])) else f"{match[1]}'s"

    return _PLURAL_OR_OWNER.sub(owner, asked)


class _Finder:
    """Looks through the words of one question; surer kinds of mention come first."""

    def __init__(self, asked: str, directory: Directory, *, follows: bool) -> None:
        self._asked = asked
        self._directory = directory
        self._follows = follows
        self._words = [_word(match) for match in _TOKEN.finditer(asked)]
        self._uses_capitals = any(w.text[:1].isupper() for w in self._words[1:])
        self._sorts: dict[tuple[int, int], Sort] = {}
        self._taken: dict[int, tuple[int, int]] = {}

    def found(self) -> list[QuestionMention]:
        for first, beyond, sort in itertools.chain(
            self._names(range(LONGEST_NAME, 1, -1)),
            self._descriptions(),
            self._nearly_names((3, 2)),
            self._names((1,)),
            self._nearly_names((1,)),
            self._bare_descriptions(),
            self._strangers(),
            self._pronouns(),
        ):
            self._take(first, beyond, sort)
        return [
            QuestionMention(start, end, self._asked[start:end], sort)
            for (first, beyond), sort in sorted(self._sorts.items())
            for start, end in [(self._words[first].start, self._words[beyond - 1].end)]
        ]

    def _take(self, first: int, beyond: int, sort: Sort) -> None:
        """Note a mention in place of those that lie within it."""
        for at in range(first, beyond):
            self._sorts.pop(self._taken.get(at, (-1, -1)), None)
            self._taken[at] = (first, beyond)
        self._sorts[first, beyond] = sort

    def _free(self, first: int, beyond: int) -> bool:
        return beyond <= len(self._words) and not any(
            n in self._taken for n in range(first, beyond)
        )

    def _text(self, first: int, beyond: int) -> str:
        return self._asked[self._words[first].start : self._words[beyond - 1].end]

    def _free_runs(self, sizes: Iterable[int]) -> Iterator[tuple[int, int, list[_Word]]]:
        """Yield every run of so many words that no mention has taken: its bounds and its words.

        An owner ("Reed's") only ends a run.
        """
        for size in sizes:
            for first in range(len(self._words) - size + 1):
                run = self._words[first : first + size]
                if self._free(first, first + size) and not any(w.owner for w in run[:-1]):
                    yield first, first + size, run

    def _names(self, sizes: Iterable[int]) -> Iterator[tuple[int, int, Sort]]:
        """Yield the runs of words that are the name of somebody, with the titles before them."""
        for first, beyond, run in self._free_runs(sizes):
            if "," in self._asked[run[0].start : run[-1].end]:
                continue
            if len(run) == 1 and not self._can_be_name(first):
                continue
            if first and self._words[first - 1].owner and self._is_noun(beyond - 1):
                continue  # "Syria's foreign ministry"
            if self._is_modifier(first, beyond):
                continue
            if self._directory.is_called(_folded_parts(run)):
                while beyond < len(self._words) and self._words[beyond].text.isdigit():
                    beyond += 1  # "BBC News 24"
                yield self._titled(first), beyond, "name"

    def _can_be_name(self, at: int) -> bool:
        """Return whether a single word may be a name: it is no word of asking, and not written
        small where names have capitals."""
        word = self._words[at]
        if self._has_a_first_name(at):
            return False
        capital = word.text[:1].isupper() and (at > 0 or not self._is_small(word))
        common = self._is_small(word) or stem(word.folded) in role_words()
        if common:
            return capital and self._uses_capitals and at > 0
        return capital or not self._directory.is_common_word(word.folded)

    def _has_a_first_name(self, at: int) -> bool:
        """Return whether a capitalised word beside this one belongs to its name: "Rosalind Thorne"
        is not any Thorne."""
        word = self._words[at]
        if not (self._uses_capitals and word.text[:1].isupper()):
            return False
        beside = [
            (n, m) for n, m in ((at - 1, at), (at, at + 1)) if n >= 0 and m < len(self._words)
        ]
        for left, right in beside:
            other = self._words[left if right == at else right]
            gap = self._asked[self._words[left].end : self._words[right].start]
            title = right == at and (self._leads(other) or left == 0)
            if gap == " " and other.text[:1].isupper() and not (self._is_small(other) or title):
                return True
        return False

    def _leads(self, word: _Word) -> bool:
        """Return whether a word is a title, or part of one."""
        table = language()
        titles = table.titles | table.role_nouns | table.naming.title_qualifiers
        return word.folded in titles or word.folded in asking().kin

    def _is_modifier(self, first: int, beyond: int) -> bool:
        """Return whether a name only qualifies the next word ("Tulsa police chief"), or the person
        who is asked for ("which Israeli")."""
        before = self._words[first - 1].folded if first else ""
        if before in ("which", "what") and self._words[first].folded in asking().kin:
            return True
        if beyond == len(self._words) or self._words[beyond - 1].owner:
            return False
        after = self._words[beyond]
        if before in _DETERMINERS and stem(after.folded) in _nouns():
            return True
        if self._asked[self._words[beyond - 1].end : after.start] != " " or self._is_small(after):
            return False
        if after.folded in language().conversation_verbs:  # "when did Reed and Falk meet"
            return False
        known = self._directory.is_called(_folded_parts(self._words[first:beyond]))
        acting = first and before in asking().auxiliaries  # "does Turkey use"
        country = self._words[beyond - 1].folded in asking().kin and not acting
        return country or self._is_noun(beyond) or not (known or acting)

    def _stops(self, word: _Word) -> bool:
        """Return whether a word is in no description; "US" is not "us"."""
        asks = asking()
        small = word.folded in asks.stop_words or word.folded in asks.asker_words
        return small and not (len(word.text) > 1 and word.text.isupper())

    def _is_small(self, word: _Word) -> bool:
        """Return whether a word is one of those that questions are made of."""
        asks = asking()
        return (
            self._stops(word)
            or word.folded in asks.months
            or word.folded in asks.speech_words
            or word.folded in asks.numbers
            or word.folded in reporting_forms()
        )

    def _titled(self, first: int) -> int:
        """Return where the titles and the article before a name begin."""
        while first and self._free(first - 1, first):
            before = self._words[first - 1]
            if "," in self._asked[before.end : self._words[first].start]:
                break
            if before.folded in _DETERMINERS - {"his", "her", "its", "their", "our", "my"}:
                return first - 1
            if before.owner or not self._leads(before) or self._stops(before):
                break
            first -= 1
        if first and self._words[first - 1].owner:  # "Turkcell's Ruhi Dogusoy"
            return self._taken.get(first - 1, (first - 1, first))[0]
        return first

    def _descriptions(self) -> Iterator[tuple[int, int, Sort]]:
        """Yield the nouns for what somebody is with an article or an owner: "the club's boss"."""
        for first, at in self._described():
            lead = self._words[first]
            nation = lead.folded in asking().kin and first < at
            if lead.folded in _DETERMINERS or lead.owner or nation:
                found = self._resolved(first, at)
                proper = self._uses_capitals and self._words[at].text[:1].isupper()
                sort: Sort = "described" if found else "unknown" if proper else "role"
                yield first, found or at + 1, sort

    def _bare_descriptions(self) -> Iterator[tuple[int, int, Sort]]:
        """Yield descriptions without article or owner, if somebody fits them: "ferry boss"."""
        for first, at in self._described():
            if found := self._resolved(first, at):
                yield first, found, "described"

    def _described(self) -> Iterator[tuple[int, int]]:
        """Yield where each description begins, and its noun, the last description first; a title
        before a name is left out."""
        for at in range(len(self._words) - 1, -1, -1):
            if at in self._taken or not self._is_noun(at) or self._is_title(at):
                continue
            first = self._description_start(at)
            if first is not None:
                yield first, at

    def _is_noun(self, at: int) -> bool:
        """Return whether a word tells what somebody is, also by another word for it ("premier")."""
        word = self._words[at]
        if word.folded in reporting_forms() and not word.owner:
            return False
        return bool(({stem(word.folded.rpartition("-")[2])} | role_stems(word.text)) & _nouns())

    def _is_title(self, at: int) -> bool:
        """Return whether a name or another noun follows that this one only leads up to."""
        if at + 1 == len(self._words):
            return False
        word, after = self._words[at], self._words[at + 1]
        if self._asked[word.end : after.start] != (" " if not word.owner else "'s "):
            return False
        if word.owner:
            return self._is_noun(at + 1)
        name = after.text[:1].isupper() or self._directory.is_called(_folded_parts([after]))
        return (name and not self._is_small(after)) or self._is_noun(at + 1)

    def _resolved(self, first: int, at: int) -> int:
        """Return where the longest description ends that fits somebody of the corpus; 0 if none
        does."""
        ends = [*self._description_ends(at)]
        if len(ends) > 1 and self._words[at + 1].folded == "of":
            ends.pop()  # "the chairman of the committee" is no other chairman
        return next((e for e in ends if self._is_known(self._text(first, e))), 0)

    def _is_known(self, described: str) -> bool:
        """Return whether it is clear who a description is; "the girl" may be any girl."""
        own = [w for w in words(described) if w not in _DETERMINERS]
        vague = asking().person_nouns | asking().relatives
        if own and own[-1] in vague:
            return len(own) > 1 and self._directory.find(described).certain
        return all(found.sure for found in self._directory.find_all(described))

    def _description_start(self, at: int) -> int | None:
        """Return where a description begins that ends with this noun; None if it is none."""
        first = at
        while first and at - first < LONGEST_DESCRIPTION:
            before = self._words[first - 1]
            gap = self._asked[before.end : self._words[first].start]
            if "," in gap or ":" in gap:
                break
            if before.folded in _DETERMINERS:
                small = [n for n in range(first + 1, at) if self._is_small(self._words[n])]
                return small[-1] + 1 if small else first - 1
            if self._stops(before):
                break
            if first - 1 in self._taken and not before.owner:
                break
            first -= 1
            if before.owner:
                if first in self._taken:
                    return self._taken[first][0]
                whole = self._description_start(first)
                return first if whole is None else whole
        small = [n for n in range(first, at) if self._is_small(self._words[n])]
        first = small[-1] + 1 if small else first
        asked = first and self._words[first - 1].folded in ("which", "what", "many")
        return None if asked else first

    def _description_ends(self, at: int) -> Iterator[int]:
        """Yield where a description may end, the farthest first ("the head of Glasswing")."""
        beyond, ends = at + 1, list[int]()
        lead = self._words[beyond].folded if beyond < len(self._words) else ""
        last = min(beyond + LONGEST_DESCRIPTION, len(self._words))
        if lead in _FORWARD and not self._words[at].owner:
            for end in range(beyond + 1, last):
                word = self._words[end]
                if word.folded in _DETERMINERS:
                    continue
                if self._stops(word) or (ends and self._is_small(word)):
                    break
                ends.append(end + 1)
        elif lead in _PLACED and beyond + 1 < last and self._words[beyond + 1].text[:1].isupper():
            ends.append(beyond + 2)
        yield from reversed(ends)
        yield beyond

    def _nearly_names(self, sizes: Iterable[int]) -> Iterator[tuple[int, int, Sort]]:
        """Yield the names that are spelt nearly right: one of their words stands nowhere in the
        corpus."""
        for first, beyond, run in self._free_runs(sizes):
            if any(self._is_small(w) for w in run) or len(run[0].folded) < 3:
                continue
            determined = first and self._words[first - 1].folded in _DETERMINERS
            small = len(run) == 1 and run[0].text.islower()
            if small and determined:
                continue  # "the sole" is nobody called Sole
            strange = [w for w in run if not self._directory.is_word(w.folded)]
            longest = max((len(w.folded) for w in strange), default=0)
            if longest < (3 if len(run) > 1 else 4):
                continue
            if small and is_in_lexicon(run[0].folded):
                continue  # who "quit" is no Quint
            if self._directory.is_nearly_called(_folded_parts(run)):
                yield self._titled(first), beyond, "name"

    def _strangers(self) -> Iterator[tuple[int, int, Sort]]:
        """Yield names of nobody in the corpus: runs of capitals, and strange words that speak."""
        at = 0
        while at < len(self._words):
            beyond = at
            while beyond < len(self._words) and self._is_strange(beyond, beyond == at):
                beyond += 1
            nouns = all(self._is_noun(n) for n in range(at, beyond))
            if beyond > at and not nouns and not self._is_modifier(at, beyond):
                yield self._titled(at), beyond, "unknown"
            at = max(beyond, at + 1)

    def _is_strange(self, at: int, begins: bool) -> bool:
        word = self._words[at]
        asks = asking()
        if at in self._taken or word.folded in asks.stop_words or word.folded in asks.months:
            return False
        if word.folded in asks.kin or (at and self._words[at - 1].folded == "which"):
            return False
        if word.text[:1].isupper() and (at > 0 and self._uses_capitals):
            return not (begins and self._is_small(word)) or self._words[at - 1].text[:1].isupper()
        if (
            self._is_small(word)
            or (self._uses_capitals and at > 0)
            or any(c.isdigit() for c in word.text)
        ):
            return False
        if at == 0:  # "Biden on Ukraine"
            follows = self._words[1].folded if len(self._words) > 1 else ""
            return word.text[:1].isupper() and follows in {"on", "about", "said", "says"}
        speaks = begins and self._words[at - 1].folded in asks.auxiliaries
        rest = self._words[at + 1 : at + 3]
        verb = any(w.folded in reporting_forms() for w in rest)
        several = (
            word.folded.endswith("s") and begins and not (rest and not self._is_small(rest[0]))
        )
        proper = not several and not self._directory.is_common_word(word.folded)
        return proper and ((speaks and verb) or (not begins and at - 1 not in self._taken))

    def _pronouns(self) -> Iterator[tuple[int, int, Sort]]:
        """Yield the words that point to somebody, or to anybody; "her" before a noun and "it" do
        not."""
        asks = asking()
        for at, word in enumerate(self._words):
            if at in self._taken:
                continue
            after = self._words[at + 1].folded if at + 1 < len(self._words) else ""
            before = self._words[at - 1].folded if at else ""
            alone = word.folded == "her" and (not after or after in asks.stop_words)
            speaks = before in asks.auxiliaries and after in reporting_forms()
            if word.folded in asks.anybody - {"all", "who", "people"}:
                yield at, at + 1, "anybody"
            elif word.folded in _PERSONAL or (
                self._follows and (alone or (word.folded == "it" and speaks))
            ):
                yield at, at + 1, "pronoun"


@functools.cache
def _nouns() -> frozenset[str]:
    """Return the stems of the nouns for what somebody is."""
    asks = asking()
    people = asks.person_nouns | asks.same_role.keys() | language().naming.occupations
    return role_words() | {stem(noun) for noun in people}


def _folded_parts(run: Iterable[_Word]) -> list[str]:
    """Return the folded words of a run of words."""
    return [part for word in run for part in word.parts]


def _word(match: re.Match[str]) -> _Word:
    text = _OWNER.sub("", match[0])
    owner = text != match[0]
    beyond = match.start() + len(text)
    return _Word(match.start(), beyond, text, fold(text), owner, tuple(words(text)))
