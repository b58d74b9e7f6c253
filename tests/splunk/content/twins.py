"""Twins: what the SPL engine refuses, done in Python. Each says which page of Splunk's Search Reference it follows.

They keep to what the searches of this app need, and refuse the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Row = dict[str, Any]
NOTHING = 'no_such_field="x"'  # Splunk writes NOT ( ), which finds nothing either; the engine has no empty brackets


class NoTwinError(Exception):
    """A command that neither the engine nor a twin takes; the message is the command."""


def values_of(cell: Any) -> list[str]:
    """The values of a cell, none for an empty one."""
    if cell is None or cell == "":
        return []
    return [str(one) for one in cell] if isinstance(cell, list) else [str(cell)]


def cell_of(values: list[str]) -> Any:
    """One value stands for itself, several are a multivalue cell."""
    return values[0] if len(values) == 1 else values


def spath(rows: list[Row], arguments: str) -> list[Row]:
    """spath input= path= output=: what lies at the path, objects as JSON text, a list under `name{}` as several values."""
    given = dict(re.findall(r"(input|path|output)=(\S+)", arguments))
    path, output = given["path"], given.get("output", given["path"])
    made = []
    for row in rows:
        found = [one for text in values_of(row.get(given.get("input", "_raw"))) for one in _at(text, path)]
        made.append({**row, output: cell_of(found)} if found else dict(row))
    return made


def _at(text: str, path: str) -> list[str]:
    try:
        level = [json.loads(text)]
    except ValueError:
        return []
    for step in path.split("."):
        name, is_list = step.removesuffix("{}"), step.endswith("{}")
        level = [one[name] for one in level if isinstance(one, dict) and one.get(name) is not None]
        if is_list:
            level = [inner for one in level if isinstance(one, list) for inner in one]
    return [_text(one) for one in level]


def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def xyseries(rows: list[Row], arguments: str) -> list[Row]:
    """xyseries X, NAME, VALUE: a row for each X, a column for each NAME; the first of several values stays."""
    across, name, value = re.split(r"[,\s]+", arguments.strip())
    made: dict[str, Row] = {}
    for row in rows:
        if across in row and name in row:
            made.setdefault(str(row[across]), {across: row[across]}).setdefault(str(row[name]), row.get(value, ""))
    return list(made.values())


def fields(rows: list[Row], arguments: str) -> list[Row]:
    """fields *: everything stays."""
    if arguments.strip() != "*":
        raise NoTwinError(f"fields {arguments}")
    return rows


def subsearch_text(rows: list[Row]) -> str:
    """What a subsearch becomes in its outer search (page "format"): rows joined by OR, their fields by AND."""
    told = []
    for row in rows:
        terms = []
        for name, cell in row.items():
            values = [_quoted(one) for one in values_of(cell)]
            if values:
                alternatives = [f"{name}={value}" for value in values]
                terms.append(alternatives[0] if len(values) == 1 else f"( {' OR '.join(alternatives)} )")
        if terms:
            told.append(f"( {' AND '.join(terms)} )")
    return f"( {' OR '.join(told)} )" if told else NOTHING


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


TWINS: Mapping[str, Callable[[list[Row], str], list[Row]]] = {
    "spath": spath,
    "xyseries": xyseries,
    "fields": fields,
}
# The engine takes half a minute for a dozen of them; that it says the same is a test of its own.
SLOW = {"spath"}
