"""Ways: the ways of attack, and which log shows which of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .document import Document
from .limit import Limit


@dataclass(frozen=True)
class Sight:
    """One log that shows a way: by events of a kind, with one of the `forms` (client apps) where it names some.

    `shows` is seen or partly, `because` why it is only partly; `needs` are fields without which it shows less.
    """

    log: str
    kind: str
    forms: tuple[str, ...]
    shows: str
    needs: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Way:
    """One way of attack. Either some logs show it, or `never` says why none can; `weight` is from 1 to 3."""

    id: str
    title: str
    techniques: tuple[str, ...]
    weight: int
    logs: tuple[Sight, ...]
    never: str


@dataclass(frozen=True)
class NeededField:
    """A field that rules need of events of some kinds; `lost` says what is lost where it is empty."""

    kinds: tuple[str, ...]
    lost: str


@dataclass(frozen=True)
class HistoryNeed:
    """A limit of a detection that says how long logs with events of some kinds must be, and `because` why."""

    detection: str
    kinds: tuple[str, ...]
    limit: str
    because: str


@dataclass(frozen=True)
class Ways:
    """The whole file; `arrival` are names of the time of arrival."""

    id: str
    version: int
    limits: Mapping[str, Limit]
    fields: Mapping[str, NeededField]
    arrival: tuple[str, ...]
    history: tuple[HistoryNeed, ...]
    logs: Mapping[str, str]
    ways: tuple[Way, ...]
    content: Mapping[str, Any]
    document: Document
