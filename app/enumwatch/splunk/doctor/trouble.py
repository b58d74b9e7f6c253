"""One thing that is wrong with an installation, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

# Worst first: without mending nothing is found; something is missed or slow; worth knowing.
LEVELS = ("broken", "doubtful", "note")


class Trouble(NamedTuple):
    """What is wrong (`what`), with which object (`where`), and what mends it (`advice`); `level` is one of LEVELS."""

    level: str
    where: str
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.level}: {self.where}: {self.what}: {self.advice}"
