"""Exported: the verdicts of a file, however a SIEM or `scan` wrote them, as JSON or as CSV of a search."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from .cells import cells_up_to

# Where exports keep a record: Splunk, Elasticsearch, and a field of its own in either.
_WRAPPERS = ("result", "_source", "_raw", "enumwatch")
_IDENTITY, _WHOLE = "finding_id", "finding"  # and the field that holds all of it, in both
_LONGEST_CELL = 1 << 30  # a whole verdict can be longer than what the reader takes by itself
_WITHDRAWN = "withdrawn_at"  # said beside the whole, where later events took it back


class NotExportedError(ValueError):
    """A line, counted from 1, that is no JSON, and no row of a table."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is no JSON")
        self.line = line


def exported_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (line or position, record): of NDJSON, a JSON list, what `scan --format json` writes, or CSV with a header.

    A record is empty where nothing in it has a finding id. Raises NotExportedError.
    """
    try:
        whole = json.loads(text) if text.lstrip().startswith(("[", "{")) else None
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict) and "findings" in whole:
        whole = whole["findings"]
    head = text.partition("\n")[0]
    if whole is None and not head.lstrip().startswith(("{", "[")) and _IDENTITY in head:
        for number, row in enumerate(_table(text), start=2):
            yield number, _read(number, {name: cell for name, cell in row.items() if name and cell})
        return
    if isinstance(whole, list):
        for number, one in enumerate(whole, start=1):
            yield number, _read(number, one)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, _read(number, line)


def _table(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        with cells_up_to(_LONGEST_CELL):
            return list(reader)
    except csv.Error as error:
        raise NotExportedError(reader.line_num) from error


def whole_of(text: str) -> dict[str, Any]:
    """The verdict that Splunk and Elasticsearch keep as JSON in one field; empty where it is none."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) else {}


def _read(number: int, one: Any) -> dict[str, Any]:
    try:
        return _unwrapped(json.loads(one) if isinstance(one, str) else one)
    except (ValueError, RecursionError) as error:
        raise NotExportedError(number) from error


def _unwrapped(row: Any) -> dict[str, Any]:
    """The record itself, wherever an export put it."""
    while isinstance(row, dict) and (_IDENTITY not in row or isinstance(row.get(_WHOLE), str)):
        if isinstance(row.get(_WHOLE), str):
            taken_back = {_WITHDRAWN: row[_WITHDRAWN]} if row.get(_WITHDRAWN) else {}
            return {**whole_of(row[_WHOLE]), **taken_back}
        inner = next((row[key] for key in _WRAPPERS if key in row), None)
        row = json.loads(inner) if isinstance(inner, str) else inner
    return row if isinstance(row, dict) else {}
