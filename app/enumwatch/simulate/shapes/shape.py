"""What a shape is: how one source writes an event down, and the file forms its records come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from ..event import SimEvent, SimulateError, guid
from ..population import Organisation

Record = Any  # a dict, a list of CSV cells or a line of text, as the form says
Rendered = tuple[str, Record]


@dataclass
class Desk:
    """What a shape needs to know while it writes: who the tenants are, and where ids come from."""

    rng: Random
    organisations: dict[str, Organisation]
    next_number: int

    def guid(self) -> str:
        return guid(self.rng)

    def number(self) -> int:
        """The next record number of a log that counts its records."""
        self.next_number += 1
        return self.next_number

    def organisation(self, event: SimEvent) -> Organisation:
        return self.organisations[event.tenant]


def same(record: Record) -> Record:
    return record


@dataclass(frozen=True)
class Form:
    """One file form: `container` is "lines", "array", "page", "csv", "text", "xml" or "parquet"."""

    ext: str
    container: str = "lines"
    convert: Callable[[Record], Record] = same
    head: tuple[str, ...] = ()  # CSV columns, or the lines a text file begins with
    page_key: str = ""
    page_head: tuple[tuple[str, Any], ...] = ()
    quote_all: bool = False
    bom: bool = False


@dataclass(frozen=True)
class Shape:
    """One source: the kinds it can hold, how it renders an event, and what a reader of it can see of the answer.

    `render` gives zero or more (event id, record) pairs; an empty id means the log has none, and the writer uses
    file and line. `seen` gives the outcome the log shows, "" where it is silent; `shown` and `doer` the names it
    gives to the target and to whoever acted, "" where it hides them.
    """

    id: str
    kinds: frozenset[str]
    render: Callable[[SimEvent, Desk], Sequence[Rendered]]
    forms: dict[str, Form]
    seen: Callable[[SimEvent], str]
    shown: Callable[[SimEvent], str]
    doer: Callable[[SimEvent], str]

    def form(self, name: str | None) -> Form:
        """The form with this name, or the provider's own; SimulateError names the choices."""
        if name is None:
            return next(iter(self.forms.values()))
        if name not in self.forms:
            raise SimulateError(f"{self.id} has no form {name!r}; choose one of {', '.join(self.forms)}")
        return self.forms[name]


def as_answered(event: SimEvent) -> str:
    return event.answer


def as_acting(event: SimEvent) -> str:
    return event.actor


def as_named(event: SimEvent) -> str:
    return event.target
