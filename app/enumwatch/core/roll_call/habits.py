"""Habits: what one place has tried so far, as far as it tells a roll call from a device, a job or a provisioning run."""

from __future__ import annotations

from typing import Dict, List, Set

from ..times import DAY
from .rules import Rules

FORGOTTEN_AFTER = 14 * DAY  # a place that was quiet so long begins anew


class Habits:
    """What one place did; times in microseconds."""

    __slots__ = ("_absent", "_attempts", "_came", "_days", "_last", "_later", "_seen", "_shaped", "_strict", "retried")

    def __init__(self) -> None:
        self._seen: Dict[str, int] = {}  # name → when it was last tried
        self._attempts: Dict[str, int] = {}  # name → attempts
        self._strict: Dict[str, int] = {}  # name that spoke for a roll call → when
        self._shaped: Dict[str, Set[str]] = {}  # shape of digits → absent names of it
        self._absent: Set[str] = set()  # absent names tried
        self._later = 0  # of them signed in later, from anywhere
        self._came: Set[str] = set()
        self._days: Dict[int, List[int]] = {}  # day → first and last time of the day with something suspicious
        self.retried: Set[str] = set()
        self._last = 0

    @property
    def last(self) -> int:
        """When something was tried here last, microseconds."""
        return self._last

    @property
    def absent_names(self) -> Set[str]:
        """Absent names that were tried here and never signed in since."""
        return self._absent - self._came

    def is_forgotten(self, time: int) -> bool:
        """True where nothing was tried for so long that the place begins anew."""
        return time - self._last > FORGOTTEN_AFTER and self._last > 0

    def is_first_contact(self, name: str, time: int, rules: Rules) -> bool:
        """Notes a try; True where the name had not been tried from here for the time after which it counts again."""
        if time > self._last:
            if self.is_forgotten(time):
                self.__init__()  # type: ignore[misc]
            self._last = time
        before = self._seen.get(name)
        self._seen[name] = time
        return before is None or time - before >= rules.revisit_after

    def is_retried(self, name: str, attempts: int, rules: Rules) -> bool:
        """Counts attempts at a name; True when they just became so many that somebody keeps retrying it."""
        total = self._attempts[name] = self._attempts.get(name, 0) + attempts
        if total < rules.retries or name in self.retried or len(self.retried) >= rules.retried_names:
            return False
        self.retried.add(name)
        return True

    def note_absent(self, name: str) -> None:
        """An absent name was tried."""
        self._absent.add(name)

    def note_arrival(self, name: str) -> None:
        """An absent name that was tried here signed in for the first time."""
        if name in self._absent and name not in self._came:
            self._came.add(name)
            self._later += 1

    def is_provisioning(self, rules: Rules) -> bool:
        """True once so many of the absent names came to life that the place prepares accounts."""
        return self._later >= rules.provisioned_names and self._later >= rules.provisioned_share * len(self._absent)

    def names_of_shape(self, shape: str, name: str) -> int:
        """Notes an absent name of a shape of digits; returns how many the place has tried."""
        names = self._shaped.setdefault(shape, set())
        names.add(name)
        return len(names)

    def note_strict(self, name: str, time: int, rules: Rules) -> None:
        """A name that speaks for a roll call was tried."""
        strict = self._strict
        strict.pop(name, None)
        strict[name] = time  # behind all others, so that the oldest comes first
        if len(strict) > 8:
            horizon = time - rules.shared_memory
            while strict[next(iter(strict))] < horizon:
                del strict[next(iter(strict))]

    @property
    def strict_names(self) -> int:
        """Names of the last day that speak for a roll call."""
        return len(self._strict)

    def is_scheduled(self, time: int, rules: Rules) -> bool:
        """Notes a suspicious try; True where the place only ever acts in one short slot of the day, on several days."""
        day, clock = time // DAY, time % DAY
        slot = self._days.get(day)
        if slot is None:
            self._days[day] = [clock, clock]
            for old in [one for one in self._days if day - one > 14]:
                del self._days[old]
        else:
            if clock < slot[0]:
                slot[0] = clock
            elif clock > slot[1]:
                slot[1] = clock
        if len(self._days) < rules.schedule_days or (slot is not None and slot[1] - slot[0] > rules.schedule_slot):
            return False
        slots = self._days.values()
        return max(one[1] for one in slots) - min(one[0] for one in slots) <= rules.schedule_slot
