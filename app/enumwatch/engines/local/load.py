"""Load: batches of records into the event table, each by the fastest way that loses nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from ...core.contact import Contact
from ...core.outcome import OutcomeTable
from .extract import (
    EVENT,
    NOT_RELEVANT,
    UNREADABLE_TIME,
    UNRECOGNISED,
    EventQuery,
    can_read_typed,
    event_query,
    recognised,
)
from .intake import Batch, Problem, clean_csv, clean_ndjson, sample
from .reach import JsonReach, Reach, TableReach, literal
from .shape import Shape, heading
from .store import Store

_LONGEST_RECORD_BYTES = 16 << 20
# From here on a table of the batch's own is worth its cost.
_LARGE_BYTES = 8 << 20


@dataclass
class FileReport:
    """What became of the records of one input."""

    path: str
    source: list[str] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    records: int = 0
    events: int = 0
    duplicates: int = 0
    not_relevant: int = 0
    unreadable: int = 0
    skipped: int = 0
    reason: str | None = None
    problems: list[Problem] = field(default_factory=list)
    unreadable_times: int = 0
    time_example: str | None = None
    is_unreadable: bool = False
    batch: int | None = None
    given: int = 0


class Loader:
    """Puts batches into a store, one number each."""

    def __init__(
        self, store: Store, shapes: Sequence[Shape], outcomes: OutcomeTable, source: str | None = None
    ) -> None:
        self._store = store
        self._success_codes = {
            provider: plain_success_codes(outcomes, provider) for provider in {shape.provider for shape in shapes}
        }
        self._shapes = [shape for shape in shapes if source is None or shape.source == source]
        self._next = 0
        self.reports: list[FileReport] = []

    def load(self, batch: Batch) -> FileReport:
        """Adds the events of a batch; what could not be used is counted in the report."""
        number = self._next
        self._next += 1
        report = FileReport(batch.path, batch=number)
        self.reports.append(report)
        batch = self._fill(batch, number, report)
        states = self._store.states(number)
        report.events = states[EVENT]
        report.not_relevant = states[NOT_RELEVANT]
        report.unreadable_times = states[UNREADABLE_TIME]
        report.skipped += states[UNRECOGNISED]
        report.unreadable += batch.unreadable + states[UNREADABLE_TIME]
        report.records = sum(states.values()) + batch.unreadable + report.given
        report.problems = list(batch.problems)
        if report.skipped and not report.source:
            report.reason = "no supported log recognised; see `enumwatch rules list` or name it with --source"
        return report

    def _fill(self, batch: Batch, number: int, report: FileReport) -> Batch:
        """Loads in the first way that works, from the fastest to the most patient; returns the batch as read."""
        for attempt in (self._as_contacts, self._as_table, self._typed, self._as_json):
            try:
                if attempt(batch, number, report):
                    return batch
            except duckdb.Error:
                self._store.forget(number)
        cleaned = (
            clean_csv(batch, self._store.scratch) if batch.form == "csv" else clean_ndjson(batch, self._store.scratch)
        )
        if not self._as_json(cleaned, number, report):
            report.reason = "records could not be read"
        return cleaned

    def _as_contacts(self, batch: Batch, number: int, report: FileReport) -> bool:
        """A contact table, written by `enumwatch contacts` or by another engine, is taken as it is."""
        del number
        rows = sample(batch, 1)
        if not rows or not set(Contact._fields) <= set(rows[0]):
            return False
        if batch.form == "ndjson":
            columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in Contact._fields)
            records = (
                f"read_json({literal(batch.file)}, format = 'newline_delimited', columns = {{{columns}}}, "
                f"compression = '{batch.compression}')"
            )
        else:
            records = _table_source(batch)
        report.given = self._store.give(records)
        report.source.append("contacts")
        report.shape.append("contacts")
        return True

    def _as_table(self, batch: Batch, number: int, report: FileReport) -> bool:
        if batch.form == "ndjson":
            return False
        records = _table_source(batch)
        described = self._store.rows(f"DESCRIBE SELECT * FROM {records}")
        types = {name: kind for name, kind, *_ in described}
        reach = TableReach(types)
        shapes = [shape for shape in self._shapes if shape.form != "json" and self._has_columns(shape, reach)]
        rows = sample(batch)
        shape = next((one for one in shapes if any(one.recognises(row) for row in rows)), None)
        if shape is None:
            self._store.count_only(number, records, UNRECOGNISED)
            return True
        query = (
            self._nested(shape, reach, records, number) if shape.nested else self._query(shape, reach, records, number)
        )
        self._store.add(number, query, is_large=_is_large(batch), is_columnar=batch.form == "parquet")
        _note(report, shape)
        return True

    @staticmethod
    def _has_columns(shape: Shape, reach: TableReach) -> bool:
        if shape.nested is not None:
            return all(reach.text(path) is not None for path in (*shape.present, shape.nested))
        return all(reach.text(path) is not None for path in shape.present)

    def _nested(self, shape: Shape, table: TableReach, records: str, number: int) -> EventQuery:
        """A column of JSON text becomes the record; rows without valid JSON in it are counted as unrecognised."""
        assert shape.nested is not None
        column = table.text(shape.nested)
        inner = f"(SELECT CASE WHEN json_valid({column}) THEN CAST({column} AS JSON) END AS json FROM {records})"
        bare = _without_recognition(shape)
        return self._query(bare, JsonReach("json"), inner, number)

    def _query(self, shape: Shape, reach: Reach, records: str, number: int) -> EventQuery:
        return event_query(shape, reach, records, number, self._success_codes[shape.provider])

    def _typed(self, batch: Batch, number: int, report: FileReport) -> bool:
        """Reads NDJSON of one shape straight into typed columns; gives up where a record is of another kind."""
        if batch.form != "ndjson":
            return False
        rows = sample(batch)
        kinds = {next((shape.name for shape in self._shapes if shape.recognises(row)), "") for row in rows}
        if len(kinds) != 1 or "" in kinds or any("." in key for row in rows for key in row):
            return False
        (name,) = kinds
        shape = next(one for one in self._shapes if one.name == name)
        reach = can_read_typed(shape)
        if reach is None:
            return False
        records = (
            f"read_json({literal(batch.file)}, format = 'newline_delimited', columns = {reach.columns()}, "
            f"compression = '{batch.compression}', maximum_object_size = {_LONGEST_RECORD_BYTES})"
        )
        self._store.add(number, self._query(shape, reach, records, number), is_large=_is_large(batch))
        if self._store.states(number)[UNRECOGNISED]:
            self._store.forget(number)
            return False
        _note(report, shape)
        return True

    def _as_json(self, batch: Batch, number: int, report: FileReport) -> bool:
        """Reads NDJSON of any mixture of shapes, each record by the first shape that recognises it."""
        if batch.form != "ndjson":
            return False
        rows = sample(batch)
        names = {heading(key): key for row in reversed(rows) for key in row}
        has_dotted_keys = any("." in key for row in rows for key in row)
        shapes = [
            shape for shape in self._shapes if shape.form != "table" or shape.nested is None or _has(shape, names)
        ]
        source = (
            f"read_ndjson_objects({literal(batch.file)}, compression = '{batch.compression}', "
            f"maximum_object_size = {_LONGEST_RECORD_BYTES})"
        )
        reach = JsonReach("json", names=names)
        reach.has_dotted_keys = has_dotted_keys
        whens = " ".join(f"WHEN {recognised(shape, reach)} THEN {n}" for n, shape in enumerate(shapes))
        self._store.db.execute(
            f"CREATE OR REPLACE TEMP TABLE part AS SELECT json, CASE {whens} ELSE -1 END AS shape "
            f"FROM (SELECT json, {reach.select_list()} FROM {source})"
        )
        for (shape_number,) in self._store.rows("SELECT DISTINCT shape FROM part ORDER BY shape"):
            part = f"(SELECT json FROM part WHERE shape = {shape_number})"
            if shape_number < 0:
                self._store.count_only(number, part, UNRECOGNISED)
            else:
                shape = shapes[shape_number]
                query = self._from_json(shape, part, number, names, has_dotted_keys)
                self._store.add(number, query, is_large=False)
                _note(report, shape)
        self._store.db.execute("DROP TABLE part")
        return True

    def _from_json(
        self, shape: Shape, part: str, number: int, names: Mapping[str, str], has_dotted_keys: bool
    ) -> EventQuery:
        bare = _without_recognition(shape)
        if shape.nested is not None:
            reach = JsonReach("json", names=names)
            text = reach.text(shape.nested)
            taken = f"(SELECT {reach.select_list()} FROM {part})"
            inner = f"(SELECT CASE WHEN json_valid({text}) THEN CAST({text} AS JSON) END AS json FROM {taken})"
            return self._query(bare, JsonReach("json"), inner, number)
        if shape.each is not None:
            outer = JsonReach("json")
            array = outer.text(shape.each)
            elements = (
                f"unnest(CASE WHEN starts_with({array}, '[') THEN from_json({array}, '[\"JSON\"]') "
                f"ELSE [CAST({array} AS JSON)] END)"
            )
            inner = f"(SELECT json, {elements} AS element FROM (SELECT json, {outer.select_list()} FROM {part}))"
            return self._query(bare, JsonReach("json", each="element"), inner, number)
        reach = JsonReach("json", names=names)
        reach.has_dotted_keys = has_dotted_keys
        return self._query(bare, reach, part, number)


def _is_large(batch: Batch) -> bool:
    try:
        return os.path.getsize(batch.file) >= _LARGE_BYTES
    except OSError:
        return False


def plain_success_codes(outcomes: OutcomeTable, provider: str) -> frozenset[str]:
    """Codes that mean success whatever the reason, of a provider or of the one it falls back to."""
    codes = {row.code for row in outcomes if row.outcome == "success"}
    return frozenset(code for code in codes if outcomes.outcome(provider, code) == "success")


def _has(shape: Shape, names: Mapping[str, str]) -> bool:
    return shape.nested is not None and heading(str(getattr(shape.nested[0], "name", ""))) in names


def _without_recognition(shape: Shape) -> Shape:
    """The same shape for records that are already known to be of it."""
    return replace(shape, present=(), any_of=(), absent=(), equals=())


def _note(report: FileReport, shape: Shape) -> None:
    if shape.source not in report.source:
        report.source.append(shape.source)
    if shape.name not in report.shape:
        report.shape.append(shape.name)


def _table_source(batch: Batch) -> str:
    if batch.form == "parquet":
        return f"read_parquet({literal(batch.file)})"
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in _distinct(batch.columns))
    return (
        f"read_csv({literal(batch.file)}, header = false, skip = {max(1, batch.skip_lines)}, "
        f"delim = {literal(batch.delimiter)}, quote = '\"', escape = '\"', auto_detect = false, "
        f"columns = {{{columns}}}, "
        f"max_line_size = {_LONGEST_RECORD_BYTES}, compression = '{batch.compression}')"
    )


def _distinct(names: Sequence[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        candidate, number = name, 1
        while candidate.casefold() in {one.casefold() for one in found}:
            number += 1
            candidate = f"{name}_{number}"
        found.append(candidate)
    return found
