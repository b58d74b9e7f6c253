"""Measures in exported rows: numbers written as text, and how they are told."""

from __future__ import annotations

import math
from collections.abc import Mapping

MINUTE, HOUR, DAY = 60, 3600, 86400


def number(row: Mapping[str, str], name: str) -> float:
    """Return the number in a cell; 0 where it is empty, no number or not finite."""
    try:
        found = float(row.get(name) or 0)
    except ValueError:
        return 0.0
    return found if math.isfinite(found) else 0.0


def span(seconds: float) -> str:
    """Return a stretch of time in the largest unit of which there are two."""
    for name, unit in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}s"
    return f"{seconds:.0f} seconds"


def percent(share: float) -> str:
    """Return a share of 1 in percent."""
    return f"{100 * share:.0f} %"
