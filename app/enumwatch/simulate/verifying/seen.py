"""Seen: what is known of a run where it was sent to, whoever asked and however."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..verify import Finding

Key = tuple[str, str]  # scenario, source


@dataclass(frozen=True)
class Arrival:
    """How many events of a part are there, and how many of them the readers of the log recognise; None where nobody looked."""

    events: int
    read: int | None = None


@dataclass
class Seen:
    """`arrivals` lacks what nobody looked at. Times in microseconds.

    `ran_at` is when the last run that could have seen everything began, by detection and under "" for all; None where
    nobody looked, empty where nothing ever ran. `decided_since` is the time before which nothing is decided on any more.
    """

    findings: list[Finding] = field(default_factory=list)
    has_findings: bool = True
    arrivals: dict[Key, Arrival] = field(default_factory=dict)
    ran_at: dict[str, int] | None = None
    decided_since: int = 0
    troubles: list[str] = field(default_factory=list)

    def began(self, detection: str) -> int | None:
        """When the last run of a detection began, 0 where none did, None where nobody knows."""
        return None if self.ran_at is None else max(self.ran_at.get(detection, 0), self.ran_at.get("", 0))
