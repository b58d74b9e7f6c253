"""Wording: numbers with their nouns, and lengths of time, as sentences say them."""

from __future__ import annotations

from .times import DAY, HOUR, MINUTE, SECOND


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it is not one."""
    plural = f"{noun}es" if noun.endswith(("s", "x")) else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def lasting(length: int) -> str:
    """A length of time in its largest fitting unit: "1 hour", "90 seconds"; microseconds in."""
    for unit, noun in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if length >= 2 * unit or length == unit:
            return counted(round(length / unit), noun)
    return counted(round(length / SECOND), "second")
