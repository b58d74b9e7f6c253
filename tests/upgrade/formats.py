"""The formats that outlive a release, each as plain values, so that a change of one is seen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from enumwatch.core.contact import Contact
from enumwatch.core.memory.row import VERSION, MemoryRow
from enumwatch.lookups import shipped_lookups
from enumwatch.schemas import schema

SAVED = Path(__file__).parent / "saved"
LATEST = SAVED / str(VERSION)
_CONTAINERS = frozenset({"dict", "set", "tuple", "deque", "Counter"})


def formats(memory: Iterable[MemoryRow]) -> dict[str, Any]:
    """What stands in each format: columns of contacts, fields of a verdict, headers of lookups, records that are remembered."""
    tables = sorted(shipped_lookups().glob("*.csv"))
    return {
        "contact": list(Contact._fields),
        "verdict": sorted(schema("verdict")["required"]),
        "lookups": {file.name: file.read_text(encoding="utf-8").split("\n", 1)[0] for file in tables},
        "memory": _shapes(memory),
    }


def _shapes(memory: Iterable[MemoryRow]) -> dict[str, list[str]]:
    """By kind of row the records in it: the name of each with its attributes, or with how many parts it has."""
    found: dict[str, set[str]] = {}
    for row in memory:
        _records(json.loads(row.value), found.setdefault(row.kind, set()))
    return {kind: sorted(names) for kind, names in sorted(found.items())}


def _records(value: Any, found: set[str]) -> None:
    if isinstance(value, list):
        for one in value:
            _records(one, found)
    elif isinstance(value, dict):
        inner = value.get("v")
        if value.get("_", "dict") not in _CONTAINERS:
            found.add(f"{value['_']}({', '.join(sorted(inner)) if isinstance(inner, dict) else len(inner)})")
        for one in inner.values() if isinstance(inner, dict) else inner or ():
            _records(one, found)
