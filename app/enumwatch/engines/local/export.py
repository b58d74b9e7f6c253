"""Export: the contact table as a file, the contract with the other engines."""

from __future__ import annotations

import shutil
import sys
from contextlib import nullcontext
from pathlib import Path

from ...core.contact import TIME_FIELDS, Contact
from .contacts import Contacts
from .reach import literal
from .stand_ins import Names, rows_with_stand_ins

_OPTIONS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER true",
    "ndjson": "FORMAT json",
}


def export(contacts: Contacts, form: str, path: str | None, names: Names | None = None) -> int:
    """Writes every contact in order, times as ISO text (Parquet: as times); returns how many there are.

    With `names` their stand-ins are written.
    """
    select = contacts.all_rows() if names is None else rows_with_stand_ins(contacts, names)
    columns = ", ".join(_column(name, form) for name in Contact._fields)
    is_file = path is not None and path != "-" and (not Path(path).exists() or Path(path).is_file())
    target = Path(str(path)) if is_file else contacts.scratch / f"contacts.{form}"
    part = target.with_name(target.name + ".part")
    try:
        # What groups lets go of its memory before what sorts takes it.
        contacts.store.db.execute(f"CREATE OR REPLACE TABLE whole AS {select}")
        with contacts.store.on_few_threads(contacts.store.value("SELECT count(*) FROM whole")):
            # Three spellings of one order: DuckDB sorts by every column.
            written = contacts.copy(f"SELECT {columns} FROM (SELECT * FROM whole ORDER BY ALL)", part, _OPTIONS[form])
        contacts.store.db.execute("DROP TABLE whole")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    if not is_file:
        _pour(target, path)
    return written


def _pour(source: Path, path: str | None) -> None:
    """Copies into a pipe or a device, which must never be replaced, or to standard output."""
    with source.open("rb") as rows, nullcontext(sys.stdout.buffer) if path in (None, "-") else open(path, "wb") as out:
        shutil.copyfileobj(rows, out, 1 << 20)
        out.flush()


def _column(name: str, form: str) -> str:
    if name not in TIME_FIELDS or form == "parquet":
        return f'"{name}"'
    # A fraction only where there is one, and no longer than it is, as everywhere else.
    whole, fraction = literal("%Y-%m-%dT%H:%M:%S"), literal("%Y-%m-%dT%H:%M:%S.%f")
    return (
        f'CASE WHEN microsecond("{name}") % 1000000 = 0 THEN strftime("{name}", {whole}) '
        f"ELSE rtrim(strftime(\"{name}\", {fraction}), '0') END || 'Z' AS \"{name}\""
    )
