"""Tables: which of a folder go into the cluster, and what they change there."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...lookups import COLUMNS, PREFIX, Lookups, expired_entries, load_lookups
from ...splunk.lookups.changes import Change, Rows, change_of
from ..faults import ClusterError, told_as_faults
from ..names import lookup_index
from ..setup.indices import LOOKUPS

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_ROWS_OF_ONE_PAGE = 1_000
_NETWORK = "cidr"


class Table(NamedTuple):
    """One table to be pushed: its name, its rows and what they change; `is_there` where the cluster has it already."""

    name: str
    rows: list[dict[str, str]]
    change: Change
    is_there: bool


class Own(NamedTuple):
    """The tables to be pushed, what is told about others of the folder, and entries of the allowlist that hold no longer."""

    tables: list[Table]
    left_out: list[str]
    expired: list[str]


def own_tables(client: Elasticsearch, folder: Path, now: datetime) -> Own:
    """Return what the tables of a folder change in the cluster; a table that neither has comes from the shipped ones.

    Raises ClusterError, and LookupProblems with everything that is wrong in a table.
    """
    own = {file.stem.removeprefix(PREFIX) for file in folder.glob(f"{PREFIX}*.csv")}
    if not own:
        known = ", ".join(f"{PREFIX}{name}.csv" for name in LOOKUPS)
        what = "holds no lookup table" if folder.is_dir() else "is no folder"
        raise ClusterError(f"{folder} {what}: name a folder with some of {known}")
    lookups = load_lookups(folder)
    tables = []
    for name in LOOKUPS:
        old = _rows_in(client, name)
        if name in own or old is None:
            tables.append(_table(name, lookups, old))
    left_out = [
        f"{PREFIX}{name}.csv stays here: nothing in a cluster reads it, give the folder to enumwatch elastic run --lookups"
        for name in sorted(own & COLUMNS.keys() - set(LOOKUPS))
    ]
    return Own(tables, left_out, expired_entries(lookups, now) if "allowlist" in own else [])


def cells_of(row: dict[str, str], name: str) -> dict[str, str]:
    """Return a row as the cluster keeps it: every network is one, an address among them too."""
    cells = {column: row.get(column, "") for column in COLUMNS[name]}
    if _NETWORK in cells:
        cells[_NETWORK] = str(ipaddress.ip_network(cells[_NETWORK].strip(), strict=False))
    return cells


def _table(name: str, lookups: Lookups, old: Rows | None) -> Table:
    rows = [cells_of(dict(row), name) for row in lookups.rows(name)]
    change = change_of(f"{PREFIX}{name}.csv", COLUMNS[name], rows, old or [])
    return Table(name, rows, change, old is not None)


def _rows_in(client: Elasticsearch, name: str) -> Rows | None:
    """The rows that the cluster has, in their order; None where it has no such table."""
    from elasticsearch.helpers import scan

    try:
        with told_as_faults():
            hits = list(scan(client, index=lookup_index(name), size=_ROWS_OF_ONE_PAGE))
    except ClusterError as error:
        if error.kind not in ("missing", "no_index"):
            raise
        return None
    return [_cells(hit["_source"], name) for hit in sorted(hits, key=lambda hit: str(hit["_id"]))]


def _cells(source: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(source.get(column, "")) for column in COLUMNS[name])
