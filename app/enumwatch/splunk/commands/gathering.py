"""Gathering: rows of Splunk, events or contacts, become what the core decides on, without keeping the rows.

Tries are counted per hour and kept under the raw texts of their columns; of successes only the first under the same texts
is kept. What the texts mean is worked out once for each group, when everything has arrived.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Union

from ...core.memory.row import MemoryRow
from ...core.times import HOUR, SECOND
from .columns import (
    ATTEMPTS,
    EVENT_ID,
    FIRST,
    KEY_COLUMNS,
    LAST,
    MEMORY_COLUMNS,
    ROW_TYPE,
    SUCCESS_COLUMNS,
    TIME,
    text_of,
)
from .meanings import BAD, NOISE, SUCCESS, Meanings
from .moments import micro_of
from .picking import getter
from .speech import shown

# Groups of tries and of successes kept at most; half a million take about 200 MB.
MOST_GROUPS = 500_000
# Lines of successes kept whole; of more only the columns that matter are kept.
_MOST_LINES = 300_000
# Ids of tries kept at most, to count none of them twice; a million take about 100 MB.
_MOST_IDS = 1_000_000
_AT_ONCE = 5_000
_OWN_ROWS = ("finding", "summary")

# One attempt at a time, or how many there were with the times of the first and the last; microseconds.
Counts = Union[int, "list[int]"]


class Groups:
    """What rows with the same columns were grouped into, under tuples of cells or under whole lines.

    `tries` by the start of their hour (microseconds); `successes` with the time of the first (seconds).
    """

    def __init__(self, columns: Sequence[str], success_columns: Sequence[str], *, are_lines: bool = False) -> None:
        self.columns = tuple(columns)
        self.success_columns = tuple(success_columns)
        self.are_lines = are_lines
        self.tries: dict[int, dict[Any, Counts]] = {}
        self.successes: dict[Any, float] = {}

    def emptied(self, table: dict[Any, Any]) -> Iterator[tuple[Sequence[str], Any]]:
        """Cells and value of everything in one of the tables, which is empty afterwards."""
        while table:
            some = [table.popitem() for _ in range(min(len(table), _AT_ONCE))]
            keys: Iterable[Any] = [key for key, _ in some]
            yield from zip(csv.reader(keys) if self.are_lines else keys, [value for _, value in some])


class Gathering:
    """Takes rows in any order; knows what was refused, and why."""

    def __init__(self, meanings: Meanings, most: int = MOST_GROUPS) -> None:
        self.meanings = meanings
        self.most = most
        self.memory: list[MemoryRow] = []
        self.has_memory = False
        self.refused = 0
        self.example = ""  # why one of them was refused, the same whatever the order
        self.noise = 0
        self.repeated = 0
        self.counted = 0  # rows that say something
        self.unmarked = 0  # rows whose id could not be kept, so that they may count twice
        self.cut = 0  # rows left out because there were too many groups
        self._left_for_tries = self._left_for_successes = most
        self._ids: set[int] = set()
        self._by_columns: dict[Any, Groups] = {}
        self._whole = self.groups(KEY_COLUMNS, SUCCESS_COLUMNS)

    def groups(self, columns: Sequence[str], success_columns: Sequence[str]) -> Groups:
        """The groups of rows that have these columns."""
        key = tuple(columns), tuple(success_columns)
        known = self._by_columns.get(key)
        if known is None:
            known = self._by_columns[key] = Groups(columns, success_columns)
        return known

    def line_groups(self, columns: Sequence[str]) -> Groups:
        """The groups of lines that hold these columns and no others."""
        key = tuple(columns)
        known = self._by_columns.get(key)
        if known is None:
            known = self._by_columns[key] = Groups(columns, columns, are_lines=True)
        return known

    def all_groups(self) -> list[Groups]:
        """Everything that was gathered, ready to be taken apart."""
        return list(self._by_columns.values())

    def refuse(self, problem: str) -> None:
        """Counts a row that cannot be used."""
        self.refused += 1
        self.example = min(problem, self.example or problem)

    def take(self, row: Mapping[str, Any]) -> None:
        """Takes one row as the SDK hands it over; the reference for every faster way."""
        if not row:
            return
        sort = text_of(row.get(ROW_TYPE))
        if sort == "memory":
            self.remember(row)
            return
        if sort in _OWN_ROWS:
            return
        meaning = self.meanings.of(row)
        if meaning.sort == BAD:
            self.refuse(meaning.problem)
            return
        attempts, first, last = text_of(row.get(ATTEMPTS)), text_of(row.get(FIRST)), text_of(row.get(LAST))
        if not (attempts and first):
            attempts, first, last = "1", text_of(row.get(TIME)), ""
        if meaning.sort == NOISE:
            self.noise += 1
        elif meaning.sort == SUCCESS:
            self.add_success(self._whole, tuple(_cell(row, name) for name in SUCCESS_COLUMNS), first)
        else:
            key = tuple(_cell(row, name) for name in KEY_COLUMNS)
            self.add_try(self._whole, key, attempts, first, last, text_of(row.get(EVENT_ID)))

    def add_success(self, groups: Groups, key: Any, first: str) -> None:
        """Takes a success at a time given as text."""
        try:
            moment = micro_of(first) / SECOND
        except (ValueError, OverflowError):
            self._refuse_time(first)
            return
        self.counted += 1
        self._keep_success(groups, key, moment)

    def _keep_success(self, groups: Groups, key: Any, moment: float) -> None:
        known = groups.successes.get(key)
        if known is None:
            if not self._left_for_successes:
                self.cut += 1
                return
            self._left_for_successes -= 1
        if known is None or moment < known:
            groups.successes[key] = moment

    def may_add_successes(self, rows: int) -> bool:
        """True where so many new groups of successes surely fit."""
        return rows <= self._left_for_successes

    def added_successes(self, rows: int, groups: int) -> None:
        """Counts rows and new groups that were added without being asked one by one."""
        self.counted += rows
        self._left_for_successes -= groups

    def shorten(self, lines: Groups) -> None:
        """Keeps what matters of the lines of successes where there are too many of them."""
        number = len(lines.successes)
        if number <= min(_MOST_LINES, self.most):
            return
        self._left_for_successes += number
        columns = [name for name in SUCCESS_COLUMNS if name in lines.columns]
        groups = self.groups([name for name in KEY_COLUMNS if name in lines.columns], columns)
        pick: Callable[[Sequence[str]], Any] = getter([lines.columns.index(name) for name in columns])
        for cells, moment in lines.emptied(lines.successes):
            self._keep_success(groups, pick(cells), moment)

    def add_line_tries(self, groups: Groups, lines: Iterable[str], times: Iterable[float]) -> None:
        """Takes tries by their lines, at times in seconds."""
        hours = groups.tries
        for line, time in zip(lines, times):
            moment = round(time * SECOND)
            hour = moment - moment % HOUR
            tries = hours.get(hour)
            if tries is None:
                tries = hours[hour] = {}
            self._count(tries, line, 1, moment, moment)

    def add_try(self, groups: Groups, key: Any, attempts: str, first: str, last: str, event_id: str) -> None:
        """Takes one try, or so many of them between two times; texts as they came."""
        try:
            begin = micro_of(first)
            end = micro_of(last) if last else begin
            number = 1 if attempts == "1" else int(float(attempts))
        except (ValueError, OverflowError):
            self._refuse_time(first)
            return
        if number < 1 or end < begin:
            told = f"{shown(attempts)} attempts between {shown(first)} and {shown(last)}"
            self.refuse(f"{told} cannot be: check how the contacts were made")
            return
        if event_id:
            mark = hash(event_id)
            if mark in self._ids:
                self.repeated += 1
                return
            if len(self._ids) < _MOST_IDS:
                self._ids.add(mark)
            else:
                self.unmarked += 1
        hour = begin - begin % HOUR
        tries = groups.tries.get(hour)
        if tries is None:
            tries = groups.tries[hour] = {}
        self._count(tries, key, number, begin, end)

    def _count(self, tries: dict[Any, Counts], key: Any, number: int, begin: int, end: int) -> None:
        self.counted += 1
        known = tries.get(key)
        if known is None:
            if self._left_for_tries:
                self._left_for_tries -= 1
                tries[key] = begin if number == 1 and begin == end else [number, begin, end]
            else:
                self.cut += 1
            return
        if isinstance(known, int):
            known = tries[key] = [1, known, known]
        known[0] += number
        if begin < known[1]:
            known[1] = begin
        if end > known[2]:
            known[2] = end

    def remember(self, row: Mapping[str, Any]) -> None:
        """Takes a row of memory."""
        self.has_memory = True
        key, tenant, kind, value = (_cell(row, name) for name in MEMORY_COLUMNS[:4])
        try:
            times = micro_of(text_of(row.get("updated"))), micro_of(text_of(row.get("expires")))
        except (ValueError, OverflowError):
            self.refuse("a row of memory has no times: look whether its KV store collection was changed by hand")
            return
        self.memory.append(MemoryRow(key, tenant, kind, value, *times))

    def _refuse_time(self, text: str) -> None:
        self.refuse(
            f"{shown(text)} is no time in epoch seconds: keep _time of events, first and last of contacts as they are"
        )


def _cell(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""
