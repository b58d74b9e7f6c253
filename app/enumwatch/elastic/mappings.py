"""Mappings: the types of every field in the indices that belong to enumwatch; what is not named is kept and not indexed.

Nothing in a log can add a field. Only types that every cluster has, so that they serve Elasticsearch and OpenSearch alike.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from ..core.contact import TIME_FIELDS, Contact
from ..core.evidence import Evidence
from ..core.verdict import Actor, Verdict
from .documents import CAUTIONS, DIGEST, FINDING, LONGEST_TEXT, WITHDRAWN

Mapping = dict[str, Any]

TEXT: Mapping = {"type": "keyword", "ignore_above": LONGEST_TEXT}
DATE: Mapping = {"type": "date"}
NUMBER: Mapping = {"type": "long"}
# A transform writes what stands in the log, and that may be no address.
ADDRESS: Mapping = {"type": "ip", "ignore_malformed": True}
# Kept in the document as it is, never looked into.
UNREAD: Mapping = {"type": "object", "enabled": False}
UNREAD_TEXT: Mapping = {"type": "keyword", "index": False, "doc_values": False}

_PLAIN: dict[Any, Mapping] = {str: TEXT, int: NUMBER, bool: {"type": "boolean"}, float: {"type": "double"}}
_TIMES = frozenset({"window_start", "window_end", "detected_at"})
_EVENT: Mapping = {
    **dict.fromkeys(("kind", "category", "type", "module", "dataset", "id", "reason"), TEXT),
    **{"start": DATE, "end": DATE, "severity": NUMBER, "risk_score": {"type": "float"}},
}
_SHARED: Mapping = {
    "@timestamp": DATE,
    "ecs": {"properties": {"version": TEXT}},
    "event": {"properties": _EVENT},
    "source": {"properties": {"ip": ADDRESS, "as": {"properties": {"number": NUMBER}}}},
    "user_agent": {"properties": {"original": TEXT}},
    "related": {"properties": {"ip": ADDRESS, "user": TEXT, "hosts": TEXT}},
}


def contact_mapping() -> Mapping:
    """The mapping of the contacts index."""
    contact = {name: _of(hint) for name, hint in get_type_hints(Contact).items()}
    contact |= dict.fromkeys(TIME_FIELDS, DATE)
    return _closed({**_SHARED, "enumwatch": {"properties": {"contact": {"properties": contact}}}})


def verdict_mapping() -> Mapping:
    """The mapping of the verdicts index."""
    own = _record(Verdict) | dict.fromkeys(_TIMES, DATE)
    own |= {"actor": {"properties": _record(Actor)}, "evidence": {"properties": _record(Evidence)}}
    own |= {CAUTIONS: TEXT, FINDING: UNREAD_TEXT, DIGEST: TEXT, WITHDRAWN: DATE}
    rule = dict.fromkeys(("id", "name", "description", "version", "ruleset"), TEXT)
    technique = dict.fromkeys(("id", "name", "reference"), TEXT)
    return _closed(
        {
            **_SHARED,
            "message": {"type": "text"},
            "rule": {"properties": rule},
            "threat": {"properties": {"framework": TEXT, "technique": {"properties": technique}}},
            "organization": {"properties": {"id": TEXT}},
            "enumwatch": {"properties": own},
        }
    )


def memory_mapping() -> Mapping:
    """The mapping of the memory index."""
    texts = dict.fromkeys(("part", "tenant", "kind"), TEXT)
    return _closed({**texts, **dict.fromkeys(("generation", "position", "rows"), NUMBER)})


def run_mapping() -> Mapping:
    """The mapping of the index of runs: cursor, lease and health."""
    numbers = dict.fromkeys(("read", "contacts", "verdicts", "withdrawn", "late", "too_late", "errors"), NUMBER)
    parts = {"seconds": {"type": "float"}, "lag_seconds": {"type": "float"}, "kind": TEXT, "holder": TEXT}
    own = {**numbers, **parts, "health": TEXT, "trouble": TEXT, "state": UNREAD}
    return _closed(
        {"@timestamp": DATE, "message": {"type": "text"}, "enumwatch": {"properties": {"run": {"properties": own}}}}
    )


def notice_mapping() -> Mapping:
    """The mapping of the index that keeps of which findings the watches told, and as what."""
    texts = dict.fromkeys(("id", "detection", "verdict", "digest"), TEXT)
    return _closed({"@timestamp": DATE, "finding": {"properties": texts}})


def _closed(properties: Mapping) -> Mapping:
    return {"dynamic": False, "date_detection": False, "properties": properties}


def _record(record: type) -> Mapping:
    hints = get_type_hints(record)
    return {one.name: _of(hints[one.name]) for one in fields(record)}


def _of(hint: Any) -> Mapping:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _of(next(one for one in inner if one is not type(None)))
    if origin is list:
        return _of(inner[0])
    # Objects whose keys are open are not looked into.
    if isinstance(hint, type) and is_dataclass(hint):
        return {"properties": _record(hint)}
    return _PLAIN.get(hint, UNREAD)
