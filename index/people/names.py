"""Names without titles, and which names of a corpus are one person's or one body's.

Across a corpus names are merged only when nothing else could be meant: a wrong merge puts
words into another person's mouth, a missed one only splits a list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from index.lang import Language, language
from index.people.given_names import gender_of
from index.text.confusables import scripts
from index.text.folding import fold

ROMAN = frozenset(("jr", "sr", "jr.", "sr.", "ii", "iii", "iv"))
_INVERTED = re.compile(r"^(the )?(\w+) of (?:the )?(\w+)$")
_EXPANDED = re.compile(r"^(.+) \(([A-Z]{2,6})\)$")
_ACRONYM = re.compile(r"[A-Z]{2,6}")


def without_titles(name: str, table: Language | None = None) -> str:
    """A person's name without titles, articles and possessives in front of it.

    A title that is the whole name stays ("the Speaker" gives "Speaker"), and so does what
    is a title's only beside one ("Prime Minister", but "Prime Cuts").
    """
    table = table or language()
    words = name.replace("’s ", "'s ").split()
    plain = [fold(w).strip(".,") for w in words]
    # "Kestrian President Marek Odell": what leads up to a title goes with it.
    offices = table.titles - table.naming.title_qualifiers
    for at in range(len(words) - 3, 0, -1):
        held = plain[at] in offices or (
            _is_office(plain[at], table) and bool(gender_of(plain[at + 1]))
        )
        if held and all(_is_name_like(w) for w in words):
            del words[: at + 1], plain[: at + 1]
            break
    led = False  # a title stood before what is left ("Chief Engineer Lund")
    while len(words) > 1 and any(c.isalpha() for c in "".join(words[1:])):
        office = plain[0] in offices and not _is_given(words[0], words[1:], table)
        if (
            plain[0] in ("the", "a", "an", "then", "now", "former", "ex")
            or plain[0].endswith("'s")
            or office
            or (plain[0] in table.naming.title_qualifiers and _is_led_up_to(plain, table))
            or (plain[0] in table.naming.occupations and (led or len(words) > 2))
        ):
            led = led or plain[0] in table.titles
            del words[0], plain[0]
        else:
            break
    return " ".join(words).strip(" ,")


def is_title(word: str, table: Language) -> bool:
    """Whether a word is one of the titles that stand before a name ("Dr.", "Senator")."""
    return fold(word).strip(".") in table.titles


def begins_name(word: str, table: Language) -> bool:
    """Whether a person's name may begin with a word: a given name that is known, or a title."""
    return bool(gender_of(word)) or is_title(word, table)


def _is_office(word: str, table: Language) -> bool:
    """Whether a word is a title of any kind, also a joined one ("secretary-treasurer")."""
    known = table.titles | table.naming.occupations | table.role_nouns
    return all(part in known for part in word.split("-"))


def _is_name_like(word: str) -> bool:
    """Whether a word has a capital, be it behind a particle ("al-Assad", "d'Estaing")."""
    return any(part[:1].isupper() for part in re.split(r"[-'’]", word))


def _is_led_up_to(plain: Sequence[str], table: Language) -> bool:
    """Whether a qualifier goes on to a title, or to a name in full ("Republican Ida Falk")."""
    for at, word in enumerate(plain):
        if word not in table.naming.title_qualifiers:
            named = len(plain) - at > 1 and bool(gender_of(word))
            return word in table.titles or named
    return False


def _is_given(word: str, rest: Sequence[str], table: Language) -> bool:
    """Whether a word that is also a title is the given name here ("Major Owens", "Earl")."""
    return fold(word) in table.given_names and len(rest) == 1


def is_name(phrase: str) -> bool:
    """Whether a phrase is a name ("Reed", "Syria's foreign ministry"), and not a description
    that may have a name in it ("letter by Reed", "One reader", "Norland's attack on Reed").

    Every word has a capital, small ones that join names aside; at the end up to two words
    may lack it if they say what body it is.
    """
    table = language()
    parts = [w for w in phrase.split() if w.casefold() not in _JOINING]
    at = next((n for n, w in enumerate(parts) if w.islower()), len(parts))
    tail = parts[at:]
    body = table.organisation_nouns | table.outlet_nouns | _body_words()
    return (
        at > 0
        and "," not in re.sub(r",(?= [JS]r\b)", "", phrase)
        and len(tail) <= 2
        and all(w.islower() for w in tail)
        and (not tail or tail[-1] in body)
    )


