"""The shipped rules, tables and cases as plain values, ready for the stage or for another interpreter."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiling import compile
from enumwatch.rulebook.load import load

from .staging import Stage


@lru_cache(maxsize=1)
def rulebook() -> dict[str, Any]:
    """The rules as their files say now, compiled."""
    return compile(load())


@lru_cache(maxsize=1)
def tables() -> dict[str, list[dict[str, str]]]:
    """The shipped tables that cases need."""
    lookups = load_lookups()
    return {name: [dict(row) for row in lookups.rows(name)] for name in ("outcomes", "known_tools")}


@lru_cache(maxsize=1)
def cases() -> list[dict[str, Any]]:
    """Every case of every detection, with the detection it belongs to."""
    return [
        {
            "detection": detection.id,
            "name": case.name,
            "events": [dict(one) for one in case.events],
            "lookups": {table: [dict(row) for row in rows] for table, rows in case.lookups.items()},
            "expect": dict(case.expect),
        }
        for detection in load().detections.values()
        for case in detection.cases
    ]


@lru_cache(maxsize=1)
def stage() -> Stage:
    """The stage under the shipped rules."""
    return Stage(rulebook(), tables())
