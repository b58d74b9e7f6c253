"""Exported: what exported results of searches in Splunk tell of its logs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..splunk.doctor.asking import COUNTED, VISIBILITY_SEARCH, times_search
from ..splunk.doctor.coverage import is_times
from ..splunk.doctor.exported import ExportError, Rows, read_export
from ..splunk.doctor.measures import number
from .record import MICROSECONDS, Lateness, LogRow, Told

SPLUNK = "splunk"
_EMPTY = "-"
_ASKED = {"log_source", "kind", "form", "doubtful", "attempts", "asked_at"}


def told_by_exports(files: Sequence[Path], rulebook: Mapping[str, Any], clock: int) -> Told:
    """Return what the files tell: results of the search for this, and of those that look at the times of a log.

    Raises ExportError where no file holds rows of the former.
    """
    rows: Rows = []
    times: Rows = []
    for file in files:
        found = read_export(file).rows
        asked, timed = [row for row in found if row.keys() >= _ASKED], [row for row in found if is_times(row)]
        if not asked and not timed:
            raise ExportError(f"{file} holds no rows of {VISIBILITY_SEARCH!r}: run it in Splunk and export its result")
        rows += asked
        times += timed
    if not rows:
        raise ExportError(
            f"no file holds rows of {VISIBILITY_SEARCH!r}: run it in Splunk and export its result as well"
        )
    asked_at = _moment(max(number(row, "asked_at") for row in rows)) or clock
    notes = (
        () if times else (f"how late events arrive is not known: export {times_search('...')!r} of each log as well",)
    )
    fields = tuple(rulebook["visibility"]["fields"])
    return Told(SPLUNK, tuple(_row(row, fields) for row in rows), asked_at, asked_at, _lateness(times), notes=notes)


def _row(row: Mapping[str, str], fields: Iterable[str]) -> LogRow:
    form, doubtful = row["form"], row["doubtful"]
    return LogRow(
        log=row["log_source"],
        kind=row["kind"],
        form="" if form == _EMPTY else form,
        code="" if doubtful == _EMPTY else doubtful,
        attempts=round(number(row, "attempts")),
        failing=round(number(row, "failing")),
        hidden=round(number(row, "hidden")),
        first=_moment(number(row, "first")),
        last=_moment(number(row, "last")),
        pause=round(number(row, "pause")),
        filled={name: round(number(row, f"{COUNTED}{name}")) for name in fields},
    )


def _lateness(rows: Rows) -> dict[str, Lateness]:
    return {
        row["source_id"]: Lateness(*(number(row, name) for name in ("least_late", "middle_late", "late", "most_late")))
        for row in rows
        if number(row, "events")
    }


def _moment(seconds: float) -> int:
    return round(seconds * MICROSECONDS)
