"""Forms of one person's name among login names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.directory.forms import FormBook, Person, forms_of, login_name

NAMES = st.sampled_from(
    [
        *("j.doe", "jdoe", "john.doe", "doej", "doe.john", "john", "doe_j", "jdoe2", "j.doe7", "johndoe"),
        *("amy.li", "ali", "liamy", "li.a", "a-li", "svc", "x.y", "user1", "user2", "12", ""),
    ]
)


@pytest.mark.parametrize(
    ("local", "person"),
    [
        ("john.doe", Person("doe", "john")),
        ("doe_j42", Person("doe", "j")),
        ("jdoe", None),
        ("a.b", None),
        ("a.b.c", None),
    ],
)
def test_a_separated_name_stands_for_a_person(local: str, person: Person | None) -> None:
    assert login_name(local).person == person


def test_digits_behind_and_separators_say_nothing() -> None:
    assert login_name("j.doe12")[:2] == ("j.doe", "jdoe")
    assert login_name("4u.2")[:2] == ("4u.", "4u")


def test_a_person_is_written_in_every_usual_way() -> None:
    wanted = {"johndoe", "doejohn", "jdoe", "doej", "johnd", "djohn", "john", "doe"}
    assert wanted <= forms_of(Person("doe", "john"))


def test_numbered_names_are_one_form() -> None:
    assert FormBook().forms_of_one(["j.doe1", "j.doe2", "j.doe3"]) == ["j.doe1"]


def test_the_most_forms_of_one_person_are_found() -> None:
    names = ["amy.li", "li.a", "j.doe", "jdoe", "doej", "svc"]
    assert FormBook().forms_of_one(names) == ["doej", "j.doe", "jdoe"]


@given(st.lists(st.lists(NAMES, max_size=12), max_size=4), st.integers(1, 3))
def test_what_was_read_before_changes_nothing(rounds: list[list[str]], capacity: int) -> None:
    used = FormBook(capacity)
    for names in rounds:
        assert used.forms_of_one(names) == FormBook().forms_of_one(reversed(names))


@given(st.lists(NAMES, max_size=12))
def test_what_is_found_are_forms_of_one_person_each_once(names: list[str]) -> None:
    found = FormBook().forms_of_one(names)
    assert found == sorted(found)
    assert set(found) <= set(names)
    assert len({login_name(name).bare for name in found}) == len(found)
    persons = [login_name(name).person for name in names]
    assert not found or any(
        person is not None and {login_name(name).plain for name in found} <= forms_of(person) for person in persons
    )
