from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.neighbour import NeighbourIndex, edit_distance, is_one_edit

WORDS = st.text("abc", max_size=6)
NAMES = st.one_of(WORDS, st.builds("{}@{}".format, WORDS, st.sampled_from(["x.example", "y.example"])))


def slow_distance(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    best = min(slow_distance(a[1:], b) + 1, slow_distance(a, b[1:]) + 1, slow_distance(a[1:], b[1:]) + (a[0] != b[0]))
    if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]:
        best = min(best, slow_distance(a[2:], b[2:]) + 1)
    return best


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("anna", "ana", True),
        ("anna", "annna", True),
        ("anna", "anya", True),
        ("anna", "nana", True),
        ("anna", "anna", False),
        ("anna", "nnaa", False),
        ("anna", "an", False),
        ("", "a", True),
        ("ab", "ba", True),
        ("abc", "cba", False),
    ],
)
def test_one_edit_is_a_missing_extra_other_or_swapped_letter(a: str, b: str, near: bool) -> None:
    assert is_one_edit(a, b) is near
    assert is_one_edit(b, a) is near


@given(WORDS, WORDS)
def test_one_edit_is_distance_one(a: str, b: str) -> None:
    assert is_one_edit(a, b) == (slow_distance(a, b) == 1)


@given(WORDS, WORDS, st.integers(0, 3))
def test_the_distance_is_exact_up_to_its_limit(a: str, b: str, limit: int) -> None:
    assert edit_distance(a, b, limit) == min(slow_distance(a, b), limit + 1)


@given(st.lists(NAMES, max_size=12), NAMES)
def test_the_index_finds_what_comparing_all_finds(known: list[str], name: str) -> None:
    index = NeighbourIndex()
    for one in known:
        index.add(one)
    local, at, domain = name.rpartition("@")
    near = set()
    for one in known:
        other_local, other_at, other_domain = one.rpartition("@")
        if (at, at and domain) == (other_at, other_at and other_domain):
            pair = (local, other_local) if at else (name, one)
            if is_one_edit(*pair):
                near.add(one)
    assert index.neighbours(name) == sorted(near)
    assert index.has_neighbour(name) is bool(near)
    assert len(index) == len(set(known))


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@given(st.text(LETTERS, min_size=1, max_size=20), st.data())
def test_every_slip_of_a_name_of_any_length_is_found(name: str, data: st.DataObject) -> None:
    index = NeighbourIndex()
    index.add(name)
    index.add(f"{name}@contoso.example")
    at = data.draw(st.integers(0, len(name)))
    letter = data.draw(st.sampled_from(LETTERS))
    slips = [name[:at] + letter + name[at:], name[:at] + name[at + 1 :], name[:at] + letter + name[at + 1 :]]
    slips.append(name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :])
    for slip in slips:
        assert index.neighbours(slip) == ([name] if is_one_edit(slip, name) else [])
        domain = "contoso.example"
        near = is_one_edit(slip, name)
        assert index.has_neighbour(f"{slip}@{domain}") is near


@pytest.mark.parametrize("digits", [3, 5])
def test_names_of_a_counter_find_each_other_in_a_crowd(digits: int) -> None:
    known = [f"employee{number:0{digits}d}@contoso.example" for number in range(0, 900, 3)]
    index = NeighbourIndex()
    for one in known:
        index.add(one)
    for name in [
        *known[::50],
        "employee00001@contoso.example",
        "employee01@contoso.example",
        "emlpoyee003@contoso.example",
    ]:
        near = [one for one in known if is_one_edit(name.partition("@")[0], one.partition("@")[0])]
        assert index.neighbours(name) == sorted(near)


def test_a_slip_in_the_domain_is_no_slip_of_the_name() -> None:
    index = NeighbourIndex()
    index.add("anna@contoso.example")
    assert index.has_neighbour("ana@contoso.example")
    assert not index.has_neighbour("anna@contos.example")
