"""Whether a sentence lets somebody speak, where the index took no quote from it.

Extraction misses some statements.  A sentence that has a name before a reporting verb,
or after one, still tells who says so; it is cited whole, never as a quotation.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

from index.lang import language
from rag.lang import reporting_forms

_PASSED = frozenset(
    """also has have had then later further again himself herself itself is was were are been
    being ii iii iv v vi viii xi xii xiv xvi""".split()
)
"""What may stand between a name and its verb."""

_QUOTING_PASSIVES = frozenset({"quoted", "cited"})
"""Passives that make the name before them the speaker ("was quoted as saying")."""

_SPOKEN_TO = frozenset(
    """to with told tells tell telling asked asks urged urges warned warns informed assured
    reminded""".split()
)
_NAME_WORD = re.compile(r"[\w’'.-]+")
_NAME_BEHIND = re.compile(r"\s+[A-Z]")


def speaks_in(sentence: str, names: Iterable[str]) -> bool:
    """Return whether one of the names stands where a reporting verb has its subject."""
    if not _has_any(sentence, names):
        return False
    plain = unquoted(sentence)
    return any(
        _verb_behind(plain[end:]) or _verb_before(plain[:start])
        for start, end in _name_places(plain, names)
    )


def spoken_to_in(sentence: str, names: Iterable[str]) -> bool:
    """Return whether one of the names stands, outside quotation marks, where one is spoken to."""
    if not _has_any(sentence, names):
        return False
    plain = unquoted(sentence)
    return any(
        _SPOKEN_TO & {w.casefold() for w in _NAME_WORD.findall(plain[:start])[-7:]}
        for start, _ in _name_places(plain, names)
    )


def unquoted(sentence: str) -> str:
    """Return the sentence without what stands inside quotation marks, the marks themselves kept."""
    if sentence.count('"') % 2 and not re.search(r'(?:^|[\s(])"\w', sentence):
        sentence = sentence[sentence.index('"') :]  # it begins inside a quotation
        sentence = f'""{sentence[1:]}'
    return re.sub(r"([“\"])[^”\"]*([”\"]|$)", r"\1\2", sentence)


def _name_places(sentence: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where a word of a name stands: the surname, or another that is used alone."""
    found: set[tuple[int, int]] = set()
    for name in names:
        parts = _words_with_capital(name)
        for part in parts:
            for start, end in _whole_words(sentence, part):
                if part == parts[-1] or not _NAME_BEHIND.match(sentence, end):
                    found.add((start, end))
    yield from sorted(found)


def _has_any(sentence: str, names: Iterable[str]) -> bool:
    """Return whether a sentence has a word of a name: most have none, and are not read further."""
    return any(part in sentence for name in names for part in _words_with_capital(name))


@functools.lru_cache(maxsize=4096)
def _words_with_capital(name: str) -> tuple[str, ...]:
    """Return the words of a name that begin with a capital."""
    return tuple(part for part in name.split() if part[:1].isupper())


def _whole_words(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Yield where a word stands in a text, and is no part of a longer one."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if _is_edge(text, start) and _is_edge(text, end):
            yield start, end
        start = text.find(word, start + 1)


def _is_edge(text: str, at: int) -> bool:
    r"""Return whether a word begins or ends at an offset, as `\b` has it.

    A pattern for each name would crowd the others out of Python's cache of patterns.
    """
    before, behind = text[at - 1 : at], text[at : at + 1]
    return (before.isalnum() or before == "_") != (behind.isalnum() or behind == "_")


def _verb_behind(after: str) -> bool:
    """Return whether a reporting verb follows, past an apposition and small words."""
    starts = [0]
    if after.startswith(","):  # up to three parts between commas may stand in between
        commas = (m.end() for m in re.finditer(r",", after[1:220]))
        starts = [1 + end for end in itertools.islice(commas, 3)]
    return any(_begins_with_verb(after[start:]) for start in starts if '"' not in after[:start])


def _begins_with_verb(rest: str) -> bool:
    if not re.match(r"\s+\w", rest):
        return False
    following = [w.strip(".'’").casefold() for w in _NAME_WORD.findall(rest[:120])][:8]
    while following and (following[0] in _PASSED or following[0].endswith("ly")):
        following = following[1:]
    if following[:1] == ["on"]:  # "Lavrov on Monday said"
        following = following[2:]
    if not following:
        return False
    if following[0] in _speaking_forms() or following[0] in _QUOTING_PASSIVES:
        return True
    nouns = language().noun_acts
    return any(
        word.removesuffix("s") in nouns and behind in ("that", "of", "against")
        for word, behind in itertools.pairwise(following[1:5])
    )


def _verb_before(before: str) -> bool:
    """Return whether a reporting verb stands before, behind a comma or a closing mark, or somebody
    is quoted ("an aide quoted Holm as saying")."""
    if re.search(r"\b(?:quoted|quoting|cited|citing)\s+(?:[\w’'.-]+\s+){0,3}$", before):
        return True
    match = re.search(r"[,”\"’]\s+(\w+)(?:\s+[\w’'.-]+){0,6}\s*$", before)
    return match is not None and match[1].casefold() in _speaking_forms()


@functools.cache
def _speaking_forms() -> frozenset[str]:
    """Return the past and present forms of the verbs that report words, not mere views."""
    stance = language().stance_verbs
    return frozenset(
        form
        for form, verb in reporting_forms().items()
        if verb not in stance and form != verb and not form.endswith("ing")
    )
