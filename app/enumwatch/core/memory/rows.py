"""Rows: parts of what a rule knows written as rows, and rows given back part by part."""

from __future__ import annotations

from typing import Any, Callable, Iterable, List, Mapping, Tuple, TypeVar

from .codec import UnreadableMemoryError, dumps, loads
from .row import MemoryRow

Part = Tuple[str, str, str, Any, int, int]  # tenant, kind, key, value, updated, expires
Watch = TypeVar("Watch")


def written(parts: Iterable[Part], now: int) -> List[MemoryRow]:
    """Rows of the parts that say something after `now` (microseconds), in a fixed order."""
    return sorted(
        MemoryRow(key, tenant, kind, dumps(value), updated, expires)
        for tenant, kind, key, value, updated, expires in parts
        if expires > now
    )


def give_back(
    watch: Watch, rows: Iterable[MemoryRow], now: int, take: Mapping[str, Callable[[Watch, MemoryRow, Any], None]]
) -> None:
    """Gives a fresh watch the rows that have not expired, each by what takes its kind; rows of other kinds are left.

    Raises UnreadableMemoryError for a row of another make.
    """
    for row in sorted(rows):
        if row.expires > now and row.kind in take:
            value = loads(row.value, {})
            try:
                take[row.kind](watch, row, value)
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as problem:
                raise UnreadableMemoryError(f"no memory of this version: {problem}") from problem
