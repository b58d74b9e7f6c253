"""Every log: what an origin would tell that had all logs of the rules, each with everything that it can show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .record import LogRow, Told

EVERY_LOG = "every log"


def told_of_every_log(rulebook: Mapping[str, Any]) -> Told:
    """Return one event of every kind and form that any way of attack is seen by, with no field empty; times are 0."""
    rules = rulebook["visibility"]
    filled = dict.fromkeys(rules["fields"], 1)
    shown = {
        (sight["log"], sight["kind"], form)
        for way in rules["ways"]
        for sight in way["logs"]
        for form in sight["forms"] or ("",)
    }
    rows = [LogRow(log, kind, form, "", 1, 1, 0, 0, 0, 0, filled) for log, kind, form in sorted(shown)]
    return Told(EVERY_LOG, tuple(rows), now=0, clock=0)
