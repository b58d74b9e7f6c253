"""Extractor: how the records of a batch become events, for each way in which DuckDB can read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from .extract import EventQuery, can_read_typed, event_query
from .intake import Batch
from .reach import JsonReach, Reach, TableReach
from .reading import elements_of, parts_of, typed_records
from .shape import Shape, heading


class Extractor:
    """Makes the query of one batch; `success_codes` are the codes of a plain success, by provider."""

    def __init__(self, batch: int, success_codes: Mapping[str, Collection[str]]) -> None:
        self._batch = batch
        self._success_codes = success_codes

    def table(self, shape: Shape, reach: TableReach, records: str) -> EventQuery:
        """Rows of a table. A row whose column of JSON holds none is unreadable."""
        if shape.nested is not None:
            return self._nested(shape, f"(SELECT {reach.text(shape.nested)} AS text FROM {records})")
        text = reach.text(shape.each) if shape.each is not None else None
        if text is not None and shape.split is not None:
            records = parts_of(text, shape.split, "each", records)
            reach = TableReach({**reach.types, "each": "VARCHAR"})
        return self._query(shape, reach, records)

    def typed(self, shape: Shape, batch: Batch) -> EventQuery | None:
        """Records read straight into the columns the shape asks for; None where that is not possible."""
        reach = can_read_typed(shape)
        return None if reach is None else self._query(shape, reach, typed_records(batch, reach.columns()))

    def json(self, shape: Shape, records: str, names: Mapping[str, str], *, has_dotted_keys: bool) -> EventQuery:
        """JSON values (column `json`) that are known to be of the shape; `names` as in JsonReach."""
        reach = JsonReach("json", names=names)
        reach.has_dotted_keys = has_dotted_keys
        path = shape.nested or shape.each
        if path is None:
            return self._query(_recognised(shape), reach, records)
        outer = JsonReach("json", names=names)
        text = outer.text(path) or "NULL"
        taken = f"(SELECT json, {outer.select_list()} FROM {records})"
        if shape.nested is not None:
            return self._nested(shape, f"(SELECT {text} AS text FROM {taken})")
        if shape.split is not None:
            inner = f"(SELECT json, to_json(each) AS element FROM {parts_of(text, shape.split, 'each', taken)})"
        else:
            inner = f"(SELECT json, {elements_of(text)} AS element FROM {taken})"
        return self._query(_recognised(shape), JsonReach("json", each="element", names=names), inner)

    def _nested(self, shape: Shape, texts: str) -> EventQuery:
        records = f"(SELECT CASE WHEN json_valid(text) THEN CAST(text AS JSON) END AS json FROM {texts})"
        return self._query(_recognised(shape), JsonReach("json"), records, broken="json IS NULL")

    def _query(self, shape: Shape, reach: Reach, records: str, broken: str | None = None) -> EventQuery:
        return event_query(shape, reach, records, self._batch, self._success_codes[shape.provider], broken)


def has_columns(shape: Shape, reach: TableReach) -> bool:
    """True where a table has every column the shape cannot do without."""
    needed = shape.present if shape.nested is None else (*shape.present, shape.nested)
    return all(reach.text(path) is not None for path in needed)


def can_hold(shape: Shape, names: Mapping[str, str]) -> bool:
    """False where records with these keys (by heading) cannot be rows of a table of this shape."""
    if shape.form != "table" or shape.nested is None:
        return True
    return heading(str(getattr(shape.nested[0], "name", ""))) in names


def _recognised(shape: Shape) -> Shape:
    """The same shape for records that are already known to be of it."""
    return replace(shape, present=(), any_of=(), absent=(), equals=())
