"""Reading: the FROM clause of a batch, for each form in which DuckDB reads it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from .intake import Batch
from .reach import identifier, literal

_LONGEST_RECORD_BYTES = 16 << 20
# From here on a table of the batch's own is worth its cost.
_LARGE_BYTES = 8 << 20


def is_large(batch: Batch) -> bool:
    """True where the file of a batch is large enough to be stored with care."""
    try:
        return os.path.getsize(batch.file) >= _LARGE_BYTES
    except OSError:
        return False


def table_records(batch: Batch) -> str:
    """Rows of a CSV or Parquet file, columns under their headings; CSV is all text."""
    if batch.form == "parquet":
        return f"read_parquet({literal(batch.file)}, hive_partitioning = false)"
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in _distinct(batch.columns))
    return (
        f"read_csv({literal(batch.file)}, header = false, skip = {max(1, batch.skip_lines)}, "
        f"delim = {literal(batch.delimiter)}, quote = '\"', escape = '\"', auto_detect = false, "
        f"columns = {{{columns}}}, "
        f"max_line_size = {_LONGEST_RECORD_BYTES}, compression = {literal(batch.compression)})"
    )


def json_objects(batch: Batch) -> str:
    """Records of an NDJSON file, one JSON value each in the column `json`."""
    return (
        f"read_ndjson_objects({literal(batch.file)}, compression = {literal(batch.compression)}, "
        f"maximum_object_size = {_LONGEST_RECORD_BYTES})"
    )


def typed_records(batch: Batch, columns: str) -> str:
    """Records of an NDJSON file with exactly these columns (the `columns` argument of read_json)."""
    return (
        f"read_json({literal(batch.file)}, format = 'newline_delimited', columns = {columns}, "
        f"compression = {literal(batch.compression)}, maximum_object_size = {_LONGEST_RECORD_BYTES})"
    )


def text_columns(names: Iterable[str]) -> str:
    """The `columns` argument of read_json for keys that are read as text."""
    return "{" + ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names) + "}"


def parts_of(text: str, separator: str, column: str, records: str) -> str:
    """Records with one row for each part of a text (SQL), under `column`; a text without parts keeps its one row."""
    parts = f"list_filter(string_split(coalesce({text}, ''), {literal(separator)}), lambda part: trim(part) <> '')"
    return (
        f"(SELECT *, unnest(CASE WHEN len({parts}) = 0 THEN [''] ELSE {parts} END) AS {identifier(column)} "
        f"FROM {records})"
    )


def elements_of(text: str) -> str:
    """The elements of a JSON array in a text (SQL), one row each; any other text is the one element."""
    return (
        f"unnest(CASE WHEN starts_with({text}, '[') THEN from_json({text}, '[\"JSON\"]') "
        f"ELSE [CAST({text} AS JSON)] END)"
    )


def _distinct(names: Sequence[str]) -> list[str]:
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        candidate, number = name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{name}_{number}"
        found.append(candidate)
        taken.add(candidate.casefold())
    return found
