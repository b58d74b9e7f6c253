"""A timeline of any length becomes at most sixty columns, and loses no attempt."""

from __future__ import annotations

from typing import Any

import pytest
from tests.report.examples import timeline

from enumwatch.report.html.timeline import MAX_COLUMNS, Timeline, drawn_timeline, label_columns


def drawn(buckets: list[dict[str, Any]], seconds: int) -> Timeline:
    result = drawn_timeline({"timeline": buckets, "timeline_bucket_seconds": seconds})
    assert result is not None
    return result


@pytest.mark.parametrize("evidence", [{}, {"timeline": []}, {"timeline": [{"time": "soon", "not_found": 3}]}])
def test_nothing_is_drawn_without_attempts_in_time(evidence: dict[str, Any]) -> None:
    assert drawn_timeline(evidence) is None


def test_buckets_without_attempts_become_empty_columns() -> None:
    result = drawn(timeline("2026-03-02T09:00:00", 60, not_found=[3, 0, 0, 2]), 60)
    assert result.series == {"not_found": [3, 0, 0, 2]}


@pytest.mark.parametrize("buckets", [61, 240, 1_500, 20_000])
@pytest.mark.parametrize("seconds", [1, 60, 3_600, 7_919])
def test_long_timelines_are_joined_without_losing_attempts(buckets: int, seconds: int) -> None:
    result = drawn(timeline("2026-03-02T09:00:00", seconds, not_found=[1] * buckets, success=[0, 2]), seconds)
    assert result.columns <= MAX_COLUMNS
    assert result.totals == {"success": 2, "not_found": buckets}
    assert result.column_seconds % seconds == 0


def test_two_bursts_years_apart_still_fit() -> None:
    buckets = [{"time": "1970-01-01T00:00:00Z", "not_found": 1}, {"time": "2026-03-02T00:00:00Z", "not_found": 1}]
    assert drawn(buckets, 60).columns <= MAX_COLUMNS


def test_the_caption_names_unit_total_and_peak() -> None:
    result = drawn(timeline("2026-03-02T09:00:00", 300, not_found=[3, 9, 1], success=[0, 1]), 300)
    assert result.caption() == "Attempts per 5 minutes by outcome: 14 attempts, at most 10 at 2026-03-02 09:05 UTC"


def test_labels_stand_at_round_times() -> None:
    result = drawn(timeline("2026-03-02T09:02:00", 60, not_found=[1] * 40), 60)
    assert label_columns(result, 4) == {8: "09:10", 18: "09:20", 28: "09:30", 38: "09:40"}
    assert label_columns(result, 3) == {13: "09:15", 28: "09:30"}


def test_labels_of_many_days_are_dates() -> None:
    result = drawn(timeline("2026-03-01T00:00:00", 86_400, not_found=[1] * 8), 86_400)
    assert list(label_columns(result, 8).values())[:2] == ["1 Mar", "2 Mar"]


def test_a_single_column_has_a_label() -> None:
    assert label_columns(drawn(timeline("2026-03-02T09:07:00", 60, not_found=[5]), 60), 4) == {0: "09:07"}
