"""Running sum: has the rate of suspicious first contacts of one entity changed for the worse?

A cumulative sum corrected for drift (Page 1954; for the detection of scans see Jung and others 2004): the level falls with
time at half the distance between the usual rate and the rate worth an alarm, and rises with each first contact's weight.
"""

from __future__ import annotations

from typing import List, NamedTuple, Set

from ..observation import Observation, Place
from ..times import DAY, HOUR, day_of

ALARM_RATE_TIMES = 4.0  # times the usual rate
ALARM_RATE_FLOORS = 6.0  # times the floor of the usual rate
FORGOTTEN_AFTER = 30 * DAY  # an entity that was quiet so long begins anew


class Contribution(NamedTuple):
    """A suspicious first contact and how much it speaks for a roll call."""

    observation: Observation
    weight: float


class RunningSum:
    """Level of one entity and what made it up since it was last zero. Times in microseconds, rates per hour."""

    # There is one for each place that says something, and most get one contribution.
    __slots__ = ("_day", "_earlier", "_floor", "_since", "_time", "_today", "contributions", "level")
    DERIVED = ("names",)  # remembered besides, as what earlier versions read

    def __init__(self, floor: float, since: int, now: int) -> None:
        self.level = 0.0
        self.contributions: List[Contribution] = []
        self._floor = floor
        self._since = day_of(since)  # when the history of the tenant begins
        self._time = now
        self._day = day_of(now)
        self._earlier = 0  # contributions on complete earlier days
        self._today = 0

    @property
    def names(self) -> Set[str]:
        """Distinct names of the contributions."""
        return {one.observation.name for one in self.contributions}

    @property
    def last(self) -> int:
        """When something was added last, microseconds."""
        return self._time

    def add(self, contribution: Contribution) -> float:
        """Adds a first contact; returns the level after it."""
        now = contribution.observation.time
        today = day_of(now)
        if today != self._day:
            self._earlier += self._today
            self._today, self._day = 0, today
        # What is judged never counts into what is usual, so today does not.
        usual = self._floor
        complete_days = (self._day - self._since) // DAY
        if complete_days:
            usual = max(usual, self._earlier / (complete_days * 24))
        alarming = max(ALARM_RATE_TIMES * usual, ALARM_RATE_FLOORS * self._floor)
        level = self.level - 0.5 * (alarming - usual) * (now - self._time) / HOUR
        if level <= 0.0:
            level = 0.0
            self.contributions = []
        # The two rates always lie so far apart that a contact counts with its whole weight.
        self.level = level + contribution.weight
        self._time = now
        self._today += 1
        self.contributions.append(contribution)
        return self.level

    @property
    def is_idle(self) -> bool:
        """True while nothing is being summed up."""
        return self.level <= 0.0

    def lower(self, by: float) -> None:
        """Takes something back, as for somebody who signed in."""
        self.level = max(0.0, self.level - by)

    def take_back(self, name: str) -> None:
        """Takes a name back that turned out to be no first contact of a roll call."""
        if name in self.names:
            self.level -= sum(one.weight for one in self.contributions if one.observation.name == name)
            self.level = max(0.0, self.level)
            self.contributions = [one for one in self.contributions if one.observation.name != name]

    def clear(self) -> None:
        """Starts again at zero, as after an alarm."""
        self.level = 0.0
        self.contributions = []


class Tally:
    """Distinct names and places of the contributions of a sum, counted on from where they were counted last."""

    __slots__ = ("_counted", "_of", "names", "places")

    def __init__(self) -> None:
        self._of: List[Contribution] = []
        self._counted = 0
        self.names: Set[str] = set()
        self.places: Set[Place] = set()

    def take(self, contributions: List[Contribution]) -> None:
        """Counts what a sum holds. A sum that lost something holds another list than before."""
        if contributions is not self._of:
            self._of, self._counted = contributions, 0
            self.names, self.places = set(), set()
        for one in contributions[self._counted :]:
            self.names.add(one.observation.name)
            self.places.add(one.observation.place)
        self._counted = len(contributions)
