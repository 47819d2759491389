"""A model's reading of a question, taken only as far as the question bears it out.

A model may cut a question that no pattern fits; it may not add to it.  Each part is made of
the question's own words, each name is one of the corpus, and no name is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

from rag.lang import asking, wording
from rag.people import Directory, surname, words
from rag.types import Question, QuestionKind

_SLOTS = ("speaker", "addressee", "topic")


def checked_reading(
    found: dict[str, Any], question: Question, directory: Directory
) -> Question | None:
    """Return the question as a model read it; None for a reading that cannot be meant."""
    kind = found.get("kind")
    if kind not in set(get_args(QuestionKind)) - {"fact"}:
        return None
    asked = set(words(question.text))
    slots = {name: _slot_in_own_words(found.get(name), asked) for name in _SLOTS}
    if None in slots.values() or not _covers(slots, question.text, directory):
        return None
    speakers = _people(slots["speaker"] or "", directory)
    addressees = _people(slots["addressee"] or "", directory)
    if speakers is None or addressees is None or set(speakers) & set(addressees):
        return None
    if not (speakers or addressees or (kind == "who_said" and slots["topic"])):
        return None
    read: QuestionKind = kind  # type: ignore[assignment]  # one of its values, as just seen
    return replace(
        question,
        kind=read,
        speakers=speakers,
        addressees=addressees,
        topic=slots["topic"] or "",
        act="",
        unknown=(),
    )


def _slot_in_own_words(value: Any, asked: set[str]) -> str | None:
    """Return a part that has none but the question's own words; None for any other."""
    if value is None or value == []:
        return ""
    if not isinstance(value, str) or len(value) > 300:
        return None
    bare = " ".join(value.split()).strip(" ,.?!")
    return bare if set(words(bare)) <= asked else None


def _covers(slots: dict[str, str | None], text: str, directory: Directory) -> bool:
    """Return whether every name of the question stands in some part: else it is another
    question."""
    held = {word for part in slots.values() for word in words(part or "")}
    small = asking().stop_words | wording().request_words
    capitals = [w for w in re.findall(r"[^\W\d_][\w’'-]*", text) if w[0].isupper()]
    named = [w for w in capitals if w.casefold() not in small]
    people = [surname(name) for name in directory.named_in(text)]
    asked = set(words(text))
    bare = (re.sub(r"['’]s?$", "", w) for w in named)
    return all(set(words(w)) <= held for w in bare) and all(p in held for p in people if p in asked)


def _people(slot: str, directory: Directory) -> tuple[str, ...] | None:
    """Return the people of the corpus whom a part names; None if it names anybody else."""
    if not slot:
        return ()
    found = directory.find_all(slot)
    if not all(f.people for f in found):
        return None
    return tuple(dict.fromkeys(name for f in found for name in f.people))
