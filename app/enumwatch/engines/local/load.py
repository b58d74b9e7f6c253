"""Load: batches of records into the event table, each by the fastest way that loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import duckdb
import orjson

from ...core.contact import Contact
from ...core.outcome import OutcomeTable
from ..interrupt import is_interrupt
from .envelope import has_envelopes, opened
from .extract import EVENT, NOT_RELEVANT, UNREADABLE, UNREADABLE_TIME, UNRECOGNISED, EventQuery, recognised
from .extractor import Extractor, can_hold, has_columns
from .file_report import FileReport
from .given import is_contact_table
from .intake import Batch, clean_csv, clean_ndjson, sample
from .reach import JsonReach, TableReach
from .reading import is_large, json_objects, table_records, text_columns, typed_records
from .shape import Shape, heading, path_text
from .store import Store

Rows = Sequence[Mapping[str, Any]]

_KEYS_SHOWN = 6
_UNKNOWN = "no supported log recognised; see `enumwatch rules list` or name it with --source"


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
        report.skipped = states[UNRECOGNISED]
        report.unreadable += batch.unreadable + states[UNREADABLE_TIME] + states[UNREADABLE]
        report.records = sum(states.values()) + batch.unreadable + report.given
        report.problems = list(batch.problems)
        if report.skipped and not report.source:
            report.reason = _UNKNOWN
        return report

    def _fill(self, batch: Batch, number: int, report: FileReport) -> Batch:
        """Loads in the first way that works, from the fastest to the most patient; returns the batch as read."""
        if self._read(batch, number, report):
            return batch
        clean = clean_csv if batch.form == "csv" else clean_ndjson
        if batch.form != "parquet":
            batch = clean(batch, self._store.scratch)
            if self._read(batch, number, report):
                return batch
        report.give_reason("its records could not be read")
        report.is_unreadable = True
        return batch

    def _read(self, batch: Batch, number: int, report: FileReport) -> bool:
        rows = sample(batch)
        ways: tuple[Callable[..., bool], ...] = (self._as_table,)
        if batch.form == "ndjson":
            ways = (self._typed, self._as_json)
            inside = opened(batch, rows, self._shapes, self._store.scratch)
            if inside is None:
                return False
            if inside is not batch:
                batch, rows = inside, sample(inside)
        for way in (self._as_contacts, *ways):
            try:
                if way(batch, number, report, rows):
                    return True
            except duckdb.Error as error:
                if is_interrupt(error):
                    raise
                self._store.forget(number)
                report.source, report.shape, report.reason = [], [], None
        return False

    def _as_contacts(self, batch: Batch, number: int, report: FileReport, rows: Rows) -> bool:
        """A contact table, written by `enumwatch contacts` or by another engine, is taken as it is."""
        del number
        if not rows or not is_contact_table(rows[0].keys()):
            return False
        records = table_records(batch)
        if batch.form == "ndjson":
            records = typed_records(batch, text_columns(Contact._fields))
        report.given, bad = self._store.give(records)
        report.unreadable += bad
        if bad:
            report.give_reason(f"{bad} of its rows are no contacts")
        report.source.append("contacts")
        report.shape.append("contacts")
        return True

    def _as_table(self, batch: Batch, number: int, report: FileReport, rows: Rows) -> bool:
        records = table_records(batch)
        described = self._store.rows(f"DESCRIBE SELECT * FROM {records}")
        reach = TableReach({name: kind for name, kind, *_ in described})
        shapes = [shape for shape in self._shapes if shape.form != "json" and has_columns(shape, reach)]
        shape = next((one for one in shapes if any(one.recognises(row) for row in rows)), None)
        if shape is None:
            if batch.form == "csv" and has_envelopes(rows, self._shapes):
                return False  # as objects they can be opened
            self._store.count_only(number, records, UNRECOGNISED)
            return True
        query = self._extractor(number).table(shape, reach, records)
        self._store.add(number, query, is_large=is_large(batch))
        report.note(shape)
        self._explain(number, report, [query])
        if self._store.states(number)[UNRECOGNISED]:
            report.give_reason(f"rows without a value in {', '.join(map(path_text, shape.present))} are skipped")
        return True

    def _typed(self, batch: Batch, number: int, report: FileReport, rows: Rows) -> bool:
        """Reads NDJSON of one shape straight into typed columns; gives up where a record is of another kind."""
        found = {next((shape.name for shape in self._shapes if shape.recognises(row)), "") for row in rows}
        if len(found) != 1 or "" in found or any("." in key for row in rows for key in row) or _is_padded(list(rows)):
            return False
        shape = next(one for one in self._shapes if one.name in found)
        query = self._extractor(number).typed(shape, batch)
        if query is None:
            return False
        self._store.add(number, query, is_large=is_large(batch))
        if self._store.states(number)[UNRECOGNISED]:
            self._store.forget(number)
            return False
        report.note(shape)
        self._explain(number, report, [query])
        return True

    def _as_json(self, batch: Batch, number: int, report: FileReport, rows: Rows) -> bool:
        """Reads NDJSON of any mixture of shapes, each record by the first shape that recognises it."""
        names = _names_of(rows)
        reach = JsonReach("json", names=names)
        reach.has_dotted_keys = any("." in key for row in rows for key in row)
        shapes = [shape for shape in self._shapes if can_hold(shape, names)]
        whens = " ".join(f"WHEN {recognised(shape, reach)} THEN {n}" for n, shape in enumerate(shapes))
        self._store.db.execute(
            f"CREATE OR REPLACE TEMP TABLE part AS SELECT json, CASE {whens} ELSE -1 END AS shape "
            f"FROM (SELECT json, {reach.select_list()} FROM {json_objects(batch)})"
        )
        queries = []
        for (shape_number,) in self._store.rows("SELECT DISTINCT shape FROM part ORDER BY shape"):
            part = f"(SELECT json FROM part WHERE shape = {shape_number})"
            if shape_number < 0:
                self._store.count_only(number, part, UNRECOGNISED)
                report.give_reason(self._unknown_record(part))
                continue
            shape = shapes[shape_number]
            query = self._extractor(number).json(shape, part, names, has_dotted_keys=reach.has_dotted_keys)
            self._store.add(number, query, is_large=False)
            queries.append(query)
            report.note(shape)
        self._explain(number, report, queries)
        self._store.db.execute("DROP TABLE part")
        return True

    def _extractor(self, number: int) -> Extractor:
        return Extractor(number, self._success_codes)

    def _explain(self, number: int, report: FileReport, queries: Iterable[EventQuery]) -> None:
        """Notes what was wrong with records, while they can still be looked at."""
        states = self._store.states(number)
        if states[UNREADABLE]:
            report.give_reason("records whose JSON inside a text is broken are not read")
        for query in queries:
            if states[UNREADABLE_TIME] and not report.time_example:
                found = self._store.rows(query.unreadable_time())
                report.time_example = found[0][0] if found else None

    def _unknown_record(self, records: str) -> str:
        text = self._store.value(f"SELECT CAST(json AS VARCHAR) FROM {records} LIMIT 1")
        keys = list(orjson.loads(text))[:_KEYS_SHOWN]
        return f"records of no supported log are skipped, such as one with the keys {', '.join(keys) or '(none)'}"


def _is_padded(value: object) -> bool:
    """True where some text of a record has white space around it: typed reading does not look for any."""
    if isinstance(value, str):
        return value != value.strip()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_is_padded(part) for part in parts)


def _names_of(rows: Rows) -> dict[str, str]:
    """Keys by heading. A key that occurs in two spellings is left out: each shape then asks for its own."""
    spellings: dict[str, set[str]] = {}
    for key in {key for row in rows for key in row}:
        spellings.setdefault(heading(key), set()).add(key)
    return {name: keys.pop() for name, keys in spellings.items() if len(keys) == 1}


def plain_success_codes(outcomes: OutcomeTable, provider: str) -> frozenset[str]:
    """Codes that mean success whatever the reason, of a provider or of the one it falls back to."""
    codes = {row.code for row in outcomes if row.outcome == "success"}
    return frozenset(code for code in codes if outcomes.outcome(provider, code) == "success")
