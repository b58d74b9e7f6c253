"""Order and gaps of first tries: what a list, a timer, chance and a log of whole seconds leave behind."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.pace import Pace, pace_of, sort_key

from .making import contact, observed

LEAST = 8


def pace(contacts: Sequence[Contact], least: int = LEAST) -> Pace:
    """Pace of the observations of these contacts."""
    return pace_of(observed(contacts), least)


def tried(names: Sequence[str], every: float = 10, **known: str) -> list[Contact]:
    """One contact for each name, one after the other."""
    return [contact(every * turn, f"{name}@contoso.example", **known) for turn, name in enumerate(names)]


LIST = [f"{letter}name" for letter in "abcdefghij"]


@pytest.mark.parametrize(("names", "share"), [(LIST, 1.0), (LIST[::-1], 0.0)])
def test_the_order_is_the_share_of_neighbours_that_ascend(names: list[str], share: float) -> None:
    assert pace(tried(names), 4).order_share == share


def test_numbers_are_sorted_by_their_value() -> None:
    assert pace(tried([f"user{number}" for number in range(1, 13)])).order_share == 1.0
    assert sort_key("user2@contoso.example") < sort_key("user10@fabrikam.example")
    assert sort_key("user2@contoso.example") == sort_key("user2@fabrikam.example")
    assert sort_key("x" + "9" * 5000) == sort_key("x" + "9" * 5000)


def test_one_name_in_many_domains_is_in_no_order() -> None:
    rows = [contact(10 * turn, f"anna@d{turn:02}.example") for turn in range(12)]
    assert pace(rows).order_share == 0.5


def test_too_few_neighbours_tell_nothing() -> None:
    assert pace(tried(LIST[:8])) == Pace(None, None)
    assert pace(tried(LIST[:9])) == Pace(1.0, 0.0)
    assert pace([]) == Pace(None, None)


def test_one_name_however_often_it_is_tried_has_neither_order_nor_pauses() -> None:
    assert pace([contact(10 * turn, app=str(turn)) for turn in range(30)]) == Pace(None, None)


def test_names_of_one_moment_have_no_order_and_no_pauses() -> None:
    assert pace(tried(LIST, every=0)) == Pace(None, None)


def test_a_timer_has_no_variation_and_pauses_of_ten_and_thirty_seconds_half() -> None:
    assert pace(tried(LIST)).gap_variation == 0.0
    rows = [
        contact(40 * (turn // 2) + 10 * (turn % 2), f"{name}@contoso.example") for turn, name in enumerate(LIST[:9])
    ]
    assert pace(rows).gap_variation == pytest.approx(0.5)


def test_each_source_is_measured_by_itself() -> None:
    one, other = tried(LIST), tried([f"z{name}" for name in LIST], every=35, src_ip="198.51.100.7")
    assert pace([*one, *other]) == Pace(1.0, 0.0)
    agents = tried([f"z{name}" for name in LIST], every=35, user_agent="curl")
    assert pace([*one, *agents]) == Pace(1.0, 0.0)


def test_a_list_worked_off_through_rotating_addresses_is_one_run() -> None:
    rows = [one._replace(src_ip=f"203.0.113.{turn % 6}") for turn, one in enumerate(tried(LIST))]
    assert pace(rows) == Pace(1.0, 0.0)


def test_only_first_tries_count_and_successes_do_not() -> None:
    again = [one._replace(first=one.first + 10**9, last=one.last + 10**9) for one in tried(LIST[::-1])]
    got_in = tried(LIST[::-1], 3, outcome="success", code="")
    assert pace([*tried(LIST), *again, *got_in]) == Pace(1.0, 0.0)


@given(st.lists(st.integers(0, 40), min_size=12, max_size=60), st.randoms(use_true_random=False))
def test_order_of_input_within_a_second_never_shows(seconds: list[int], rng: random.Random) -> None:
    rows = [contact(second, f"n{turn}@contoso.example") for turn, second in enumerate(seconds)]
    mixed = list(rows)
    rng.shuffle(mixed)
    found = pace(rows)
    assert found == pace(mixed)
    assert found.order_share is None or 0 <= found.order_share <= 1
    assert found.gap_variation is None or found.gap_variation >= 0


@given(st.integers(0, 10**6))
def test_a_shuffled_list_is_near_chance_also_where_the_log_has_whole_seconds(seed: int) -> None:
    names = [f"{first}{last}" for first in "abcdefghijklmnopqrst" for last in "abcdefghijklmnopqrst"]
    random.Random(seed).shuffle(names)
    rows = [contact(turn // 4, f"{name}@contoso.example") for turn, name in enumerate(names)]
    share = pace(rows).order_share
    assert share is not None
    assert 0.3 < share < 0.7


def test_an_ordered_list_keeps_its_order_where_the_log_has_whole_seconds() -> None:
    rows = [contact(turn // 3, f"{name}@contoso.example") for turn, name in enumerate([*LIST, "k", "l", "m"])]
    assert pace(rows, 3).order_share == 1.0
