"""Nicknames within a name: Bogdan “The Kettle” Lund, Margaret (“Mags”) Reed, William (Bill) Marsh.

The parser makes several people of such a name.  Here the surname becomes its head, and the
nickname a part of it that is not in the name, but by which its bearer also goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.attribution.syntax import Word
from index.lang import Language
from index.people.names import is_title

PART = "nickname"
"""Dependency label of the words and marks of a nickname below the surname."""

_CLOSING = {"“": "”", '"': '"', "‘": "’", "'": "'", "(": ")", "«": "»", "„": "“"}
_LONGEST_NICKNAME = 4
"""Words of a nickname, at most."""

_NAME_PLACES = frozenset(
    """nsubj nsubjpass dobj dative pobj poss appos conj attr agent oprd nmod compound
    npadvmod""".split()
)
"""Places of a name in a clause; the parser gives at least one word of the name the right one."""


def join_nicknames(words: Sequence[Word], table: Language) -> None:
    """Make one name of each name with a nickname in marks or brackets; in place."""
    for at, word in enumerate(words):
        if word.text in _CLOSING and at and (end := _end(words, at, table)):
            _tie_parts(words[at - 1], words[at : end + 1], words[end + 1])


def nicknames(core: Word) -> Iterator[str]:
    """Yield the nickname below the last word of a name, by itself and with that word."""
    inner = [c for c in core.children if c.dep == PART and any(map(str.isalnum, c.text))]
    if inner:
        if len(inner) > 1 and inner[0].text == "The":
            inner = inner[1:]
        nick = " ".join(w.text for w in inner)
        yield nick
        yield f"{nick} {core.text}"


def _end(words: Sequence[Word], at: int, table: Language) -> int | None:
    """The place of the mark that closes a nickname which a mark opens there, if it is one."""
    first = words[at - 1]
    if not _is_name_word(first) or is_title(first.text, table) or first.head is words[at]:
        return None
    for end in range(at + 2, min(len(words) - 1, at + 3 + _LONGEST_NICKNAME)):
        if words[end].text in (_CLOSING[words[at].text], '"'):
            inner, last = words[at + 1 : end], words[end + 1]
            marks = [w for w in inner if w.is_punctuation]
            nick = [w for w in inner if not w.is_punctuation]
            fits = all(w.text in _CLOSING or w.text in _CLOSING.values() for w in marks)
            fits = fits and bool(nick) and all(w.text[:1].isupper() for w in nick)
            apart = last.start > words[end].end and words[at].start > first.end
            return end if fits and apart and _is_name_word(last) else None
    return None


def _is_name_word(word: Word) -> bool:
    plain = word.text.replace("-", "").replace("’", "").replace("'", "")
    return word.text[:1].isupper() and plain.isalpha() and word.tag not in ("PRP", "DT", "IN")


def _tie_parts(first: Word, inner: Sequence[Word], last: Word) -> None:
    """Tie a given name and a nickname to the surname, and the surname where the name stands."""
    parts = [first, *inner, last]
    while last.dep in ("compound", "flat") and last.head not in parts:
        last = last.head  # "Bogdan “The Kettle” Lund Marsh"
        parts.append(last)
    inside = {w.index for w in parts}
    outer = [w for w in parts if w.head.index not in inside and w.dep in _NAME_PLACES]
    if not outer or any(w.head is w for w in parts):
        return
    head, dep = outer[0].head, outer[0].dep
    for word in parts:
        word.head.children.remove(word)
    for word in parts:
        if word is not last:
            last.children += word.children
            for child in word.children:
                child.head = last
            word.children = []
    last.head, last.dep, last.pos, last.tag = head, dep, "PROPN", "NNP"
    head.children = sorted([*head.children, last], key=lambda w: w.index)
    for word in parts[:-1]:
        nick = word in inner
        word.head, word.dep = last, PART if nick else "compound"
        if not nick:
            word.pos, word.tag = "PROPN", "NNP"
        last.children.append(word)
    last.children.sort(key=lambda w: w.index)
