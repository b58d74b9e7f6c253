"""Splunk: sends the events of a run to an event collector in batches, and writes the searches that find them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .hec import Hec
from .manifest import Manifest
from .marks import RUN, splunk_source
from .playing import Play
from .splunk_events import hec_events

Done = Callable[[int, int], object]  # which part, and how many of its events are there

EVENTS_OF_ONE_REQUEST = 200
_SECOND = 1_000_000


def send(collector: Hec, manifest: Manifest, plays: Sequence[Play], done: Done) -> bool:
    """Sends what was not taken yet; returns False where Splunk did not acknowledge everything. Raises HecError."""
    collector.check()
    for number, (one, part) in enumerate(zip(plays, manifest.parts)):
        sent = part.sent
        batch: list[dict[str, Any]] = []
        waiting = 0
        for place, events in enumerate(hec_events(manifest, one)):
            if place < part.sent:
                continue
            batch += events
            waiting += 1
            if len(batch) >= EVENTS_OF_ONE_REQUEST:
                collector.send(batch)
                sent, batch, waiting = sent + waiting, [], 0
                done(number, sent)
        if batch:
            collector.send(batch)
            done(number, sent + waiting)
    return collector.wait()


def finding_search(run: str, index: str = "", first: int = 0) -> str:
    """The search that finds every event of a run, whose first event is of that time in microseconds."""
    since = f" earliest={first // _SECOND}" if first else ""
    return f'index={index or "*"} source="{splunk_source(run)}" {RUN}="{run}"{since}'


def removing_search(run: str, index: str = "", first: int = 0) -> str:
    """The search that makes every event of a run invisible for good; only who has the role can_delete may run it."""
    return f"{finding_search(run, index, first)} | delete"
