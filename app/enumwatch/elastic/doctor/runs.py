"""Runs: whether a runner works, and whether the one that holds the lease still lives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from ...splunk.doctor.measures import HOUR, span
from ...splunk.doctor.trouble import Trouble
from ..faults import ClusterError, told_as_faults
from ..last_run import last_run
from ..names import RUNS
from ..runner.lease import LEASE

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_TROUBLES_TOLD = 3
_SILENT_SECONDS = HOUR
# A runner that lives renews its lease more often than this.
PATIENCE_SECONDS = 20.0
_START = "start enumwatch elastic run"


def check_runs(
    client: Elasticsearch,
    now: datetime,
    patience_seconds: float = PATIENCE_SECONDS,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[Trouble]:
    """Yield what is wrong with the runner; raises ClusterError."""
    last = last_run(client)
    if last is None:
        advice = f"{_START}, or leave it where watches or rules over contacts do the work"
        yield Trouble("doubtful", "runner", "has never run here", advice)
    else:
        ended = datetime.fromisoformat(str(last["@timestamp"]).replace("Z", "+00:00"))
        silent = (now - ended).total_seconds()
        own = last["enumwatch"]["run"]
        if silent > _SILENT_SECONDS:
            yield Trouble("broken", "runner", f"said nothing for {span(silent)}", f"look at its log, then {_START}")
        elif own.get("trouble"):
            advice = "do what it says; the runner goes on by itself"
            yield Trouble("doubtful", "runner", f"its last run was in trouble: {_told(own['trouble'])}", advice)
        if own.get("too_late"):
            advice = "run enumwatch elastic backfill over that time, or let the runner wait longer for late events"
            yield Trouble("doubtful", "runner", f"{own['too_late']} events came too late to be decided on", advice)
        if silent <= _SILENT_SECONDS:
            return
    yield from _check_lease(client, patience_seconds, wait)


def _told(trouble: list[str] | str) -> str:
    return trouble if isinstance(trouble, str) else "; ".join(trouble[:_TROUBLES_TOLD])


def _check_lease(client: Elasticsearch, patience_seconds: float, wait: Callable[[float], None]) -> Iterator[Trouble]:
    before = _lease(client)
    if before is None or not before[1]:
        return
    wait(patience_seconds)
    after = _lease(client)
    if after == before:
        advice = f"{_START}: whoever starts next takes the lease over within a minute"
        yield Trouble("broken", "lease", f"is held by a runner that is dead ({before[1][:8]})", advice)


def _lease(client: Elasticsearch) -> tuple[int, str] | None:
    """What tells one beat of the lease from another, and who holds it."""
    try:
        with told_as_faults():
            found = client.get(index=RUNS, id=LEASE)
    except ClusterError as error:
        if error.kind in ("missing", "no_index"):
            return None
        raise
    return int(found["_seq_no"]), str(found["_source"]["enumwatch"]["run"].get("holder", ""))
