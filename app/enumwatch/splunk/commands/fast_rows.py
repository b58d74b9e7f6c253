"""Fast rows: the body of a chunk taken in batches, with loops that run inside the interpreter where that is possible.

It says what taking row by row says. Splunk sends every column twice, the second time for several values, nearly always
empty; these empty cells are cut off before the text is taken apart, as long as no cell holds the end of a line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import compress, islice
from operator import eq
from typing import Any

from .columns import (
    ATTEMPTS,
    EVENT_ID,
    FIRST,
    KEY_COLUMNS,
    LAST,
    MEANING_COLUMNS,
    ROW_TYPE,
    SUCCESS_COLUMNS,
    TIME,
    text_of,
)
from .gathering import Gathering, Groups
from .known_lines import KnownLines
from .meanings import NOISE, SUCCESS, TRY
from .picking import Remembered, getter

_MV = "__mv_"
_VALUE = re.compile(r"\$((?:\$\$|[^$])*)\$(?:;|$)")  # one of several values in a cell
_BATCH = 5_000
_LAST_SECOND = 1e11


class Layout:
    """What the columns of one header are for."""

    def __init__(self, names: Sequence[str], gathering: Gathering) -> None:
        plain = [name for name in names if not name.startswith(_MV)]
        self.names = names
        self.width = len(plain)
        # As splunkd writes it: all columns, then each once more for several values.
        self.is_doubled = list(names) in (plain, plain + [_MV + name for name in plain])
        place = {name: number for number, name in reversed(list(enumerate(plain)))}
        self.places = place
        columns = [name for name in KEY_COLUMNS if name in place]
        successes = [name for name in SUCCESS_COLUMNS if name in place]
        self.groups: Groups = gathering.groups(columns, successes)
        self.key = getter([place[name] for name in columns])
        self.success_key = getter([place[name] for name in successes])
        self._asked = [name for name in MEANING_COLUMNS if name in place]
        self.meaning_key = getter([place[name] for name in self._asked])
        self.meanings = Remembered(lambda key: gathering.meanings.of(dict(zip(self._asked, key))))
        self.known_lines: KnownLines | None = None
        if self.is_doubled and KnownLines.fits(plain):
            asked = getter([place[name] - 1 for name in self._asked])
            meanings = self.meanings
            self.known_lines = KnownLines(names[1:], len(plain) - 1, gathering, lambda cells: meanings[asked(cells)])
        self.is_mixed = ROW_TYPE in place or (ATTEMPTS in place and FIRST in place)

    def text(self, name: str) -> Callable[[Sequence[str]], str]:
        """What reads one column of a row, "" where there is none."""
        place = self.places.get(name)
        return (lambda row: "") if place is None else (lambda row: row[place])


class FastRows:
    """Hands the rows of chunks to a gathering."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._layouts: dict[tuple[str, ...], Layout] = {}
        self._oldest = float("inf")  # of the successes taken so far, seconds

    def take(self, body: str) -> None:
        """Takes the body of one chunk."""
        head, _, rest = body.partition("\n")
        names = next(csv.reader([head]), [])
        layout = self._layouts.get(tuple(names))
        if layout is None:
            layout = self._layouts[tuple(names)] = Layout(names, self._gathering)
        if head.count('"') % 2 or not layout.is_doubled:
            rows = csv.reader(io.StringIO(body, newline=""))
            next(rows, None)
            self._take_rows(layout, rows)
            return
        # The empty cells for several values are a third of the work; cutting them off costs little.
        if layout.known_lines is not None and layout.known_lines.take(_lines(rest)):
            return
        tail = "," * (len(names) - layout.width) + "\n"
        self._take_lines(layout, _lines(rest.replace(tail, "\n") if len(tail) > 1 else rest), rest)

    def _take_lines(self, layout: Layout, lines: list[str], rest: str) -> None:
        """Lines without the empty cells; where a cell holds the end of a line, the rest as it came."""
        reader = csv.reader(iter(lines))
        done = 0
        while True:
            rows = list(islice(reader, _BATCH))
            if not rows:
                return
            if reader.line_num != done + len(rows):
                # What looked like the end of a row may have been text.
                self._take_rows(layout, csv.reader(io.StringIO(rest.split("\n", done)[done], newline="")))
                return
            done += len(rows)
            self._take_batch(layout, [row for row in rows if row])

    def _take_rows(self, layout: Layout, reader: Iterator[list[str]]) -> None:
        while True:
            rows = list(islice(reader, _BATCH))
            if not rows:
                return
            self._take_batch(layout, [row for row in rows if row])

    def _take_batch(self, layout: Layout, rows: list[list[str]]) -> None:
        width = layout.width if layout.is_doubled else -1
        if set(map(len, rows)) != {width}:
            for row in (row for row in rows if len(row) != width):
                self._gathering.take(record_of(layout.names, row))
            rows = [row for row in rows if len(row) == width]
        if layout.is_mixed:
            # Contacts and memory come in far smaller numbers, so each is looked at.
            self._take_each(layout, rows)
            return
        meanings = list(map(layout.meanings.__getitem__, map(layout.meaning_key, rows)))
        sorts = [meaning[0] for meaning in meanings]
        self._take_successes(layout, list(compress(rows, map(SUCCESS.__eq__, sorts))))
        self._take_tries(layout, compress(rows, map(TRY.__eq__, sorts)))
        self._gathering.noise += sorts.count(NOISE)
        if min(sorts, default=NOISE) < NOISE:
            for meaning in meanings:
                if meaning[0] < NOISE:
                    self._gathering.refuse(meaning.problem)

    def _take_tries(self, layout: Layout, rows: Iterator[list[str]]) -> None:
        groups, key, add = layout.groups, layout.key, self._gathering.add_try
        time, event_id = layout.text(TIME), layout.text(EVENT_ID)
        for row in rows:
            add(groups, key(row), "1", text_of(time(row)), "", text_of(event_id(row)))

    def _take_successes(self, layout: Layout, rows: list[list[str]]) -> None:
        """Successes newest first, as Splunk sends them, replace one another, so that the first stays."""
        if not rows:
            return
        gathering, groups = self._gathering, layout.groups
        texts = list(map(layout.text(TIME), rows))
        times = _falling(texts, self._oldest)
        if times is None or not gathering.may_add_successes(len(rows)):
            self._oldest = float("-inf")  # from here on each is compared
            key = layout.success_key
            for row, text in zip(rows, texts):
                gathering.add_success(groups, key(row), text_of(text))
            return
        self._oldest = times[-1]
        before = len(groups.successes)
        groups.successes.update(zip(map(layout.success_key, rows), times))
        gathering.added_successes(len(rows), len(groups.successes) - before)

    def _take_each(self, layout: Layout, rows: list[list[str]]) -> None:
        """Contacts as they are; whatever else is among them row by row."""
        gathering, groups, key, success_key = self._gathering, layout.groups, layout.key, layout.success_key
        sort_of, attempts_of = layout.text(ROW_TYPE), layout.text(ATTEMPTS)
        first_of, last_of = layout.text(FIRST), layout.text(LAST)
        for row in rows:
            attempts, first = text_of(attempts_of(row)), text_of(first_of(row))
            meaning = layout.meanings[layout.meaning_key(row)]
            if text_of(sort_of(row)) or not (attempts and first) or meaning.sort not in (TRY, SUCCESS):
                gathering.take(record_of(layout.names, row))
            elif meaning.sort == TRY:
                gathering.add_try(groups, key(row), attempts, first, text_of(last_of(row)), "")
            else:
                gathering.add_success(groups, success_key(row), first)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _falling(texts: Sequence[str], oldest: float) -> list[float] | None:
    """The times as numbers where none is later than the one before it, nor than `oldest`; None for anything else."""
    try:
        times = list(map(float, texts))
    except ValueError:
        return None
    in_order = sorted(times, reverse=True)
    if not (in_order[-1] >= 0 and in_order[0] < _LAST_SECOND and in_order[0] <= oldest):
        return None
    return times if all(map(eq, in_order, times)) else None


def record_of(names: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """A row as the SDK hands it over: a cell with several values as a list."""
    record: dict[str, Any] = {}
    for name, cell in zip(names, row):
        if name.startswith(_MV):
            if cell:
                record[name[len(_MV) :]] = [one.replace("$$", "$") for one in _VALUE.findall(cell)]
        elif name not in record:
            record[name] = cell
    return record
