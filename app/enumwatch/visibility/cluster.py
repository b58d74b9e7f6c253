"""Cluster: what logs in Elasticsearch or OpenSearch tell, by aggregations of theirs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..core.contact import DROPPED_FOR_SUCCESS, Contact, is_plain_success
from ..core.event import TRYING_KINDS
from ..core.outcome import OutcomeTable
from ..core.times import HOUR
from ..elastic.doctor.asking import INGESTED, Look, look_at_log
from ..elastic.doctor.examination import UNASKED
from ..elastic.doctor.times import lags_of
from ..elastic.faults import ClusterError, told_as_faults
from ..engines.elastic.contacts import ContactReader, logs
from .record import HOUR_SECONDS, Lateness, LogRow, Told

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

ELASTIC = "elastic"
_MILLISECOND = 1_000


def told_by_cluster(
    client: Elasticsearch, rulebook: Mapping[str, Any], outcomes: OutcomeTable, since: int, clock: int
) -> Told:
    """Return what the logs of a cluster tell, of events from `since` on (microseconds, as `clock`, which is now).

    A log with none since then is read over as long a time before its last event. A log that the key may not read is
    noted. Raises ClusterError where the cluster does not answer.
    """
    rows: list[LogRow] = []
    lateness: dict[str, Lateness] = {}
    oldest: dict[str, int] = {}
    notes = []
    fields = tuple(rulebook["visibility"]["fields"])
    for source, log in logs(rulebook).items():
        try:
            look = look_at_log(client, source, log)
            if not look.indices or look.time_field is None:
                continue
            span = _span(look)
            if span is None:
                continue
            oldest[source], newest = span
            begin = since if newest >= since else newest - (clock - since)
            with told_as_faults():
                rows += rows_of(ContactReader(client, log, outcomes, begin).contacts(), fields)
            lateness.update(_lateness(look, source))
        except ClusterError as error:
            if error.kind not in UNASKED:
                raise
            notes.append(f"log {source} was not looked at: {error}")
    return Told(ELASTIC, tuple(rows), clock, clock, lateness, oldest, tuple(notes))


def rows_of(contacts: Iterable[Contact], fields: Sequence[str]) -> list[LogRow]:
    """Return contacts as rows; only numbers are kept of them, so there may be millions."""
    counts: dict[tuple[str, str, str, str], list[int]] = {}
    began: dict[str, set[int]] = {}
    for one in contacts:
        is_trying = one.kind in TRYING_KINDS
        key = (one.source, one.kind, one.client_app, one.code if is_trying and one.outcome == "ambiguous" else "")
        began.setdefault(one.source, set()).add(one.first // HOUR)
        fails = not is_plain_success(one.kind, one.outcome)
        found = counts.setdefault(key, [0, 0, 0, one.first, one.last, *[0] * len(fields)])
        found[0] += one.attempts
        found[1] += one.attempts * fails
        found[2] += one.attempts * (not one.target_visible)
        found[3], found[4] = min(found[3], one.first), max(found[4], one.last)
        for place, name in enumerate(fields, start=5):
            if getattr(one, name) and (fails or name not in DROPPED_FOR_SUCCESS):
                found[place] += one.attempts
    pauses = {log: _longest_pause(hours) for log, hours in began.items()}
    return [
        LogRow._make((*key, *found[:5], pauses[key[0]], dict(zip(fields, found[5:], strict=True))))
        for key, found in sorted(counts.items())
    ]


def _longest_pause(hours: set[int]) -> int:
    ordered = sorted(hours)
    return max((after - before for before, after in pairwise(ordered)), default=0) * HOUR_SECONDS


def _span(look: Look) -> tuple[int, int] | None:
    """Times of the first and the last record, microseconds; None where there is none."""
    field = {"field": look.time_field}
    found = look.search({"match_all": {}}, {"first": {"min": field}, "last": {"max": field}})["aggregations"]
    first, last = (found[name]["value"] for name in ("first", "last"))
    return None if first is None else (round(first) * _MILLISECOND, round(last) * _MILLISECOND)


def _lateness(look: Look, source: str) -> dict[str, Lateness]:
    """Of the newest records, where the cluster knows when they came."""
    if look.time_field is None or not look.types_of(INGESTED) & {"date", "date_nanos"}:
        return {}
    lags = lags_of(look, look.time_field)
    at = [lags[max(0, math.ceil(len(lags) * share) - 1)] for share in (0, 0.5, 0.95, 1)] if lags else []
    return {source: Lateness(*at)} if at else {}
