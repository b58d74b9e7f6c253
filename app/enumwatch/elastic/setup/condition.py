"""Condition: what is in the indices, how fresh it is, and what the last run said."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..faults import ClusterError, told_as_faults
from ..last_run import last_run
from ..names import CONTACTS, MEMORY, VERDICTS, lookup_index
from .indices import LOOKUPS

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_GONE = ("missing", "no_index")


def condition(client: Elasticsearch, now: datetime) -> list[str]:
    """Return counts and ages of the indices and the last run, a line each."""
    lines = [_counted(client, name, now) for name in (CONTACTS, VERDICTS)]
    lines += [_counted(client, name, None) for name in (MEMORY, *map(lookup_index, LOOKUPS))]
    return [*lines, f"last run: {_last_run(client, now)}"]


def age(then: datetime, now: datetime) -> str:
    """Return how long ago a time was, in its largest unit."""
    seconds = int((now - then).total_seconds())
    if seconds < 0:
        return f"{age(now, then).removesuffix(' ago')} in the future"
    for unit, length in _UNITS:
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "now"


def _counted(client: Elasticsearch, index: str, now: datetime | None) -> str:
    try:
        with told_as_faults():
            found = client.search(
                index=index,
                size=0,
                track_total_hits=True,
                aggs={"newest": {"max": {"field": "@timestamp"}}} if now else None,
            )
    except ClusterError as error:
        if error.kind in _GONE:
            return f"  {index:<28} not there"
        if error.kind == "permission":
            return f"  {index:<28} the key may not read it"
        raise
    line = f"  {index:<28} {found['hits']['total']['value']:>12,} documents"
    newest = found["aggregations"]["newest"]["value"] if now else None
    if newest is None or now is None:
        return line
    return f"{line}, the newest of {age(datetime.fromtimestamp(newest / 1000, timezone.utc), now)}"


def _last_run(client: Elasticsearch, now: datetime) -> str:
    try:
        run = last_run(client)
    except ClusterError as error:
        if error.kind == "permission":
            return "the key may not read it"
        raise
    return "none" if run is None else _told(run, now)


def _told(run: dict[str, Any], now: datetime) -> str:
    own = run["enumwatch"]["run"]
    ended = datetime.fromisoformat(str(run["@timestamp"]).replace("Z", "+00:00"))
    words = [age(ended, now), str(own["health"]), str(run.get("message") or own.get("trouble") or "")]
    return ", ".join(word for word in words if word)
