"""The slow way for a batch that DuckDB refused: read it in Python, leave out and name what is bad."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from .csv_table import convert_csv
from .ndjson import convert_ndjson
from .records import Batch, Budget, Limits, Problems
from .spool import Spool
from .streams import as_utf8, bounded, open_chunks


def clean_ndjson(batch: Batch, scratch: Path, *, limits: Limits | None = None) -> Batch:
    """The batch as a spool of its good lines; every bad line is counted, the first 20 are named.

    Never raises for the content; a file that cannot be read any more gives a batch of no records with the reason.
    """
    return _cleaned(batch, scratch, limits or Limits())


def clean_csv(batch: Batch, scratch: Path, *, limits: Limits | None = None) -> Batch:
    """The table as an NDJSON spool of its good rows by heading (a repeated heading gets `_2`); bad rows are named."""
    return _cleaned(batch, scratch, limits or Limits())


def _cleaned(batch: Batch, scratch: Path, limits: Limits) -> Batch:
    problems = Problems()
    with Spool(scratch) as spool:
        try:
            chunks = bounded(
                open_chunks(batch.file, batch.compression, problems), Budget(_most_bytes(batch, limits)), problems
            )
            _convert(batch, chunks, spool, problems, limits)
        except OSError as error:
            problems.notice(
                None, f"it cannot be read ({(error.strerror or 'system error').lower()})", "a readable file"
            )
    return Batch(
        batch.path, "ndjson", spool.file, True, batch.container, records=spool.records,
        problems=[*batch.problems, *problems.kept()], unreadable=batch.unreadable + problems.unreadable,
    )  # fmt: skip


def _most_bytes(batch: Batch, limits: Limits) -> int:
    size = os.path.getsize(batch.file)
    return size if batch.compression == "none" else limits.unpacked_bytes(size)


def _convert(batch: Batch, chunks: Iterator[bytes], spool: Spool, problems: Problems, limits: Limits) -> None:
    if batch.form == "csv":
        convert_csv(as_utf8(chunks, "utf-8", problems), spool, problems, limits, batch.delimiter)
    else:
        convert_ndjson(chunks, spool, problems, limits)
