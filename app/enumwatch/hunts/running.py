"""Running: the SQL of a hunt over contacts, in DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from .hunt import Hunt
from .in_sql import CONTACTS_FILE
from .rendering import text_of


class Answer(NamedTuple):
    """What a hunt found: names of the columns, and rows of texts, numbers, times and lists."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def answer(hunt: Hunt, contacts: Path) -> Answer:
    """The rows of a hunt over a Parquet file of contacts."""
    file = "'" + str(contacts).replace("'", "''") + "'"
    with duckdb.connect() as database:
        found = database.execute(text_of(hunt, "sql").replace(f"'{CONTACTS_FILE}'", file))
        return Answer([one[0] for one in found.description or ()], found.fetchall())
