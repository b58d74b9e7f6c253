"""Grouping: rows and their times into contacts, whether they come one by one or already counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...core.contact import Contact
from ...core.times import day_of, hour_of
from .rows import Row

_HOUR = Contact._fields.index("hour")


class Record(NamedTuple):
    """One event of a document that was read by itself."""

    time: int
    row: Row
    identity: str


class Grouping:
    """Contacts in the making; rows with equal keys become one, noise becomes none."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, Row], list[int]] = {}
        self._seen: set[tuple[int, Row, str]] = set()
        self.noise: dict[str, int] = {}

    def add(self, row: Row, attempts: int, first: int, last: int) -> None:
        """Counts attempts that lie in one hour, or for a success in one day; microseconds."""
        if row.outcome == "noise":
            self.noise[row.code] = self.noise.get(row.code, 0) + attempts
            return
        key = (day_of(first) if row.is_success else hour_of(first), row)
        known = self._found.get(key)
        if known is None:
            self._found[key] = [attempts, first, last]
        else:
            known[0] += attempts
            known[1] = min(known[1], first)
            known[2] = max(known[2], last)

    def add_record(self, record: Record) -> None:
        """Counts one event; of a success that was written down twice only the times count again."""
        attempts = 1
        if record.identity and record.row.is_success:
            mark = (day_of(record.time), record.row, record.identity)
            attempts = 0 if mark in self._seen else 1
            self._seen.add(mark)
        self.add(record.row, attempts, record.time, record.time)

    def contacts(self) -> Iterator[Contact]:
        """What was grouped."""
        for (start, row), (attempts, first, last) in self._found.items():
            # The fields of a row in the order of a contact, whose hour stands among them.
            yield Contact._make((*row[:_HOUR], start, *row[_HOUR:], attempts, first, last))


def each_once(records: list[Record], seen: set[str]) -> Iterator[Record]:
    """Records of which those that did not succeed are given once for each id: the first in the order of their content.

    `seen` are the ids that were given before.
    """
    for record in sorted(records):
        if record.identity and not record.row.is_success and record.row.outcome != "noise":
            if record.identity in seen:
                continue
            seen.add(record.identity)
        yield record
