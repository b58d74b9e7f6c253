"""Which days are decided on again, from which midnight on, and which midnights stay remembered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.times import DAY
from enumwatch.elastic.runner import plan
from enumwatch.elastic.runner.plan import Stretch, changed_days, grown_by, horizon_of, plan_of, shrunk_days
from enumwatch.elastic.runner.state import Checkpoint, Mark, State


def state(*midnights: int) -> State:
    return State(checkpoints=tuple(Checkpoint(at * DAY, f"at {at}", 1) for at in midnights))


def planned(
    known: State, days: list[int], changed: list[int], horizon: int
) -> tuple[int, list[tuple[int, int, int | None]], int]:
    found = plan_of(known, {day * DAY: 10 for day in days}, [day * DAY for day in changed], horizon * DAY)
    stretches = [
        (one.since // DAY, one.until // DAY, None if one.following is None else one.following // DAY)
        for one in found.stretches
    ]
    return found.start.at // DAY, stretches, found.first_kept // DAY


def test_a_first_run_remembers_the_midnight_before_which_nothing_is_waited_for() -> None:
    assert planned(state(1), [1, 2, 3, 5, 6], [1, 2, 3, 5, 6], 4) == (1, [(1, 4, 4), (4, 7, None)], 4)


def test_new_events_of_today_need_nothing_but_today() -> None:
    assert planned(state(4, 5, 6), [4, 5, 6], [6], 4) == (6, [(6, 7, None)], 4)


def test_the_first_events_of_a_day_make_its_midnight_worth_remembering() -> None:
    assert planned(state(4, 5, 6), [4, 5, 6, 7], [7], 5) == (6, [(6, 7, 7), (7, 8, None)], 5)


def test_late_events_go_back_to_the_midnight_before_them() -> None:
    assert planned(state(4, 5, 6), [4, 5, 6], [5], 4) == (5, [(5, 6, 6), (6, 7, None)], 4)


def test_days_without_documents_are_passed_over() -> None:
    assert planned(state(1), [1, 9], [9], 7) == (1, [(1, 2, 7), (7, 10, None)], 7)


@given(st.sets(st.integers(1, 20), min_size=1), st.sets(st.integers(1, 20)), st.integers(0, 22), st.data())
def test_every_day_from_the_start_on_lies_in_one_stretch(
    days: set[int], midnights: set[int], horizon: int, data: st.DataObject
) -> None:
    changed = data.draw(st.sets(st.sampled_from(sorted(days)), min_size=1))
    known = state(0, *sorted(midnights))
    found = plan_of(known, {day * DAY: 10 for day in days}, [day * DAY for day in changed], horizon * DAY)
    assert found.start.at <= min(changed) * DAY
    held = [[day for day in days if one.since <= day * DAY < one.until] for one in found.stretches]
    assert sorted(day for some in held for day in some) == sorted(day for day in days if day * DAY >= found.start.at)
    for one, after in zip(found.stretches, found.stretches[1:], strict=False):
        assert one.until <= after.since == one.following
    remembered = {found.start.at, *(one.at for one in known.checkpoints), *(one.since for one in found.stretches[1:])}
    assert found.first_kept in remembered
    # What is waited for always has a midnight before it.
    assert found.first_kept <= max(horizon * DAY, known.oldest)


def test_a_slice_has_a_bearable_size() -> None:
    documents = {day * DAY: plan.LARGEST_SLICE // 2 for day in range(5)}
    found = plan_of(state(0), documents, [0], 100 * DAY)
    assert found.stretches == (
        Stretch(0, 2 * DAY, 2 * DAY),
        Stretch(2 * DAY, 4 * DAY, 4 * DAY),
        Stretch(4 * DAY, 5 * DAY, None),
    )


def test_documents_that_came_and_that_are_gone() -> None:
    known = {"a": {1: Mark(5, 50), 2: Mark(5, 50), 3: Mark(5, 50), 4: Mark(5, 50), 6: Mark(5, 50), 7: Mark(5, 50)}}
    found = {
        "a": {1: Mark(5, 50), 2: Mark(6, 50), 3: Mark(5, 60), 5: Mark(1, 1), 6: Mark(2, 60), 7: Mark(4, 40)},
        "b": {1: Mark(1, 1)},
    }
    assert changed_days(known, found) == [1, 2, 3, 5, 6]
    assert shrunk_days(known, found) == [4, 6, 7]
    assert grown_by(known, found) == {1: 1, 2: 1, 3: 0, 5: 1, 6: 0, 7: 0}


def test_the_horizon_is_a_midnight() -> None:
    assert horizon_of(10 * DAY + 5, 2 * DAY) == 8 * DAY
    assert horizon_of(5, 2 * DAY) == 0
