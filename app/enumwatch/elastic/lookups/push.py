"""Push: writes a table as an index of its own and switches the alias to it, so that nobody ever reads half a table."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..faults import ClusterError, of_bulk, told_as_faults
from ..names import lookup_index
from ..setup.indices import lookup_mapping
from ..setup.stamp import stamp_of
from .tables import Table

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_ROWS_OF_ONE_REQUEST = 1_000
_DIGITS = 12
_VERSION = re.compile(r"-(\d{4}\.\d\d\.\d\d)-([0-9a-f]{12})$")

Out = Callable[[str], None]


def version_of(table: Table, now: datetime) -> str:
    """Return the name of a table's index: its date, and a digest of what is in it."""
    day = now.astimezone(timezone.utc).strftime("%Y.%m.%d")
    return f"{lookup_index(table.name)}-{day}-{digest_of(table)}"


def digest_of(table: Table) -> str:
    """Return what tells one content of a table from another."""
    text = json.dumps([lookup_mapping(table.name), table.rows], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def push(client: Elasticsearch, table: Table, now: datetime, out: Out) -> bool:
    """Makes the table what readers see; the version before stays for a way back. Returns whether anything changed.

    Raises ClusterError; readers then still see what they saw before.
    """
    alias, new = lookup_index(table.name), version_of(table, now)
    with told_as_faults():
        there = versions(client, alias)
        current = [index for index, is_current in there.items() if is_current]
        if any(_digest_in(index) == digest_of(table) for index in current):
            return False
        if not client.indices.exists_index_template(name=alias):
            raise ClusterError(f"the template {alias} is not there: run enumwatch elastic setup, then push again")
        if new in there:
            client.indices.delete(index=new)  # of a push that was broken off
        meta = {"enumwatch": stamp_of(lookup_mapping(table.name)).fields()["enumwatch"], "rows": len(table.rows)}
        mappings = {**lookup_mapping(table.name), "_meta": {**meta, "pushed": now.astimezone(timezone.utc).isoformat()}}
        client.indices.create(index=new, mappings=mappings)
        for operations in _requests(table):
            answer = client.bulk(index=new, operations=operations, refresh=True)
            if answer["errors"]:
                raise of_bulk(answer["items"])
        client.indices.update_aliases(actions=_switched(client, alias, new, current))
    for old in sorted(there.keys() - {*current, new}):
        with told_as_faults():
            client.indices.delete(index=old, ignore_unavailable=True)
    out(f"{alias} is now {new}" + (f"; {current[0]} stays for a way back" if current else ""))
    return True


def versions(client: Elasticsearch, alias: str) -> dict[str, bool]:
    """Return every index of a table by name, and whether it is the one that readers see; raises ClusterError."""
    with told_as_faults():
        found = client.indices.get(
            index=f"{alias}-*", features="aliases", ignore_unavailable=True, allow_no_indices=True
        )
    return {index: alias in about.get("aliases", {}) for index, about in found.items() if _VERSION.search(index)}


def pushed_on(index: str) -> str:
    """Return the date of a version as ISO text; empty where it has none."""
    found = _VERSION.search(index)
    return found[1].replace(".", "-") if found else ""


def _digest_in(index: str) -> str:
    found = _VERSION.search(index)
    return found[2] if found else ""


def _requests(table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows as bulk operations; ids in the order of the file."""
    for start in range(0, len(table.rows), _ROWS_OF_ONE_REQUEST):
        operations: list[dict[str, Any]] = []
        for place, row in enumerate(table.rows[start : start + _ROWS_OF_ONE_REQUEST], start=start):
            operations += [{"index": {"_id": f"{place:08}"}}, row]
        yield operations


def _switched(client: Elasticsearch, alias: str, new: str, current: list[str]) -> list[dict[str, Any]]:
    """What makes the alias mean the new index and nothing else, in one step."""
    actions: list[dict[str, Any]] = [{"remove": {"index": index, "alias": alias}} for index in current]
    if not current and client.indices.exists(index=alias):
        # Somebody wrote to the name itself, which made an index of it.
        actions.append({"remove_index": {"index": alias}})
    return [*actions, {"add": {"index": new, "alias": alias}}]
