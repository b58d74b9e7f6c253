"""`enumwatch elastic setup`, `status` and `remove`: what enumwatch has in a cluster."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from .connecting import Actions, add_action, add_changing, confirmed, connected, say, tell

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from ...elastic.cluster import Cluster
    from ...elastic.setup.piece import Found
    from ...elastic.setup.plan import Skipped

_STATES = ("current", "missing", "stale", "newer", "foreign")


def add_setup(actions: Actions) -> None:
    """Declares the action that makes templates, indices and what fills them."""
    parser = add_action(actions, "setup", run_setup, "make or upgrade what enumwatch needs in the cluster")
    add_changing(parser)
    add_pipelines(parser)
    parser.add_argument(
        "--roles",
        action="store_true",
        help="print the roles and API keys with the least privilege as requests, and do nothing else",
    )


def add_pipelines(parser: argparse.ArgumentParser) -> None:
    """Adds the option that leaves the way of events into the cluster alone."""
    parser.add_argument(
        "--without-pipelines",
        action="store_true",
        help="add nothing to events while they are indexed; the runner reads the logs as they are",
    )


def add_status(actions: Actions) -> None:
    """Declares the action that shows what is there."""
    add_action(
        actions,
        "status",
        run_status,
        "show what is there, missing or stale, and how fresh it is",
        "Show what the cluster can do, what of enumwatch is there, missing or stale, and how fresh its documents are. "
        "Exit code 1 when something is missing or stale.",
    )


def add_remove(actions: Actions) -> None:
    """Declares the action that takes away what setup made."""
    parser = add_action(actions, "remove", run_remove, "remove what setup made; lookup tables and verdicts stay")
    add_changing(parser)
    parser.add_argument("--with-findings", action="store_true", help="also the indices of lookup tables and verdicts")


def run_setup(options: argparse.Namespace) -> int:
    """Makes or upgrades what is needed; returns 0. Raises ClusterError or OperatorError."""
    from ...rulebook.compiled import compiled

    if options.roles:
        from ...elastic.setup.roles import as_requests, log_indices

        tell(as_requests(log_indices(compiled())))
        return 0
    with connected(options) as (client, connection):
        set_up(client, connection.place, options)
    return 0


def set_up(client: Elasticsearch, place: str, options: argparse.Namespace) -> Cluster:
    """Says what the cluster allows, asks, and makes what is missing or stale; returns the cluster."""
    from ...elastic.cluster import look_at
    from ...elastic.setup.apply import make, refuse_what_is_not_ours, regrouped, to_do
    from ...elastic.setup.contacts import unattached
    from ...elastic.setup.plan import look_over, plan
    from ...rulebook.compiled import compiled

    cluster = look_at(client)
    say("\n".join([f"{cluster.name} at {place}", *cluster.lines()]))
    wanted = plan(client, cluster, compiled(), with_pipelines=not options.without_pipelines)
    found = look_over(client, wanted.pieces)
    refuse_what_is_not_ours(found)
    work = to_do(found)
    for line in [*_summary(found), *_left_out(wanted.skipped)]:
        say(line)
    if not work:
        say("nothing to do: everything is as it should be")
        return cluster
    if regrouped(found):
        say("contacts are grouped in another way now: those that are there are deleted and made again from the logs")
    confirmed(options, f"Make or change {len(work)} things in this cluster?")
    make(client, found, say)
    if any(one.piece.kind == "attachment" for one in found):
        for line in unattached(compiled()):
            say(line)
    return cluster


def run_status(options: argparse.Namespace) -> int:
    """Shows what is there; returns 0, or 1 where something is missing or stale. Raises ClusterError."""
    from ...elastic.cluster import look_at
    from ...elastic.setup.condition import condition
    from ...elastic.setup.plan import look_over, plan
    from ...rulebook.compiled import compiled

    with connected(options) as (client, connection):
        cluster = look_at(client)
        wanted = plan(client, cluster, compiled())
        found = look_over(client, wanted.pieces)
        lines = [f"{cluster.name} at {connection.place}", *cluster.lines(), *_summary(found)]
        lines += [f"  {one.state}: {one.piece}" for one in found if one.state != "current"]
        lines += [*_left_out(wanted.skipped), *condition(client, datetime.now(timezone.utc))]
    tell("\n".join(lines))
    return 1 if any(one.state in ("missing", "stale") for one in found) else 0


def run_remove(options: argparse.Namespace) -> int:
    """Removes what setup made; returns 0. Raises ClusterError or OperatorError."""
    from ...elastic.cluster import look_at
    from ...elastic.setup.removal import removal, remove
    from ...elastic.watches.deploying import remove as remove_watches
    from ...rulebook.compiled import compiled

    with connected(options) as (client, connection):
        cluster = look_at(client)
        found = removal(client, cluster, options.with_findings)
        for line in found.staying:
            say(f"stays: {line}")
        if not found.going:
            say(f"nothing to remove at {connection.place}")
            return 0
        say("\n".join(f"goes: {piece}" for piece in found.going))
        confirmed(options, f"Remove these {len(found.going)} things from {cluster.name} at {connection.place}?")
        if cluster.serves("watcher"):
            for name in remove_watches(client, compiled()):
                say(f"removed: {name}")
        remove(client, found.going, say)
    return 0


def _summary(found: Sequence[Found]) -> list[str]:
    """How many things of each kind and state there are."""
    counts = Counter(one.state for one in found)
    told = ", ".join(f"{counts[state]} {state}" for state in _STATES if counts[state])
    return [f"of {len(found)} things that enumwatch needs: {told}"]


def _left_out(skipped: Iterable[Skipped]) -> list[str]:
    reasons: dict[str, int] = {}
    for one in skipped:
        line = f"{one.piece.of.what}: {one.why}" if one.piece.kind in ("pipeline", "enrich") else one.why
        reasons[line] = reasons.get(line, 0) + 1
    return [f"  left out ({count}): {why}" for why, count in reasons.items()]
