"""Tables (comma, semicolon, tab) become one object per row, keyed by heading."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from ....cells import cells_up_to
from .lines import lines
from .records import Limits, Problems
from .spool import Spool
from .table_forms import fields_of_comment

# A quote that is never closed swallows the rows behind it; they are read again, this often per file.
_MAX_REREADS = 200
_DIRECTIVES = ("#Fields:", "#Software:", "#Version:", "#Log-type:", "#Date:")


def distinct(headings: Sequence[str]) -> list[str]:
    """Headings as keys: exactly as written, a repeated one gets `_2`, `_3`, an empty one its position."""
    found: list[str] = []
    taken: set[str] = set()
    for position, heading in enumerate(headings, 1):
        base = heading or f"column_{position}"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name)
        found.append(name)
    return found


class _Feed:
    """Lines for the csv module, with a memory of the current row so that its lines can be read again."""

    def __init__(self, chunks: Iterable[bytes], problems: Problems, limits: Limits) -> None:
        self._source = lines(chunks, limits.max_line_bytes)
        self._again: deque[tuple[int, str]] = deque()
        self._problems = problems
        self._limit = limits.max_line_bytes
        self._rereads_left = _MAX_REREADS
        self.row: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        found = self._again.popleft() if self._again else self._read()
        self.row.append(found)
        return found[1]

    def _read(self) -> tuple[int, str]:
        for number, raw in self._source:
            if raw is not None:
                return number, raw.decode("utf-8", "replace") + "\n"
            self._problems.bad_record(number, f"the line is longer than {self._limit} bytes", "a table row")
        raise StopIteration

    def reread(self) -> None:
        """Puts back all lines of the current row but its first."""
        if len(self.row) > 1 and self._rereads_left:
            self._rereads_left -= 1
            self._again.extendleft(reversed(self.row[1:]))


def convert_csv(
    chunks: Iterable[bytes],
    spool: Spool,
    problems: Problems,
    limits: Limits,
    delimiter: str,
    columns: Sequence[str] = (),
) -> None:
    """Writes every row to the spool as text values by heading; a row with another number of cells is a problem.

    `columns` are the headings where `#Fields` names them; otherwise the first row does. `#` lines are passed over.
    """
    feed = _Feed(chunks, problems, limits)
    with cells_up_to(limits.max_line_bytes):
        _convert(feed, csv.reader(feed, delimiter=delimiter), spool, problems, columns)


def _convert(feed: _Feed, rows: Iterator[list[str]], spool: Spool, problems: Problems, columns: Sequence[str]) -> None:
    headings, keys = list(columns), distinct(columns)
    while True:
        feed.row.clear()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            problems.bad_record(_start(feed), "the row cannot be read as a table row", "cells in matched quotes")
            feed.reread()
            continue
        if len(cells) == len(keys) and cells[0] != headings[0] and not cells[0].startswith(_DIRECTIVES):
            spool.write(dict(zip(keys, cells, strict=True)))
        elif cells and cells[0].startswith("#"):
            headings = fields_of_comment(feed.row[0][1]) or headings
            keys = distinct(headings)
        elif cells and not keys:
            headings, keys = cells, distinct(cells)
        elif cells and cells != headings and (len(cells) > 1 or cells[0].strip("\0 \t")):
            _odd_row(cells, keys, feed, spool, problems)


def _start(feed: _Feed) -> int | None:
    return feed.row[0][0] if feed.row else None


def _odd_row(cells: list[str], keys: list[str], feed: _Feed, spool: Spool, problems: Problems) -> None:
    if len(cells) == len(keys):  # only its first cell reads like the heading
        spool.write(dict(zip(keys, cells, strict=True)))
        return
    problems.bad_record(_start(feed), f"the row has {len(cells)} cells", f"{len(keys)} as in the heading")
    feed.reread()
