"""The timeline of a finding as columns of equal length, few enough to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from enumwatch.report.labels import OUTCOMES
from enumwatch.report.phrases import count, duration, instant, whole

MAX_COLUMNS = 60

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_NICE_SECONDS = (
    *(1, 2, 5, 10, 15, 30),
    *(_MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 7, 14, 28, 91, 182, 364, 728)),
)


@dataclass(frozen=True)
class Timeline:
    """Attempts per outcome in columns of `column_seconds`, the first beginning at `start` (UTC)."""

    start: datetime
    column_seconds: int
    series: Mapping[str, Sequence[int]]

    @property
    def columns(self) -> int:
        return len(next(iter(self.series.values())))

    @property
    def totals(self) -> dict[str, int]:
        """Attempts of each outcome over the whole timeline."""
        return {outcome: sum(counts) for outcome, counts in self.series.items()}

    @property
    def heights(self) -> list[int]:
        """Attempts of each column, all outcomes together."""
        return [sum(counts) for counts in zip(*self.series.values(), strict=True)]

    @property
    def peak(self) -> int:
        """Attempts of the highest column."""
        return max(self.heights)

    def column_time(self, index: int) -> datetime:
        """Returns when column `index` begins."""
        return self.start + timedelta(seconds=index * self.column_seconds)

    def caption(self) -> str:
        """Returns the chart in words: unit, total, and the highest column."""
        when = self.column_time(self.heights.index(self.peak))
        unit = duration(self.column_seconds).removeprefix("1 ")
        total = count(sum(self.heights), "attempt")
        return f"Attempts per {unit} by outcome: {total}, at most {self.peak:,} at {when:%Y-%m-%d %H:%M} UTC"


def drawn_timeline(evidence: Mapping[str, Any]) -> Timeline | None:
    """Returns the evidence's timeline in at most `MAX_COLUMNS` columns; None where there is nothing to draw.

    Buckets without attempts may be absent in the evidence; they become empty columns.
    """
    buckets = [(time, bucket) for bucket in evidence.get("timeline") or () if (time := instant(bucket.get("time")))]
    counts = {outcome: [whole(bucket.get(outcome)) for _, bucket in buckets] for outcome in OUTCOMES}
    present = {outcome: values for outcome, values in counts.items() if any(values)}
    if not present:
        return None
    seconds = [int(time.timestamp()) for time, _ in buckets]
    length = _column_seconds(max(1, whole(evidence.get("timeline_bucket_seconds"))), min(seconds), max(seconds))
    begin = min(seconds) // length
    columns = max(seconds) // length - begin + 1
    series = {outcome: [0] * columns for outcome in present}
    for outcome, values in present.items():
        for second, value in zip(seconds, values, strict=True):
            series[outcome][second // length - begin] += max(0, value)
    return Timeline(datetime.fromtimestamp(begin * length, timezone.utc), length, series)


def label_columns(timeline: Timeline, most: int) -> dict[int, str]:
    """Returns column index -> time label, at round times, at most `most` of them."""
    for step in _NICE_SECONDS:
        if step % timeline.column_seconds:
            continue
        indices = [i for i in range(timeline.columns) if int(timeline.column_time(i).timestamp()) % step == 0]
        if len(indices) <= most:
            return {index: _label(timeline.column_time(index), step) for index in indices or [0]}
    return {0: _label(timeline.start, _DAY)}


def _column_seconds(bucket_seconds: int, first: int, last: int) -> int:
    for seconds in (bucket_seconds, *_NICE_SECONDS):
        # A column must hold whole buckets, or a bucket's attempts would seem to jump between columns.
        if seconds % bucket_seconds == 0 and last // seconds - first // seconds < MAX_COLUMNS:
            return seconds
    buckets = (last - first) // bucket_seconds + 1
    return bucket_seconds * -(-buckets // (MAX_COLUMNS - 1))


def _label(time: datetime, step: int) -> str:
    if step % _DAY == 0 or (step >= _HOUR and time.hour == 0):
        return f"{time.day} {time:%b}"
    return f"{time:%H:%M:%S}" if step < _MINUTE else f"{time:%H:%M}"
