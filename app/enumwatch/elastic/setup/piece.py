"""Piece: one thing that enumwatch needs in a cluster, and what became of it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .kinds import KINDS, Kind
from .stamp import Stamp, stamp_of

MISSING, CURRENT, STALE, NEWER, FOREIGN = "missing", "current", "stale", "newer", "foreign"


@dataclass(frozen=True)
class Piece:
    """What is to be made: its kind is a key of KINDS, `body` what it says without its stamp."""

    kind: str
    name: str
    body: dict[str, Any]

    @property
    def of(self) -> Kind:
        """How its kind is read and written."""
        return KINDS[self.kind]

    @property
    def stamp(self) -> Stamp:
        """The stamp it gets."""
        return stamp_of(self.body)

    def __str__(self) -> str:
        return f"{self.of.what} {self.name}"


@dataclass(frozen=True)
class Found:
    """A piece and its state in the cluster: missing, current, stale (of other content), newer or foreign."""

    piece: Piece
    state: str
    body: Any = None  # as the cluster tells it
