"""Forms: the ways in which one person's name is written as a login name, and which person a login name may stand for."""

from __future__ import annotations

import re
from typing import Dict, FrozenSet, Iterable, List, NamedTuple, Optional, Set, Tuple

_SEPARATED = re.compile(r"([a-z]+)[._-]([a-z]+)")
_SEPARATORS = str.maketrans("", "", "._-")
_DIGITS = "0123456789"
_SHORTEST = 3  # letters of the longer part of a name


class Person(NamedTuple):
    """The two parts of a name in alphabetical order; one of them may be an initial."""

    one: str
    other: str


class LoginName(NamedTuple):
    """What a login name is without the digits behind it, that without separators, and the person it may stand for."""

    bare: str
    plain: str
    person: Optional[Person]


def login_name(local: str) -> LoginName:
    """Reads a login name; only one with a separator between two parts stands for a person."""
    bare = local.rstrip(_DIGITS)
    found = _SEPARATED.fullmatch(bare)
    person = None
    if found is not None:
        one, other = sorted(found.groups())
        person = Person(one, other) if max(len(one), len(other)) >= _SHORTEST else None
    return LoginName(bare, bare.translate(_SEPARATORS), person)


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


class FormBook:
    """Finds the forms of one person among login names; reads each name once and remembers the last `capacity` of them.

    When full it forgets all and goes on: a name costs a second reading, never a different answer.
    """

    def __init__(self, capacity: int = 100_000) -> None:
        self._capacity = capacity
        self._read: Dict[str, LoginName] = {}
        self._forms: Dict[Person, FrozenSet[str]] = {}

    def forms_of_one(self, locals_: Iterable[str]) -> List[str]:
        """Of these login names the most that are forms of one person, in order; a single part of a name never counts alone.

        Forms differ in more than their digits: user1, user2 and user3 are a list of names and not one.
        """
        by_plain, persons = self._by_plain(sorted(set(locals_)))
        best: List[str] = []
        for person in sorted(persons):
            found = [by_plain[form] for form in self._forms_of(person) if form in by_plain]
            if sum(map(len, found)) > len(best):
                best = sorted(name for names in found for name in names.values())
        return best

    def has_forms(self, locals_: Iterable[str], number: int) -> bool:
        """True where `forms_of_one` would find so many forms or more."""
        # The digits behind a name make no form, and a list of names has few others.
        by_plain, persons = self._by_plain({local.rstrip(_DIGITS) for local in locals_})
        for person in persons:
            if sum([len(by_plain[form]) for form in self._forms_of(person) if form in by_plain]) >= number:
                return True
        return number <= 0

    def _by_plain(self, locals_: Iterable[str]) -> Tuple[Dict[str, Dict[str, str]], Set[Person]]:
        """Plain → bare → the first name that is read so; and whose names they may be."""
        by_plain: Dict[str, Dict[str, str]] = {}
        persons: Set[Person] = set()
        for name in locals_:
            bare, plain, person = self._login_name(name)
            by_plain.setdefault(plain, {}).setdefault(bare, name)
            if person is not None:
                persons.add(person)
        return by_plain, persons

    def _login_name(self, local: str) -> LoginName:
        found = self._read.get(local)
        if found is None:
            if len(self._read) >= self._capacity:
                self._read.clear()
            found = self._read[local] = login_name(local)
        return found

    def _forms_of(self, person: Person) -> FrozenSet[str]:
        found = self._forms.get(person)
        if found is None:
            if len(self._forms) >= self._capacity:
                self._forms.clear()
            found = self._forms[person] = forms_of(person)
        return found
