"""Ranges: how far a limit may be moved by an overlay, and which limits must keep their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from .duration import parse_duration
from .limit import Limit, spelled

# Beyond this a rule is another rule, which belongs into a file of its own with cases that prove it.
_FARTHEST = 5

# Of each pair the first must not exceed the second, or one of the two could never matter.
ORDERED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "email_enumeration": (
        ("moderate_names_with_tool", "moderate_names"),
        ("moderate_names", "high_names"),
        ("address_level", "learning_level"),
        ("address_names", "learning_names"),
    ),
    "published_threshold": (("names", "moderate_names"), ("moderate_names", "high_names")),
    "password_spray": (("round_names", "names"), ("names", "shared_names")),
    "password_guessing": (("burst_attempts", "hour_attempts"),),
    "identity_gathering": (
        ("window", "day_window"),
        ("own_objects", "hour_objects"),
        ("hour_objects", "day_objects"),
        ("signs_blind", "signs"),
        ("signs", "signs_cold"),
    ),
    "account_creation": (("window", "day_window"), ("burst", "day_burst")),
}


class Range(NamedTuple):
    """What a limit may be: seconds where `is_duration`, whole numbers alone where `is_whole`."""

    least: float
    most: float
    is_whole: bool
    is_duration: bool

    def number(self, value: object) -> float | None:
        """Return the number of a value as written, in the units of the range; None for a value of another type."""
        if self.is_duration:
            return parse_duration(value) if isinstance(value, str) else None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        return None if self.is_whole and not isinstance(value, int) else value

    def holds(self, number: float) -> bool:
        """Return whether a number lies in the range."""
        return self.least <= number <= self.most

    def __str__(self) -> str:
        """Return the range in words: "a whole number from 2 to 50", "a duration from 2m to 50m"."""
        sort = "a duration" if self.is_duration else "a whole number" if self.is_whole else "a number"
        ends = (short_duration(int(end)) if self.is_duration else f"{end:g}" for end in (self.least, self.most))
        return f"{sort} from {' to '.join(ends)}"


def range_of(limit: Limit) -> Range:
    """Return the range of a limit as shipped: up to five times either way, shares no more than all of it."""
    is_duration = isinstance(limit.value, str)
    is_whole = isinstance(limit.number, int)
    is_share = not limit.unit and not is_whole and limit.number <= 1
    least, most = limit.number / _FARTHEST, limit.number * _FARTHEST
    if is_whole:
        least = min(limit.number, max(1, -(-limit.number // _FARTHEST)))
    return Range(least, min(1.0, most) if is_share else most, is_whole, is_duration)


def out_of_order(detection: str, numbers: Mapping[str, float]) -> list[tuple[str, str]]:
    """Return the pairs of limits of which the first exceeds the second; `numbers` holds every limit of the rule."""
    pairs = ORDERED.get(detection, ())
    return [(low, high) for low, high in pairs if low in numbers and high in numbers and numbers[low] > numbers[high]]


def short_duration(seconds: int) -> str:
    """Return seconds as a rule writes them: 90s, 10m, 1h, 7d."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds % size == 0 and seconds:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def written(number: float, limit: Limit) -> int | float | str:
    """Return a number as a rule file holds it for a limit, a duration with its unit."""
    return short_duration(int(number)) if isinstance(limit.value, str) else number


def in_words(number: float, limit: Limit) -> str:
    """Return a number with the unit of its limit: "12 points", "2 hours"."""
    return spelled(replace(limit, value=written(number, limit)))
