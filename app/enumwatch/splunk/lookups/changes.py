"""What would change in a lookup table, row by row; comments and the order of columns are no change."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_SHOWN = 20

Rows = list[tuple[str, ...]]


class Change(NamedTuple):
    """One table: its file, its text as Splunk is to read it, and the rows that come and go."""

    file: str
    text: str
    rows: int
    added: Rows
    removed: Rows


def change_of(file: str, columns: tuple[str, ...], new: Iterable[Mapping[str, str]], old: Rows) -> Change:
    """Return what `new` does to a table that holds `old`; a row that is there twice counts twice."""
    wanted = [tuple(row[column] for column in columns) for row in new]
    return Change(file, _text([columns, *wanted]), len(wanted), _beyond(wanted, old), _beyond(old, wanted))


def rows_of(text: str, columns: tuple[str, ...]) -> Rows:
    """Return the rows of a table that is in use, in the order of `columns`; a column it has not got is empty.

    It may be broken or of another version: what can be read of it is compared, nothing is refused.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        lines = [cells for cells in reader if cells]
    except csv.Error:
        lines = []
    if not lines:
        return []
    places = {name.strip(): place for place, name in enumerate(lines[0])}
    return [
        tuple(cells[places[column]] if places.get(column, len(cells)) < len(cells) else "" for column in columns)
        for cells in lines[1:]
    ]


def told(change: Change) -> Iterator[str]:
    """Yield the change in lines: a headline, then what comes and what goes, the first of many."""
    if not change.added and not change.removed:
        yield f"{change.file}: {counted(change.rows, 'row')}, nothing changes"
        return
    yield f"{change.file}: {counted(change.rows, 'row')}, {len(change.added)} added, {len(change.removed)} removed"
    for mark, rows in (("+", change.added), ("-", change.removed)):
        yield from (f"  {mark} {_text([row]).rstrip()}" for row in rows[:_SHOWN])
        if len(rows) > _SHOWN:
            yield f"  {mark} and {len(rows) - _SHOWN} more"


def counted(number: int, what: str) -> str:
    """Return a number of things: 1 row, 2 rows."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _beyond(rows: Rows, others: Rows) -> Rows:
    """The rows that the others do not have, in their order."""
    left = Counter(others)
    beyond = []
    for row in rows:
        if left[row]:
            left[row] -= 1
        else:
            beyond.append(row)
    return beyond


def _text(rows: Iterable[tuple[str, ...]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()
