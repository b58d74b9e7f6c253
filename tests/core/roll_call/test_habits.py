"""Habits tell a roll call from a device, a job and a provisioning run at the same place."""

from __future__ import annotations

from enumwatch.core.roll_call.habits import FORGOTTEN_AFTER, Habits
from enumwatch.core.times import DAY, HOUR, MINUTE, day_of

from ..making import RULES, START, named

A = named(0)
MIDNIGHT = day_of(START)


def test_a_name_is_a_first_contact_until_it_was_tried_and_again_a_week_after_it_was_tried_last() -> None:
    habits = Habits()
    tries = [START, START + 6 * DAY, START + 13 * DAY - 1, START + 20 * DAY - 1]
    assert [habits.is_first_contact(A, time, RULES) for time in tries] == [True, False, False, True]


def test_a_place_that_was_quiet_for_long_begins_anew() -> None:
    habits = Habits()
    habits.is_first_contact(A, START, RULES)
    habits.note_absent(A)
    habits.is_first_contact(named(1), START + FORGOTTEN_AFTER, RULES)
    assert habits.absent_names == {A}
    habits.is_first_contact(named(1), START + 2 * FORGOTTEN_AFTER + 1, RULES)
    assert habits.absent_names == set()
    assert habits.last == START + 2 * FORGOTTEN_AFTER + 1


def test_a_name_is_retried_from_the_fourth_further_attempt_on_and_that_is_told_once() -> None:
    habits = Habits()
    assert [habits.is_retried(A, 1, RULES) for _ in range(6)] == [False, False, False, True, False, False]
    assert habits.is_retried(named(1), 4, RULES)
    assert habits.retried == {A, named(1)}


def test_of_one_place_only_so_many_names_are_taken_back() -> None:
    habits = Habits()
    most = RULES.retried_names
    assert [habits.is_retried(named(turn), RULES.retries, RULES) for turn in range(most + 2)] == [True] * most + [
        False
    ] * 2


def absent(number: int, arrived: int) -> Habits:
    """Habits of a place that tried absent names, of which some signed in later."""
    habits = Habits()
    for turn in range(number):
        habits.note_absent(named(turn))
    for turn in range(arrived):
        habits.note_arrival(named(turn))
        habits.note_arrival(named(turn))
    habits.note_arrival(named(0, "stranger"))
    return habits


def test_a_place_prepares_accounts_once_enough_of_its_names_came_to_life() -> None:
    assert absent(13, 4).is_provisioning(RULES)
    assert not absent(14, 4).is_provisioning(RULES)
    assert not absent(3, 3).is_provisioning(RULES)
    assert absent(4, 1).absent_names == {named(1), named(2), named(3)}


def test_names_of_a_shape_are_counted_once_each() -> None:
    habits = Habits()
    tried = [("e##", "e11"), ("e##", "e12"), ("e##", "e11"), ("x##", "x11")]
    assert [habits.names_of_shape(*one) for one in tried] == [1, 2, 2, 1]


def test_names_that_speak_for_a_roll_call_are_remembered_for_a_day_once_they_are_many() -> None:
    habits = Habits()
    for turn in range(9):
        habits.note_strict(named(turn), START, RULES)
    assert habits.strict_names == 9
    habits.note_strict(named(9), START + RULES.shared_memory, RULES)
    assert habits.strict_names == 10
    habits.note_strict(named(10), START + RULES.shared_memory + 1, RULES)
    assert habits.strict_names == 2


def test_a_job_acts_in_one_slot_of_the_day_on_several_days() -> None:
    habits = Habits()
    slot = MIDNIGHT + 3 * HOUR
    assert not habits.is_scheduled(slot, RULES)
    assert not habits.is_scheduled(slot + 10 * MINUTE, RULES)
    assert habits.is_scheduled(slot + DAY + 20 * MINUTE, RULES)
    assert not habits.is_scheduled(slot + DAY + 20 * MINUTE + 1, RULES)
    assert not habits.is_scheduled(slot + 2 * DAY, RULES)


def test_what_a_job_did_more_than_two_weeks_ago_is_forgotten() -> None:
    habits = Habits()
    habits.is_scheduled(MIDNIGHT + 12 * HOUR, RULES)
    assert not habits.is_scheduled(MIDNIGHT + 14 * DAY + 3 * HOUR, RULES)
    assert habits.is_scheduled(MIDNIGHT + 15 * DAY + 3 * HOUR, RULES)
