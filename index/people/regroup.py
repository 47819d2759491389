"""Which names are one person's, where somebody who knows better than the rules has said so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonChange:
    """That two names are one person's (``same``), or that ``name`` is somebody else than
    ``other``."""

    name: str
    other: str
    same: bool


def regrouped(
    persons: Mapping[str, str], counts: Mapping[str, int], changes: Collection[PersonChange]
) -> dict[str, str]:
    """Return the person of each name, with these changes; their order makes no difference.

    ``persons`` are those that the rules found, ``counts`` how often each name stands on record.
    A name that is split off stands for itself, unless it is merged with another one.  Groups
    that no change concerns keep the name that they had.
    """
    split = {change.name for change in changes if not change.same}
    group_of = {name: name if name in split else f"\0{person}" for name, person in persons.items()}
    for change in changes:
        if change.same and {change.name, change.other} <= group_of.keys():
            kept, gone = sorted((group_of[change.name], group_of[change.other]))
            group_of = {name: kept if of == gone else of for name, of in group_of.items()}
    members: dict[str, list[str]] = {}
    for name, group in group_of.items():
        members.setdefault(group, []).append(name)
    return {name: _name_of(members[group], persons, counts) for name, group in group_of.items()}


def _name_of(names: Collection[str], persons: Mapping[str, str], counts: Mapping[str, int]) -> str:
    """Return what a group is called: as before if it is all of one person's names, else by the
    best known name that was a person's before, or else of all."""
    before = {persons[name] for name in names}
    if len(before) == 1 and (before <= set(names) or len(names) == _size(before, persons)):
        return next(iter(before))
    choice = before & set(names) or set(names)
    return min(choice, key=lambda name: (-counts.get(name, 0), -len(name), name))


def _size(person: Collection[str], persons: Mapping[str, str]) -> int:
    """Return how many names these people had."""
    return sum(found in person for found in persons.values())
