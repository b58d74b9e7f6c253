"""Checks a Parquet file before it is handed on."""

from __future__ import annotations

import os

import duckdb

from ...interrupt import is_interrupt

_MAGIC = b"PAR1"
_TAIL_BYTES = 8


def parquet_fault(file: str) -> str | None:
    """Why a Parquet file cannot be read, None when its footer is sound. Raises OSError."""
    size = os.path.getsize(file)
    if size < len(_MAGIC) + _TAIL_BYTES:
        return "the Parquet file is truncated; export it again"
    with open(file, "rb") as source:
        source.seek(-_TAIL_BYTES, os.SEEK_END)
        tail = source.read(_TAIL_BYTES)
    footer_bytes = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or footer_bytes > size - len(_MAGIC) - _TAIL_BYTES:
        return "the Parquet file is truncated or damaged at its end; export it again"
    try:
        with duckdb.connect() as connection:
            connection.execute("SELECT * FROM read_parquet(?, hive_partitioning = false) LIMIT 0", [file]).fetchall()
    except duckdb.Error as error:
        if is_interrupt(error):
            raise
        return "the Parquet file is damaged; export it again"
    return None
