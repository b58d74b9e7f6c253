"""Files of any kind become batches of records that DuckDB can read; nothing an input holds can end a run."""

from __future__ import annotations

from .clean import clean_csv, clean_ndjson
from .paths import discover
from .records import Batch, Input, Limits, Problem, Skipped
from .route import intake
from .samples import sample

__all__ = [
    "Batch",
    "Input",
    "Limits",
    "Problem",
    "Skipped",
    "clean_csv",
    "clean_ndjson",
    "discover",
    "intake",
    "sample",
]
