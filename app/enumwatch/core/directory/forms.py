"""Forms: the ways in which one person's name is written as a login name, and which person a login name may stand for."""

from __future__ import annotations

import re
from typing import Dict, FrozenSet, Iterable, List, NamedTuple, Set, Tuple

_SEPARATED = re.compile(r"([a-z]+)[._-]([a-z]+)")
_DIGITS_BEHIND = re.compile(r"\d+$")
_SHORTEST = 3  # letters of the longer part of a name


class Person(NamedTuple):
    """The two parts of a name in alphabetical order; one of them may be an initial."""

    one: str
    other: str


def person_of(local: str) -> Tuple[Person, ...]:
    """The person that a login name with a separator between two parts stands for; none for any other name."""
    found = _SEPARATED.fullmatch(_DIGITS_BEHIND.sub("", local))
    if found is None:
        return ()
    one, other = sorted(found.groups())
    return (Person(one, other),) if max(len(one), len(other)) >= _SHORTEST else ()


def forms_of(person: Person) -> FrozenSet[str]:
    """Every usual way to write this person's name, without separators and digits."""
    made: Set[str] = set()
    for first, last in ((person.one, person.other), (person.other, person.one)):
        for given in {first, first[:1]}:
            for family in {last, last[:1]}:
                if max(len(given), len(family)) >= _SHORTEST:
                    made.update((given + family, family + given))
        if len(first) >= _SHORTEST:
            made.add(first)
    return frozenset(made)


def plain(local: str) -> str:
    """A login name without separators and the digits behind it."""
    return re.sub(r"[._-]", "", _DIGITS_BEHIND.sub("", local))


def forms_of_one(locals_: Iterable[str]) -> List[str]:
    """Of these login names the most that are forms of one person, in order; a single part of a name alone never counts.

    Forms differ in more than their digits: user1, user2 and user3 are a list of names and not one.
    """
    names = sorted(set(locals_))
    persons = sorted({person for name in names for person in person_of(name)})
    best: List[str] = []
    for person in persons:
        allowed = forms_of(person)
        found: Dict[str, str] = {}
        for name in names:
            if plain(name) in allowed:
                found.setdefault(_DIGITS_BEHIND.sub("", name), name)
        chosen = sorted(found.values())
        if len(chosen) > len(best):
            best = chosen
    return best
