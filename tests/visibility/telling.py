"""Rows as an origin tells them, and what the report says of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.visibility.record import HOUR_SECONDS, MICROSECONDS, Lateness, LogRow, Told
from enumwatch.visibility.report import visibility

NOW = 1_772_442_000 * MICROSECONDS
HOUR = HOUR_SECONDS * MICROSECONDS
DAY = 24 * HOUR
RULES = compiled()["visibility"]
FIELDS = tuple(RULES["fields"])


def row(log: str = "entra_signin", kind: str = "sign_in", **known: Any) -> LogRow:
    """A row of thirty days that ends an hour ago and leaves nothing empty."""
    base = LogRow(log, kind, "", "", 100, 100, 0, NOW - 30 * DAY, NOW - HOUR, HOUR_SECONDS, {})
    made = base._replace(**known)
    filled = dict.fromkeys(FIELDS, made.attempts) | {"target": made.attempts - made.hidden}
    return made._replace(filled={**filled, **known.get("filled", {})})


def every_log() -> list[LogRow]:
    """Rows with everything that any way needs."""
    sights = [sight for way in RULES["ways"] for sight in way["logs"]]
    return [row(one["log"], one["kind"], form=form) for one in sights for form in one["forms"] or [""]]


def told(rows: Iterable[LogRow], **known: Any) -> Told:
    """What a cluster tells."""
    return Told("elastic", tuple(rows), **{"now": NOW, "clock": NOW, **known})


def report(rows: Iterable[LogRow], **known: Any) -> dict[str, Any]:
    """The report on these rows."""
    return visibility(told(rows, **known), compiled(), load_lookups().outcomes)


def log_of(found: dict[str, Any], log: str) -> dict[str, Any]:
    """What a report says of a log."""
    return next(one for one in found["logs"] if one["log"] == log)


def states(found: dict[str, Any]) -> dict[str, str]:
    """The state of every way."""
    return {way["id"]: way["state"] for way in found["ways"]}


LATE = Lateness(5, 60, 2 * 3600, 9 * 3600)
