"""A running sum rises with every first contact, falls with time, and knows what made it up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.roll_call.running_sum import Contribution, RunningSum
from enumwatch.core.times import DAY, HOUR, day_of

from ..making import START, contact, named, observed

FLOOR = 0.02
FALL = 0.5 * (6 * FLOOR - FLOOR)  # points an hour while the usual rate is the floor


def contribution(hours: float, turn: int = 0, weight: float = 2.6) -> Contribution:
    """A first contact that many hours after START."""
    (one,) = observed([contact(hours * 3600, named(turn))])
    return Contribution(one, weight)


def summed(*hours: float, since: int = START - 90 * DAY) -> RunningSum:
    """A sum of first contacts with one name each."""
    made = RunningSum(FLOOR, since, START)
    for turn, hour in enumerate(hours):
        made.add(contribution(hour, turn))
    return made


def test_the_first_contact_counts_with_its_whole_weight() -> None:
    assert summed(0).level == pytest.approx(2.6)
    assert not summed(0).is_idle
    assert summed().is_idle


def test_the_level_falls_with_time() -> None:
    assert summed(0, 10).level == pytest.approx(2 * 2.6 - 10 * FALL)


def test_a_sum_that_fell_to_nothing_forgets_what_made_it_up() -> None:
    made = summed(0, 60)
    assert made.level == pytest.approx(2.6)
    assert made.names == {named(1)}
    assert [one.observation.name for one in made.contributions] == [named(1)]


def test_what_was_usual_on_earlier_days_takes_more_to_alarm() -> None:
    since = day_of(START)
    quiet, busy = RunningSum(FLOOR, since, START), RunningSum(FLOOR, since, START)
    for turn in range(24):
        busy.add(contribution(turn / 2, turn, 0.1))
    begin = (day_of(START) + DAY - START) / HOUR
    for made in (quiet, busy):
        made.clear()
        made.add(contribution(begin + 1, 100))
        made.add(contribution(begin + 2, 101))
    assert quiet.level == pytest.approx(5.2 - FALL)
    assert busy.level < quiet.level


def test_today_never_counts_into_what_is_usual() -> None:
    made = RunningSum(FLOOR, START - DAY, START)
    for turn in range(200):
        made.add(contribution(0, turn))
    assert made.level == pytest.approx(200 * 2.6)


def test_a_name_taken_back_counts_no_more() -> None:
    made = summed(0, 0, 0)
    made.take_back(named(1))
    assert made.level == pytest.approx(5.2)
    assert made.names == {named(0), named(2)}
    assert len(made.contributions) == 2
    made.take_back("nobody@contoso.example")
    assert made.level == pytest.approx(5.2)


def test_nothing_falls_below_zero() -> None:
    made = summed(0)
    made.lower(9)
    assert (made.level, made.is_idle) == (0, True)
    made = summed(0)
    made.add(contribution(30, 1))
    made.take_back(named(0))
    made.take_back(named(1))
    assert made.level == 0


def test_after_an_alarm_it_begins_at_zero() -> None:
    made = summed(0, 1)
    made.clear()
    assert (made.level, made.names, made.contributions) == (0, set(), [])


@given(st.lists(st.tuples(st.floats(0, 900), st.sampled_from([0.3, 0.5, 1.3, 2.6])), max_size=40))
def test_a_level_is_never_negative_nor_more_than_all_weights(shape: list[tuple[float, float]]) -> None:
    made = RunningSum(FLOOR, START - 3 * DAY, START)
    weights = 0.0
    for turn, (hours, weight) in enumerate(sorted(shape)):
        level = made.add(contribution(hours, turn, weight))
        weights += weight
        assert 0 < level <= weights + 1e-9
        assert math.isclose(level, made.level)
        assert made.names == {one.observation.name for one in made.contributions}


@given(st.lists(st.floats(0, 900), min_size=1, max_size=30), st.integers(1, 20))
def test_weeks_later_the_level_is_the_same(hours: list[float], weeks: int) -> None:
    now, later = (RunningSum(FLOOR, START + by, START + by) for by in (0, weeks * 7 * DAY))
    for turn, hour in enumerate(sorted(hours)):
        here = now.add(contribution(hour, turn))
        there = later.add(contribution(hour + weeks * 7 * 24, turn))
        assert here == pytest.approx(there, abs=1e-6)
