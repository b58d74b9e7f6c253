"""File report: what became of the records of one input."""

from __future__ import annotations

from dataclasses import dataclass, field

from .intake import Problem
from .shape import Shape


@dataclass
class FileReport:
    """Counts of records; `skipped` are those of no supported log, `reason` says what was left out and why."""

    path: str
    source: list[str] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    records: int = 0
    events: int = 0
    duplicates: int = 0
    not_relevant: int = 0
    unreadable: int = 0
    skipped: int = 0
    reason: str | None = None
    problems: list[Problem] = field(default_factory=list)
    unreadable_times: int = 0
    time_example: str | None = None
    is_unreadable: bool = False
    batch: int | None = None
    given: int = 0
    duplicate_of: str | None = None

    @property
    def is_read(self) -> bool:
        """True where some record belongs to a log that is supported."""
        return self.given + self.events + self.duplicates + self.not_relevant > 0

    @property
    def is_whole(self) -> bool:
        """True where everything in it was read, and belongs to a log that is supported."""
        is_doubtful = self.unreadable or self.problems or not self.is_read
        return not self.is_unreadable and not ((self.records or self.problems) and is_doubtful)

    def note(self, shape: Shape) -> None:
        """Some records are of this shape."""
        if shape.source not in self.source:
            self.source.append(shape.source)
        if shape.name not in self.shape:
            self.shape.append(shape.name)

    def give_reason(self, reason: str) -> None:
        """Adds to what is said about records that were left out."""
        self.reason = reason if self.reason is None else f"{self.reason}; {reason}"
