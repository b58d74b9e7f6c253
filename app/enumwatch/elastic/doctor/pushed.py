"""Pushed: whether the lookup tables in the cluster are there and still true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from ...core.times import from_iso
from ...splunk.doctor.trouble import Trouble
from ..faults import ClusterError, told_as_faults
from ..lookups.push import pushed_on, versions
from ..names import lookup_index
from ..setup.indices import LOOKUPS

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_OLD = timedelta(days=180)
_SOON = timedelta(days=14)
_ENTRIES = 10_000
_PUSH = "run enumwatch elastic lookups push DIR"


def check_pushed(client: Elasticsearch, now: datetime) -> Iterator[Trouble]:
    """Yield what is wrong with the tables; raises ClusterError."""
    for name in LOOKUPS:
        alias = lookup_index(name)
        there = [index for index, is_current in versions(client, alias).items() if is_current]
        if not there:
            yield Trouble("note", alias, "the table was never pushed", f"{_PUSH} to have it in searches and policies")
            continue
        day = pushed_on(there[0])
        if now.date() - date.fromisoformat(day) > _OLD and name != "outcomes":
            yield Trouble("note", alias, f"was pushed on {day}", f"look whether it is still true, then {_PUSH}")
    yield from _check_allowlist(client, now)


def _check_allowlist(client: Elasticsearch, now: datetime) -> Iterator[Trouble]:
    for entry in _entries(client):
        expires = _moment(entry.get("expires", ""))
        named = f"{entry.get('type')} {entry.get('value')}, owner {entry.get('owner')}"
        if expires is None or expires <= now:
            told = f"entry {named} expired on {entry.get('expires')} and covers nothing any more"
            yield Trouble("doubtful", "allowlist", told, f"take it out or give it a new end, then {_PUSH}")
        elif expires - now < _SOON:
            told = f"entry {named} expires on {entry.get('expires')}"
            yield Trouble("note", "allowlist", told, "ask its owner whether it is still needed")


def _entries(client: Elasticsearch) -> list[dict[str, Any]]:
    try:
        with told_as_faults():
            hits = client.search(index=lookup_index("allowlist"), size=_ENTRIES)["hits"]["hits"]
    except ClusterError as error:
        if error.kind in ("missing", "no_index"):
            return []
        raise
    return [hit["_source"] for hit in hits]


def _moment(text: str) -> datetime | None:
    """The time at which an entry ends; None where it says none."""
    try:
        return datetime.fromtimestamp(from_iso(text) / 1_000_000, timezone.utc)
    except ValueError:
        return None
