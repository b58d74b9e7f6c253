"""Reads simulated files back without the product's own reader, so that the two cannot share a mistake."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb

from enumwatch.simulate import SHAPES


def records(path: Path, source: str, form: str | None = None) -> list[Any]:
    """Every record of a simulated file: dicts for JSON, CSV and parquet, lines for text, elements for XML."""
    chosen = SHAPES[source].form(form)
    if chosen.container == "parquet":
        with duckdb.connect() as connection:
            return connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    text = path.read_bytes().decode("utf-8-sig" if chosen.bom else "utf-8")
    if chosen.container == "lines":
        return [json.loads(line) for line in text.splitlines()]
    if chosen.container == "array":
        return list(json.loads(text))
    if chosen.container == "page":
        page = json.loads(text)
        for key in chosen.page_key.split("."):
            page = page[key]
        return list(page)
    if chosen.container == "csv":
        rows = list(csv.reader(io.StringIO(text)))
        assert all(len(row) == len(rows[0]) for row in rows), "every row has a cell for every column"
        return rows[1:]
    if chosen.container == "xml":
        return list(ElementTree.fromstring(text))
    if source == "iis":
        lines = text.splitlines()
        columns = len(next(line for line in lines if line.startswith("#Fields: ")).split()) - 1
        assert all(len(line.split(" ")) == columns for line in lines if not line.startswith("#"))
        return [line for line in lines if not line.startswith("#")]
    return text.split("\n\n\n") if "\n\n\n" in text else [part for part in text.split("\nLogName=")[1:] if part]


def labels(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "labels.ndjson").read_text("utf-8").splitlines()]


def truth(out: Path) -> list[dict[str, Any]]:
    return list(json.loads((out / "truth.json").read_text("utf-8"))["scenarios"])


def tree(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
