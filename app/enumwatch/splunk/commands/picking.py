"""Picking: cells out of a row by their places, and what was made of them before."""

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


_MOST_ANSWERS = 200_000


class Remembered(dict[Any, Any]):
    """Answers by question, each worked out when it is first asked, and once more where there were too many in between."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, key: Any) -> Any:
        if len(self) >= _MOST_ANSWERS:
            self.clear()
        found = self[key] = self._answer(key)
        return found