_JOINING = frozenset(
    "of the and for in on at de la van von der den di da du bin ibn al el ul jr. sr.".split()
)


def is_body(name: str, table: Language) -> bool:
    """Whether a name's last word says that it is a body's ("Norland Airways")."""
    words = fold(name).split()
    last = words[-1] if words else ""
    return last in table.organisation_nouns or (
        last in _body_words() and len(words) > 1 and words[0] not in table.given_names
    )


def is_general(name: str, table: Language) -> bool:
    """Whether every country has a body of that name ("Foreign Ministry")."""
    words = bare_key(name).split()
    general = table.organisation_nouns | table.naming.title_qualifiers | table.naming.general_words
    return len(words) < 3 and general.issuperset(words)


@cache
def _body_words() -> frozenset[str]:
    return frozenset().union(*language().naming.bodies.values())


def bare_key(name: str) -> str:
    """A name folded for look-up: hyphens, full stops and the order of a ministry's name
    ("Ministry of Defence" is "Defence Ministry") make no difference."""
    folded = fold(re.sub(r"['’]s$", "", name)).replace("-", " ").replace(".", " ")
    return _plain_order(" ".join(folded.split()))


def _plain_order(folded: str) -> str:
    found = _INVERTED.match(folded)
    if found is None or found[2] not in language().naming.inverted_bodies:
        return folded
    return f"{found[3]} {found[2]}"


def same_person(a: str, b: str) -> bool:
    """Whether two names certainly denote one person, or one body.

    Both names must have equal words, apart from spelling, titles, middle names and initials.  A
    surname alone is never certain.
    """
    if not a.strip() or not b.strip() or scripts(a) != scripts(b) or len(scripts(a)) > 1:
        return False
    if _clash(a, b):
        return False
    left, right = (" ".join(_name_words(n)).replace("-", " ").split() for n in (a, b))
    left, right = ([w.strip(".,") for w in side if w.strip(".,")] for side in (left, right))
    if left == right:
        return True
    if ("and" in left) != ("and" in right):
        return False  # "the Growers Union" is not "the Farmers and Growers Union"
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
    table = language()

    def signs(name: str) -> tuple[set[str], str]:
        words = [w.strip(".,") for w in fold(name).split()]
        bare = fold(without_titles(name)).split()
        titles = {w for w in words[: max(0, len(words) - len(bare))] if w in table.titles}
        genders = {table.gender_titles[w] for w in titles if w in table.gender_titles}
        if not genders and len(bare) > 1 and (known := gender_of(bare[0])):
            genders = {known}
        return titles - table.gender_titles.keys(), next(iter(genders)) if genders else ""

    (titles_a, gender_a), (titles_b, gender_b) = signs(a), signs(b)
    if gender_a and gender_b and gender_a != gender_b:
        return True
    # Two offices tell two people apart only where no first name says that they are one.
    surnames = min(len(_name_words(a)), len(_name_words(b))) == 1
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
    having = _GroupsByWords()
    spelt: dict[str, list[list[str]]] = {}  # groups by their names, folded
    expanded = _expansions(names)
    for name in sorted(names, key=_fullest_first(names)):
        plain = _name_words(name)
        if not plain or not is_name(name):
            groups.append([name])  # a description is nobody's name
            spelt.setdefault(fold(name), []).append(groups[-1])
            continue
        last = _family(name, plain)
        near = ending.setdefault(last, [])
        fits = [g for g in having.all(last, plain) if any(same_person(name, other) for other in g)]
        if not fits and len(scripts(name)) <= 1 and _is_short(plain):
            fits = [
                g
                for g in near
                if scripts(g[0]) == scripts(name)
                and not _barred(name, g)
                and (len(plain) == 1 or any(_fits(plain[0], _name_words(n)[0]) for n in g))
            ]
        if not fits and (expansion := expanded.get(name)) is not None:
            fits = spelt.get(expansion, [])
        if len(fits) == 1:
            group = fits[0]
            group.append(name)
        else:
            group = [name]
            near.append(group)
            groups.append(group)
        having.add(last, plain, group)
        if not any(g is group for g in spelt.setdefault(fold(name), [])):
            spelt[fold(name)].append(group)
    fullest = [
        _without_titles(max(g, key=lambda n: (len(_name_words(n)), names[n], not n.isascii(), n)))
        for g in groups
    ]
    taken = Counter(fold(name) for name in fullest)
    out: dict[str, str] = {}
    for group, full in zip(groups, fullest, strict=True):
        # "Lady Tancred" and "Lord Tancred" are two people, so their titles have to stay.
        shown = full if taken[fold(full)] == 1 else max(group, key=lambda n: (names[n], n))
        for name in group:
            out[name] = shown
    return out


