"""A few records of a batch as dicts, for recognising what log it is."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import duckdb
import orjson

from ...interrupt import is_interrupt
from .csv_table import distinct
from .lines import lines
from .records import Batch, Problems
from .streams import as_utf8, open_chunks

_HEAD_BYTES = 8 << 20
_WINDOW_BYTES = 256 << 10
_PER_PLACE = 20


def sample(batch: Batch, limit: int = 200) -> list[dict[str, Any]]:
    """The first `limit` records, and up to 20 each from the middle and the end, so that mixed files are noticed.

    CSV values are text, Parquet values as DuckDB writes them in JSON. What cannot be read is left out; a file that
    cannot be opened gives an empty list.
    """
    try:
        if batch.form == "parquet":
            return _parquet(batch.file, limit)
        read = _csv_rows if batch.form == "csv" else _objects
        found = list(islice(read(batch, _head(batch), is_start=True), limit))
        for window in _windows(batch):
            found.extend(islice(read(batch, window, is_start=False), _PER_PLACE))
        return found
    except (OSError, duckdb.Error) as error:
        if is_interrupt(error):
            raise
        return []


def _head(batch: Batch) -> Iterator[bytes]:
    left = _HEAD_BYTES
    for chunk in open_chunks(batch.file, batch.compression, Problems()):
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return


def _windows(batch: Batch) -> Iterator[list[bytes]]:
    """Whole lines from the middle and the end of an uncompressed file that is larger than what the head covers."""
    size = os.path.getsize(batch.file)
    if batch.compression != "none" or size < 4 * _WINDOW_BYTES:
        return
    with open(batch.file, "rb") as source:
        for start in (size // 2, size - _WINDOW_BYTES):
            source.seek(start)
            text = source.read(_WINDOW_BYTES)
            first, last = text.find(b"\n") + 1, text.rfind(b"\n")
            if 0 < first < last:
                yield [text[first:last]]


def _objects(_: Batch, chunks: Iterable[bytes], *, is_start: bool) -> Iterator[dict[str, Any]]:
    del is_start
    for _number, line in lines(chunks, _HEAD_BYTES):
        try:
            found = orjson.loads(line or b"")
        except orjson.JSONDecodeError:
            continue
        if isinstance(found, dict):
            yield found


def _csv_rows(batch: Batch, chunks: Iterable[bytes], *, is_start: bool) -> Iterator[dict[str, Any]]:
    keys = distinct(batch.columns)
    text = (
        (line or b"").decode("utf-8", "replace") + "\n"
        for _, line in lines(as_utf8(chunks, "utf-8", Problems()), _HEAD_BYTES)
    )
    rows = csv.reader(text, delimiter=batch.delimiter)
    try:
        for number, cells in enumerate(rows):
            if len(cells) == len(keys) and (number >= batch.skip_lines or not is_start):
                yield dict(zip(keys, cells, strict=True))
    except csv.Error:
        return


def _parquet(file: str, limit: int) -> list[dict[str, Any]]:
    source = "read_parquet(?, hive_partitioning = false, file_row_number = true)"
    with duckdb.connect() as connection:
        counted = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [file]).fetchone()
        total = int(counted[0]) if counted else 0
        starts = {0: limit, max(total // 2, limit): _PER_PLACE, max(total - _PER_PLACE, limit): _PER_PLACE}
        found: list[dict[str, Any]] = []
        for start, count in starts.items():
            rows = connection.execute(
                f"SELECT to_json(COLUMNS(*)) FROM {source} WHERE file_row_number >= ? AND file_row_number < ?",
                [file, start, start + count],
            )
            names = [column[0] for column in rows.description or []]
            for row in rows.fetchall():
                values = (orjson.loads(value) if value is not None else None for value in row)
                record = dict(zip(names, values, strict=True))
                record.pop("file_row_number", None)
                found.append(record)
    return found
