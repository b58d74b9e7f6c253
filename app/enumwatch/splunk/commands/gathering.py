"""Gathering: rows of Splunk, events or contacts, become what the core decides on, without keeping the rows.

Tries are counted per hour and kept under the raw texts of their columns; of successes only the first under the same texts
is kept. What the texts mean is worked out once for each group, when everything has arrived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.memory.row import MemoryRow
from ...core.times import HOUR
from .columns import ATTEMPTS, EVENT_ID, FIRST, KEY_COLUMNS, LAST, ROW_TYPE, SUCCESS_COLUMNS, TIME, text_of
from .meanings import BAD, NOISE, SUCCESS, Meanings
from .moments import epoch_text, micro_of
from .speech import shown

# Groups of tries and of successes kept at most; half a million take about 200 MB.
MOST_GROUPS = 500_000
_OWN_ROWS = ("finding", "summary")


class Groups:
    """What rows with the same columns were grouped into; `tries` by hour, `successes` with the text of their time."""

    def __init__(self, columns: Sequence[str], success_columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self.success_columns = tuple(success_columns)
        self.tries: dict[int, dict[Any, list[int]]] = {}
        self.successes: dict[Any, str] = {}


class Gathering:
    """Takes rows in any order; knows what was refused, and why."""

    def __init__(self, meanings: Meanings, most: int = MOST_GROUPS) -> None:
        self.meanings = meanings
        self.memory: list[MemoryRow] = []
        self.has_memory = False
        self.refused = 0
        self.example = ""  # why one of them was refused, the same whatever the order
        self.noise = 0
        self.repeated = 0
        self.counted = 0  # rows that say something
        self.cut = 0  # rows left out because there were too many groups
        self._most = most
        self._left_for_tries = self._left_for_successes = most
        self._ids: set[int] = set()
        self._by_columns: dict[tuple[Sequence[str], Sequence[str]], Groups] = {}
        self._whole = self.groups(KEY_COLUMNS, SUCCESS_COLUMNS)

    def groups(self, columns: Sequence[str], success_columns: Sequence[str]) -> Groups:
        """The groups of rows that have these columns."""
        key = tuple(columns), tuple(success_columns)
        known = self._by_columns.get(key)
        if known is None:
            known = self._by_columns[key] = Groups(*key)
        return known

    def all_groups(self) -> list[Groups]:
        """Everything that was gathered, ready to be taken apart."""
        return list(self._by_columns.values())

    def refuse(self, problem: str, rows: int = 1) -> None:
        """Counts rows that cannot be used."""
        self.refused += rows
        self.example = min(problem, self.example or problem)

    def take(self, row: Mapping[str, Any]) -> None:
        """Takes one row as the SDK hands it over; the reference for every faster way."""
        sort = text_of(row.get(ROW_TYPE))
        if not row:
            return
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
            moment = micro_of(first)
        except (ValueError, OverflowError):
            self._refuse_time(first)
            return
        self.counted += 1
        known = groups.successes.get(key)
        if known is None:
            if not self._left_for_successes:
                self.cut += 1
                return
            self._left_for_successes -= 1
        if known is None or moment < micro_of(known):
            groups.successes[key] = epoch_text(moment)

    def may_add_successes(self, rows: int) -> bool:
        """True where so many new groups of successes surely fit."""
        return rows <= self._left_for_successes

    def added_successes(self, rows: int, groups: int) -> None:
        """Counts rows and new groups that were added without being asked one by one."""
        self.counted += rows
        self._left_for_successes -= groups

    def add_try(self, groups: Groups, key: Any, attempts: str, first: str, last: str, event_id: str) -> None:
        """Takes one try, or so many of them between two times; texts as they came."""
        try:
            begin = micro_of(first)
            end = micro_of(last) if last else begin
            number = int(float(attempts)) if attempts != "1" else 1
        except (ValueError, OverflowError):
            self._refuse_time(first)
            return
        if number < 1 or end < begin:
            self.refuse(
                f"{shown(attempts)} attempts between {shown(first)} and {shown(last)} cannot be: check how the contacts were made"
            )
            return
        if event_id:
            mark = hash(event_id)
            if mark in self._ids:
                self.repeated += 1
                return
            self._ids.add(mark)
        self.counted += 1
        hour = begin - begin % HOUR
        tries = groups.tries.get(hour)
        if tries is None:
            tries = groups.tries[hour] = {}
        known = tries.get(key)
        if known is not None:
            known[0] += number
            if begin < known[1]:
                known[1] = begin
            if end > known[2]:
                known[2] = end
        elif self._left_for_tries:
            self._left_for_tries -= 1
            tries[key] = [number, begin, end]
        else:
            self.cut += 1

    def remember(self, row: Mapping[str, Any]) -> None:
        """Takes a row of memory."""
        self.has_memory = True
        key, tenant, kind, value = (
            _cell(row, name) for name in ("memory_key", "tenant", "memory_kind", "memory_value")
        )
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
