"""Times are whole microseconds since 1970 UTC inside and ISO text outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.times import DAY, HOUR, MINUTE, SECOND, day_of, from_iso, hour_of, minutes_between, to_iso

NINE = from_iso("2026-03-02T09:00:00Z")
_YEAR_1 = from_iso("0001-01-01T00:00:00Z")
_YEAR_9999 = from_iso("9999-12-31T23:59:59.999999Z")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"),
        ("2026-03-02T09:00:00.5Z", "2026-03-02T09:00:00.5Z"),
        ("2026-03-02T09:00:00.000001Z", "2026-03-02T09:00:00.000001Z"),
        ("2026-03-02T09:00:00.120000Z", "2026-03-02T09:00:00.12Z"),
        ("2026-03-02T09:00:00.1234567Z", "2026-03-02T09:00:00.123456Z"),
        ("2026-03-02T09:00:00.0000009Z", "2026-03-02T09:00:00Z"),
        ("2026-03-02T11:00:00+02:00", "2026-03-02T09:00:00Z"),
        ("2026-03-02T04:30:00.25-04:30", "2026-03-02T09:00:00.25Z"),
        (" 2026-03-02 09:00:00 ", "2026-03-02T09:00:00Z"),
        ("2026-03-02", "2026-03-02T00:00:00Z"),
        ("2026-03-02T09:00:00z", "2026-03-02T09:00:00Z"),
        ("2026-03-02T09:00", "2026-03-02T09:00:00Z"),
        ("2026-03-02T11:00:00+0200", "2026-03-02T09:00:00Z"),
        ("2026-03-01T23:00-10:00", "2026-03-02T09:00:00Z"),
        ("0999-01-02T03:04:05Z", "0999-01-02T03:04:05Z"),
    ],
)
def test_text_is_read_and_written_in_one_form(text: str, written: str) -> None:
    assert to_iso(from_iso(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        *("", "Z", "yesterday", "2026-13-45", "2026-02-30", "2026-03-02T25:00:00Z", "09:00", "1767225600"),
        # Some versions of Python take these and some do not.
        *("20260302", "2026-W10-1", "2026-03-02T09", "2026-03-02T24:00:00Z", "2026-03-02T09:00:00,5Z", "2026-061"),
        *(
            "2026-03-02T09:00:00 Z",
            "2026-03-02T09:00:00+01:00:30",
            "\u0662026-03-02",
            "2026-03-02T09:00:00.Z",
            "2026-03-02T",
        ),
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not an ISO date or time|must be in|out of range|isoformat"):
        from_iso(text)


@given(st.integers(_YEAR_1, _YEAR_9999))
def test_every_time_survives_being_written_and_read(time: int) -> None:
    assert from_iso(to_iso(time)) == time


@given(st.integers(_YEAR_1, _YEAR_9999), st.integers(_YEAR_1, _YEAR_9999))
def test_whole_seconds_sort_as_text_the_way_they_sort_as_times(one: int, other: int) -> None:
    one, other = one - one % SECOND, other - other % SECOND
    assert (to_iso(one) < to_iso(other)) == (one < other)


@given(st.integers(_YEAR_1, _YEAR_9999))
def test_hours_and_days_begin_at_or_before_a_time_and_end_after_it(time: int) -> None:
    assert hour_of(time) <= time < hour_of(time) + HOUR
    assert day_of(time) <= time < day_of(time) + DAY
    assert to_iso(hour_of(time)).endswith(":00:00Z")
    assert to_iso(day_of(time)).endswith("T00:00:00Z")


@pytest.mark.parametrize(
    ("seconds", "later", "minutes"),
    [(0, 0, 0), (0, 59.999, 0), (0, 60, 1), (59.999, 60, 1), (50, 90, 1), (0, 3600, 60), (-1, 1, 1)],
)
def test_minutes_between_counts_boundaries_and_not_durations(seconds: float, later: float, minutes: int) -> None:
    assert minutes_between(NINE + int(seconds * SECOND), NINE + int(later * SECOND)) == minutes


def test_a_minute_is_sixty_seconds() -> None:
    assert (MINUTE, HOUR, DAY) == (60 * SECOND, 3600 * SECOND, 86_400 * SECOND)
