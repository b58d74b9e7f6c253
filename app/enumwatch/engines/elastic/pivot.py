"""Pivot: the transforms that keep the contact table in the cluster, and the pipeline that gives a group its last form.

Two, because a success is kept per day without what it was that was signed in to, and everything else per hour. They group
events that an ingest pipeline (`pipeline.py`) gave the fields of their contact, as often as events of a group come in, so
what comes late is counted where it belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.contact import DROPPED_FOR_SUCCESS, TIME_FIELDS, Contact
from ...elastic.documents import ECS_VERSION, MODULE
from ...elastic.names import CONTACT_FIELD, CONTACTS, PREFIX
from .contacts import logs
from .pipeline import Body, script

HOURLY, DAILY = f"{PREFIX}contacts-hourly", f"{PREFIX}contacts-daily"
# What a transform writes goes through this ingest pipeline.
DOCUMENT_PIPELINE = f"{PREFIX}contacts-document"

# Until an event can be searched: the refresh interval of a log index, and how long indexing may take.
_DELAY = "120s"
_FREQUENCY = "1m"
_KEPT = "180d"
_GROUPS_OF_ONE_PAGE = 1_000
# Ids are counted exactly, but for two with one hash, up to this many in one contact.
_IDS_TOLD_APART = 3_000
_KEYS = Contact._fields[: Contact._fields.index("attempts")]


def transforms(rulebook: Mapping[str, Any]) -> dict[str, Body]:
    """The two transforms over the logs of a compiled rulebook, by name."""
    indices = sorted({pattern for log in logs(rulebook).values() for pattern in log.indices})
    return {
        HOURLY: _transform(indices, "1h", is_success=False),
        DAILY: _transform(indices, "1d", is_success=True),
    }


def document_pipeline() -> dict[str, Body]:
    """The ingest pipeline that makes a contact's document of what a transform writes, by name."""
    params = {
        "dropped": list(DROPPED_FOR_SUCCESS),
        "times": list(TIME_FIELDS),
        "ecs_version": ECS_VERSION,
        "module": MODULE,
        "dataset": f"{MODULE}.contacts",
    }
    return {
        DOCUMENT_PIPELINE: {
            "description": "Gives a contact that a transform wrote the form of all contacts",
            "processors": [script("contact", params)],
        }
    }


def _transform(indices: list[str], interval: str, is_success: bool) -> Body:
    kept = [name for name in _KEYS if name != "hour" and not (is_success and name in DROPPED_FOR_SUCCESS)]
    return {
        "description": f"Contacts of enumwatch per {'day: successes' if is_success else 'hour: all but successes'}",
        "source": {
            "index": indices,
            # Only events of which a contact can be made have this field.
            "query": {"bool": {"filter": [{"term": {f"{CONTACT_FIELD}.plain_success": is_success}}]}},
        },
        "dest": {"index": CONTACTS, "pipeline": DOCUMENT_PIPELINE},
        "sync": {"time": {"field": "event.ingested", "delay": _DELAY}},
        "frequency": _FREQUENCY,
        "retention_policy": {"time": {"field": f"{CONTACT_FIELD}.hour", "max_age": _KEPT}},
        "pivot": {"group_by": _group_by(interval, kept), "aggregations": _aggregations()},
        "settings": {
            # Else an hour would be written when it is over, and a day at its end.
            "align_checkpoints": False,
            # The index has its mapping; one guessed from the first answer would be another.
            "deduce_mappings": False,
            "max_page_search_size": _GROUPS_OF_ONE_PAGE,
            "unattended": True,
        },
    }


def _group_by(interval: str, names: list[str]) -> Body:
    """The time first: a transform then reads only the spans in which something came in."""
    grouped: Body = {f"{CONTACT_FIELD}.hour": {"date_histogram": {"field": "@timestamp", "fixed_interval": interval}}}
    return grouped | {f"{CONTACT_FIELD}.{name}": {"terms": {"field": f"{CONTACT_FIELD}.{name}"}} for name in names}


def _aggregations() -> Body:
    identity = f"{CONTACT_FIELD}.event_id"
    return {
        f"{CONTACT_FIELD}.first": {"min": {"field": "@timestamp"}},
        f"{CONTACT_FIELD}.last": {"max": {"field": "@timestamp"}},
        "ids": {"cardinality": {"field": identity, "precision_threshold": _IDS_TOLD_APART}},
        "without_id": {"filter": {"term": {identity: ""}}},
    }
