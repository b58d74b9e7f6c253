"""History: what somebody did on earlier days: how much, when, from which networks and with which clients."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Tuple

from .times import DAY, HOUR

_FIRST_SUNDAY = 3  # 1970-01-01 was a Thursday


@dataclass
class History:
    """One actor's days. Today's part joins the others when the day is over, unless it belongs to a finding."""

    day: int = -1  # number of the day since 1970
    peak_hour: int = 0  # most within any hour of today
    peak_day: int = 0  # most within any 24 hours that end today
    hours_of_day: Dict[int, int] = field(default_factory=dict)
    networks_of_day: Dict[str, int] = field(default_factory=dict)
    clients_of_day: Dict[str, int] = field(default_factory=dict)
    is_accused: bool = False  # something of today belongs to a finding
    peaks: Dict[int, Tuple[int, int]] = field(default_factory=dict)  # day → its two peaks
    hours: Dict[int, int] = field(default_factory=dict)  # hour of the day (weekends: + 24) → last day
    networks: Dict[str, Tuple[int, int]] = field(default_factory=dict)  # network → first and last day
    clients: Dict[str, Tuple[int, int]] = field(default_factory=dict)  # client → first and last day

    def begin(self, time: int, keep: int) -> None:
        """Ends the days before this time; forgets what is older than `keep` microseconds."""
        day = time // DAY
        if day == self.day:
            return
        if self.day >= 0 and not self.is_accused:
            self.peaks[self.day] = (self.peak_hour, self.peak_day)
            self.hours.update(self.hours_of_day)
            for table, fresh in ((self.networks, self.networks_of_day), (self.clients, self.clients_of_day)):
                table.update((name, (table.get(name, (self.day, 0))[0], self.day)) for name in fresh)
        oldest = (time - keep) // DAY
        self.hours = {key: last for key, last in self.hours.items() if last >= oldest}
        self.networks = {key: days for key, days in self.networks.items() if days[1] >= oldest}
        self.clients = {key: days for key, days in self.clients.items() if days[1] >= oldest}
        self.peaks = {past: peaks for past, peaks in self.peaks.items() if past >= oldest}
        self.day, self.is_accused, self.peak_hour, self.peak_day = day, False, 0, 0
        self.hours_of_day, self.networks_of_day, self.clients_of_day = {}, {}, {}

    def note(self, time: int, network: str, client: str) -> None:
        """Adds when, whence and with what something was done; today must have begun."""
        self.hours_of_day[hour_key(time)] = self.day
        if network:
            self.networks_of_day[network] = self.day
        if client:
            self.clients_of_day[client] = self.day

    def before(self, time: int, length: int) -> List[int]:
        """Peaks of the earlier days that a window of this length, ending now, does not touch."""
        first = (time - length) // DAY
        index = 0 if length <= HOUR else 1
        return [peaks[index] for day, peaks in sorted(self.peaks.items()) if day < first]

    def has_used_network(self, network: str, before: int) -> bool:
        """Whether a network was used on a day before the one that holds this time."""
        return network in self.networks and self.networks[network][0] < before // DAY

    def is_usual_hour(self, time: int) -> bool:
        """Whether this hour lies in the part of the day in which something was done before, weekends apart.

        That part is what the longest pause of the day leaves, and an hour on both sides.
        """
        key = hour_key(time)
        hours = sorted(hour % 24 for hour in self.hours if (hour >= 24) == (key >= 24))
        if not hours:
            return False
        pauses = [(after - hour) % 24 or 24 for hour, after in zip(hours, [*hours[1:], hours[0]])]
        longest = max(range(len(hours)), key=lambda index: pauses[index])
        return not 1 < (key - hours[longest]) % 24 < pauses[longest] - 1


def hour_key(time: int) -> int:
    """Hour of the UTC day, plus 24 at weekends."""
    is_weekend = (time // DAY + _FIRST_SUNDAY) % 7 >= 5
    return time // HOUR % 24 + (24 if is_weekend else 0)
