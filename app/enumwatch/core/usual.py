"""Usual: what a tenant's own log says is normal there, up to a moment and never after it."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Dict, Iterable, List, Optional, Tuple

from .baseline import baseline
from .name_pattern import Pattern, pattern_of
from .roll_call.knowledge import Knowledge
from .roll_call.statistics import Statistics
from .times import DAY, day_of

_PEOPLE = 512  # who tell how names are made here; more of them change nothing any more
_FEWEST_PEOPLE = 8
_DAYS = 30


class Usual:
    """Asked only where a finding is told, so it counts then and not while the log is followed."""

    def __init__(self, knowledge: Knowledge, statistics: Statistics) -> None:
        self._knowledge = knowledge
        self._statistics = statistics
        self._earliest: List[Tuple[int, str]] = []
        self._patterns: Dict[int, Optional[Pattern]] = {}

    def unseen_share(self, names: Iterable[str], before: int) -> Optional[float]:
        """Share (0 to 1) of these names that nobody had signed in with before a time (microseconds); None of no names."""
        people, tried = self._knowledge.people, list(names)
        if not tried:
            return None
        return sum(1 for name in tried if name not in people or people[name] >= before) / len(tried)

    def pattern(self, before: int) -> Optional[Pattern]:
        """How most names here are made, by the first people who signed in before a time; None of too few people."""
        number = bisect_left(self._first_people(), (before, ""))
        if number < _FEWEST_PEOPLE:
            return None
        # A sample that only ever doubles tells as much, and is read a few times instead of once for every newcomer.
        number = 1 << (number.bit_length() - 1)
        if number not in self._patterns:
            self._patterns[number] = pattern_of(name for _, name in self._earliest[:number])
        return self._patterns[number]

    def _first_people(self) -> List[Tuple[int, str]]:
        people = self._knowledge.people
        # Whoever comes later is later than all of these, so once there are enough they stay the first.
        if len(self._earliest) < _PEOPLE and len(self._earliest) < len(people):
            self._earliest = sorted((time, name) for name, time in people.items())[:_PEOPLE]
            self._patterns.clear()
        return self._earliest

    def absent_names(self, start: int) -> Dict[str, Any]:
        """First contacts with absent names per day, on the complete days of the month before the day of `start`.

        They are of all places, and of no incident that began with `start`: it lies after them.
        """
        began = self._statistics.began
        end = day_of(start)
        first = end if began is None else max(day_of(began - 1) + DAY, end - _DAYS * DAY)
        counts = self._statistics.absent_by_day
        days = [counts.get(day, 0) for day in range(first, end, DAY)]
        own = baseline(days, 0.0, 0.0)
        return {
            "measure": "absent names a day",
            "days": own.days,
            "median": round(own.median, 1),
            "deviation": round(own.deviation, 1),
            "most": own.most,
        }
