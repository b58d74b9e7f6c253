"""Searches of watches: their windows hang on the time of the trigger, never on the clock, and they bring no documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NOW = "{{ctx.trigger.scheduled_time}}"
KNOWN = 2_000  # findings of which a watch knows what it told


def days_before(days: int) -> str:
    """The start of the UTC day so many days before the trigger, as a range of a search takes it."""
    return f"{NOW}||-{days}d/d"


def search_input(index: str, body: Mapping[str, Any], extract: Sequence[str]) -> dict[str, Any]:
    """An input that searches one index; it is no fault where the index is not there yet."""
    options = {"allow_no_indices": True, "expand_wildcards": ["open"], "ignore_unavailable": True}
    request = {
        "search_type": "query_then_fetch",
        "indices": [index],
        "indices_options": options,
        "rest_total_hits_as_int": True,
        "body": {"size": 0, **body},
    }
    return {"search": {"request": request, "extract": list(extract)}}


def chain(known: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Two inputs one after the other: what was told before, and what there is."""
    return {"chain": {"inputs": [{"known": dict(known)}, {"found": dict(found)}]}}


def known_findings(index: str, filters: Sequence[Mapping[str, Any]], finding: str, verdict: str) -> dict[str, Any]:
    """The input that brings which findings an index has, the latest first, each with its verdict."""
    verdicts = {"terms": {"field": verdict, "size": 1}}
    findings = {
        "terms": {"field": finding, "size": KNOWN, "order": {"at": "desc"}},
        "aggs": {"at": {"max": {"field": "@timestamp"}}, "verdict": verdicts},
    }
    body = {"track_total_hits": False, "query": {"bool": {"filter": list(filters)}}, "aggs": {"findings": findings}}
    # Only what the scripts read, so that the history of the watch stays small.
    path = "aggregations.findings.buckets"
    return search_input(index, body, [f"{path}.key", f"{path}.verdict.buckets.key"])
