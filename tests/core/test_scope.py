"""A scope counts what one place tried inside a sliding window, and knows who got in there."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.outcome import FAILING
from enumwatch.core.scope import (
    ABSENT,
    EXISTING,
    UNCLEAR,
    WRONG_REALM,
    NameWindow,
    Scope,
    Tried,
    class_of,
    is_burst,
    rounds,
)
from enumwatch.core.times import DAY, HOUR, SECOND

from .making import LIMITS, arrived, contact, existing, named, names, observed, success

A, B, C, D = (f"{letter}@contoso.example" for letter in "abcd")


def scope(*contacts: Contact) -> Scope:
    """A scope that took these contacts, with who had signed in before each."""
    signed_in: dict[str, int] = {}
    made = Scope(LIMITS, signed_in)
    arrivals = arrived(contacts)
    for one in observed(contacts):
        signed_in.update({each.name: each.time for each in arrivals if each.time < one.time})
        made.take(one)
    signed_in.update({each.name: each.time for each in arrivals})
    return made


def tried(seconds: float = 0, name: str = A, sort: str = EXISTING, **known: object) -> Tried:
    """A failed attempt at that second."""
    time = int(seconds * SECOND)
    fields: dict[str, object] = {"attempts": 1, "is_first_contact": True, "is_familiar": False, "kind": "sign_in"}
    return Tried(**{**fields, "time": time, "name": name, "sort": sort, "hides_name": False, "since": time, **known})


def test_every_failing_outcome_has_its_class() -> None:
    assert {outcome: class_of(outcome) for outcome in sorted(FAILING)} == {
        "ambiguous": UNCLEAR,
        "exists_bad_secret": EXISTING,
        "exists_blocked": EXISTING,
        "exists_good_secret": EXISTING,
        "not_found": ABSENT,
        "throttled": UNCLEAR,
        "wrong_realm": WRONG_REALM,
    }


def test_names_are_counted_once_and_by_class() -> None:
    made = scope(*names(3), *existing(2, 100), contact(200, named(0)))
    assert (made.window.names(ABSENT), made.window.names(EXISTING), made.window.names(WRONG_REALM)) == (3, 2, 0)
    assert (made.window.names_tried, made.window.attempts) == (5, 6)
    assert made.window.attempts_per_name == pytest.approx(1.2)


def test_what_is_older_than_the_window_is_not_counted_and_what_is_as_old_is() -> None:
    window = scope(*names(5, every=0)).window
    newest = window.entries()[-1].time
    window.expire(newest + HOUR)
    assert window.names(ABSENT) == 5
    window.expire(newest + HOUR + 1)
    assert (window.names(ABSENT), window.attempts, window.names_tried, window.start) == (0, 0, 0, None)


def test_a_name_tried_again_within_a_week_is_no_first_contact() -> None:
    made = scope(contact(0), contact(7 * 86_400))
    assert made.window.names(ABSENT) == 0
    assert made.window.names_tried == 1


def test_a_name_tried_again_after_more_than_a_week_is_one() -> None:
    assert scope(contact(0), contact(7 * 86_400 + 1)).window.names(ABSENT) == 1


def test_a_name_that_had_signed_in_is_familiar_unless_it_does_not_exist() -> None:
    made = scope(success(0, A), *existing(1, 10), contact(20, A, outcome="exists_bad_secret"), contact(30, A))
    assert made.window.names(EXISTING) == 1
    assert made.users == 1


def test_names_that_sign_in_later_can_be_left_out() -> None:
    made = scope(*existing(3), success(60, named(1, "real")))
    assert made.window.names(EXISTING) == 3
    assert made.window.names_without(EXISTING, "", made.succeeded) == 2
    assert made.sort_counts(made.succeeded)[EXISTING] == 2


def test_hidden_names_count_as_attempts_only_where_the_answer_says_there_is_no_such_name() -> None:
    hidden = {"target": "", "target_visible": False}
    made = scope(contact(0, attempts=3, **hidden), contact(1, outcome="ambiguous", **hidden))
    assert (made.window.hidden_attempts, made.window.names_tried, made.window.attempts) == (3, 0, 0)


def test_unclear_answers_are_kept_apart_by_kind() -> None:
    made = scope(contact(0, A, outcome="ambiguous"), contact(1, B, outcome="ambiguous", kind="autodiscover"))
    counts = made.sort_counts({})
    assert (counts["unclear_sign_in"], counts["unclear_autodiscover"]) == (1, 1)


def test_a_pause_of_more_than_a_window_begins_another_chain() -> None:
    assert len(scope(contact(0, A), contact(3600, B)).chain) == 2
    assert len(scope(contact(0, A), contact(3601, B)).chain) == 1


def test_a_scope_is_busy_until_a_window_passed_since_the_last_failed_try() -> None:
    made = scope(contact(0, A))
    assert made.is_busy(made.chain[0].time + HOUR)
    assert not made.is_busy(made.chain[0].time + HOUR + 1)
    assert not scope().is_busy(0)


TRIED = st.builds(
    tried,
    seconds=st.integers(0, 20_000),
    name=st.sampled_from([A, B, C, D]),
    sort=st.sampled_from([ABSENT, EXISTING, WRONG_REALM, UNCLEAR]),
    attempts=st.integers(1, 4),
    is_first_contact=st.booleans(),
    is_familiar=st.booleans(),
    kind=st.sampled_from(["sign_in", "autodiscover"]),
)
HIDDEN = st.builds(
    tried, seconds=st.integers(0, 20_000), name=st.just(""), sort=st.just(ABSENT), hides_name=st.just(True)
)


@given(st.lists(TRIED | HIDDEN, max_size=60))
def test_running_counts_are_those_of_counting_afresh(entries: list[Tried]) -> None:
    window = NameWindow(HOUR)
    entries.sort(key=lambda one: one.time)
    for number, newest in enumerate(entries, start=1):
        window.expire(newest.time)
        window.add(newest)
        inside = [one for one in entries[:number] if one.time >= newest.time - HOUR]
        visible = [one for one in inside if not one.hides_name]
        assert window.hidden_attempts == sum(one.attempts for one in inside if one.hides_name)
        assert window.attempts == sum(one.attempts for one in visible)
        assert window.names_tried == len({one.name for one in visible})
        fresh = {(one.sort, one.kind, one.name) for one in visible if one.is_first_contact and not one.is_familiar}
        assert window.names(ABSENT) == len({name for sort, _, name in fresh if sort == ABSENT})
        assert window.names(UNCLEAR, "sign_in") == sum(
            1 for sort, kind, _ in fresh if (sort, kind) == (UNCLEAR, "sign_in")
        )


def test_rounds_are_several_tries_at_names_first_tried_within_seconds() -> None:
    entries = [tried(second, name) for second, name in enumerate([A, B, C, D] * 2)]
    assert rounds(entries, LIMITS) == {A, B, C, D}
    assert rounds(entries[:-1], LIMITS) == set()


def test_rounds_are_told_from_the_largest_group_that_fits_the_spread() -> None:
    late = [tried(300 + second, f"{letter}@contoso.example") for second, letter in enumerate("fghij" * 2)]
    entries = [tried(second, name) for second, name in enumerate([A, B, C, D] * 2)] + late
    assert rounds(entries, LIMITS) == {one.name for one in late}


@pytest.mark.parametrize("change", [{"is_familiar": True}, {"sort": ABSENT}, {"kind": "autodiscover"}, {"name": ""}])
def test_what_is_familiar_absent_nameless_or_no_sign_in_makes_no_rounds(change: dict[str, object]) -> None:
    entries = [tried(second, **{"name": name, **change}) for second, name in enumerate([A, B, C, D] * 2)]
    assert rounds(entries, LIMITS) == set()


def test_a_burst_is_more_attempts_in_a_minute_than_a_person_types() -> None:
    assert is_burst([tried(6 * turn) for turn in range(10)], LIMITS)
    assert not is_burst([tried(7 * turn) for turn in range(10)], LIMITS)
    assert not is_burst([tried(6 * turn) for turn in range(9)], LIMITS)


def test_attempts_whose_times_are_not_known_make_a_burst_only_where_all_lie_within_it() -> None:
    assert is_burst([tried(0), tried(50, attempts=9, since=0)], LIMITS)
    assert not is_burst([tried(0), tried(70, attempts=9, since=0)], LIMITS)


def test_attempts_of_an_hour_make_a_burst_at_any_pace() -> None:
    assert is_burst([tried(72 * turn) for turn in range(50)], LIMITS)
    assert not is_burst([tried(72 * turn) for turn in range(49)], LIMITS)


@pytest.mark.parametrize("change", [{"is_familiar": True}, {"sort": ABSENT}, {"name": ""}])
def test_what_is_familiar_absent_or_nameless_makes_no_burst(change: dict[str, object]) -> None:
    assert not is_burst([tried(turn, **change) for turn in range(60)], LIMITS)


def test_more_names_than_guessing_has_make_no_burst() -> None:
    assert is_burst([tried(turn, [A, B, C][turn % 3]) for turn in range(12)], LIMITS)
    assert not is_burst([tried(turn, [A, B, C, D][turn % 4]) for turn in range(12)], LIMITS)
    assert not is_burst([], LIMITS)


def test_entries_come_back_in_time_order_without_those_that_expired() -> None:
    made = scope(*names(4, every=1700))
    times = [one.time for one in made.window.entries()]
    assert times == sorted(times)
    assert Counter(one.name for one in made.window.entries()) == {named(turn): 1 for turn in (1, 2, 3)}


def test_the_limits_are_in_microseconds() -> None:
    assert (LIMITS.window, LIMITS.close_after, LIMITS.revisit_after) == (HOUR, DAY, 7 * DAY)
    assert (LIMITS.round_spread, LIMITS.guess_burst, LIMITS.first_try) == (60 * SECOND, 60 * SECOND, 600 * SECOND)
