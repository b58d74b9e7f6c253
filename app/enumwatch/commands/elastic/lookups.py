"""`enumwatch elastic lookups push`: brings the lookup tables into the cluster."""

from __future__ import annotations

import argparse
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from ..speech import OperatorError
from .connecting import Actions, add_action, add_changing, confirmed, connected, say, tell

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch


def add_lookups(actions: Actions) -> None:
    """Declares the action with its own actions."""
    parser: argparse.ArgumentParser = actions.add_parser("lookups", help="bring your lookup tables into the cluster")
    own = parser.add_subparsers(metavar="ACTION", required=True)
    push = add_action(
        own,
        "push",
        run_push,
        "write your lookup tables to their indices",
        "Check a folder of your own lookup tables, show what they change in the cluster, and write each as a dated index "
        "that takes the place of the one before at once. The same files as for enumwatch scan and the Splunk app.",
    )
    push.add_argument("folder", metavar="DIR", help="folder with your enumwatch_*.csv; it stays the original")
    add_changing(push)


def run_push(options: argparse.Namespace) -> int:
    """Shows what tables change, asks, and writes them; returns 0. Raises ClusterError or OperatorError."""
    from ...core.lookup_rows import LookupProblems
    from ...elastic.lookups.push import push
    from ...elastic.lookups.tables import own_tables
    from ...splunk.lookups.changes import counted, told

    now = datetime.now(timezone.utc)
    with connected(options) as (client, connection):
        try:
            own = own_tables(client, Path(options.folder), now)
        except LookupProblems as error:
            for problem in error.problems:
                say(str(problem))
            raise OperatorError("nothing was written: repair the lookup tables and run again") from error
        for table in own.tables:
            tell("\n".join(told(table.change)))
        for line in [*own.left_out, *own.expired]:
            say(line)
        work = [table for table in own.tables if table.change.added or table.change.removed or not table.is_there]
        if not work:
            say(f"nothing to write: the tables at {connection.place} are these already")
            return 0
        confirmed(options, f"Write {counted(len(work), 'table')} to {connection.place}?")
        for table in work:
            push(client, table, now, say)
        _renew(client)
    return 0


def _renew(client: Elasticsearch) -> None:
    """Takes the tables over into the enrich policies that are there; says why not where that cannot be."""
    from ...elastic.faults import ClusterError, told_as_faults
    from ...elastic.setup.enrich import renew

    try:
        with told_as_faults():
            for name in renew(client):
                say(f"enrich policy {name} reads the new table")
    except ClusterError as error:
        if error.is_passing:
            raise
        say(f"enrich policies were not renewed: {error}")
