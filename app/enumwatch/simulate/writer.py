"""Files: log files in every container, and the labels, truth and lookups beside them. Same input, same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from ..beside_logs import LABELS, TRUTH
from .event import SimulateError
from .shapes import Form

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_log(path: Path, form: Form, records: Sequence[Any]) -> list[int]:
    """Writes `records` in the form's container and gives the line each of them begins on (1 is the first line)."""
    writer: Callable[[Path, Form, list[Any]], int] = {
        "lines": _lines, "array": _array, "page": _page, "csv": _csv, "text": _text, "xml": _xml, "parquet": _parquet,
    }[form.container]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    first = writer(path, form, [form.convert(record) for record in records])
    return list(range(first, first + len(records)))


def _put(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _lines(path: Path, form: Form, records: list[Any]) -> int:
    _put(path, "".join(f"{_encode(record)}\n" for record in records))
    return 1


def _array(path: Path, form: Form, records: list[Any]) -> int:
    _put(path, "[\n" + ",\n".join(map(_encode, records)) + "\n]\n")
    return 2


def _page(path: Path, form: Form, records: list[Any]) -> int:
    head = "".join(f"{_encode(key)}:{_encode(value)}," for key, value in form.page_head)
    outer, _, inner = form.page_key.rpartition(".")
    opened = f"{_encode(outer)}:{{{_encode(inner)}:[" if outer else f"{_encode(inner)}:["
    _put(path, f"{{{head}{opened}\n" + ",\n".join(map(_encode, records)) + ("\n]}}\n" if outer else "\n]}\n"))
    return 2


def _csv(path: Path, form: Form, records: list[Any]) -> int:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL if form.quote_all else csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(form.head)
    writer.writerows(records)
    _put(path, ("\ufeff" if form.bom else "") + text.getvalue())
    return 2


def _text(path: Path, form: Form, records: list[Any]) -> int:
    _put(path, "".join(f"{line}\n" for line in (*form.head, *records)))
    return len(form.head) + 1


def _xml(path: Path, form: Form, records: list[Any]) -> int:
    _put(path, "\n".join((*form.head, "<Events>", *records, "</Events>")) + "\n")
    return len(form.head) + 2


def _parquet(path: Path, form: Form, records: list[Any]) -> int:
    try:
        import duckdb
    except ImportError as missing:
        raise SimulateError("Parquet needs the duckdb package; install it or choose another form") from missing
    table = path.with_suffix(".part.csv")
    _csv(table, form, records)
    names = [f"column{i:02d}" for i in range(len(form.head))]
    # The first column of every such export is its time; the heads and the path are ours, not log content.
    wanted = ", ".join(
        f'{"CAST(column00 AS TIMESTAMP)" if i == 0 else names[i]} AS "{head}"' for i, head in enumerate(form.head)
    )
    quoted = str(path).replace("'", "''")
    query = f"SELECT {wanted} FROM read_csv(?, header = false, skip = 1, all_varchar = true, names = ?)"  # noqa: S608
    connection = duckdb.connect()
    try:
        # One thread keeps the row order, and so the bytes, the same on every machine.
        connection.execute("SET threads = 1")
        connection.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet)", [str(table), names])
    finally:
        connection.close()
        table.unlink()
    return 1


def merge_labels(out: Path, rows: Iterable[dict[str, Any]], replaced: set[tuple[str, str]]) -> Path:
    """Adds label rows to the folder's label file, in place of earlier ones of the (source, scenario) pairs given."""
    path = out / LABELS
    kept: list[str] = []
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if (row["source"], row["scenario"]) not in replaced:
                kept.append(line)
    _put(path, "".join(f"{line}\n" for line in (*kept, *(_encode(row) for row in rows))))
    return path


def merge_truth(out: Path, entries: Iterable[dict[str, Any]]) -> Path:
    """Adds what a scan of this folder should find, one entry for each source, scenario, tenant and file name."""
    path = out / TRUTH
    told = json.loads(path.read_text("utf-8"))["scenarios"] if path.exists() else []
    # A scenario that is written again, perhaps in another form, replaces what was said about it before.
    by_key = {
        (entry["source"], entry["scenario"], entry["tenant"], PurePosixPath(entry["file"]).stem): entry
        for entry in (*told, *entries)
    }
    _put(path, json.dumps({"scenarios": [by_key[key] for key in sorted(by_key)]}, indent=1, ensure_ascii=False) + "\n")
    return path


def merge_lookup(out: Path, name: str, rows: Iterable[dict[str, str]]) -> Path:
    """Adds rows to a lookup of the folder; a row that is there already is not doubled."""
    path = out / "lookups" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    told: list[dict[str, str]] = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as stream:
            told = list(csv.DictReader(stream))
    fresh = [row for row in rows if row not in told]
    all_rows = told + [row for index, row in enumerate(fresh) if row not in fresh[:index]]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(all_rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(all_rows)
    _put(path, text.getvalue())
    return path
