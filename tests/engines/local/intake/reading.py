"""Reads written fixtures through the whole intake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from enumwatch.engines.local.intake import Batch, Limits, Skipped, clean_csv, clean_ndjson, intake


def take(folder: Path, content: bytes, name: str = "input", limits: Limits | None = None) -> list[Batch | Skipped]:
    """Everything that intake makes of one file with this content."""
    file = folder / name
    file.write_bytes(content)
    return list(intake([str(file)], scratch(folder), limits=limits))


def scratch(folder: Path) -> Path:
    """The scratch folder of a test."""
    found = folder / "scratch"
    found.mkdir(exist_ok=True)
    return found


def batch_of(folder: Path, content: bytes, name: str = "input", limits: Limits | None = None) -> Batch:
    """The only batch of the content."""
    (found,) = take(folder, content, name, limits)
    assert isinstance(found, Batch), found
    return found


def skipped_of(folder: Path, content: bytes, name: str = "input", limits: Limits | None = None) -> Skipped:
    """The only result of the content, which must be skipped."""
    (found,) = take(folder, content, name, limits)
    assert isinstance(found, Skipped), found
    return found


def records(batch: Batch) -> list[dict[str, Any]]:
    """The records of a spool, read as plain JSON lines."""
    assert batch.form == "ndjson"
    assert batch.compression == "none"
    with open(batch.file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def cleaned(folder: Path, batch: Batch, limits: Limits | None = None) -> Batch:
    """The batch after the slow way that DuckDB's refusal leads to."""
    clean = clean_csv if batch.form == "csv" else clean_ndjson
    return clean(batch, scratch(folder), limits=limits)


def duckdb_count(batch: Batch) -> int:
    """How many records DuckDB reads from an NDJSON batch, in the way extraction reads it."""
    found = duckdb.execute(
        "SELECT count(*), max(json_extract_string(json, '$.a.b')) FROM "
        "read_ndjson_objects(?, compression = ?, maximum_object_size = 33554432)",
        [batch.file, batch.compression],
    ).fetchone()
    assert found is not None
    return int(found[0])