def _family(name: str, plain: Sequence[str]) -> str:
    """What all names that may be one person's end with: a surname, or all of a general name."""
    if is_general(name, language()):
        return bare_key(name) + "|"
    return next((w for w in reversed(plain) if w not in ROMAN), plain[-1])


def ties(name: str) -> Iterator[str]:
    """What a name has in common with each name that can decide whose it is.

    Names that no chain of such ties joins have no say in each other: `people` of all names
    is the union of `people` of the parts that hang together.
    """
    yield f"spelt {fold(name)}"
    yield f"spelt {fold(_without_titles(name))}"
    if (plain := _name_words(name)) and is_name(name):
        yield f"last {_family(name, plain)}"
    if (expanded := _EXPANDED.match(name)) is not None:
        yield f"short {expanded[2]}"
        yield f"spelt {fold(expanded[1])}"
    elif _ACRONYM.fullmatch(name):
        yield f"short {name}"


class _GroupsByWords:
    """An index of groups of names by last word and one other word or initial.

    Thousands of people can bear one surname, and few of them one given name as well.
    """

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], dict[int, list[str]]] = {}

    def add(self, last: str, plain: Sequence[str], group: list[str]) -> None:
        """Take a name's words, and the group that it is in."""
        for word in {*plain, *(w[0] for w in plain)}:
            self._of.setdefault((last, word), {})[id(group)] = group

    def all(self, last: str, plain: Sequence[str]) -> list[list[str]]:
        """Every group that may have a name with all of these words or initials, none of
        whose names is shorter."""
        found = (self._of.get((last, word), {}) for word in plain[:-1] or plain)
        return list(min(found, key=len).values())


def _fullest_first(names: Mapping[str, int]) -> Callable[[str], tuple[int, bool, int, str]]:
    def rank(name: str) -> tuple[int, bool, int, str]:
        plain = _name_words(name)
        return (-len(plain), _is_short(plain), -names[name], name)

    return rank


def _expansions(names: Mapping[str, int]) -> dict[str, str]:
    """Acronyms that some name of the corpus spells out, each with the one name it stands for."""
    found: dict[str, set[str]] = {}
    for name in names:
        if (spelt := _EXPANDED.match(name)) is not None:
            found.setdefault(spelt[2], set()).add(fold(spelt[1]))
    return {short: next(iter(full)) for short, full in found.items() if len(full) == 1}


def _is_short(plain: Sequence[str]) -> bool:
    """Whether a name is a surname, alone or behind one initial."""
    return len(plain) == 1 or (len(plain) == 2 and len(plain[0]) == 1)


def _barred(name: str, group: Sequence[str]) -> bool:
    """Whether a bare surname, perhaps with a title, may not stand for these names."""
    titles = fold(name).replace(".", " ").split()[:-1]
    titled = any(title in language().gender_titles for title in titles)
    known = any(gender_of(_name_words(n)[0]) for n in group)
    return any(_clash(name, other) for other in group) or (titled and not known)


def _without_titles(name: str) -> str:
    """A name without titles; a body's and a description keep all of their words."""
    whole = not is_name(name) or is_body(name, language())
    return name if whole else without_titles(name)


def _name_words(name: str) -> list[str]:
    """The folded words of a name without titles, possessive ending and acronym in brackets."""
    if (spelt := _EXPANDED.match(name)) is not None:
        name = spelt[1]
    folded = fold(_without_titles(re.sub(r"['’]s$", "", name)))
    return _plain_order(" ".join(re.sub(r"[-.,]", " ", folded).split())).split()
