"""Saved searches that keep the collections of findings and runs from growing for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .confs import Stanza
from .names import FINDINGS, RUNS

# How long rows are kept, by the column that says when they were made, and the column that names a row.
KEPT: Mapping[str, tuple[str, str, str]] = {
    FINDINGS: ("-400d@d", "detected", "finding_id"),
    RUNS: ("-90d@d", "ended", "run"),
}
_FIRST_MINUTE, _MINUTES_APART = 10, 5


def stanzas() -> Iterator[Stanza]:
    """Yield the weekly search of each collection."""
    for place, (table, (since, column, key)) in enumerate(KEPT.items()):
        search = (
            f'| inputlookup {table}\n| where {column}>=relative_time(now(), "{since}")\n'
            f"| outputlookup override_if_empty=false key_field={key} {table}"
        )
        keys = {
            "description": f"Removes rows of {table} that are older than {since[1:].partition('d')[0]} days, every Sunday.",
            "search": search,
            "disabled": "true",
            "enableSched": "1",
            "cron_schedule": f"{_FIRST_MINUTE + place * _MINUTES_APART} 3 * * 0",
            "dispatch.earliest_time": "-1m",
            "dispatch.latest_time": "now",
            "is_visible": "true",
            "alert.track": "0",
        }
        yield Stanza("savedsearches", f"enumwatch - Keep - {table}", keys)
