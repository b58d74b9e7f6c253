"""Baseline: what would be normal for somebody, from their own earlier days: median, spread and the most there was."""

from __future__ import annotations

from typing import List, NamedTuple, Sequence

# Makes the median absolute deviation of a normal distribution its standard deviation.
_SCALE = 1.4826


class Baseline(NamedTuple):
    """Earlier days in numbers, and the bound up to which a day is still one of them."""

    days: int
    median: float
    deviation: float  # median absolute deviation, scaled
    most: float
    bound: float


def median(values: Sequence[float]) -> float:
    """The middle of the values, of an even number the mean of the two; 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def baseline(values: Sequence[float], deviations: float, over_most: float) -> Baseline:
    """The baseline of these days. The caller leaves out the days that the judged window touches.

    A job that runs once a week or a month is no surprise the second time, so the bound never lies below the most there
    was, times `over_most`.
    """
    middle = median(values)
    spread = _SCALE * median([abs(one - middle) for one in values])
    most = float(max(values, default=0))
    return Baseline(len(values), middle, spread, most, max(middle + deviations * spread, most * over_most))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed; 0 of none."""
    ordered: List[float] = sorted(values)
    if not ordered:
        return 0.0
    position = -(-int(share * 100) * len(ordered) // 100) - 1
    return float(ordered[min(max(position, 0), len(ordered) - 1)])
