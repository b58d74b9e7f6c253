"""Export: the contact table as a file, the contract with the other engines."""

from __future__ import annotations

import sys
from pathlib import Path

from ...core.contact import TIME_FIELDS, Contact
from .contacts import Contacts
from .reach import literal

_OPTIONS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER true",
    "ndjson": "FORMAT json",
}


def export(contacts: Contacts, form: str, path: str | None) -> int:
    """Writes every contact in order, times as ISO text (Parquet: as times); returns how many there are."""
    select = contacts.all_rows()
    columns = ", ".join(_column(name, form) for name in Contact._fields)
    target = Path(path) if path not in (None, "-") else contacts.scratch / f"contacts.{form}"
    part = target.with_name(target.name + ".part")
    # Three spellings of one order: DuckDB sorts by every column.
    written = contacts.copy(f"SELECT {columns} FROM (SELECT * FROM ({select}) ORDER BY ALL)", part, _OPTIONS[form])
    part.replace(target)
    if path in (None, "-"):
        with target.open("rb") as source:
            while chunk := source.read(1 << 20):
                sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
    return written


def _column(name: str, form: str) -> str:
    if name not in TIME_FIELDS or form == "parquet":
        return f'"{name}"'
    # A fraction only where there is one, and no longer than it is, as everywhere else.
    whole, fraction = literal("%Y-%m-%dT%H:%M:%S"), literal("%Y-%m-%dT%H:%M:%S.%f")
    return (
        f'CASE WHEN microsecond("{name}") % 1000000 = 0 THEN strftime("{name}", {whole}) '
        f"ELSE rtrim(strftime(\"{name}\", {fraction}), '0') END || 'Z' AS \"{name}\""
    )
