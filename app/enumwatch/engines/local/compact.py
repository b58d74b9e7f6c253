"""Compact: rows of a query in which every text crosses into Python once, and is one number from then on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

from .store import Store

Row = TypeVar("Row", bound=tuple[Any, ...])
Columns = Iterator[list[tuple[Any, ...]]]  # many rows at a time


class Group(NamedTuple):
    """Columns that come from one small table of what occurs together: its values by column, each at its number."""

    names: Sequence[str]
    columns: list[tuple[Any, ...]]


def rows_of(kind: type[Row], columns: Sequence[Iterable[Any]]) -> Iterator[Row]:
    """Named tuples of a kind from columns in the order of its fields, made without a step of Python for each."""
    return map(tuple.__new__, repeat(kind), zip(*columns, strict=True))


class Compact:
    """Reads tables whose texts repeat themselves; equal texts are one object in everything that one Compact has read.

    Making a text costs Python more than everything else about a row, and a name or an address occurs many times.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[str, str] = {}

    def read(self, table: str, parts: Sequence[str | Sequence[str]]) -> tuple[list[Group], Columns]:
        """The groups of a table's columns, and its rows in order, many at a time, as columns.

        A part is SQL of a number, or names of columns that are a group; a row has the number, or the number of the group's
        values. Groups are numbered in the order of their values, so the rows are in the order of all that the parts name.
        No column of a group holds NULL.
        """
        joins, found, columns = [], [], []
        for turn, names in enumerate(parts):
            if isinstance(names, str):
                columns.append(names)
                continue
            listed = ", ".join(names)
            self._store.db.execute(
                f"CREATE OR REPLACE TEMP TABLE group_{turn} AS SELECT row_number() OVER (ORDER BY {listed}) - 1 "
                f"AS number_{turn}, {listed} FROM (SELECT DISTINCT {listed} FROM {table})"
            )
            joins.append(f" JOIN group_{turn} USING ({listed})")
            columns.append(f"number_{turn}")
            found.append(Group(names, self._values(f"SELECT {listed} FROM group_{turn} ORDER BY number_{turn}")))
        order = ", ".join(str(number) for number in range(1, len(columns) + 1))
        return found, self._rows(
            f"SELECT {', '.join(columns)} FROM {table}{''.join(joins)} ORDER BY {order}", len(parts)
        )

    def _rows(self, sql: str, parts: int) -> Columns:
        yield from self._store.columns(sql)
        for turn in range(parts):
            self._store.db.execute(f"DROP TABLE IF EXISTS group_{turn}")

    def _values(self, sql: str) -> list[tuple[Any, ...]]:
        one_of = self._texts.setdefault
        return [
            tuple([one_of(value, value) if value.__class__ is str else value for value in column])
            for column in zip(*self._store.rows(sql), strict=True)
        ]
