from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.neighbour import DeleteOneIndex, edit_distance, is_one_edit

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
    index = DeleteOneIndex()
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


def test_a_slip_in_the_domain_is_no_slip_of_the_name() -> None:
    index = DeleteOneIndex()
    index.add("anna@contoso.example")
    assert index.has_neighbour("ana@contoso.example")
    assert not index.has_neighbour("anna@contos.example")
