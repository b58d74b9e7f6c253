"""Compact: rows of a query in which every text crosses into Python once, and is one number from then on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .store import Store


class Group(NamedTuple):
    """Columns that come from one small table of what occurs together: its values by column, each at its number."""

    names: Sequence[str]
    columns: list[tuple[Any, ...]]


class Compact:
    """Reads tables whose texts repeat themselves; equal texts are one object in everything that one Compact has read.

    Making a text costs Python more than everything else about a row, and a name or an address occurs many times.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[str, str] = {}

    def read(
        self, table: str, numbers: Sequence[str], groups: Sequence[Sequence[str]], order: str
    ) -> tuple[list[Group], Iterator[list[tuple[Any, ...]]]]:
        """The groups of a table's columns, and its rows in order, many at a time, as columns.

        These are the `numbers` (SQL), then for each group the number of its values. No column of a group holds NULL.
        """
        joins, found = [], []
        for turn, names in enumerate(groups):
            listed = ", ".join(names)
            self._store.db.execute(
                f"CREATE OR REPLACE TEMP TABLE group_{turn} AS SELECT row_number() OVER () - 1 AS number_{turn}, * "
                f"FROM (SELECT DISTINCT {listed} FROM {table})"
            )
            joins.append(f" JOIN group_{turn} USING ({listed})")
            found.append(Group(names, self._values(f"SELECT {listed} FROM group_{turn} ORDER BY number_{turn}")))
        columns = ", ".join([*numbers, *(f"number_{turn}" for turn in range(len(groups)))])
        return found, self._rows(f"SELECT {columns} FROM {table}{''.join(joins)} ORDER BY {order}", len(groups))

    def _rows(self, sql: str, groups: int) -> Iterator[list[tuple[Any, ...]]]:
        yield from self._store.columns(sql)
        for turn in range(groups):
            self._store.db.execute(f"DROP TABLE group_{turn}")

    def _values(self, sql: str) -> list[tuple[Any, ...]]:
        one_of = self._texts.setdefault
        return [
            tuple([one_of(value, value) if value.__class__ is str else value for value in column])
            for column in zip(*self._store.rows(sql), strict=True)
        ]
