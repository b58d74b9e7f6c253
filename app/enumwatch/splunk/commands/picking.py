"""Picking: cells out of a row by their places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any


def getter(places: Sequence[int]) -> Callable[[Any], Any]:
    """What picks these places out of a row, always as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    if places:
        place = places[0]
        return lambda row: (row[place],)
    return lambda row: ()
