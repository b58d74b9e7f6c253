"""IIS W3C lines become one object per line, keyed by the names of the #Fields line in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .lines import lines
from .records import Limits, Problems
from .spool import Spool
from .w3c_fields import DEFAULT_FIELDS, PLUS_FIELDS, assumed_fields

_HALF_DAY_SECONDS = 12 * 3600


class _Clock:
    """The day of lines that carry only a time: the one of the #Date line, and the next after each midnight."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._last_seconds = 0

    def start(self, text: str) -> None:
        """Takes the day of a `#Date: 2013-07-30 00:00:00` line."""
        try:
            self._day = date.fromisoformat(text.strip()[:10])
        except ValueError:
            return
        self._last_seconds = 0

    def day_of(self, time: str) -> str | None:
        """The day of a line at `time` (hh:mm:ss), as ISO date; None when no #Date line told it."""
        if self._day is None:
            return None
        try:
            seconds = int(time[:2]) * 3600 + int(time[3:5]) * 60 + int(time[6:8])
            if self._last_seconds - seconds > _HALF_DAY_SECONDS:
                self._day += timedelta(days=1)
        except (ValueError, OverflowError):
            return self._day.isoformat()
        self._last_seconds = seconds
        return self._day.isoformat()


class W3cReader:
    """Turns lines into records; keeps the layout and the day between lines."""

    def __init__(self, spool: Spool, problems: Problems) -> None:
        self._spool = spool
        self._problems = problems
        self._clock = _Clock()
        self._is_assumed = True
        self._use(DEFAULT_FIELDS)

    def _use(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._plus_names = tuple(name for name in names if name in PLUS_FIELDS)
        self._is_undated = "date" not in names and "time" in names

    def directive(self, line: str) -> None:
        """Takes a line that begins with `#`."""
        name, _, value = line[1:].partition(":")
        if name == "Fields" and value.split():
            self._use(tuple(value.split()))
            self._is_assumed = False
        elif name == "Date":
            self._clock.start(value)

    def row(self, number: int, line: str) -> None:
        """Writes the record of one line, or notes why it is none."""
        tokens = line.split(" ")
        if self._is_assumed:
            self._use(assumed_fields(tokens) or ())
        names = self._names
        if len(tokens) != len(names) and names:
            tokens = line.split()
        if len(tokens) != len(names):
            self._refuse(number, len(tokens))
            return
        record = {name: value for name, value in zip(names, tokens, strict=True) if value != "-" and value}
        for name in self._plus_names:
            if "+" in record.get(name, ""):
                record[name] = record[name].replace("+", " ")
        if self._is_undated and "time" in record:
            self._date(record)
        self._spool.write(record)

    def _date(self, record: dict[str, str]) -> None:
        day = self._clock.day_of(record["time"])
        if day is None:
            self._problems.notice(
                None, "the lines carry a time but no date, and no #Date line tells it", "a date column"
            )
        else:
            record["date"] = day

    def _refuse(self, number: int, count: int) -> None:
        if self._is_assumed:
            what = "no #Fields line precedes it and its columns cannot be told"
            self._problems.bad_record(number, what, "a #Fields line above it")
        else:
            self._problems.bad_record(number, f"the line has {count} columns", f"{len(self._names)} as in #Fields")


def convert_w3c(chunks: Iterator[bytes], spool: Spool, problems: Problems, limits: Limits, *, is_assumed: bool) -> None:
    """Writes the records of a W3C log (UTF-8) to the spool; values are as written, absent ones (`-`) left out."""
    if is_assumed:
        problems.notice(
            None, "there is no #Fields line, the order of columns was assumed from what they hold", "a #Fields line"
        )
    reader = W3cReader(spool, problems)
    for number, raw in lines(chunks, limits.max_line_bytes):
        if raw is None:
            problems.bad_record(number, f"the line is longer than {limits.max_line_bytes} bytes", "a log line")
            continue
        line = raw.decode().strip("\0\r\n\t ")
        if line.startswith("#"):
            reader.directive(line)
        elif line:
            reader.row(number, line)
