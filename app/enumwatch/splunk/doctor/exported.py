"""Reads what an admin exports: the listing of `splunk btool`, and results of a search as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

Stanzas = dict[str, dict[str, str]]
Rows = list[dict[str, str]]

_STANZA = re.compile(r"\[(.*)\]\s*\Z")
# btool writes one blank on either side; lines of a search that look alike (sourcetype="x") have none.
_KEY = re.compile(r"([A-Za-z_][\w.:{}-]*) =(?: (.*))?\Z")
# With --debug each line begins with the file that it comes from.
_ORIGIN = re.compile(r"(?:/|[A-Za-z]:[\\/])\S*\.conf\s+")


class ExportError(Exception):
    """A file is not what can be read; the message is one line that ends in what to do."""


class Exported(NamedTuple):
    """What one file holds: stanzas of conf files, or rows of a search."""

    stanzas: Stanzas
    rows: Rows


def read_export(path: Path) -> Exported:
    """Return what a file holds, recognised by its content. Raises ExportError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ExportError(f"{path} cannot be read ({error.strerror}): name a file") from error
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = content.decode(encoding, "replace").strip()
    if not text:
        raise ExportError(f"{path} is empty: export it again, the search or btool found nothing")
    if text[0] == "{" or re.match(r"\[\s*[{\]]", text):
        return Exported({}, _rows_of_json(text, path))
    if any(_STANZA.match(_ORIGIN.sub("", line)) for line in text.splitlines()):
        return Exported(_stanzas(text), [])
    return Exported({}, _rows_of_csv(text, path))


def _stanzas(text: str) -> Stanzas:
    stanzas: Stanzas = {}
    keys: dict[str, str] = {}
    name, goes_on = "", False
    for written in text.splitlines():
        line = _ORIGIN.sub("", written, count=1)
        stanza, key = _STANZA.match(line), _KEY.match(line)
        value = line.rstrip("\\").rstrip()
        # A value of several lines goes on without its key, in a conf file after a backslash.
        if name and line.strip() and (goes_on or not (stanza or key or line.startswith("#"))):
            keys[name] += "\n" + value
        elif stanza:
            keys, name = stanzas.setdefault(stanza[1], {}), ""
        elif key:
            name = key[1]
            keys[name] = (key[2] or "").rstrip("\\").rstrip()
        goes_on = line.endswith("\\")
    return stanzas


def _rows_of_json(text: str, path: Path) -> Rows:
    """Splunk writes an object a line with `result`, or one object with `results`; a list of rows will do too."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        try:
            told = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise ExportError(f"{path} is no JSON ({error}): export the search again as CSV or JSON") from error
    if isinstance(told, dict):
        told = told.get("results", [told])
    rows = [one.get("result", one) if isinstance(one, dict) else one for one in told]
    if not all(isinstance(row, dict) for row in rows):
        raise ExportError(f"{path} holds no rows of a search: export the search again as CSV or JSON")
    return [_texts(row) for row in rows]


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in row.items()}


def _rows_of_csv(text: str, path: Path) -> Rows:
    try:
        lines = [cells for cells in csv.reader(io.StringIO(text, newline=""), strict=True) if cells]
    except csv.Error as error:
        raise ExportError(f"{path} is no CSV ({error}): export the search again as CSV or JSON") from error
    return [dict(zip(lines[0], cells, strict=False)) for cells in lines[1:]]
